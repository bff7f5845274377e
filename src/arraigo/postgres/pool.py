"""Connections kept for the next caller.

psycopg_pool was tried: after a restart of the server its callers wait for its own back-off instead of being the first
to reconnect, and what went wrong is not in its error. This one connects when a caller needs it (docs/decisions/0006).
"""

import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg

from arraigo.errors import Unavailable
from arraigo.postgres.protocol import Session
from arraigo.postgres.slots import AsyncSlots
from arraigo.postgres.target import APPLICATION_ROLE, Target
from arraigo.postgres.translate import not_connected, translate
from arraigo.postgres.waiting import AsyncWaiter, aside_async


@dataclass
class AsyncHeld:
    """One open connection with what it has prepared.

    Attributes:
        set_role: Whether a transaction must first become arraigo_app: a superuser would pass row-level security by.
    """

    waiter: AsyncWaiter
    session: Session
    set_role: bool
    opened: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)


class AsyncPool:
    """At most `target.sizes.max_size` connections to one server."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._sizes = target.sizes
        self._slots = AsyncSlots(target.sizes.max_size)
        self._idle: deque[AsyncHeld] = deque()
        self._closed = False

    async def acquire(self) -> AsyncHeld:
        """A connection of one's own until it is released.

        Raises:
            Unavailable: All are busy for `sizes.timeout` seconds, or the server cannot be reached.
        """
        if not await self._slots.acquire(self._sizes.timeout):
            count, seconds = self._sizes.max_size, self._sizes.timeout
            raise Unavailable(
                f"all {count} connections to {self._target.where} were busy for {seconds:g} s",
                remedy="try again, or raise DB_POOL_SIZE",
            )
        try:
            while held := self._take():
                if held.waiter.quiet and time.monotonic() - held.opened < self._sizes.recycle:
                    return held
                await held.waiter.close()
            return await self._connect()
        except BaseException:
            self._slots.release()
            raise

    def _take(self) -> AsyncHeld | None:
        """The idle one that was used last, which is the warmest; other threads take them too."""
        try:
            return self._idle.pop()
        except IndexError:
            return None

    async def _connect(self) -> AsyncHeld:
        if self._closed:
            raise Unavailable("the store is closed", remedy="open it again")
        try:
            try:
                connection = await psycopg.AsyncConnection.connect(self._target.conninfo(), autocommit=True)
            except psycopg.OperationalError:
                if self._target.revive is None:
                    raise
                await aside_async(self._target.revive)
                connection = await psycopg.AsyncConnection.connect(self._target.conninfo(), autocommit=True)
        except psycopg.Error as error:
            raise not_connected(translate(error, where=self._target.where)) from error
        except Unavailable as error:  # it could not be revived
            raise not_connected(error) from error
        session = Session(connection, prepare=self._target.pooler != "transaction")
        return AsyncHeld(AsyncWaiter(connection), session, connection.info.user != APPLICATION_ROLE)

    async def release(self, held: AsyncHeld) -> None:
        """Give it back; what was left in the middle of something is closed."""
        try:
            if self._closed or not held.waiter.idle:
                await held.waiter.close()
                return
            held.used = time.monotonic()
            self._idle.append(held)
            if len(self._idle) > self._sizes.min_size:
                with suppress(IndexError):  # another thread was faster
                    if held.used - self._idle[0].used > self._sizes.idle:
                        await self._idle.popleft().waiter.close()
            if self._closed:  # meanwhile
                await self.close()
        finally:
            self._slots.release()

    async def close(self) -> None:
        """Close what is idle; what is held is closed when it comes back."""
        self._closed = True
        while held := self._take():
            await held.waiter.close()
