"""LangGraph on our store: a checkpointer and a store, each with asyncio and without.

    async with arraigo.open() as store:
        graph = builder.compile(checkpointer=AsyncArraigoSaver(store.as_user("ana")))
        await graph.ainvoke({"messages": [("user", "Hola")]}, {"configurable": {"thread_id": "recetas"}})

Raises:
    ModuleNotFoundError: LangGraph is not installed.
"""

from arraigo.integrations import missing

try:
    import langgraph.checkpoint.base
    import langgraph.store.base  # noqa: F401 - looked for, so that what is missing is said in one sentence
except ModuleNotFoundError as error:
    raise missing(error, "langgraph") from None

from arraigo.integrations.langgraph.async_checkpointer import AsyncArraigoSaver
from arraigo.integrations.langgraph.checkpointer import ArraigoSaver
from arraigo.integrations.langgraph.memory import ArraigoStore, AsyncArraigoStore

__all__ = ["ArraigoSaver", "ArraigoStore", "AsyncArraigoSaver", "AsyncArraigoStore"]
