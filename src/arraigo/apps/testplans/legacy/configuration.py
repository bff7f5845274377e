"""A session's configuration in columns of its own, where it is one that a plan may have."""

import unicodedata
from collections.abc import Mapping
from typing import Any, get_args

from arraigo.apps.testplans.plan import PlanType
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
)
_MOST = {"coverage_percentage": 100, "min_test_cases": 5000, "max_test_cases": 5000}
_LONGEST = 100_000  # characters of a context


def _bare(text: str) -> str:
    """Without accents, in capitals."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one)).upper()


_TYPES = {_bare(name): name for name in get_args(PlanType)}


def columns_of(settings: Mapping[str, Json]) -> Row | None:
    """The columns of a configuration; None: no plan may have it, and it stands in the settings alone."""
    kind, context = settings.get("plan_type"), settings.get("project_context", "")
    numbers = {name: _whole(settings.get(name), most) for name, most in _MOST.items()}
    plan_type = _TYPES.get(_bare(kind)) if isinstance(kind, str) else None
    least, most = numbers["min_test_cases"], numbers["max_test_cases"]
    if plan_type is None or not isinstance(context, str) or len(context) > _LONGEST:
        return None
    if numbers["coverage_percentage"] is None or least is None or most is None or not max(1, least) <= most:
        return None
    return {"plan_type": plan_type, **numbers, "project_context": context}


def with_columns(settings: dict[str, Json], rows: list[Row]) -> dict[str, Json]:
    """The settings, with what the columns say otherwise."""
    if not rows:
        return settings
    said = columns_of(settings) or {}
    changed = {name: value for name, value in rows[0].items() if name not in {"conversation_id", "owner_id"}}
    return settings | {name: _json(value) for name, value in changed.items() if said.get(name, "") != value}


def _json(value: Any) -> Json:
    return Number(str(value)) if isinstance(value, int) else str(value)


def _whole(value: Json, most: int) -> int | None:
    text = value.text if isinstance(value, Number) else ""
    return int(text) if text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most else None
