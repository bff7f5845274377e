"""One case of an iteration as a row, and that row as the case again.

The columns hold what they can, attributes without a column stand in `custom_fields`. The case as it was written stands
in its message; of each of its attributes that counts as long as it says what the column says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_args
from uuid import UUID

from arraigo.apps.testplans.legacy.words import MAKERS, PRIORITIES, STATUSES, named_in
from arraigo.apps.testplans.plan import Technique
from arraigo.move.records.attributes import Item, plain, stored_text, stored_value, text_of, typed
from arraigo.move.records.jsontext import Json, JsonText, Number, canonical, dump, parse_trusted, quoted
from arraigo.move.records.shape import Row

NUMBER = "testcase_number"
NAMELESS = "Caso sin nombre"
_LONGEST_NAME, _LONGEST_NUMBER, _LONGEST_CODE = 255, 50, 60  # characters
_TEXTS = ("test_case_description", "preconditions", "test_data", "expected_results", "requirements")
_LISTS = ("test_steps", "script")
_CLOSED = {"priority": PRIORITIES, "status": STATUSES, "created_by": MAKERS}
_IDS = ("id", "case_id", "test_case_id")
_LINKS = "requirement_ids"
_OWN = frozenset((NUMBER, "test_case_name", *_TEXTS, *_LISTS, *_CLOSED, "technique", _LINKS))
_TECHNIQUES = frozenset(get_args(Technique))
_NULL: Json = {"NULL": True}


def members(element: Json) -> Item:
    """The attributes of one element of `generated_cases`; what is no map is the name of a case."""
    held = element.get("M") if isinstance(element, dict) and len(element) == 1 else None
    return held if isinstance(held, dict) else {"test_case_name": element}


def number_in(held: Item) -> str | None:
    """What the case calls itself, where that is something that a plan may call it."""
    value = held.get(NUMBER)
    found = text_of(value) or text(value)
    return found if 1 <= len(found) <= _LONGEST_NUMBER else None


def id_in(held: Item, names: Iterable[str] = _IDS) -> UUID | None:
    """The id that something brings with it, where it is a UUID."""
    for name in names:
        value = text_of(held.get(name))
        if value is not None and len(value) == 36:  # noqa: PLR2004 - in the usual form
            try:
                return UUID(value)
            except ValueError:
                continue
    return None


def columns_of(held: Item, notes: Counter[str]) -> Row:
    """What the columns of a case hold, but its ids, its number and its place."""
    row: Row = {name: text(held.get(name)) for name in _TEXTS}
    lines = row["test_case_description"].strip().splitlines()
    named = text(held.get("test_case_name"))[:_LONGEST_NAME]
    row["test_case_name"] = named or (lines[0][:_LONGEST_NAME] if lines else NAMELESS)
    row["test_steps"] = _steps(held.get("test_steps"))
    row["script"] = _listed("script", held.get("script"))
    for name, words in _CLOSED.items():
        row[name] = words.read(held.get(name), notes)
    technique = text_of(held.get("technique"))
    row["technique"] = technique if technique in _TECHNIQUES else _usual_technique(row["created_by"])
    row["custom_fields"] = JsonText(stored_text(_others(held))[0])
    return row


def links_of(held: Item) -> list[tuple[str, str]]:
    """The requirements that a case names, with what it says of them."""
    value = held.get(_LINKS)
    listed = value.get("L") if isinstance(value, dict) else None
    if isinstance(listed, list):
        codes = dict.fromkeys(code for one in listed if (code := text_of(one)))
        return [(code, "") for code in codes if len(code) <= _LONGEST_CODE]
    return list(named_in(text(held.get("requirements"))))


def written(element: Json, row: Mapping[str, Any], links: Iterable[str]) -> Json:
    """The element again, with what its row and its links say otherwise; of None, one for a case that was made here."""
    held = {} if element is None else members(element)
    found = dict(held)
    said = columns_of(held, Counter())
    fresh = element is None
    if fresh:
        found |= {"id": typed(str(row["id"])), NUMBER: typed(row[NUMBER])}
    for name in ("test_case_name", *_TEXTS, *_CLOSED, "technique"):
        if fresh or row[name] != said[name]:
            found[name] = typed(row[name])
    for name in _LISTS:
        if (fresh and row[name]) or canonical(row[name]) != canonical(parse_trusted(said[name])):
            found[name] = typed(row[name])
    _put_custom(found, parse_trusted(said["custom_fields"]), row["custom_fields"])
    named = sorted(links)
    if {code.casefold() for code, _ in links_of(found)} != {code.casefold() for code in named}:
        found[_LINKS] = typed(list[Json](named))
    return element if element is not None and found == held else {"M": found}


def text(value: Json) -> str:
    """What an attribute says, as a person reads it: a list's elements on lines of their own."""
    if value is None:
        return ""
    plainly = text_of(value)
    return plainly if plainly is not None else _said(plain({"": value})[0][""])


def _said(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(map(_said, value))
    if isinstance(value, Number):
        return value.text
    return "" if value is None else dump(value)


def _steps(value: Json) -> JsonText:
    """A list as it is; of a text its lines."""
    if isinstance(value, dict) and "L" in value:
        return _listed("test_steps", value)
    lines = [line.strip() for line in text(value).splitlines()]
    return JsonText("[" + ", ".join(quoted(line) for line in lines if line) + "]")


def _listed(name: str, value: Json) -> JsonText:
    held = value.get("L") if isinstance(value, dict) else None
    return JsonText(stored_value(name, value)) if isinstance(held, list) else JsonText("[]")


def _usual_technique(made_by: str) -> str:
    """Of a case that names none."""
    return "manual" if made_by == "MANUAL" else "scenario"


def _others(held: Item) -> Item:
    """The attributes that have no column: what is null there is left out, as an edit of the case would do it."""
    return {
        name: value
        for name, value in held.items()
        if name not in _OWN and value != _NULL and not (name in _IDS and id_in(held, (name,)))
    }


def _put_custom(found: dict[str, Json], said: Json, now: Json) -> None:
    before, after = _filled(said), _filled(now)
    for name in {**before, **after}:
        if name not in after:
            found.pop(name, None)
        elif name not in before or canonical(before[name]) != canonical(after[name]):
            found[name] = typed(after[name])


def _filled(value: Json) -> dict[str, Json]:
    """Without what is null, however deep in objects: an edit of a case leaves that out."""
    stripped = _stripped(value)
    return stripped if isinstance(stripped, dict) else {}


def _stripped(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _stripped(one) for name, one in value.items() if one is not None}
    return value
