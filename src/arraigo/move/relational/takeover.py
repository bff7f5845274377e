"""Following a source, cutting over to the target and going back: a run of the ledger, and what replication does."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from arraigo.errors import Conflict
from arraigo.move.records import ledger
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.relational import catalog, judging, planning
from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.plans import Hindrance, Options, Sides
from arraigo.move.relational.replication import following, readiness
from arraigo.move.relational.replication.applying import Applier
from arraigo.move.relational.replication.cutover import Back, Cut
from arraigo.move.relational.replication.cutover import cutover as cut_over
from arraigo.move.relational.replication.rollback import LIFT, Returned
from arraigo.move.relational.replication.rollback import rollback as go_back
from arraigo.move.relational.replication.route import Route, Side
from arraigo.move.relational.replication.sequences import HEADROOM
from arraigo.move.relational.replication.subscription import NotSubscribed
from arraigo.move.relational.sessions import Connection, connect, connected
from arraigo.move.reports import CLOSED, DISCARDED, WAY_BACK, Check, Report, Transformation, Unit, moment
from arraigo.postgres.target import Target

_KEEPING = "cutover"  # where the run's options hold the state
_PASS = "pass"  # noqa: S105 - the name of an option


@dataclass(frozen=True, slots=True)
class Roads:
    """What is to be known of following, and of going back, before a move."""

    forward: tuple[Hindrance, ...]
    back: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """How the two servers reach each other, where that is not as we reach them: addresses, with their passwords."""

    source: str = field(default="", repr=False)
    target: str = field(default="", repr=False)


def route_of(
    run_id: str, source: Target, target: Target, tables: Catalog, there: Catalog, seen: Seen | None = None
) -> Route:
    """The route of a run.

    Args:
        run_id: Which.
        source: The one server.
        target: The other.
        tables: What moves.
        there: The same on the target.
        seen: How the servers reach each other; None: as we reach them.
    """
    return Route(
        run_id,
        _side(source, "the source", seen.source if seen else ""),
        _side(target, "the target", seen.target if seen else ""),
        tuple(tables.tables.values()),
        tuple(there.tables[label] for label in tables.tables if label in there.tables),
        tuple(tables.sequences),
    )


def route_as_planned(
    run_id: str,
    source: Target,
    target: Target,
    home: Connection,
    read: Connection,
    options: Options,
    seen: Seen | None = None,
) -> Route:
    """The route of a run whose tables may not be on the target yet."""
    sides = planning.look(read, source.where, home, target.where, options)
    moved = planning.moved_catalog(sides.catalog, options)
    return route_of(run_id, source, target, moved, catalog.read(home, sides.schemas), seen)


def roads(route: Route) -> Roads:
    """What a plan says of following and of going back."""
    forward = tuple(_hindrance(one) for one in following.hindrances(route))
    back = [_hindrance(one) for one in following.hindrances(route, back=True)]
    ways = _ways_back(route)
    if ways == ["own"]:
        back.append(Hindrance("", "", "arraigo move back applies to the source what is written on the target"))
    elif ways == ["none"]:
        back.append(Hindrance("", "", "after a cut-over, rollback works as long as nothing is written on the target"))
    return Roads(forward, tuple(back))


def take_over(
    this: Run, source: Target, target: Target, home: Connection, options: Options, seen: Seen, tell: Tell
) -> Report:
    """Stop writes at the source, prove the target, open the way back.

    Raises:
        Conflict: The run is not so far, or is over.
        CheckFailed: The two sides differ; the source takes writes again.
        Unavailable: A side cannot be used; nothing has changed.
    """
    if this.phase not in {"verified", "following", "cut_over"}:
        raise Conflict(
            f"the move {this.run_id} is {this.phase}, and cannot be cut over",
            safe="nothing was changed",
            remedy="run the same move again until its report is right" if this.phase != "rolled_back" else "",
        )
    if this.phase == "cut_over" and this.options.get(_KEEPING, {}).get("step") == "cut_over" and this.report:
        return Report.from_json(this.report)  # it is done
    followed = this.phase == "following" or bool(this.options.get(_KEEPING, {}).get("followed"))
    with _both(this, source, target, home, options, seen) as (route, _):
        key = str(this.options.get(_PASS) or secrets.token_hex(16))
        ways = _ways_back(route) if followed else list[Back](["none"])
        catalogs = judging.Catalogs(home, partial(connected, source), this.options)
        for way in ways:
            try:
                cut = cut_over(
                    route,
                    this.options.get(_KEEPING, {}),
                    _Saver(home, this.run_id, {_PASS: key}),
                    followed=followed,
                    back=way,
                    pass_hash=sha256(key.encode()).hexdigest() if way == "own" else "",
                    catalogs=catalogs,
                    tell=line(tell),
                )
            except NotSubscribed:  # before the pause: the source's server does not reach the target's
                if way == ways[-1]:
                    raise
                continue
            return _cut_report(this, home, cut, catalogs.found)
    raise AssertionError("there is a last way")


def return_from(
    this: Run, source: Target, target: Target, home: Connection, options: Options, *, discard: bool, tell: Tell
) -> Report:
    """Go back to the source with everything that was written on the target since.

    Raises:
        Conflict: There is nothing to go back from, or the target was changed and there is no way back.
        CheckFailed: The two sides differ; the target takes writes again.
        Unavailable: A side cannot be used; nothing has changed.
    """
    with _both(this, source, target, home, options) as (route, sides):
        state = this.options.get(_KEEPING, {})
        if state.get("step") in {None, "closing"}:  # never cut over, or not to the end
            following.lift(route)
            stays = Transformation("what was copied stays on the target", "drop it there before you move again", 1)
            found = _report(this, "rolled_back", (), (stays,))
            ledger.set_phase(home, this.run_id, "rolled_back", found.to_json())
            ledger.event(home, this.run_id, "given_up")
            return found
        own = _applier(route, str(this.options.get(_PASS, "")), sides, options) if state.get("back") == "own" else None
        catalogs = judging.Catalogs(home, own.as_it_was if own else partial(connected, source), this.options)
        back = go_back(
            route,
            state,
            _Saver(home, this.run_id, {}),
            way_back=own,
            catalogs=catalogs,
            discard=discard,
            tell=line(tell),
        )
        return _returned_report(this, home, back, catalogs.found)


def finish(this: Run, source: Target, target: Target, home: Connection) -> Report:
    """End the way back for good: neither server keeps its log for the other any more. The source still refuses writes.

    Raises:
        Conflict: The run is not cut over.
        Unavailable: A side is away; the other one is cleared.
    """
    if this.phase != "cut_over":
        raise Conflict(
            f"the move {this.run_id} is {this.phase}, not cut over, so that there is no way back to end",
            safe="nothing was changed",
            remedy=f"see: arraigo move status {this.run_id}",
        )
    route = Route(this.run_id, _side(source, "the source", ""), _side(target, "the target", ""), (), ())
    _Saver(home, this.run_id, {})({**this.options[_KEEPING], "back": "none"})
    ledger.event(home, this.run_id, "finished")
    told = Transformation(WAY_BACK, "it was ended with arraigo move finish", 1)
    report = _report(this, "cut_over", (), ())
    kept = (one for one in report.transformations if one.what != WAY_BACK)
    report = replace(report, transformations=(*kept, told))
    ledger.set_phase(home, this.run_id, "cut_over", report.to_json())
    following.lift(route, fences=False)
    return report


def keep_back(
    this: Run, source: Target, target: Target, home: Connection, options: Options, stop: threading.Event, tell: Tell
) -> None:
    """Apply to the source what is written on the target, where the source may not subscribe; until it is stopped.

    Raises:
        Conflict: The source follows by itself, or the run is not cut over.
    """
    state = this.options.get(_KEEPING, {})
    if this.phase != "cut_over" or state.get("back") != "own":
        raise Conflict(
            f"the move {this.run_id} needs no help on its way back",
            remedy=f"see: arraigo move status {this.run_id}",
        )
    with _both(this, source, target, home, options) as (route, sides):
        unit = sides.source.database
        told = lambda now: tell(Progress("back", unit, 0, now.lag_bytes, now.rows))  # noqa: E731
        own = _applier(route, str(this.options[_PASS]), sides, options, told)
        with own as applier:
            applier.run_forever(stop)


@contextmanager
def _both(
    this: Run, source: Target, target: Target, home: Connection, options: Options, seen: Seen | None = None
) -> Iterator[tuple[Route, Sides]]:
    """The route of a run, from both catalogs as they are now."""
    with connected(source) as read:
        sides = planning.look(read, source.where, home, target.where, options)
    moved = planning.moved_catalog(sides.catalog, options)
    there = catalog.read(home, sides.schemas)
    yield route_of(this.run_id, source, target, moved, there, seen), sides


def _side(target: Target, kind: str, seen: str) -> Side:
    def replicate() -> Connection:
        return psycopg.connect(target.direct().conninfo(), autocommit=True, replication="database")

    given = conninfo_to_dict(seen or target.url)
    if not seen and given.get("sslmode") == "verify-full":
        given["sslrootcert"] = "system"  # a file of this machine's is none of the other server's
    return Side(
        f"{kind} at {target.where}",
        lambda: connect(target, name="arraigo move"),
        replicate,
        make_conninfo("", **given),
    )


def _ways_back(route: Route) -> list[Back]:
    """By the source's own server if it may; else by our applier; else not at all. The first that works is taken."""
    ours = (route.forward.name, route.back.name)
    with route.target.connect() as giver:
        gives = readiness.giver_hindrances(readiness.facts(giver, route.fenced, ours), route.fenced, route.target.name)
    if any(one.stops for one in gives):
        return ["none"]  # what the target cannot tell, nobody can take in
    return ["own"] if any(one.stops for one in following.hindrances(route, back=True)) else ["native", "own"]


def _applier(route: Route, key: str, sides: Sides, options: Options, tell: Any = None) -> Applier:
    moved = tuple(planning.moved_catalog(sides.catalog, options).tables.values())
    more = {"tell": tell} if tell else {}
    return Applier(
        route.target.connect,
        route.source.connect,
        slot=route.back.name,
        publication=route.back.name,
        tables=moved,
        pass_key=key,
        **more,
    )


class _Saver:
    """Keeps the state of a cut-over with its run, in the commit that it returns from."""

    def __init__(self, home: Connection, run_id: str, more: dict[str, Any]) -> None:
        self._home, self._run_id, self._more = home, run_id, more

    def __call__(self, state: dict[str, Any]) -> None:
        with self._home.transaction():
            this = ledger.run_by_id(self._home, self._run_id)
            ledger.set_options(self._home, self._run_id, this.options | self._more | {_KEEPING: state})
            if state.get("step") in {"cut_over", "rolled_back"}:
                ledger.set_phase(self._home, self._run_id, str(state["step"]))
            if state:  # none: what was begun came to nothing
                ledger.event(self._home, self._run_id, str(state["step"]))


def line(tell: Tell) -> Any:
    """What replication says in words, as progress."""
    return lambda line: tell(Progress(line, "", 0, 0, 0))


def _hindrance(one: Any) -> Hindrance:
    return Hindrance(one.what, "", one.remedy)


_WAYS = {
    "native": "the source follows the target by a subscription of its own",
    "own": "the source may not subscribe: arraigo move back applies what is written, and rollback does the rest of it",
    "none": "there is none: rollback works as long as nothing is written on the target",
}


def _cut_report(this: Run, home: Connection, cut: Cut, catalogs: list[Check]) -> Report:
    rows = sum(one.rows for one in cut.fingerprints.values())
    checks = (
        Check("rows", ok=True, expected=rows, found=rows),
        Check("fingerprints", ok=True, expected=len(cut.fingerprints), found=len(cut.fingerprints)),
        Check("pause", ok=True, expected="", found=f"{cut.pause:.2f} s", detail="in which writes were refused"),
    )
    told = [Transformation(WAY_BACK, _WAYS[cut.back], 1)]
    if cut.back != "none":
        ahead = "no number that the source may have given in the last moment is given again"
        told.append(Transformation(f"sequences are {HEADROOM:,} numbers ahead", ahead, 1))
    report = _report(this, "cut_over", (*catalogs, *checks), tuple(told), cut.fingerprints)
    ledger.set_phase(home, this.run_id, "cut_over", report.to_json())
    return report


def _returned_report(this: Run, home: Connection, back: Returned, catalogs: list[Check]) -> Report:
    told = [Transformation(str(one), DISCARDED, 1) for one in back.discarded]
    told.append(Transformation(CLOSED, f"open it there with: {LIFT}", 1))
    rows = sum(one.rows for one in back.fingerprints.values())
    checks = (
        Check("rows", ok=True, expected=rows, found=rows),
        Check("fingerprints", ok=True, expected=len(back.fingerprints), found=len(back.fingerprints)),
    )
    report = _report(this, "rolled_back", (*catalogs, *checks), tuple(told), back.fingerprints)
    ledger.set_phase(home, this.run_id, "rolled_back", report.to_json())
    return report


def _report(
    this: Run,
    phase: str,
    checks: tuple[Check, ...],
    told: tuple[Transformation, ...],
    proved: Mapping[str, Fingerprint] = MappingProxyType({}),
) -> Report:
    """The run's last report, further on; with the tables as they were proved in the pause."""
    held = this.report
    base = Report.from_json(held) if held else Report(this.run_id, {}, {}, phase, "", None, ok=True)
    names = {check.name for check in checks}
    # What was proved in the pause is newer than what an earlier comparison found, under writes perhaps.
    kept = [one for one in base.checks if one.name not in names and (one.ok or not proved)]
    return replace(
        base,
        phase=phase,
        finished_at=moment(datetime.now(UTC)),
        ok=all(one.ok for one in (*kept, *checks)),
        lost=0,
        extra=0,
        changed=0,
        units=tuple(_as_proved(unit, proved.get(unit.name)) for unit in base.units),
        checks=(*kept, *checks),
        transformations=(*(one for one in base.transformations if one not in told), *told),
    )


def _as_proved(unit: Unit, found: Fingerprint | None) -> Unit:
    if found is None:
        return unit
    return replace(
        unit,
        source_rows=found.rows,
        target_rows=found.rows,
        source_fingerprint=found.hash,
        target_fingerprint=found.hash,
        match=True,
    )
