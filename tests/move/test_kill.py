"""A mover that is killed goes on with the same command, and ends with the same rows and fingerprints."""

import os
import random
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

import pytest

from arraigo import move
from arraigo.move.records import batches
from arraigo.move.records.scan import Scanner
from arraigo.move.records.shape import Context, shape_named
from support import legacy_files as files
from support.killing import CHILD, killed_after

Superuser = Callable[..., list[tuple[Any, ...]]]
_ROWS = """
    SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
      SELECT (c.*)::text AS line FROM arraigo.conversations c UNION ALL SELECT (m.*)::text FROM arraigo.messages m
      UNION ALL SELECT i.subject || u.username FROM arraigo.users u JOIN arraigo.user_identities i ON i.user_id = u.id
      UNION ALL SELECT i.subject || (to_jsonb(t) - 'user_id')::text
                  FROM arraigo.bot_threads t JOIN arraigo.user_identities i USING (user_id)) AS lines"""
_LEDGER = """
    SELECT unit, key, position, hash, parts FROM arraigo_move.records
     UNION ALL SELECT unit, key, position, raw, line FROM arraigo_move.rejected ORDER BY 1, 3"""


def start(verb: str, what: str, owner_url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, verb, what, owner_url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    conversations = files.conversations(400, messages=6)
    conversations["c-0100"]["messages"] = "none"
    files.write(tmp_path / "conversations.json", conversations)
    files.write(tmp_path / "threads-data.json", files.threads(300))
    stamp = datetime(2025, 3, 1, tzinfo=UTC).timestamp()
    for path in tmp_path.iterdir():
        os.utime(path, (stamp, stamp))
    return tmp_path


def test_killed_at_any_moment_and_run_again_it_ends_the_same(
    folder: Path, owner_url: str, superuser: Superuser
) -> None:
    whole = move.run(f"json:{folder}", owner_url, allow_rejects=True)
    assert whole.ok
    rows, ledger = superuser(_ROWS), superuser(_LEDGER)
    superuser("TRUNCATE arraigo.conversations, arraigo.bot_threads, arraigo_move.runs CASCADE")
    superuser("DELETE FROM arraigo.users WHERE username <> 'legacy'")
    moments = random.Random(20250127)  # noqa: S311 - moments, not secrets
    kills = 0
    for _ in range(6):
        child = start("run", f"json:{folder}", owner_url)
        kills += killed_after(child, moments.randint(0, 25), moments.random() / 30)
    assert kills >= 3
    again = move.run(f"json:{folder}", owner_url, allow_rejects=True)
    assert again.ok
    assert superuser("SELECT count(*) FROM arraigo_move.runs") == [(1,)]
    assert superuser(_ROWS) == rows
    assert superuser(_LEDGER) == ledger
    assert [unit.target_fingerprint for unit in again.units] == [unit.target_fingerprint for unit in whole.units]


def test_killed_while_going_back_it_leaves_a_whole_file(folder: Path, owner_url: str) -> None:
    path = folder / "conversations.json"
    run = move.run(f"json:{path}", owner_url, allow_rejects=True)
    before = path.read_bytes()
    moments = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(6):
        killed_after(start("rollback", run.run_id, owner_url), moments.randint(0, 300), moments.random() / 50)
        assert path.read_bytes() == before
    assert move.rollback(run.run_id, owner_url).ok
    assert path.read_bytes() == before
    assert not list(folder.glob("*.draft"))


class _Endless:
    """A file of so many conversations that is never anywhere as a whole."""

    def __init__(self, count: int) -> None:
        self._left = b"["
        self._more = self._records(count)

    @staticmethod
    def _records(count: int) -> Iterator[bytes]:
        for number in range(count):
            message = b'{"role":"user","content":"%b"}' % (b"hola " * 200)
            yield b'%b{"id":"c%d","messages":[%b]}' % (b"," if number else b"", number, b",".join([message] * 20))
        yield b"]"

    def read(self, size: int) -> bytes:
        while len(self._left) < size and (more := next(self._more, b"")):
            self._left += more
        found, self._left = self._left[:size], self._left[size:]
        return found


def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_BYTES", 1_000_000)
    peaks = []
    for count in (200, 800):  # 4 and 16 MB
        context = Context(UUID(int=1), b"k", datetime(2025, 1, 1, tzinfo=UTC), Counter())
        reading = batches.Reading(
            Scanner(cast("BinaryIO", _Endless(count)), "f"), shape_named("conversations"), context
        )
        tracemalloc.start()
        assert sum(len(batch.items) for batch in reading.batches()) == count

        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
