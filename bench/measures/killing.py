"""The mover killed at every stage of a move, and run again: what is on the target in the end, beside the source."""

import asyncio
import random
import subprocess
import time
from collections import Counter
from typing import Any

import psycopg
from psycopg import sql

from bench import databases
from bench.databases import Servers
from bench.harness import Measure, Outcome
from bench.measures.moving import command, environment, moved, with_ledger
from bench.world import World

_SHARE, _SHARE_QUICK = 0.1, 0.02
_KILLS, _KILLS_QUICK = 50, 5
_AGAIN = 0.3  # of the moves are killed twice
_TABLES = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"""
_OBJECTS = """
SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AND indisvalid
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND convalidated
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
UNION ALL SELECT 'sequence ' || schemaname || sequencename || coalesce(last_value, 0) FROM pg_sequences
 WHERE schemaname = 'public'
UNION ALL SELECT 'view ' || viewname || definition FROM pg_views WHERE schemaname = 'public'"""
_LEDGER = """
SELECT (SELECT array_agg(unit || source_rows || ' ' || source_fingerprint ORDER BY unit) FROM arraigo_move.units),
       (SELECT array_agg(step ORDER BY step) FROM arraigo_move.steps), (SELECT count(*) FROM arraigo_move.runs)"""
_STAGE = """
SELECT CASE WHEN NOT EXISTS (SELECT FROM arraigo_move.units) THEN 'before the schema'
            WHEN EXISTS (SELECT FROM arraigo_move.units WHERE layout->>'copied' = 'false') THEN 'rows'
            WHEN EXISTS (SELECT FROM arraigo_move.runs WHERE phase = 'planned') THEN 'indexes, keys and the rest'
            ELSE 'the last checks' END"""


async def kill_mover(world: World) -> Outcome:
    """Rows, objects and entries of the ledger that are not as after a move that nobody killed."""
    quick = world.effort.quick
    found = databases.servers(_SHARE_QUICK if quick else _SHARE)
    return await asyncio.to_thread(_killed, found, _KILLS_QUICK if quick else _KILLS)


def _killed(found: Servers, kills: int) -> Outcome:
    address = _new(found)
    began = time.perf_counter()
    moved(found, address)
    whole = time.perf_counter() - began
    rows, objects, ledger = _rows(found.whence), _objects(found.whence), _ledger(address)
    chance = random.Random(20_260_302)  # noqa: S311 - moments, not secrets
    wrong: Counter[str] = Counter(dict.fromkeys(("lost", "doubled", "changed", "objects", "ledger"), 0))
    stages: Counter[str] = Counter()
    number = runs = 0
    while number < kills:
        if not runs % 10:  # how fast the machine is just now
            began = time.perf_counter()
            moved(found, _new(found))
            whole = time.perf_counter() - began
        address = _new(found)
        # Each move is killed in a part of its own, so that every stage has its turn.
        moments = [(number + chance.random()) / kills * whole]
        moments += [chance.random() * whole] * (chance.random() < _AGAIN)
        for moment in moments:
            if number < kills and _kill(found, address, moment):
                stages[_stage(address)] += 1
                number += 1
        runs += 1
        moved(found, address)
        wrong.update(_wrong(rows, _rows(address)))
        wrong["objects"] += len(set(objects) ^ set(_objects(address)))
        wrong["ledger"] += _ledger(address) != ledger
    detail = {"unit": "wrong", **wrong, "moves": runs, "killed in": dict(stages), "s, not killed": round(whole, 2)}
    return Outcome(sum(wrong.values()), number, detail | found.facts())


def _new(found: Servers) -> str:
    address = found.empty("killed")
    with_ledger(found, address)
    return address


def _kill(found: Servers, address: str, moment: float) -> bool:
    """Start a move and kill it after so many seconds; False where it had ended by then."""
    with subprocess.Popen(
        command(found, address), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def _rows(address: str) -> dict[str, tuple[int, int]]:
    """Of each table how many rows, and a sum over their texts: not the mover's own fingerprint."""
    with psycopg.connect(address, options="-c timezone=UTC -c extra_float_digits=3") as connection:
        names = [name for (name,) in connection.execute(_TABLES)]
        query = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 7)), 0) FROM {} t")
        return {
            name: tuple(connection.execute(query.format(sql.Identifier(name))).fetchone() or (0, 0)) for name in names
        }


def _wrong(source: dict[str, tuple[int, int]], target: dict[str, tuple[int, int]]) -> dict[str, int]:
    pairs = [(rows, target.get(name, (0, 0))) for name, rows in source.items()]
    return {
        "lost": sum(max(0, here[0] - there[0]) for here, there in pairs),
        "doubled": sum(max(0, there[0] - here[0]) for here, there in pairs),
        "changed": sum(here[0] == there[0] and here[1] != there[1] for here, there in pairs),
    }


def _objects(address: str) -> list[str]:
    with psycopg.connect(address) as connection:
        return [text for (text,) in connection.execute(_OBJECTS)]


def _ledger(address: str) -> tuple[Any, ...]:
    """What it says of units and steps, in which nothing may stand twice."""
    with psycopg.connect(address) as connection:
        return connection.execute(_LEDGER).fetchone() or ()


def _stage(address: str) -> str:
    with psycopg.connect(address) as connection:
        row = connection.execute(_STAGE).fetchone()
    return row[0] if row else ""


MEASURES = (
    Measure(
        "kill_mover",
        "mover killed in every stage of a move and run again: rows lost, doubled, changed; objects, ledger not right",
        0,
        "at most",
        kill_mover,
        reliability=True,
    ),
)
