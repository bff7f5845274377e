"""The proof at a glance: what was expected when a unit was copied against what is in the target."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

from arraigo.move.records import copytext, entries, rejected, tables
from arraigo.move.records.expected import Expected
from arraigo.move.records.proving import Proof
from arraigo.move.records.shape import Shape

Connection = psycopg.Connection[Any]


def prove_expected(
    connection: Connection,
    run_id: str,
    unit: str,
    shape: Shape,
    expected: Expected,
    tell: Callable[[int, int], None],
) -> Proof | None:
    """Compare what is there with what is expected, in the transaction's snapshot; None: something differs."""
    if not expected.whole:
        return None
    proof = Proof(records=expected.records, rejected=expected.rejected)
    done = 0
    for page, counts, size in expected.pages():
        keys, anchors = [one[0] for one in page], [one[1] for one in page]
        ledger = entries.marks(connection, run_id, unit, keys)
        found = tables.digests(connection, shape, anchors)
        for key, anchor, mark, digest in page:
            if ledger.get(key) != (anchor, mark) or found.get(copytext.escaped(anchor)) != digest:
                return None
        total = sum([int.from_bytes(one[2], "big") for one in page])
        proof.source = proof.target = proof.source.more(len(page), total)
        proof.expected.update(counts)
        done += size
        tell(done, proof.source.rows)
    if entries.count(connection, run_id, unit) != proof.source.rows:
        return None
    proof.found = Counter(proof.expected)
    proof.kept = rejected.count(connection, run_id, unit)
    return proof
