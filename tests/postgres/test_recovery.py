"""The server goes away and comes back, without a journal: the first call after it works."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import Unavailable
from arraigo.ids import uuid7
from arraigo.postgres import schema
from arraigo.postgres.embedded import start
from arraigo.postgres.embedded.postmaster import alive, read_pid_file
from arraigo.postgres.target import Target
from arraigo.settings import Settings, load
from support.databases import address
from support.ways import opened


class House:
    """A server of this test's own that can be stopped and started."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._holds = ExitStack()
        self.start()

    def start(self) -> None:
        """Start it, or adopt it."""
        self._server = self._holds.enter_context(start(self._home))

    def stop(self, how: signal.Signals) -> None:
        """Stop its postmaster: SIGINT as `pg_ctl restart` does, SIGKILL as an accident does."""
        found = read_pid_file(self._server.data_dir)
        assert found is not None
        os.kill(found.pid, how)
        until = time.monotonic() + 20
        while alive(found, self._server.data_dir) or _working_in(self._server.data_dir):
            assert time.monotonic() < until, "the server does not stop"
            time.sleep(0.01)

    def restart(self, how: signal.Signals) -> None:
        """Stop and start it."""
        self.stop(how)
        self.start()

    def settings(self, **more: str) -> Settings:
        """The application's, with the schema in place."""
        owner = Target(address(self._server, "postgres", "house"))
        if schema.create_database(owner):
            schema.upgrade(owner)
        url = address(self._server, "arraigo_app", "house")
        return load({"ARRAIGO_HOME": str(self._home), "DATABASE_URL": url, "ARRAIGO_JOURNAL": "off", **more})

    def close(self) -> None:
        """Let go of it."""
        self._holds.close()


def _working_in(folder: Path) -> bool:
    """Whether a backend lives on for a moment after its postmaster; it works in the data folder (proc(5))."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == folder:
                return True
    return False


@pytest.fixture
def house(used_home: Path) -> Iterator[House]:
    found = House(used_home)
    yield found
    found.close()


CALLS: list[Callable[[arraigo.UserStore], object]] = [
    lambda me: me.messages.append("t", role="user", content="x"),
    lambda me: me.messages.list("t"),
    lambda me: me.conversations.create(title="x"),
    lambda me: me.conversations.update("t", title="y"),
]


@pytest.mark.parametrize(
    ("how", "twin"),
    [(signal.SIGINT, False), (signal.SIGKILL, False), (signal.SIGKILL, True)],
    ids=["restarted", "killed", "killed-sync"],
)
async def test_the_first_call_after_a_restart_works(house: House, how: signal.Signals, twin: bool) -> None:  # noqa: FBT001
    """Each kind of call first in turn, with several connections that went stale."""
    async with opened(house.settings(), twin=twin) as store:
        me = store.as_user("ana")
        await me.conversations.create(title="x", external_id="t")
        await me.messages.append("t", role="user", content="x")
        for place, call in enumerate(CALLS):
            await asyncio.gather(*(me.conversations.list() for _ in range(6)))
            if place % 2:
                await asyncio.to_thread(house.restart, how)
            else:
                house.restart(how)  # the event loop has no chance to notice
            await call(me)  # type: ignore[misc]
        assert [m.sequence_number for m in await me.messages.list("t")] == [1, 2]


@pytest.mark.parametrize("twin", [False, True], ids=["async", "sync"])
async def test_while_the_server_is_away_a_sentence_says_so(house: House, twin: bool) -> None:  # noqa: FBT001
    async with opened(house.settings(), twin=twin) as store:
        me = store.as_user("ana")
        await me.conversations.create(title="x", external_id="t")
        house.stop(signal.SIGKILL)
        for call in CALLS:
            with pytest.raises(Unavailable, match=r"nothing listens at .*; start the server"):
                await call(me)  # type: ignore[misc]
        house.start()
        assert (await me.messages.append("t", role="user", content="x")).sequence_number == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["restarted", "killed"])
async def test_writers_who_try_again_store_everything_once(house: House, how: signal.Signals) -> None:
    async with opened(house.settings()) as store:
        me = store.as_user("ana")
        talks = [(await me.conversations.create(title="x")).id for _ in range(2)]
        stop = asyncio.Event()

        async def write(writer: int) -> list[arraigo.Message]:
            stored = []
            while not stop.is_set():
                batch = [NewMessage("user", f"{writer}", uuid7()) for _ in range(1 + writer % 3)]
                while True:
                    try:
                        stored += await me.messages.append(talks[writer % 2], batch)
                        break
                    except Unavailable:
                        await asyncio.sleep(0.05)
            return stored

        writers = [asyncio.create_task(write(writer)) for writer in range(8)]
        for _ in range(2):
            await asyncio.sleep(0.2)
            await asyncio.to_thread(house.restart, how)
        await asyncio.sleep(0.2)
        stop.set()
        acknowledged = [message for stored in await asyncio.gather(*writers) for message in stored]
        for place, talk in enumerate(talks):
            kept: list[arraigo.Message] = []
            while page := await me.messages.list(talk, after=len(kept), limit=1000):
                kept += page
            assert [m.sequence_number for m in kept] == list(range(1, len(kept) + 1))
            assert sorted(kept) == sorted(m for m in acknowledged if int(m.content) % 2 == place)


async def test_a_connection_that_is_ended_in_the_middle_costs_an_append_nothing(
    store: arraigo.Store, owner_url: str, database: str
) -> None:
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    async with await psycopg.AsyncConnection.connect(owner_url) as holder:
        await holder.execute("SELECT FROM arraigo.conversations FOR UPDATE")
        appends = [
            asyncio.create_task(me.messages.append(talk.id, role="user", content="x")),
            asyncio.create_task(me.messages.append(talk.id, [NewMessage("user", str(n), uuid7()) for n in range(3)])),
        ]
        await _end_waiting(holder, database, 2)
        await asyncio.sleep(0.05)
        await holder.rollback()
    await asyncio.gather(*appends)
    assert [m.sequence_number for m in await me.messages.list(talk.id)] == [1, 2, 3, 4]


async def test_what_cannot_be_repeated_says_that_the_connection_ended(
    settings: Settings, owner_url: str, database: str
) -> None:
    async with arraigo.open(replace(settings, journal="off")) as store:
        await _lose_a_creation(store.as_user("ana"), owner_url, database)


async def _lose_a_creation(me: arraigo.UserStore, owner_url: str, database: str) -> None:
    await me.id()
    async with await psycopg.AsyncConnection.connect(owner_url) as holder:
        await holder.execute("SELECT FROM arraigo.users FOR UPDATE")
        creation = asyncio.create_task(me.conversations.create(title="x"))
        await _end_waiting(holder, database, 1)
        with pytest.raises(Unavailable, match="try again") as caught:
            await creation
        assert "nothing was changed" not in str(caught.value)
        await holder.rollback()
    assert (await me.conversations.create(title="x")).title == "x"
    assert await me.conversations.count() == 1


async def _end_waiting(holder: psycopg.AsyncConnection[object], database: str, count: int) -> None:
    """End the connections that wait for a lock, as soon as there are so many."""
    waiting = "FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    for _ in range(500):
        if (await (await holder.execute(f"SELECT count(*) {waiting}".encode(), [database])).fetchone()) == (count,):
            break
        await holder.execute("SELECT pg_stat_clear_snapshot()")
        await asyncio.sleep(0.01)
    await holder.execute(f"SELECT pg_terminate_backend(pid) {waiting}".encode(), [database])


async def test_a_new_schema_version_does_not_disturb_what_is_prepared(store: arraigo.Store, owner_url: str) -> None:
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    await asyncio.gather(*(me.conversations.get(talk.id) for _ in range(8)))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE arraigo.conversations ALTER COLUMN external_id TYPE text")
        connection.execute("ALTER TABLE arraigo.conversations ALTER COLUMN external_id TYPE varchar(300)")
    found = await asyncio.gather(*(me.conversations.get(talk.id) for _ in range(8)))
    assert found == [talk] * 8
