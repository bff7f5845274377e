"""What a round came to, in words: what stays uncovered and why, limits that were not met, what was not understood."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.instruction import Wish
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.plan import Case, Configuration, Generation, Kept, Language, Requirement, Uncovered

_TEXTS = {
    "not_testable": ("no es verificable: {why}", "not testable: {why}"),
    "not_concrete": (
        "no se encontró en él nada concreto que probar (condición, límite, valor o estado)",
        "nothing concrete to try was found in it (a condition, limit, value or state)",
    ),
    "no_room": ("no cabe dentro del máximo de casos", "there is no room within the maximum of cases"),
    "not_asked": ("la instrucción no lo incluye", "the instruction does not include it"),
    "unsure": (
        "su resultado esperado no queda decidido por los requisitos",
        "the requirements do not decide its expected result",
    ),
    "too_few": (
        "Hay {n} casos, menos que el mínimo de {low}: no queda nada más que probar sin repetir.",
        "There are {n} cases, fewer than the minimum of {low}: nothing else can be tried without repeating.",
    ),
    "more": (
        "Hay más casos posibles de los que permite el máximo de {high}.",
        "More cases are possible than the maximum of {high} allows.",
    ),
    "coverage": (
        (
            "La cobertura es del {actual} %, menor que el objetivo del {target} %; los requisitos "
            "sin cubrir dicen por qué."
        ),
        "Coverage is {actual} %, under the target of {target} %; the uncovered requirements say why.",
    ),
    "unread": ("De la instrucción no se entendió: «{text}».", 'Not understood of the instruction: "{text}".'),
    "no_load": (
        "Ningún requisito da cifras de rendimiento (usuarios, peticiones, tiempos).",
        "No requirement gives figures of performance (users, requests, times).",
    ),
    "no_flow": (
        "No hay flujos entre operaciones que los requisitos decidan.",
        "There are no flows across operations that the requirements decide.",
    ),
    "again": (
        "Para la regresión conviene repetir también: {ids}.",
        "For the regression these should be run again too: {ids}.",
    ),
    "response": (
        (
            "Se generaron {n} casos nuevos para {covered} de {total} requisitos verificables{out}. "
            "Prioridad: {high} alta, {medium} media, {low} baja."
        ),
        (
            "{n} new cases were generated for {covered} of {total} testable requirements{out}. "
            "Priority: {high} high, {medium} medium, {low} low."
        ),
    ),
    "out": ("; se retiraron {n}", "; {n} were taken out"),
}


def say(key: str, language: Language, **values: object) -> str:
    """A sentence in the plan's language."""
    return _TEXTS[key][0 if language == "es" else 1].format(**values)


def named(cases: Sequence[Case]) -> list[Case]:
    """The same cases, no two with one name."""
    seen: dict[str, int] = {}
    made = []
    for case in cases:
        count = seen[case.test_case_name] = seen.get(case.test_case_name, 0) + 1
        if count > 1:
            case = case.model_copy(update={"test_case_name": f"{case.test_case_name[:245]} ({count})"})  # noqa: PLW2901 - the same case renamed
        made.append(case)
    return made


def generation(
    requirements: Sequence[Requirement],
    configuration: Configuration,
    system: System,
    wish: Wish,
    cases: tuple[Case, ...],
    *,
    kept: Sequence[Kept],
    dropped: Sequence[str],
    had_more: bool,
    language: Language,
) -> Generation:
    """The whole answer."""
    covered = {id_ for case in [*cases, *(one.case for one in kept)] for id_ in case.requirements}
    uncovered = [
        Uncovered(requirement=one.id, why=_why(one, system, wish, had_more=had_more, language=language))
        for one in requirements
        if one.id not in covered
    ]
    testable = [one for one in requirements if one.testable]
    done = sum(one.id in covered for one in testable)
    levels = [case.priority for case in cases]
    out = say("out", language, n=len(dropped)) if dropped else ""
    return Generation(
        cases=cases,
        dropped=tuple(dropped),
        uncovered=tuple(uncovered),
        notes=tuple(
            _notes(configuration, wish, cases, kept, done, len(testable), had_more=had_more, language=language)
        ),
        response=say(
            "response",
            language,
            n=len(cases),
            covered=done,
            total=len(testable),
            out=out,
            high=levels.count("ALTA"),
            medium=levels.count("MEDIA"),
            low=levels.count("BAJA"),
        ),
    )


def _why(one: Requirement, system: System, wish: Wish, *, had_more: bool, language: Language) -> str:
    if not one.testable:
        return say("not_testable", language, why=one.why_not or "—")
    if wish.narrows and one.id not in wish.requirements:
        return say("not_asked", language)
    if one.id in system.unread:
        return say("not_concrete", language)
    return say("no_room" if had_more else "unsure", language)


def _notes(
    configuration: Configuration,
    wish: Wish,
    cases: Sequence[Case],
    kept: Sequence[Kept],
    done: int,
    total: int,
    *,
    had_more: bool,
    language: Language,
) -> list[str]:
    notes = []
    count = len(cases) + len(kept)
    if wish.unread:
        notes.append(say("unread", language, text=wish.unread))
    if count < configuration.min_test_cases:
        notes.append(say("too_few", language, n=count, low=configuration.min_test_cases))
    if had_more and not wish.just_tidies and count >= configuration.max_test_cases:
        notes.append(say("more", language, high=configuration.max_test_cases))
    actual = round(100 * done / total) if total else 0
    if total and actual < configuration.coverage_percentage:
        notes.append(say("coverage", language, actual=actual, target=configuration.coverage_percentage))
    if configuration.plan_type == "PERFORMANCE" and not cases and not wish.just_tidies:
        notes.append(say("no_load", language))
    if configuration.plan_type == "INTEGRACIÓN" and not cases and not wish.just_tidies:
        notes.append(say("no_flow", language))
    if configuration.plan_type == "REGRESIÓN":
        again = [one.id for one in kept if not wish.requirements or set(one.case.requirements) & set(wish.requirements)]
        if again:
            notes.append(say("again", language, ids=", ".join(again[:30])))
    return notes
