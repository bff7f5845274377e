"""Exact JSON: what was read can be written again, digit for digit.

The standard library's scanner reads; numbers stay the text that they were, since a double turns `1.0` and `1e2` into
something else. What PostgreSQL or another program could not keep is refused with a reason.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NoReturn, TypeAlias

from arraigo.errors import InvalidInput

MAX_DEPTH = 100
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


class Unfit(InvalidInput):
    """One record cannot be taken; the message is the reason, without any of the record's contents."""


class Number:
    """A number as it was written: `-0`, `1e2` and `1.0` stay what they are."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.text == other.text

    def __hash__(self) -> int:
        return hash((Number, self.text))

    def __repr__(self) -> str:
        return f"Number({self.text!r})"


Json: TypeAlias = "bool | str | Number | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a program writes JSON: `json.dump`, `JSON.stringify`, with any indent.

    Attributes:
        item: What stands between two items on one line.
        key: What stands between a key and its value.
        newline: What ends a line; empty: everything on one line.
        indent: What each level adds to a line.
        base: What the line of the outermost bracket begins with.
        ascii: Whether what is not ASCII is written as an escape.
    """

    item: str = ","
    key: str = ":"
    newline: str = ""
    indent: str = ""
    base: str = ""
    ascii: bool = False


COMPACT = Layout()
AS_STORED = Layout(item=", ", key=": ")
"""The text of a `jsonb`, where the keys are in its order."""
quoted = encode_basestring
"""A text as JSON."""


class JsonText(str):
    """JSON that is text already, as PostgreSQL gives a `jsonb` back."""

    __slots__ = ()


def shown(name: str) -> str:
    """A key as a message may show it: quoted, on one line, not longer than it needs to be found."""
    return ascii(name if len(name) <= 60 else name[:57] + "...")  # noqa: PLR2004 - a line's worth


def kind_of(value: Json) -> str:
    """What JSON calls a value of this type, for messages."""
    names = {dict: "an object", list: "a list", str: "a text", Number: "a number", bool: "true or false"}
    return names.get(type(value), "null")


def parse(raw: bytes) -> Json:
    """The value that these bytes hold, strictly by RFC 8259.

    Raises:
        Unfit: Not UTF-8, not JSON, NaN or Infinity, a key twice in one object, half of a surrogate pair, NUL, or
            nested deeper than MAX_DEPTH.
    """
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _refuse_depth(raw)
    try:
        value: Json = _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise Unfit(f"is not UTF-8 at its byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Unfit(f"is not JSON at its character {error.pos}: {error.msg.lower().rstrip(': ')}") from None
    if _SUSPICIOUS.search(raw):
        for text in _texts(value):
            _refuse_unstorable(text)
    return value


def parse_trusted(raw: bytes | str) -> Json:
    """The value that PostgreSQL's `jsonb` wrote: what `parse` checks, it has checked."""
    value: Json = _DECODER.decode(raw if isinstance(raw, str) else raw.decode())
    return value


def canonical(value: Json) -> bytes:
    """The one form of a value: RFC 8785's order of keys and escapes, the numbers as they were written."""
    return _canonical(value).encode()


def _canonical(value: Json) -> str:
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]  # `kind` is its type
    if isinstance(value, dict):
        # RFC 8785, section 3.2.3: by UTF-16 code units; ASCII has the same order in both.
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
        return "{" + ",".join([f"{encode_basestring(key)}:{_canonical(value[key])}" for key in keys]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_canonical(item) for item in value]) + "]"
    return _scalar(value)


def dump(value: Json, layout: Layout = COMPACT) -> str:
    """The value in this layout, its keys in the order in which the objects hold them."""
    return _dump(value, layout, layout.newline + layout.base)


def _dump(value: Json, layout: Layout, line: str) -> str:
    if isinstance(value, str):
        return encode_basestring_ascii(value) if layout.ascii else encode_basestring(value)
    if not isinstance(value, dict | list):
        return _scalar(value)
    start, end = "{}" if isinstance(value, dict) else "[]"
    if not value:
        return start + end
    inner = line + layout.indent if layout.newline else ""
    if isinstance(value, dict):
        items = [f"{_dump(key, layout, '')}{layout.key}{_dump(item, layout, inner)}" for key, item in value.items()]
    else:
        items = [_dump(item, layout, inner) for item in value]
    separator = "," + inner if layout.newline else layout.item
    return f"{start}{inner}{separator.join(items)}{line if layout.newline else ''}{end}"


def identical(one: Json, other: Json) -> bool:
    """Whether both are written the same: digits, and the order of keys."""
    return one == other if isinstance(one, str) else dump(one) == dump(other)


def _scalar(value: Json) -> str:
    if isinstance(value, Number):
        return value.text
    return "null" if value is None else "true" if value else "false"


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unfit(f"has the key {shown(twice)} twice")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise Unfit(f"has {name.lstrip('-')}, which is not JSON")


def _refuse_depth(raw: bytes) -> None:
    """Take the strings out, then peel the innermost brackets off, level by level."""
    left = _STRING.sub(b"", raw).translate(None, _NO_BRACKET)
    for _ in range(MAX_DEPTH):
        left = left.replace(b"[]", b"").replace(b"{}", b"")
        if not left:
            return
    raise Unfit(f"is nested more than {MAX_DEPTH} levels deep, or its brackets do not match")


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from _texts(item)


def _refuse_unstorable(text: str) -> None:
    if "\0" in text:
        raise Unfit("has a text with NUL (\\u0000), which PostgreSQL cannot keep")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("has a text with a lone surrogate, half of a character") from None


_DECODER = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=_refuse_constant, object_pairs_hook=_members
)
