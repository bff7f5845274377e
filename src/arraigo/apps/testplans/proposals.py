"""Pure: what of a model's proposal is taken. A model is believed in nothing that can be checked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.generators import Situation
from arraigo.apps.testplans.linking import plain
from arraigo.apps.testplans.plan import Case, Generation, Glossary, Language, Priority, Uncovered

_RANK: Mapping[Priority, int] = {"ALTA": 0, "MEDIA": 1, "BAJA": 2}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "es": {
        "unknown": "{} casos propuestos no nombraban ningún requisito conocido y se dejaron fuera.",
        "double": "{} casos propuestos repetían otros y se dejaron fuera.",
        "script": "{} guiones usaban operaciones o campos que el glosario no tiene y se quitaron.",
        "room": "{} casos propuestos no caben en max_test_cases y se dejaron fuera.",
        "few": "Hay menos casos que min_test_cases: el modelo no propuso más.",
        "why": "el modelo no propuso ningún caso",
        "untestable": "no se puede comprobar",
        "response": "Se agregaron {} casos.",
    },
    "en": {
        "unknown": "{} proposed cases named no known requirement and were left out.",
        "double": "{} proposed cases repeated others and were left out.",
        "script": "{} scripts used operations or fields that the glossary does not have and were taken out.",
        "room": "{} proposed cases have no room within max_test_cases and were left out.",
        "few": "There are fewer cases than min_test_cases: the model proposed no more.",
        "why": "the model proposed no case",
        "untestable": "it cannot be tried",
        "response": "{} cases were added.",
    },
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model wants."""

    cases: Sequence[Case]
    dropped: Sequence[str]
    response: str


def checked(proposal: Proposal, situation: Situation) -> Generation:
    """What is taken of it: cases of known requirements, each once, within the limits, with scripts that can be run."""
    words = _WORDS[situation.language]
    notes: list[str] = []

    def note(what: str, number: int) -> None:
        if number:
            notes.append(words[what].format(number))

    free = {one.id for one in situation.kept if one.status not in {"ACCEPTED", "MANUAL"} and one.created_by != "MANUAL"}
    dropped = tuple(id_ for id_ in dict.fromkeys(proposal.dropped) if id_ in free)
    staying = [one.case for one in situation.kept if one.id not in dropped and one.status != "DISCARDED"]
    known = {one.id for one in situation.requirements}
    cases = [linked for case in proposal.cases if (linked := _linked(case, known)) is not None]
    note("unknown", len(proposal.cases) - len(cases))
    fresh = _fresh(cases, [one.case for one in situation.kept])
    note("double", len(cases) - len(fresh))
    runnable = [_runnable(case, situation.configuration.glossary) for case in fresh]
    note("script", sum(before.script != after.script for before, after in zip(fresh, runnable, strict=True)))
    room = max(0, situation.configuration.max_test_cases - len(staying))
    taken = _within(runnable, room)
    note("room", len(runnable) - len(taken))
    if len(staying) + len(taken) < situation.configuration.min_test_cases:
        notes.append(words["few"])
    covered = {id_ for case in (*staying, *taken) for id_ in case.requirements}
    uncovered = tuple(
        Uncovered(requirement=one.id, why=words["why"] if one.testable else one.why_not or words["untestable"])
        for one in situation.requirements
        if one.id not in covered
    )
    return Generation(
        cases=tuple(taken),
        dropped=dropped,
        uncovered=uncovered,
        notes=tuple(notes),
        response=proposal.response or words["response"].format(len(taken)),
    )


def _linked(case: Case, known: set[str]) -> Case | None:
    """The case with the requirements that there are; None where none is left."""
    links = tuple(dict.fromkeys(id_ for id_ in case.requirements if id_ in known))
    return case.model_copy(update={"requirements": links}) if links else None


def _fresh(cases: Iterable[Case], there: Iterable[Case]) -> list[Case]:
    """Those that are not there, each once: neither the same data nor the same steps."""
    seen = {key for case in there for key in _keys(case)}
    found = []
    for case in cases:
        keys = _keys(case)
        if seen.isdisjoint(keys):
            found.append(case)
        seen |= keys
    return found


def _keys(case: Case) -> set[str]:
    keys = {"steps " + " ".join((plain(case.test_data), *map(plain, case.test_steps)))}
    if case.script:
        script = [(step.operation, dict(step.inputs)) for step in case.script]
        keys.add("script " + json.dumps(script, sort_keys=True, default=str))
    return keys


def _runnable(case: Case, glossary: Glossary | None) -> Case:
    """The case; without its script where that uses what the glossary does not have."""
    operations = glossary.operations if glossary else {}
    good = not operations or all(
        step.operation in operations
        and (not operations[step.operation].fields or set(step.inputs) <= set(operations[step.operation].fields))
        for step in case.script
    )
    return case if good else case.model_copy(update={"script": ()})


def _within(cases: Sequence[Case], room: int) -> list[Case]:
    """At most so many: first one of each requirement, then the most important."""
    seen: set[str] = set()
    order: list[tuple[bool, int, int]] = []
    for place, case in enumerate(cases):
        order.append((seen.issuperset(case.requirements), _RANK[case.priority], place))
        seen |= set(case.requirements)
    chosen = sorted(place for _, _, place in sorted(order)[:room])
    return [cases[place] for place in chosen]
