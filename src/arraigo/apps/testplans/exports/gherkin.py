"""Pure: a plan as a feature file, one scenario a case."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arraigo.apps.testplans.exports.labels import Labels
from arraigo.apps.testplans.exports.texts import clean, labels_of, lines, one_line, standing
from arraigo.apps.testplans.plan import Language
from arraigo.apps.testplans.views import CaseView, PlanView

_NO_TAG = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class _Words:
    """The keywords of one language (gherkin-languages.json)."""

    feature: str
    scenario: str
    given: str
    when: str
    then: str
    further: str


_KEYWORDS: Mapping[Language, _Words] = {
    "es": _Words("Característica", "Escenario", "Dado", "Cuando", "Entonces", "Y"),
    "en": _Words("Feature", "Scenario", "Given", "When", "Then", "And"),
}


def as_gherkin(view: PlanView) -> bytes:
    """The cases that stand, requirements, priority and technique as tags.

    A text of several lines is a step of its first line, with the others as its argument in quotes.
    """
    words, labels = _KEYWORDS[view.language], labels_of(view)
    feature = [f"# language: {view.language}", f"{words.feature}: {one_line(view.plan.title)}"]
    scenarios = ["\n".join(_scenario(case, words, labels)) for case in standing(view)]
    return ("\n\n".join(["\n".join(feature), *scenarios]) + "\n").encode()


def _scenario(case: CaseView, words: _Words, labels: Labels) -> Iterator[str]:
    tags = dict.fromkeys(
        _NO_TAG.sub("_", tag) for tag in (*case.links, labels.priorities[case.priority], case.technique)
    )
    yield "  " + " ".join(f"@{tag}" for tag in tags)
    yield f"  {words.scenario}: {one_line(f'{case.testcase_number} {case.test_case_name}')}"
    if clean(case.test_case_description).strip():
        yield from (f"    > {line}".rstrip() for line in lines(case.test_case_description))
        yield ""
    given = [(labels.given, case.preconditions), (labels.given_data, case.test_data)]
    for keyword, texts in (
        (words.given, given),
        (words.when, [("", step) for step in case.test_steps]),
        (words.then, [("", case.expected_results)]),
    ):
        said = [(lead, shown) for lead, text in texts if (shown := clean(text).strip())]
        for number, (lead, text) in enumerate(said):
            yield from _step(words.further if number else keyword, lead, text)


def _step(keyword: str, lead: str, text: str) -> Iterator[str]:
    first, *others = text.split("\n")
    yield f"    {keyword} {lead}{first.strip()}"
    if others:
        yield '      """'
        yield from (f"      {line}".rstrip() for line in "\n".join(others).replace('"""', r"\"\"\"").split("\n"))
        yield '      """'
