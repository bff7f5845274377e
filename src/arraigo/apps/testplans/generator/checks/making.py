"""Requirements to cases in words."""

import re
from collections.abc import Sequence

from arraigo.apps.testplans.generator import risk
from arraigo.apps.testplans.generator.checks.rows import of_row, of_rows
from arraigo.apps.testplans.generator.checks.steps import Steps, of_sentences
from arraigo.apps.testplans.generator.checks.texts import capital, say
from arraigo.apps.testplans.generator.performance import nominal
from arraigo.apps.testplans.generator.phrases import TECHNIQUES
from arraigo.apps.testplans.generator.phrases import say as phrase
from arraigo.apps.testplans.generator.understand.passages import cells_of
from arraigo.apps.testplans.generator.words import fold
from arraigo.apps.testplans.plan import Case, Language, Requirement
from arraigo.apps.testplans.requirements.sections import identified
from arraigo.apps.testplans.requirements.words.sections import without_number
from arraigo.apps.testplans.requirements.words.sentences import sentences_of
from arraigo.apps.testplans.requirements.words.statements import why_not_testable

_LONGEST_NAME = 110
_TO_TABLE = re.compile(
    r"\b(?:tabla|matriz|cuadro) (?:siguiente|de abajo|a continuaci[óo]n)|\bsiguiente (?:tabla|matriz|cuadro)|"
    r"\b(?:following|next|this) (?:table|matrix)|\b(?:table|matrix) below",
    re.IGNORECASE,
)
_REFUSES = re.compile(r"\b(?:rechaz\w+|no se permite|no (?:se )?crea|reject\w+|refuse\w+|not possible)\b")
_LIST = re.compile(r"[^:]{4,90}:\s+[^.;:]{1,40}(?:;\s+[^.;:]{1,40})+\.?")


def checks(requirements: Sequence[Requirement]) -> list[Case]:
    """One case for each requirement that says what can be done or seen; none for the others.

    In the requirement's language, with whose words they are made.
    """
    made = (
        _case(one, [other for other in requirements[at + 1 :] if other.row is not None])
        for at, one in enumerate(requirements)
        if one.testable and not why_not_testable(one.text, one.language)
    )
    return [case for case in made if case is not None]


def _case(requirement: Requirement, rows: Sequence[Requirement]) -> Case | None:
    language = requirement.language
    section = identified(without_number(requirement.place.section.rpartition(" > ")[2]))[1]
    steps = _steps(requirement, rows, section)
    load = nominal(requirement, language)
    if load is not None or not any(step.result for step in steps.steps):
        return load
    level, why = risk.of_requirement(requirement, steps.technique, language)
    return Case(
        test_case_name=_name(requirement, steps),
        test_case_description=say("tests", language, id=requirement.id, text=requirement.text[:500])
        + "\n"
        + phrase("technique", language, name=TECHNIQUES[steps.technique][language == "en"], priority=level, why=why),
        preconditions=say("start", language, section=say("of_section", language, section=section) if section else ""),
        test_data="\n".join(steps.data),
        test_steps=tuple(_spoken(steps, language)),
        expected_results=_expected(steps),
        requirements=(requirement.id,),
        priority=level,
        technique=steps.technique,
    )


def _steps(requirement: Requirement, rows: Sequence[Requirement], section: str) -> Steps:
    cells = cells_of(requirement)
    if cells:
        return of_row(cells, requirement.id, requirement.language)
    text = requirement.text
    if rows and _TO_TABLE.search(text):
        table = [
            one
            for one in rows
            if one.row is not None and rows[0].row is not None and one.row.table == rows[0].row.table
        ]
        found = [one.row.cells for one in table if one.row is not None]
        return of_rows(found, [one.id for one in table], text, requirement.language)
    entry = text.removeprefix(requirement.lead).strip()
    text = entry if entry[:1].isupper() and not _LIST.fullmatch(text) else text
    said = [text] if _LIST.fullmatch(text) else sentences_of(text)
    return of_sentences(said, section, requirement.language)


def _name(requirement: Requirement, steps: Steps) -> str:
    text = f"{requirement.id}: {steps.name}"
    return text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _spoken(steps: Steps, language: Language) -> list[str]:
    made: list[str] = []
    for step in steps.steps:
        if step.do:
            made.append(step.do)
        if step.result:
            made.append(say("check", language, result=step.result))
    return made


def _expected(steps: Steps) -> str:
    results = [step.result for step in steps.steps if step.result]
    if len(results) == 1:
        return capital(results[0]) + "."
    return "\n".join(f"{n}. {capital(result)}." for n, result in enumerate(results, 1))


def refuses(case: Case) -> bool:
    """Something in it must not be possible."""
    return bool(_REFUSES.search(fold(case.expected_results)))
