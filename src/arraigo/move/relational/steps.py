"""The ledger of a whole database's move: what was made, what was copied, and what both sides' rows came to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from arraigo.move.relational.copying import Slice
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.sessions import Connection

NOBODY = UUID(int=0)  # a whole database belongs to none of its users


@dataclass(frozen=True, slots=True)
class Unit:
    """A table or a range of one, as it was copied; what is None has not come yet.

    Attributes:
        source: What comparing found last. target: The same there.
        moved: What both sides came to when they were alike last.
    """

    name: str
    table: str
    number: int
    of: int
    where: str
    copied: bool
    source: Fingerprint | None
    target: Fingerprint | None
    bytes: int
    seconds: float
    moved: Fingerprint | None


def done(connection: Connection, run_id: str) -> frozenset[str]:
    """The names of the steps that were made."""
    found = connection.execute("SELECT step FROM arraigo_move.steps WHERE run_id = %s", [run_id])
    return frozenset(step for (step,) in found)


def note(connection: Connection, run_id: str, names: Iterable[str]) -> None:
    """Say that steps were made, in the transaction that made them."""
    connection.execute(
        "INSERT INTO arraigo_move.steps (run_id, step) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
        [run_id, list(names)],
    )


def forget(connection: Connection, run_id: str, names: Iterable[str]) -> None:
    """Say that steps are to be made again."""
    connection.execute("DELETE FROM arraigo_move.steps WHERE run_id = %s AND step = ANY(%s)", [run_id, list(names)])


def open_units(connection: Connection, run_id: str, slices: Sequence[Slice]) -> None:
    """Say which units there are to copy."""
    connection.cursor().executemany(
        "INSERT INTO arraigo_move.units (run_id, unit, shape, layout) VALUES (%s, %s, '', %s) ON CONFLICT DO NOTHING",
        [[run_id, one.name, Jsonb(_layout(one, copied=False))] for one in slices],
    )


def copied(connection: Connection, run_id: str, slice_: Slice, size: int, seconds: float) -> None:
    """Say that a unit's rows are in, in their transaction."""
    connection.execute(
        """UPDATE arraigo_move.units
              SET layout = %s, bytes = %s, seconds = %s, source_rows = NULL, source_fingerprint = NULL,
                  target_rows = NULL, target_fingerprint = NULL
            WHERE run_id = %s AND unit = %s""",
        [Jsonb(_layout(slice_, copied=True)), size, seconds, run_id, slice_.name],
    )


def proved(connection: Connection, run_id: str, unit: str, source: Fingerprint, target: Fingerprint) -> None:
    """Keep what both sides came to; and where they were alike, what that was, which no later comparison changes."""
    moved = {"moved": [target.rows, target.hash]} if source == target else {}
    connection.execute(
        """UPDATE arraigo_move.units
              SET source_rows = %s, source_fingerprint = %s, target_rows = %s, target_fingerprint = %s,
                  layout = layout || %s
            WHERE run_id = %s AND unit = %s""",
        [source.rows, source.hash, target.rows, target.hash, Jsonb(moved), run_id, unit],
    )


def units(connection: Connection, run_id: str) -> list[Unit]:
    """Every unit of a run."""
    found = connection.execute(
        """SELECT unit, layout::text, source_rows, source_fingerprint, target_rows, target_fingerprint, bytes, seconds
             FROM arraigo_move.units WHERE run_id = %s ORDER BY unit""",
        [run_id],
    )
    return [_unit(*row) for row in found]


def drop_units(connection: Connection, run_id: str, names: Sequence[str]) -> None:
    """Forget units whose tables are gone."""
    connection.execute("DELETE FROM arraigo_move.units WHERE run_id = %s AND unit = ANY(%s)", [run_id, list(names)])


def _layout(one: Slice, *, copied: bool) -> dict[str, Any]:
    return {"table": one.table.label, "number": one.number, "of": one.of, "where": one.where, "copied": copied}


def _unit(
    name: str, layout: str, rows: int | None, hash_: str | None, there: int | None, other: str | None,
    size: int | None, seconds: float | None,
) -> Unit:  # fmt: skip
    held = json.loads(layout)
    return Unit(
        name,
        held["table"],
        held["number"],
        held["of"],
        held["where"],
        held["copied"],
        Fingerprint(rows, hash_) if rows is not None and hash_ is not None else None,
        Fingerprint(there, other) if there is not None and other is not None else None,
        size or 0,
        seconds or 0.0,
        Fingerprint(*held["moved"]) if "moved" in held else None,
    )
