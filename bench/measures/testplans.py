"""Generated test cases on systems that the generator was not written against. See bench/testplans/README.md."""

from functools import cache
from statistics import mean, median
from typing import Any

from bench.harness import Measure, Outcome
from bench.testplans.measuring import MOST_CASES, Taken, taken
from bench.testplans.system import held_out
from bench.world import World


@cache
def _taken(rounds: int) -> tuple[Taken, ...]:
    """Both measures are of the same run; a round is one draw of the random data."""
    return tuple(taken(system, range(rounds)) for system in held_out())


async def testplan_kill(world: World) -> Outcome:
    """The mean share of mutants killed, over the systems."""
    rounds = world.effort.rounds
    systems = _taken(rounds)
    peers = {
        "random data": {
            "what": "as many scripts, as long, expected by the reference",
            "median": _chance(systems),
        }
    }
    return Outcome(_short(mean(one.ours.kill for one in systems)), rounds, detail(systems) | {"peers": peers})


async def testplan_oracle(world: World) -> Outcome:
    """The mean share of steps whose expectation agrees with the reference, over the systems."""
    rounds = world.effort.rounds
    systems = _taken(rounds)
    return Outcome(_short(mean(one.ours.oracle for one in systems)), rounds, detail(systems))


def detail(systems: tuple[Taken, ...]) -> dict[str, Any]:
    """Figures only: who works on the generator shall not learn from them which behaviours are tried."""
    return {
        "most cases": MOST_CASES,
        "groups": {
            group: {
                "killed": _short(mean(one.ours.kill for one in some)),
                "killed by random data": _chance(some),
                "right": _short(mean(one.ours.oracle for one in some)),
                "systems": len(some),
            }
            for group, some in _groups(systems).items()
        },
        "systems": {
            one.system.name: {
                "group": one.system.group,
                "killed": _short(one.ours.kill),
                "of mutants": one.ours.mutants,
                "killed by random data": _short(median(one.chance)),
                "right": _short(one.ours.oracle),
                "of steps": one.ours.steps,
                "steps that state more than accepted": _short(one.ours.stated),
                "cases": one.cases,
                "scripts": one.ours.scripts,
                "requirements": one.requirements,
            }
            for one in systems
        },
    }


def _groups(systems: tuple[Taken, ...]) -> dict[str, tuple[Taken, ...]]:
    """By the kind of document, as bench/testplans/README.md tells them apart."""
    names = dict.fromkeys(one.system.group for one in systems)
    return {name: tuple(one for one in systems if one.system.group == name) for name in names}


def _chance(systems: tuple[Taken, ...]) -> float:
    """What random data kill of these on the mean: the median of the rounds."""
    return _short(median(mean(killed) for killed in zip(*(one.chance for one in systems), strict=True)))


def _short(share: float) -> float:
    return round(share, 3)


MEASURES = (
    Measure("testplan_kill", "mutants killed, held-out systems", 0.80, "at least", testplan_kill),
    Measure("testplan_oracle", "expected results that are right, held-out systems", 0.95, "at least", testplan_oracle),
)
