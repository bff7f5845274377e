"""openai-agents: `SQLAlchemySession` on asyncpg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from agents.extensions.memory import SQLAlchemySession
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bench.peers import Peer, Talk
from bench.world import CONTENT, WRITERS


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Peer]:
    """Its tables, and an engine with a connection for each writer."""
    engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1), pool_size=WRITERS)
    try:
        yield Peer("SQLAlchemySession.add_items", 4, partial(talk, engine))
    finally:
        await engine.dispose()


async def talk(engine: AsyncEngine, messages: int, name: str = "") -> Talk:
    """A session of so many items; of a name that is there, another writer's."""
    session = SQLAlchemySession(name or str(uuid4()), engine=engine, create_tables=True)
    await session.add_items([_item(CONTENT)] * messages)

    async def everything() -> list[str]:
        items: list[Any] = await session.get_items()
        return [item["content"] for item in items]

    return Talk(
        append=lambda: session.add_items([_item(CONTENT)]),
        last=lambda: session.get_items(50),
        say=lambda text: session.add_items([_item(text)]),
        everything=everything,
    )


def _item(text: str) -> Any:
    return {"role": "user", "content": text}
