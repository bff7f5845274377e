"""What an item of the old assistant says: which it is, when it was, what it is called."""

from datetime import datetime
from typing import cast

import orjson

from arraigo.move.records import moments
from arraigo.move.records.attributes import (
    Item,
    number_of,
    text_of,
)
from arraigo.move.records.items import Owned
from arraigo.move.records.jsontext import Json, Unfit

TITLE = 500  # characters
STATUSES = frozenset({"active", "completed", "archived", "cancelled"})
DATES = ("created_at", "timestamp")
_ITERATION = frozenset({"iteration_number", "generated_cases"})


def place_of(owned: Owned) -> tuple[object, ...]:
    """Where an item stands among those of its session: the session's own first, then by number."""
    table, item = owned
    number = number_of(item.get("iteration_number"))
    try:
        value = float(number.text) if number else 0.0
    except ValueError:
        value = 0.0
    return is_iteration(item), value, table


def is_iteration(item: Item) -> bool:
    """Whether it is one of a session's iterations."""
    return not _ITERATION.isdisjoint(item)


def owned_in(value: Json) -> list[Owned]:
    """The items of a record."""
    return [(table, item) for table, item in cast("list[Owned]", value)]


def held_inside(session: Item) -> tuple[list[Item], bool]:
    """The iterations that stand in the session's item, and whether all of them are such."""
    held = session.get("iterations")
    found = held.get("L") if isinstance(held, dict) and len(held) == 1 else None
    items = (
        [one.get("M") for one in found if isinstance(one, dict) and len(one) == 1] if isinstance(found, list) else []
    )
    whole = isinstance(found, list) and len(items) == len(found) and all(isinstance(one, dict) for one in items)
    return ([one for one in items if isinstance(one, dict)], True) if whole else ([], False)


def moment_of(value: Json) -> datetime | None:
    """When an attribute says: a date as text, or seconds or milliseconds since 1970."""
    try:
        return moments.read(text_of(value) or number_of(value))
    except Unfit:
        return None


def date_of(item: Item) -> datetime | None:
    """When an iteration was."""
    return next((at for name in DATES if name in item and (at := moment_of(item[name]))), None)


def title_of(found: object) -> str:
    """As much of a plan's title as a conversation's holds."""
    return found[:TITLE] if isinstance(found, str) else ""


def summary(count: int) -> str:
    """What stands for an answer that was not kept."""
    return f"Plan generado con {count} casos de prueba"


def from_metadata(metadata: Json) -> tuple[dict[str, Json], dict[str, Json]]:
    """The legacy in `metadata`, and what else is there; a legacy that somebody broke counts as none."""
    own = dict(metadata) if isinstance(metadata, dict) else {}
    legacy: Json = None
    if isinstance(text := own.get("legacy"), str):
        try:
            legacy = orjson.loads(text)  # texts alone, which it keeps as they are
        except orjson.JSONDecodeError:
            legacy = None
    if not isinstance(legacy, dict):
        return {}, own
    del own["legacy"]
    return legacy, own
