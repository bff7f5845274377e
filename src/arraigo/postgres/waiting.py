"""Waiting for a connection's socket: what asyncio and threads do differently.

psycopg's own `wait` registers the socket with the event loop anew for every wait; an append waits once, and the two
system calls and the timer around it were a tenth of its time. Here the socket stays registered (docs/decisions/0005).
"""

import asyncio
import select
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import ConnStatus, PipelineStatus, TransactionStatus
from psycopg.waiting import READY_R, READY_W, WAIT_W

T = TypeVar("T")
_CANCEL_PATIENCE = 2.0  # seconds


class AsyncWaiter:
    """Runs exchanges on one connection in the running event loop."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._socket = connection.pgconn.socket
        self._waiting: asyncio.Future[int] | None = None
        self._busy = False
        self._disturbed = False
        self._loop.add_reader(self._socket, self._readable)

    def _readable(self) -> None:
        if self._waiting is not None:
            if not self._waiting.done():
                self._waiting.set_result(READY_R)
        elif not self._busy and _readable(self._socket):  # not an event of the exchange that has just ended
            self._disturbed = True  # the server spoke unasked: it has closed, or is about to
            self._loop.remove_reader(self._socket)

    def _writable(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(READY_W)

    async def run(self, exchange: PQGen[T]) -> T:
        """Let the exchange go on whenever its socket is ready; what it returns.

        When the caller is cancelled in the middle, the connection is left unusable and gets closed.
        """
        self._busy = True
        try:
            wanted = next(exchange)
            while True:
                self._waiting = self._loop.create_future()
                if wanted & WAIT_W:
                    self._loop.add_writer(self._socket, self._writable)
                try:
                    ready = await self._waiting
                finally:
                    self._waiting = None
                    if wanted & WAIT_W:
                        self._loop.remove_writer(self._socket)
                wanted = exchange.send(ready)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            self._busy = False

    @property
    def usable(self) -> bool:
        """Whether the connection is idle and the server has said nothing since."""
        return not self._disturbed and _idle(self._connection.pgconn)

    async def close(self) -> None:
        """Close the connection; a statement whose caller has gone is cancelled, or its backend would wait on."""
        if not self._disturbed:
            self._loop.remove_reader(self._socket)
        try:
            if self._connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                with suppress(psycopg.Error):
                    await self._connection.cancel_safe(timeout=_CANCEL_PATIENCE)
        finally:
            await self._connection.close()


class Waiter:
    """Runs exchanges on one connection in the calling thread."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def run(self, exchange: PQGen[T]) -> T:
        """Run the exchange to its end; what it returns."""
        return self._connection.wait(exchange)

    @property
    def usable(self) -> bool:
        """Whether the connection is idle and the server has said nothing since."""
        pgconn = self._connection.pgconn
        return _idle(pgconn) and not _readable(pgconn.socket)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _idle(pgconn: psycopg.pq.abc.PGconn) -> bool:
    return (
        pgconn.status == ConnStatus.OK
        and pgconn.transaction_status == TransactionStatus.IDLE
        and pgconn.pipeline_status == PipelineStatus.OFF
    )


def _readable(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
