"""What the store acknowledged, after its server was killed again and again, and after it was gone for a minute.

The server is the measure's own, and the store reaches it by its address, as it would reach any other one: nobody but
the measure starts it again. The journal is on. Afterwards every acknowledgement is looked for.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

import arraigo
from arraigo.errors import ArraigoError
from arraigo.ids import uuid7
from arraigo.postgres import schema
from arraigo.postgres.embedded import EmbeddedServer, start
from arraigo.postgres.embedded.postmaster import alive, read_pid_file
from arraigo.postgres.target import Target
from arraigo.settings import Settings
from arraigo.store import Store, UserStore
from bench.harness import Measure, Outcome
from bench.world import CONTENT, WRITERS, World

_TALKS = 8  # two writers each
_KILLS, _KILLS_QUICK = 50, 5
_AWAY, _AWAY_QUICK = 60.0, 10.0  # seconds
_PER_SECOND = 200  # messages, of all writers together, while the server is away
_PATIENCE = 120.0  # seconds, until what is pending has to have come in


@dataclass
class House:
    """A server that can be killed and started again."""

    home: Path
    server: EmbeddedServer

    def kill(self) -> None:
        """Kill its postmaster; its backends end with it."""
        found = read_pid_file(self.server.data_dir)
        if found is None:
            raise AssertionError("the server is not there")
        os.kill(found.pid, signal.SIGKILL)
        while alive(found, self.server.data_dir):
            time.sleep(0.005)

    def settings(self) -> Settings:
        """Of a store that knows the server by its address only."""
        owner = Target(self.server.url.replace("/postgres?", "/house?"))
        if schema.create_database(owner):
            schema.upgrade(owner)
        return Settings(home=self.home, database_url=owner.url.replace("postgres@", "arraigo_app@"), journal="on")

    def ask(self, sql: str) -> list[Any]:
        """Ask as a superuser."""
        with psycopg.connect(self.server.url.replace("/postgres?", "/house?")) as connection:
            return connection.execute(sql.encode()).fetchall()


@contextmanager
def house() -> Iterator[House]:
    """One in a temporary folder."""
    home = Path(tempfile.mkdtemp(prefix="arraigo-bench-"))
    try:
        with start(home) as server:
            yield House(home, server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Writer:
    """Appends one message after the other, and remembers what was acknowledged, in that order.

    Attributes:
        pause: Seconds between two messages.
        acknowledged: The messages' ids, each with its number, 0 from the journal.
        refused: How often it had to send again.
    """

    me: UserStore
    talk: UUID
    stop: asyncio.Event
    pause: float = 0.0
    acknowledged: list[tuple[UUID, int]] = field(default_factory=list)
    refused: int = 0
    longest: float = 0.0

    async def run(self) -> None:
        """Write until told to stop."""
        while not self.stop.is_set():
            id_ = uuid7()
            began = time.perf_counter()
            while True:
                try:
                    message = await self.me.messages.append(self.talk, role="user", content=CONTENT, id=id_)
                    break
                except ArraigoError:
                    self.refused += 1
                    await asyncio.sleep(0.05)
            self.acknowledged.append((id_, message.sequence_number))
            self.longest = max(self.longest, time.perf_counter() - began)
            await asyncio.sleep(self.pause)


@asynccontextmanager
async def writing(store: Store, pause: float = 0.0) -> AsyncIterator[list[Writer]]:
    """Sixteen writers at work; in the end they stop."""
    me = store.as_user("ana")
    talks = [(await me.conversations.create(title="bench")).id for _ in range(_TALKS)]
    stop = asyncio.Event()
    writers = [Writer(me, talks[n % _TALKS], stop, pause) for n in range(WRITERS)]
    tasks = [asyncio.create_task(writer.run()) for writer in writers]
    try:
        yield writers
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def came_in(store: Store) -> float:
    """Wait until nothing is pending; how many seconds that took."""
    began = time.perf_counter()
    async with asyncio.timeout(_PATIENCE):
        while store.pending:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
    return time.perf_counter() - began


def wrong(found: House, writers: list[Writer]) -> dict[str, int]:
    """What is not as it was acknowledged."""
    rows = found.ask("SELECT conversation_id, sequence_number, id FROM arraigo.messages ORDER BY 1, 2")
    count = Counter(id_ for _, _, id_ in rows)
    number = {id_: sequence for _, sequence, id_ in rows}
    last: Counter[UUID] = Counter()
    gaps = 0
    for talk, sequence, _ in rows:
        gaps += sequence != last[talk] + 1
        last[talk] = sequence
    told = [pair for writer in writers for pair in writer.acknowledged]
    orders = [[number[id_] for id_, _ in writer.acknowledged if id_ in number] for writer in writers]
    return {
        "lost": sum(id_ not in number for id_, _ in told),
        "doubled": sum(times - 1 for times in count.values()),
        "never sent": len(rows) - len(told),
        "out of order": sum(a >= b for order in orders for a, b in pairwise(order)),
        "gaps": gaps,
        "other numbers than told": sum(bool(told_) and number.get(id_) != told_ for id_, told_ in told),
        "in quarantine": found.ask("SELECT count(*) FROM arraigo.quarantine")[0][0],
    }


def facts(writers: list[Writer]) -> dict[str, Any]:
    """What was written."""
    told = [number for writer in writers for _, number in writer.acknowledged]
    return {
        "acknowledged": len(told),
        "from the journal": told.count(0),
        "sent again": sum(writer.refused for writer in writers),
        "longest append": round(max(writer.longest for writer in writers), 2),
    }


async def kill_server(world: World) -> Outcome:
    """Messages that are not as they were acknowledged, after so many kills under sixteen writers."""
    kills = _KILLS_QUICK if world.effort.quick else _KILLS
    slowest = 0.0
    with house() as found:
        async with arraigo.open(found.settings()) as store:
            async with writing(store) as writers:
                for _ in range(kills):
                    await asyncio.sleep(0.3)
                    await asyncio.to_thread(found.kill)
                    await asyncio.sleep(0.3)
                    await asyncio.to_thread(found.server.revive)
                    slowest = max(slowest, await came_in(store))
            await came_in(store)
        judged = wrong(found, writers)
    detail = {"unit": "messages", **judged, **facts(writers), "slowest replay, s": round(slowest, 2)}
    return Outcome(sum(judged.values()), kills, detail)


async def outage(world: World) -> Outcome:
    """Seconds until all that was written while the server was gone is in it; whatever is wrong is an error."""
    away = _AWAY_QUICK if world.effort.quick else _AWAY
    with house() as found:
        async with arraigo.open(found.settings()) as store:
            async with writing(store, pause=WRITERS / _PER_SECOND) as writers:
                await asyncio.sleep(1)
                await asyncio.to_thread(found.kill)
                await asyncio.sleep(away)
                pending = store.pending
                await asyncio.to_thread(found.server.revive)
                seconds = await came_in(store)
                await asyncio.sleep(1)
            await came_in(store)
        judged = wrong(found, writers)
    if any(judged.values()):
        raise AssertionError(f"not as it was acknowledged: {judged}")
    detail = {"unit": "s", "away, s": away, "pending": pending, **judged, **facts(writers)}
    return Outcome(round(seconds, 2), 1, detail)


MEASURES = (
    Measure(
        "kill_server",
        "server killed under 16 writers: acknowledged messages lost, doubled, out of order, gaps",
        0,
        "at most",
        kill_server,
        reliability=True,
    ),
    Measure(
        "outage",
        "no server for a minute under load, nothing lost: seconds until all is in it",
        5,
        "at most",
        outage,
        reliability=True,
    ),
)
