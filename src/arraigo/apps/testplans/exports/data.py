"""Pure: a plan as JSON, and back."""

from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from arraigo.apps.testplans.views import PlanView
from arraigo.errors import InvalidInput

VERSION = 1
_VIEW = TypeAdapter(PlanView)


def as_json(view: PlanView, *, include_metadata: bool) -> bytes:
    """All of it, with the seed's field names; without metadata, neither the configuration nor the log.

    A value that is an exact decimal is written as a text, a time in ISO 8601.
    """
    known: dict[str, Any] = _VIEW.dump_python(view, mode="json")
    if not include_metadata:
        del known["configuration"], known["modifications"], known["plan"]["configuration"]
    return orjson.dumps(
        {"format": "arraigo.test_plan", "version": VERSION, **known},
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def from_json(data: bytes) -> PlanView:
    """The plan that such a file holds; where it was written without metadata, with the least of a configuration.

    Raises:
        InvalidInput: It is no such file.
    """
    try:
        known = orjson.loads(data)
        plan = known["plan"]
        least = {"plan_title": plan["title"], "plan_type": plan["plan_type"]}
        least["coverage_percentage"] = plan["target_coverage"]
        plan.setdefault("configuration", least)
        known.setdefault("configuration", least)
        return _VIEW.validate_python(known, strict=False)
    except (orjson.JSONDecodeError, ValidationError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"this is no exported test plan ({type(error).__name__})",
            remedy="export the plan as JSON again",
        ) from None
