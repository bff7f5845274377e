"""The index keeps up with whatever happens to messages, by whatever way, in whatever order."""

import asyncio
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

import arraigo
from arraigo import move, retrieve
from arraigo.errors import Unavailable
from arraigo.ids import uuid7
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import load
from support.databases import address
from support.gate import Gate, came_in


def numbers(found: retrieve.Found) -> list[int]:
    """Which messages; 0 for a title."""
    return sorted(hit.sequence_number or 0 for hit in found.hits)


async def write(me: arraigo.UserStore, talk: arraigo.Conversation, number: int) -> None:
    """Appends; one in three is edited, one deleted, one left."""
    for step in range(25):
        mine = await me.messages.append(talk.id, role="user", content=f"antes{number}x{step} común")
        if step % 3 == 0:
            await me.messages.edit(talk.id, mine.sequence_number, content=f"ahora{number}x{step} común")
        elif step % 3 == 1:
            await me.messages.delete(talk.id, mine.sequence_number)
        if step % 8 == 0:
            await me.conversations.update(talk.id, title=f"título{number}x{step}")


async def check(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    """What is found is what stands there."""
    there = [m for m in await me.messages.list(talk.id, limit=1000) if m.deleted_at is None]
    found = await retrieve.search(me, "común", conversation=talk.id, limit=100)
    assert numbers(found) == [message.sequence_number for message in there]
    title = (await me.conversations.get(talk.id)).title
    assert numbers(await retrieve.search(me, title, conversation=talk.id)) == [0]
    for message in there[::5]:
        word = message.content.split()[0]
        assert numbers(await retrieve.search(me, word, conversation=talk.id)) == [message.sequence_number]


async def test_appends_edits_and_deletions_beside_the_indexer_leave_it_right(
    store: arraigo.Store, me: arraigo.UserStore
) -> None:
    talks = [await me.conversations.create(title=f"charla{n}") for n in range(4)]
    done = asyncio.Event()

    async def keep_indexing() -> None:
        while not done.is_set():
            await retrieve.index(store)

    indexers = [asyncio.create_task(keep_indexing()) for _ in range(3)]
    await asyncio.gather(*(write(me, talks[number % 4], number) for number in range(8)))
    for talk in talks:
        await check(me, talk)
    done.set()
    await asyncio.gather(*indexers)
    await retrieve.index(store, thorough=True)
    for talk in talks:
        await check(me, talk)
    for number in range(8):
        found = await retrieve.search(me, f"antes{number}x0 or antes{number}x1")
        assert found.similar or not found.hits


async def test_a_conversation_deleted_beside_the_indexer_leaves_nothing(
    store: arraigo.Store, me: arraigo.UserStore, superuser: Any
) -> None:
    for _ in range(5):
        talk = await me.conversations.create(title="x")
        await me.messages.append(talk.id, [("user", "uno")] * 200)
        await asyncio.gather(retrieve.index(store), me.conversations.delete(talk.id), retrieve.index(store))
    assert superuser("SELECT count(*) FROM arraigo.message_search") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.search_progress") == [(0,)]


async def test_what_a_move_brings_and_what_it_brings_again_is_found(
    store: arraigo.Store, owner_url: str, tmp_path: Path
) -> None:
    """Moves set the activity of the past, and replace rows: nothing that an append would do."""
    me = store.as_user("ana")
    here = await me.conversations.create(title="de aquí")
    await me.messages.append(here.id, role="user", content="lo de siempre")
    await retrieve.index(store)
    file = tmp_path / "conversations.json"

    def moved(said: str, title: str) -> None:
        old = "2024-01-01T00:00:00"
        messages = [{"role": "user", "content": said, "timestamp": old}]
        record = {"title": title, "created_at": old, "updated_at": old, "messages": messages}
        file.write_text(json.dumps({"c-1": record, "c-2": {**record, "title": "vacía", "messages": []}}))
        assert move.run(f"json:{file}", owner_url, user="ana").ok

    await asyncio.to_thread(moved, "la primera versión", "charla vieja")
    for _ in range(2):
        assert numbers(await retrieve.search(me, "primera")) == [1]
        assert numbers(await retrieve.search(me, "vacía or vieja")) == [0, 0]
        await retrieve.index(store)
    await asyncio.to_thread(moved, "la segunda versión", "charla distinta")
    for _ in range(2):
        assert (await retrieve.search(me, "primera or vieja")).hits == []
        assert numbers(await retrieve.search(me, "segunda or distinta")) == [0, 1]
        await retrieve.index(store)
    assert numbers(await retrieve.search(me, "siempre")) == [1]


async def test_much_that_is_not_indexed_is_found_and_becomes_less_with_every_search(
    store: arraigo.Store, me: arraigo.UserStore, superuser: Any
) -> None:
    owner = await me.id()
    talk = uuid7()
    superuser(
        "INSERT INTO arraigo.conversations (id, owner_id, title, last_sequence, activity_at)"
        " VALUES (%s, %s, 'mucho', 3000, '2024-01-01T00:00:00Z')",
        talk,
        owner,
    )
    superuser(
        "INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)"
        " SELECT %s, n, arraigo.uuid7(), %s, now(), 'user', 'palabra' || n FROM generate_series(1, 3000) n",
        talk,
        owner,
    )
    left = "SELECT 3000 - coalesce(max(sequence_number), 0) FROM arraigo.message_search"
    assert numbers(await retrieve.search(me, "palabra2999")) == [2999]
    assert superuser(left)[0][0] < 3000
    await retrieve.index(store)
    assert superuser(left) == [(0,)]
    assert numbers(await retrieve.search(me, "palabra2999")) == [2999]


async def test_what_comes_in_out_of_a_journal_is_found(
    server: EmbeddedServer, database: str, gate: Gate, tmp_path: Path
) -> None:
    home, url = str(tmp_path / "home"), address(server, "arraigo_app", database, gate.query)
    async with arraigo.open(load({"ARRAIGO_HOME": home, "DATABASE_URL": url, "ARRAIGO_JOURNAL": "on"})) as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="x")
        await retrieve.index(store)
        gate.shut()
        await me.messages.append(talk.id, role="user", content="en la caída")
        with pytest.raises(Unavailable):
            await retrieve.search(me, "caída")
        gate.open()
        await came_in(store)
        assert numbers(await retrieve.search(me, "caída")) == [1]


async def test_what_a_journal_kept_for_hours_is_found(
    store: arraigo.Store, me: arraigo.UserStore, superuser: Any, server: EmbeddedServer, database: str
) -> None:
    talk = await me.conversations.create(title="x")
    superuser("UPDATE arraigo.conversations SET activity_at = now() - interval '3 hours'")
    await retrieve.index(store, thorough=True)
    entry = {
        "conversation": str(talk.id),
        "messages": [{"id": str(uuid7()), "role": "user", "content": "rezagado", "metadata": None}],
    }
    with psycopg.connect(address(server, "arraigo_app", database)) as application:
        application.execute(f"SET LOCAL arraigo.user_id = '{talk.owner_id}'".encode())
        application.execute(
            "SELECT arraigo.replay_append(%s, now() - interval '2 hours', %s)", [talk.owner_id, json.dumps(entry)]
        )
    assert numbers(await retrieve.search(me, "rezagado")) == [1]
    assert await retrieve.index(store) == 1


async def test_what_was_committed_long_after_it_was_appended_is_found_by_a_thorough_look(
    store: arraigo.Store, me: arraigo.UserStore, superuser: Any
) -> None:
    talk = await me.conversations.create(title="x")
    await retrieve.index(store)
    await me.messages.append(talk.id, role="user", content="rezagado")
    superuser("UPDATE arraigo.conversations SET activity_at = now() - interval '3 hours'")
    await retrieve.index(store)
    assert await retrieve.index(store, thorough=True) == 1
    assert numbers(await retrieve.search(me, "rezagado")) == [1]


async def test_an_indexer_that_is_cut_short_goes_on_where_it_was(store: arraigo.Store, me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", f"n{number}") for number in range(100)])
    assert await retrieve.index(store, patience=0.0) in {0, 101}
    done = await retrieve.index(store)
    assert done in {0, 101}
    assert await retrieve.index(store) == 0
