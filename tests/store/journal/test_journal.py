"""The database goes away under a store with a journal, and comes back."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import Conflict, NotFound, Unavailable
from arraigo.ids import uuid7
from arraigo.settings import Settings
from support.gate import Gate, came_in
from support.ways import opened

Superuser = Callable[..., list[tuple[Any, ...]]]


def said(messages: list[arraigo.Message]) -> list[tuple[int, str]]:
    return [(message.sequence_number, message.content) for message in messages]


async def test_what_is_written_while_it_is_away_is_there_when_it_is_back(kept: arraigo.Store, gate: Gate) -> None:
    me = kept.as_user("ana")
    talk = await me.conversations.create(title="x", external_id="t")
    assert (await me.messages.append("t", role="user", content="uno", metadata={"a": 1})).stored == "database"
    gate.shut()
    turn = await me.messages.append("t", [("user", "dos"), ("assistant", "tres")])
    assert [(m.sequence_number, m.stored) for m in turn] == [(0, "journal")] * 2
    new = await me.conversations.create(title="y", external_id="u", settings={"a": 1.5}, language="es")
    assert new.stored == "journal"
    await me.messages.append(new.id, role="user", content="cuatro", metadata={"b": [1e300]})
    assert (kept.storage, kept.pending) == ("journal", 3)
    gate.open()
    await came_in(kept)
    stored = await me.messages.list(talk.id)
    assert said(stored) == [(1, "uno"), (2, "dos"), (3, "tres")]
    assert [(m.id, m.created_at) for m in stored[1:]] == [(m.id, m.created_at) for m in turn]
    [message] = await me.messages.list("u")
    assert (message.sequence_number, message.metadata) == (1, {"b": [1e300]})
    found = await me.conversations.get("u")
    assert (found.id, found.settings, found.language, found.created_at) == (new.id, {"a": 1.5}, "es", new.created_at)
    assert (await me.messages.append("t", role="user", content="cinco")).sequence_number == 4


async def test_state_and_deletions_come_in_too(kept: arraigo.Store, gate: Gate) -> None:
    me = kept.as_user("ana")
    for name in ("t", "u"):
        await me.conversations.create(title="x", external_id=name)
        await me.messages.append(name, [("user", "uno"), ("user", "dos")])
        await me.messages.list(name, last=5)
    for key in ("set", "updated", "deleted"):
        await me.state.set("n", key, {"a": 1})
    await me.state.set("cleared", "k", 1)
    gate.shut()
    assert (await me.state.set("n", "set", 2, ttl=3600)).stored == "journal"
    assert (await me.state.update("n", "updated", {"b": 2})).value == {"a": 1, "b": 2}
    gone = await me.state.delete("n", "deleted")
    assert gone is not None
    assert gone.stored == "journal"
    assert await me.state.clear("cleared") == 1
    assert await me.conversations.delete("t") == "journal"
    assert await me.messages.delete("u", 1) == "journal"
    for _ in range(2):
        assert await me.state.get("n", "set") == 2
        assert await me.state.get("n", "updated") == {"a": 1, "b": 2}
        assert await me.state.get("n", "deleted") is None
        assert await me.state.get("cleared", "k") is None
        with pytest.raises(NotFound):
            await me.messages.list("t")
        assert said(await me.messages.list("u", last=5)) == [(1, ""), (2, "dos")]
        gate.open()
        await came_in(kept)
    entry = await me.state.entry("n", "set")
    assert entry is not None
    assert entry.expires_at is not None
    assert timedelta(minutes=59) < entry.expires_at - datetime.now(UTC) <= timedelta(hours=1)


async def test_reading_goes_on_with_what_was_seen(kept: arraigo.Store, gate: Gate) -> None:
    me, other = kept.as_user("ana"), kept.as_user("ana")
    await other.id()
    talk = await me.conversations.create(title="x", external_id="t")
    await me.messages.append(talk.id, [("user", f"{n}") for n in range(100)])
    await me.conversations.create(title="never read", external_id="u")
    await me.messages.list("t", last=10)
    gate.shut()
    await other.messages.append(talk.id, role="user", content="nuevo")
    assert [m.content for m in await me.messages.list("t", last=3)] == ["98", "99", "nuevo"]
    assert [m.content for m in await me.messages.list("t", after=98)] == ["98", "99", "nuevo"]
    assert (await me.conversations.get("t")).id == talk.id
    assert {talk.title for talk in (await me.conversations.list()).items} == {"x", "never read"}
    with pytest.raises(Unavailable):
        await me.messages.list(uuid7())
    with pytest.raises(Unavailable):
        await me.state.get("n", "never read")
    with pytest.raises(Unavailable):
        await me.conversations.update("t", title="y")
    with pytest.raises(Unavailable):
        await me.state.compare_and_set("n", "k", None, 1)


async def test_sending_again_stores_once_and_other_content_is_refused(kept: arraigo.Store, gate: Gate) -> None:
    me = kept.as_user("ana")
    talk = await me.conversations.create(title="x")
    before, while_away = uuid7(), uuid7()
    await me.messages.append(talk.id, role="user", content="uno", id=before)
    gate.shut()
    again = await me.messages.append(talk.id, role="user", content="uno", id=before)
    assert (again.sequence_number, again.stored) == (1, "database")
    for _ in range(2):
        sent = await me.messages.append(talk.id, role="user", content="dos", id=while_away)
        assert sent.stored == "journal"
    with pytest.raises(Conflict, match="other content"):
        await me.messages.append(talk.id, role="user", content="tres", id=while_away)
    assert kept.pending == 1
    gate.open()
    await came_in(kept)
    assert said(await me.messages.list(talk.id)) == [(1, "uno"), (2, "dos")]


async def test_order_holds_for_everybody_while_it_goes_and_comes(behind: Settings, gate: Gate) -> None:
    """Each writer's messages are in its order, none is lost or double, the numbers have no gap."""
    async with arraigo.open(behind) as store, arraigo.open(behind) as another:
        me = store.as_user("ana")
        talks = [(await me.conversations.create(title="x")).id for _ in range(3)]
        stop = asyncio.Event()

        async def write(writer: int) -> list[str]:
            written: list[str] = []
            while not stop.is_set():
                through = (store, another)[len(written) % 2].as_user("ana")
                content = f"{writer}-{len(written)}"
                while True:
                    try:
                        await through.messages.append(talks[writer % 3], [NewMessage("user", content, uuid7())])
                        break
                    except Unavailable:  # a user whom a store has not seen yet
                        await asyncio.sleep(0.02)
                written.append(content)
            return written

        writers = [asyncio.create_task(write(writer)) for writer in range(6)]
        for _ in range(3):
            await asyncio.sleep(0.15)
            gate.shut()
            await asyncio.sleep(0.15)
            gate.open()
        await asyncio.sleep(0.3)
        stop.set()
        written = await asyncio.gather(*writers)
        await came_in(store)
        for place, talk in enumerate(talks):
            found: list[arraigo.Message] = []
            while page := await me.messages.list(talk, after=len(found), limit=1000):
                found += page
            assert [m.sequence_number for m in found] == list(range(1, len(found) + 1))
            for writer in range(place, 6, 3):
                mine = [m.content for m in found if m.content.startswith(f"{writer}-")]
                assert mine == written[writer]


async def test_what_was_pending_comes_in_with_the_next_process(behind: Settings, gate: Gate) -> None:
    async with arraigo.open(behind) as store:
        await store.as_user("ana").conversations.create(title="x", external_id="t")
        gate.shut()
        await store.as_user("ana").messages.append("t", role="user", content="uno")
    gate.open()
    async with arraigo.open(behind) as store:
        await came_in(store)
        assert said(await store.as_user("ana").messages.list("t")) == [(1, "uno")]


async def test_a_process_may_start_while_it_is_away(behind: Settings, gate: Gate) -> None:
    async with arraigo.open(behind) as store:
        talk = await store.as_user("ana").conversations.create(title="x", external_id="t")
    gate.shut()
    with pytest.raises(Unavailable, match="nothing listens"):
        async with arraigo.open(replace(behind, home=behind.home / "new")):
            pass
    async with arraigo.open(behind) as store:
        me = store.as_user("ana")
        assert store.storage == "journal"
        assert (await me.messages.append("t", role="user", content="uno")).stored == "journal"
        assert [m.content for m in await me.messages.list("t")] == ["uno"]
        with pytest.raises(Unavailable):
            await store.as_user("bea").id()
        gate.open()
        await came_in(store)
        assert said(await me.messages.list(talk.id)) == [(1, "uno")]
    written = [path for path in (behind.home / "journal").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert b"ana" not in b"".join(path.read_bytes() for path in written)


async def test_what_is_refused_is_kept_in_quarantine_and_holds_up_nobody(
    behind: Settings, gate: Gate, superuser: Superuser
) -> None:
    async with arraigo.open(behind) as store:
        ana, bea = store.as_user("ana"), store.as_user("bea")
        talk = await ana.conversations.create(title="x")
        gone = await ana.conversations.create(title="deleted meanwhile")
        written = await ana.conversations.create(title="written to meanwhile")
        taken = uuid7()
        await ana.state.set("n", "k", "old")
        await bea.state.set("n", "k", "old")
        gate.shut()
        await ana.messages.append(gone.id, role="user", content="nowhere")
        await ana.messages.append(talk.id, role="user", content="other", id=taken)
        await ana.messages.append(talk.id, role="user", content="well")
        await ana.messages.append(uuid7(), role="user", content="a conversation that never was")
        await ana.conversations.delete(written.id)
        await ana.state.set("n", "k", "stale")
        await bea.state.set("n", "k", "inactive")
        superuser("DELETE FROM arraigo.conversations WHERE id = %s", gone.id)
        for id_, where in ((taken, talk.id), (uuid7(), written.id)):
            superuser("SELECT arraigo.append_one(%s, %s, %s, 'user', 'first', NULL)", await ana.id(), where, id_)
        superuser("UPDATE arraigo.states SET value = '\"newer\"' WHERE user_id = %s", await ana.id())
        superuser("UPDATE arraigo.users SET is_active = false WHERE id = %s", await bea.id())
        gate.open()
        await came_in(store)
        assert said(await ana.messages.list(talk.id)) == [(1, "first"), (2, "well")]
        assert await ana.state.get("n", "k") == "newer"
        assert (await ana.conversations.get(written.id)).last_sequence == 1
        found = superuser("SELECT owner_id, kind, entry->'value', reason FROM arraigo.quarantine ORDER BY written_at")
        assert [(kind, reason) for _, kind, _, reason in found] == [
            ("append", "the conversation is not there"),
            ("append", "a message of this id is there with other content"),
            ("append", "the conversation is not there"),
            ("delete", "the conversation was written to after it was deleted"),
            ("set_state", "the value was changed after this was written"),
            ("set_state", "the user is not active any more"),
        ]
        assert [row[0] for row in found] == [await ana.id()] * 5 + [await bea.id()]


async def test_a_stretch_comes_in_once_whoever_is_killed_when(
    behind: Settings, gate: Gate, superuser: Superuser
) -> None:
    """Killed behind the commit: the file is still there, and the database knows how far it came in."""
    async with arraigo.open(behind) as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="x")
        gate.shut()
        await me.messages.append(talk.id, role="user", content="uno")
        await me.conversations.create(title="y", external_id="u")
        await me.conversations.delete("u")
    [file] = behind.home.glob("journal/*/entries")
    before = file.read_bytes()
    gate.open()
    async with arraigo.open(behind) as store:
        await came_in(store)
    assert superuser("SELECT * FROM arraigo.journals") == []
    id_ = json.loads(before.splitlines()[0])["id"]
    superuser("INSERT INTO arraigo.journals (id, position) VALUES (%s, %s)", id_, len(before))
    file.write_bytes(before)
    async with arraigo.open(behind) as store:
        await came_in(store)
        me = store.as_user("ana")
        assert said(await me.messages.list(talk.id)) == [(1, "uno")]
        assert superuser("SELECT count(*) FROM arraigo.quarantine") == [(0,)]
        with pytest.raises(NotFound):
            await me.conversations.get("u")


@pytest.mark.parametrize("twin", [False, True], ids=["async", "sync"])
async def test_without_a_journal_nothing_is_acknowledged(behind: Settings, gate: Gate, *, twin: bool) -> None:
    async with opened(replace(behind, journal="off"), twin=twin) as store:
        me = store.as_user("ana")
        await me.conversations.create(title="x", external_id="t")
        gate.shut()
        with pytest.raises(Unavailable):
            await me.messages.append("t", role="user", content="x")
        assert (store.storage, store.pending) == ("postgresql", 0)
    assert not (behind.home / "journal").exists()


async def test_nothing_of_it_is_in_a_log(behind: Settings, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    async with arraigo.open(behind) as store:
        me = store.as_user("ana")
        await me.conversations.create(title="geheim", external_id="t")
        gate.shut()
        sent = await me.messages.append("t", role="user", content="geheim")
        await me.messages.append(uuid7(), role="user", content="geheim")
        gate.open()
        await came_in(store)
    assert "the database is away" in caplog.text
    assert "the database is back: 2 entries came in" in caplog.text
    assert "quarantine" in caplog.text
    assert "geheim" not in caplog.text + repr(sent)


async def test_many_conversations_are_read_with_what_is_still_in_the_journal(kept: arraigo.Store, gate: Gate) -> None:
    me = kept.as_user("ana")
    talks = [await me.conversations.create(title="x") for _ in range(2)]
    for talk in talks:
        await me.messages.append(talk.id, role="user", content="uno")
        await me.messages.list(talk.id, last=5)
    gate.shut()
    await me.messages.append(talks[0].id, role="user", content="dos")
    found = await me.messages.list_many([talk.id for talk in talks])
    assert [said(found[talk.id]) for talk in talks] == [[(1, "uno"), (0, "dos")], [(1, "uno")]]
    gate.open()
    await came_in(kept)
    found = await me.messages.list_many([talk.id for talk in talks])
    assert [said(found[talk.id]) for talk in talks] == [[(1, "uno"), (2, "dos")], [(1, "uno")]]
