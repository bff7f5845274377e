"""Group append: whatever has queued up goes to the database in one call, each item under its own identity.

A caller that finds its lane free sends its messages itself, at once. Those that come while it is out queue up and go
together in the next call. One lane serves a conversation, so that a busy conversation is written in groups instead of
waiting for its own lock (docs/decisions/0008).
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from arraigo.errors import ArraigoError, Conflict, NotFound, Unavailable
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.queries import load
from arraigo.postgres.sync.database import Database

_APPEND = load(__package__).append
_LANES = 2
_MOST_ITEMS = 256
_PATIENCE = 0.2  # seconds; a call that hangs on somebody's lock holds its lane no longer than that


class Item(NamedTuple):
    """One message on its way: whose it is, where it goes, what it says."""

    owner: UUID
    conversation: UUID
    id: UUID
    role: str
    content: str
    metadata: dict[str, Any] | None


class Outcome(NamedTuple):
    """What became of an item: 'stored', 'repeated', 'conflict', 'missing' or 'busy' (see arraigo.append)."""

    what: str
    sequence_number: int
    created_at: datetime


def parameters(items: Sequence[Item], *, wait: bool) -> dict[str, Any]:
    """The items as the columns that arraigo.append takes."""
    return {
        "owners": text_array([str(item.owner) for item in items]),
        "conversations": text_array([str(item.conversation) for item in items]),
        "ids": text_array([str(item.id) for item in items]),
        "roles": text_array([item.role for item in items]),
        "contents": text_array([item.content for item in items]),
        "metadata": text_array(
            [json.dumps(item.metadata, ensure_ascii=False) if item.metadata else None for item in items]
        ),
        "wait": wait,
    }


def outcomes(columns: Sequence[Any]) -> list[Outcome]:
    """The columns that arraigo.append gives, as one outcome per item."""
    return list(map(Outcome, *columns))


def settled(items: Sequence[Item], found: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes when all are well.

    Raises:
        NotFound: The conversation is not there, or not this owner's.
        Conflict: A message's id is there with other content.
        Unavailable: The conversation is still locked by somebody.
    """
    for item, outcome in zip(items, found, strict=True):
        if outcome.what == "missing":
            raise NotFound(f"there is no conversation {item.conversation}")
        if outcome.what == "conflict":
            raise Conflict(
                f"message {item.id} is there already with other content, as number {outcome.sequence_number}",
                safe="nothing of this call was stored for it",
                remedy="send new content under a new id",
            )
        if outcome.what == "busy":
            raise Unavailable(f"conversation {item.conversation} is locked by somebody else", remedy="try again")
    return list(found)


class Appender:
    """Appends in the caller's own thread; the database's row lock does the queueing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, items: Sequence[Item]) -> list[Outcome]:
        """Store one conversation's items; see `settled` for what can be raised."""
        asked = parameters(items, wait=True)
        try:
            found = self._database.call(_APPEND, asked, outcomes)
        except Conflict:  # the same id at the same moment from elsewhere: now it is there
            found = self._database.call(_APPEND, asked, outcomes)
        return settled(items, found)


class AsyncAppender:
    """Appends in groups, over a few lanes."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._lanes = [_Lane(database) for _ in range(_LANES)]

    async def append(self, items: Sequence[Item]) -> list[Outcome]:
        """Store one conversation's items; see `settled` for what can be raised."""
        lane = self._lanes[items[0].conversation.int % _LANES]
        try:
            found = await lane.append(items)
        except Conflict:
            found = []
        if not found or any(outcome.what == "busy" for outcome in found):
            found = await self._database.call(_APPEND, parameters(items, wait=True), outcomes)
        return settled(items, found)


class _Lane:
    """One call at a time, as long as calls are quick."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._taken = False
        self._queue: deque[tuple[Sequence[Item], asyncio.Future[list[Outcome]]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, items: Sequence[Item]) -> list[Outcome]:
        if not self._taken:
            self._taken = True
            return await self._call(items, wait=True)
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._queue.append((items, future))
        return await future

    async def _call(self, items: Sequence[Item], *, wait: bool) -> list[Outcome]:
        release = self._once(self._next)
        timer = asyncio.get_running_loop().call_later(_PATIENCE, release)
        try:
            return await self._database.call(_APPEND, parameters(items, wait=wait), outcomes)
        finally:
            timer.cancel()
            release()

    @staticmethod
    def _once(act: Callable[[], None]) -> Callable[[], None]:
        acts = [act]
        return lambda: acts.pop()() if acts else None

    def _next(self) -> None:
        """Hand the lane to what has queued up."""
        if not self._queue:
            self._taken = False
            return
        group = [self._queue.popleft()]
        count = len(group[0][0])
        while self._queue and count + len(self._queue[0][0]) <= _MOST_ITEMS:
            group.append(self._queue.popleft())
            count += len(group[-1][0])
        task = asyncio.get_running_loop().create_task(self._send(group))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, group: list[tuple[Sequence[Item], asyncio.Future[list[Outcome]]]]) -> None:
        items = [item for part, _ in group for item in part]
        try:
            found = await self._call(items, wait=len(group) == 1)
        except ArraigoError as error:
            await self._send_alone(group, error)
            return
        except BaseException as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            raise
        place = 0
        for part, future in group:
            if not future.done():  # its caller may have gone
                future.set_result(found[place : place + len(part)])
            place += len(part)

    async def _send_alone(
        self, group: list[tuple[Sequence[Item], asyncio.Future[list[Outcome]]]], error: ArraigoError
    ) -> None:
        """One of the group spoiled the call: each goes alone, unless it is the database that is away."""
        for part, future in group:
            try:
                if isinstance(error, Unavailable) or len(group) == 1:
                    raise error
                found = await self._database.call(_APPEND, parameters(part, wait=True), outcomes)
            except ArraigoError as own:
                if not future.done():
                    future.set_exception(own)
            else:
                if not future.done():
                    future.set_result(found)
