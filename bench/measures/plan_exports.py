"""A large test plan in every format, each in a process of its own: seconds and megabytes, against fixed limits."""

import asyncio
import json
import sys
from statistics import median
from typing import Any

from arraigo.apps.testplans.exports import FORMATS
from bench.harness import Measure, Outcome
from bench.world import World

_CASES, _CASES_QUICK = 5_000, 500
_SECONDS, _MB = 10, 300


async def plan_exports(world: World) -> Outcome:
    """The share of the limits that the worst format takes, of time or of memory; each format's figures beside it."""
    cases = _CASES_QUICK if world.effort.quick else _CASES
    found: dict[str, list[dict[str, float]]] = {name: [] for name in FORMATS}
    for _ in range(world.effort.rounds):
        for name, rounds in found.items():
            rounds.append(await _exported(name, cases))
    detail: dict[str, Any] = {
        name: {figure: median(one[figure] for one in rounds) for figure in rounds[0]} for name, rounds in found.items()
    }
    shares = [share for one in detail.values() for share in (one["seconds"] / _SECONDS, one["MB"] / _MB)]
    return Outcome(round(max(shares), 3), world.effort.rounds, {"cases": cases, **detail})


async def _exported(format: str, cases: int) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.plan_export", format, str(cases), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, f"{format} ended with {process.returncode}"
    figures: dict[str, float] = json.loads(out)
    return figures


MEASURES = (
    Measure(
        "plan_exports",
        "a test plan of 5,000 cases in the worst format, over its limits of 10 s and 300 MB",
        1.0,
        "at most",
        plan_exports,
    ),
)
