"""The mover's ledger on the target: what was moved, from where, with which fingerprint (`arraigo_move`)."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from arraigo.errors import NotFound
from arraigo.move.records.batches import Reject
from arraigo.move.records.window import Place
from arraigo.move.sources.spec import Source

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One move: a source, its owner, and how far it is."""

    run_id: str
    source: Source
    owner_name: str
    owner_id: UUID
    phase: str
    options: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None
    report: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One file of a run, and how it was when it was copied."""

    unit: str
    shape: str
    bytes: int | None
    sha256: str | None
    layout: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that was moved, as it was then."""

    key: str
    position: int
    hash: bytes
    target_id: str
    parts: int
    bytes: int


_RUN = """SELECT run_id, source_kind, source_location, shape, owner_name, owner_id, phase, options::text,
                 started_at, finished_at, report::text FROM arraigo_move.runs"""
_ENTRY = "SELECT key, position, hash, target_id, parts, bytes FROM arraigo_move.records"


def _run(row: Sequence[Any]) -> Run:
    run_id, kind, location, shape, name, owner, phase, options, started, finished, report = row
    source = Source(kind, location, shape)
    held = json.loads(report) if report else None
    return Run(run_id, source, name, owner, phase, json.loads(options), started, finished, held)


def runs(connection: Connection) -> list[Run]:
    """Every run, newest first."""
    return [_run(row) for row in connection.execute(f"{_RUN} ORDER BY started_at DESC, run_id")]


def run_by_id(connection: Connection, run_id: str) -> Run:
    """The run with this id.

    Raises:
        NotFound: There is none on this target.
    """
    row = connection.execute(f"{_RUN} WHERE run_id = %s", [run_id]).fetchone()
    if row is None:
        raise NotFound(f"there is no move {run_id!r} on this target", remedy="see: arraigo move status")
    return _run(row)


def last_run(connection: Connection, source: Source, owner_id: UUID) -> Run | None:
    """The run of this source that can be continued; one that was rolled back cannot."""
    row = connection.execute(
        f"""{_RUN} WHERE source_kind = %s AND source_location = %s AND shape = %s AND owner_id = %s
                     AND phase <> 'rolled_back' ORDER BY started_at DESC LIMIT 1""",
        [source.kind, source.location, source.shape, owner_id],
    ).fetchone()
    return _run(row) if row else None


def start_run(connection: Connection, source: Source, owner_name: str, owner_id: UUID) -> Run:
    """A new run."""
    run_id = f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"
    connection.execute(
        """INSERT INTO arraigo_move.runs (run_id, source_kind, source_location, shape, owner_name, owner_id)
                VALUES (%s, %s, %s, %s, %s, %s)""",
        [run_id, source.kind, source.location, source.shape, owner_name, owner_id],
    )
    return run_by_id(connection, run_id)


def set_phase(connection: Connection, run_id: str, phase: str, report: dict[str, Any] | None = None) -> None:
    """Say how far a run is; with a report, that it has ended."""
    connection.execute(
        """UPDATE arraigo_move.runs
              SET phase = %s, report = coalesce(%s, report), finished_at = CASE WHEN %s THEN now() END
            WHERE run_id = %s""",
        [phase, None if report is None else Jsonb(report), report is not None, run_id],
    )


def set_options(connection: Connection, run_id: str, options: dict[str, Any]) -> None:
    """Keep what was asked for with the run."""
    connection.execute("UPDATE arraigo_move.runs SET options = %s WHERE run_id = %s", [Jsonb(options), run_id])


def event(connection: Connection, run_id: str, what: str, **detail: object) -> None:
    """Note that something happened; names and counts, never contents."""
    connection.execute(
        "INSERT INTO arraigo_move.events (run_id, what, detail) VALUES (%s, %s, %s)", [run_id, what, Jsonb(detail)]
    )


def units(connection: Connection, run_id: str) -> list[Unit]:
    """The files of a run, by name."""
    found = connection.execute(
        "SELECT unit, shape, bytes, sha256, layout::text FROM arraigo_move.units WHERE run_id = %s ORDER BY unit",
        [run_id],
    )
    return [
        Unit(name, shape, size, sha256, json.loads(layout) if layout else None)
        for name, shape, size, sha256, layout in found
    ]


def open_unit(connection: Connection, run_id: str, unit: str, shape: str) -> None:
    """Say that a unit is being copied; its layout is not known before its end."""
    connection.execute(
        """INSERT INTO arraigo_move.units (run_id, unit, shape) VALUES (%s, %s, %s)
           ON CONFLICT (run_id, unit) DO UPDATE SET shape = excluded.shape, layout = NULL""",
        [run_id, unit, shape],
    )


def update_unit(connection: Connection, run_id: str, unit: str, **columns: object) -> None:
    """Set some of a unit's columns."""
    for name, value in columns.items():
        connection.execute(
            psycopg.sql.SQL("UPDATE arraigo_move.units SET {} = %s WHERE run_id = %s AND unit = %s").format(
                psycopg.sql.Identifier(name)
            ),
            [Jsonb(value) if isinstance(value, dict) else value, run_id, unit],
        )


def entries(connection: Connection, run_id: str, unit: str, keys: Sequence[str]) -> dict[str, Entry]:
    """What this run has moved already of these keys."""
    found = connection.execute(
        f"{_ENTRY} WHERE run_id = %s AND unit = %s AND key = ANY (%s)", [run_id, unit, list(keys)]
    )
    return {row[0]: Entry(*row) for row in found}


def entries_by_target(connection: Connection, targets: Sequence[str]) -> dict[str, Entry]:
    """The last that any run has moved to these targets."""
    found = connection.execute(
        """SELECT DISTINCT ON (target_id) key, position, hash, target_id, parts, bytes FROM arraigo_move.records
            WHERE target_id = ANY (%s) ORDER BY target_id, moved_at DESC""",
        [list(targets)],
    )
    return {row[3]: Entry(*row) for row in found}


def all_entries(connection: Connection, run_id: str, unit: str) -> Iterator[Entry]:
    """Everything that a unit has moved, in the source's order; within one transaction."""
    with connection.cursor(name="entries") as cursor:
        cursor.execute(f"{_ENTRY} WHERE run_id = %s AND unit = %s ORDER BY position", [run_id, unit])
        for row in cursor:
            yield Entry(*row)


def write_entries(connection: Connection, run_id: str, unit: str, moved: Iterable[Entry]) -> None:
    """Note records as moved, or as moved again."""
    rows = [(entry.key, entry.position, entry.hash, entry.target_id, entry.parts, entry.bytes) for entry in moved]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
    connection.execute(
        """INSERT INTO arraigo_move.records (run_id, unit, key, position, hash, target_id, parts, bytes)
           SELECT %s, %s, * FROM unnest(%s::text[], %s::bigint[], %s::bytea[], %s::text[], %s::int[], %s::bigint[])
           ON CONFLICT (run_id, unit, key) DO UPDATE
              SET position = excluded.position, hash = excluded.hash, target_id = excluded.target_id,
                  parts = excluded.parts, bytes = excluded.bytes, moved_at = excluded.moved_at""",
        [run_id, unit, *columns],
    )


def replace_rejects(
    connection: Connection, run_id: str, unit: str, span: tuple[int, int], found: Iterable[Reject]
) -> None:
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


def rejected_positions(connection: Connection, run_id: str, unit: str, span: tuple[int, int]) -> set[int]:
    """Which records between two positions are kept as rejected."""
    found = connection.execute(
        """SELECT position FROM arraigo_move.rejected
            WHERE run_id = %s AND unit = %s AND position >= %s AND position < %s""",
        [run_id, unit, *span],
    )
    return {position for (position,) in found}


def all_rejects(connection: Connection, run_id: str, unit: str) -> Iterator[Reject]:
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
