"""Work for several pairs of connections at once: each task as soon as what it needs is done, the heaviest first."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql

from arraigo.errors import Unavailable
from arraigo.move.relational.sessions import Connection, connect, plain, told
from arraigo.postgres.target import Target

_MAINTENANCE = "256MB"  # of memory for one index
_LARGE = 1 << 30  # bytes of a table that lanes alone would be long about
_WORKERS = ("max_parallel_maintenance_workers", "max_parallel_workers_per_gather")
_PAUSE = 0.2  # seconds between two looks at an interrupt


@dataclass(slots=True)
class Lane:
    """One thread's connections; opened when they are first needed.

    Attributes:
        snapshot: The moment of the source that it reads; empty: the present.
    """

    source_at: Target
    target_at: Target
    name: str
    snapshot: str = ""
    _source: Connection | None = None
    _target: Connection | None = None
    _plain: bool | None = None
    _helped: bool = True

    @property
    def source(self) -> Connection:
        """To the source, in a transaction that reads the snapshot."""
        if self._source is None:
            self._source = connect(self.source_at, name=self.name)
            self._source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            if self.snapshot:
                self._source.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(self.snapshot)))
        return self._source

    @property
    def target(self) -> Connection:
        """To the target, in autocommit; what it writes is the move's to do again if the server falls."""
        if self._target is None:
            self._target = connect(self.target_at, name=self.name)
            self._target.execute("SET synchronous_commit = off")
            self._target.execute(f"SET maintenance_work_mem = '{_MAINTENANCE}'".encode())
            self._target.execute("SET check_function_bodies = off")
        return self._target

    @property
    def plain(self) -> bool:
        """Whether neither connection is encrypted."""
        if self._plain is None:
            self._plain = plain(self.source) and plain(self.target)
        return self._plain

    def prepare(self, size: int) -> None:
        """Before work on so many bytes: the servers' own workers help where it is large.

        Elsewhere the lanes are enough: workers would cost a fifth more of the processors that other lanes want.
        """
        helped = size > _LARGE
        if helped != self._helped:
            for connection in (self.source, self.target):
                for name in _WORKERS:
                    connection.execute(f"SET {name} TO {'DEFAULT' if helped else '0'}".encode())
            self._helped = helped

    def cancel(self) -> None:
        """Stop what the servers are doing for it; called from another thread."""
        for connection in (self._source, self._target):
            if connection is not None:
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=5)

    def close(self) -> None:
        """Let go of both."""
        for connection in (self._source, self._target):
            if connection is not None:
                connection.close()


@dataclass(slots=True)
class Task:
    """Something to do.

    Attributes:
        name: Its own.
        run: Does it.
        needs: The names of what must be done before.
        weight: The heavier goes first.
    """

    name: str
    run: Callable[[Lane], None]
    needs: frozenset[str] = frozenset()
    weight: float = 0


class _Board:
    """What is open, under way and done; guarded by its condition."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.error: BaseException | None = None
        self._open = {task.name: task for task in tasks}
        self._under_way: set[str] = set()
        self._condition = threading.Condition()

    def take(self) -> Task | None:
        """The heaviest task that can begin; None: there is nothing more to do."""
        with self._condition:
            while self.error is None and self._open:
                unfinished = self._open.keys() | self._under_way
                ready = [task for task in self._open.values() if not task.needs & unfinished]
                if ready:
                    chosen = max(ready, key=lambda task: task.weight)
                    del self._open[chosen.name]
                    self._under_way.add(chosen.name)
                    return chosen
                if not self._under_way:
                    raise AssertionError(f"tasks wait for each other: {sorted(self._open)}")
                self._condition.wait()
            return None

    def done(self, task: Task) -> None:
        """It has ended, well or not."""
        with self._condition:
            self._under_way.discard(task.name)
            self._condition.notify_all()

    def fail(self, error: BaseException) -> None:
        """Nothing more begins."""
        with self._condition:
            self.error = self.error or error
            self._condition.notify_all()


def perform(tasks: Iterable[Task], lanes: list[Lane]) -> None:
    """Do all of it. The first error stops the others, and is raised.

    Raises:
        ArraigoError, psycopg.Error: What a task raised.
        KeyboardInterrupt: Somebody stopped it; the servers were told to stop as well.
    """
    board = _Board(tasks)
    threads = [threading.Thread(target=_work, args=(board, lane), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            for thread in threads:
                thread.join(_PAUSE)
            if board.error is not None:
                _stop(threads, lanes)
    except KeyboardInterrupt as interrupt:
        board.fail(interrupt)
        _stop(threads, lanes)
    if board.error is not None:
        raise board.error


def _work(board: _Board, lane: Lane) -> None:
    try:
        while (task := board.take()) is not None:
            try:
                with told(lane.target_at):
                    task.run(lane)
            finally:
                board.done(task)
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
        board.fail(error)


def _stop(threads: list[threading.Thread], lanes: list[Lane]) -> None:
    for _ in range(10):
        for lane in lanes:
            lane.cancel()
        for thread in threads:
            thread.join(0.5)
        if not any(thread.is_alive() for thread in threads):
            return
    raise Unavailable("a server does not stop what it was told to stop", remedy="run the same command again to go on")
