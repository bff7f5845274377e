"""What every measure works on: an embedded server of the bench's own, thrown away afterwards, and the floor's table."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

import arraigo
from arraigo.postgres.target import Targets, find
from arraigo.settings import Settings
from arraigo.store import Store

WRITERS = 16
CONTENT = "x" * 200
INSERT = "INSERT INTO public.floor (conversation_id, sequence_number, role, content) VALUES ($1, $2, $3, $4)"
_TABLE = """
CREATE TABLE public.floor (
  conversation_id uuid NOT NULL,
  sequence_number bigint NOT NULL,
  role text NOT NULL,
  content text NOT NULL,
  metadata jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, sequence_number)
);
GRANT SELECT, INSERT ON public.floor TO arraigo_app;
"""


@dataclass(frozen=True)
class Effort:
    """How long to measure: `rounds` of `calls` each, by each of the writers."""

    rounds: int
    calls: int
    quick: bool


@dataclass(frozen=True)
class World:
    """A server with the newest schema and the floor's table, and our store on it as the application's role.

    Attributes:
        targets: The ways in.
        settings: What another process needs to open the same store.
        machine: Facts that a reader wants beside a figure.
    """

    effort: Effort
    targets: Targets
    settings: Settings
    store: Store
    machine: dict[str, Any]

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[Any]:
        """A connection of asyncpg's past row-level security."""
        connection = await asyncpg.connect(self.targets.owner.url)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def inserts(self, count: int) -> AsyncIterator[list[Any]]:
        """The floor: one prepared INSERT each on `count` connections, as the role that we use."""
        async with AsyncExitStack() as stack:
            prepared = []
            for _ in range(count):
                connection = await asyncpg.connect(self.targets.application.url)
                stack.push_async_callback(connection.close)
                prepared.append(await connection.prepare(INSERT))
            yield prepared

    async def filled(self, messages: int, user: str = "ana") -> UUID:
        """A conversation with so many messages."""
        me = self.store.as_user(user)
        talk = await me.conversations.create(title="bench")
        for start in range(0, messages, 1000):
            await me.messages.append(talk.id, [("user", CONTENT)] * min(1000, messages - start))
        return talk.id


@asynccontextmanager
async def made(effort: Effort) -> AsyncIterator[World]:
    """Make a world in a temporary folder; nobody's own data are touched."""
    home = Path(tempfile.mkdtemp(prefix="arraigo-bench-"))
    settings = Settings(home=home)
    try:
        async with arraigo.open(settings) as store:
            targets = find(settings)
            try:
                machine = await _machine(targets.owner.url)
                outside = replace(
                    settings, database_url=targets.application.url, migration_url=targets.owner.url, jwt_secret="b" * 32
                )
                yield World(effort, targets, outside, store, machine)
            finally:
                targets.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _machine(url: str) -> dict[str, Any]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_TABLE)
        version, fsync, commit = await connection.fetchrow(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
    finally:
        await connection.close()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "postgresql": version,
        "fsync": fsync,
        "synchronous_commit": commit,
    }
