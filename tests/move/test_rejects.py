"""Bad input is rejected record by record, with its place, and kept word for word; the rest is moved."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arraigo import move
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]
DATES = '"created_at": "2025-01-01T00:00:00", "updated_at": "2025-01-01T00:00:00"'


def talk(content: str = '"hola"', **fields: str) -> str:
    """A conversation with one message, its content given as JSON."""
    role = fields.pop("role", '"user"')
    others = "".join(f', "{name}": {value}' for name, value in fields.items())
    return f'{{"title": "t", {DATES}, "messages": [{{"role": {role}, "content": {content}}}]{others}}}'


BAD = {
    "wrong type": (talk("5"), "message 1: 'content' is a number, not a text"),
    "unknown role": (talk(role='"wizard"'), "message 1: 'role' is none of assistant, system, tool, user"),
    "half a character": (talk('"\\ud83d"'), "has a text with a lone surrogate, half of a character"),
    "nul": (talk('"a\\u0000b"'), "has a text with NUL (\\u0000), which PostgreSQL cannot keep"),
    "key twice": (talk(title='"again"'), "has the key 'title' twice"),
    "year 1": (talk().replace("2025-01-01", "0001-01-01"), "'created_at' has a date in the year 0001"),
    "year 9999": (talk().replace("2025-01-01", "9999-12-31"), "'created_at' has a date in the year 9999"),
    "a megabyte": (talk(json.dumps("x" * 1_000_000)), "message 1: 'content' has 1000000 bytes"),
    "long title": (talk().replace('"t"', json.dumps("x" * 501)), "'title' has 501 characters"),
    "x" * 256: (talk(), "has an id of 256 characters"),
    "deep": (talk(extra="[" * 200 + "]" * 200), "is nested more than 100 levels deep"),
    "no json": (talk(extra="tru"), "is not JSON at its character"),
    "not a number": (talk(extra="NaN"), "has NaN, which is not JSON"),
    "too many digits": (talk(settings='{"a": 1e5000}'), "'settings' has a number with more than 1000 digits"),
    "not an object": ("17", "is a number, not an object"),
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One good record, all the bad ones, a doubled one, and one more that is good."""
    members = [
        ("first", talk()),
        *((key, raw) for key, (raw, _) in BAD.items()),
        ("first", talk('"otra"')),
        ("last", talk()),
    ]
    lines = ",\n".join(f"{json.dumps(key)}: {raw}" for key, raw in members)
    path = tmp_path / "conversations.json"
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    return path


def test_each_is_named_with_its_place_and_kept_word_for_word(
    source: Path, owner_url: str, superuser: Superuser
) -> None:
    report = move.run(f"json:{source}", owner_url)
    assert not report.ok
    assert report.phase == "failed"
    assert (report.lost, report.extra, report.changed) == (0, 0, 0)
    found = {one.key: one for one in report.rejects}
    assert set(found) == {*BAD, "first"}
    text = source.read_text(encoding="utf-8")
    for key, (_, reason) in BAD.items():
        assert found[key].reason.startswith(reason)
        assert text[found[key].byte :].startswith(json.dumps(key))
        assert found[key].line == 1 + text[: found[key].byte].count("\n")
    assert found["first"].reason == "has the key of an earlier record"
    kept = superuser("SELECT key, raw FROM arraigo_move.rejected ORDER BY position")
    assert [(key, raw.decode()) for key, raw in kept] == [
        *((key, raw) for key, (raw, _) in BAD.items()),
        ("first", talk('"otra"')),
    ]
    assert superuser("SELECT external_id FROM arraigo.conversations ORDER BY 1") == [("first",), ("last",)]
    assert superuser("SELECT DISTINCT content FROM arraigo.messages") == [("hola",)]


def test_they_are_allowed_only_when_that_was_said(source: Path, owner_url: str) -> None:
    assert not move.run(f"json:{source}", owner_url).ok
    allowed = move.run(f"json:{source}", owner_url, allow_rejects=True)
    assert allowed.ok
    assert [(one.name, one.expected, one.found) for one in allowed.checks] == [
        ("records", 18, 18),
        ("rows", {"conversations": 2, "messages": 2}, {"conversations": 2, "messages": 2}),
        ("fingerprints", 1, 1),
        ("rejected", 16, 16),
    ]
    assert move.verify(allowed.run_id, owner_url).ok


def test_the_plan_names_them_too(source: Path, owner_url: str) -> None:
    plan = move.plan(f"json:{source}")
    assert plan.cannot_move == 16
    assert plan.rejects == move.run(f"json:{source}", owner_url).rejects


def test_no_report_and_no_table_of_the_ledger_but_one_holds_what_people_said(
    source: Path, owner_url: str, superuser: Superuser
) -> None:
    source.write_text(source.read_text(encoding="utf-8").replace("hola", "un secreto"), encoding="utf-8")
    report = move.run(f"json:{source}", owner_url)
    assert "secreto" not in json.dumps(report.to_json())
    for table in ("runs", "units", "records", "events"):
        for (row,) in superuser(f"SELECT to_jsonb(t)::text FROM arraigo_move.{table} t"):
            assert "secreto" not in row


def test_what_was_repaired_is_moved_by_the_next_run(source: Path, owner_url: str, superuser: Superuser) -> None:
    move.run(f"json:{source}", owner_url)
    source.write_text(json.dumps({key: json.loads(talk()) for key in ("first", *BAD, "last") if len(key) < 256}))
    report = move.run(f"json:{source}", owner_url)
    assert report.ok
    assert report.units[0].outcome == {"unchanged": 2, "moved": 14}
    assert superuser("SELECT count(*) FROM arraigo_move.rejected") == [(0,)]


def test_a_file_that_was_cut_off_is_moved_as_far_as_it_is_whole(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(10), indent=1)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    report = move.run(f"json:{path}", owner_url)
    assert not report.ok
    assert [one.reason for one in report.rejects] == ["the file ends inside a text"]
    ((raw, byte),) = superuser("SELECT raw, byte_offset FROM arraigo_move.rejected")
    assert whole[: len(whole) * 2 // 3][byte:] == raw
    path.write_bytes(whole)
    assert move.run(f"json:{path}", owner_url).ok


def test_a_number_with_another_numbers_thread_is_rejected(tmp_path: Path, owner_url: str) -> None:
    threads = files.threads(3)
    threads["573000000002"]["threadId"] = "thread_0001"
    path = files.write(tmp_path / "threads-data.json", threads)
    report = move.run(f"json:{path}", owner_url)
    assert [(one.key, one.reason) for one in report.rejects] == [("573000000002", "has an earlier record's thread_id")]


def test_an_array_rejects_what_has_no_id(tmp_path: Path, owner_url: str) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(f'[{talk()[:-1]}, "id": "a"}}, {talk()}, {talk()[:-1]}, "conversation_id": 7}}]')
    report = move.run(f"json:{path}", owner_url)
    assert [(one.key, one.reason) for one in report.rejects] == [(None, "has no 'conversation_id' or 'id'")]
    assert report.units[0].target_rows == 2
