"""How a measure is taken: every side once per round, in turn, and the median of the rounds' own ratios.

The machine is shared, so that a figure of ten minutes ago says nothing about one of now: the floor is always in the
same run, next to ours.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from bench.world import World

Call = Callable[[], Awaitable[object]]
Side = Callable[[], Awaitable[float]]


@dataclass(frozen=True)
class Outcome:
    """What a measure found.

    Attributes:
        value: The figure that the goal is about.
        rounds: How many rounds it is the median of.
        detail: What it was made from, with units.
    """

    value: float
    rounds: int
    detail: dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """One measure of 6-measures.md.

    Attributes:
        name: As there.
        what: One line for the table.
        goal: The figure to reach.
        direction: Whether the goal is the most or the least that is good.
        run: Takes it.
        reliability: Whether `make chaos` runs it, for long.
    """

    name: str
    what: str
    goal: float
    direction: Literal["at most", "at least"]
    run: Callable[[World], Awaitable[Outcome]]
    reliability: bool = False

    def holds(self, value: float) -> bool:
        """Whether the goal is reached."""
        return value <= self.goal if self.direction == "at most" else value >= self.goal


async def interleave(rounds: int, sides: Mapping[str, Side]) -> dict[str, list[float]]:
    """One figure of each side per round, after a round that does not count; the order turns round every time."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name in list(sides) if number % 2 else list(sides)[::-1]:
            gc.collect()  # nobody pays for the other's garbage
            figure = await sides[name]()
            if number:
                found[name].append(figure)
    return found


def ratios(ours: Sequence[float], floor: Sequence[float]) -> list[float]:
    """Ours over the floor, round by round."""
    return [one / other for one, other in zip(ours, floor, strict=True)]


def compared(found: Mapping[str, Sequence[float]], unit: str, *, ours: str = "ours", floor: str = "floor") -> Outcome:
    """The median of the rounds' ratios, with the medians that a reader may want beside it."""
    by_round = ratios(found[ours], found[floor])
    detail: dict[str, Any] = {name: {"median": round(median(figures), 1)} for name, figures in found.items()}
    detail |= {"unit": unit, "ratios": [round(ratio, 3) for ratio in by_round]}
    return Outcome(round(median(by_round), 3), len(by_round), detail)


async def p50(call: Call, calls: int) -> float:
    """The median time of one call, in microseconds."""
    times = []
    for _ in range(calls):
        began = time.perf_counter()
        await call()
        times.append(time.perf_counter() - began)
    return median(times) * 1e6


async def rate(writers: Sequence[Call], calls: int) -> float:
    """Calls per second when every writer makes so many, one after the other, and all writers at once."""

    async def write(call: Call) -> None:
        for _ in range(calls):
            await call()

    began = time.perf_counter()
    await asyncio.gather(*map(write, writers))
    return len(writers) * calls / (time.perf_counter() - began)
