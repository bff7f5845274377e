"""Pure: a plan for Xray Cloud: CSV files for its Test Case Importer, and the configuration to import them with."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC

import orjson

from arraigo.apps.testplans.exports.texts import clean, cut, one_line, standing
from arraigo.apps.testplans.exports.tools import steps, suite, title, words, written
from arraigo.apps.testplans.views import CaseView, PlanView

HEADER = (
    *("Issue ID", "Issue Key", "Test Type", "Test Summary", "Test Priority", "Action", "Data", "Result", "Test Repo"),
    *("Precondition", "Issue Type", "Precondition Type", "Unstructured Definition", "Labels"),
)
MOST_ISSUES = 1000  # in one import, preconditions counted
CONFIGURATION = "xray-import-configuration.json"
_SUMMARY = 255
_PRIORITIES = {"ALTA": "2", "MEDIA": "3", "BAJA": "4"}  # Jira's: 1 is Highest, 5 is Lowest
_LIST = ";"
# Which field a column is. The columns that are not here (the issue's key and type, a precondition's definition) are
# chosen in the wizard, since no public example names their fields.
_FIELDS = {
    "Issue ID": ("Xray", "__xray_testId", "string"),
    "Test Type": ("Xray", "xray_testtype", "string"),
    "Test Summary": ("Native", "summary", "string"),
    "Test Priority": ("Native", "__priority_id", "string"),
    "Action": ("Xray Test Step Fields", "__xray_step_action", "text"),
    "Data": ("Xray Test Step Fields", "__xray_step_data", "text"),
    "Result": ("Xray Test Step Fields", "__xray_step_result", "text"),
    "Test Repo": ("Xray", "xray_test_repository_folder", "string"),
    "Precondition": ("Xray", "__xray_preconditions", "array"),
    "Labels": ("Native", "labels", "array"),
}


def as_xray(view: PlanView) -> bytes:
    """A ZIP of CSV files, of at most 1,000 issues each, with the import configuration.

    One row a step. A precondition is an issue of its own, once in a file however many cases have it.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, cases in enumerate(_files(standing(view)), 1):
            _add(archive, view, f"xray-{number}.csv", written(HEADER, _rows(view, cases)))
        _add(archive, view, CONFIGURATION, _configuration())
    return out.getvalue()


def _files(cases: Sequence[CaseView]) -> Iterator[Sequence[CaseView]]:
    """The cases in parts that fit into one import; at least one part."""
    part: list[CaseView] = []
    preconditions: set[str] = set()
    for case in cases:
        wanted = preconditions | {clean(case.preconditions)} - {""}
        if len(part) + 1 + len(wanted) > MOST_ISSUES:
            yield part
            part, wanted = [], {clean(case.preconditions)} - {""}
        part.append(case)
        preconditions = wanted
    yield part


def _rows(view: PlanView, cases: Sequence[CaseView]) -> Iterator[Sequence[str]]:
    known = {text: "" for case in cases if (text := clean(case.preconditions))}
    for number, text in enumerate(known, 1):
        known[text] = str(number)
        yield _row(
            {
                "Issue ID": str(number),
                "Test Type": "Manual",
                "Test Summary": cut(one_line(text), _SUMMARY),
                "Issue Type": "precondition",
                "Precondition Type": "Manual",
                "Unstructured Definition": text,
            }
        )
    for number, case in enumerate(cases, len(known) + 1):
        whole = {
            "Test Summary": title(case, _SUMMARY),
            "Test Priority": _PRIORITIES[case.priority],
            "Test Repo": suite(view, "/"),
            "Precondition": known.get(clean(case.preconditions), ""),
            "Issue Type": "test",
            "Labels": _LIST.join(words(case)),
        }
        for step in steps(case):
            row = {"Issue ID": str(number), "Test Type": "Manual", "Action": step.action}
            yield _row(whole | row | {"Data": step.data, "Result": step.result})
            whole = {}


def _row(values: dict[str, str]) -> list[str]:
    return [values.get(column, "") for column in HEADER]


def _configuration() -> bytes:
    return orjson.dumps(
        {
            "config.encoding": "UTF-8",
            "config.delimiter": ",",
            "config.list.delimiter": _LIST,
            "config.project.from.csv": False,
            "config.create.test.repository.folders": True,
            "config.field.mappings": [
                {"column.index": HEADER.index(column), "jira.field": {"group": group, "id": field, "type": kind}}
                for column, (group, field, kind) in _FIELDS.items()
            ],
        },
        option=orjson.OPT_INDENT_2,
    )


def _add(archive: zipfile.ZipFile, view: PlanView, name: str, data: bytes) -> None:
    at = view.plan.updated_at.astimezone(UTC)
    info = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
