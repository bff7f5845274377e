"""Items back into live tables: only what differs, and only where nobody else wrote since it was moved."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from arraigo.move.records import entries
from arraigo.move.records.attributes import Item, canonical_of, read_line
from arraigo.move.records.fingerprint import Fingerprint
from arraigo.move.records.items import Facts, ItemShape
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Tell
from arraigo.move.sources.dynamodb.lines import LineFrame, Returned, Way, digest_of, parted, row_of, rows_in
from arraigo.move.sources.dynamodb.live import scanned
from arraigo.move.sources.dynamodb.spool import Line, Part, Spool, gathered, spooled
from arraigo.move.sources.dynamodb.tables import Door, Refused

Connection = psycopg.Connection[Any]
_AT_ONCE = 8
_CONDITIONS = 100  # attributes that a condition names, of those that an item has


@dataclass(frozen=True, slots=True)
class Change:
    """One item to write, or to delete.

    Attributes:
        facts: Its table.
        old: What has to be there still; None: nothing.
        new: What shall be there; None: nothing.
    """

    facts: Facts
    old: Item | None
    new: Item | None


@dataclass(slots=True)
class _Verdict:
    """What is to be done for the records of one shape."""

    changes: list[Change] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def into_tables(run: Run, frame: LineFrame, ledger: Connection) -> Way:
    """The way into the tables that were moved.

    Args:
        run: Which move.
        frame: What is known of the tables.
        ledger: A connection that sees the ledger as it was when the tables were read last.
    """

    def write(rows: Mapping[ItemShape, Path], tell: Tell) -> Returned:
        door = Door(run.source)
        counts: Counter[str] = Counter()
        left_out: dict[ItemShape, list[str]] = {}
        tables = door.tables()
        with _expected(rows, frame, sum(table.bytes for table in tables)) as wanted:
            with scanned(door, tables, tell) as there:
                for shape in rows:
                    left_out[shape] = _return(door, run, shape, (wanted, there), ledger, counts)
            with scanned(door, tables, tell) as there:
                sums = {shape: _sums(shape, wanted, there, set(left_out[shape])) for shape in rows}
        return Returned(
            {shape: found for shape, (_, found) in sums.items()},
            {shape: expected for shape, (expected, _) in sums.items()},
            left_out,
            dict(counts),
        )

    return write


def _expected(rows: Mapping[ItemShape, Path], frame: LineFrame, size: int) -> Any:
    """The rows, sorted as the tables are."""
    tables = list(frame.facts.values())
    pieces = {facts.name: number for number, facts in enumerate(tables)}

    def lines() -> Iterator[Line]:
        for path in rows.values():
            for number, row in enumerate(rows_in(path), 1):
                table, raw = parted(row)
                yield Line(pieces[table], number, raw)

    return spooled(lines(), list(pieces), tables, size)


def _return(
    door: Door, run: Run, shape: ItemShape, both: tuple[Spool, Spool], ledger: Connection, counts: Counter[str]
) -> list[str]:
    """Write what differs; the keys of what somebody else wrote since."""
    wanted, there = both
    left_out: list[str] = []
    for mine, theirs in zip(wanted.parts[shape], there.parts[shape], strict=True):
        new, old = _records(wanted, mine), _records(there, theirs)
        differing = [key for key in {**new, **old} if sorted(new.get(key, ())) != sorted(old.get(key, ()))]
        known = entries.known(ledger, run.run_id, shape.name, differing)
        verdict = _Verdict()
        for key in differing:
            entry = known.get(key)
            _judge(shape, key, (new.get(key), old.get(key)), entry.hash if entry else None, verdict, wanted)
        left_out += verdict.left_out + _apply(door, verdict.changes, counts)
    return left_out


def _judge(
    shape: ItemShape,
    key: str,
    sides: tuple[list[bytes] | None, list[bytes] | None],
    moved: bytes | None,
    verdict: _Verdict,
    spool: Spool,
) -> None:
    """What becomes of one record: nothing that the table's own program wrote since is written over."""
    new, old = sides
    if old is not None and (moved is None or digest_of(shape, key, old) != moved):
        if new is not None:
            verdict.left_out.append(key)
        return
    facts = {table.name: table for table in spool.tables}
    before, after = _by_key(old or (), facts), _by_key(new or (), facts)
    for name in {**before, **after}:
        was, shall = before.get(name), after.get(name)
        if was is None or shall is None or canonical_of(dict(was)) != canonical_of(dict(shall)):
            verdict.changes.append(Change(facts[name[0]], was, shall))


def _apply(door: Door, changes: Sequence[Change], counts: Counter[str]) -> list[str]:
    """Write them, some at once; those whose condition does not hold any more."""
    refused = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for change, done in zip(changes, pool.map(lambda one: _write(door, one), changes), strict=True):
            if done:
                counts["deleted" if change.new is None else "written"] += 1
            else:
                item = change.new or change.old or {}
                refused.append(f"{change.facts.name}/{_key_of(item, change.facts).decode()}")
    return refused


def _write(door: Door, change: Change) -> bool:
    """One request, on the condition that the item is as it was."""
    name = change.facts.name
    given: dict[str, Any]
    if change.old is None:
        given = {
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": change.facts.keys[0]},
        }
    else:
        some = list(change.old.items())[:_CONDITIONS]
        given = {
            "ConditionExpression": " AND ".join(f"#a{n} = :a{n}" for n in range(len(some))),
            "ExpressionAttributeNames": {f"#a{n}": attribute for n, (attribute, _) in enumerate(some)},
            "ExpressionAttributeValues": {f":a{n}": _wire(value) for n, (_, value) in enumerate(some)},
        }
    try:
        if change.new is None:
            keys = {one: _wire((change.old or {})[one]) for one in change.facts.keys}
            door.call("delete_item", TableName=name, Key=keys, **given)
        else:
            item = {one: _wire(value) for one, value in change.new.items()}
            door.call("put_item", TableName=name, Item=item, **given)
    except Refused:
        return False
    return True


def _sums(shape: ItemShape, wanted: Spool, there: Spool, left_out: set[str]) -> tuple[Fingerprint, Fingerprint]:
    """The fingerprints of what should be there and of what is; what others wrote beside it does not count."""
    expected = found = Fingerprint()
    for mine, theirs in zip(wanted.parts[shape], there.parts[shape], strict=True):
        new, old = _records(wanted, mine), _records(there, theirs)
        for key in new.keys() - left_out:
            expected = expected.add(digest_of(shape, key, new[key]))
            if key in old:
                found = found.add(digest_of(shape, key, old[key]))
    return expected, found


def _records(spool: Spool, part: Part) -> dict[str, list[bytes]]:
    """The rows of each record of one file."""
    return {
        key: [row_of(spool.tables[line.piece].name, line.raw) for line in lines]
        for key, lines in gathered(part)
        if key is not None
    }


def _by_key(rows: Sequence[bytes], facts: Mapping[str, Facts]) -> dict[tuple[str, bytes], Item]:
    found = {}
    for table, raw in map(parted, rows):
        item = read_line(raw)
        found[table, _key_of(item, facts[table])] = item
    return found


def _key_of(item: Item, facts: Facts) -> bytes:
    return canonical_of({name: item.get(name) for name in facts.keys})


def _wire(value: Any) -> Any:
    """An attribute value as boto3 takes it: binary as bytes."""
    ((kind, held),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(held)}
    if kind == "BS":
        return {kind: [base64.b64decode(one) for one in held]}
    if kind == "M":
        return {kind: {name: _wire(one) for name, one in held.items()}}
    if kind == "L":
        return {kind: [_wire(one) for one in held]}
    return value
