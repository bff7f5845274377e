"""Pure: what the files for other test tools have in common.

Their headers are in English whatever the language of the cases. The cases that somebody discarded are left out. One
case stays one case, however many steps it has; one without steps keeps what it expects.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.exports.texts import clean, cut, one_line, traced
from arraigo.apps.testplans.views import CaseView, PlanView
from arraigo.web.files import defused


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as tools have it that keep data and a result with each."""

    action: str
    data: str = ""
    result: str = ""


def steps(case: CaseView) -> list[Step]:
    """The steps of a case: its data with the first, what it expects with the last."""
    found = case.test_steps or ("",)
    last = len(found) - 1
    return [
        Step(clean(text), clean(case.test_data) * (number == 0), clean(case.expected_results) * (number == last))
        for number, text in enumerate(found)
    ]


def title(case: CaseView, most: int) -> str:
    """The number and the name of a case on one line, no longer than the tool takes."""
    return cut(one_line(f"{case.testcase_number} {case.test_case_name}"), most)


def whole_title(case: CaseView, most: int) -> str:
    """The name of a case where it was cut, to stand elsewhere; else nothing."""
    name = one_line(case.test_case_name)
    return "" if title(case, most).endswith(name) else name


def blocks(*named: tuple[str, str]) -> str:
    """Several texts in one cell, each under its name; those without a name come as they are, empty ones not at all."""
    shown = ((name, clean(text)) for name, text in named)
    return "\n\n".join(f"{name}: {text}" if name else text for name, text in shown if text.strip())


def about(case: CaseView, most: int) -> str:
    """What a case is about: its description, with all of its name where the title was cut."""
    return blocks(("", whole_title(case, most)), ("", case.test_case_description))


def origins(case: CaseView, separator: str) -> str:
    """The requirements of a case as a list: those that are known, else what people wrote."""
    return separator.join(case.links) or one_line(traced(case))


def words(case: CaseView) -> list[str]:
    """The requirements and the technique as labels, which have no blanks."""
    return ["_".join(one_line(text).split()) for text in (*case.links, case.technique)]


def suite(view: PlanView, *separators: str) -> str:
    """The plan's title as the name of a folder, without what separates folders there."""
    name = one_line(view.plan.title)
    for separator in separators:
        name = name.replace(separator, "-")
    return cut(name, 200)


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file: UTF-8 without a byte order mark, lines that end in LF; what begins like a formula is defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([defused(clean(cell)) for cell in row] for row in rows)
    return out.getvalue().encode()
