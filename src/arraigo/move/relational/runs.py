"""The commands of a database's move: plan, run, verify."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

from psycopg import sql

from arraigo.errors import CheckFailed, Conflict, InvalidInput, Unavailable
from arraigo.move.records import ledger
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Tell
from arraigo.move.records.target import exclusively, sign
from arraigo.move.relational import catalog, engine, integrity, intended, judging, planning, steps, takeover
from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.expectation import Expectation
from arraigo.move.relational.formats import format_of
from arraigo.move.relational.moving import Meter, Move
from arraigo.move.relational.plans import SLICE_BYTES, Options, Plan, Sides
from arraigo.move.relational.replication import following
from arraigo.move.relational.sessions import Connection, connected, demand_apart, source_at
from arraigo.move.reports import Report
from arraigo.move.sources.spec import Source
from arraigo.postgres import schema
from arraigo.postgres.target import Target

_OVER = {"cut_over": "cut over", "rolled_back": "rolled back"}


def plan(source: Source, address: str, target: Target | None, options: Options) -> Plan:
    """What a move would do; the schema is tried on the target, in a transaction that is rolled back.

    Raises:
        InvalidInput: The address is none or the target's own, or something that was named is not there.
        Unavailable: One side cannot be used.
    """
    at = source_at(address)
    if target is not None:
        demand_apart(at, target)
    with connected(at) as read, _perhaps(target) as there, planning.unlocked(at), planning.snapshot(read) as name:
        sides = planning.look(read, at.where, there, target.where if target else "", options)
        begun = _last(there, source)
        done = steps.done(there, begun.run_id) if there and begun else ()
        dropped = begun.options.get("dropped", ()) if begun else ()
        made = planning.make(at, name, sides, there, options, done, dropped)
        if options.expected:
            integrity.critical_rows(read, sides.catalog, options.expected.critical_rows)
        if target is None or there is None:
            return made
        run_id = begun.run_id if begun else "00000000-00000000"
        moved = planning.moved_catalog(sides.catalog, options)
        roads = takeover.roads(takeover.route_of(run_id, at, target, moved, moved))
        return replace(made, cannot_follow=roads.forward, cannot_go_back=roads.back)


def run(source: Source, address: str, target: Target, options: Options, tell: Tell, *, seen: str = "") -> Report:
    """Copy and prove. A run that was killed goes on with the same command.

    Raises:
        InvalidInput: Source and target are the same; or something that was named is not there.
        CheckFailed: Something cannot move; nothing was made.
        Conflict: The move is over already.
        Unavailable: One side cannot be used, or another move is at work.
    """
    at = source_at(address)
    demand_apart(at, target)
    _prepare(target)
    with _at_work(target) as home, connected(at, name="arraigo move") as read, planning.unlocked(at):
        this = _begun(home, source, options)
        if this.phase == "following" and this.report:
            return Report.from_json(this.report)
        with _frozen(this, at, target, home, read, options, tell) as name:
            chosen = replace(options, accepted=options_of(this).accepted)
            move = _move(this, at, target, home, read, name, chosen, tell, rehearse=True)
            _hold_against(move)
            ledger.set_phase(home, this.run_id, "planned")
            engine.carry_out(move)
            ledger.set_phase(home, this.run_id, "copied")
            ledger.event(home, this.run_id, "copied", tables=len(move.tables))
            report = judging.judge(move, ledger.run_by_id(home, this.run_id), fresh=True)
        return _followed(this, at, target, home, options, report, takeover.Seen(seen)) if options.follow else report


def verify(this: Run, address: str, target: Target, tell: Tell) -> Report:
    """Compare both sides again, as they are now.

    Raises:
        Unavailable: One side cannot be used, or another move is at work.
    """
    at = source_at(address)
    with _at_work(target) as home, connected(at, name="arraigo move") as read, planning.unlocked(at):
        sign(home, this.run_id)
        with planning.snapshot(read) as name:
            move = _move(this, at, target, home, read, name, options_of(this), tell)
            engine.compare(move)
            return judging.judge(move, this, fresh=False)


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
        held.get("slice_bytes", SLICE_BYTES),
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
def _frozen(
    this: Run, at: Target, target: Target, home: Connection, read: Connection, options: Options, tell: Tell
) -> Iterator[str]:
    """The moment that is copied; with the source keeping its log from there on, where it is to be followed."""
    if not options.follow:
        with planning.snapshot(read) as name:
            yield name
        return
    route = takeover.route_as_planned(this.run_id, at, target, home, read, options)
    with following.begin_following(route, takeover.line(tell)) as held:
        read.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            read.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(held.snapshot)))
            planning.wait_briefly(read)
            yield held.snapshot
        finally:
            if not read.broken:
                read.execute("ROLLBACK")


def _followed(
    this: Run, at: Target, target: Target, home: Connection, options: Options, report: Report, seen: takeover.Seen
) -> Report:
    """From here on the target takes in what the source commits; unless the copy is not right."""
    with connected(at) as read:
        route = takeover.route_as_planned(this.run_id, at, target, home, read, options, seen)
    if not report.ok:
        following.lift(route)
        return report
    following.subscribe(route)
    found = report.with_phase("following")
    ledger.set_phase(home, this.run_id, "following", found.to_json())
    ledger.event(home, this.run_id, "following")
    return found


def finish(this: Run, address: str, target: Target) -> Report:
    """End the way back for good; see `takeover.finish`."""
    with _at_work(target) as home:
        sign(home, this.run_id)
        return takeover.finish(this, source_at(address), target, home)


def cutover(this: Run, address: str, target: Target, seen: str, tell: Tell) -> Report:
    """Take the target over; see `takeover.take_over`."""
    with _at_work(target) as home:
        sign(home, this.run_id)
        return takeover.take_over(
            this, source_at(address), target, home, options_of(this), takeover.Seen(target=seen), tell
        )


def rollback(this: Run, address: str, target: Target, tell: Tell, *, discard: bool) -> Report:
    """Go back to the source; see `takeover.return_from`."""
    with _at_work(target) as home:
        sign(home, this.run_id)
        return takeover.return_from(
            this, source_at(address), target, home, options_of(this), discard=discard, tell=tell
        )


def back(this: Run, address: str, target: Target, stop: threading.Event, tell: Tell) -> None:
    """Apply to the source what is written on the target; see `takeover.keep_back`."""
    with connected(target, name="arraigo move") as home:
        takeover.keep_back(this, source_at(address), target, home, options_of(this), stop, tell)


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
    # What was accepted once, is; nobody has to say it again.
    asked["accepted"] = list(dict.fromkeys((*this.options.get("accepted", ()), *options.accepted)))
    with home.transaction():
        if this.phase == "following" and not options.follow:
            raise Conflict(
                f"the move {this.run_id} follows its source",
                safe="nothing was changed",
                remedy=f"end it with arraigo move cutover {this.run_id}, or give it up with arraigo move rollback",
            )
        held = {name: value for name, value in this.options.items() if name not in asked}
        if steps.done(home, this.run_id):
            _same_choice(this, asked)
        ledger.set_options(home, this.run_id, held | asked)
        ledger.event(home, this.run_id, "started")
    return ledger.run_by_id(home, this.run_id)


def _same_choice(this: Run, asked: dict[str, Any]) -> None:
    """A run goes on with the tables that it began with."""
    for name, option in (("schemas", "--schema"), ("tables", "--table"), ("excluded", "--exclude")):
        before = this.options.get(name)
        if before is not None and list(before) != list(asked[name]):
            raise InvalidInput(
                f"the move {this.run_id} of this source began with {option} {', '.join(before) or 'not given'}",
                safe="nothing was changed",
                remedy=f"give the same again, or undo that move first: arraigo move rollback {this.run_id}",
            )


def _move(
    this: Run,
    at: Target,
    target: Target,
    home: Connection,
    read: Connection,
    name: str,
    options: Options,
    tell: Tell,
    *,
    rehearse: bool = False,
) -> Move:
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
    moved = planning.moved_catalog(sides.catalog, options)
    if rehearse:
        _keep(this, home, made, sides, moved)
    both = planning.same_extensions(sides)
    formats = {label: format_of(table, both) for label, table in moved.tables.items()}
    meter = Meter(tell, sides.source.database)
    return Move(
        this.run_id, at, target, home, read, name, options, made, sides.catalog, moved, formats, meter,
    )  # fmt: skip


def _keep(this: Run, home: Connection, made: Plan, sides: Sides, moved: Catalog) -> None:
    """Keep with the run what is meant to differ, for whoever compares both sides later."""
    if sides.target is None:
        raise AssertionError("a run has a target")
    held = this.options.get("intended")
    before = intended.from_json(held)[1] if held else intended.there(catalog.read(home, sides.schemas))
    held_told = this.options.get("told")  # what was left out at first is not refused again
    changes = intended.of(made, sides.source, sides.target, moved)
    kept = {
        "dropped": list(made.accepted),
        "intended": intended.to_json(changes, before),
        "moved_schemas": list(sides.schemas),
        "told": held_told or [asdict(one) for one in made.differences],
    }
    ledger.set_options(home, this.run_id, this.options | kept)


def _hold_against(move: Move) -> None:
    """An inventory that is not met, or asks what cannot be asked, stops a move before its first row."""
    if move.options.expected:
        integrity.critical_rows(move.read, move.catalog, move.options.expected.critical_rows)
    made = move.plan
    wrong = [check for check in made.expected if not check.ok]
    if wrong:
        one = wrong[0]
        raise CheckFailed(
            f"{one.name}: {one.expected}, and the source has {one.found}",
            safe="nothing was copied",
            remedy="correct the file given with --expect, or find what is missing",
        )
