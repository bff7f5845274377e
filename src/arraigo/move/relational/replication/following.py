"""Following a source: begun before the copy, in whose snapshot it is taken; ended by the cut-over, or given up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import psycopg

from arraigo.errors import ArraigoError, Unavailable
from arraigo.move.relational.replication import fence, publication, readiness, slots, subscription
from arraigo.move.relational.replication.readiness import Hindrance
from arraigo.move.relational.replication.route import Connection, Route, Side, Tell, silent
from arraigo.move.relational.replication.slots import Held
from arraigo.move.relational.replication.subscription import Lag
from arraigo.postgres.translate import translate

_NAMED = 3


def hindrances(route: Route, *, back: bool = False) -> list[Hindrance]:
    """What keeps this move from being followed by the target's server itself; what stops it comes first.

    With `back`: what keeps the source from following the target after the cut-over.
    """
    way = route.back if back else route.forward
    with _connected(way.giver) as giver, _connected(way.taker) as taker:
        ours = (route.forward.name, route.back.name)
        gives = readiness.facts(giver, route.fenced, ours)
        # The plan asks before the target has any table: it will have the source's triggers.
        takes = replace(readiness.facts(taker, route.fenced, ours), always=gives.always)
    found = readiness.giver_hindrances(gives, route.fenced, way.giver.name)
    found += readiness.taker_hindrances(takes, way.taker.name)
    return sorted(found, key=lambda hindrance: not hindrance.stops)


@contextmanager
def begin_following(route: Route, tell: Tell = silent) -> Iterator[Held]:
    """Let the source keep its log for us from here on, and show it as it is here; the block copies in that snapshot.

    If the block fails, the source keeps nothing. What a killed run of the same name left is taken away first.

    Raises:
        Unavailable: Something is in the way; nothing is left behind.
    """
    lift(route, fences=False)
    _demand(_of_source(route))
    try:
        with _connected(route.source) as source:
            publication.publish(source, route.forward.name, route.followed)
        tell("waiting for the transactions that are under way at the source")
        with slots.hold(route.source, route.forward.name) as held:
            yield held
    except BaseException:
        with suppress(ArraigoError, psycopg.Error):  # the source is away: a next run, or `lift`, takes it away
            lift(route, fences=False)
        raise


def subscribe(route: Route) -> None:
    """Let the target take in what the source has committed since the copy's snapshot, and go on with it.

    Raises:
        Unavailable: The target cannot reach the source, or its user may not subscribe.
    """
    with _connected(route.target) as target:
        _demand(readiness.taker_hindrances(readiness.facts(target), route.target.name))
    subscription.subscribe(route.forward)


def lag(route: Route, *, back: bool = False) -> Lag:
    """How far the target is behind the source; after the cut-over, the source behind the target."""
    way = route.back if back else route.forward
    with _connected(way.giver) as giver, _connected(way.taker) as taker:
        return subscription.lag(way, giver, taker)


def lift(route: Route, *, fences: bool = True) -> None:
    """Take away everything of this run on both servers: subscriptions, slots, publications, and the fences.

    Safe to run again; a side that is away does not keep the other from being cleared.

    Raises:
        Unavailable: A side is away, so that what is there stays; a slot there keeps that server's log.
    """
    source, target, failed = route.source, route.target, list[tuple[Side, ArraigoError]]()
    # Subscriptions first: an apply worker would take its slot again.
    _attempt(target, lambda connection: subscription.unsubscribe(connection, route.forward.name), failed)
    _attempt(source, lambda connection: subscription.unsubscribe(connection, route.back.name), failed)
    _attempt(source, lambda connection: _clear_giving(connection, route.forward.name), failed)
    _attempt(target, lambda connection: _clear_giving(connection, route.back.name), failed)
    if fences:
        for side in (source, target):
            _attempt(side, lambda connection: _clear_fence(connection, route.name), failed)
    if failed:
        side, error = failed[0]
        raise type(error)(
            f"{side.name} could not be cleared of {route.name}: {error.what}",
            safe="the data are untouched",
            remedy="run it again when that server can be reached",
        ) from error


def _of_source(route: Route) -> list[Hindrance]:
    with _connected(route.source) as source:
        found = readiness.facts(source, route.fenced, (route.forward.name, route.back.name))
    return readiness.giver_hindrances(found, route.fenced, route.source.name)


def _clear_giving(connection: Connection, name: str) -> None:
    slots.drop(connection, name)
    publication.drop(connection, name)


def _clear_fence(connection: Connection, name: str) -> None:
    left = fence.take_down(connection, name)
    if left:
        raise Unavailable(
            f"the fence's triggers stay on {', '.join(left[:_NAMED])}, which are in use; they refuse nothing",
            remedy="run it again when less is going on",
        )


def _attempt(side: Side, work: Callable[[Connection], None], failed: list[tuple[Side, ArraigoError]]) -> None:
    try:
        with _connected(side) as connection:
            work(connection)
    except ArraigoError as error:
        failed.append((side, error))


def _demand(found: list[Hindrance]) -> None:
    stops = [hindrance for hindrance in found if hindrance.stops]
    if stops:
        more = f" (and {len(stops) - 1} more, see: arraigo move plan)" if len(stops) > 1 else ""
        raise Unavailable(stops[0].what + more, safe="nothing was changed", remedy=stops[0].remedy)


@contextmanager
def _connected(side: Side) -> Iterator[psycopg.Connection[Any]]:
    try:
        with side.connect() as connection:
            yield connection
    except psycopg.Error as error:
        raise translate(error, where=side.name) from error
