"""What takes one server's changes in on the other: the server itself, or we."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Protocol, Self

from arraigo.errors import Unavailable
from arraigo.move.relational.replication import slots, subscription
from arraigo.move.relational.replication.route import Connection, Way

PATIENCE = 20.0
"""Seconds that writes may be refused while the last changes are taken in, before the cut-over is given up."""
_NEAR = 0.2  # seconds; who takes in within that what is written at one moment does so in the pause too
_WAIT = 3_600.0  # seconds to come near; a large backlog takes its time, and nothing is refused meanwhile


class WayBack(Protocol):
    """An applier of our own, for a source that may not subscribe."""

    def catch_up(self, lsn: str) -> object:
        """Apply everything that the target committed before this place."""

    def restore(self) -> None:
        """Make the source as it was; nothing is applied any more."""


class Follower(Protocol):
    """Takes in, transaction by transaction, what the giver of a way commits."""

    def catch_up(self, lsn: str, *, patience: float = PATIENCE) -> None:
        """Return once everything committed before this place is applied."""

    def end(self) -> None:
        """Take nothing in any more: when this returns, nothing comes after it."""


class Native:
    """A subscription of the taker's server."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._taker: Connection

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._taker = stack.enter_context(self._way.taker.connect())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def catch_up(self, lsn: str, *, patience: float = PATIENCE) -> None:
        """Return once everything committed before this place is applied.

        Raises:
            Unavailable: It does not come that far within `patience` seconds, or the apply worker does not live.
        """
        subscription.wait_for(self._way, self._taker, lsn, patience=patience)

    def end(self) -> None:
        """Drop the subscription; its apply worker has ended then."""
        subscription.unsubscribe(self._taker, self._way.name)


class Own:
    """Our own applier."""

    def __init__(self, applier: WayBack) -> None:
        self._applier = applier

    def catch_up(self, lsn: str, *, patience: float = PATIENCE) -> None:  # noqa: ARG002 - it has its own
        """Apply what the other side committed before this place."""
        self._applier.catch_up(lsn)

    def end(self) -> None:
        """Make the written side as it was."""
        self._applier.restore()


def come_near(follower: Follower, giver: Connection, name: str, waiting: Callable[[], None]) -> None:
    """Return once what is written is taken in within moments.

    Raises:
        Unavailable: More is written than is taken in.
    """
    begun = time.monotonic()
    while True:
        asked = time.monotonic()
        follower.catch_up(slots.settle(giver), patience=_WAIT)
        now = time.monotonic()
        if now - asked < _NEAR:
            return
        if now - begun > _WAIT:
            raise Unavailable(
                f"{name} takes in less than is written",
                safe="nothing was changed",
                remedy="try again when less is written",
            )
        waiting()
