"""python -m bench [NAME …|chaos] [--rounds N] [--quick]: take measures, write results.json, print the table."""

import argparse
import asyncio
import json
import os
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.harness import Measure
from bench.measures import ALL
from bench.world import Effort, World, made

RESULTS = Path(__file__).with_name("results.json")
_ROUNDS, _ROUNDS_QUICK, _ROUNDS_CHAOS = 7, 3, 100
_CALLS, _CALLS_QUICK = 300, 60

Result = dict[str, Any]


async def taken(measure: Measure, world: World) -> Result:
    """One measure's result; one that breaks off has no value, and says why."""
    facts = world.machine | {
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    result: Result = {"name": measure.name, "value": None, "goal": measure.goal, "holds": False, "rounds": 0}
    detail: dict[str, Any] = {"what": measure.what, "goal_is": measure.direction}
    try:
        outcome = await measure.run(world)
    except Exception as error:  # noqa: BLE001 - the other measures go on
        traceback.print_exc()
        detail["error"] = f"{type(error).__name__}: {error}"
    else:
        result |= {"value": outcome.value, "holds": measure.holds(outcome.value), "rounds": outcome.rounds}
        detail |= outcome.detail
    return result | {"detail": detail | {"machine": facts}}


def kept(results: Sequence[Result], path: Path = RESULTS) -> None:
    """Write these results, in place of older ones of the same names."""
    older = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    by_name = {result["name"]: result for result in (*older, *results)}
    order = [measure.name for measure in ALL]
    newest = [by_name[name] for name in order if name in by_name]
    path.write_text(json.dumps(newest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(results: Sequence[Result]) -> Table:
    """What a person reads."""
    drawn = Table("measure", "what", title="Ratios of medians taken side by side; see bench/README.md")
    for heading in ("value", "goal", "holds", "best peer", "both sides"):
        drawn.add_column(heading, justify="left" if heading in {"best peer", "both sides"} else "right")
    for result in results:
        detail = result["detail"]
        sides = [f"{name} {facts['median']:g}" for name, facts in detail.items() if _is_side(facts)]
        drawn.add_row(
            result["name"],
            detail["what"],
            "failed" if result["value"] is None else f"{result['value']:g}",
            f"{'≤' if detail['goal_is'] == 'at most' else '≥'} {result['goal']:g}",
            "[green]yes[/]" if result["holds"] else "[red]no[/]",
            best_peer(detail),
            f"{', '.join(sides)} {detail.get('unit', '')}".strip(),
        )
    return drawn


def best_peer(detail: dict[str, Any]) -> str:
    """The figure of the peer that did best, or that none was there."""
    figures = {name: facts.get("ratio", facts["median"]) for name, facts in detail.get("peers", {}).items()}
    if not figures:
        return "not installed" if "peers left out" in detail else ""
    best = (min if detail["goal_is"] == "at most" else max)(figures, key=lambda name: figures[name])
    of = detail["peers"][best].get("of")
    return f"{figures[best]:g} {f'of {of} ' if of else ''}{best}"


def _is_side(facts: object) -> bool:
    return isinstance(facts, dict) and "median" in facts


async def run(measures: Sequence[Measure], effort: Effort) -> list[Result]:
    """Take the measures one after the other; each is written as soon as it is there."""
    results = []
    async with made(effort) as world:
        for measure in measures:
            print(f"{measure.name}: {measure.what} ...", flush=True)
            results.append(await taken(measure, world))
            kept(results)
    return results


def main() -> None:
    """Take what the command line names."""
    by_name = {measure.name: measure for measure in ALL}
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"chaos, or: {', '.join(by_name)}")
    parser.add_argument("--rounds", type=int, help=f"per measure; {_ROUNDS}, chaos {_ROUNDS_CHAOS}")
    parser.add_argument("--quick", action="store_true", help="to see that it works, not to quote figures")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in {"chaos", *by_name}]:
        parser.error(f"there is no measure {unknown[0]!r}; there are {', '.join(by_name)}, and chaos")
    chaos = "chaos" in asked.names
    names = [name for name, measure in by_name.items() if (chaos and measure.reliability) or name in asked.names]
    standard = _ROUNDS_QUICK if asked.quick else _ROUNDS_CHAOS if chaos else _ROUNDS
    effort = Effort(asked.rounds or standard, _CALLS_QUICK if asked.quick else _CALLS, asked.quick)
    results = asyncio.run(run([by_name[name] for name in names] or ALL, effort))
    Console().print(table(results))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
