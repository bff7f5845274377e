"""The decoder of pgoutput, against a small encoder written from the same page of the manual."""

import struct
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arraigo.errors import Unavailable
from arraigo.move.relational.replication import pgoutput
from arraigo.move.relational.replication.pgoutput import (
    EPOCH,
    UNCHANGED,
    Begin,
    Commit,
    Decoded,
    Delete,
    Field,
    Insert,
    Message,
    Origin,
    Relation,
    Row,
    Truncate,
    Type,
    Update,
    decode,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
OIDS = st.integers(0, 2**32 - 1)
LSNS = st.integers(0, 2**64 - 1)
MOMENTS = st.integers(0, 2**52).map(lambda moment: EPOCH + timedelta(microseconds=moment))
ROWS = st.lists(st.none() | st.just(UNCHANGED) | st.binary(max_size=20), max_size=6).map(tuple)
MESSAGES: st.SearchStrategy[Decoded] = st.one_of(
    st.builds(Begin, LSNS, MOMENTS, OIDS),
    st.builds(Commit, LSNS, LSNS, MOMENTS),
    st.builds(Origin, LSNS, NAMES),
    st.builds(
        Relation,
        OIDS,
        NAMES,
        NAMES,
        st.sampled_from("dnfi"),
        st.lists(st.builds(Field, st.booleans(), NAMES, OIDS, st.integers(-1, 99)), max_size=4).map(tuple),
    ),
    st.builds(Type, OIDS, NAMES, NAMES),
    st.builds(Insert, OIDS, ROWS),
    st.builds(Update, OIDS, st.none(), st.just(value=False), ROWS),
    st.builds(Update, OIDS, ROWS, st.booleans(), ROWS),
    st.builds(Delete, OIDS, ROWS, st.booleans()),
    st.builds(Truncate, st.lists(OIDS, max_size=4).map(tuple), st.booleans(), st.booleans()),
    st.builds(Message, st.booleans(), LSNS, NAMES, st.binary(max_size=20)),
)


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def microseconds(message: Begin | Commit) -> int:
    return (message.at - EPOCH) // timedelta(microseconds=1)


def row(values: Row) -> bytes:
    written = struct.pack(">h", len(values))
    for value in values:
        if value is None:
            written += b"n"
        elif isinstance(value, bytes):
            written += b"t" + struct.pack(">I", len(value)) + value
        else:
            written += b"u"
    return written


def encode(message: Decoded) -> bytes:  # noqa: C901, PLR0911 - one way out for each kind of message
    match message:
        case Begin():
            return struct.pack(">cQqI", b"B", message.commit, microseconds(message), message.xid)
        case Commit():
            return struct.pack(">cBQQq", b"C", 0, message.commit, message.end, microseconds(message))
        case Origin():
            return struct.pack(">cQ", b"O", message.commit) + text(message.name)
        case Relation():
            head = struct.pack(">cI", b"R", message.oid) + text(message.schema) + text(message.name)
            fields = b"".join(
                struct.pack(">B", f.key) + text(f.name) + struct.pack(">Ii", f.type, f.modifier) for f in message.fields
            )
            return head + message.identity.encode() + struct.pack(">h", len(message.fields)) + fields
        case Type():
            return struct.pack(">cI", b"Y", message.oid) + text(message.schema) + text(message.name)
        case Insert():
            return struct.pack(">cI", b"I", message.relation) + b"N" + row(message.new)
        case Update():
            old = b"" if message.old is None else (b"O" if message.full else b"K") + row(message.old)
            return struct.pack(">cI", b"U", message.relation) + old + b"N" + row(message.new)
        case Delete():
            return struct.pack(">cIc", b"D", message.relation, b"O" if message.full else b"K") + row(message.old)
        case Truncate():
            options = message.cascade + 2 * message.restart_identity
            oids = struct.pack(f">{len(message.relations)}I", *message.relations)
            return struct.pack(">ciB", b"T", len(message.relations), options) + oids
        case Message():
            head = struct.pack(">cBQ", b"M", message.transactional, message.lsn) + text(message.prefix)
            return head + struct.pack(">I", len(message.content)) + message.content


@given(MESSAGES)
def test_what_is_encoded_is_decoded_again(message: Decoded) -> None:
    assert decode(encode(message)) == message


@given(MESSAGES, st.data())
def test_a_message_that_is_cut_or_has_bytes_left_over_is_refused(message: Decoded, data: st.DataObject) -> None:
    written = encode(message)
    with pytest.raises(Unavailable, match=r"broken|unknown"):
        decode(written[: data.draw(st.integers(0, len(written) - 1))])
    with pytest.raises(Unavailable, match="broken"):
        decode(written + b"\0")


@given(st.sampled_from(list(b"BCORYIUDTM")), st.binary(max_size=60))
@example(ord("B"), b"\x7f" * 20)  # a year that no calendar has
@example(ord("I"), b"\0\0\0\1N\0\1b\0\0\0\1x")  # binary was not asked for
@example(ord("T"), b"\xff\xff\xff\xff\0")
@example(ord("I"), b"\0\0\0\1N\xff\xff")
def test_any_bytes_are_decoded_or_refused(kind: int, body: bytes) -> None:
    with suppress(Unavailable):
        decode(bytes([kind]) + body)


@given(st.binary(max_size=30))
def test_any_kind_is_decoded_or_refused(data: bytes) -> None:
    with suppress(Unavailable):
        decode(data)


@given(LSNS)
def test_a_place_in_the_log_is_written_and_read_as_in_sql(lsn: int) -> None:
    assert pgoutput.lsn_number(pgoutput.lsn_text(lsn)) == lsn
    assert pgoutput.lsn_text(0x16B374D848) == "16/B374D848"
