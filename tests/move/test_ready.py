"""Items that are made ready in a second process, and the proof by what was expected of them."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arraigo import move
from arraigo.errors import Unavailable
from arraigo.move.records import batches, copytext, judging
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.shape import Table
from arraigo.move.sources.dynamodb import apart, helper
from support import dynamo

Superuser = Callable[..., list[tuple[Any, ...]]]
_ROWS = """
    SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
      SELECT (c.*)::text AS line FROM arraigo.conversations c UNION ALL SELECT (m.*)::text FROM arraigo.messages m
      UNION ALL SELECT (p.conversation_id, p.plan_type, p.project_context)::text FROM arraigo.plan_configurations p
      UNION ALL SELECT (to_jsonb(s) - 'version')::text FROM arraigo.states s) AS lines"""
_LEDGER = """
    SELECT unit, key, position, hash, target_id, parts, bytes FROM arraigo_move.records
     UNION ALL SELECT unit, key, position, raw, reason, line::int, size FROM arraigo_move.rejected ORDER BY 1, 3"""
_FORGET = "TRUNCATE arraigo.conversations, arraigo.states, arraigo_move.runs CASCADE"
_CHILD = """
import sys
from arraigo import move
from arraigo.move.records import batches
from arraigo.move.sources.dynamodb import apart
apart.WORTH_IT, batches.BATCH_RECORDS = 0, 7
move.run(sys.argv[1], sys.argv[2], allow_rejects=True, progress=lambda p: print(p.phase, flush=True))
"""
_ASKS = """
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID
from arraigo.move.records.shape import Context
from arraigo.move.sources.dynamodb.helper import Helper
found = Helper()
now = datetime.now(UTC)
assert not list(found.ask((["x"], [], [], "items", Context(UUID(int=1), b"k", now, Counter()), 1, 1)))
print(found._process.pid, flush=True)
input()
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    items = [dynamo.session(index) for index in range(40)]
    items += [dynamo.iteration(index, turn) for index in range(41) for turn in (1, 2)]
    items += [dynamo.temporary(index) for index in range(40)]
    items += [dynamo.ODD, dynamo.temporary(99, ttl=1), {"data_key": dynamo.text("a\\b\t"), "n": dynamo.number("x")}]
    dynamo.write_export(tmp_path / "old", "All", items, files=3)
    return tmp_path / "old"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few they are, and in many batches."""
    monkeypatch.setattr(apart, "WORTH_IT", 0)
    monkeypatch.setattr(batches, "BATCH_RECORDS", 7)


def moved(old: Path, owner_url: str) -> move.Report:
    return move.run(f"dynamodb-export:{old}", owner_url, allow_rejects=True)


def test_a_second_process_makes_the_same(
    old: Path, owner_url: str, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = moved(old, owner_url)
    rows, ledger = superuser(_ROWS), superuser(_LEDGER)
    superuser(_FORGET)
    monkeypatch.setattr(apart, "WORTH_IT", 0)
    monkeypatch.setattr(batches, "BATCH_RECORDS", 7)
    there = moved(old, owner_url)
    assert here.ok
    assert there.ok
    assert superuser(_ROWS) == rows
    assert superuser(_LEDGER) == ledger
    assert there.transformations == here.transformations
    assert [unit.target_fingerprint for unit in there.units] == [unit.target_fingerprint for unit in here.units]
    again = moved(old, owner_url)
    assert [unit.outcome for unit in again.units] == [{"unchanged": 41}, {"unchanged": 42, "rejected": 1}]


@pytest.mark.usefixtures("elsewhere")
def test_what_changed_meanwhile_is_looked_at_one_by_one(old: Path, owner_url: str, superuser: Superuser) -> None:
    moved(old, owner_url)
    superuser("UPDATE arraigo.conversations SET title = 'x' WHERE external_id = 's-00003'")
    superuser("DELETE FROM arraigo.states WHERE key = 'All/upload-00007'")
    superuser("DELETE FROM arraigo_move.records WHERE key IN ('s-00003', 's-00004', 'All/upload-00007')")
    report = moved(old, owner_url)
    plans, items = (unit.outcome for unit in report.units)
    assert plans == {"unchanged": 39, "there already": 1, "rejected": 1}
    assert items == {"unchanged": 41, "moved": 1, "rejected": 1}
    assert [one.key for one in report.rejects if one.key] == ["All/a\\b\t", "s-00003"]


@pytest.mark.parametrize(
    ("statement", "lost", "changed", "extra"),
    [
        ("UPDATE arraigo.messages SET content = content || ' ' WHERE sequence_number = 2", 0, 41, 0),
        ("UPDATE arraigo.states SET value = jsonb_set(value, '{item,note}', '1.0') WHERE key LIKE '%00003'", 0, 1, 0),
        ("UPDATE arraigo.conversations SET status = 'archived' WHERE title LIKE '%3'", 0, 4, 0),
        ("DELETE FROM arraigo.states WHERE key LIKE '%00003'", 1, 0, 0),
        ("DELETE FROM arraigo_move.records WHERE key = 's-00003'", 1, 0, 0),
        ("UPDATE arraigo_move.records SET key = 'another' WHERE key = 's-00003'", 1, 0, 1),
    ],
)
def test_what_is_changed_before_the_proof_fails_it(
    old: Path,
    owner_url: str,
    superuser: Superuser,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    lost: int,
    changed: int,
    extra: int,
) -> None:
    judge = judging.judge

    def meddled(*given: Any) -> move.Report:
        superuser(statement)
        return judge(*given)

    monkeypatch.setattr("arraigo.move.records.engine.judge", meddled)
    report = moved(old, owner_url)
    assert not report.ok
    assert (report.lost, report.changed, report.extra) == (lost, changed, extra)


def test_killed_at_any_moment_and_run_again_it_ends_the_same(old: Path, owner_url: str, superuser: Superuser) -> None:
    moved(old, owner_url)
    rows, ledger = superuser(_ROWS), superuser(_LEDGER)
    superuser(_FORGET)
    moments = random.Random(20250601)  # noqa: S311 - moments, not secrets
    kills = 0
    for _ in range(5):
        command = [sys.executable, "-c", _CHILD, f"dynamodb-export:{old}", owner_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(moments.randint(1, 14)):
                child.stdout.readline()
            time.sleep(moments.random() / 50)
            child.kill()
        kills += child.returncode == -signal.SIGKILL
    assert kills >= 3
    assert moved(old, owner_url).ok
    assert superuser(_ROWS) == rows
    assert superuser(_LEDGER) == ledger


def test_the_second_process_ends_with_the_first() -> None:
    with subprocess.Popen([sys.executable, "-c", _ASKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        child.kill()
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return  # ended, and nobody has asked how
        time.sleep(0.05)
    pytest.fail("it is still there")


@pytest.mark.usefixtures("elsewhere")
def test_a_second_process_that_dies_ends_the_move_and_keeps_what_was_copied(
    old: Path, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "_CHILD", helper._CHILD.replace("main()", "sys.exit(1)"))
    with pytest.raises(Unavailable, match="ended before it was done"):
        moved(old, owner_url)
    monkeypatch.undo()
    assert moved(old, owner_url).ok


def test_a_text_with_nul_cannot_move_a_cell() -> None:
    table = Table("t", "a", ("a", "b"))
    assert copytext.lines(table, [{"a": "1\t\\N", "b": None}]) == b"1\\t\\\\N\t\\N\n"
    with pytest.raises(Unfit, match="NUL"):
        copytext.lines(table, [{"a": "1\0", "b": "2"}])
