"""Pure: a plan for TestRail (the CSV wizard: template "Test Case (Steps)", multiple rows, new cases found by Title)."""

from collections.abc import Iterator, Sequence

from arraigo.apps.testplans.exports.texts import cut, labels_of, standing
from arraigo.apps.testplans.exports.tools import about, blocks, origins, steps, suite, title, written
from arraigo.apps.testplans.plan import PlanType
from arraigo.apps.testplans.views import CaseView, PlanView

HEADER = (
    *("Title", "Section", "Type", "Priority", "References", "Preconditions"),
    *("Steps (Step)", "Steps (Expected Result)"),
)
_TITLE, _REFERENCES = 250, 2000
_PRIORITIES = {"ALTA": "High", "MEDIA": "Medium", "BAJA": "Low"}
_TYPES: dict[PlanType, str] = {"PERFORMANCE": "Performance", "REGRESIÓN": "Regression"}


def as_testrail(view: PlanView) -> bytes:
    """One row a step; what belongs to the whole case is on its first row alone."""
    return written(HEADER, (row for case in standing(view) for row in _rows(view, case)))


def _rows(view: PlanView, case: CaseView) -> Iterator[Sequence[str]]:
    labels = labels_of(view)
    whole: tuple[str, ...] = (
        title(case, _TITLE),
        suite(view, ">"),
        "Security" if case.technique == "security" else _TYPES.get(view.plan.plan_type, "Functional"),
        _PRIORITIES[case.priority],
        cut(origins(case, ", "), _REFERENCES),
        blocks(
            ("", about(case, _TITLE)),
            (labels.preconditions, case.preconditions),
            (labels.test_data, case.test_data),
        ),
    )
    for step in steps(case):
        yield *whole, step.action, step.result
        whole = ("",) * len(whole)
