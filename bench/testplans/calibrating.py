"""python -m bench.testplans.calibrating: what random data kill, by themselves, without a generator beside them.

In `testplan_kill` random data have the size that the generator's scripts have, which is small where it finds little to
say. Here the size is fixed: as many scripts as there may be cases, as long as the witnesses are.
"""

from collections.abc import Sequence
from itertools import cycle, islice
from statistics import mean, median

from bench.testplans import random_data
from bench.testplans.judging import judged
from bench.testplans.measuring import MOST_CASES
from bench.testplans.system import System, held_out
from bench.testplans.witnesses import kept

_SEEDS = range(5)


def chance(system: System, seeds: Sequence[int] = _SEEDS) -> float:
    """The share of mutants that random data of full size kill; the median over the seeds."""
    lengths = list(islice(cycle(len(script) for script in kept(system).values()), MOST_CASES))
    return median(judged(system, random_data.drawn(system, lengths, seed)).kill for seed in seeds)


def main() -> None:
    """A figure per system, and the mean per group."""
    groups: dict[str, list[float]] = {}
    for system in held_out():
        killed = chance(system)
        groups.setdefault(system.group, []).append(killed)
        print(f"{system.group} {system.name}: {killed:.3f}")
    for group, shares in groups.items():
        print(f"{group}: {mean(shares):.3f}")


if __name__ == "__main__":
    main()
