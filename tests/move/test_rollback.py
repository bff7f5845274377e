"""The way back: the files are written again, with everything added since, and nothing is lost on the way."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo import move
from arraigo.errors import InvalidInput, NotFound, Unavailable
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]
STYLES: list[dict[str, Any]] = [
    {"indent": 2},
    {"indent": 4, "ensure_ascii": False},
    {},
    {"separators": (",", ":"), "ensure_ascii": False},
]


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.before-rollback-*"))


@pytest.mark.parametrize("style", STYLES)
def test_the_same_files_are_written_byte_for_byte(tmp_path: Path, owner_url: str, style: dict[str, Any]) -> None:
    paths = [
        files.write(tmp_path / "conversations.json", list(with_ids(files.conversations(30)).values()), **style),
        files.write(tmp_path / "guest-memory.json", files.guests(10), **style),
        files.write(tmp_path / "threads-data.json", files.threads(10), **style),
        files.write(tmp_path / "wrapped.json", {"conversations": with_ids(files.conversations(5), "w-")}, **style),
    ]
    before = [path.read_bytes() for path in paths]
    run = move.run(f"json:{tmp_path}", owner_url)
    for path in paths:
        path.unlink()
    report = move.rollback(run.run_id, owner_url)
    assert report.ok
    assert report.phase == "rolled_back"
    assert [path.read_bytes() for path in paths] == before
    assert kept(tmp_path) == []
    assert move.verify(run.run_id, owner_url).ok


def test_a_copy_elsewhere_leaves_the_move_as_it_was(tmp_path: Path, owner_url: str) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3))
    run = move.run(f"json:{path}", owner_url)
    (tmp_path / "copy").mkdir()
    copied = move.rollback(run.run_id, owner_url, to=str(tmp_path / "copy"))
    assert copied.phase == "verified"
    assert (tmp_path / "copy" / path.name).read_bytes() == path.read_bytes()
    assert move.report(run.run_id, owner_url).to_json() == run.to_json()
    assert move.run(f"json:{path}", owner_url).run_id == run.run_id
    assert move.rollback(run.run_id, owner_url, to=str(path)).phase == "rolled_back"


def with_ids(conversations: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    return {prefix + key: {"id": prefix + key} | value for key, value in conversations.items()}


def test_the_file_that_stands_there_is_kept(tmp_path: Path, owner_url: str) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(5))
    path.chmod(0o640)
    run = move.run(f"json:{path}", owner_url)
    before = path.read_bytes()
    path.write_text("what the old program wrote meanwhile")
    move.rollback(run.run_id, owner_url)
    move.rollback(run.run_id, owner_url)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert kept(tmp_path)[0].read_text() == "what the old program wrote meanwhile"
    assert len(kept(tmp_path)) == 2
    assert sorted(tmp_path.iterdir()) == sorted([path, *kept(tmp_path)])  # no draft is left


async def test_what_was_added_since_is_in_the_files(tmp_path: Path, owner_url: str, store: arraigo.Store) -> None:
    path = files.write(tmp_path / "conversations.json", with_ids(files.conversations(8)), indent=2)
    run = move.run(f"json:{path}", owner_url)
    me = store.as_user("legacy")
    talk = await me.conversations.get("c-0007")
    await me.messages.append(talk.id, role="assistant", content="nuevo", metadata={"model": "m"})
    await me.messages.delete(talk.id, 1)
    fresh = await me.conversations.create(title="Aquí", settings={"a": 1})
    await me.messages.append(fresh.id, [("user", "hola"), ("assistant", "¿qué tal?")])
    named = await me.conversations.create(title="Con nombre", external_id="n-1")
    await me.conversations.create(title="Entrevista", kind="interview")
    await store.as_user("somebody").conversations.create(title="de otra persona")
    await me.conversations.delete((await me.conversations.get("c-0002")).id)

    report = move.rollback(run.run_id, owner_url)
    assert report.ok
    assert {(told.what, told.count) for told in report.transformations} == {
        ("records were added", 2),
        ("records were left out", 1),
    }
    written = json.loads(path.read_bytes())
    assert [key for key in written if key not in {str(fresh.id), "n-1"}] == [f"c-{n:04}" for n in (0, 1, 3, 4, 5, 6, 7)]
    last = written["c-0007"]["messages"][-1]
    assert (last["role"], last["content"], last["metadata"]) == ("assistant", "nuevo", {"model": "m"})
    assert last["timestamp"].endswith("Z")  # as its neighbours have it
    assert len(written["c-0007"]["messages"]) == 2
    assert written[str(fresh.id)]["messages"] == [
        {"role": "user", "content": "hola"},
        {"role": "assistant", "content": "¿qué tal?"},
    ]
    assert written["n-1"]["id"] == "n-1"
    assert written["n-1"]["title"] == named.title
    assert list(written["n-1"]) == list(written["c-0000"])

    assert move.verify(run.run_id, owner_url).ok
    again = move.run(f"json:{path}", owner_url)
    assert again.ok
    assert again.run_id != run.run_id
    assert again.units[0].outcome == {"there already": 9}


async def test_a_conversation_that_was_made_here_keeps_its_id_when_it_comes_again(
    tmp_path: Path, owner_url: str, store: arraigo.Store
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3))
    run = move.run(f"json:{path}", owner_url)
    me = store.as_user("legacy")
    fresh = await me.conversations.create(title="Aquí")
    move.rollback(run.run_id, owner_url)
    files.change(path, lambda value: value[str(fresh.id)].update(title="Allí"))
    again = move.run(f"json:{path}", owner_url)
    assert again.ok
    assert again.units[0].outcome == {"there already": 3, "updated": 1}
    found = await me.conversations.get(fresh.id)
    assert (found.title, found.external_id) == ("Allí", None)
    assert len((await me.conversations.list()).items) == 4


async def test_what_the_old_program_did_after_going_back_can_be_moved_again(
    tmp_path: Path, owner_url: str, store: arraigo.Store
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(8))
    run = move.run(f"json:{path}", owner_url)
    me = store.as_user("legacy")
    await me.messages.append("c-0005", role="user", content="aquí")
    move.rollback(run.run_id, owner_url)
    files.change(path, lambda value: value["c-0005"]["messages"].append({"role": "user", "content": "allí"}))
    again = move.run(f"json:{path}", owner_url)
    assert again.ok
    assert again.units[0].outcome == {"there already": 7, "updated": 1}
    assert [one.content for one in await me.messages.list("c-0005", last=2)] == ["aquí", "allí"]


def test_a_newer_thread_takes_the_old_ones_place(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    path = files.write(tmp_path / "threads-data.json", files.threads(3), indent=2)
    run = move.run(f"json:{path}", owner_url)
    superuser("UPDATE arraigo.bot_threads SET is_active = false WHERE thread_id = 'thread_0001'")
    superuser(
        """INSERT INTO arraigo.bot_threads (thread_id, user_id, chat_id, user_name)
           SELECT 'thread_new', user_id, chat_id, user_name FROM arraigo.bot_threads WHERE thread_id = 'thread_0001'"""
    )
    assert move.rollback(run.run_id, owner_url).ok
    written = json.loads(path.read_bytes())
    assert {key: value["threadId"] for key, value in written.items()} == {
        "573000000000": "thread_0000",
        "573000000001": "thread_new",
        "573000000002": "thread_0002",
    }


def test_new_guests_are_written_in_the_files_style(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    path = files.write(tmp_path / "guest-memory.json", files.guests(2), indent=2)
    run = move.run(f"json:{path}", owner_url)
    superuser("SELECT arraigo.ensure_user('whatsapp', '573111111111', 'nueva')")
    superuser(
        """INSERT INTO arraigo.bot_users (user_id, name, labels, last_activity)
           SELECT user_id, 'Nueva', '["VIP"]', '2025-03-01'
             FROM arraigo.user_identities WHERE subject = '573111111111'"""
    )
    assert move.rollback(run.run_id, owner_url).ok
    new = json.loads(path.read_bytes())["573111111111"]
    assert new == {"name": "Nueva", "labels": ["VIP"], "lastInteraction": "2025-03-01"}


def test_rejected_records_are_put_back_word_for_word_in_their_place(tmp_path: Path, owner_url: str) -> None:
    path = tmp_path / "conversations.json"
    good = '{"title": "t", "created_at": "2025-01-01T00:00:00", "updated_at": "2025-01-01T00:00:00", "messages": []}'
    bad = ['{"messages": "none"  }', '{"x": "\\ud800"}', '{"a": NaN, "messages": []}', '{"y": "\\u0000"}', "17"]
    members = [
        f'"g1": {good}',
        *(f'"b{number}": {text}' for number, text in enumerate(bad)),
        f'"g1": {good}',
        '"g2": {}',
    ]
    path.write_text("{" + ", ".join([*members, f'"g3": {good}']) + "}\n")
    before = path.read_bytes()
    run = move.run(f"json:{path}", owner_url)
    assert [one.key for one in run.rejects] == ["b0", "b1", "b2", "b3", "b4", "g1", "g2"]
    assert not run.ok
    report = move.rollback(run.run_id, owner_url)
    assert report.ok
    assert path.read_bytes() == before
    assert ("records were put back word for word", 7) in [(told.what, told.count) for told in report.transformations]


def test_what_no_json_file_can_hold_is_named_and_left_in_the_ledger(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3), indent=1)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    run = move.run(f"json:{path}", owner_url)
    assert not run.ok
    report = move.rollback(run.run_id, owner_url)
    assert not report.ok
    assert report.phase == "rolled_back"
    assert "kept in arraigo_move.rejected, and not written" in next(
        c.detail for c in report.checks if c.name == "rejected"
    )
    assert list(json.loads(path.read_bytes())) == ["c-0000", "c-0001"]
    ((raw,),) = superuser("SELECT raw FROM arraigo_move.rejected")
    assert whole[:-40].endswith(raw)


def test_they_can_be_written_elsewhere(tmp_path: Path, owner_url: str) -> None:
    source, other = tmp_path / "source", tmp_path / "other"
    source.mkdir()
    other.mkdir()
    files.write(source / "conversations.json", files.conversations(3))
    files.write(source / "threads-data.json", files.threads(3))
    run = move.run(f"json:{source}", owner_url)
    move.rollback(run.run_id, owner_url, to=str(other))
    assert {path.name: path.read_bytes() for path in source.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }
    with pytest.raises(InvalidInput, match="there is no folder"):
        move.rollback(run.run_id, owner_url, to=str(tmp_path / "nowhere"))
    single = move.run(f"json:{source}/threads-data.json", owner_url)
    move.rollback(single.run_id, owner_url, to=str(other / "threads.json"))
    assert (other / "threads.json").read_bytes() == (source / "threads-data.json").read_bytes()


def test_a_disk_that_cannot_be_written_leaves_everything_as_it_was(
    tmp_path: Path, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3))
    run = move.run(f"json:{path}", owner_url)
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="no space left on device"):
        move.rollback(run.run_id, owner_url)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert move.status(owner_url, run.run_id)[0].phase == "verified"


def test_a_move_that_was_not_copied_to_its_end_has_no_way_back_yet(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3))
    run = move.run(f"json:{path}", owner_url)
    superuser("UPDATE arraigo_move.units SET layout = NULL")
    with pytest.raises(InvalidInput, match="was not copied to its end"):
        move.rollback(run.run_id, owner_url)
    with pytest.raises(NotFound):
        move.rollback("20250101-00000000", owner_url)


def test_when_all_was_deleted_an_empty_container_is_written(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(3), indent=2)
    run = move.run(f"json:{path}", owner_url)
    superuser("DELETE FROM arraigo.conversations")
    assert move.rollback(run.run_id, owner_url).ok
    assert json.loads(path.read_bytes()) == {}
