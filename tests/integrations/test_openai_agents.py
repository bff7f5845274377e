"""The session of the OpenAI Agents SDK on a conversation."""

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

import arraigo
from arraigo import sync
from arraigo.errors import InvalidInput, NotFound, TooLarge, Unavailable
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import load
from support.databases import address
from support.gate import Gate, came_in

pytest.importorskip("agents", reason="openai-agents is not installed (make integrations)")

from agents import Agent, RunConfig, Runner, function_tool
from agents.memory import Session
from agents.testing import ScriptedModel
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from arraigo.integrations.openai_agents import ArraigoSession

Handle = arraigo.UserStore | sync.UserStore
QUIET = RunConfig(tracing_disabled=True)
WAITS = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 20_000

ITEMS: list[dict[str, Any]] = [
    {"role": "user", "content": "¿Llueve en Bogotá? 🙂"},
    {"content": [{"type": "input_text", "text": "mira"}, {"type": "input_image", "image_url": "a"}], "role": "user"},
    {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "ask"}], "encrypted_content": "g"},
    {"arguments": '{"city":"Bogotá"}', "call_id": "c1", "name": "weather", "type": "function_call", "id": "f1"},
    {"call_id": "c1", "output": "nul \0, half \ud83d, 12 °C", "type": "function_call_output"},
    {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "x"}},
    {"role": "user", "content": [{"type": "input_image", "image_url": PICTURE, "detail": "auto"}]},
    {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": "Sí, 12 °C.", "annotations": [], "logprobs": [1e300, 1.0, -0.0]}],
    },
    {"role": "developer", "content": "be brief"},
]


def as_text(items: Any) -> str:
    """With the order of keys, and numbers as they are written."""
    return json.dumps(items)


async def add(session: ArraigoSession, *items: dict[str, Any]) -> None:
    await session.add_items(cast("Any", list(items)))


def said(*texts: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text} for text in texts]


def answer(text: str) -> ResponseOutputMessage:
    content = ResponseOutputText(text=text, type="output_text", annotations=[])
    return ResponseOutputMessage(id="m", type="message", role="assistant", status="completed", content=[content])


async def test_items_come_back_exactly(either: Handle) -> None:
    session = ArraigoSession(either, "t")
    await add(session, *ITEMS)
    assert as_text(await session.get_items()) == as_text(ITEMS)
    assert as_text(await session.get_items(limit=4)) == as_text(ITEMS[-4:])
    popped = [await session.pop_item() for _ in ITEMS]
    assert as_text(popped) == as_text(ITEMS[::-1])
    assert await session.pop_item() is None
    assert await session.get_items() == []


async def test_the_conversation_is_one_like_any_other(me: arraigo.UserStore) -> None:
    await add(ArraigoSession(me, "t"), *ITEMS)
    conversation = await me.conversations.get("t")
    assert (conversation.title, conversation.kind) == ("¿Llueve en Bogotá? 🙂", "chat")
    messages = [m for m in await me.messages.list("t") if m.content]
    assert [(m.role, m.content) for m in messages] == [
        ("user", "¿Llueve en Bogotá? 🙂"),
        ("user", "mira\n\n[input_image]"),
        ("assistant", "ask"),
        ("assistant", 'weather({"city":"Bogotá"})'),
        ("tool", "nul \ufffd, half ?, 12 °C"),
        ("assistant", "web_search_call([search])"),
        ("user", "[input_image]"),
        ("assistant", "Sí, 12 °C."),
        ("system", "be brief"),
    ]


async def test_an_agent_remembers_and_its_tools_are_kept(me: arraigo.UserStore) -> None:
    @function_tool
    def weather(city: str) -> str:
        """Tell the weather."""
        return f"12 °C in {city}"

    call = ResponseFunctionToolCall(
        arguments='{"city": "Bogotá"}', call_id="c1", name="weather", type="function_call", id="f1"
    )
    model = ScriptedModel()
    model.enqueue([call])
    model.enqueue([answer("12 °C")])
    model.enqueue([answer("Bogotá")])
    agent = Agent(name="a", model=model, tools=[weather])
    session = ArraigoSession(me, "t")
    assert isinstance(session, Session)
    await Runner.run(agent, "¿Qué tiempo hace?", session=session, run_config=QUIET)
    result = await Runner.run(agent, "¿Dónde?", session=ArraigoSession(me, "t"), run_config=QUIET)
    assert result.final_output == "Bogotá"
    assert [m.role for m in await me.messages.list("t")] == [
        *("user", "assistant", "tool", "assistant"),
        *("user", "assistant"),
    ]
    assert len(cast("list[Any]", model.calls[-1].input)) == 5


def test_without_await_it_works_in_any_loop(me_now: sync.UserStore) -> None:
    model = ScriptedModel()
    model.enqueue([answer("Hola")])
    model.enqueue([answer("Ana")])
    agent = Agent(name="a", model=model)
    session = ArraigoSession(me_now, "t")
    for question in ("Soy Ana", "¿Quién soy?"):
        result = asyncio.run(Runner.run(agent, question, session=session, run_config=QUIET))
    assert result.final_output == "Ana"
    assert [m.content for m in me_now.messages.list("t")] == ["Soy Ana", "Hola", "¿Quién soy?", "Ana"]


async def test_a_limit_counts_items_and_not_messages(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t", session_settings={"limit": 3})
    await add(session, *said("1", "2"), ITEMS[6], *said("3", "4"))
    for _ in range(2):
        await session.pop_item()
    for number in range(30):
        await me.messages.append("t", role="tool", content=f"of another origin {number}")
    assert [item.get("content") for item in await session.get_items()] == ["1", "2", ITEMS[6]["content"]]
    assert len(await session.get_items(limit=1)) == 1
    assert await session.get_items(limit=0) == []


async def test_a_limit_reaches_back_over_thousands_of_messages(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t")
    await add(session, *said("first", "second"))
    for _ in range(3):
        await me.messages.append("t", [("tool", "of another origin")] * 900)
    assert [item.get("content") for item in await session.get_items(limit=1)] == ["second"]
    await add(session, *said(*map(str, range(1000))))
    assert len(await session.get_items()) == 1002
    assert len(await session.get_items(limit=1001)) == 1001


async def test_what_was_said_in_another_way_is_read_too(me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="Soporte")
    await me.messages.append(
        talk.id, [("system", "Be kind"), ("user", "Hola"), ("tool", "{}"), ("assistant", "¡Hola!")]
    )
    session = ArraigoSession(me, str(talk.id))
    await add(session, *said("¿Sigues ahí?"))
    assert await session.get_items() == [
        {"role": "system", "content": "Be kind"},
        {"role": "user", "content": "Hola"},
        {"role": "assistant", "content": "¡Hola!"},
        {"role": "user", "content": "¿Sigues ahí?"},
    ]
    assert await session.pop_item() == {"role": "user", "content": "¿Sigues ahí?"}
    assert await session.pop_item() == {"role": "assistant", "content": "¡Hola!"}


async def test_what_is_edited_or_deleted_in_the_store_is_so_for_the_agent(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t")
    await add(session, *said("my card is 4111", "never mind", "thanks"))
    await me.messages.edit("t", 1, content="my card is …")
    await me.messages.delete("t", 2)
    assert [item.get("content") for item in await session.get_items()] == ["my card is …", "thanks"]


async def test_clearing_takes_the_conversation_that_a_session_made(either: Handle, me: arraigo.UserStore) -> None:
    session = ArraigoSession(either, "t")
    await session.clear_session()
    await add(session, *said("before"))
    await session.clear_session()
    with pytest.raises(NotFound):
        await me.conversations.get("t")
    await add(session, *said("after"))
    assert await session.get_items() == said("after")


async def test_clearing_somebody_elses_conversation_leaves_its_title(me: arraigo.UserStore) -> None:
    await me.conversations.create(title="Soporte", external_id="t")
    session = ArraigoSession(me, "t")
    await add(session, *said("one", "two"))
    await session.clear_session()
    assert await session.get_items() == []
    assert (await me.conversations.get("t")).title == "Soporte"
    assert {m.content for m in await me.messages.list("t")} == {""}


async def test_a_title_of_ones_own(me: arraigo.UserStore) -> None:
    await add(ArraigoSession(me, "t", title="Clima"), *said("Hola"))
    await add(ArraigoSession(me, "u"), {"role": "assistant", "content": "Hola"})
    assert (await me.conversations.get("t")).title == "Clima"
    assert (await me.conversations.get("u")).title == "u"


async def test_what_is_added_at_once_stays_together(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t")
    await asyncio.gather(*(add(session, *said(*[f"{writer}"] * 5)) for writer in range(12)))
    contents = [item.get("content") for item in await session.get_items()]
    assert len(contents) == 60
    assert all(len(set(contents[start : start + 5])) == 1 for start in range(0, 60, 5))


async def test_of_several_who_pop_at_once_each_gets_another(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t")
    await add(session, *said(*"abcdefgh"))
    popped = await asyncio.gather(*(session.pop_item() for _ in range(10)))
    assert sorted(str(item["content"]) for item in cast("Any", popped) if item) == list("abcdefgh")


@pytest.mark.parametrize("change", ["add", "pop", "clear"])
async def test_a_cancelled_change_is_brought_to_its_end(either: Handle, owner_url: str, change: str) -> None:
    session = ArraigoSession(either, "t")
    await add(session, *said("one", "two"))
    changes = {"add": lambda: add(session, *said("three")), "pop": session.pop_item, "clear": session.clear_session}
    with psycopg.connect(owner_url) as other, psycopg.connect(owner_url, autocommit=True) as observer:
        other.execute("SELECT FROM arraigo.messages, arraigo.conversations FOR UPDATE")
        task = asyncio.ensure_future(changes[change]())
        while not observer.execute(WAITS).fetchall():  # noqa: ASYNC110 - the database tells by being asked
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
    with pytest.raises(asyncio.CancelledError):
        await task
    left = {"add": said("one", "two", "three"), "pop": said("one"), "clear": []}
    assert await session.get_items() == left[change]


async def test_what_cannot_be_kept_is_said_and_nothing_is_kept(me: arraigo.UserStore) -> None:
    session = ArraigoSession(me, "t")
    with pytest.raises(InvalidInput, match="item 2 has a value that JSON cannot hold; nothing was kept"):
        await add(session, *said("fine"), {"role": "user", "content": object()})
    with pytest.raises(TooLarge, match="1,001 messages at once; at most 1,000"):
        await add(session, *said(*["x"] * 1001))
    assert await me.conversations.count() == 0
    with pytest.raises(TypeError, match="Unknown session settings"):
        ArraigoSession(me, "t", session_settings={"limitt": 1})


async def test_a_session_is_its_users_alone(store: arraigo.Store, me: arraigo.UserStore) -> None:
    await add(ArraigoSession(me, "t"), *said("mine"))
    theirs = ArraigoSession(store.as_user("bea"), "t")
    assert await theirs.get_items() == []
    await add(theirs, *said("theirs"))
    assert await ArraigoSession(me, "t").get_items() == said("mine")
    other = ArraigoSession(store.as_user("bea"), str((await me.conversations.get("t")).id))
    assert await other.get_items() == []
    assert await other.pop_item() is None


async def test_an_agent_goes_on_while_the_database_is_away(
    server: EmbeddedServer, database: str, gate: Gate, tmp_path: Path
) -> None:
    url = address(server, "arraigo_app", database, gate.query)
    settings = load({"ARRAIGO_HOME": str(tmp_path), "DATABASE_URL": url, "ARRAIGO_JOURNAL": "on"})
    async with arraigo.open(settings) as store:
        me = store.as_user("ana")
        session, other = ArraigoSession(me, "t"), ArraigoSession(me, "u")
        await add(session, *said("before"))
        gate.shut()
        await add(session, *said("during"))
        await add(other, *said("begun"))
        with pytest.raises(Unavailable):
            await add(ArraigoSession(me, "01a1f872-db6a-7e50-900c-cf2165a220c9"), *said("whose?"))
        assert await session.get_items() == said("before", "during")
        assert await session.get_items(limit=1) == said("during")
        assert await session.get_items(limit=2) == said("before", "during")
        with pytest.raises(Unavailable, match="has no number yet; nothing was changed"):
            await session.pop_item()
        gate.open()
        await came_in(store)
        assert await session.pop_item() == said("during")[0]
        assert await session.get_items() == said("before")
        assert await other.get_items() == said("begun")
