"""Exports of ChatGPT and Claude accounts, moved, proved, and written again from the tables."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo import move
from support import exports
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]
MAKE: dict[str, Callable[[int], list[dict[str, Any]]]] = {"chatgpt": exports.chatgpt, "claude": exports.claude}
each = pytest.mark.parametrize("shape", MAKE)


def count_of(shape: str, conversations: list[dict[str, Any]]) -> int:
    if shape == "claude":
        return sum(len(one["chat_messages"]) for one in conversations)
    return sum(node["message"] is not None for one in conversations for node in one["mapping"].values())


@each
def test_an_account_is_moved_proved_and_written_again_byte_for_byte(
    tmp_path: Path, owner_url: str, superuser: Superuser, shape: str
) -> None:
    talks = MAKE[shape](60)
    path = files.write(tmp_path / "conversations.json", talks)
    others = exports.CHATGPT_OTHERS if shape == "chatgpt" else exports.CLAUDE_OTHERS
    for name, value in others.items():
        files.write(tmp_path / name, value)
    before = path.read_bytes()
    report = move.run(f"json:{tmp_path}", owner_url)
    assert report.ok
    ((unit),) = report.units
    assert (unit.name, unit.shape, unit.source_rows, unit.target_rows) == ("conversations.json", shape, 60, 60)
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(count_of(shape, talks),)]
    assert all(any(f"{name} was left out" in told.what for told in report.transformations) for name in others)
    assert move.run(f"json:{tmp_path}", owner_url).units[0].outcome == {"unchanged": 60}
    path.unlink()
    report = move.rollback(report.run_id, owner_url)
    assert report.ok
    assert path.read_bytes() == before


@each
def test_one_changed_character_in_any_message_is_found(
    tmp_path: Path, owner_url: str, superuser: Superuser, shape: str
) -> None:
    files.write(tmp_path / "conversations.json", MAKE[shape](6))
    run = move.run(f"json:{tmp_path}", owner_url)
    messages = superuser(
        """SELECT m.conversation_id, m.sequence_number, m.content, c.external_id FROM arraigo.messages m
             JOIN arraigo.conversations c ON c.id = m.conversation_id WHERE m.content <> '' ORDER BY 1, 2"""
    )
    change = "UPDATE arraigo.messages SET content = %s WHERE conversation_id = %s AND sequence_number = %s"
    for conversation, number, content, key in random.Random(7).sample(messages, 8):  # noqa: S311 - any will do
        superuser(change, content[:-1] + chr(ord(content[-1]) ^ 1), conversation, number)
        report = move.verify(run.run_id, owner_url)
        assert (report.ok, report.changed) == (False, 1)
        assert key in next(check.detail for check in report.checks if check.name == "fingerprints")
        superuser(change, content, conversation, number)
    assert move.verify(run.run_id, owner_url).ok


@each
async def test_what_was_said_here_is_in_the_export_and_comes_again_with_it(
    tmp_path: Path, owner_url: str, store: arraigo.Store, shape: str
) -> None:
    talks = MAKE[shape](6)
    path = files.write(tmp_path / "conversations.json", talks)
    run = move.run(f"json:{path}", owner_url)
    me = store.as_user("legacy")
    place = 1 if shape == "chatgpt" else 3  # one with branches
    talk = await me.conversations.get(exports.ident("talk" if shape == "chatgpt" else "claude", place))
    *_, last = (one for one in await me.messages.list(talk.id) if not (one.metadata or {}).get("branch"))
    fresh = await me.messages.append(talk.id, role="user", content="¿y ahora?")
    made = await me.conversations.create(title="Aquí", settings={"a": 1})
    await me.messages.append(made.id, [("user", "hola"), ("assistant", "¿qué tal?")])
    assert move.verify(run.run_id, owner_url).ok
    assert move.rollback(run.run_id, owner_url).ok

    found = json.loads(path.read_bytes())
    assert [one for number, one in enumerate(found) if number < 6 and number != place] == [
        one for number, one in enumerate(talks) if number != place
    ]
    grown, new = found[place], found[-1]
    if shape == "chatgpt":
        node = grown["mapping"][str(fresh.id)]
        assert (node["parent"], grown["current_node"]) == (str(last.id), str(fresh.id))
        assert len(new["mapping"]) == 2
        assert new["title"] == "Aquí"
    else:
        assert grown["chat_messages"][-1]["parent_message_uuid"] == str(last.id)
        assert [one["text"] for one in new["chat_messages"]] == ["hola", "¿qué tal?"]
        assert new["account"] == talks[0]["account"]
    again = move.run(f"json:{path}", owner_url)
    assert again.ok
    assert again.units[0].outcome == {"there already": 7}
    assert len(await me.messages.list(talk.id, last=100)) == count_of(shape, [talks[place]]) + 1


@each
def test_a_newer_export_in_the_same_place_is_taken_over(
    tmp_path: Path, owner_url: str, superuser: Superuser, shape: str
) -> None:
    path = files.write(tmp_path / "conversations.json", MAKE[shape](6))
    move.run(f"json:{path}", owner_url)
    newer = MAKE[shape](8)
    newer[0]["title" if shape == "chatgpt" else "name"] = "Otro nombre"
    files.write(path, newer)
    report = move.run(f"json:{path}", owner_url)
    assert report.ok
    assert report.units[0].outcome == {"unchanged": 5, "updated": 1, "moved": 2}
    assert superuser("SELECT count(*) FROM arraigo.conversations WHERE title = 'Otro nombre'") == [(1,)]


def test_three_files_of_one_name_are_told_apart_and_belong_to_one_user(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    for folder, value in (("a", files.conversations(5)), ("b", exports.chatgpt(5)), ("c", exports.claude(5))):
        (tmp_path / folder).mkdir()
        path = files.write(tmp_path / folder / "conversations.json", value)
        assert move.run(f"json:{path}", owner_url, user="ana").ok
    assert superuser("SELECT count(*), count(DISTINCT owner_id) FROM arraigo.conversations") == [(15, 1)]


def test_a_conversation_three_thousand_answers_deep_is_moved(tmp_path: Path, owner_url: str) -> None:
    path = files.write(tmp_path / "conversations.json", [exports.deep(3_000)])
    before = path.read_bytes()
    report = move.run(f"json:{path}", owner_url)
    assert report.ok
    move.rollback(report.run_id, owner_url)
    assert path.read_bytes() == before


@each
def test_memory_does_not_grow_with_the_file(tmp_path: Path, shape: str) -> None:
    program = (
        "import sys; from arraigo import move; move.plan(sys.argv[1], None); print(open('/proc/self/status').read())"
    )
    peaks = []
    for count in (200, 2000):
        path = files.write(tmp_path / f"{count}.json", MAKE[shape](count))
        done = subprocess.run(
            [sys.executable, "-c", program, f"json:{path}"], check=True, capture_output=True, text=True, timeout=120
        )
        peaks.append(next(int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("VmHWM")))
    assert peaks[1] - peaks[0] < 30_000  # kilobytes
