"""Exact JSON: what was read can be written again, and what cannot be kept is refused."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.records.jsontext import (
    MAX_DEPTH,
    Json,
    Layout,
    Number,
    Unfit,
    canonical,
    dump,
    identical,
    parse,
    parse_trusted,
    shown,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)
NUMBERS = ["0", "-0", "1.0", "1.00", "1e2", "1E+2", "-0.0e-0", "9" * 100, "0.1" + "0" * 40, "1e400"]


def plain(value: Json) -> Any:
    """What json.loads would give."""
    if isinstance(value, Number):
        return json.loads(value.text)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


@given(PLAIN, st.booleans())
def test_reading_agrees_with_the_standard_library(value: Any, escape: bool) -> None:  # noqa: FBT001 - a strategy's
    assert plain(parse(json.dumps(value, ensure_ascii=escape).encode())) == value


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_stay_as_they_were_written(text: str) -> None:
    raw = f'{{"n":[{text},{{"deep":{text}}}]}}'.encode()
    assert canonical(parse(raw)) == raw
    assert dump(parse(raw)).encode() == raw


def test_numbers_that_are_equal_are_not_the_same() -> None:
    assert canonical(parse(b"1.0")) != canonical(parse(b"1.00"))
    assert not identical(parse(b"[1e2]"), parse(b"[100]"))


@given(PLAIN)
def test_canonical_json_does_not_depend_on_order_space_or_escapes(value: Any) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(item) for key, item in reversed(value.items())}
        return [turned(item) for item in value] if isinstance(value, list) else value

    one = json.dumps(value, ensure_ascii=True, indent=3).encode()
    other = json.dumps(turned(value), ensure_ascii=False, separators=(",", ":")).encode()
    assert canonical(parse(one)) == canonical(parse(other))


def test_keys_are_sorted_by_utf16_code_units() -> None:
    """RFC 8785, section 3.2.3: its own example of why code points will not do."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    ordered = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    value: Json = dict.fromkeys(names)
    assert [key for key, _ in json.loads(canonical(value), object_pairs_hook=list)] == ordered


def test_canonical_text_has_the_shortest_escapes() -> None:
    assert canonical('\b\t\n\f\r"\\/\x01\x7fé😀') == '"\\b\\t\\n\\f\\r\\"\\\\/\\u0001\x7fé😀"'.encode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":1,"a":2}', "the key 'a' twice"),
        (b'{"x":[{"b":1,"b":1}]}', "the key 'b' twice"),
        (b'["\\ud800"]', "lone surrogate"),
        (b'["\\uDC00 \\ud83d\\ude00"]', "lone surrogate"),
        (b'{"\\ud800":1}', "lone surrogate"),
        (b'["\\u0000"]', "NUL"),
        (b'{"a\\u0000b":1}', "NUL"),
        (b'["\x00"]', "not JSON"),
        (b'["\xff"]', "not UTF-8 at its byte 2"),
        (b'["\xed\xa0\x80"]', "not UTF-8"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "Infinity"),
        (b"[1,]", "not JSON"),
        (b"tru", "not JSON"),
        (b'{"a":1} x', "not JSON"),
        (b"[01]", "not JSON"),
        (b"", "not JSON"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "levels deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "levels deep"),
        (b"[" * 100_000, "levels deep"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        parse(raw)


def test_depth_counts_brackets_not_those_in_texts() -> None:
    raw = b"[" * (MAX_DEPTH - 1) + b'["[[[{{{\\"[[["]' + b"]" * (MAX_DEPTH - 1)
    assert canonical(parse(raw)) == raw
    wide = json.dumps([[{}]] * 500).encode()
    assert plain(parse(wide)) == [[{}]] * 500


def test_an_escaped_backslash_before_u_is_no_surrogate() -> None:
    assert parse(b'["\\\\ud800"]') == ["\\ud800"]
    assert parse(b'["\\ud83d\\ude00"]') == ["😀"]


def test_no_reason_holds_what_the_record_says() -> None:
    with pytest.raises(Unfit) as caught:
        parse(b'{"a": "un secreto", "b": }')
    assert "secreto" not in str(caught.value)


@given(
    PLAIN,
    st.sampled_from([None, 0, 1, 2, 4, "\t"]),
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": ")]),
)
def test_dump_writes_as_the_standard_library_does(
    value: Any,
    indent: int | str | None,
    escape: bool,  # noqa: FBT001 - a strategy's
    separators: tuple[str, str],
) -> None:
    pair = separators if indent is None else (",", separators[1])
    wanted = json.dumps(value, indent=indent, ensure_ascii=escape, separators=pair)
    step = " " * indent if isinstance(indent, int) else indent or ""
    layout = Layout(item=pair[0], key=pair[1], newline="" if indent is None else "\n", indent=step, ascii=escape)
    assert dump(parse(wanted.encode()), layout) == wanted


def test_identical_sees_the_order_of_keys() -> None:
    assert not identical(parse(b'{"a":1,"b":2}'), parse(b'{"b":2,"a":1}'))


def test_a_number_is_equal_to_itself_alone() -> None:
    assert Number("1") == Number("1") != Number("1.0")
    assert len({Number("1"), Number("1"), Number("2")}) == 2
    assert Number("1") != "1"
    assert repr(Number("1")) == "Number('1')"


def test_what_postgresql_wrote_is_read_without_limits() -> None:
    deep = "[" * 200 + "1e2" + "]" * 200
    assert dump(parse_trusted(deep)) == deep
    assert parse_trusted(b"{}") == {}


def test_a_key_is_shown_on_one_line_and_cut() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 5000)) < 70


def test_floats_of_the_standard_library_keep_their_text() -> None:
    assert dump(parse(json.dumps(math.pi).encode())) == repr(math.pi)
