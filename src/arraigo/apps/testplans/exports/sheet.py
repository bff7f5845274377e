"""Pure: a plan as CSV."""

import csv
import io

from arraigo.apps.testplans.exports.texts import custom, numbered, traced
from arraigo.apps.testplans.views import CaseView, PlanView
from arraigo.web.files import defused

_COLUMNS = (
    *("testcase_number", "test_case_name", "test_case_description", "preconditions", "test_data", "test_steps"),
    *("expected_results", "requirements", "priority", "technique", "status", "created_by"),
)
_METADATA = ("id", "version", "created_at", "updated_at")


def as_csv(view: PlanView, *, include_metadata: bool) -> bytes:
    """One row a case (RFC 4180), the columns and the values named as in the JSON, whatever the plan's language.

    The steps are numbered in one cell. With a byte order mark, since Excel takes a file without one for the country's
    old code page; with commas, since that is what programs expect.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    metadata = _METADATA if include_metadata else ()
    writer.writerow([defused(name, anywhere=True) for name in (*_COLUMNS, *view.case_fields, *metadata)])
    for case in view.cases:
        values = [_value(case, column) for column in _COLUMNS]
        values += [custom(case, field) for field in view.case_fields]
        values += [_value(case, column) for column in metadata]
        writer.writerow([defused(value, anywhere=True) for value in values])
    return out.getvalue().encode("utf-8-sig")


def _value(case: CaseView, column: str) -> str:
    match column:
        case "test_steps":
            return numbered(case.test_steps)
        case "requirements":
            return traced(case)
        case "created_at" | "updated_at":
            return str(getattr(case, column).isoformat())
    return str(getattr(case, column))
