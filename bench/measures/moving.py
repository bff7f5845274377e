"""A whole database moved: ours, proof and all, next to pgcopydb; and our rows alone next to `psql | psql`.

Both servers are Debian's PostgreSQL 15 with the same settings for everybody. Each turn goes into a database made anew.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from arraigo.errors import CheckFailed
from bench import databases
from bench.databases import DEBIAN, Servers
from bench.harness import Measure, Outcome, Side, interleave, ratios
from bench.world import World

_SHARE_QUICK = 0.05
_OUTSIDE = ("ARRAIGO_", "DATABASE_", "DB_", "PG", "PYTHONDONT")  # this process's settings, which no contender shall have


async def move_vs_pgcopydb(world: World) -> Outcome:
    """Seconds of `arraigo move run` as a process, over those of `pgcopydb clone`."""
    if shutil.which("pgcopydb") is None:
        raise CheckFailed("pgcopydb is not installed", remedy="run: make system")
    found = databases.servers(_SHARE_QUICK if world.effort.quick else 1.0)
    sides = {"ours": _timed(found, _ours, ledger=True), "pgcopydb": _timed(found, _pgcopydb)}
    return await _outcome(found, world.effort.rounds, sides, ("pgcopydb",))


def _timed(found: Servers, run: Callable[[Servers, str], None], *, ledger: bool = False) -> Side:
    """A contender's turn: what it needs is made before the clock starts."""

    def turn() -> float:
        address = found.empty("moved", ledger=ledger)
        began = time.perf_counter()
        run(found, address)
        return time.perf_counter() - began

    return lambda: asyncio.to_thread(turn)


async def _outcome(found: Servers, rounds: int, sides: dict[str, Side], floors: Sequence[str]) -> Outcome:
    """Ours over the best of the floors, round by round."""
    figures = await interleave(rounds, sides)
    floor = min(floors, key=lambda name: median(figures[name]))
    by_round = ratios(figures["ours"], figures[floor])
    detail: dict[str, Any] = {name: {"median": round(median(f), 2)} for name, f in figures.items()}
    detail |= {"unit": "s", "over": floor, "ratios": [round(ratio, 3) for ratio in by_round]}
    detail |= {"load_average after": [round(load, 2) for load in os.getloadavg()]}
    return Outcome(round(median(by_round), 3), len(by_round), detail | found.facts())


def _ours(found: Servers, address: str) -> None:
    said = json.loads(_done([*_ARRAIGO, "run", found.whence, "--to", address, "--json"]))
    if not said["ok"] or said["lost"] or said["extra"] or said["changed"]:
        raise AssertionError(f"the move is not right: {said}")


def _pgcopydb(found: Servers, address: str) -> None:
    folder = tempfile.mkdtemp(prefix="arraigo-bench-")
    try:
        ways = ("--source", found.whence, "--target", address, "--dir", f"{folder}/work")
        _done(["pgcopydb", "clone", *ways, "--table-jobs", "2", "--index-jobs", "2"])
    finally:
        shutil.rmtree(folder)


_ARRAIGO = (sys.executable, "-m", "arraigo", "move")


def _done(command: Sequence[str | Path]) -> str:
    """What a program printed; one that fails is an error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)}
    environment = kept | {"PATH": f"{DEBIAN}:{os.environ['PATH']}"}
    said = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if said.returncode:
        raise AssertionError(f"{Path(command[0]).name} ended with {said.returncode}: {said.stderr[-2000:]}")
    return said.stdout


MEASURES = (
    Measure(
        "move_vs_pgcopydb",
        "move a database of 1.17 GB, ANALYZE and proof included, over pgcopydb 0.10, which proves nothing",
        0.77,
        "at most",
        move_vs_pgcopydb,
    ),
)
