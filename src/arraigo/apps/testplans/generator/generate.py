"""The offline generator: requirements, a configuration and an instruction to cases."""

from collections.abc import Sequence

from arraigo.apps.testplans.generator.choose import ordered, tried
from arraigo.apps.testplans.generator.phrases import case_of
from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.pairs import pairs
from arraigo.apps.testplans.generator.techniques.sequences import sequences
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Configuration, Generation, Kept, Language, Requirement


def generate(
    requirements: Sequence[Requirement],
    configuration: Configuration,
    *,
    instruction: str = "",
    kept: Sequence[Kept] = (),
    language: Language | None = None,
) -> Generation:
    """Cases for the requirements, by technique, with data and expected results; the same input gives the same cases."""
    del instruction, kept
    system = understand(requirements, configuration.glossary)
    candidates = Candidates(system)
    every = [*candidates.all(), *sequences(candidates.solver), *pairs(candidates.solver)]
    judged = tried(system, every, [requirement.id for requirement in requirements])
    chosen = ordered(system, judged, configuration.max_test_cases)
    spoken: Language = language or (requirements[0].language if requirements else "es")
    return Generation(cases=tuple(case_of(one, system, requirements, spoken) for one in chosen))
