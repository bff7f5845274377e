"""Pure: a plan for Azure Test Plans (its CSV)."""

from collections.abc import Iterator, Sequence

from arraigo.apps.testplans.exports.texts import labels_of, standing
from arraigo.apps.testplans.exports.tools import about, blocks, origins, steps, title, written
from arraigo.apps.testplans.views import CaseView, PlanView

HEADER = (
    *("ID", "Work Item Type", "Title", "Test Step", "Step Action", "Step Expected"),
    *("Area Path", "Assigned To", "State"),
)
_TITLE = 128


def as_azure(view: PlanView) -> bytes:
    """A row for the case, then one for each step; what has no column of its own stands before the first step."""
    return written(HEADER, (row for case in standing(view) for row in _rows(view, case)))


def _rows(view: PlanView, case: CaseView) -> Iterator[Sequence[str]]:
    labels = labels_of(view)
    yield "", "Test Case", title(case, _TITLE), "", "", "", "", "", "Design"
    before: tuple[tuple[str, str], ...] = (
        ("", about(case, _TITLE)),
        (labels.requirements, origins(case, ", ")),
        (labels.preconditions, case.preconditions),
        (labels.test_data, case.test_data),
    )
    for number, step in enumerate(steps(case), 1):
        yield "", "", "", str(number), blocks(*before, ("", step.action)), step.result, "", "", ""
        before = ()
