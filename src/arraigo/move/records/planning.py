"""What a move of records would do: the whole source is read, and nothing is written."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from arraigo.errors import InvalidInput
from arraigo.move.records import entries, ledger, opening
from arraigo.move.records.found import Found
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.proving import NAMED
from arraigo.move.records.shape import Context
from arraigo.move.records.target import connected, known_owner
from arraigo.move.reports import Rejected
from arraigo.move.sources.spec import Source
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]
_BYTES_PER_SECOND = 4_000_000  # copied and proved, on two shared cores
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """One file of a plan."""

    name: str
    shape: str
    records: int
    bytes: int
    rejected: int
    there_already: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do; nothing was written.

    Attributes:
        cannot_move: How many records would be rejected.
        rejects: The first of them.
        ignored: Files that hold no records, with the reason.
        seconds: A guess at how long it takes.
        decisions: What would have to be decided, and how often.
    """

    source: dict[str, str]
    units: tuple[PlannedUnit, ...]
    cannot_move: int
    rejects: tuple[Rejected, ...]
    ignored: dict[str, str]
    seconds: float
    decisions: dict[str, int]


def plan(source: Source, target: Target | None, user: str, tell: Tell) -> Plan:
    """Read the source to its end and say what a move would do.

    Raises:
        InvalidInput: The source is not there, or holds no records of a known shape.
        Unavailable: The target cannot be used.
    """
    with opening.opened(source, tell) as found:
        if target is None:
            return _plan(source, found, None, None, tell)
        with connected(target) as connection:
            owner = known_owner(connection, user)
            run = ledger.last_run(connection, source, owner) if owner else None
            return _plan(source, found, connection, run, tell)


def _plan(source: Source, found: Found, connection: Connection | None, run: Run | None, tell: Tell) -> Plan:
    notes: Counter[str] = Counter()
    units: list[PlannedUnit] = []
    rejects: list[Rejected] = []
    for file in found.files:
        context = Context(_NOBODY, b"plan", file.modified, notes, source.options)
        there = rejected = 0
        with file.reading(context) as (reading, _):
            for batch in reading.batches():
                rejected += len(batch.rejects)
                rejects += [
                    Rejected(file.name, r.key, r.place.line, r.place.byte, r.reason)
                    for r in batch.rejects[: max(0, NAMED - len(rejects))]
                ]
                if connection is not None and run is not None:
                    keys = [item.key for item in batch.items]
                    there += len(entries.known(connection, run.run_id, file.name, keys))
                tell(Progress("plan", file.name, reading.bytes, file.size, reading.records))
        if not reading.records:
            raise InvalidInput(f"{file.where} holds no records", safe="nothing was moved")
        units.append(PlannedUnit(file.name, file.shape.name, reading.records, reading.bytes, rejected, there))
    return Plan(
        source={"kind": source.kind, "location": source.location},
        units=tuple(units),
        cannot_move=sum(unit.rejected for unit in units),
        rejects=tuple(rejects),
        ignored=dict(found.ignored),
        seconds=round(sum(unit.bytes for unit in units) / _BYTES_PER_SECOND, 1),
        decisions=dict(notes),
    )
