"""langchain-postgres: `PostgresChatMessageHistory`, a connection of psycopg's for each writer."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import cycle
from typing import Any
from uuid import uuid4

import psycopg
from langchain_core.messages import HumanMessage
from langchain_postgres import PostgresChatMessageHistory

from bench.peers import Peer, Talk
from bench.world import CONTENT, WRITERS

_TABLE = "chat_history"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Peer]:
    """Its table, and sixteen connections that take turns."""
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(await psycopg.AsyncConnection.connect(url)) for _ in range(WRITERS)
        ]
        await PostgresChatMessageHistory.acreate_tables(connections[0], _TABLE)
        yield Peer("PostgresChatMessageHistory.aadd_messages", 1, partial(_talk, cycle(connections)))


async def _talk(connections: "cycle[Any]", messages: int) -> Talk:
    history = PostgresChatMessageHistory(_TABLE, str(uuid4()), async_connection=next(connections))
    await history.aadd_messages([HumanMessage(CONTENT)] * messages)

    async def last() -> object:
        return (await history.aget_messages())[-50:]  # it has no limit

    async def everything() -> list[str]:
        return [str(message.text) for message in await history.aget_messages()]

    return Talk(
        append=lambda: history.aadd_messages([HumanMessage(CONTENT)]),
        last=last,
        say=lambda text: history.aadd_messages([HumanMessage(text)]),
        everything=everything,
    )
