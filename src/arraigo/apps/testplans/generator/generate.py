"""The offline generator: requirements, a configuration and an instruction to cases."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator import kinds, report
from arraigo.apps.testplans.generator.checks import checks, refuses, with_words
from arraigo.apps.testplans.generator.choose import Tried, ordered, tried
from arraigo.apps.testplans.generator.instruction import Wish, read
from arraigo.apps.testplans.generator.kept import dropped, signature
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.performance import loads
from arraigo.apps.testplans.generator.phrases import case_of
from arraigo.apps.testplans.generator.techniques.attacks import attacks
from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.flows import flows
from arraigo.apps.testplans.generator.techniques.pairs import pairs
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Case, Configuration, Generation, Kept, Language, Requirement


def generate(
    requirements: Sequence[Requirement],
    configuration: Configuration,
    *,
    instruction: str = "",
    kept: Sequence[Kept] = (),
    language: Language | None = None,
) -> Generation:
    """Cases for the requirements, by technique, with concrete data and expected results.

    Pure: the same input gives the same cases. A case whose expected result the requirements do not decide is left out.

    Args:
        requirements: In the order of the document; those that are not testable get no cases.
        configuration: Of the plan; its glossary fixes the names of operations and fields in scripts.
        instruction: What to do this time, in Spanish or English; empty: as many good cases as there is room for.
        kept: What the plan has; its cases count for the limits and the coverage and are never given again.
        language: Of the human fields; None: the document's.
    """
    testable = [requirement for requirement in requirements if requirement.testable]
    spoken: Language = language or (requirements[0].language if requirements else "es")
    wish = read(instruction, [requirement.id for requirement in requirements])
    out = dropped(kept, wish)
    staying = [one for one in kept if one.id not in out and one.status != "DISCARDED"]
    room = max(0, configuration.max_test_cases - len(staying))
    if wish.at_most is not None and not wish.just_tidies:
        room = min(room, wish.at_most)
    if wish.more is not None:
        room = min(room, wish.more)
    if wish.just_tidies:
        room = 0
    system = understand(requirements, configuration.glossary)
    known = {signature(one.case) for one in kept}
    made = _cases(testable, system, configuration, wish, spoken, room)
    fresh: list[Case] = []
    for case in made:
        mark = signature(case)
        if mark not in known:
            known.add(mark)
            fresh.append(case)
    cases = tuple(report.named(fresh[:room]))
    return report.generation(
        requirements,
        configuration,
        system,
        wish,
        cases,
        kept=staying,
        dropped=out,
        had_more=len(fresh) > room,
        language=spoken,
    )


def _cases(
    requirements: Sequence[Requirement],
    system: System,
    configuration: Configuration,
    wish: Wish,
    language: Language,
    room: int,
) -> list[Case]:
    if configuration.plan_type == "PERFORMANCE":
        return [case for case in loads(requirements, language) if _wanted(case, wish)]
    candidates = Candidates(system)
    pairs(candidates)
    if configuration.plan_type == "INTEGRACIÓN":
        flows(candidates)
    if "security" in wish.techniques:
        attacks(candidates)
    judged = tried(candidates, [requirement.id for requirement in requirements])
    judged = kinds.of_type(judged, configuration.plan_type, wish)
    chosen: list[Tried] = ordered(judged, room)
    cases = [case_of(one, system, requirements, language) for one in chosen]
    if configuration.plan_type != "INTEGRACIÓN":
        cases = with_words(cases, checks(requirements), by_program=configuration.glossary is not None)
    if configuration.plan_type == "REGRESIÓN":
        cases = kinds.regression(cases, wish)
    return [case for case in cases if _wanted(case, wish)]


def _wanted(case: Case, wish: Wish) -> bool:
    """Whether a case is of the kind that was asked for."""
    return not (
        (wish.requirements and not set(case.requirements) & set(wish.requirements))
        or (wish.techniques and case.technique not in wish.techniques)
        or (wish.priorities and case.priority not in wish.priorities)
        or (wish.negative and not _refuses(case))
    )


def _refuses(case: Case) -> bool:
    return not case.script[-1].expected.accepted if case.script else refuses(case)
