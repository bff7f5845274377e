"""The mover's ledger on the target (`arraigo_move`): its runs, their units, and what happened."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from arraigo.errors import NotFound
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
    seconds: float | None
    sha256: str | None
    layout: dict[str, Any] | None


_SOURCE = "source"  # among a run's options: those of its source
_RUN = """SELECT run_id, source_kind, source_location, shape, owner_name, owner_id, phase, options::text,
                 started_at, finished_at, report::text FROM arraigo_move.runs"""


def _run(row: Sequence[Any]) -> Run:
    run_id, kind, location, shape, name, owner, phase, options, started, finished, report = row
    given = json.loads(options)
    source = Source(kind, location, shape, given.get(_SOURCE, {}))
    held = json.loads(report) if report else None
    return Run(run_id, source, name, owner, phase, given, started, finished, held)


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
                     AND coalesce(options->%s, jsonb_build_object()) = %s AND phase <> 'rolled_back'
            ORDER BY started_at DESC LIMIT 1""",
        [source.kind, source.location, source.shape, owner_id, _SOURCE, Jsonb(dict(source.options))],
    ).fetchone()
    return _run(row) if row else None


def start_run(connection: Connection, source: Source, owner_name: str, owner_id: UUID) -> Run:
    """A new run."""
    run_id = f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"
    options = {_SOURCE: dict(source.options)} if source.options else {}
    connection.execute(
        """INSERT INTO arraigo_move.runs (run_id, source_kind, source_location, shape, owner_name, owner_id, options)
                VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [run_id, source.kind, source.location, source.shape, owner_name, owner_id, Jsonb(options)],
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
        """SELECT unit, shape, bytes, seconds, sha256, layout::text FROM arraigo_move.units
            WHERE run_id = %s ORDER BY unit""",
        [run_id],
    )
    return [
        Unit(name, shape, size, seconds, sha256, json.loads(layout) if layout else None)
        for name, shape, size, seconds, sha256, layout in found
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
