"""A session's configuration in columns of its own, where it is one that a plan may have."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from arraigo.apps.testplans.preset import plan_type
from arraigo.move.records.attributes import Item
from arraigo.move.records.jsontext import Json, Number
from arraigo.move.records.shape import Row, Table

TABLE = Table(
    "plan_configurations",
    anchor="conversation_id",
    columns=(
        *("conversation_id", "owner_id", "plan_type", "coverage_percentage", "min_test_cases", "max_test_cases"),
        "project_context",
    ),
    json=frozenset(),
    fixed=("owner_id",),
    key=("conversation_id",),
)
_MOST = {"coverage_percentage": 100, "min_test_cases": 5000, "max_test_cases": 5000}
_USUAL = {"coverage_percentage": 80, "min_test_cases": 1, "max_test_cases": 50}  # of a plan for which nothing is said
_LONGEST = 100_000  # characters of a context


def configured_in(session: Item) -> Item:
    """The configuration as the session's item has it; empty: it has none."""
    configuration = session.get("plan_configuration")
    held = configuration.get("M") if isinstance(configuration, dict) else None
    return held if isinstance(held, dict) else {}


@lru_cache(1000)
def plan_type_of(written: str | None) -> str | None:
    """The plan's type, however it is written; None: there is no such type."""
    if written is None:
        return None
    try:
        return plan_type(written)
    except ValueError:
        return None


def columns_of(settings: Mapping[str, Json]) -> Row | None:
    """The columns of a configuration; None: no plan may have it, and it stands in the settings alone."""
    kind, context = settings.get("plan_type"), settings.get("project_context") or ""
    found = plan_type_of(kind if isinstance(kind, str) else None)
    numbers = {
        name: _USUAL[name] if settings.get(name) is None else whole(settings[name], most)
        for name, most in _MOST.items()
    }
    least, most = numbers["min_test_cases"], numbers["max_test_cases"]
    if found is None or not isinstance(context, str) or len(context) > _LONGEST:
        return None
    if numbers["coverage_percentage"] is None or least is None or most is None or not max(1, least) <= most:
        return None
    return {"plan_type": found, **numbers, "project_context": context}


def with_columns(settings: dict[str, Json], rows: list[Row]) -> dict[str, Json]:
    """The settings, with what the columns say otherwise."""
    if not rows:
        return settings
    said = columns_of(settings) or {}
    changed = {name: value for name, value in rows[0].items() if name not in {"conversation_id", "owner_id"}}
    return settings | {name: _json(value) for name, value in changed.items() if said.get(name, "") != value}


def _json(value: Any) -> Json:
    return Number(str(value)) if isinstance(value, int) else str(value)


def whole(value: Json, most: int) -> int | None:
    """The number, where it is a whole one from 0 on, and not more."""
    text = value.text if isinstance(value, Number) else ""
    return int(text) if text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most else None
