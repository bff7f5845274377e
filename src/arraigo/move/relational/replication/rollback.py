"""Back to the source: the target is closed, the source gets what was written since, and takes writes again."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass

import psycopg

from arraigo.errors import ArraigoError, Conflict
from arraigo.move.relational.replication import fence, following, slots
from arraigo.move.relational.replication.comparing import Difference, compare
from arraigo.move.relational.replication.cutover import as_json, decodes, either, fingerprints_of, finish
from arraigo.move.relational.replication.followers import Follower, Native, Own, WayBack
from arraigo.move.relational.replication.handover import (
    Catalogs,
    HandOver,
    Save,
    State,
    Words,
    forget,
    reopen,
    tellers,
)
from arraigo.move.relational.replication.moment import Fingerprints
from arraigo.move.relational.replication.route import Connection, Route, Tell, silent
from arraigo.move.relational.replication.tally import Whole

_NAMED = 10
LIFT = "DROP SCHEMA arraigo_fence CASCADE"
"""What opens the target again after a rollback, run there by hand."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a rollback came to.

    Attributes:
        fingerprints: Each table's fingerprint, the same on both sides; after an offline move the source's.
        discarded: What was written on the target and given up.
        left: Tables at the source with a trigger of the fence that refuses nothing, and could not be dropped just now.
    """

    fingerprints: Fingerprints
    discarded: tuple[Difference, ...] = ()
    left: tuple[str, ...] = ()


def rollback(
    route: Route,
    state: State,
    save: Save,
    *,
    way_back: WayBack | None = None,
    catalogs: Catalogs | None = None,
    discard: bool = False,
    tell: Tell = silent,
) -> Returned:
    """Refuse writes at the target, bring the source up to it, prove it, and let the source take writes again.

    The target stays closed (`LIFT` opens it). Whoever was killed in it runs it again.

    Args:
        route: The move.
        state: What `save` was given last, by `cutover` at first.
        save: Keeps a small dict with the run, committed when it returns.
        way_back: Our own applier, where the source does not subscribe; it is caught up, and put away.
        catalogs: Compares both catalogs.
        discard: Without a way back: give up what was written on the target, which is listed.
        tell: Hears in a line each what takes a moment.

    Raises:
        CheckFailed: The two sides differ; the target takes writes again, and nothing has changed.
        Conflict: There is nothing to go back from; or without a way back, the target was changed: says what.
        Unavailable: Writes could not be stopped, a side is away, or the source does not come along.
    """
    step = state.get("step")
    if step == "closing":  # killed in a cut-over's pause, before anything was proved
        reopen(route, route.forward)
        forget(route, route.forward, save, {})
    if step not in ("proved", "cut_over", "returning", "returned", "rolled_back"):
        raise Conflict(f"run {route.run_id} was not cut over", safe="nothing was changed", remedy="there is no need to")
    if state["back"] == "own" and way_back is None:
        raise Conflict(f"run {route.run_id} goes back by our own applier", remedy="give it to the rollback")
    with either(route), ExitStack() as stack:
        source, target = (stack.enter_context(side.connect()) for side in (route.source, route.target))
        state = _resumed(route, (source, target), state, save)
        native = state["back"] == "native"
        follower: Follower | None = stack.enter_context(Native(route.back)) if native else None
        if way_back is not None and not native:
            follower = Own(way_back)
        discarded: tuple[Difference, ...] = ()
        if state["step"] not in ("returned", "rolled_back"):
            state = {**state, "step": "returning"}
            try:
                if follower is None:
                    discarded = _stand_still(route, target, state, save, discard=discard)
                else:
                    _bring_back(route, (source, target), state, save, (follower, catalogs, tell))
            except BaseException:
                forget(route, route.back, save, {**state, "step": "cut_over"})
                raise
            state = {**state, "step": "returned"}
        if state["step"] == "returned":
            if follower is not None:
                follower.end()
            fence.let_pass(source, route.name)
            state = {**state, "step": "rolled_back"}
            save(state)
            tell("the source takes writes again")
        return Returned(fingerprints_of(state), discarded, _clear(route, source, target))


def _resumed(route: Route, connections: tuple[Connection, Connection], state: State, save: Save) -> State:
    """From where a former run was killed; what it may have kept is not relied on where the fence does not stand."""
    source, target = connections
    if state["step"] == "proved":
        if not fence.stands(source, route.name):
            raise Conflict(
                f"run {route.run_id} was not cut over, and its source takes writes",
                safe="nothing was changed",
                remedy="cut over, or begin anew",
            )
        return finish(route, connections, state, save)
    if state["step"] == "returned" and not fence.stands(target, route.name):
        state = {**state, "step": "returning"}
    if state["step"] == "returning":
        reopen(route, route.back)
    return state


def _bring_back(
    route: Route,
    connections: tuple[Connection, Connection],
    state: State,
    save: Save,
    how: tuple[Follower, Catalogs | None, Tell],
) -> None:
    source, target = connections
    follower, catalogs, tell = how
    logged = (decodes(target), decodes(source))
    hand = HandOver(
        route,
        route.back,
        (target, source),
        follower=follower,
        tellers=tellers(route, route.back, logged),
        catalogs=catalogs,
    )
    with hand.prepared(tell):
        save(state)
        handed = hand.close_and_prove(_words(route))
        state |= {"fingerprints": as_json(handed.fingerprints)}
        try:
            save({**state, "step": "returned"})
        except BaseException:
            reopen(route, route.back)
            raise


def _stand_still(
    route: Route, target: Connection, state: State, save: Save, *, discard: bool
) -> tuple[Difference, ...]:
    """Without a way back the source is as it was: the target must be as it was too, or its changes be given up."""
    save(state)
    words = _words(route)
    try:
        fence.put_up(target, route.name, route.fenced, message=words.message, hint=words.hint)
        then, now = (
            fingerprints_of(state),
            Whole(route.target, route.proved(route.target), any_encoding=route.any_encoding).now(),
        )
        changed = [table for table in route.proved(route.target) if then.get(table.label) != now[table.label]]
        differences = tuple(compare(route, table) for table in changed)
        if not discard:
            _demand_unchanged(differences)
        save({**state, "step": "returned"})
    except BaseException:
        reopen(route, route.back)
        raise
    return differences


def _demand_unchanged(differences: tuple[Difference, ...]) -> None:
    if differences:
        named = ", ".join(map(str, differences[:_NAMED]))
        more = f" and {len(differences) - _NAMED} more tables" if len(differences) > _NAMED else ""
        raise Conflict(
            f"the target was changed since the cut-over, and the source lacks it: {named}{more}",
            safe="both sides are as they were, and the target takes writes",
            remedy="run it again with --discard to give these changes up",
        )


def _words(route: Route) -> Words:
    return Words(
        f"this database was left for the one before it (Arraigo, run {route.run_id}), and writes are refused here",
        "Write to the former database.",
    )


def _clear(route: Route, source: Connection, target: Connection) -> tuple[str, ...]:
    """What is left refuses and keeps nothing: should a side be away now, a next run takes it."""
    slots.drop(target, route.back.name)
    left = fence.take_down(source, route.name)
    with suppress(ArraigoError, psycopg.Error):
        following.lift(route, fences=False)
    return left
