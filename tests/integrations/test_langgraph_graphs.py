"""Compiled graphs of LangGraph, without a model, on our checkpointer and store."""

import operator
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pytest
from typing_extensions import TypedDict

import arraigo
from arraigo import sync
from arraigo.settings import Settings

pytest.importorskip("langgraph", reason="langgraph is not installed (make integrations)")

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, RemoveMessage
from langchain_core.runnables import RunnableConfig
from langgraph.channels.delta import DeltaChannel
from langgraph.graph import START, StateGraph
from langgraph.graph.message import _messages_delta_reducer, add_messages
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from arraigo.integrations.langgraph import ArraigoSaver, ArraigoStore, AsyncArraigoSaver, AsyncArraigoStore

THREAD: RunnableConfig = {"configurable": {"thread_id": "recetas"}}


class State(TypedDict):
    """A conversation, and what was noted beside it."""

    messages: Annotated[list[AnyMessage], add_messages]
    notes: Annotated[list[str], operator.add]


class DeltaState(TypedDict):
    """A conversation that keeps what changed."""

    messages: Annotated[list[AnyMessage], DeltaChannel(_messages_delta_reducer, snapshot_frequency=5)]


def reply(state: State) -> dict[str, Any]:
    number = len(state["messages"])
    return {"messages": [AIMessage(f"answer {number}", id=f"a{number}")], "notes": [f"n{number}"]}


def approve(state: State) -> dict[str, Any]:
    answer = interrupt({"question": "¿Seguimos?", "after": len(state["messages"])})
    return {"notes": [f"approved: {answer}"]}


def remember(state: State, runtime: Runtime[Any]) -> dict[str, Any]:
    assert runtime.store is not None
    said = len(state["messages"])
    before = runtime.store.get(("memories", "ana"), "said")
    runtime.store.put(("memories", "ana"), "said", {"count": said})
    return {"notes": [f"before: {before.value['count'] if before else None}"]}


def graph(checkpointer: Any, store: Any = None, **nodes: Callable[..., Any]) -> Any:
    """These nodes, one after the other."""
    builder = StateGraph(State)
    before = START
    for name, node in nodes.items():
        builder.add_node(name, node)
        builder.add_edge(before, name)
        before = name
    return builder.compile(checkpointer=checkpointer, store=store)


def say(text: str) -> dict[str, Any]:
    return {"messages": [HumanMessage(text, id=text)]}


class Now:
    """A graph without await, as if it had it, for one test of both."""

    def __init__(self, compiled: Any) -> None:
        self._graph = compiled

    async def ainvoke(self, *given: Any, **named: Any) -> Any:
        """`invoke`."""
        return self._graph.invoke(*given, **named)

    async def aget_state(self, *given: Any, **named: Any) -> Any:
        """`get_state`."""
        return self._graph.get_state(*given, **named)

    async def aupdate_state(self, *given: Any, **named: Any) -> Any:
        """`update_state`."""
        return self._graph.update_state(*given, **named)

    async def aget_state_history(self, *given: Any, **named: Any) -> AsyncIterator[Any]:
        """`get_state_history`."""
        for state in self._graph.get_state_history(*given, **named):
            yield state

    async def astream(self, *given: Any, **named: Any) -> AsyncIterator[Any]:
        """`stream`."""
        for part in self._graph.stream(*given, **named):
            yield part


Make = Callable[..., Any]


@pytest.fixture(params=["async", "sync", "sync with await"])
async def make(request: pytest.FixtureRequest, settings: Settings, me: arraigo.UserStore) -> AsyncIterator[Make]:
    """How to compile a graph on our classes."""
    if request.param == "async":
        yield lambda **nodes: graph(AsyncArraigoSaver(me), AsyncArraigoStore(me), **nodes)
        return
    with sync.open(settings) as opened:
        mine = opened.as_user("ana")
        made = [ArraigoSaver(mine), ArraigoStore(mine)]
        if request.param == "sync":
            yield lambda **nodes: Now(graph(*made, **nodes))
        else:
            yield lambda **nodes: graph(*made, **nodes)


async def texts(compiled: Any, config: RunnableConfig = THREAD) -> list[str]:
    return [message.content for message in (await compiled.aget_state(config)).values["messages"]]


async def test_a_conversation_goes_on_where_it_was(make: Make) -> None:
    for number in range(30):
        await make(reply=reply).ainvoke(say(f"q{number}"), THREAD)
    found = await texts(make(reply=reply))
    assert len(found) == 60
    assert found[-2:] == ["q29", "answer 59"]


async def test_messages_are_replaced_and_removed(make: Make) -> None:
    compiled = make(reply=reply)
    for number in range(20):
        await compiled.ainvoke(say(f"q{number}" + "x" * 200), THREAD)
    await compiled.aupdate_state(THREAD, {"messages": [AIMessage("changed", id="a1")]})
    assert (await texts(compiled))[1] == "changed"
    await compiled.aupdate_state(THREAD, {"messages": [RemoveMessage(f"a{number}") for number in (3, 5, 39)]})
    found = await texts(compiled)
    assert len(found) == 37
    assert "answer 3" not in found
    assert found[-1].startswith("q19")


async def test_an_interrupted_graph_waits_for_an_answer(make: Make) -> None:
    asked = await make(reply=reply, approve=approve).ainvoke(say("hola"), THREAD)
    assert asked["__interrupt__"][0].value == {"question": "¿Seguimos?", "after": 2}
    state = await make(reply=reply, approve=approve).aget_state(THREAD)
    assert state.next == ("approve",)
    assert state.tasks[0].interrupts[0].value["after"] == 2
    done = await make(reply=reply, approve=approve).ainvoke(Command(resume="sí"), THREAD)
    assert done["notes"] == ["n1", "approved: sí"]
    assert (await make(reply=reply, approve=approve).aget_state(THREAD)).next == ()


async def test_an_earlier_state_can_be_read_and_gone_on_from(make: Make) -> None:
    compiled = make(reply=reply)
    for number in range(3):
        await compiled.ainvoke(say(f"q{number}"), THREAD)
    states = [state async for state in compiled.aget_state_history(THREAD)]
    earlier = next(state for state in states if len(state.values.get("messages", [])) == 4 and not state.next)
    branched = await compiled.ainvoke(say("another"), earlier.config)
    assert [message.content for message in branched["messages"]] == [
        *("q0", "answer 1", "q1", "answer 3", "another", "answer 5")
    ]
    assert await texts(compiled) == [message.content for message in branched["messages"]]
    again = [state async for state in compiled.aget_state_history(THREAD)]
    assert len(again) == len(states) + 3
    assert [message.content for message in states[0].values["messages"]][4] == "q2"
    assert [state.values for state in again[3:]] == [state.values for state in states]


async def test_a_subgraph_has_its_own_checkpoints(make: Make) -> None:
    inner = StateGraph(State)
    inner.add_node("approve", approve)
    inner.add_edge(START, "approve")
    compiled = make(reply=reply, inner=inner.compile())
    await compiled.ainvoke(say("hola"), THREAD)
    state = await compiled.aget_state(THREAD, subgraphs=True)
    assert state.tasks[0].state.next == ("approve",)
    done = await compiled.ainvoke(Command(resume="sí"), THREAD)
    assert done["notes"][-1] == "approved: sí"


async def test_parts_are_streamed_while_they_are_kept(make: Make) -> None:
    compiled = make(reply=reply, second=reply)
    parts = [part async for part in compiled.astream(say("hola"), THREAD, stream_mode=["updates", "checkpoints"])]
    assert [list(part) for mode, part in parts if mode == "updates"] == [["reply"], ["second"]]
    kept = [part["config"]["configurable"]["checkpoint_id"] for mode, part in parts if mode == "checkpoints"]
    history = [state async for state in compiled.aget_state_history(THREAD)]
    assert [state.config["configurable"]["checkpoint_id"] for state in history] == kept[::-1]


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
async def test_a_node_that_fails_is_run_again_and_the_others_are_not(make: Make, durability: str) -> None:
    failing, calls = [True], []

    def flaky(state: State) -> dict[str, Any]:
        calls.append(len(state["messages"]))
        if failing:
            raise ValueError("not yet")
        return {"notes": ["at last"]}

    compiled = make(reply=reply, flaky=flaky)
    with pytest.raises(ValueError, match="not yet"):
        await compiled.ainvoke(say("hola"), THREAD, durability=durability)
    failing.clear()
    done = await compiled.ainvoke(None, THREAD, durability=durability)
    assert done["notes"] == ["n1", "at last"]
    assert calls == [2, 2]


async def test_nodes_remember_across_threads(make: Make) -> None:
    compiled = make(reply=reply, remember=remember)
    first = await compiled.ainvoke(say("hola"), {"configurable": {"thread_id": "1"}})
    second = await compiled.ainvoke(say("hola"), {"configurable": {"thread_id": "2"}})
    assert (first["notes"][-1], second["notes"][-1]) == ("before: None", "before: 2")


@pytest.fixture
def both(settings: Settings) -> Iterator[tuple[ArraigoSaver, ArraigoSaver]]:
    with sync.open(settings) as opened:
        yield ArraigoSaver(opened.as_user("ana")), ArraigoSaver(opened.as_user("bea"))


def test_two_users_have_threads_of_one_name(both: tuple[ArraigoSaver, ArraigoSaver]) -> None:
    mine, theirs = graph(both[0], reply=reply), graph(both[1], reply=reply)
    mine.invoke(say("de Ana"), THREAD)
    assert theirs.get_state(THREAD).values == {}
    theirs.invoke(say("de Bea"), THREAD)
    assert [message.content for message in mine.get_state(THREAD).values["messages"]] == ["de Ana", "answer 1"]


def test_a_channel_of_changes_is_rebuilt_also_after_pruning(both: tuple[ArraigoSaver, ArraigoSaver]) -> None:
    builder = StateGraph(DeltaState)
    builder.add_node("reply", lambda state: {"messages": [AIMessage("a", id=f"a{len(state['messages'])}")]})
    builder.add_edge(START, "reply")
    compiled: Any = builder.compile(checkpointer=both[0])
    for number in range(12):
        compiled.invoke(say(f"q{number}"), THREAD)
    before = compiled.get_state(THREAD).values["messages"]
    assert len(before) == 24
    count = len(list(both[0].list(THREAD)))
    both[0].prune(["recetas"])
    assert len(list(both[0].list(THREAD))) < count
    assert compiled.get_state(THREAD).values["messages"] == before
    compiled.invoke(say("more"), THREAD)
    assert len(compiled.get_state(THREAD).values["messages"]) == 26


def test_a_pruned_thread_goes_on_like_one_that_was_not(both: tuple[ArraigoSaver, ArraigoSaver]) -> None:
    compiled = graph(both[0], reply=reply, approve=approve)
    for thread in ("pruned", "twin"):
        where: RunnableConfig = {"configurable": {"thread_id": thread}}
        compiled.invoke(say("hola"), where)
        compiled.invoke(Command(resume="sí"), where)
        compiled.invoke(say("otra"), where)
        if thread == "pruned":
            both[0].prune([thread])
        done = compiled.invoke(Command(resume="no"), where)
        assert done["notes"] == ["n1", "approved: sí", "n3", "approved: no"]
