"""An export of a DynamoDB table moved, ledger and proof included, next to what one would write for the day.

That is orjson and boto3's TypeDeserializer, and psycopg's executemany into the same tables: it proves nothing, cannot
be run again, and keeps neither digits nor binary.
"""

import asyncio
import gzip
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import psycopg
from psycopg import sql

from arraigo import move
from arraigo.postgres import schema
from arraigo.postgres.target import Target
from bench import items
from bench.harness import Measure, Outcome, Side, interleave, ratios
from bench.world import World

_LINES, _LINES_QUICK = 200_000, 10_000
_BATCH = 2_000  # items in a transaction, as ours
_CONVERSATION = """
    INSERT INTO arraigo.conversations (id, owner_id, kind, title, settings, metadata, external_id, last_sequence,
           created_at, updated_at, activity_at) VALUES (%s, %s, 'test_plan', %s, %s, %s, %s, 6, %s, %s, %s)"""
_MESSAGE = """
    INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
_PLAN = """
    INSERT INTO arraigo.test_plans (conversation_id, id, owner_id, title, plan_type, target_coverage, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_CASE = """
    INSERT INTO arraigo.test_cases (conversation_id, id, test_plan_id, owner_id, testcase_number, position,
           test_case_name, test_steps, custom_fields, priority, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_STATE = """
    INSERT INTO arraigo.states (user_id, namespace, key, value, expires_at) VALUES (%s, 'dynamodb', %s, %s, %s)"""


async def records_vs_executemany(world: World) -> Outcome:
    """Lines per second of a move, over those of the script."""
    lines = _LINES_QUICK if world.effort.quick else _LINES
    folder = Path(tempfile.mkdtemp(prefix="arraigo-bench-"))
    try:
        items.write(folder / "export", lines)
        sides = {
            "ours": _timed(world, lambda address: _ours(folder / "export", address)),
            "executemany": _timed(world, lambda address: _script(folder / "export", address)),
        }
        figures = await interleave(world.effort.rounds, sides)
    finally:
        shutil.rmtree(folder)
    by_round = ratios(figures["executemany"], figures["ours"])
    detail: dict[str, Any] = {name: {"median": round(median(taken), 2)} for name, taken in figures.items()}
    detail |= {"unit": "s", "lines": lines, "ratios": [round(ratio, 3) for ratio in by_round]}
    detail |= {"load_average after": [round(load, 2) for load in os.getloadavg()]}
    return Outcome(round(median(by_round), 3), len(by_round), detail)


def _timed(world: World, run: Callable[[str], None]) -> Side:
    """A turn in a new database with our schema; making it does not count."""

    def turn() -> float:
        with _empty(world.targets.owner) as address:
            began = time.perf_counter()
            run(address)
            return time.perf_counter() - began

    return lambda: asyncio.to_thread(turn)


@contextmanager
def _empty(owner: Target) -> Iterator[str]:
    name = sql.Identifier("bench_records")
    with psycopg.connect(owner.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            address = owner.url.replace(f"/{owner.database}?", "/bench_records?")
            schema.upgrade(Target(address))
            connection.execute("CHECKPOINT")
            yield address
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _ours(export: Path, address: str) -> None:
    report = move.run(f"dynamodb-export:{export}", address)
    assert report.ok, report


def _script(export: Path, address: str) -> None:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - an extra

    read = TypeDeserializer().deserialize
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT user_id FROM arraigo.ensure_user('arraigo', 'legacy', 'legacy')").fetchone()
        assert row is not None
        rows: dict[str, list[tuple[Any, ...]]] = {
            statement: [] for statement in (_CONVERSATION, _PLAN, _CASE, _MESSAGE, _STATE)
        }
        for number, line in enumerate(_lines(export), 1):
            item = {name: read(value) for name, value in orjson.loads(line)["Item"].items()}
            _add(item, row[0], rows)
            if number % _BATCH == 0:
                _flush(connection, rows)
        _flush(connection, rows)


def _lines(export: Path) -> Iterator[bytes]:
    for path in sorted((export / "data").iterdir()):
        with gzip.open(path) as stream:
            yield from stream


def _add(item: dict[str, Any], owner: UUID, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """What the item becomes, in columns and as JSON beside them."""
    whole = orjson.dumps(item, default=_plainly).decode()
    if "plan_configuration" in item:
        plan, name = item["plan_configuration"], item["session_id"]
        created, updated = map(datetime.fromisoformat, (item["created_at"], item["updated_at"]))
        settings = orjson.dumps(plan, default=_plainly).decode()
        activity = updated.replace(second=0, microsecond=0)
        identity = uuid5(NAMESPACE_URL, name)
        rows[_CONVERSATION].append(
            (identity, owner, plan["plan_title"], settings, whole, name, created, updated, activity)
        )
    elif "iteration_number" in item:
        identity, at = uuid5(NAMESPACE_URL, item["session_id"]), datetime.fromisoformat(item["created_at"])
        number = 2 * int(item["iteration_number"])
        for place, role, field, more in ((number - 1, "user", "user_instructions", None),
                                         (number, "assistant", "system_response", whole)):  # fmt: skip
            mine = uuid5(identity, str(place))
            rows[_MESSAGE].append((identity, place, mine, owner, at, role, item[field], more))
        plan = uuid5(identity, f"plan {number}")
        rows[_PLAN].append((identity, plan, owner, "Plan de pruebas", "UNITARIAS", 80, at))
        for position, case in enumerate(item["generated_cases"], 1):
            rows[_CASE].append(
                (identity, uuid5(plan, str(position)), plan, owner, case["testcase_number"], position,
                 case["test_case_name"], orjson.dumps(case["test_steps"]).decode(),
                 orjson.dumps({"weight": case["weight"]}, default=_plainly).decode(), case["priority"], at)
            )  # fmt: skip
    else:
        rows[_STATE].append((owner, item["data_key"], whole, datetime.fromtimestamp(int(item["ttl"]), UTC)))


def _plainly(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else list(value)  # type: ignore[call-overload]


def _flush(connection: psycopg.Connection[Any], rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with connection.cursor() as cursor:
        for statement, some in rows.items():
            if some:
                cursor.executemany(statement.encode(), some)
            some.clear()
    connection.commit()


MEASURES = (
    Measure(
        "records_vs_executemany",
        "lines a second of a DynamoDB export, ledger and proof included, over a script with executemany",
        4.0,
        "at least",
        records_vs_executemany,
    ),
)
