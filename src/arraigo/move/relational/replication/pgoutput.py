"""Messages of pgoutput, PostgreSQL's own logical decoding plugin: protocol version 1, values as text.

PostgreSQL 18 manual, 54.9 "Logical Replication Message Formats". Values stay the server's bytes, in the connection's
encoding: they go on as they came.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, NoReturn, TypeAlias

from arraigo.errors import Unavailable

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Unchanged(Enum):
    """A value outside of its row (TOAST) that an update did not touch and that the server did not send."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
Value: TypeAlias = bytes | Unchanged | None
Row: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """A committed transaction begins; `commit` is where its commit record starts in the log."""

    commit: int
    at: datetime
    xid: int


@dataclass(frozen=True, slots=True)
class Commit:
    """It is complete; `end` is the end of its commit record: where a reader goes on."""

    commit: int
    end: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """The transaction came to that server by replication from elsewhere."""

    commit: int
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a relation: whether its replica identity holds it, its type's oid and modifier over there."""

    key: bool
    name: str
    type: int
    modifier: int


@dataclass(frozen=True, slots=True)
class Relation:
    """What the following rows of this oid look like; `identity` is pg_class.relreplident: d, n, f or i."""

    oid: int
    schema: str
    name: str
    identity: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """The name of a type that is not built in."""

    oid: int
    schema: str
    name: str


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    relation: int
    new: Row


@dataclass(frozen=True, slots=True)
class Update:
    """`old` is None where the key did not change; else the key alone (others None), or with `full` the whole row."""

    relation: int
    old: Row | None
    full: bool
    new: Row


@dataclass(frozen=True, slots=True)
class Delete:
    """`old` is the key alone (others None), or with `full` the whole row."""

    relation: int
    old: Row
    full: bool


@dataclass(frozen=True, slots=True)
class Truncate:
    """These relations were emptied; those that a cascade reached are among them."""

    relations: tuple[int, ...]
    cascade: bool
    restart_identity: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What pg_logical_emit_message() wrote; outside of every transaction when it is not `transactional`."""

    transactional: bool
    lsn: int
    prefix: str
    content: bytes


Change: TypeAlias = Insert | Update | Delete | Truncate
Decoded: TypeAlias = Begin | Commit | Origin | Relation | Type | Change | Message

_INT = struct.Struct(">I")
_SIGNED = struct.Struct(">i")
_SHORT = struct.Struct(">h")
_BEGIN = struct.Struct(">QqI")
_COMMIT = struct.Struct(">xQQq")
_TRUNCATE = struct.Struct(">iB")
_MESSAGE = struct.Struct(">BQ")
_NULL, _TEXT, _UNCHANGED = b"ntu"
_KEY, _OLD, _NEW = b"KON"
_WHOLE = 1  # where a message's body starts


def decode(data: bytes) -> Decoded:
    """One message.

    Raises:
        Unavailable: It is of a kind that version 1 does not know, is cut, or has bytes left over.
    """
    reader = _READERS.get(data[:1])
    if reader is None:
        raise Unavailable(
            f"the replication stream has a message of the unknown kind {data[:1]!r}",
            safe="nothing of its transaction was applied",
            remedy="see whether a newer version of Arraigo knows this server",
        )
    try:
        found, end = reader(data, _WHOLE)
    except (IndexError, struct.error, UnicodeDecodeError, OverflowError, ValueError):
        _broken(data)
    if end != len(data):
        _broken(data)
    return found


def lsn_text(lsn: int) -> str:
    """A place in the log as SQL writes it."""
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


def lsn_number(text: str) -> int:
    """A place in the log, from what SQL gives; its differences are bytes."""
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


def _broken(data: bytes) -> NoReturn:
    raise Unavailable(
        f"the replication stream has a broken message of kind {data[:1]!r} ({len(data)} bytes)",
        safe="nothing of its transaction was applied",
        remedy="try again; if it stays, roll back from a fresh copy",
    ) from None


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(0, at)
    return data[at:end].decode(), end + 1


def _row(data: bytes, at: int) -> tuple[Row, int]:
    (count,) = _SHORT.unpack_from(data, at)
    if count < 0:
        raise ValueError
    at += 2
    values: list[Value] = []
    for _ in range(count):
        kind = data[at]
        at += 1
        if kind == _TEXT:
            (length,) = _INT.unpack_from(data, at)
            at += 4 + length
            if at > len(data):
                raise ValueError
            values.append(data[at - length : at])
        elif kind == _NULL:
            values.append(None)
        elif kind == _UNCHANGED:
            values.append(UNCHANGED)
        else:  # 'b', binary, is only sent when it is asked for
            raise ValueError
    return tuple(values), at


def _new_row(data: bytes, at: int) -> tuple[Row, int]:
    if data[at] != _NEW:
        raise ValueError
    return _row(data, at + 1)


def _begin(data: bytes, at: int) -> tuple[Begin, int]:
    commit, moment, xid = _BEGIN.unpack_from(data, at)
    return Begin(commit, EPOCH + timedelta(microseconds=moment), xid), at + _BEGIN.size


def _commit(data: bytes, at: int) -> tuple[Commit, int]:
    commit, end, moment = _COMMIT.unpack_from(data, at)
    return Commit(commit, end, EPOCH + timedelta(microseconds=moment)), at + _COMMIT.size


def _origin(data: bytes, at: int) -> tuple[Origin, int]:
    (commit,) = struct.unpack_from(">Q", data, at)
    name, at = _text(data, at + 8)
    return Origin(commit, name), at


def _relation(data: bytes, at: int) -> tuple[Relation, int]:
    (oid,) = _INT.unpack_from(data, at)
    schema, at = _text(data, at + 4)
    name, at = _text(data, at)
    identity = chr(data[at])
    (count,) = _SHORT.unpack_from(data, at + 1)
    at += 3
    fields = []
    for _ in range(count):
        key = bool(data[at] & 1)
        column, at = _text(data, at + 1)
        (kind,) = _INT.unpack_from(data, at)
        (modifier,) = _SIGNED.unpack_from(data, at + 4)
        at += 8
        fields.append(Field(key, column, kind, modifier))
    return Relation(oid, schema or "pg_catalog", name, identity, tuple(fields)), at


def _type(data: bytes, at: int) -> tuple[Type, int]:
    (oid,) = _INT.unpack_from(data, at)
    schema, at = _text(data, at + 4)
    name, at = _text(data, at)
    return Type(oid, schema or "pg_catalog", name), at


def _insert(data: bytes, at: int) -> tuple[Insert, int]:
    (relation,) = _INT.unpack_from(data, at)
    new, at = _new_row(data, at + 4)
    return Insert(relation, new), at


def _update(data: bytes, at: int) -> tuple[Update, int]:
    (relation,) = _INT.unpack_from(data, at)
    at += 4
    kind, old = data[at], None
    if kind in (_KEY, _OLD):
        old, at = _row(data, at + 1)
    new, at = _new_row(data, at)
    return Update(relation, old, kind == _OLD, new), at


def _delete(data: bytes, at: int) -> tuple[Delete, int]:
    (relation,) = _INT.unpack_from(data, at)
    kind = data[at + 4]
    if kind not in (_KEY, _OLD):
        raise ValueError
    old, at = _row(data, at + 5)
    return Delete(relation, old, kind == _OLD), at


def _truncate(data: bytes, at: int) -> tuple[Truncate, int]:
    count, options = _TRUNCATE.unpack_from(data, at)
    at += _TRUNCATE.size
    relations = struct.unpack_from(f">{count}I", data, at)
    return Truncate(relations, bool(options & 1), bool(options & 2)), at + 4 * count


def _message(data: bytes, at: int) -> tuple[Message, int]:
    flags, lsn = _MESSAGE.unpack_from(data, at)
    prefix, at = _text(data, at + _MESSAGE.size)
    (length,) = _INT.unpack_from(data, at)
    at += 4 + length
    if at > len(data):
        raise ValueError
    return Message(bool(flags & 1), lsn, prefix, data[at - length : at]), at


_READERS: dict[bytes, Callable[[bytes, int], tuple[Decoded, int]]] = {
    b"B": _begin,
    b"C": _commit,
    b"O": _origin,
    b"R": _relation,
    b"Y": _type,
    b"I": _insert,
    b"U": _update,
    b"D": _delete,
    b"T": _truncate,
    b"M": _message,
}
