"""LangChain's chat message history on a conversation."""

import json
from typing import Any

import pytest

import arraigo
from arraigo import sync
from arraigo.errors import InvalidInput, NotFound

pytest.importorskip("langchain_core", reason="langchain-core is not installed (make integrations)")

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
    message_to_dict,
)
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

from arraigo.integrations.langchain import ArraigoChatMessageHistory

PICTURE = {"type": "image", "base64": "iVBORw0KGgo" * 20_000, "mime_type": "image/png"}
CALL = {"name": "weather", "args": {"z": 1, "city": "Bogotá"}, "id": "c1"}

MESSAGES: list[BaseMessage] = [
    SystemMessage("Be kind"),
    HumanMessage("¿Llueve? 🙂", id="h1", additional_kwargs={"z": 1.0, "a": [1e300]}),
    AIMessage("", tool_calls=[CALL]),
    ToolMessage("nul \0, half \ud83d", tool_call_id="c1", artifact={"degrees": 12}, status="error"),
    AIMessage("voy", tool_calls=[CALL], usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}),
    HumanMessage([{"type": "text", "text": "mira"}, PICTURE]),
    HumanMessage([PICTURE]),
    ChatMessage(content="hm", role="assistant"),
    ChatMessage(content="hm", role="narrator"),
    FunctionMessage(content="42", name="f"),
    AIMessageChunk(content="par"),
    RemoveMessage(id="h1"),
]


def as_text(messages: list[BaseMessage]) -> str:
    return json.dumps([message_to_dict(message) for message in messages])


async def test_messages_come_back_exactly(me: arraigo.UserStore) -> None:
    history = ArraigoChatMessageHistory(me, "t")
    assert await history.aget_messages() == []
    await history.aadd_messages(MESSAGES[:6])
    await history.aadd_messages(MESSAGES[6:])
    found = await history.aget_messages()
    assert as_text(found) == as_text(MESSAGES)
    assert [type(message) for message in found] == [type(message) for message in MESSAGES]


async def test_the_conversation_is_one_like_any_other(me: arraigo.UserStore) -> None:
    await ArraigoChatMessageHistory(me, "t").aadd_messages(MESSAGES)
    assert (await me.conversations.get("t")).title == "¿Llueve? 🙂"
    assert [(m.role, m.content) for m in await me.messages.list("t") if m.content] == [
        ("system", "Be kind"),
        ("user", "¿Llueve? 🙂"),
        ("assistant", 'weather({"z": 1, "city": "Bogotá"})'),
        ("tool", "nul \ufffd, half ?"),
        ("assistant", "voy"),
        ("user", "mira"),
        ("user", "[image]"),
        ("assistant", "hm"),
        ("user", "hm"),
        ("tool", "42"),
        ("assistant", "par"),
    ]


def test_without_await(me_now: sync.UserStore) -> None:
    history = ArraigoChatMessageHistory(me_now, "t", title="Mine")
    assert history.messages == []
    history.add_user_message("Hola")
    history.add_messages([AIMessage("¡Hola!")])
    assert history.messages == [HumanMessage("Hola"), AIMessage("¡Hola!")]
    assert str(history) == "Human: Hola\nAI: ¡Hola!"
    history.messages = [HumanMessage("another")]
    assert history.messages == [HumanMessage("another")]
    assert me_now.conversations.get("t").title == "Mine"
    history.clear()
    assert history.messages == []


async def test_the_methods_with_an_a_on_a_store_without_await(me_now: sync.UserStore) -> None:
    history = ArraigoChatMessageHistory(me_now, "t")
    await history.aadd_messages([HumanMessage("Hola")])
    assert await history.aget_messages() == [HumanMessage("Hola")]
    await history.aclear()
    assert await history.aget_messages() == []


async def test_asking_a_store_with_await_without_it_says_what_to_do(me: arraigo.UserStore) -> None:
    history = ArraigoChatMessageHistory(me, "t")
    with pytest.raises(InvalidInput, match=r"give it a handle of arraigo.sync.open\(\)"):
        _ = history.messages


async def test_a_clear_takes_the_conversation_away(me: arraigo.UserStore) -> None:
    history = ArraigoChatMessageHistory(me, "t")
    await history.aadd_messages([HumanMessage("Hola")])
    await history.aclear()
    with pytest.raises(NotFound):
        await me.conversations.get("t")


def chain(histories: dict[str, ArraigoChatMessageHistory], *answers: str) -> Any:
    from langchain_core.runnables.history import RunnableWithMessageHistory

    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("history"), ("human", "{question}")])
    model = GenericFakeChatModel(messages=iter([AIMessage(answer) for answer in answers]))
    return RunnableWithMessageHistory(
        prompt | model,
        lambda session_id: histories[session_id],
        input_messages_key="question",
        history_messages_key="history",
    )


@pytest.mark.filterwarnings("ignore::langchain_core._api.LangChainDeprecationWarning")
async def test_a_chain_with_history_remembers(me: arraigo.UserStore) -> None:
    told = chain({"t": ArraigoChatMessageHistory(me, "t")}, "Hola, Ana", "Ana")
    config = {"configurable": {"session_id": "t"}}
    await told.ainvoke({"question": "Soy Ana"}, config)
    assert (await told.ainvoke({"question": "¿Quién soy?"}, config)).content == "Ana"
    assert [(m.role, m.content) for m in await me.messages.list("t")] == [
        ("user", "Soy Ana"),
        ("assistant", "Hola, Ana"),
        ("user", "¿Quién soy?"),
        ("assistant", "Ana"),
    ]


@pytest.mark.filterwarnings("ignore::langchain_core._api.LangChainDeprecationWarning")
def test_a_chain_with_history_remembers_without_await(me_now: sync.UserStore) -> None:
    told = chain({"t": ArraigoChatMessageHistory(me_now, "t")}, "Hola, Ana", "Ana")
    config = {"configurable": {"session_id": "t"}}
    told.invoke({"question": "Soy Ana"}, config)
    told.invoke({"question": "¿Quién soy?"}, config)
    assert [m.content for m in me_now.messages.list("t")] == ["Soy Ana", "Hola, Ana", "¿Quién soy?", "Ana"]


async def test_what_was_said_in_another_way_is_read_too(me: arraigo.UserStore) -> None:
    await me.conversations.create(title="Soporte", external_id="t")
    await me.messages.append("t", [("system", "Be kind"), ("user", "Hola"), ("tool", "{}"), ("assistant", "¡Hola!")])
    found = await ArraigoChatMessageHistory(me, "t").aget_messages()
    assert found == [SystemMessage("Be kind"), HumanMessage("Hola"), AIMessage("¡Hola!")]


async def test_what_json_cannot_hold_is_refused(me: arraigo.UserStore) -> None:
    history = ArraigoChatMessageHistory(me, "t")
    with pytest.raises(InvalidInput, match="item 1 has a value that JSON cannot hold"):
        await history.aadd_messages([ToolMessage("x", tool_call_id="c", artifact=object())])
