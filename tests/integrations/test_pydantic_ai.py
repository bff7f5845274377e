"""The message history of pydantic-ai on a conversation."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import arraigo
from arraigo import sync
from arraigo.errors import InvalidInput, NotFound

pytest.importorskip("pydantic_ai", reason="pydantic-ai-slim is not installed (make integrations)")

from pydantic_ai import Agent
from pydantic_ai.messages import (
    BinaryContent,
    ImageUrl,
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel

from arraigo.integrations.pydantic_ai import MessageHistory
from arraigo.integrations.sync.pydantic_ai import MessageHistory as MessageHistoryNow

AT = datetime(2026, 3, 2, 14, 5, 9, 123456, tzinfo=UTC)
PICTURE = BinaryContent(bytes(range(256)) * 1000, media_type="image/png")

MESSAGES: list[ModelMessage] = [
    ModelRequest([SystemPromptPart("Be kind", timestamp=AT), UserPromptPart("¿Llueve? 🙂", timestamp=AT)]),
    ModelResponse(
        [ThinkingPart("ask", signature="s"), ToolCallPart("weather", {"z": 1.0, "city": "Bogotá"}, "c1")], timestamp=AT
    ),
    ModelRequest([ToolReturnPart("weather", {"degrees": 12, "nul": "\0"}, "c1", timestamp=AT)]),
    ModelRequest([ToolReturnPart("weather", "again", "c2", timestamp=AT, outcome="retried")]),
    ModelResponse([TextPart("Sí, "), TextPart("12 °C."), ToolCallPart("log", "{}", "c3")], timestamp=AT),
    ModelRequest([UserPromptPart(["mira", ImageUrl("https://example.com/a.png"), PICTURE], timestamp=AT)]),
    ModelRequest([SystemPromptPart("Be brief", timestamp=AT)]),
    ModelResponse([TextPart("Ya.")], timestamp=AT, model_name="m"),
]


async def test_messages_come_back_as_from_pydantic_ais_own_json(me: arraigo.UserStore) -> None:
    history = MessageHistory(me, "t")
    assert await history.load() == []
    await history.append(MESSAGES[:3])
    await history.append(MESSAGES[3:])
    found, written = await history.load(), ModelMessagesTypeAdapter.dump_json(MESSAGES)
    assert found == ModelMessagesTypeAdapter.validate_json(written)
    assert ModelMessagesTypeAdapter.dump_json(found) == written
    assert await history.load(last=2) == MESSAGES[-2:]


async def test_the_conversation_is_one_like_any_other(me: arraigo.UserStore) -> None:
    await MessageHistory(me, "t").append(MESSAGES)
    assert (await me.conversations.get("t")).title == "Be kind ¿Llueve? 🙂"
    assert [(m.role, m.content) for m in await me.messages.list("t") if m.content] == [
        ("user", "Be kind\n\n¿Llueve? 🙂"),
        ("assistant", 'ask\n\nweather({"z": 1.0, "city": "Bogotá"})'),
        ("tool", '{"degrees": 12, "nul": "\\u0000"}'),
        ("tool", "again"),
        ("assistant", "Sí, \n\n12 °C."),
        ("user", "mira\n\n[image-url]\n\n[binary]"),
        ("system", "Be brief"),
        ("assistant", "Ya."),
    ]


def echo(messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
    """Answer with how much is remembered."""
    return ModelResponse([TextPart(f"{len(messages)} messages")])


async def test_an_agent_remembers_and_only_what_is_new_is_appended(me: arraigo.UserStore) -> None:
    agent = Agent(FunctionModel(echo))
    history = MessageHistory(me, "t")
    for expected in ("1 messages", "3 messages", "5 messages"):
        result = await agent.run("Hola", message_history=await history.load())
        assert result.output == expected
        await history.append(result.new_messages())
        assert await history.load() == result.all_messages()
    assert (await me.conversations.get("t")).last_sequence == 6


async def test_an_agent_with_tools(me: arraigo.UserStore) -> None:
    agent = Agent(TestModel(), instructions="Be kind")

    @agent.tool_plain
    def weather(city: str) -> dict[str, Decimal]:
        return {city: Decimal("12.50")}

    history = MessageHistory(me, "t", title="Clima")
    result = await agent.run("¿Llueve?")
    await history.append(result.new_messages())
    again = await history.load()
    assert ModelMessagesTypeAdapter.dump_json(again) == ModelMessagesTypeAdapter.dump_json(result.all_messages())
    assert [m.role for m in await me.messages.list("t")] == ["user", "assistant", "tool", "assistant"]
    await agent.run("¿Y mañana?", message_history=again)


@pytest.fixture
def loop() -> Iterator[None]:
    """The loop that run_sync takes, which would leave one of its own open."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    asyncio.set_event_loop(None)
    made.close()


@pytest.mark.usefixtures("loop")
def test_without_await(me_now: sync.UserStore) -> None:
    agent = Agent(FunctionModel(echo))
    history = MessageHistoryNow(me_now, "t")
    for _ in range(2):
        result = agent.run_sync("Hola", message_history=history.load())
        history.append(result.new_messages())
    assert history.load() == result.all_messages()
    history.clear()
    assert history.load() == []


async def test_what_was_said_in_another_way_is_read_too(me: arraigo.UserStore) -> None:
    await me.conversations.create(title="Soporte", external_id="t")
    await me.messages.append("t", [("system", "Be kind"), ("user", "Hola"), ("tool", "{}"), ("assistant", "¡Hola!")])
    history = MessageHistory(me, "t")
    request, asked, answered = await history.load()
    assert [part.content for part in (request.parts[0], asked.parts[0], answered.parts[0])] == [  # type: ignore[union-attr] # of all kinds of parts
        *("Be kind", "Hola", "¡Hola!")
    ]
    result = await Agent(FunctionModel(echo)).run("¿Y?", message_history=[request, asked, answered])
    await history.append(result.new_messages())
    assert len(await history.load()) == 5


async def test_a_clear_takes_the_conversation_away(me: arraigo.UserStore) -> None:
    history = MessageHistory(me, "t")
    await history.append(MESSAGES)
    await history.clear()
    with pytest.raises(NotFound):
        await me.conversations.get("t")


async def test_what_json_cannot_hold_is_refused(me: arraigo.UserStore) -> None:
    history = MessageHistory(me, "t")
    with pytest.raises(InvalidInput, match="a message has a value that JSON cannot hold; nothing was kept"):
        await history.append([ModelRequest([ToolReturnPart("f", object(), "c")])])
