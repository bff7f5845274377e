"""Our own way back: what is written on the target after a cut-over is applied to a source that may not subscribe.

Transaction by transaction, in the order of their commits; where it is stands in the same transaction, so that an
applier that was killed anywhere goes on without losing or doubling anything.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import psycopg

from arraigo.errors import ArraigoError, Conflict, Unavailable
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.replication import changes, stilling
from arraigo.move.relational.replication.pgoutput import lsn_number, lsn_text
from arraigo.move.relational.replication.writing import Writing
from arraigo.postgres.translate import connection_was_lost, rolled_back, translate

Connection: TypeAlias = psycopg.Connection[Any]
Connect: TypeAlias = Callable[[], Connection]

_MESSAGES = 20_000  # a peek ends with the transaction that brings this many
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0  # seconds between looks when nothing is written
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0  # seconds between attempts when a server is away
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Attributes:
        transactions: Applied by this applier.
        rows: Theirs.
        lsn: All that was committed on the reading side up to here is applied.
        lag_bytes: The log that the reading side has written since.
        lag_seconds: The age of the last transaction that was applied; 0 when there is nothing to apply.
    """

    transactions: int
    rows: int
    lsn: str
    lag_bytes: int
    lag_seconds: float


def _silent(_: object) -> None:
    """Be the default of what is told."""


class Applier:
    """Applies what a slot tells on one server to another.

    Args:
        read: A new connection, in autocommit and pinned, to the server of the slot; its user may replicate.
        write: The same to the server that is written to; its user owns the tables.
        slot: A logical slot of pgoutput.
        publication: The tables, partitions by their own names.
        tables: Those tables as the writing side has them.
        pass_key: What lets a session through the fence, where it does not work as a replica.
        tell: Is told after each look that applied something.

    All methods but `restore` raise:
        Conflict: The writing side lacks a row, a column or a table, or refuses a row; all before it is applied.
        Unavailable: A server is away for longer than is waited for, or the slot cannot be read.
    """

    def __init__(
        self,
        read: Connect,
        write: Connect,
        *,
        slot: str,
        publication: str,
        tables: Iterable[Table],
        pass_key: str = "",
        tell: Callable[[Progress], None] = _silent,
    ) -> None:
        self._connect_read, self._connect_write = read, write
        self._slot, self._publication, self._pass = slot, publication, pass_key
        self._tables = [table for table in tables if table.kind in "rp"]
        self._tell = tell
        self._reader: Connection | None = None
        self._written_to: Connection | None = None
        self._writing: Writing | None = None
        self._reached = 0
        self._transactions = self._rows = 0

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Connect to both sides, and still what would fire on the writing one."""
        try:
            self._opened()
        except psycopg.Error as error:
            self.close()
            raise _translated(error) from error

    def close(self) -> None:
        """Let go of both connections; the writing side stays stilled, for the next applier of this slot."""
        for connection in (self._reader, self._written_to):
            if connection is not None:
                with suppress(psycopg.Error):
                    connection.close()
        if self._writing is not None:
            self._writing.abandon()
            self._transactions += self._writing.transactions
            self._rows += self._writing.rows
        self._reader = self._written_to = self._writing = None

    def restore(self) -> None:
        """Make the writing side as it was, when the way back has ended; nothing can be applied afterwards.

        Raises:
            Unavailable: It is away, or one of its tables is locked by somebody.
        """
        self.close()
        try:
            with self._connect_write() as connection:
                stilling.restore(connection, self._slot)
        except psycopg.Error as error:
            raise _translated(error) from error

    @contextmanager
    def as_it_was(self) -> Iterator[Connection]:
        """A connection to the writing side that sees its tables as `restore` will leave them: to compare catalogs.

        Nothing can be applied until the block ends; it changes nothing.
        """
        try:
            with self._connect_write() as connection, stilling.as_it_was(connection, self._slot):
                yield connection
        except psycopg.Error as error:
            raise _translated(error) from error

    def catch_up(self, lsn: str) -> Progress:
        """Apply all that was committed up to this place; wait while a server is away, a minute in all."""
        return self.run_until(lsn)

    def run_until(self, lsn: str, *, patience: float = _PATIENCE) -> Progress:
        """Apply all that was committed up to this place, and perhaps a little more."""
        goal, given_up, wait = lsn_number(lsn), time.monotonic() + patience, _FIRST_WAIT
        while True:
            try:
                progress, _ = self._look(goal)
            except ArraigoError as error:
                if not _passes(error) or time.monotonic() + wait > given_up:
                    raise
                time.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            if self._reached >= goal:
                return progress
            time.sleep(_FIRST_PAUSE)

    def run_forever(
        self, stop: threading.Event, *, trouble: Callable[[ArraigoError], None] = _silent
    ) -> Progress | None:
        """Apply what is written, as it is written, until `stop` is set.

        A server that is away is tried again, at longer and longer intervals of up to half a minute; `trouble` is told
        of each failure.
        """
        progress, pause, wait = None, _FIRST_PAUSE, _FIRST_WAIT
        while not stop.is_set():
            try:
                progress, idle = self._look(None)
            except ArraigoError as error:
                if not _passes(error):
                    raise
                trouble(error)
                stop.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            wait = _FIRST_WAIT
            pause = min(2 * pause, _LONGEST_PAUSE) if idle else _FIRST_PAUSE
            if progress.lag_bytes == 0:
                stop.wait(pause)
        return progress

    def _look(self, goal: int | None) -> tuple[Progress, bool]:
        """Read what is there, up to some number of messages, and apply it; also whether there was nothing."""
        try:
            reader, writing = self._opened()
            place = changes.position(reader, self._slot)
            before, count = writing.transactions, 0
            if place.written > self._reached or goal is not None:
                for message in changes.messages(reader, self._slot, self._publication, upto=goal, limit=_MESSAGES):
                    writing.take(message)
                    count += 1
                writing.settle()
                seen = min(goal, place.written) if goal is not None else place.written
                self._reached = max(self._reached, writing.end, seen if count < _MESSAGES else 0)
                changes.advance(reader, self._slot, self._reached)
        except psycopg.Error as error:
            self.close()
            raise _translated(error) from error
        except ArraigoError:
            self.close()
            raise
        progress = self._progress(writing, place)
        applied = writing.transactions > before
        if applied:
            self._tell(progress)
        return progress, not applied

    def _progress(self, writing: Writing, place: changes.Position) -> Progress:
        lag = max(place.written - self._reached, 0)
        return Progress(
            transactions=self._transactions + writing.transactions,
            rows=self._rows + writing.rows,
            lsn=lsn_text(self._reached),
            lag_bytes=lag,
            lag_seconds=max((place.now - writing.at).total_seconds(), 0.0) if lag and writing.at else 0.0,
        )

    def _opened(self) -> tuple[Connection, Writing]:
        if self._reader is None:
            self._reader = self._connect_read()
        if self._writing is None:
            self._written_to = self._connect_write()
            self._writing = Writing(self._written_to, self._slot, self._tables, self._pass)
        return self._reader, self._writing


def _passes(error: ArraigoError) -> bool:
    """Whether it may well work in a while: nothing of the data stands against it."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return False
    state = cause.sqlstate or ""
    return connection_was_lost(cause) or rolled_back(cause) or state[:2] == "53" or state in {"55P03", "55006"}


_SAID: dict[str, tuple[type[ArraigoError], str, str]] = {
    "25006": (Unavailable, "the fence refuses the way back", "open the way back with the run's own key"),
    "42501": (
        Unavailable,
        "the way back may not write there, or its user is not the owner of every table",
        "use the owner's role",
    ),
    "55P03": (Unavailable, "another process applies this way back, or holds a table locked", "end that one first"),
}


def _translated(error: psycopg.Error) -> ArraigoError:
    """In our words, with names and never with values."""
    diag, state = error.diag, error.sqlstate or ""
    if state in _SAID:
        kind, what, remedy = _SAID[state]
    elif state == stilling.MISSING:
        kind, what, remedy = Conflict, str(diag.message_primary), "see who else writes there, and copy it again"
    elif state[:2] in {"22", "23", "P0"} and diag.table_name:
        rule = f" ({diag.constraint_name})" if diag.constraint_name else ""
        kind, what = Conflict, f"{diag.schema_name}.{diag.table_name} does not take a change{rule}, SQLSTATE {state}"
        remedy = "see who else writes there"
    elif state[:2] == "42":
        kind, what = Conflict, f"a change does not fit the tables that it goes to (SQLSTATE {state})"
        remedy = "compare both sides"
    else:
        return translate(error)
    return kind(what, safe="all transactions before this one are applied, and nothing of it", remedy=remedy)
