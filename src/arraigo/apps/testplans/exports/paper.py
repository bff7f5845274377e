"""Pure: a plan as its document shows it, in parts, before it is laid out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, Literal

from arraigo.apps.testplans.exports.labels import Labels
from arraigo.apps.testplans.exports.texts import (
    clean,
    custom,
    cut,
    figures,
    labels_of,
    moment,
    one_line,
    placed,
    settings,
    standing,
    traced,
    why_not,
)
from arraigo.apps.testplans.views import CaseView, Covered, Modification, PlanView

Kind = Literal["coverage", "cases", "changes"]

_EACH_CASE = 100  # up to so many cases are laid out at once, and the contents name each
_CASES, _REQUIREMENTS, _CHANGES = 50, 200, 250  # laid out at once where there are more
_HEADER = 90  # characters of the title at the head of a page
_ENTRY = 120  # and of a case's name in the contents
_VALUE = 300  # characters of a value in the log
BREAK = "\u200b"  # where a line may end without a blank
_ENDLESS = re.compile(r"(\S{30})(?=\S{10})")


@dataclass(frozen=True, slots=True)
class Part:
    """What is laid out at once, beginning on a page of its own: all at once would take gigabytes.

    Attributes:
        heading: Of the chapter that begins with it.
        rows: What the layout shows, as JSON.
        titles: Of its sections.
        named: What the contents name of it: each of its sections, or where there are many all of them at once.
    """

    kind: Kind
    heading: str | None
    rows: Sequence[Any]
    titles: Sequence[str] = ()
    named: Sequence[str] = ()


def parts(view: PlanView, *, include_metadata: bool) -> Iterator[Part]:
    """What follows the cover: the coverage, the cases that stand, and the log where it is asked for."""
    labels, cases = labels_of(view), standing(view)
    requirements = view.coverage.requirements
    yield from _parts("coverage", labels.coverage, (_covered(known, labels) for known in requirements), _REQUIREMENTS)
    many = len(cases) > _EACH_CASE
    rows = (_case(case, view) for case in cases)
    for part in _parts("cases", labels.cases, rows, _CASES if many else _EACH_CASE):
        titles = [row["title"] for row in part.rows]
        named = [cut(title, _ENTRY) for title in titles]
        if many:
            named = [f"{part.rows[0]['number']} \N{EN DASH} {part.rows[-1]['number']}"]
        yield replace(part, titles=titles, named=named)
    if include_metadata and view.modifications:
        yield from _parts("changes", labels.changes, (_change(change) for change in view.modifications), _CHANGES)


def cover(view: PlanView, *, include_metadata: bool) -> dict[str, Any]:
    """What the cover, the contents and the summary show; the contents' entries are added when the pages are known."""
    labels, found, cases = labels_of(view), figures(view), standing(view)
    facts = [*found.facts]
    if left_out := len(view.cases) - len(cases):
        facts.append((labels.left_out, str(left_out)))
    return {
        "chapters": [labels.summary, *([labels.configuration] * include_metadata)],
        "facts": _broken(facts),
        "groups": found.groups,
        "notes": [_breakable(note) for note in view.plan.notes],
        "settings": _broken(settings(view)) if include_metadata else [],
    }


def around(view: PlanView) -> dict[str, Any]:
    """What all parts need: the title, the language and its words."""
    labels = labels_of(view)
    title = one_line(view.plan.title)
    return {
        "title": _breakable(title),
        "title-short": _breakable(cut(title, _HEADER)),
        "language": view.language,
        "words": {field.name: word for field in fields(labels) if isinstance(word := getattr(labels, field.name), str)},
    }


def _parts(kind: Kind, heading: str, rows: Iterable[Any], most: int) -> Iterator[Part]:
    """Rows in parts, the first with the heading; one part where there are no rows."""
    rest = iter(rows)
    part = list(islice(rest, most))
    yield Part(kind, heading, part)
    while part := list(islice(rest, most)):
        yield Part(kind, None, part)


def _covered(known: Covered, labels: Labels) -> Mapping[str, Any]:
    about = known.requirement
    place = placed(about, labels)
    techniques = ", ".join(labels.techniques[used] for used in known.techniques)
    return {
        "id": _breakable(about.id),
        "text": _breakable(about.text + (f"\n({place})" if place else "")),
        "covered": known.covered,
        "cases": _breakable("\n".join(text for text in (", ".join(known.cases), techniques, why_not(known)) if text)),
    }


def _case(case: CaseView, view: PlanView) -> Mapping[str, Any]:
    labels = labels_of(view)
    about = (
        (labels.priority, labels.priorities[case.priority]),
        (labels.technique, labels.techniques[case.technique]),
        (labels.status, labels.statuses[case.status]),
        (labels.requirements, one_line(traced(case))),
    )
    texts = (
        (labels.description, case.test_case_description),
        (labels.preconditions, case.preconditions),
        (labels.test_data, case.test_data),
        *((one_line(label), custom(case, field)) for field, label in view.case_fields.items()),
    )
    return {
        "number": one_line(case.testcase_number),
        "title": _breakable(one_line(f"{case.testcase_number} {case.test_case_name}")),
        "about": _breakable(" · ".join(f"{label}: {value}" for label, value in about if value)),
        "texts": [(label, _breakable(text)) for label, text in texts if text.strip()],
        "steps": [_breakable(step) for step in case.test_steps],
        "expected": _breakable(case.expected_results),
    }


def _change(change: Modification) -> Sequence[str]:
    who = change.username or str(change.modified_by or "")
    values = (cut(value or "", _VALUE) for value in (change.old_value, change.new_value))
    texts = (moment(change.created_at), change.testcase_number, change.field_name, who, *values)
    return [_breakable(text) for text in texts]


def _broken(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, _breakable(value)) for label, value in rows]


def _breakable(text: str) -> str:
    """A text that fits into any column: what has no blank for long may be broken nevertheless."""
    return _ENDLESS.sub(rf"\1{BREAK}", clean(text))
