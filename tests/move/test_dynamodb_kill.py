"""A move out of DynamoDB that is killed goes on with the same command, and ends as if nobody had killed it."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from arraigo import move
from support import dynamo
from support.dynamodb import Tables
from support.killing import CHILD, killed_after

Superuser = Callable[..., list[tuple[Any, ...]]]
# What no clock has a part in.
_ROWS = """
    SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
      SELECT (to_jsonb(c) - ARRAY['owner_id'])::text AS line FROM arraigo.conversations c
      UNION ALL SELECT (m.*)::text FROM arraigo.messages m
      UNION ALL SELECT (to_jsonb(g) - ARRAY['created_at', 'updated_at'])::text FROM arraigo.plan_configurations g
      UNION ALL SELECT (to_jsonb(p) - ARRAY['updated_at'])::text FROM arraigo.test_plans p
      UNION ALL SELECT (t.*)::text FROM arraigo.test_cases t
      UNION ALL SELECT (l.*)::text FROM arraigo.test_case_requirements l
      UNION ALL SELECT (to_jsonb(r) - ARRAY['created_at'])::text FROM arraigo.requirements r
      UNION ALL SELECT concat_ws(' ', action, test_case_id, field_name, new_value)
                  FROM arraigo.test_case_modifications WHERE field_name <> 'test_case'
      UNION ALL SELECT concat_ws(' ', action, test_case_id) FROM arraigo.test_case_modifications
      UNION ALL SELECT (to_jsonb(s) - ARRAY['created_at', 'updated_at', 'version'])::text FROM arraigo.states s
    ) AS lines"""
_FEWEST_KILLS, _MOST_KILLS = 3, 30
# Without positions: segments of a live table are scanned at once, and lie in whatever order they came.
_LEDGER = "SELECT unit, key, hash, parts FROM arraigo_move.records ORDER BY 1, 2"
_EVERYTHING = """TRUNCATE arraigo.conversations, arraigo.states, arraigo_move.runs CASCADE"""


def items(count: int = 150) -> dict[str, list[dynamo.Item]]:
    sessions = [dynamo.session(index) for index in range(count)]
    iterations = [dynamo.iteration(index, turn, cases=3) for index in range(count) for turn in (1, 2)]
    iterations[7]["generated_cases"] = {"L": [dynamo.case("TC-001"), dynamo.case("TC-002")]}
    return {"Sessions": sessions, "Iterations": iterations, "Temporary": [dynamo.temporary(n) for n in range(count)]}


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where items lie on their way."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def _start(source: str, owner_url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, "run", source, owner_url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})


def _killed_and_whole(
    source: str, owner_url: str, superuser: Superuser, spool: Path, moments: Sequence[tuple[int, float]]
) -> None:
    whole = move.run(source, owner_url)
    assert whole.ok, whole
    rows, ledger = superuser(_ROWS), superuser(_LEDGER)
    superuser(_EVERYTHING)
    partly = kills = 0
    for lines, hesitation in moments:  # until one of them was in the midst of copying
        kills += killed_after(_start(source, owner_url), lines, hesitation)
        ((known,),) = superuser("SELECT count(*) FROM arraigo_move.records")
        partly += 0 < known < len(ledger)
        if partly and kills >= _FEWEST_KILLS:
            break
        if known == len(ledger):
            superuser(_EVERYTHING)
    assert kills >= _FEWEST_KILLS
    assert partly
    assert list(spool.iterdir())
    again = move.run(source, owner_url)
    assert again.ok, again
    assert superuser("SELECT count(*) FROM arraigo_move.runs") == [(1,)]
    assert superuser(_ROWS) == rows
    assert superuser(_LEDGER) == ledger
    assert [(unit.name, unit.target_fingerprint) for unit in again.units] == [
        (unit.name, unit.target_fingerprint) for unit in whole.units
    ]
    assert not list(spool.iterdir())  # not even what the killed ones had laid down


def _moments(seed: int, lines: int) -> list[tuple[int, float]]:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    return [(chance.randint(1, lines), chance.random() / 30) for _ in range(_MOST_KILLS)]


def test_an_export_is_moved_once_however_often_it_is_killed(
    tmp_path: Path, owner_url: str, superuser: Superuser, spool: Path
) -> None:
    for table, some in items().items():
        dynamo.write_export(tmp_path / "old", table, some)
    source = f"dynamodb-export:{tmp_path / 'old'}"
    _killed_and_whole(source, owner_url, superuser, spool, _moments(20250127, 25))


def test_live_tables_are_moved_once_however_often_it_is_killed(
    owner_url: str, superuser: Superuser, spool: Path, dynamodb: Tables
) -> None:
    names = (
        dynamodb.make("Sessions", "session_id"),
        dynamodb.make("Iterations", "session_id", "iteration_number"),
        dynamodb.make("Temporary", "data_key"),
    )
    for name, some in zip(names, items(60).values(), strict=True):
        dynamodb.put(name, *some)
    _killed_and_whole(dynamodb.source(*names), owner_url, superuser, spool, _moments(6, 15))
