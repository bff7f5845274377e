"""Group append: whatever has queued up goes to the database in one call, each item under its own identity.

A caller that finds its lane free sends its messages itself, at once. Those that come while it is out queue up and go
together in the next call. One lane serves a conversation, so that a busy conversation is written in groups instead of
waiting for its own lock (docs/decisions/0008).
"""

import asyncio
import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakValueDictionary

from arraigo.errors import ArraigoError, Conflict, NotFound, Unavailable
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.jsonb import dumps
from arraigo.postgres.queries import load
from arraigo.postgres.sync.database import Database

QUERIES = load("arraigo.store")
_LANES = max(1, (os.cpu_count() or 2) // 2)  # two on two cores were slower: half as much in each call
_WELL = {"stored", "repeated"}
_MOST_ITEMS = 256
_MOST_CHARACTERS = 8_000_000
_PATIENCE = 0.2  # seconds; a call that hangs on somebody's lock holds its lane no longer than that


class Item(NamedTuple):
    """One message on its way: whose it is, where it goes, what it says; in the order of arraigo.append_one."""

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


def several(items: Sequence[Item], *, wait: bool) -> dict[str, Any]:
    """The items as the columns that arraigo.append takes."""
    return {
        "owners": text_array([str(item.owner) for item in items]),
        "conversations": text_array([str(item.conversation) for item in items]),
        "ids": text_array([str(item.id) for item in items]),
        "roles": text_array([item.role for item in items]),
        "contents": text_array([item.content for item in items]),
        "metadata": text_array([dumps(item.metadata) if item.metadata else None for item in items]),
        "wait": wait,
    }


def first(values: Sequence[Any]) -> Outcome:
    """What arraigo.append_one gives, as an outcome."""
    number, at = values
    return Outcome("missing", 0, at) if number is None else Outcome("stored", number, at)


def outcomes(columns: Sequence[Any]) -> list[Outcome]:
    """The columns that arraigo.append gives, as one outcome per item."""
    return list(map(Outcome, *columns))


def settled(items: Sequence[Item], found: list[Outcome]) -> list[Outcome]:
    """The outcomes when all are well.

    Raises:
        NotFound: The conversation is not there, or not this owner's.
        Conflict: A message's id is there with other content.
        Unavailable: The conversation is still locked by somebody.
    """
    wrong = [pair for pair in zip(items, found, strict=True) if pair[1].what not in _WELL]
    if wrong:
        raise _error(*min(wrong, key=lambda pair: pair[1].what == "busy"))
    return found


def _error(item: Item, outcome: Outcome) -> ArraigoError:
    if outcome.what == "missing":
        return NotFound(f"there is no conversation {item.conversation}")
    if outcome.what == "conflict":
        return Conflict(
            f"message {item.id} is there already with other content, as number {outcome.sequence_number}",
            safe="nothing of this call was stored for it",
            remedy="send new content under a new id",
        )
    return Unavailable(f"conversation {item.conversation} is locked by somebody else", remedy="try again")


class Appender:
    """Appends in the caller's own thread; the database's row lock does the queueing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, items: Sequence[Item], *, fresh: bool) -> list[Outcome]:  # noqa: ARG002 - for the twin
        """Store one conversation's items together; see `settled` for what can be raised."""
        if len(items) == 1:
            with suppress(Conflict):  # the id is there already: a retry, or a mistake
                return settled(items, [self._database.call(QUERIES.append_one, items[0], first)])
        return settled(items, self._database.call(QUERIES.append, several(items, wait=True), outcomes))


class AsyncAppender:
    """Appends in groups, over a few lanes."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._lanes = [_Lane(database) for _ in range(_LANES)]
        self._patient: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def append(self, items: Sequence[Item], *, fresh: bool) -> list[Outcome]:
        """Store one conversation's items together; see `settled` for what can be raised.

        Args:
            items: What to store.
            fresh: Whether their ids were made for this call, so that none can be there already.
        """
        if fresh or len(items) == 1:  # several that may be there already take a call of their own: all or nothing
            try:
                found = await self._lanes[items[0].conversation.int % _LANES].append(items)
                if "busy" not in [outcome.what for outcome in found]:
                    return settled(items, found)
            except Conflict:  # a retry, perhaps
                pass
        # However many write to a locked conversation, one connection waits for it: the others are for the others.
        async with self._patient.setdefault(items[0].conversation, asyncio.Lock()):
            return settled(items, await self._database.call(QUERIES.append, several(items, wait=True), outcomes))


class _Lane:
    """One call at a time, as long as calls are quick."""

    def __init__(self, database: AsyncDatabase) -> None:
        self._database = database
        self._turn: object | None = None  # whose call is out
        self._late: set[object] = set()  # whose calls are out still, after their turn
        self._queue: deque[_Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, items: Sequence[Item]) -> list[Outcome]:
        if self._turn is None and not self._late:
            turn = self._turn = object()
            try:
                if len(items) == 1:
                    return [await self._database.call(QUERIES.append_one, items[0], first)]
                return await self._database.call(QUERIES.append, several(items, wait=True), outcomes)
            finally:
                self._late.discard(turn)
                self._pass_on(turn)
        waiting = _Waiting(items, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._turn is None:
            self._pass_on(None)
        elif len(self._queue) == 1:
            self._overtake_soon()
        return await waiting.answer

    def _overtake_soon(self) -> None:
        """The call that is out may hang on somebody's lock."""
        asyncio.get_running_loop().call_later(_PATIENCE, self._overtake, self._turn)

    def _overtake(self, turn: object) -> None:
        if self._turn is turn and self._queue:
            self._late.add(turn)
            self._pass_on(turn)

    def _pass_on(self, turn: object | None) -> None:
        """The lane goes to what has queued up, unless it has gone on already."""
        if self._turn is not turn:
            return
        self._turn = object() if self._queue else None
        if self._turn is not None:
            task = asyncio.get_running_loop().create_task(self._send(self._turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _next_group(self) -> list["_Waiting"]:
        group: list[_Waiting] = []
        count = size = 0
        while self._queue:
            waiting = self._queue[0]
            count += len(waiting.items)
            size += sum(len(item.content) for item in waiting.items)
            if group and (count > _MOST_ITEMS or size > _MOST_CHARACTERS):
                self._overtake_soon()
                break
            self._queue.popleft()
            if not waiting.answer.done():  # its caller is still there
                group.append(waiting)
        return group

    async def _send(self, turn: object) -> None:
        group = self._next_group()
        try:
            if group:
                asked = several(
                    [item for waiting in group for item in waiting.items], wait=len(group) == 1 and not self._late
                )
                found = iter(await self._database.call(QUERIES.append, asked, outcomes))
                for waiting in group:
                    waiting.take([next(found) for _ in waiting.items])
                # Those that go on writing at once queue up now, and go in the next group rather than one ahead of it.
                await asyncio.sleep(0)
        except ArraigoError as error:
            self._pass_on(turn)
            await self._send_alone(group, error)
        finally:
            for waiting in group:  # a mistake of ours: nobody is left waiting for ever
                waiting.fail(Unavailable("the messages could not be sent", remedy="try again"))
            self._late.discard(turn)
            self._pass_on(turn)

    async def _send_alone(self, group: Sequence["_Waiting"], error: ArraigoError) -> None:
        """One of the group spoiled the call: each goes alone, unless it is the database that is away."""
        for waiting in group:
            if isinstance(error, Unavailable) or len(group) == 1:
                waiting.fail(error)
                continue
            try:
                waiting.take(await self._database.call(QUERIES.append, several(waiting.items, wait=True), outcomes))
            except ArraigoError as own:
                waiting.fail(own)


@dataclass(frozen=True)
class _Waiting:
    """A caller's items and where the answer goes; the caller may have gone by then."""

    items: Sequence[Item]
    answer: asyncio.Future[list[Outcome]]

    def take(self, found: list[Outcome]) -> None:
        if not self.answer.done():
            self.answer.set_result(found)

    def fail(self, error: ArraigoError) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
