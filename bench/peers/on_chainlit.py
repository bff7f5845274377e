"""chainlit: its SQLAlchemy data layer on asyncpg, with the pool that it makes itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from chainlit.context import init_http_context
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.user import User
from sqlalchemy import text as sql

from bench.peers import Peer, Talk
from bench.world import CONTENT

# The columns that it writes; it leaves it to its users to make them.
_TABLES = """
CREATE TABLE IF NOT EXISTS users (
  id uuid PRIMARY KEY, "createdAt" text, identifier text UNIQUE NOT NULL, metadata jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS threads (
  id uuid PRIMARY KEY, "createdAt" text, name text, "userId" uuid REFERENCES users ON DELETE CASCADE,
  "userIdentifier" text, tags text[], metadata jsonb);
CREATE TABLE IF NOT EXISTS steps (
  id uuid PRIMARY KEY, "createdAt" text, name text NOT NULL, type text NOT NULL,
  "threadId" uuid NOT NULL REFERENCES threads ON DELETE CASCADE, "parentId" uuid, streaming boolean NOT NULL,
  "waitForAnswer" boolean, "isError" boolean, metadata jsonb, tags text[], input text, output text, command text,
  start text, "end" text, generation jsonb, "showInput" text, language text, indent int, "defaultOpen" boolean);
CREATE TABLE IF NOT EXISTS elements (
  id uuid PRIMARY KEY, "threadId" uuid, type text, url text, "chainlitKey" text, name text, display text,
  "objectKey" text, size text, page int, language text, "forId" uuid, mime text, props jsonb);
CREATE TABLE IF NOT EXISTS feedbacks (
  id uuid PRIMARY KEY, "forId" uuid, "threadId" uuid, value int, comment text)
"""
_COPIES = sql(
    """
INSERT INTO steps SELECT (jsonb_populate_record(first, jsonb_build_object('id', gen_random_uuid()))).*
  FROM steps AS first, generate_series(1, :copies) WHERE first."threadId" = :thread
"""
)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Peer]:
    """Its tables, and a user."""
    init_http_context()
    layer = SQLAlchemyDataLayer(url.replace("postgresql", "postgresql+asyncpg", 1))
    try:
        async with layer.engine.begin() as connection:
            for table in _TABLES.split(";"):
                await connection.execute(sql(table))
        user = await layer.create_user(User(identifier="ana"))
        assert user is not None
        yield Peer("SQLAlchemyDataLayer.create_step", 4, partial(_talk, layer, user.id))
    finally:
        await layer.engine.dispose()


async def _talk(layer: SQLAlchemyDataLayer, user: str, messages: int) -> Talk:
    thread = str(uuid4())
    await layer.update_thread(thread, name="bench", user_id=user)

    async def say(text: str) -> object:
        return await layer.create_step(_step(thread, text))

    async def everything() -> list[str]:
        found: Any = await layer.get_thread(thread)
        return [step["output"] for step in found["steps"]] if found else []

    async def last() -> object:
        return (await everything())[-50:]  # it has no limit

    if messages:
        await say(CONTENT)
        async with layer.engine.begin() as connection:
            await connection.execute(_COPIES, {"copies": messages - 1, "thread": thread})
    if (kept := len(await everything())) != messages:
        raise RuntimeError(f"{kept} of {messages} steps were kept")  # it logs what goes wrong, and goes on
    return Talk(append=lambda: say(CONTENT), last=last, say=say, everything=everything)


def _step(thread: str, text: str) -> Any:
    return {
        "id": str(uuid4()),
        "threadId": thread,
        "name": "ana",
        "type": "user_message",
        "input": "",
        "output": text,
        "streaming": False,
        "createdAt": "2026-03-02T14:05:09.000Z",
        "metadata": {},
        "generation": {},
    }
