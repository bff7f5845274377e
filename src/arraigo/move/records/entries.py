"""The ledger's records: what of a unit was moved, one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from arraigo.move.records import copytext, tables
from arraigo.move.records.jsontext import Json, dump, parse

Connection = psycopg.Connection[Any]
_NEVER = datetime.min.replace(tzinfo=UTC)
_ENTRY = "SELECT key, position, hash, target_id, parts, bytes, house, moved_at FROM arraigo_move.records"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that was moved, as it was then.

    Attributes:
        key: Its name in the source.
        position: Its number there.
        hash: Its digest.
        target_id: The anchor of its rows.
        parts: How many rows came from it, that more may follow.
        bytes: How large it was.
        house: For one that was made in the new home and went back: the style in which it was written.
        moved_at: When that was; the ledger says it.
    """

    key: str
    position: int
    hash: bytes
    target_id: str
    parts: int
    bytes: int
    house: dict[str, Json] | None = None
    moved_at: datetime = _NEVER


def known(connection: Connection, run_id: str, unit: str, keys: Sequence[str]) -> dict[str, Entry]:
    """What this run has moved already of these keys."""
    found = connection.execute(
        f"{_ENTRY} WHERE run_id = %s AND unit = %s AND key = ANY (%s)", [run_id, unit, list(keys)]
    )
    return {row[0]: _entry(row) for row in found}


def earlier(
    connection: Connection, shape: str, run_id: str, unit: str, keys: Sequence[str], *, owner: UUID | None = None
) -> dict[str, Entry]:
    """The last that was moved of these keys, by this unit, or by a run of the same owner and shape that went back.

    What other runs have moved, and have not given back, is theirs. `owner` is the run's where it does not exist yet.
    """
    found = connection.execute(
        """SELECT DISTINCT ON (r.key) r.key, r.position, r.hash, r.target_id, r.parts, r.bytes, r.house, r.moved_at
             FROM arraigo_move.runs other
             JOIN arraigo_move.units u ON u.run_id = other.run_id AND u.shape = %(shape)s
              AND ((u.run_id, u.unit) = (%(run)s, %(unit)s) OR other.phase = 'rolled_back')
             JOIN arraigo_move.records r ON r.run_id = u.run_id AND r.unit = u.unit AND r.key = ANY (%(keys)s)
            WHERE other.owner_id = coalesce(
                      %(owner)s::uuid, (SELECT this.owner_id FROM arraigo_move.runs this WHERE this.run_id = %(run)s))
            ORDER BY r.key, r.run_id = %(run)s DESC, r.moved_at DESC""",
        {"keys": list(keys), "shape": shape, "run": run_id, "unit": unit, "owner": owner},
    )
    return {row[0]: _entry(row) for row in found}


def every(connection: Connection, run_id: str, unit: str) -> Iterator[Entry]:
    """Everything that a unit has moved, in the source's order; within one transaction."""
    with connection.cursor(name="entries") as cursor:
        cursor.itersize = 2000
        cursor.execute(f"{_ENTRY} WHERE run_id = %s AND unit = %s ORDER BY position", [run_id, unit])
        for row in cursor:
            yield _entry(row)


def note(connection: Connection, run_id: str, unit: str, moved: Iterable[Entry]) -> None:
    """Note records as moved, or as moved again."""
    rows = [
        (one.key, one.position, one.hash, one.target_id, one.parts, one.bytes, dump(one.house) if one.house else None)
        for one in moved
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 7
    connection.execute(
        """INSERT INTO arraigo_move.records (run_id, unit, key, position, hash, target_id, parts, bytes, house)
           SELECT %s, %s, * FROM unnest(%s::text[], %s::bigint[], %s::bytea[], %s::text[], %s::int[], %s::bigint[],
                                        %s::text[])
           ON CONFLICT (run_id, unit, key) DO UPDATE
              SET position = excluded.position, hash = excluded.hash, target_id = excluded.target_id,
                  parts = excluded.parts, bytes = excluded.bytes, house = excluded.house,
                  moved_at = excluded.moved_at""",
        [run_id, unit, *columns],
    )


def before(connection: Connection, shape: str, run_id: str, unit: str) -> bool:
    """Whether anything was moved before of what `known` and `earlier` would find."""
    row = connection.execute(
        """SELECT EXISTS (SELECT FROM arraigo_move.records WHERE run_id = %(run)s AND unit = %(unit)s)
               OR EXISTS (SELECT FROM arraigo_move.runs this
                            JOIN arraigo_move.runs other USING (owner_id)
                            JOIN arraigo_move.units u ON u.run_id = other.run_id
                           WHERE this.run_id = %(run)s AND other.phase = 'rolled_back' AND u.shape = %(shape)s)""",
        {"shape": shape, "run": run_id, "unit": unit},
    ).fetchone()
    return row is None or bool(row[0])


def note_new(connection: Connection, run_id: str, unit: str, lines: bytes) -> None:
    """Note records as moved of which the ledger knows nothing yet (`ready.Ready.ledger`)."""
    place = copytext.escaped(run_id) + b"\t" + copytext.escaped(unit) + b"\t"
    query = "COPY arraigo_move.records (run_id, unit, key, position, hash, target_id, parts, bytes) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(place + lines.removesuffix(b"\n").replace(b"\n", b"\n" + place) + b"\n")


def marks(connection: Connection, run_id: str, unit: str, keys: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """Of these keys: the anchor of the rows, and the digest of the record."""
    found = connection.execute(
        """SELECT key, target_id, hash FROM arraigo_move.records
            WHERE run_id = %s AND unit = %s AND key = ANY (%s::text[])""",
        [run_id, unit, tables.array(keys)],
        binary=True,
    )
    return {key: (target, mark) for key, target, mark in found.fetchall()}


def count(connection: Connection, run_id: str, unit: str) -> int:
    """How many records a unit has moved."""
    row = connection.execute(
        "SELECT count(*) FROM arraigo_move.records WHERE run_id = %s AND unit = %s", [run_id, unit]
    ).fetchone()
    return int(row[0]) if row else 0


def forget(connection: Connection, run_id: str, unit: str, keys: Sequence[str]) -> None:
    """Take records out of the ledger that neither side has any more."""
    connection.execute(
        "DELETE FROM arraigo_move.records WHERE run_id = %s AND unit = %s AND key = ANY (%s)",
        [run_id, unit, list(keys)],
    )


def _entry(row: Sequence[Any]) -> Entry:
    key, position, hash_, target_id, parts, size, text, moved_at = row
    house = parse(text.encode()) if text else None
    return Entry(key, position, hash_, target_id, parts, size, house if isinstance(house, dict) else None, moved_at)
