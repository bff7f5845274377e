"""The cut-over: the target takes over from the source, in a pause as short as it can be, with the way back open."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import psycopg

from arraigo.errors import ArraigoError, Conflict, Unavailable
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.replication import fence, publication, slots, subscription
from arraigo.move.relational.replication.followers import Native
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
from arraigo.move.relational.sessions import explained

Back = Literal["native", "own", "none"]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a cut-over came to.

    Attributes:
        pause: Seconds in which writes were refused: from the fence to the moment when the target may be written.
        back: How the source follows the target now: by itself, by our applier, or not at all.
        fingerprints: Each table's fingerprint at that moment, the same on both sides.
    """

    pause: float
    back: Back
    fingerprints: Fingerprints


def cutover(
    route: Route,
    state: State,
    save: Save,
    *,
    followed: bool = True,
    back: Back = "native",
    pass_hash: str = "",
    catalogs: Catalogs | None = None,
    tell: Tell = silent,
) -> Cut:
    """Refuse writes at the source, prove the target, open the way back; afterwards the target may be written.

    Whoever was killed in it runs it again: it is undone as long as nothing was proved, and brought to its end after.

    Args:
        route: The move.
        state: What `save` was given last, or {}.
        save: Keeps a small dict with the run, committed when it returns.
        followed: Whether the target follows the source; otherwise it was copied from a source that stood still.
        back: How the source is to follow the target; "none" also where the target is not at `wal_level = logical`.
        pass_hash: SHA-256 in hex of the key that lets our own applier through the source's fence.
        catalogs: Compares both catalogs; asked before the pause, and in it only if something was altered in between.
        tell: Hears in a line each what takes a moment.

    Raises:
        CheckFailed: The two sides differ; the source takes writes again, and is followed as before.
        Conflict: A rollback has begun.
        Unavailable: Writes could not be stopped, a side is away, or the target does not come along.
    """
    if state.get("step") in ("returning", "returned", "rolled_back"):
        raise Conflict(
            f"run {route.run_id} is on its way back",
            safe="nothing was changed",
            remedy="bring that to its end: arraigo move rollback",
        )
    with either(route), ExitStack() as stack:
        if state.get("step") == "closing":
            reopen(route, route.forward)
        source, target = (stack.enter_context(side.connect()) for side in (route.source, route.target))
        if state.get("step") == "proved" and not fence.stands(source, route.name):
            state = {}  # nobody knew whether that was kept, and the source was opened again
        if state.get("step") not in ("proved", "cut_over"):
            how = _How(followed, back if followed else "none", pass_hash, catalogs, tell)
            state = _hand_over(route, (source, target), save, how)
        if state["step"] == "proved":
            state = finish(route, (source, target), state, save)
            tell(f"the target takes writes; they were refused for {state['pause']:.2f} s")
        if state["followed"]:
            slots.drop(source, route.forward.name)
        return Cut(state["pause"], state["back"], fingerprints_of(state))


def finish(route: Route, connections: tuple[Connection, Connection], state: State, save: Save) -> State:
    """Bring a cut-over that was proved to its end: forward is off before back is on, and then the target is free."""
    source, target = connections
    if state["followed"]:
        subscription.unsubscribe(target, route.forward.name)
    if state["back"] != "none" and not subscription.enabled(source, route.back.name):
        slots.advance(target, route.back.name, state["taker_lsn"])
    if state["back"] == "native":
        subscription.enable(source, route.back.name)
    state = {**state, "step": "cut_over", "pause": time.time() - state["closed_at"]}
    save(state)
    state["pause"] = time.time() - state["closed_at"]  # with the time that keeping it took
    return state


def fingerprints_of(state: State) -> Fingerprints:
    """The fingerprints that were kept at the cut-over."""
    return {label: Fingerprint(*one) for label, one in state["fingerprints"].items()}


def as_json(found: Fingerprints) -> dict[str, list[object]]:
    """As they are kept."""
    return {label: [one.rows, one.hash] for label, one in found.items()}


@contextmanager
def either(route: Route) -> Iterator[None]:
    """The driver's errors in our words; they never quote a row."""
    try:
        yield
    except psycopg.Error as error:
        raise explained(error, f"{route.source.name} or {route.target.name}") from error


@dataclass(frozen=True, slots=True)
class _How:
    followed: bool
    back: Back
    pass_hash: str
    catalogs: Catalogs | None
    tell: Tell


def _hand_over(route: Route, connections: tuple[Connection, Connection], save: Save, how: _How) -> State:
    source, target = connections
    logged = (how.followed and decodes(source), how.followed and decodes(target))
    if how.back != "none" and not logged[1]:
        raise Unavailable(
            f"{route.target.name} does not run at wal_level = logical, so that there would be no way back",
            safe="nothing was changed",
            remedy="set it and start that server again, or cut over without a way back",
        )
    with ExitStack() as stack:
        follower = stack.enter_context(Native(route.forward)) if how.followed else None
        stack.enter_context(_way_back(route, connections, how.back, logged=logged[1]))
        hand = HandOver(
            route,
            route.forward,
            connections,
            follower=follower,
            tellers=tellers(route, route.forward, logged),
            catalogs=how.catalogs,
            arrived=lambda lsn: slots.advance(target, route.back.name, lsn),  # where there is none, nothing happens
        )
        stack.enter_context(hand.prepared(how.tell))
        if how.back != "none":
            slots.advance(target, route.back.name, slots.settle(target))  # little is left to skip in the pause
        save({"step": "closing", "followed": how.followed, "back": how.back})
        words = Words(
            f"this database has moved (Arraigo, run {route.run_id}), and writes are refused here",
            "Write to the new database.",
        )
        try:
            handed = hand.close_and_prove(words, how.pass_hash)
        except BaseException:
            forget(route, route.forward, save, {})
            raise
        state = {
            "step": "proved",
            "followed": how.followed,
            "back": how.back,
            "closed_at": time.time() - (time.monotonic() - handed.begun),
            "taker_lsn": handed.taker_lsn,
            "fingerprints": as_json(handed.fingerprints),
        }
        try:
            save(state)
        except BaseException:
            reopen(route, route.forward)
            raise
        return state


@contextmanager
def _way_back(route: Route, connections: tuple[Connection, Connection], back: Back, *, logged: bool) -> Iterator[None]:
    """Lay it before the pause: what does not work, comes to light while nothing is refused; on failure it is removed.

    The slot begins here, and what the forward subscription writes is skipped at the end of the pause.
    """
    source, target = connections
    name = route.back.name
    try:
        subscription.unsubscribe(source, name)
        slots.drop(target, name)
        if logged:
            publication.publish(target, name, route.followed)
        if back != "none":
            slots.make(target, name)
        if back == "native":
            subscription.subscribe(route.back, enabled=False)
        yield
    except BaseException:
        _remove(subscription.unsubscribe, source, name)
        _remove(slots.drop, target, name)
        _remove(publication.drop, target, name)
        raise


def _remove(drop: Callable[[Connection, str], None], connection: Connection, name: str) -> None:
    with suppress(psycopg.Error, ArraigoError):  # a side that is away: a next run, or `lift`, takes it away
        drop(connection, name)


def decodes(connection: Connection) -> bool:
    """Whether the server's log can be read back as rows."""
    return connection.execute("SHOW wal_level").fetchone() == ("logical",)
