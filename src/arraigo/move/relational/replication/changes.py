"""What a slot holds: whole transactions in the order of their commits, read by SQL and let go of when they are applied.

A peek leaves the slot as it is: whoever dies between reading and applying reads the same again. The server puts a
transaction together on its own disk and sends its rows as we take them, so that one of any size costs us no memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

import psycopg

from arraigo.errors import ArraigoError, NotFound, Unavailable
from arraigo.move.relational.names import label, quoted
from arraigo.move.relational.replication import pgoutput
from arraigo.move.relational.replication.pgoutput import (
    UNCHANGED,
    Decoded,
    Delete,
    Insert,
    Origin,
    Relation,
    Row,
    Truncate,
    Update,
)
from arraigo.postgres.translate import translate

Connection: TypeAlias = psycopg.Connection[Any]

_ORIGINS_SINCE = 160000  # pgoutput's option `origin`
_ROWS_AT_ONCE = 64
_POSITION = """SELECT pg_current_wal_flush_lsn()::text, confirmed_flush_lsn::text, clock_timestamp()
                 FROM pg_replication_slots WHERE slot_name = $1"""
_ADVANCE = """SELECT pg_replication_slot_advance(slot_name, $2::pg_lsn)
                FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn < $2::pg_lsn"""


class All(Enum):
    """Every row of a table, or some that cannot be named."""

    ALL = "all"


ALL: Final = All.ALL
Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a server is and where a slot's reader is, in bytes of its log; the distance is what is not applied yet."""

    written: int
    confirmed: int
    now: Any


def position(connection: Connection, slot: str) -> Position:
    """How far the server has written, and how far the slot was read.

    Raises:
        NotFound: There is no such slot.
    """
    row = psycopg.RawCursor(connection).execute(_POSITION, (slot,)).fetchone()
    if row is None:
        raise _gone(slot)
    return Position(pgoutput.lsn_number(row[0]), pgoutput.lsn_number(row[1]), row[2])


def advance(connection: Connection, slot: str, lsn: int) -> None:
    """Let the server forget what was committed up to `lsn`; a place behind the slot changes nothing."""
    psycopg.RawCursor(connection).execute(_ADVANCE, (slot, pgoutput.lsn_text(lsn)))


def messages(
    connection: Connection, slot: str, publication: str, *, upto: int | None = None, limit: int | None = None
) -> Iterator[Decoded]:
    """What the slot holds, from where it was confirmed; transactions come whole, in the order of their commits.

    Args:
        connection: In autocommit, to the server of the slot; busy until the last message is taken.
        slot: A logical slot of pgoutput.
        publication: Which tables.
        upto: Nothing that was committed after this place; None: all that is there.
        limit: End with the transaction that brings this number of messages; None: do not.

    Raises:
        NotFound: There is no such slot.
        Unavailable: It lost what it held, is read by somebody else, or sent what cannot be understood.
    """
    options = ["proto_version", "1", "publication_names", quoted(publication)]
    if connection.info.server_version >= _ORIGINS_SINCE:
        options += ["origin", "none"]  # below, the applier leaves out what says that it came from elsewhere
    cursor = psycopg.RawCursor(connection)
    query = "SELECT data FROM pg_logical_slot_peek_binary_changes($1, $2::pg_lsn, $3, VARIADIC $4::text[])"
    values = (slot, None if upto is None else pgoutput.lsn_text(upto), limit, options)
    try:
        for (data,) in cursor.stream(query, values, binary=True, size=_ROWS_AT_ONCE):
            yield pgoutput.decode(data)
    except psycopg.Error as error:
        raise _unreadable(error, slot) from error


def changed_keys(connection: Connection, slot: str, publication: str, upto: str) -> dict[str, set[Key] | All]:
    """Which rows were changed since the slot was confirmed, and up to `upto`; leaves the slot as it is.

    Returns:
        By table's label, the keys' values as text, in the order of the table's columns; an update of a key gives the
        old and the new one. ALL where a table was emptied, or where a change names no key (none, or the whole row).

    Raises:
        As `messages`.
    """
    relations: dict[int, Relation] = {}
    found: dict[str, set[Key] | All] = {}
    foreign = False
    for message in messages(connection, slot, publication, upto=pgoutput.lsn_number(upto)):
        match message:
            case Relation():
                relations[message.oid] = message
            case pgoutput.Begin():
                foreign = False
            case Origin():
                foreign = True
            case Truncate() if not foreign:
                found |= {_label(relations[oid]): ALL for oid in message.relations}
            case Insert() | Update() | Delete() if not foreign:
                _add(found, relations[message.relation], message)
            case _:
                pass
    return found


def _add(found: dict[str, set[Key] | All], relation: Relation, change: Insert | Update | Delete) -> None:
    name = _label(relation)
    known = found.setdefault(name, set())
    places = [place for place, field in enumerate(relation.fields) if field.key]
    if known is ALL or relation.identity == "f" or not places:
        found[name] = ALL
        return
    rows = [None if isinstance(change, Insert) else change.old, None if isinstance(change, Delete) else change.new]
    for row in rows:
        if row is not None:
            known.add(_key(row, places, name))


def _key(row: Row, places: Sequence[int], name: str) -> Key:
    values = [row[place] for place in places]
    if any(value is None or value is UNCHANGED for value in values):
        raise Unavailable(f"a change of {name} came without its key", remedy="copy that table again")
    return tuple(value.decode(errors="surrogateescape") for value in values if isinstance(value, bytes))


def _label(relation: Relation) -> str:
    return label(relation.schema, relation.name)


def _gone(slot: str) -> NotFound:
    return NotFound(f"there is no replication slot {slot}", remedy="what was written since cannot be followed any more")


def _unreadable(error: psycopg.Error, slot: str) -> ArraigoError:
    match error.sqlstate:
        case "42704":
            return _gone(slot)
        case "55000":
            return Unavailable(
                f"the replication slot {slot} lost what it held, or cannot be decoded here",
                safe="what was applied before stays",
                remedy="see max_slot_wal_keep_size and wal_level",
            )
        case "55006":
            return Unavailable(f"the replication slot {slot} is read by somebody else", remedy="end that, or try again")
    return translate(error)
