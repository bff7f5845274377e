"""The commands of a database's move: plan, run, verify."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from arraigo.errors import CheckFailed, Conflict, InvalidInput, Unavailable
from arraigo.move.records import ledger
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Tell
from arraigo.move.records.target import exclusively, sign
from arraigo.move.relational import engine, judging, planning, steps
from arraigo.move.relational.expectation import Expectation
from arraigo.move.relational.formats import format_of
from arraigo.move.relational.moving import Meter, Move
from arraigo.move.relational.planning import Options, Plan
from arraigo.move.relational.sessions import Connection, connected, source_at
from arraigo.move.reports import Report
from arraigo.move.sources.spec import Source
from arraigo.postgres import schema
from arraigo.postgres.target import Target

_OVER = {"cut_over": "cut over", "rolled_back": "rolled back"}


def plan(source: Source, address: str, target: Target | None, options: Options) -> Plan:
    """What a move would do; the schema is tried on the target, in a transaction that is rolled back.

    Raises:
        InvalidInput: The address is none, or something that was named is not there.
        Unavailable: One side cannot be used.
    """
    at = source_at(address)
    with connected(at) as read, _perhaps(target) as there, planning.snapshot(read) as name:
        sides = planning.look(read, at.where, there, target.where if target else "", options)
        begun = _last(there, source)
        done = steps.done(there, begun.run_id) if there and begun else ()
        return planning.make(at, name, sides, there, options, done, begun.options.get("dropped", ()) if begun else ())


def run(source: Source, address: str, target: Target, options: Options, tell: Tell) -> Report:
    """Copy and prove. A run that was killed goes on with the same command.

    Raises:
        InvalidInput: Something that was named is not there.
        CheckFailed: Something cannot move; nothing was made.
        Conflict: The move is over already.
        Unavailable: One side cannot be used, or another move is at work.
    """
    at = source_at(address)
    _prepare(target)
    with _at_work(target) as home, connected(at, name="arraigo move") as read:
        this = _begun(home, source, options)
        with planning.snapshot(read) as name:
            move = _move(this, at, target, home, read, name, options, tell, rehearse=True)
            _hold_against(move.plan)
            engine.carry_out(move)
            ledger.set_phase(home, this.run_id, "copied")
            ledger.event(home, this.run_id, "copied", tables=len(move.tables))
            return judging.judge(move, this)


def verify(this: Run, address: str, target: Target, tell: Tell) -> Report:
    """Compare both sides again, as they are now.

    Raises:
        Unavailable: One side cannot be used, or another move is at work.
    """
    at = source_at(address)
    with _at_work(target) as home, connected(at, name="arraigo move") as read:
        sign(home, this.run_id)
        with planning.snapshot(read) as name:
            move = _move(this, at, target, home, read, name, options_of(this), tell)
            engine.compare(move)
            return judging.judge(move, this)


def options_of(this: Run) -> Options:
    """What was asked for when a run began."""
    held = this.options
    expected = held.get("expected")
    return Options(
        tuple(held.get("schemas", ())),
        tuple(held.get("tables", ())),
        tuple(held.get("excluded", ())),
        tuple(held.get("accepted", ())),
        held.get("jobs", 0),
        held.get("follow", False),
        held.get("slice_bytes", planning.SLICE_BYTES),
        Expectation(**{**expected, "schemas": tuple(expected["schemas"]), "extensions": tuple(expected["extensions"])})
        if expected
        else None,
    )


def _last(target: Connection | None, source: Source) -> Run | None:
    """The run that `run` would go on with."""
    if target is None or not schema.status_of(target).current:
        return None
    return ledger.last_run(target, source, steps.NOBODY)


@contextmanager
def _at_work(target: Target) -> Iterator[Connection]:
    """The connection that holds the target for one move."""
    with connected(target, name="arraigo move") as home, exclusively(home):
        yield home


@contextmanager
def _perhaps(target: Target | None) -> Iterator[Connection | None]:
    if target is None:
        yield None
        return
    with connected(target) as connection:
        yield connection


def _prepare(target: Target) -> None:
    """The ledger's place: a database without Arraigo's schema gets it, since a move begins where nothing is."""
    found = schema.status(target)
    if found.found is None:
        schema.upgrade(target)
    elif found.unknown:
        raise schema.newer(found)
    elif not found.current:
        raise Unavailable(
            f"the database at {target.where} has schema version {found.found}, not {found.newest}",
            safe="nothing was changed",
            remedy="run: arraigo db upgrade",
        )


def _begun(home: Connection, source: Source, options: Options) -> Run:
    this = ledger.last_run(home, source, steps.NOBODY)
    if this is not None and this.phase in _OVER:
        raise Conflict(
            f"the move {this.run_id} of this source is {_OVER[this.phase]}",
            safe="nothing was changed",
            remedy=f"see: arraigo move status {this.run_id}",
        )
    if this is None:
        this = ledger.start_run(home, source, "", steps.NOBODY)
    sign(home, this.run_id)
    asked = {name: value for name, value in asdict(options).items() if name != "jobs"}
    with home.transaction():
        held = {name: value for name, value in this.options.items() if name not in asked}
        _same_choice(this, asked)
        ledger.set_options(home, this.run_id, held | asked)
        ledger.set_phase(home, this.run_id, "planned")
        ledger.event(home, this.run_id, "started")
    return ledger.run_by_id(home, this.run_id)


def _same_choice(this: Run, asked: dict[str, Any]) -> None:
    """A run goes on with the tables that it began with."""
    for name in ("schemas", "tables", "excluded"):
        before = this.options.get(name)
        if before is not None and list(before) != list(asked[name]):
            raise InvalidInput(
                f"the move {this.run_id} of this source began with other {name}: {', '.join(before) or 'all'}",
                safe="nothing was changed",
                remedy=f"give the same again, or undo that move first: arraigo move rollback {this.run_id}",
            )


def _move(
    this: Run, at: Target, target: Target, home: Connection, read: Connection, name: str, options: Options, tell: Tell,
    *, rehearse: bool = False,
) -> Move:  # fmt: skip
    sides = planning.look(read, at.where, home, target.where, options)
    planning.lock(read, list(planning.moved_catalog(sides.catalog, options).tables.values()))
    done, dropped = steps.done(home, this.run_id), this.options.get("dropped", ())
    made = planning.make(at, name, sides, home if rehearse else None, options, done, dropped)
    if made.cannot_move:
        first, more = made.cannot_move[0], len(made.cannot_move) - 1
        raise CheckFailed(
            f"{first.what} cannot move: {first.why}{f' (and {more} more)' if more else ''}",
            safe="nothing was copied",
            remedy=f"{first.remedy}; see all of it with: arraigo move plan",
        )
    if made.accepted:
        ledger.set_options(home, this.run_id, this.options | {"dropped": list(made.accepted)})
    moved = planning.moved_catalog(sides.catalog, options)
    both = planning.same_extensions(sides)
    formats = {label: format_of(table, both) for label, table in moved.tables.items()}
    return Move(
        this.run_id, at, target, home, read, name, options, made, moved, formats, Meter(tell, sides.source.database)
    )


def _hold_against(made: Plan) -> None:
    """An inventory that is not met stops a move before its first row."""
    wrong = [check for check in made.expected if not check.ok]
    if wrong:
        one = wrong[0]
        raise CheckFailed(
            f"{one.name}: {one.expected}, and the source has {one.found}",
            safe="nothing was copied",
            remedy="correct the file given with --expect, or find what is missing",
        )
