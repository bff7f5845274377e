"""A file can be written again as its program wrote it."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.records.jsontext import Layout, parse
from arraigo.move.records.layout import Frame, detect
from arraigo.move.records.scan import Container, Scanner

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
RECORDS = st.dictionaries(
    TEXTS,
    st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2) | st.dictionaries(TEXTS, TEXTS, max_size=2),
    min_size=1,
    max_size=4,
)
STYLES: list[dict[str, Any]] = [
    {},
    {"indent": 2},
    {"indent": 4, "ensure_ascii": False},
    {"indent": 1},
    {"indent": "\t"},
    {"indent": 0},
    {"separators": (",", ":"), "ensure_ascii": False},  # JSON.stringify(value)
    {"separators": (",", ":")},
]


def rewritten(raw: bytes, wrapper: str = "") -> bytes:
    scanner = Scanner(io.BytesIO(raw), "f", wrapper=wrapper)
    layout, records = None, []
    for record in scanner:
        layout = layout or detect(record.raw)
        records.append((record.key or "", parse(record.raw)))
    frame = Frame.from_json(json.loads(json.dumps(Frame.of(scanner.container, layout or Layout()).to_json())))
    if not records:
        return frame.empty.encode()
    return (frame.head + frame.between.join(frame.member(*record) for record in records) + frame.tail).encode()


@given(st.lists(RECORDS, min_size=1, max_size=3) | st.dictionaries(TEXTS, RECORDS, min_size=1, max_size=3), st.data())
def test_a_file_of_json_dump_or_stringify_is_written_again_byte_for_byte(value: Any, data: st.DataObject) -> None:
    style = data.draw(st.sampled_from(STYLES))
    end = data.draw(st.sampled_from(["", "\n"]))
    raw = (json.dumps(value, **style) + end).encode()
    assert rewritten(raw) == raw
    wrapped = (json.dumps({"conversations": value}, **style) + end).encode()
    assert rewritten(wrapped, "conversations") == wrapped


@pytest.mark.parametrize(
    "raw",
    [
        b'[\n{"a":1},\n{"b":2}\n]\n',
        b'{"x": {"a":1},\n "y": {"b":2}}',
        b'\xef\xbb\xbf{\r\n  "x": {\r\n    "a": 1\r\n  }\r\n}\r\n',
        b'{"x" : {"a" : 1}}',
        b"[1, 2]",
        b"[{}]",
        b'{"only": {"a": []}}',
        b"{}\n",
    ],
)
def test_other_habits_are_kept_too(raw: bytes) -> None:
    assert rewritten(raw) == raw


def test_escapes_are_a_habit_only_where_no_character_stands_as_itself() -> None:
    assert rewritten(b'[{"a": "\\u00e9"}]') == b'[{"a": "\\u00e9"}]'
    assert rewritten('[{"a": "\\u00e9é"}]'.encode()) == '[{"a": "éé"}]'.encode()


def test_a_control_character_is_no_sign_of_that_habit() -> None:
    container = Container()
    container.see(b'{"a":"\\u001f"}')
    assert not Frame.of(container, Layout()).layout.ascii


def test_what_was_cut_off_is_closed_to_match() -> None:
    scanner = Scanner(io.BytesIO(b'{"conversations": [\n  {"a": 1},\n  {"b'), "f", wrapper="conversations")
    layouts = [detect(record.raw) for record in scanner if not record.trouble]
    frame = Frame.of(scanner.container, layouts[0] or Layout())
    assert frame.tail == "\n]}"
    assert json.loads(frame.head + frame.member("", {"a": None}) + frame.tail) == {"conversations": [{"a": None}]}


def test_records_that_say_nothing_leave_the_default() -> None:
    assert detect(b"5") is None
    assert detect(b"{}") is None


def test_a_record_in_no_known_layout_is_still_written_as_json() -> None:
    layout = detect(b'{"a":1 ,  "b": [1,2]}')
    assert layout is not None
    assert layout.newline == ""


def test_bytes_are_put_back_under_their_key() -> None:
    assert Frame().verbatim("k", b"{tru}") == b'"k": {tru}'
    assert Frame().verbatim(None, b'"k": {}') == b'"k": {}'
    assert Frame(kind="array").verbatim("k", b"{}") == b"{}"
