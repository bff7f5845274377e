"""What a move of records would do: the whole source is read, and nothing is written."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from arraigo.errors import InvalidInput
from arraigo.move.records import entries, ledger, opening
from arraigo.move.records.batches import Batch, Reject
from arraigo.move.records.copying import Action, foresee, reject
from arraigo.move.records.found import Found, SourceUnit
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.proving import NAMED
from arraigo.move.records.shape import Context
from arraigo.move.records.target import connected, id_key, known_owner, on_behalf_of
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
        context = Context(_NOBODY, b"plan", datetime.now(UTC), Counter(), source.options)
        if target is None:
            return _plan(source, found, context, None, tell)
        with connected(target) as connection:
            owner = known_owner(connection, user)
            run = ledger.last_run(connection, source, owner) if owner else None
            context = replace(context, owner=owner or _NOBODY, id_key=id_key(connection))
            on_behalf_of(connection, context.owner)
            return _plan(source, found, context, _There(connection, owner, run.run_id if run else ""), tell)


@dataclass(frozen=True, slots=True)
class _There:
    """The target, whose it would be there, and the run that would go on."""

    connection: Connection
    owner: UUID | None
    run_id: str

    def rejects(self, file: SourceUnit, batch: Batch) -> tuple[list[Reject], int]:
        """What of a batch would be rejected for what is there, and how much is there as it should be."""
        keys = [item.key for item in batch.items]
        known = entries.known(self.connection, self.run_id, file.name, keys)
        earlier = entries.earlier(self.connection, file.shape.name, self.run_id, file.name, keys, owner=self.owner)
        decisions = foresee(self.connection, file.shape, batch, known, earlier)
        refused = [
            reject(item, decisions[item.key].reason)
            for item in batch.items
            if decisions[item.key].action is Action.REJECT
        ]
        return refused, sum(one.action in {Action.SKIP, Action.ADOPT} for one in decisions.values())


def _plan(source: Source, found: Found, context: Context, target: _There | None, tell: Tell) -> Plan:
    units: list[PlannedUnit] = []
    rejects: list[Rejected] = []
    for file in found.files:
        there = refused = 0
        with file.reading(replace(context, as_of=file.modified)) as (reading, _):
            for batch in reading.batches():
                conflicts, same = target.rejects(file, batch) if target else ([], 0)
                there += same
                lost = sorted([*batch.rejects, *conflicts], key=lambda one: one.position)
                refused += len(lost)
                rejects += [
                    Rejected(file.name, r.key, r.place.line, r.place.byte, r.reason)
                    for r in lost[: max(0, NAMED - len(rejects))]
                ]
                positions = {one.position for one in lost}
                reading.tell(item for item in batch.items if item.position not in positions)
                tell(Progress("plan", file.name, reading.bytes, file.size, reading.records))
        if not reading.records:
            raise InvalidInput(f"{file.where} holds no records", safe="nothing was moved")
        units.append(PlannedUnit(file.name, file.shape.name, reading.records, reading.bytes, refused, there))
    return Plan(
        source={"kind": source.kind, "location": source.location},
        units=tuple(units),
        cannot_move=sum(unit.rejected for unit in units),
        rejects=tuple(rejects),
        ignored=dict(found.ignored),
        seconds=round(sum(unit.bytes for unit in units) / _BYTES_PER_SECOND, 1),
        decisions=dict(context.notes),
    )
