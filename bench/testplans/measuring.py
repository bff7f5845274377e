"""The generator on the held-out systems: document to requirements to cases to scripts, and what those are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from arraigo.apps.testplans.plan import Configuration
from bench.testplans import random_data
from bench.testplans.judging import Verdict, judged
from bench.testplans.playing import Script
from bench.testplans.system import System

MOST_CASES = 60


@dataclass(frozen=True)
class Taken:
    """What one system came to.

    Attributes:
        requirements: How many the document gave.
        cases: How many were generated; those without a script count for nothing.
        ours: What their scripts are worth.
        chance: The share of mutants killed by as many scripts of random data, as long as ours, once per seed.
    """

    system: System
    requirements: int
    cases: int
    ours: Verdict
    chance: tuple[float, ...]


def taken(system: System, seeds: Sequence[int]) -> Taken:
    """Generate offline, at most MOST_CASES cases, and judge; beside it random data of the same size, once per seed."""
    from arraigo.apps.testplans.generator import generate  # noqa: PLC0415
    from arraigo.apps.testplans.requirements import extract  # noqa: PLC0415

    requirements = extract(*system.document()).requirements
    configuration = Configuration(
        plan_title=system.name,
        coverage_percentage=100,
        min_test_cases=1,
        max_test_cases=MOST_CASES,
        glossary=system.glossary,
    )
    cases = generate(requirements, configuration).cases
    scripts: list[Script] = [case.script for case in cases if case.script]
    lengths = [len(script) for script in scripts]
    chance = tuple(judged(system, random_data.drawn(system, lengths, seed)).kill for seed in seeds)
    return Taken(system, len(requirements), len(cases), judged(system, scripts), chance)
