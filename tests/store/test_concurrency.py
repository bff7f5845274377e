"""Many writers at once: no number is missing, none is given twice, nothing is lost, nobody waits for a stranger."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import ArraigoError, Conflict, NotFound, Unavailable
from arraigo.ids import uuid7
from arraigo.settings import Pool, Settings
from support.ways import opened

WRITERS = 16

# One process of several: four writers, each a message at a time; prints nothing, fails loudly.
PROCESS = """
import asyncio, sys
import arraigo
async def main(url, user, me, *talks):
    async with arraigo.open(arraigo.sync.stores.load({"DATABASE_URL": url, "ARRAIGO_HOME": "/nonexistent"})) as store:
        ana = store.as_user(user)
        async def write(place):
            for n in range(25):
                talk = talks[(place + n) % len(talks)]
                if n % 5:
                    await ana.messages.append(talk, role="user", content=f"{me} {place} {n}")
                else:
                    await ana.messages.append(talk, [("user", f"{me} {place} {n}"), ("user", f"{me} {place} {n}+")])
        await asyncio.gather(*map(write, range(4)))
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def ana(store: arraigo.Store) -> arraigo.UserStore:
    return store.as_user("ana")


async def whole(me: arraigo.UserStore, talk: UUID | str) -> list[arraigo.Message]:
    """Every message, page after page; they are numbered from 1 without gaps."""
    found: list[arraigo.Message] = []
    while page := await me.messages.list(talk, after=len(found), limit=1000):
        found += page
    assert [m.sequence_number for m in found] == list(range(1, len(found) + 1))
    return found


@pytest.mark.parametrize("twin", [False, True], ids=["async", "sync"])
@pytest.mark.parametrize("conversations", [1, WRITERS])
async def test_sixteen_writers_lose_nothing(settings: Settings, conversations: int, twin: bool) -> None:  # noqa: FBT001
    async with opened(settings, twin=twin) as store:
        me = store.as_user("ana")
        talks = [(await me.conversations.create(title=str(n))).id for n in range(conversations)]

        async def write(writer: int) -> list[tuple[UUID, arraigo.Message]]:
            stored = []
            for n in range(20):
                talk = talks[(writer + n) % conversations]
                stored.append((talk, await me.messages.append(talk, role="user", content=f"{writer} {n}")))
            return stored

        acknowledged = [one for some in await asyncio.gather(*map(write, range(WRITERS))) for one in some]
        kept = [(talk, message) for talk in talks for message in await whole(me, talk)]
        assert sorted(acknowledged) == sorted(kept)
        assert len(kept) == WRITERS * 20


@pytest.mark.parametrize("conversations", [1, WRITERS])
async def test_four_processes_with_four_writers_each_lose_nothing(
    settings: Settings, ana: arraigo.UserStore, conversations: int
) -> None:
    talks = [(await ana.conversations.create(title=str(n))).id for n in range(conversations)]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, str(settings.database_url), "ana", str(number), *map(str, talks)
        )
        for number in range(4)
    ]
    assert [await process.wait() for process in processes] == [0] * 4
    said = [m.content for talk in talks for m in await whole(ana, talk)]
    assert len(said) == len(set(said)) == 4 * 4 * 30
    for first in (content for content in said if content + "+" in set(said)):
        assert said[said.index(first) + 1] == first + "+", "a batch was torn apart"


async def test_a_group_writes_each_under_its_own_identity_and_fails_each_alone(
    store: arraigo.Store, superuser: Any
) -> None:
    users = [store.as_user(name) for name in ("ana", "bea", "cid")]
    talks = [await user.conversations.create(title="x", external_id="x") for user in users]
    known = [
        await user.messages.append(talk.id, role="user", content="x", id=uuid7())
        for user, talk in zip(users, talks, strict=True)
    ]

    async def settled(awaitable: Any) -> Any:
        try:
            return await awaitable
        except ArraigoError as error:
            return type(error)

    attempts: list[tuple[Any, Any]] = []
    for _ in range(12):
        for place, user in enumerate(users):
            mine, theirs = talks[place].id, talks[place - 1].id
            attempts += [
                (user.messages.append(mine, role="user", content="good"), list),
                (user.messages.append(mine, [("user", "good"), ("user", "good")]), list),
                (user.messages.append(theirs, role="user", content="bad"), NotFound),
                (user.messages.append(uuid7(), role="user", content="bad"), NotFound),
                (user.messages.append(mine, role="user", content="bad", id=known[place].id), Conflict),
                (user.messages.append(mine, role="user", content="x", id=known[place].id), list),
                (user.messages.append(mine, [("user", "bad"), NewMessage("user", "bad", known[place].id)]), Conflict),
            ]
    random.Random(7).shuffle(attempts)  # noqa: S311 - an order, not a secret
    found = await asyncio.gather(*(settled(attempt) for attempt, _ in attempts))
    assert [type(f) if isinstance(f, list) else list if isinstance(f, tuple) else f for f in found] == [
        expected for _, expected in attempts
    ]
    for user, talk in zip(users, talks, strict=True):
        kept = await whole(user, talk.id)
        assert [m.content for m in kept] == ["x"] + ["good"] * 36
    assert superuser(
        "SELECT count(*) FROM arraigo.messages m JOIN arraigo.conversations c ON c.id = m.conversation_id"
        " WHERE m.owner_id <> c.owner_id"
    ) == [(0,)]


async def test_a_locked_conversation_delays_its_own_writers_only(
    settings: Settings, ana: arraigo.UserStore, owner_url: str
) -> None:
    """More writers on it than there are connections, singly, in batches and with ids of their own."""
    locked = await ana.conversations.create(title="locked")
    others = [await ana.conversations.create(title=str(n)) for n in range(8)]
    async with await psycopg.AsyncConnection.connect(owner_url) as holder:
        await holder.execute("SELECT FROM arraigo.conversations WHERE id = %s FOR UPDATE", [locked.id])
        held = []
        for n in range(3 * settings.pool.max_size):
            batch = [NewMessage("user", f"{n}", uuid7() if n % 3 else None)] * (1 + (n % 2 and not n % 3))
            held.append(asyncio.create_task(ana.messages.append(locked.id, batch)))
            await asyncio.sleep(0.02)
        async with asyncio.timeout(5):
            for n in range(10):
                await asyncio.gather(*(ana.messages.append(talk.id, role="user", content=str(n)) for talk in others))
            assert len((await ana.conversations.list()).items) == 9
        assert not any(task.done() for task in held)
        await holder.rollback()
    stored = [message for batch in await asyncio.gather(*held) for message in batch]
    assert sorted(await whole(ana, locked.id)) == sorted(stored)
    for talk in others:
        assert len(await whole(ana, talk.id)) == 10


async def test_mixed_batches_from_four_connections_never_deadlock(
    settings: Settings, store: arraigo.Store, superuser: Any
) -> None:
    """Calls of arraigo.append with many owners and conversations in any order, waiting or not, beside deletions."""
    names = [f"user {n}" for n in range(4)]
    owned = []
    for name in names:
        user = store.as_user(name)
        owned += [(await user.id(), (await user.conversations.create(title="x")).id) for _ in range(3)]
    statement = (
        "SELECT outcomes FROM arraigo.append(%s::uuid[], %s::uuid[], %s::uuid[], array_fill('user'::text, ARRAY[%s]),"
        " array_fill('x'::text, ARRAY[%s]), array_fill(NULL::jsonb, ARRAY[%s]), %s)"
    )

    async def work(seed: int) -> int:
        chance = random.Random(seed)  # noqa: S311 - an order, not a secret
        stored = 0
        async with await psycopg.AsyncConnection.connect(str(settings.database_url), autocommit=True) as connection:
            for _ in range(50):
                items = chance.choices(owned, k=chance.randint(1, 12))
                n, ids = len(items), [uuid7() for _ in items]
                found = await connection.execute(
                    statement, [[o for o, _ in items], [c for _, c in items], ids, n, n, n, chance.random() < 0.7]
                )
                row = await found.fetchone()
                assert row is not None
                stored += row[0].count("stored")
                assert set(row[0]) <= {"stored", "busy"}
        return stored

    stored = sum(await asyncio.gather(*map(work, range(4))))
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(stored,)]
    assert superuser(
        "SELECT count(*) FROM arraigo.conversations c WHERE last_sequence <> (SELECT count(*) FROM arraigo.messages m"
        " WHERE m.conversation_id = c.id) OR last_sequence <> (SELECT coalesce(max(sequence_number), 0)"
        " FROM arraigo.messages m WHERE m.conversation_id = c.id)"
    ) == [(0,)]


async def test_a_reader_sees_what_it_saw_before_and_more(ana: arraigo.UserStore, settings: Settings) -> None:
    talk = await ana.conversations.create(title="x")
    seen: list[arraigo.Message] = []
    async with opened(settings) as another:  # connections of its own
        reader = another.as_user("ana")

        async def write(writer: int) -> None:
            for n in range(15):
                await ana.messages.append(talk.id, [("user", f"{writer} {n}")] * (1 + n % 3))

        writers = [asyncio.create_task(write(writer)) for writer in range(WRITERS)]
        while not all(task.done() for task in writers):
            found = await reader.messages.list(talk.id, limit=1000)
            assert found[: len(seen)] == seen
            assert [m.sequence_number for m in found] == list(range(1, len(found) + 1))
            seen = found
        await asyncio.gather(*writers)
    assert len(await whole(ana, talk.id)) == WRITERS * 30


@pytest.fixture
async def small(settings: Settings) -> AsyncIterator[arraigo.Store]:
    async with opened(replace(settings, pool=Pool(max_size=4, timeout=5))) as store:
        yield store


async def test_callers_who_give_up_leave_everything_usable(
    small: arraigo.Store, owner_url: str, superuser: Any, database: str
) -> None:
    me = small.as_user("ana")
    talk = await me.conversations.create(title="x")
    others = [await me.conversations.create(title=str(n)) for n in range(4)]

    async def give_up(task: Any, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await task
        except TimeoutError:
            return False
        return True

    async with await psycopg.AsyncConnection.connect(owner_url) as holder:
        await holder.execute("SELECT FROM arraigo.conversations WHERE id = %s FOR UPDATE", [talk.id])
        for _ in range(3):
            tries = [
                *(give_up(me.messages.append(talk.id, role="user", content="x"), 0.01 * n) for n in range(1, 8)),
                *(give_up(me.conversations.update(talk.id, title="y"), 0.03) for _ in range(3)),
            ]
            assert not any(await asyncio.gather(*tries))
        for other in others:
            await me.messages.append(other.id, role="user", content="x")
        # Nobody waits on the server for a caller who has gone: not more of ours are there than the pool's size.
        working = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'arraigo'"
        assert superuser(working, database)[0][0] <= 4
        await holder.rollback()
    got = await asyncio.gather(
        *(give_up(me.messages.append(talk.id, role="user", content=f"{n}"), 0.0005 * (n % 9)) for n in range(200))
    )
    last = await me.messages.append(talk.id, role="user", content="last")
    kept = await whole(me, talk.id)  # what was on its way when its caller left may stand before or after it
    assert last in kept
    assert {str(n) for n, done in enumerate(got) if done} <= {m.content for m in kept}


async def test_all_connections_busy_is_said_after_the_timeout(settings: Settings, owner_url: str) -> None:
    async with (
        opened(replace(settings, pool=Pool(min_size=1, max_size=1, timeout=0.2))) as store,
        await psycopg.AsyncConnection.connect(owner_url) as holder,
    ):
        me = store.as_user("ana")
        talk = await me.conversations.create(title="x")
        await holder.execute("SELECT FROM arraigo.conversations WHERE id = %s FOR UPDATE", [talk.id])
        waiting = asyncio.create_task(me.messages.append(talk.id, role="user", content="x"))
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable, match=r"all 1 connections to .* were busy for 0\.2 s; .*DB_POOL_SIZE"):
            await me.conversations.list()
        await holder.rollback()
        assert (await waiting).sequence_number == 1
        assert len((await me.conversations.list()).items) == 1
