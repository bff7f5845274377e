"""A LangGraph conversation that is kept, without a model: `python examples/langgraph_chat.py`.

    pip install 'arraigo[langgraph]'

It stops to ask, and goes on in another process if need be: here, with the graph made anew.
"""

import asyncio
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

import arraigo
from arraigo.integrations.langgraph import AsyncArraigoSaver, AsyncArraigoStore

THREAD: Any = {"configurable": {"thread_id": "recetas"}}


async def answer(state: MessagesState, runtime: Runtime[Any]) -> dict[str, Any]:
    """Say something about the last message, and remember it for other threads."""
    said = state["messages"][-1].text
    if runtime.store:
        await runtime.store.aput(("ana", "temas"), "last", {"said": said})
    return {"messages": [AIMessage(f"De {said!r} sé un poco 🥑")]}


async def confirm(_: MessagesState) -> dict[str, Any]:
    """Ask a person, and wait."""
    decision = interrupt("¿Lo guardo?")
    return {"messages": [AIMessage(f"Entendido: {decision} 🙂")]}


def graph(me: arraigo.UserStore) -> Any:
    """The conversation of one user."""
    builder: Any = StateGraph(MessagesState)
    builder.add_node("answer", answer)
    builder.add_node("confirm", confirm)
    builder.add_edge(START, "answer")
    builder.add_edge("answer", "confirm")
    return builder.compile(checkpointer=AsyncArraigoSaver(me), store=AsyncArraigoStore(me))


async def main() -> None:
    """Ask, be asked, answer, look back."""
    async with arraigo.open() as store:
        me = store.as_user("ana")
        paused = await graph(me).ainvoke({"messages": [("user", "aguacates")]}, THREAD)
        print("asks:", paused["__interrupt__"][0].value)
        done = await graph(me).ainvoke(Command(resume="sí"), THREAD)
        for message in done["messages"]:
            print(message.type, message.text)
        steps = [state async for state in graph(me).aget_state_history(THREAD)]
        print(
            len(steps), "states to go back to; Bea sees", (await graph(store.as_user("bea")).aget_state(THREAD)).values
        )
        remembered = await AsyncArraigoStore(me).aget(("ana", "temas"), "last")
        print("remembered:", remembered.value if remembered else None)


asyncio.run(main())
