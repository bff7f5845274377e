"""Rows from one server to the other: COPY on both sides, and each frame handed on as it came."""

import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq, sql

from arraigo.move.relational.catalog import Table
from arraigo.move.relational.formats import Format, copied
from arraigo.move.relational.sessions import Connection

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


def copy(source: Connection, target: Connection, slice_: Slice, format_: Format, tell: Callable[[int], None]) -> Copied:
    """Copy a slice within both connections' transactions. A whole table's rows are frozen: nobody sees them before.

    Args:
        source: In the snapshot.
        target: In the transaction in which the table was emptied.
        slice_: What.
        format_: How.
        tell: Is told the bytes that went over since it was told last.

    Raises:
        psycopg.Error: Either server refuses, or is gone; the target's transaction is broken then.
    """
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in copied(slice_.table))
    what = sql.SQL("SELECT {} FROM ONLY {}").format(columns, slice_.table.sql)
    if slice_.condition:
        what = sql.SQL("{} WHERE {}").format(what, slice_.condition)
    read = sql.SQL("COPY ({}) TO STDOUT (FORMAT {})").format(what, sql.SQL(format_))
    options = sql.SQL("FORMAT {}{}").format(sql.SQL(format_), sql.SQL(", FREEZE" if slice_.whole else ""))
    write = sql.SQL("COPY {} ({}) FROM STDIN ({})").format(slice_.table.sql, columns, options)
    out, into = source.pgconn, target.pgconn
    _begin(into, write.as_bytes(target), pq.ExecStatus.COPY_IN)
    try:
        _begin(out, read.as_bytes(source), pq.ExecStatus.COPY_OUT)
        size = _forward(out, into, tell)
    except BaseException:
        _abandon(into)
        raise
    into.put_copy_end()
    done = _result(into)
    _result(out)
    return Copied(done.command_tuples or 0, size)


def _begin(connection: pq.abc.PGconn, command: bytes, expected: pq.ExecStatus) -> None:
    connection.send_query(command)
    _flush(connection)
    _wait(connection)
    result = connection.get_result()
    if result is None or result.status != expected:
        _drain(connection)
        raise _error(connection, result)


def _forward(out: pq.abc.PGconn, into: pq.abc.PGconn, tell: Callable[[int], None]) -> int:
    """Every frame, in batches: libpq gives them one row each. Neither side's memory grows with the table."""
    total = told = size = 0
    parts: list[Any] = []
    get = out.get_copy_data
    while True:
        count, data = get(1)
        if count > 0:
            parts.append(data)
            size += count
            if size >= _BATCH:
                _put(into, parts)
                total, size = total + size, 0
                if total - told >= _TELL:
                    tell(total - told)
                    told = total
        elif count == 0:
            select.select([out.socket], [], [])
            out.consume_input()
        else:
            break
    if count == -2:  # noqa: PLR2004 - libpq's word for an error
        raise _error(out, None)
    _put(into, parts)
    tell(total + size - told)
    return total + size


def _put(into: pq.abc.PGconn, parts: list[Any]) -> None:
    into.put_copy_data(b"".join(parts))
    parts.clear()
    _flush(into)


def _flush(connection: pq.abc.PGconn) -> None:
    while connection.flush():
        readable, _, _ = select.select([connection.socket], [connection.socket], [])
        if readable:  # the server may have something to say before it reads on
            connection.consume_input()


def _wait(connection: pq.abc.PGconn) -> None:
    while connection.is_busy():
        select.select([connection.socket], [], [])
        connection.consume_input()


def _result(connection: pq.abc.PGconn) -> pq.abc.PGresult:
    """The last answer to a COPY."""
    _flush(connection)
    _wait(connection)
    result = connection.get_result()
    if result is None or result.status != pq.ExecStatus.COMMAND_OK:
        _drain(connection)
        raise _error(connection, result)
    _drain(connection)
    return result


def _drain(connection: pq.abc.PGconn) -> None:
    while True:
        _wait(connection)
        if connection.get_result() is None:
            return


def _abandon(into: pq.abc.PGconn) -> None:
    """End a COPY that is not to be kept."""
    if into.status == pq.ConnStatus.OK:
        try:
            into.put_copy_end(b"abandoned")
            _flush(into)
            _drain(into)
        except psycopg.Error:
            return  # the connection is gone, and the transaction with it


def _error(connection: pq.abc.PGconn, result: pq.abc.PGresult | None) -> psycopg.Error:
    if result is None:
        _wait(connection)
        result = connection.get_result()
    if result is not None and result.status == pq.ExecStatus.FATAL_ERROR:
        return psycopg.errors.error_from_result(result)
    return psycopg.OperationalError("the connection was lost")
