"""A whole database moved: ours, proof and all, next to pgcopydb; and our rows alone next to `psql | psql`.

Both servers are Debian's PostgreSQL 15 with the same settings for everybody. Each turn goes into a database made anew.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from arraigo.errors import CheckFailed
from arraigo.move.relational import catalog, copying, planning
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.formats import format_of
from arraigo.move.relational.lanes import Lane, Task, perform
from arraigo.move.relational.sessions import connected
from arraigo.postgres import schema
from arraigo.postgres.target import Target
from bench import databases
from bench.databases import DEBIAN, Servers
from bench.harness import Measure, Outcome, Side, interleave, ratios
from bench.world import World

_JOBS = 2  # of everybody
_SHARE_QUICK = 0.05
_OUTSIDE = (
    "ARRAIGO_",
    "DATABASE_",
    "DB_",
    "PG",
    "PYTHONDONT",
)  # this process's settings, which no contender shall have


async def move_vs_pgcopydb(world: World) -> Outcome:
    """Seconds of `arraigo move run` as a process, over those of `pgcopydb clone`."""
    if shutil.which("pgcopydb") is None:
        raise CheckFailed("pgcopydb is not installed", remedy="run: make system")
    found = databases.servers(_SHARE_QUICK if world.effort.quick else 1.0)
    sides = {"ours": _timed(found, moved, prepare=with_ledger), "pgcopydb": _timed(found, _pgcopydb)}
    return await _outcome(found, world.effort.rounds, sides, ("pgcopydb",))


async def move_vs_limit(world: World) -> Outcome:
    """Seconds of our rows alone, over the better of two ways with `psql | psql`: nothing is built, noted or proved."""
    found = databases.servers(_SHARE_QUICK if world.effort.quick else 1.0)
    sides = {
        "ours": _timed(found, _our_rows, prepare=_with_tables),
        "psql one by one": _timed(found, partial(_psql_rows, jobs=1), prepare=_with_tables),
        "psql two at once": _timed(found, partial(_psql_rows, jobs=_JOBS), prepare=_with_tables),
    }
    return await _outcome(found, world.effort.rounds, sides, ("psql one by one", "psql two at once"))


def _timed(
    found: Servers, run: Callable[[Servers, str], None], *, prepare: Callable[[Servers, str], None] | None = None
) -> Side:
    """A contender's turn in a new database; what it needs there is made before the clock starts."""

    def turn() -> float:
        address = found.empty("moved")
        if prepare:
            prepare(found, address)
        found.settle()
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


def command(found: Servers, address: str) -> list[str]:
    """As a user moves it."""
    return [sys.executable, "-m", "arraigo", "move", "run", found.whence, "--to", address, "--json"]


def environment() -> dict[str, str]:
    """Of a contender's process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)}
    return kept | {"PATH": f"{DEBIAN}:{os.environ['PATH']}"}


def moved(found: Servers, address: str) -> None:
    """Move it; whatever the report does not call right is an error."""
    said = json.loads(_done(command(found, address)))
    if not said["ok"] or said["lost"] or said["extra"] or said["changed"]:
        raise AssertionError(f"the move is not right: {said}")


def with_ledger(_found: Servers, address: str) -> None:
    """Arraigo's own schema, as a database has that was set up before."""
    schema.upgrade(Target(address))


def _pgcopydb(found: Servers, address: str) -> None:
    folder = tempfile.mkdtemp(prefix="arraigo-bench-")
    try:
        ways = ("--source", found.whence, "--target", address, "--dir", f"{folder}/work")
        _done(["pgcopydb", "clone", *ways, "--table-jobs", "2", "--index-jobs", "2"])
    finally:
        shutil.rmtree(folder)


def _with_tables(found: Servers, address: str) -> None:
    """Empty tables, without indexes and keys."""
    dump = _done([DEBIAN / "pg_dump", "--section=pre-data", found.whence])
    with psycopg.connect(address) as connection:
        connection.execute(re.sub(r"^\\.*$", "", dump, flags=re.MULTILINE).encode())


def _our_rows(found: Servers, address: str) -> None:
    at, to = Target(found.whence), Target(address)
    with connected(at) as read, planning.snapshot(read) as name:
        tables = [table for table in catalog.read(read, ("public",)).tables.values() if table.kind == "r"]
        tasks = [Task(table.label, partial(_our_table, table), weight=table.bytes) for table in tables]
        lanes = [Lane(at, to, "arraigo bench", name) for _ in range(_JOBS)]
        try:
            perform(tasks, lanes)
        finally:
            for lane in lanes:
                lane.close()


def _our_table(table: Table, lane: Lane) -> None:
    with lane.target.transaction():
        lane.target.execute(sql.SQL("TRUNCATE ONLY {}").format(table.sql))
        copying.copy(lane, Slice(table), format_of(table, {}), _say_nothing)


def _say_nothing(_bytes: int) -> None:
    """Nobody watches."""


def _psql_rows(found: Servers, address: str, *, jobs: int) -> None:
    """The same, largest first, with a pair of psql for each table; with the same means on the target."""
    with psycopg.connect(found.whence) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " ORDER BY pg_table_size(oid) DESC"
        )
        names = [name for (name,) in rows]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(partial(_psql_table, found.whence, address), names))


def _psql_table(whence: str, address: str, name: str) -> None:
    psql = (str(DEBIAN / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1")
    read = [*psql, whence, "-c", f"COPY public.{name} TO STDOUT (FORMAT binary)"]
    write = [*psql, address]
    for statement in ("SET synchronous_commit = off", "BEGIN", f"TRUNCATE public.{name}",
                      f"COPY public.{name} FROM STDIN (FORMAT binary, FREEZE)", "COMMIT"):  # fmt: skip
        write += ["-c", statement]
    with (
        subprocess.Popen(read, stdout=subprocess.PIPE) as reader,
        subprocess.Popen(write, stdin=reader.stdout) as writer,
    ):
        if reader.stdout:
            reader.stdout.close()  # so that the one hears when the other ends
    if reader.returncode or writer.returncode:
        raise AssertionError(f"psql ended with {reader.returncode} and {writer.returncode} on {name}")


def _done(program: Sequence[str | Path]) -> str:
    """What a program printed; one that fails is an error."""
    said = subprocess.run(program, check=False, capture_output=True, text=True, env=environment())
    if said.returncode:
        raise AssertionError(f"{Path(program[0]).name} ended with {said.returncode}: {said.stderr[-2000:]}")
    return said.stdout


MEASURES = (
    Measure(
        "move_vs_pgcopydb",
        "move a database of 1.17 GB, ANALYZE and proof included, over pgcopydb 0.10, which proves nothing",
        0.77,
        "at most",
        move_vs_pgcopydb,
    ),
    Measure(
        "move_vs_limit",
        "copy the rows of the same database, over psql | psql in binary, one table after the other or two at once",
        1.0,
        "at most",
        move_vs_limit,
    ),
)
