"""Splitting a file into its records, whatever the chunks."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import InvalidInput
from arraigo.move.records.scan import RawRecord, Scanner

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.sampled_from(
    ['\\"', "\\", "[{", '"}']
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def records(raw: bytes, **options: Any) -> list[RawRecord]:
    return list(Scanner(io.BytesIO(raw), "file.json", **options))


@given(
    st.lists(VALUES, max_size=6) | st.dictionaries(TEXTS, VALUES, max_size=6),
    st.integers(1, 40),
    st.sampled_from([None, 0, 2, "\t"]),
    st.booleans(),
    st.sampled_from([b"", b"\xef\xbb\xbf", b" \r\n"]),
)
def test_any_container_in_any_chunks_gives_what_json_loads_gives(
    value: Any,
    chunk: int,
    indent: Any,
    escape: bool,  # noqa: FBT001 - a strategy's
    before: bytes,
) -> None:
    raw = before + json.dumps(value, indent=indent, ensure_ascii=escape).encode() + b" \n"
    scanner = Scanner(io.BytesIO(raw), "file.json", chunk=chunk)
    found = list(scanner)
    assert not any(one.trouble for one in found)
    read = [json.loads(one.raw) for one in found]
    assert read == (list(value.values()) if isinstance(value, dict) else value)
    if isinstance(value, dict):
        assert [one.key for one in found] == list(value)
    assert [one.position for one in found] == list(range(len(found)))
    for one in found:
        part = raw[one.place.byte : one.place.byte + one.size]
        assert part.endswith(one.raw)
        assert one.place.line == 1 + raw[: one.place.byte].count(b"\n")


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), st.integers(1, 30), st.data())
def test_a_file_that_is_cut_off_gives_what_was_whole_and_the_rest_word_for_word(
    value: dict[str, Any], chunk: int, data: st.DataObject
) -> None:
    raw = json.dumps(value, indent=1).encode()
    cut = data.draw(st.integers(1, len(raw) - 1))
    *whole, rest = records(raw[:cut], chunk=chunk)
    assert rest.trouble
    assert raw[:cut].endswith(rest.raw)
    assert raw[rest.place.byte : cut] == rest.raw
    assert [json.loads(one.raw) for one in whole] == list(value.values())[: len(whole)]


@given(st.binary(max_size=60), st.integers(1, 9))
def test_no_bytes_stop_it(raw: bytes, chunk: int) -> None:
    try:
        found = records(raw, chunk=chunk)
    except InvalidInput:
        return
    assert [one.position for one in found] == list(range(len(found)))
    assert found == records(raw, chunk=chunk + 7)


@pytest.mark.parametrize("raw", [b"", b"   \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"file\.json is empty"):
        records(raw)


@pytest.mark.parametrize("raw", [b"5", b'"text"', b"hello", b"\xff\xfe{\x00", b"null"])
def test_what_is_no_container_is_refused_with_its_place(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="line 1, byte 0: an object or an array"):
        records(raw)


@pytest.mark.parametrize("raw", [b"{}", b"[]", b" [ ] ", b'{"w":[]}', b'{"w":{ }}'])
def test_an_empty_container_has_no_records(raw: bytes) -> None:
    assert records(raw, wrapper="w" if b"w" in raw else "") == []


@pytest.mark.parametrize(
    ("raw", "whole", "reason"),
    [
        (b'{"a":1', 0, "ends inside a record"),
        (b'{"a":{}', 1, "ends before its closing bracket"),
        (b'{"a":1,', 1, "ends after a comma"),
        (b'{"a":1,}', 1, "comma before the closing bracket"),
        (b"[1 2]", 1, "a comma or the closing bracket should stand here"),
        (b'{"a" 1}', 0, "a colon should stand here"),
        (b"{1:2}", 0, "a text in double quotes should stand here"),
        (b"{", 0, "the file ends where a text in double quotes should stand"),
        (b"[,]", 0, "a record should stand here"),
        (b'{"a":{"b":[}}}', 0, "brackets do not match"),
        (b'{"a":1,"b":{"c":"d', 1, "ends inside a text"),
        (b'{"a":1,"b":{"c":[', 1, "ends inside a record"),
        (b"[1] x", 1, "text behind the closing bracket"),
        (b"[1][2]", 1, "text behind the closing bracket"),
        (b"[" * 2000, 0, "nested more than 1000"),
    ],
)
def test_where_the_structure_breaks_the_rest_is_one_record_with_trouble(raw: bytes, whole: int, reason: str) -> None:
    for chunk in (1, 3, 1000):
        *before, rest = records(raw, chunk=chunk)
        assert len(before) == whole
        assert not any(one.trouble for one in before)
        assert reason in rest.trouble
        assert raw.endswith(rest.raw)


def test_one_bad_record_does_not_take_the_rest_with_it() -> None:
    found = records(b'{"a":{"x":tru},"b":{"y":"\x01"},"c":{}}')
    assert [one.raw for one in found] == [b'{"x":tru}', b'{"y":"\x01"}', b"{}"]


def test_a_key_that_cannot_be_kept_is_trouble_with_its_record_alone() -> None:
    bad, good = records(b'{"\\ud800":{"x":1},"b":2}')
    assert "lone surrogate" in bad.trouble
    assert bad.raw == b'"\\ud800":{"x":1}'
    assert (good.key, good.raw) == ("b", b"2")


def test_a_record_beyond_the_limit_is_not_kept_but_named_with_its_size_and_hash() -> None:
    raw = b'{"a":"' + b"x" * 5000 + b'","b":{}}'
    for chunk in (1, 64, 10_000):
        large, small = records(raw, limit=100, chunk=chunk)
        assert large.raw == b""
        assert large.size == 5006
        assert (large.key, len(large.sha256)) == ("a", 64)
        assert "more than the 100" in large.trouble
        assert (small.key, small.raw) == ("b", b"{}")
    assert len({records(raw, limit=100, chunk=chunk)[0].sha256 for chunk in (1, 77, 6000)}) == 1


def test_records_can_stand_under_one_key() -> None:
    scanner = Scanner(io.BytesIO(b'{ "conversations" : [ {"id":1} , 2 ] }\n'), "f", wrapper="conversations", chunk=3)
    assert [one.raw for one in scanner] == [b'{"id":1}', b"2"]
    assert scanner.container.head == b'{ "conversations" : [ '
    assert scanner.container.between == b" , "
    assert scanner.container.tail == b" ] }\n"


def test_another_key_than_the_wrapper_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not the key 'w'"):
        records(b'{"x":[1]}', wrapper="w")
    with pytest.raises(InvalidInput):
        records(b"[1]", wrapper="w")


def test_what_stands_beside_the_wrapped_records_is_trouble() -> None:
    *_, rest = records(b'{"w":[1],"version":2}', wrapper="w")
    assert "closing bracket of the outer object" in rest.trouble
