"""DynamoDB's attribute values: what they may be, and how they stand for plain JSON.

An attribute value names its type: `{"S": "ana"}`, `{"N": "1.50"}`, `{"M": {…}}` (AWS, DynamoDB developer guide,
"DynamoDB JSON"). Numbers are texts there, of up to 38 digits, so that no digit is ever lost on the way.
"""

import base64
import binascii
import re
from typing import TypeAlias

import orjson

from arraigo.errors import InvalidInput
from arraigo.move.records.jsontext import AS_STORED, Json, Number, Unfit, canonical, dump, parse, quoted, shown
from arraigo.move.records.kinds import stored

Item: TypeAlias = dict[str, Json]
"""Attribute values by name."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_AS_WRITTEN = re.compile(r"(?!-0(?:\.0+)?$)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")  # as the type `numeric` writes them
_DIGITS = 38
_HOLDS: dict[str, type] = {"S": str, "N": str, "M": dict, "L": list, "BOOL": bool, "NULL": bool}
_ORDERS: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
_KNOWN = 10_000  # orders of names that are remembered
_WIDE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")  # begin a character behind U+FFFF


def read_line(raw: bytes) -> Item:
    """The item of a line of an export: `{"Item": {…}}`.

    Raises:
        Unfit: It is none, or holds what PostgreSQL or another program could not keep.
    """
    item = usual_line(raw)
    if item is None:
        value = parse(raw)  # written otherwise; or a key that stands twice, or NUL
        held = value.get("Item") if isinstance(value, dict) and len(value) == 1 else None
        if not isinstance(held, dict):
            raise Unfit('is no line of an export: {"Item": {…}} should stand here')
        item = held
    return item


def usual_line(raw: bytes) -> Item | None:
    """The same of a line that is written as orjson writes it; None: it has to be looked at more closely."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if orjson.dumps(value) != raw or b"\\u0000" in raw or value.__class__ is not dict or len(value) != 1:
        return None
    item = value.get("Item")
    return item if item.__class__ is dict else None


def usual_item(raw: bytes) -> Item:
    """The item of a line for which `usual_line` has given one."""
    found: Item = orjson.loads(raw)["Item"]
    return found


def canonical_of(value: Json) -> bytes:
    """`jsontext.canonical` of a value without numbers, which attribute values are."""
    found = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    # By code points, which is the order of UTF-16 up to U+FFFF.
    if not found.isascii() and any(lead in found for lead in _WIDE):
        return canonical(value)
    return found


def plain(item: Item) -> tuple[dict[str, Json], bool]:
    """The item as plain JSON, as a `jsonb` column gives it back, and whether `typed` makes the same item of it.

    Sets become lists, binary its base64 text, numbers lose an exponent and leading zeros.

    Raises:
        Unfit: Something in it is no attribute value.
    """
    odd: list[str] = []
    found = {name: _plain(name, value, odd) for name, value in item.items()}
    return found, not odd


def stored_text(item: Item) -> tuple[str, bool]:
    """What `plain` gives, as the text that PostgreSQL gives back for it as `jsonb`.

    Raises:
        Unfit: Something in it is no attribute value.
    """
    odd: list[str] = []
    return _members(item, "", odd), not odd


def stored_value(name: str, value: Json) -> str:
    """The same of one attribute.

    Raises:
        Unfit: It is none.
    """
    return _text(name, value, [])


def check(item: Item, *, but: str = "") -> None:
    """See that every attribute is one of DynamoDB's; but one that is looked at elsewhere.

    Raises:
        Unfit: One is not.
    """
    for name, value in item.items():
        if name != but:
            _check(name, value)


def _check(name: str, value: Json) -> None:
    if value.__class__ is dict and len(value) == 1:
        for kind, held in value.items():
            if held.__class__ is str:
                if kind == "S" or (kind == "N" and len(held) <= _DIGITS and _AS_WRITTEN.fullmatch(held)):
                    return
            elif kind == "M" and held.__class__ is dict:
                for one in held.values():
                    _check(name, one)
                return
            elif kind == "L" and held.__class__ is list:
                for one in held:
                    _check(name, one)
                return
    _plain(name, value, [])


def _members(members: Item, name: str, odd: list[str]) -> str:
    said = []
    for one, head in _ORDERS.get(tuple(members)) or _ordered(tuple(members)):
        value = members[one]
        if value.__class__ is dict and len(value) == 1 and (plainly := value.get("S")).__class__ is str:
            said.append(head + quoted(plainly))
        else:
            said.append(head + _text(name or one, value, odd))
    return "{" + ", ".join(said) + "}"


def _ordered(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names in the order in which a `jsonb` has its keys, each with how it stands before its value."""
    order = sorted(names, key=lambda one: (len(one.encode()), one.encode()))
    found = tuple((one, f"{quoted(one)}: ") for one in order)
    if len(_ORDERS) < _KNOWN:
        _ORDERS[names] = found
    return found


def _text(name: str, value: Json, odd: list[str]) -> str:
    """One value's text; what is rare or wrong goes the long way."""
    if value.__class__ is dict and len(value) == 1:
        for kind, held in value.items():
            if held.__class__ is str:
                if kind == "S":
                    return quoted(held)
                if kind == "N" and len(held) <= _DIGITS and _AS_WRITTEN.fullmatch(held):
                    return str(held)
            elif kind == "M" and held.__class__ is dict:
                return _members(held, name, odd)
            elif kind == "L" and held.__class__ is list:
                return "[" + ", ".join([_text(name, one, odd) for one in held]) + "]"
    return dump(_plain(name, value, odd), AS_STORED)


def typed(value: Json) -> Json:
    """Plain JSON as an attribute value."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, Number):
        return {"N": value.text}
    if isinstance(value, list):
        return {"L": [typed(one) for one in value]}
    if isinstance(value, dict):
        return {"M": {name: typed(one) for name, one in value.items()}}
    return {"NULL": True}


def text_of(value: Json) -> str | None:
    """What an attribute of type S says; None: it has another type, or is not there."""
    found = value.get("S") if isinstance(value, dict) and len(value) == 1 else None
    return found if isinstance(found, str) else None


def number_of(value: Json) -> Number | None:
    """What an attribute of type N says; None: it has another type, or is not there."""
    found = value.get("N") if isinstance(value, dict) and len(value) == 1 else None
    return Number(found) if isinstance(found, str) else None


def _plain(name: str, value: Json, odd: list[str]) -> Json:
    if not isinstance(value, dict) or len(value) != 1:
        raise Unfit(f"{shown(name)} is no attribute value of DynamoDB")
    ((kind, held),) = value.items()
    if kind not in _HOLDS:
        odd.append(kind)
        return _other(name, kind, held, odd)
    if not isinstance(held, _HOLDS[kind]) or (kind == "NULL" and held is not True):
        raise Unfit(f"{shown(name)} is no attribute value of DynamoDB: its {kind} is of another type")
    if isinstance(held, dict):
        return {inner: _plain(name, one, odd) for inner, one in held.items()}
    if isinstance(held, list):
        return [_plain(name, one, odd) for one in held]
    if isinstance(held, str) and kind == "N":
        return _number(name, held, odd)
    return None if kind == "NULL" else held


def _other(name: str, kind: str, held: Json, odd: list[str]) -> Json:
    """Binary, and the three kinds of sets."""
    if kind == "B" and isinstance(held, str):
        return _binary(name, held)
    if kind in {"SS", "NS", "BS"} and isinstance(held, list) and held and all(isinstance(one, str) for one in held):
        if len({str(one) for one in held}) < len(held):
            raise Unfit(f"{shown(name)} is a set that holds something twice")
        one_of = {"SS": "S", "NS": "N", "BS": "B"}[kind]
        return [_plain(name, {one_of: one}, odd) for one in held]
    raise Unfit(f"{shown(name)} is no attribute value of DynamoDB")


def _number(name: str, text: str, odd: list[str]) -> Json:
    if _AS_WRITTEN.fullmatch(text):
        if len(text) <= _DIGITS:
            return Number(text)
    elif not _NUMBER.fullmatch(text):
        raise Unfit(f"{shown(name)} has an N that is no number")
    mantissa, _, exponent = text.lower().partition("e")
    digits = mantissa.lstrip("-").replace(".", "").lstrip("0")
    if len(digits.rstrip("0")) > _DIGITS or abs(int(exponent or 0)) > 130 + _DIGITS:
        raise Unfit(f"{shown(name)} has an N of more than {_DIGITS} digits, or too large an exponent")
    found = stored(Number(text))
    if not isinstance(found, Number) or found.text != text:
        odd.append("N")
    return found


def _binary(name: str, text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unfit(f"{shown(name)} has a B that is no base64") from None
    return text


def encoded(value: object) -> object:
    """Binary as a line of an export has it; for `orjson.dumps(…, default=encoded)`.

    Raises:
        InvalidInput: Not binary.
    """
    data = getattr(value, "value", value)
    if isinstance(data, bytes | bytearray):
        return base64.b64encode(data).decode()
    raise InvalidInput(f"a {type(value).__name__} is no attribute value of DynamoDB")
