"""Rows handed from one server's socket to the other's as they came, where nothing on the way is encrypted.

libpq gives each row as an object of its own, which costs more than either server's work on it. Here only the headers of
the messages are looked at: the sending server's rows are, byte for byte, what the receiving one waits for.
"""

import select
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import pq

from arraigo.errors import ArraigoError
from arraigo.move.relational.lanes import Lane
from arraigo.move.relational.sessions import Connection, explained

_HEADER = struct.Struct("!BI")  # a message's kind, and its length without the kind
_BUFFER = 1 << 18
_TELL = 1 << 22  # bytes between two reports
_DATA, _ERROR, _READY = b"dEZ"


def forward(lane: Lane, query: bytes, tell: Callable[[int], None]) -> int:
    """Send a COPY TO STDOUT to the source, and the rows that it answers with to the target, which waits for them.

    Args:
        lane: One that is `plain`.
        query: The statement.
        tell: Is told the bytes that went over since it was told last.

    Returns:
        How many bytes went over.

    Raises:
        ArraigoError: The source refuses, or one server is gone.
    """
    with _wire(lane.source, lane.source_at.where) as source, _wire(lane.target, lane.target_at.where) as target:
        try:
            source.send(b"Q" + struct.pack("!I", len(query) + 5) + query + b"\0")
            total = _hand_on(source, target, tell)
        except BaseException:
            lane.close()  # one may wait for the rest of a row that does not come
            raise
        if source.error is not None:
            raise source.error
        return total


def _hand_on(source: "_Wire", target: "_Wire", tell: Callable[[int], None]) -> int:
    total = told = 0
    for piece in _rows(source):
        target.send(piece)
        total += len(piece)
        if total - told >= _TELL:
            tell(total - told)
            told = total
    tell(total - told)
    return total


class _Wire:
    """A connection's socket, while libpq has nothing to do with it; and what the server refused."""

    def __init__(self, bare: socket.socket, libpq: pq.abc.PGconn, where: str) -> None:
        self.error: ArraigoError | None = None
        self._bare, self._libpq, self._where = bare, libpq, where

    def receive(self, room: memoryview) -> int:
        """Wait for bytes; how many there are."""
        while True:
            try:
                size = self._bare.recv_into(room)
            except BlockingIOError:
                select.select([self._bare], [], [])
                continue
            except OSError:
                size = 0
            if not size:
                raise self.lost()
            return size

    def send(self, data: bytes | memoryview) -> None:
        """Wait until the server has taken all of it."""
        left = memoryview(data)
        while left:
            try:
                left = left[self._bare.send(left) :]
            except BlockingIOError:
                readable, _, _ = select.select([self._bare], [self._bare], [])
                if readable:  # the server may have something to say before it reads on
                    self._libpq.consume_input()
            except OSError:
                raise self.lost() from None

    def lost(self) -> ArraigoError:
        """What there is to say when the server is gone."""
        return explained(psycopg.OperationalError("the connection was lost"), self._where)

    def refused(self, fields: bytes) -> ArraigoError:
        """What a server says in an ErrorResponse."""
        said = {part[0]: part[1:] for part in fields.split(b"\0") if part}
        kind: type[psycopg.Error] = psycopg.DatabaseError
        with suppress(KeyError):  # somebody's own code
            kind = psycopg.errors.lookup(said[pq.DiagnosticField.SQLSTATE].decode())
        info: dict[int, bytes | None] = {field: said.get(field) for field in pq.DiagnosticField}
        return explained(kind(said[pq.DiagnosticField.MESSAGE_PRIMARY].decode(), info=info), self._where)


def _rows(source: _Wire) -> Iterator[memoryview]:
    """The messages with rows, in pieces that end anywhere. Neither side's memory grows with the table."""
    buffer = bytearray(_BUFFER)
    view = memoryview(buffer)
    header = _HEADER.unpack_from
    held = skip = 0  # bytes kept from the last turn; bytes of a row that are still to come
    while True:
        end = held + source.receive(view[held:])
        last = end - _HEADER.size
        start, place = 0, skip
        while place <= last:
            kind, size = header(buffer, place)
            if kind == _DATA:
                place += size + 1
                continue
            if place + size >= end:  # not all of it is here
                break
            yield view[start:place]
            start = place + size + 1
            if kind == _ERROR:
                source.error = source.refused(bytes(view[place + _HEADER.size : start]))
            elif kind == _READY:
                return
            place = start
        yield view[start : min(place, end)]
        skip, held = max(0, place - end), max(0, end - place)
        buffer[:held] = buffer[place : place + held]


@contextmanager
def _wire(connection: Connection, where: str) -> Iterator[_Wire]:
    """The socket of a connection that has nothing unread; afterwards it is libpq's again."""
    bare = socket.socket(fileno=connection.pgconn.socket)
    try:
        yield _Wire(bare, connection.pgconn, where)
    finally:
        bare.detach()
