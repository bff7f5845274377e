"""langgraph with its PostgreSQL checkpointer: a graph of messages, to which one is added."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

from langchain_core.messages import HumanMessage
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import START, MessagesState, StateGraph
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from bench.peers import Peer, Talk
from bench.world import CONTENT, WRITERS

_START = 1_000  # its cost grows with the conversation: what it is at the end of a long day


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Peer]:
    """Its tables, and a pool with a connection for each writer; several writers of one thread lose what they write."""
    settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    connections: Any = AsyncConnectionPool(url, min_size=1, max_size=WRITERS, kwargs=settings, open=False)
    async with connections as pool:
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        graph: Any = StateGraph(MessagesState)
        graph.add_node("said", lambda _state: {})
        graph.add_edge(START, "said")
        compiled = graph.compile(checkpointer=saver)
        what = f"aupdate_state, on a thread of {_START:,} messages"
        yield Peer(what, 50, partial(_talk, compiled, saver), start=_START, shared=False)


async def _talk(graph: Any, saver: AsyncPostgresSaver, messages: int) -> Talk:
    config: Any = {"configurable": {"thread_id": str(uuid4())}}
    await graph.aupdate_state(config, {"messages": [HumanMessage(CONTENT) for _ in range(messages)]}, as_node="said")

    async def say(text: str) -> object:
        return await graph.aupdate_state(config, {"messages": [HumanMessage(text)]}, as_node="said")

    async def read() -> list[Any]:
        found = await saver.aget_tuple(config)
        return [] if found is None else list(found.checkpoint["channel_values"]["messages"])

    async def last() -> object:
        return (await read())[-50:]

    async def everything() -> list[str]:
        return [str(message.text) for message in await read()]

    return Talk(append=lambda: say(CONTENT), last=last, say=say, everything=everything)
