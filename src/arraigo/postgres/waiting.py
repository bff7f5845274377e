"""Waiting for a connection's socket: what asyncio and threads do differently.

psycopg's own `wait` registers the socket with the event loop anew for every wait; an append waits once, and the two
system calls and the timer around it were a tenth of its time. Here the socket stays registered, and what it brings is
read in the event loop's own callback: the caller is woken once, with the answer (docs/decisions/0005).
"""

import asyncio
import select
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import ConnStatus, PipelineStatus, TransactionStatus
from psycopg.waiting import READY_R, READY_W, WAIT_W

T = TypeVar("T")
_CANCEL_PATIENCE = 2.0  # seconds


async def aside_async(act: Callable[[], T]) -> T:
    """Do what blocks beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_beside(), act)


@cache
def _beside() -> ThreadPoolExecutor:
    """Many threads, since what they do is waiting: writes to the journal share one fsync."""
    return ThreadPoolExecutor(64, "arraigo")


def aside(act: Callable[[], T]) -> T:
    """Do what blocks."""
    return act()


class AsyncWaiter:
    """Runs exchanges on one connection in the running event loop."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._socket = connection.pgconn.socket
        self._readable_now = _peek(self._socket)
        self._exchange: PQGen[Any] | None = None
        self._answer: asyncio.Future[Any] = self._loop.create_future()
        self._writing = False
        self._disturbed = False
        self._loop.add_reader(self._socket, self._readable)

    def _readable(self) -> None:
        if self._exchange is not None:
            self._go_on(READY_R)
        elif self._readable_now():  # not an event of the exchange that has just ended
            self._disturbed = True  # the server spoke unasked: it has closed, or is about to
            self._loop.remove_reader(self._socket)

    async def run(self, exchange: PQGen[T]) -> T:
        """Let the exchange go on whenever its socket is ready; what it returns.

        When the caller is cancelled in the middle, the connection is left unusable and gets closed.
        """
        self._exchange = exchange
        self._answer = answer = self._loop.create_future()
        try:
            self._go_on(None)
            result: T = await answer
            return result
        finally:
            self._end()

    def _go_on(self, ready: Any) -> None:
        """The exchange's next step: it says what it waits for, or what it has found."""
        if self._exchange is None or self._answer.done():  # its caller has gone
            return
        try:
            wanted = self._exchange.send(ready)
        except StopIteration as end:
            self._end()
            self._answer.set_result(end.value)
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            self._end()
            self._answer.set_exception(error)
        else:
            self._want_to_write(bool(wanted & WAIT_W))

    def _end(self) -> None:
        self._exchange = None
        self._want_to_write(False)

    def _want_to_write(self, wanted: bool) -> None:  # noqa: FBT001 - the name says it
        if wanted != self._writing:
            self._writing = wanted
            if wanted:
                self._loop.add_writer(self._socket, self._go_on, READY_W)
            else:
                self._loop.remove_writer(self._socket)

    @property
    def idle(self) -> bool:
        """Whether the connection is between two exchanges."""
        return _idle(self._connection.pgconn)

    @property
    def quiet(self) -> bool:
        """Whether the server has said nothing since the last exchange; if it has, it is about to close.

        The event loop may not have been round since then, so that the socket is asked as well.
        """
        return not self._disturbed and not self._readable_now()

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
        self._readable_now = _peek(connection.pgconn.socket)

    def run(self, exchange: PQGen[T]) -> T:
        """Run the exchange to its end; what it returns."""
        return self._connection.wait(exchange)

    @property
    def idle(self) -> bool:
        """Whether the connection is between two exchanges."""
        return _idle(self._connection.pgconn)

    @property
    def quiet(self) -> bool:
        """Whether the server has said nothing since the last exchange; if it has, it is about to close."""
        return not self._readable_now()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _idle(pgconn: psycopg.pq.abc.PGconn) -> bool:
    return (
        pgconn.status == ConnStatus.OK
        and pgconn.transaction_status == TransactionStatus.IDLE
        and pgconn.pipeline_status == PipelineStatus.OFF
    )


def _peek(socket: int) -> Callable[[], bool]:
    """What tells whether there is something to read at this moment."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return lambda: bool(poll.poll(0))
