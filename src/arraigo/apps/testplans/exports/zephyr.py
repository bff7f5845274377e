"""Pure: a plan for Zephyr Scale."""

from collections.abc import Iterator, Sequence

from arraigo.apps.testplans.exports.texts import clean, standing
from arraigo.apps.testplans.exports.tools import about, steps, suite, title, words, written
from arraigo.apps.testplans.views import CaseView, PlanView

HEADER = (
    *("Key", "Name", "Status", "Precondition", "Objective", "Folder", "Priority", "Component", "Labels", "Owner"),
    *("Estimated Time", "Coverage (Issues)", "Coverage (Pages)"),
    *("Test Script (Step-by-Step) - Step", "Test Script (Step-by-Step) - Test Data"),
    *("Test Script (Step-by-Step) - Expected Result", "Test Script (Plain Text)", "Test Script (BDD)"),
)
_TITLE = 255
_PRIORITIES = {"ALTA": "High", "MEDIA": "Normal", "BAJA": "Low"}


def as_zephyr(view: PlanView) -> bytes:
    """One row a step; what belongs to the whole case is on its first row alone.

    Requirements are labels: in the coverage columns Zephyr looks for issues of Jira.
    """
    return written(HEADER, (row for case in standing(view) for row in _rows(view, case)))


def _rows(view: PlanView, case: CaseView) -> Iterator[Sequence[str]]:
    whole: tuple[str, ...] = (
        *("", title(case, _TITLE), "Draft", clean(case.preconditions), about(case, _TITLE)),
        *(f"/{suite(view, '/')}", _PRIORITIES[case.priority], "", ",".join(words(case))),
        *("", "", "", ""),
    )
    for step in steps(case):
        yield *whole, step.action, step.data, step.result, "", ""
        whole = ("",) * len(whole)
