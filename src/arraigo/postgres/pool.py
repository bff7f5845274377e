"""Connections kept for the next caller.

psycopg_pool was tried: after a restart of the server its callers wait for its own back-off instead of being the first
to reconnect, and what went wrong is not in its error. This one connects when a caller needs it (docs/decisions/0006).
"""

import select
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.pq import ConnStatus, PipelineStatus, TransactionStatus

from arraigo.errors import Unavailable
from arraigo.postgres.protocol import Session
from arraigo.postgres.slots import AsyncSlots
from arraigo.postgres.target import APPLICATION_ROLE, Target
from arraigo.postgres.translate import translate


@dataclass
class AsyncHeld:
    """One open connection with what it has prepared."""

    connection: psycopg.AsyncConnection[Any]
    session: Session
    opened: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)

    @property
    def set_role(self) -> bool:
        """Whether a transaction must first become arraigo_app: a superuser would pass row-level security by."""
        return self.connection.info.user != APPLICATION_ROLE

    def usable(self) -> bool:
        """Whether the server has said nothing since: a socket that can be read while idle has been closed."""
        pgconn = self.connection.pgconn
        if pgconn.status != ConnStatus.OK or pgconn.transaction_status != TransactionStatus.IDLE:
            return False
        if pgconn.pipeline_status != PipelineStatus.OFF:
            return False
        poll = select.poll()
        poll.register(pgconn.socket, select.POLLIN)
        if not poll.poll(0):
            return True
        with suppress(psycopg.Error):  # a notice or a parameter change may have come; the end of file shows in status
            pgconn.consume_input()
            return pgconn.status == ConnStatus.OK and not poll.poll(0)
        return False


class AsyncPool:
    """At most `target.sizes.max_size` connections to one server."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._sizes = target.sizes
        self._slots = AsyncSlots(target.sizes.max_size)
        self._idle: deque[AsyncHeld] = deque()
        self._closed = False

    @asynccontextmanager
    async def held(self) -> AsyncIterator[AsyncHeld]:
        """A connection of one's own for the length of the block.

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
            held = await self._take()
            try:
                yield held
            finally:
                await self._put(held)
        finally:
            self._slots.release()

    async def _take(self) -> AsyncHeld:
        while self._idle:
            held = self._idle.pop()  # the one that was used last is the warmest
            if held.usable() and time.monotonic() - held.opened < self._sizes.recycle:
                return held
            await held.connection.close()
        if self._closed:
            raise Unavailable("the store is closed", remedy="open it again")
        try:
            connection = await psycopg.AsyncConnection.connect(self._target.conninfo(), autocommit=True)
        except psycopg.Error as error:
            raise translate(error, where=self._target.where) from error
        return AsyncHeld(connection, Session(connection, prepare=self._target.pooler != "transaction"))

    async def _put(self, held: AsyncHeld) -> None:
        if self._closed or not held.usable():
            await held.connection.close()
            return
        held.used = time.monotonic()
        self._idle.append(held)
        if len(self._idle) > self._sizes.min_size and held.used - self._idle[0].used > self._sizes.idle:
            await self._idle.popleft().connection.close()

    async def close(self) -> None:
        """Close what is idle; what is held is closed when it comes back."""
        self._closed = True
        while self._idle:
            await self._idle.pop().connection.close()
