"""The ledger's rejected records: what could not be moved, word for word."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg

from arraigo.move.records.batches import Reject
from arraigo.move.records.window import Place

Connection = psycopg.Connection[Any]


def replace(connection: Connection, run_id: str, unit: str, span: tuple[int, int], found: Iterable[Reject]) -> None:
    """Keep what was rejected between two positions, in place of what an earlier pass rejected there."""
    connection.execute(
        """DELETE FROM arraigo_move.rejected
            WHERE run_id = %s AND unit = %s AND position >= %s AND position < %s""",
        [run_id, unit, *span],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO arraigo_move.rejected
                      (run_id, unit, position, key, reason, line, byte_offset, size, raw, sha256, conflict)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                (
                    run_id,
                    unit,
                    r.position,
                    r.key,
                    r.reason,
                    r.place.line,
                    r.place.byte,
                    r.size,
                    r.raw,
                    r.sha256,
                    r.conflict,
                )
                for r in found
            ],
        )


def conflicts(connection: Connection, run_id: str, unit: str, keys: Sequence[str]) -> set[str]:
    """Which of these keys were rejected because the target has something else in their place."""
    found = connection.execute(
        "SELECT key FROM arraigo_move.rejected WHERE run_id = %s AND unit = %s AND conflict AND key = ANY (%s)",
        [run_id, unit, list(keys)],
    )
    return {key for (key,) in found}


def count(connection: Connection, run_id: str, unit: str) -> int:
    """How many records of a unit are kept as rejected."""
    row = connection.execute(
        "SELECT count(*) FROM arraigo_move.rejected WHERE run_id = %s AND unit = %s", [run_id, unit]
    ).fetchone()
    return int(row[0]) if row else 0


def every(connection: Connection, run_id: str, unit: str) -> Iterator[Reject]:
    """Everything that a unit has rejected, in the source's order; within one transaction."""
    with connection.cursor(name="rejects") as cursor:
        cursor.itersize = 10  # each may be large
        cursor.execute(
            """SELECT position, key, reason, line, byte_offset, size, raw, sha256, conflict
                 FROM arraigo_move.rejected
                WHERE run_id = %s AND unit = %s ORDER BY position""",
            [run_id, unit],
        )
        for position, key, reason, line, byte, size, raw, sha256, conflict in cursor:
            yield Reject(position, key, reason, Place(line, byte), size, raw, sha256, conflict)
