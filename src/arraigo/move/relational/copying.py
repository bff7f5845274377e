"""Rows from one server to the other: COPY on both sides, and each frame handed on as it came."""

import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq, sql

from arraigo.errors import ArraigoError
from arraigo.move.relational import frames
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.formats import Format, copied
from arraigo.move.relational.lanes import Lane
from arraigo.move.relational.sessions import Connection, explained

_BATCH = 1 << 17  # bytes that go on at once
_TELL = 1 << 22  # bytes between two reports


@dataclass(frozen=True, slots=True)
class Slice:
    """A table, or a range of its key.

    Attributes:
        number: Which of how many, from 1; 1 of 1 is the whole table.
        where: The range, as SQL that both servers read the same; empty: everything.
    """

    table: Table
    number: int = 1
    of: int = 1
    where: str = ""

    @property
    def name(self) -> str:
        """As the ledger has it."""
        return self.table.label if self.of == 1 else f"{self.table.label} [{self.number}/{self.of}]"

    @property
    def condition(self) -> sql.SQL | None:
        """The range as a part of a statement."""
        # Made by `slicing`, and read back from the ledger.
        return sql.SQL(self.where) if self.where else None

    @property
    def bytes(self) -> int:
        """About how many it has on the source."""
        return self.table.bytes // self.of

    @property
    def whole(self) -> bool:
        """Whether it is all of its table."""
        return not self.where


@dataclass(frozen=True, slots=True)
class Copied:
    """How much went over."""

    rows: int
    bytes: int


class _End:
    """One side of a copy: libpq's connection, and where it leads."""

    def __init__(self, connection: Connection, where: str) -> None:
        self.libpq = connection.pgconn
        self._where = where

    def begin(self, command: bytes, expected: pq.ExecStatus) -> None:
        """Begin a COPY."""
        self.libpq.send_query(command)
        self.flush()
        self._wait()
        result = self.libpq.get_result()
        if result is None or result.status != expected:
            raise self.error(result)

    def result(self) -> pq.abc.PGresult:
        """The last answer to a COPY."""
        self.flush()
        self._wait()
        result = self.libpq.get_result()
        if result is None or result.status != pq.ExecStatus.COMMAND_OK:
            raise self.error(result)
        self.drain()
        return result

    def put(self, parts: list[Any]) -> None:
        """Hand rows on, and wait until the server has taken them."""
        self.libpq.put_copy_data(b"".join(parts))
        parts.clear()
        self.flush()

    def flush(self) -> None:
        """Send what libpq holds back."""
        while self.libpq.flush():
            readable, _, _ = select.select([self.libpq.socket], [self.libpq.socket], [])
            if readable:  # the server may have something to say before it reads on
                self.libpq.consume_input()

    def abandon(self) -> None:
        """End a COPY that is not to be kept."""
        if self.libpq.status == pq.ConnStatus.OK:
            try:
                self.libpq.put_copy_end(b"abandoned")
                self.flush()
                self.drain()
            except psycopg.Error:
                return  # the connection is gone, and the transaction with it

    def drain(self) -> None:
        """Leave nothing unread."""
        self._wait()
        while self.libpq.get_result() is not None:
            self._wait()

    def error(self, result: pq.abc.PGresult | None) -> ArraigoError:
        """What the server said, in our words."""
        try:
            if result is None:
                self._wait()
                result = self.libpq.get_result()
            self.drain()
        except psycopg.Error as error:
            return explained(error, self._where)
        if result is not None and result.status == pq.ExecStatus.FATAL_ERROR:
            return explained(psycopg.errors.error_from_result(result), self._where)
        return explained(psycopg.OperationalError("the connection was lost"), self._where)

    def _wait(self) -> None:
        while self.libpq.is_busy():
            select.select([self.libpq.socket], [], [])
            self.libpq.consume_input()


def copy(lane: Lane, slice_: Slice, format_: Format, tell: Callable[[int], None]) -> Copied:
    """Copy a slice within both connections' transactions. A whole table's rows are frozen: nobody sees them before.

    Args:
        lane: Its source in the snapshot, its target in the transaction in which the table was emptied.
        slice_: What.
        format_: How.
        tell: Is told the bytes that went over since it was told last.

    Raises:
        ArraigoError: Either server refuses, or is gone; the target's transaction is broken then.
    """
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in copied(slice_.table))
    listed = sql.SQL(" ({})").format(columns) if copied(slice_.table) else sql.SQL("")  # a table may have none
    what = slice_.table.sql + listed
    if slice_.condition:
        what = sql.SQL("(SELECT {} FROM ONLY {} WHERE {})").format(columns, slice_.table.sql, slice_.condition)
    read = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(what, sql.SQL(format_)).as_bytes(lane.source)
    options = sql.SQL("FORMAT {}{}").format(sql.SQL(format_), sql.SQL(", FREEZE" if slice_.whole else ""))
    write = sql.SQL("COPY {}{} FROM STDIN ({})").format(slice_.table.sql, listed, options)
    out, into = _End(lane.source, lane.source_at.where), _End(lane.target, lane.target_at.where)
    plain = lane.plain
    into.begin(write.as_bytes(lane.target), pq.ExecStatus.COPY_IN)
    try:
        size = frames.forward(lane, read, tell) if plain else _forward(out, into, read, tell)
    except BaseException:
        into.abandon()
        raise
    into.libpq.put_copy_end()
    done = into.result()
    return Copied(done.command_tuples or 0, size)


def _forward(out: _End, into: _End, query: bytes, tell: Callable[[int], None]) -> int:
    """Every frame, in batches: libpq gives them one row each. Neither side's memory grows with the table."""
    out.begin(query, pq.ExecStatus.COPY_OUT)
    total = told = size = 0
    parts: list[Any] = []
    get = out.libpq.get_copy_data
    while True:
        count, data = get(1)
        if count > 0:
            parts.append(data)
            size += count
            if size >= _BATCH:
                into.put(parts)
                total, size = total + size, 0
                if total - told >= _TELL:
                    tell(total - told)
                    told = total
        elif count == 0:
            select.select([out.libpq.socket], [], [])
            out.libpq.consume_input()
        else:
            break
    if count == -2:  # noqa: PLR2004 - libpq's word for an error
        raise out.error(None)
    into.put(parts)
    tell(total + size - told)
    out.result()
    return total + size
