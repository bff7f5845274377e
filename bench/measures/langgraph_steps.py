"""What a turn of a LangGraph conversation writes to the write-ahead log, on a long thread and on a short one.

LangGraph gives its checkpointer the whole list of messages whenever it has changed; theirs on PostgreSQL stands beside
ours in the same run. The texts are random letters, since a list of equal ones would be compressed to nothing. Whole
pages, which are logged at their first change after a checkpoint, are left out, and so is autovacuum's work: how much
that is depends on how many threads are in use, not on how long they are.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Annotated, Any
from urllib.parse import urlsplit

from typing_extensions import TypedDict

from bench.harness import Measure, Outcome, compared, interleave
from bench.measures.wal import position
from bench.world import World

_LONG, _SHORT = 1_000, 10
_WARM, _TURNS, _TURNS_QUICK = 5, 30, 5
_CHARACTERS = 200
_chance = random.Random(7)  # noqa: S311 - made-up texts
_names = count()


async def langgraph_step_bytes(world: World) -> Outcome:
    """Bytes per turn, a question and its answer, on a thread of 1,000 messages over one of 10."""
    from arraigo.integrations.langgraph import AsyncArraigoSaver  # noqa: PLC0415 - not always installed

    ours = _graph(AsyncArraigoSaver(world.store.as_user("ana")))
    turns = _TURNS_QUICK if world.effort.quick else _TURNS
    async with world.superuser() as connection, _theirs(world, connection) as saver, _quiet(connection):
        theirs = _graph(saver)

        async def written(graph: Any, messages: int) -> float:
            # Short threads do not stay short: every turn is one's first.
            long = await _thread(graph, messages)
            threads = [await _thread(graph, messages) if messages == _SHORT else long for _ in range(_WARM + turns)]
            for thread in threads[:_WARM]:
                await _say(graph, thread)
            start = await position(connection)
            for thread in threads[_WARM:]:
                await _say(graph, thread)
            return (await position(connection) - start) / turns

        sides = {
            "at 1,000": lambda: written(ours, _LONG),
            "at 10": lambda: written(ours, _SHORT),
            "langgraph-checkpoint-postgres at 1,000": lambda: written(theirs, _LONG),
            "langgraph-checkpoint-postgres at 10": lambda: written(theirs, _SHORT),
        }
        found = await interleave(world.effort.rounds, sides)
        return compared(found, "bytes of WAL per turn", ours="at 1,000", floor="at 10")


@asynccontextmanager
async def _quiet(connection: Any) -> AsyncIterator[None]:
    for setting in ("full_page_writes", "autovacuum"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    try:
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("CHECKPOINT")  # whoever makes it has read the settings
        yield
    finally:
        for setting in ("full_page_writes", "autovacuum"):
            await connection.execute(f"ALTER SYSTEM RESET {setting}")
        await connection.execute("SELECT pg_reload_conf()")


@asynccontextmanager
async def _theirs(world: World, connection: Any) -> AsyncIterator[Any]:
    """Their checkpointer on a database of its own, on the same server."""
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415 - not always installed

    name = f"theirs_{next(_names)}"
    await connection.execute(f"CREATE DATABASE {name}")
    address = urlsplit(world.targets.owner.url)._replace(path=f"/{name}").geturl()
    async with AsyncPostgresSaver.from_conn_string(address) as saver:
        await saver.setup()
        yield saver


def _graph(checkpointer: Any) -> Any:
    from langchain_core.messages import AIMessage  # noqa: PLC0415 - not always installed
    from langgraph.graph import START, StateGraph  # noqa: PLC0415
    from langgraph.graph.message import add_messages  # noqa: PLC0415

    state = TypedDict("state", {"messages": Annotated[list[Any], add_messages]})  # type: ignore[misc] # noqa: UP013
    builder: Any = StateGraph(state)
    builder.add_node("answer", lambda _: {"messages": [AIMessage(_text())]})
    builder.add_edge(START, "answer")
    return builder.compile(checkpointer=checkpointer)


async def _thread(graph: Any, messages: int) -> str:
    """A thread that has so many messages."""
    name = f"thread {next(_names)}"
    await _say(graph, name, messages - 1)
    return name


async def _say(graph: Any, thread: str, messages: int = 1) -> None:
    said = [("user", _text()) for _ in range(messages)]
    await graph.ainvoke({"messages": said}, {"configurable": {"thread_id": thread}})


def _text() -> str:
    return "".join(_chance.choices("abcdefghijklmnopqrstuvwxyz ", k=_CHARACTERS))


MEASURES = (
    Measure(
        "langgraph_step_bytes",
        "write-ahead log per turn of a LangGraph thread of 1,000 messages, over one of 10",
        2.0,
        "at most",
        langgraph_step_bytes,
    ),
)
