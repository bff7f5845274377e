"""Pure: what several formats say alike of a plan."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import orjson

from arraigo.apps.testplans.exports.labels import LABELS, Labels
from arraigo.apps.testplans.plan import Requirement
from arraigo.apps.testplans.views import CaseView, Covered, PlanView
from arraigo.web.files import visible

T = TypeVar("T")

# What one program or another takes for the end of a line.
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def lines(text: str) -> list[str]:
    """The lines of a text, however they end, with what XML cannot hold made visible."""
    return [visible(line) for line in _LINE_END.split(text)]


def clean(text: str) -> str:
    """The same as one text again."""
    return text if text.isprintable() else "\n".join(lines(text))


def one_line(text: str) -> str:
    """The same on one line: all blanks become single spaces."""
    return " ".join(clean(text).split())


def cut(text: str, most: int) -> str:
    """The text, or its beginning and three dots in one sign: `most` UTF-16 units, as spreadsheets and trackers count.

    Nothing is halved that is two units long.
    """
    if len(text) * 2 <= most:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    return units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def numbered(steps: Iterable[str]) -> str:
    """Steps in one cell: `1. first`, the further lines of a step indented."""
    return "\n".join(f"{number}. " + "\n   ".join(lines(step)) for number, step in enumerate(steps, 1))


def moment(at: datetime) -> str:
    """A time as people read it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def labels_of(view: PlanView) -> Labels:
    """The words of the plan's language."""
    return LABELS[view.language]


def standing(view: PlanView) -> list[CaseView]:
    """The cases that nobody discarded: what is handed in, and what other tools are to import."""
    return [case for case in view.cases if case.status != "DISCARDED"]


def traced(case: CaseView) -> str:
    """The requirements of a case, as people write them; else those that are linked."""
    return case.requirements.strip() or ", ".join(case.links)


def custom(case: CaseView, field: str) -> str:
    """The value of one of the project's own fields, as text."""
    value = case.custom_fields.get(field)
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value).decode()


def placed(requirement: Requirement, labels: Labels) -> str:
    """Where a requirement stands in its document."""
    page = requirement.place.page
    return ", ".join(part for part in (page and labels.place_page.format(page=page), requirement.place.section) if part)


def why_not(covered: Covered) -> str:
    """Why no case tests it, where none does."""
    return "" if covered.covered else covered.why_not or covered.requirement.why_not


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in figures: what each is called, and how many."""

    facts: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, Sequence[tuple[str, int]]]]


def figures(view: PlanView) -> Figures:
    """The summary of a plan: what it is, how much it covers, and its cases by status, priority and technique."""
    labels, plan, coverage = labels_of(view), view.plan, view.coverage
    facts = [
        (labels.project, view.project or ""),
        (labels.plan_type, labels.plan_types[plan.plan_type]),
        (labels.plan_status, labels.plan_statuses[plan.status]),
        (labels.updated, moment(plan.updated_at)),
        (labels.total_cases, str(len(view.cases))),
        (labels.covered_requirements, f"{coverage.covered_requirements} / {coverage.total_requirements}"),
        (labels.target, f"{coverage.target_coverage} %"),
        (labels.actual, f"{coverage.actual_coverage:f} %"),
    ]
    cases = standing(view)
    return Figures(
        [(label, value) for label, value in facts if value],
        [
            (labels.by_status, _counted(labels.statuses, [case.status for case in view.cases])),
            (labels.by_priority, _counted(labels.priorities, [case.priority for case in cases])),
            (labels.by_technique, [(labels.techniques[used], many) for used, many in coverage.techniques.items()]),
        ],
    )


def settings(view: PlanView) -> list[tuple[str, str]]:
    """The configuration, as people read it."""
    labels, known = labels_of(view), view.configuration
    rows = [
        (labels.name, known.plan_title),
        (labels.plan_type, labels.plan_types[known.plan_type]),
        (labels.target, f"{known.coverage_percentage} %"),
        (labels.minimum, str(known.min_test_cases)),
        (labels.maximum, str(known.max_test_cases)),
        (labels.context, known.project_context),
    ]
    if known.glossary is not None:
        operations = known.glossary.operations.items()
        rows.append((labels.glossary, "\n".join(f"{name}({', '.join(of.fields)})" for name, of in operations)))
    return [(label, value) for label, value in rows if value]


def _counted(names: Mapping[T, str], found: Sequence[T]) -> list[tuple[str, int]]:
    return [(name, found.count(value)) for value, name in names.items() if value in found]
