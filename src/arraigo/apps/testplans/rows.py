"""Pure: rows of the database as values. What was moved in, or written past the application, may be odd; it is shown."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from arraigo.apps.testplans.plan import Configuration, Language, Place, Requirement, ScriptStep
from arraigo.apps.testplans.views import CaseView, Modification, PlanRow

_SCRIPT = TypeAdapter(tuple[ScriptStep, ...])


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation about a test plan, with what it is configured to be.

    Attributes:
        case_fields: The project's own; None: there is no project.
        configuration: None where nothing is configured yet.
        rounds: How many times cases were generated.
    """

    id: UUID
    owner_id: UUID
    username: str | None
    project_id: UUID | None
    project: str | None
    case_fields: Mapping[str, Any] | None
    title: str
    status: str
    language: Language | None
    configuration: Configuration | None
    rounds: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


def talk(row: Sequence[Any]) -> Talk:
    """Of `talk_by_id`."""
    *head, title, status, language, kind, coverage, least, most, context, glossary, rounds, made, changed, done = row
    configuration = None
    if kind is not None:
        configuration = _configuration(
            title,
            kind,
            coverage,
            {"min_test_cases": least, "max_test_cases": most, "project_context": context, "glossary": glossary},
        )
    known = language if language in {"es", "en"} else None
    return Talk(*[*head, title, status, known, configuration, rounds or 0, made, changed, done])


def _configuration(title: str, kind: str, coverage: int, more: Mapping[str, Any]) -> Configuration:
    sure = {"plan_title": title, "plan_type": kind, "coverage_percentage": coverage}
    try:
        return Configuration.model_validate(
            {name: more[name] for name in Configuration.model_fields if name in more} | sure
        )
    except ValidationError:
        return Configuration.model_validate(sure)


def requirement(row: Sequence[Any]) -> Requirement:
    """Of `requirements`."""
    code, statement, place, language, kind, testable, why_not = row
    sure = {
        "id": code,
        "text": statement,
        "language": language,
        "kind": kind,
        "testable": testable,
        "why_not": why_not,
    }
    around = place if isinstance(place, dict) else {}
    try:
        known = {name: around[name] for name in ("row", "lead", "beside") if name in around}
        return Requirement.model_validate(sure | known | {"place": Place.model_validate(around)})
    except ValidationError:
        return Requirement.model_validate(sure)


def plan(row: Sequence[Any]) -> PlanRow:
    """Of `plan_by_id` and `plans_of_talk`."""
    (
        id_,
        talk_id,
        title,
        kind,
        status,
        target,
        *counts,
        configuration,
        reasons,
        notes,
        total,
        accepted,
        made,
        changed,
    ) = row
    known = _configuration(title, kind, target, configuration if isinstance(configuration, dict) else {})
    why = reasons if isinstance(reasons, dict) else {}
    head = [id_, talk_id, title, kind, status, target, *counts]
    return PlanRow(*[*head, known, why, tuple(_texts(notes)), total, accepted, made, changed])


def case(row: Sequence[Any]) -> CaseView:
    """Of `cases_of_plan` and `case_by_id`."""
    values = list(row)
    values[9] = tuple(_texts(values[9]))
    values[12] = tuple(values[12])
    try:
        values[14] = _SCRIPT.validate_python(values[14])
    except ValidationError:
        values[14] = ()
    return CaseView(*values)


def modification(row: Sequence[Any]) -> Modification:
    """Of `modifications`."""
    *values, made = row
    return Modification(*[*values, made.astimezone(UTC)])


def step(one: ScriptStep) -> dict[str, Any]:
    """A step of a script as JSON: what is not expected is left out."""
    expected = {name: value for name, value in one.expected.model_dump().items() if value is not None}
    return {"operation": one.operation, "inputs": dict(one.inputs), "expected": expected}


def _texts(values: object) -> Iterable[str]:
    if isinstance(values, list):
        for value in values:
            yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
