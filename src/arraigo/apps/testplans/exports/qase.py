"""Pure: a plan for Qase (its CSV, second version)."""

from collections.abc import Iterator, Sequence

import orjson

from arraigo.apps.testplans.exports.texts import clean, standing
from arraigo.apps.testplans.exports.tools import about, steps, suite, title, words, written
from arraigo.apps.testplans.plan import CaseStatus, PlanType
from arraigo.apps.testplans.views import CaseView, PlanView

HEADER = (
    *("v2.id", "title", "description", "preconditions", "postconditions", "tags", "priority", "severity", "type"),
    *("behavior", "automation", "status", "is_flaky", "layer", "steps_type", "steps_actions", "steps_result"),
    *("steps_data", "milestone_id", "milestone", "suite_id", "suite_parent_id", "suite", "suite_without_cases"),
    *("parameters", "is_muted"),
)
_TITLE = 255
_PRIORITIES = {"ALTA": "high", "MEDIA": "medium", "BAJA": "low"}
_STATUSES: dict[CaseStatus, str] = {"PROPOSED": "draft", "ACCEPTED": "actual", "MANUAL": "actual"}
_TYPES: dict[PlanType, str] = {
    "UNITARIAS": "functional",
    "INTEGRACIÓN": "integration",
    "PERFORMANCE": "performance",
    "REGRESIÓN": "regression",
}
_SUITE = "1"


def as_qase(view: PlanView) -> bytes:
    """A row for the suite, then one row a case with its steps in three cells, a line each."""
    return written(HEADER, _rows(view))


def _rows(view: PlanView) -> Iterator[Sequence[str]]:
    cases = standing(view)
    name = suite(view)
    if cases:
        yield _row({"suite_id": _SUITE, "suite": name, "suite_without_cases": "1"})
    for number, case in enumerate(cases, 1):
        yield _row(_values(view, case) | {"v2.id": str(number), "suite_id": _SUITE, "suite": name})


def _values(view: PlanView, case: CaseView) -> dict[str, str]:
    found = steps(case)
    return {
        "title": title(case, _TITLE),
        "description": about(case, _TITLE),
        "preconditions": clean(case.preconditions),
        "tags": ",".join(words(case)),
        "priority": _PRIORITIES[case.priority],
        "severity": "undefined",
        "type": "security" if case.technique == "security" else _TYPES[view.plan.plan_type],
        "behavior": "undefined",
        "automation": "is-not-automated",
        "status": _STATUSES[case.status],
        "is_flaky": "no",
        "layer": "unknown",
        "steps_type": "classic",
        "steps_actions": _cell([step.action for step in found]),
        "steps_result": _cell([step.result for step in found]),
        "steps_data": _cell([step.data for step in found]),
        "is_muted": "no",
    }


def _row(values: dict[str, str]) -> list[str]:
    return [values.get(column, "") for column in HEADER]


def _cell(texts: Sequence[str]) -> str:
    return "".join(f"{number}. {orjson.dumps(text).decode()}\n" for number, text in enumerate(texts, 1))
