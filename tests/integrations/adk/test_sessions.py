"""The session service by itself: sessions, events, the three kinds of state, stale copies."""

import asyncio
import math
import time
from typing import Any

import pytest

import arraigo
from arraigo.errors import AccessDenied, Conflict, InvalidInput, TooLarge
from arraigo.settings import Settings
from integrations.adk.kit import (
    A,
    AlreadyExistsError,
    ArraigoSessionService,
    Event,
    EventActions,
    GetSessionConfig,
    S,
    Session,
    SessionNotFoundError,
    StaleSessionError,
    event,
    types,
)

SAID = "¿Qué hago con dos aguacates? 🥑 e\u0301 \u202e日本語"


async def read(service: ArraigoSessionService, **config: Any) -> Session:
    found = await service.get_session(**S, config=GetSessionConfig(**config))
    assert found is not None
    return found


def texts(session: Session) -> list[str | None]:
    return [e.content.parts[0].text if e.content and e.content.parts else None for e in session.events]


def state(name: str, value: int) -> dict[str, Any]:
    return {name: value}


async def test_a_session_is_there_until_it_is_deleted(service: ArraigoSessionService, superuser: Any) -> None:
    assert await service.get_session(**S) is None
    made = await service.create_session(**S, state={"k": {"a": [1, 2.50, None]}, "user:u": 1, "app:a": 2, "temp:t": 3})
    assert made.state == {"k": {"a": [1, 2.5, None]}, "user:u": 1, "app:a": 2}
    assert await service.get_session(**S) == made
    await service.append_event(made, event("x", k2=1))
    await service.delete_session(**S)
    await service.delete_session(**S)
    assert await service.get_session(**S) is None
    assert superuser("SELECT namespace::text, key::text FROM arraigo.states ORDER BY namespace") == [
        ("adk:app", "a"),
        ("adk:user:app", "u"),
        ("adk:users", "ana"),
    ]
    again = await service.create_session(**S)
    assert again.state == {"user:u": 1, "app:a": 2}


async def test_an_id_is_taken_once_whoever_asks_at_the_same_time(service: ArraigoSessionService) -> None:
    made = await asyncio.gather(
        *(service.create_session(**S, state={"k": n, "app:k": n}) for n in range(8)), return_exceptions=True
    )
    won = [one for one in made if isinstance(one, Session)]
    assert len(won) == 1
    assert {type(one) for one in made if one not in won} == {AlreadyExistsError}
    assert (await read(service)).state == won[0].state


async def test_ids_are_made_up_trimmed_and_told_apart(service: ArraigoSessionService) -> None:
    one, other = await service.create_session(**A), await service.create_session(**A, session_id="  ")
    assert one.id
    assert one.id != other.id
    await service.create_session(**A, session_id=" s1 ")
    assert (await read(service)).id == "s1"
    # The same text, divided otherwise into app and session.
    await service.create_session(app_name="a:b", user_id="ana", session_id="c")
    assert await service.get_session(app_name="a", user_id="ana", session_id="b:c") is None
    for name in ({"app_name": "x" * 300}, {"session_id": "x" * 300}, {"session_id": "a\0b"}, {"user_id": ""}):
        with pytest.raises(InvalidInput):
            await service.create_session(**{**S, **name})


async def test_events_come_back_word_for_word(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    whole = Event(
        author="cook",
        invocation_id="i1",
        branch="a.b",
        content=types.Content(
            role="model",
            parts=[
                types.Part(text=SAID),
                types.Part(text="pensando", thought=True),
                types.Part.from_bytes(data=bytes(range(256)), mime_type="image/png"),
                types.Part(
                    function_call=types.FunctionCall(id="1", name="buscar", args={"n": 1e300, "s": ["ñ", None]})
                ),
                types.Part(executable_code=types.ExecutableCode(code="1 + 1", language=types.Language.PYTHON)),
            ],
        ),
        actions=EventActions(state_delta={"k": 0.1}, artifact_delta={"f": 1}, transfer_to_agent="x", escalate=True),
        long_running_tool_ids={"1"},
        error_code="E",
        error_message="mal",
        custom_metadata={"a": {"b": [1.0, True]}},
        usage_metadata=types.GenerateContentResponseUsageMetadata(total_token_count=7),
        timestamp=1700000000.123456,
    )
    await service.append_event(session, whole)
    answer = types.Part(function_response=types.FunctionResponse(id="1", name="buscar", response={"r": "🥑"}))
    await service.append_event(session, Event(author="cook", content=types.Content(role="user", parts=[answer])))
    found = await read(service)
    assert found.events == session.events
    assert found == session
    assert found.last_update_time == session.events[-1].timestamp


async def test_what_is_said_is_a_conversation_like_any_other(
    service: ArraigoSessionService, store: arraigo.Store
) -> None:
    session = await service.create_session(**S)
    call = types.Part(function_call=types.FunctionCall(name="buscar", args={"qué": "🥑"}))
    answer = types.Part(function_response=types.FunctionResponse(name="buscar", response={"r": 1}))
    picture = types.Part.from_bytes(data=b"x", mime_type="image/png")
    for author, parts in (
        ("user", [types.Part(text=SAID), picture]),
        ("cook", [call]),
        ("cook", [answer]),
        ("cook", [types.Part(text="pienso", thought=True), types.Part(text="Guacamole")]),
    ):
        await service.append_event(session, Event(author=author, content=types.Content(parts=parts)))
    await service.append_event(session, Event(author="cook", actions=EventActions(state_delta={"k": 1})))
    await service.append_event(session, event("x" * 2_000_000, "cook"))
    me = store.as_user("ana")
    talk = (await me.conversations.list()).items[0]
    found = await me.messages.list(talk.id)
    assert [(m.role, m.content) for m in found[:5]] == [
        ("user", f"{SAID}\n[image/png]"),
        ("assistant", 'buscar({"qué": "🥑"})'),
        ("tool", 'buscar: {"r": 1}'),
        ("assistant", "Guacamole"),
        ("system", ""),
    ]
    assert len(found[5].content) == 999_999
    assert texts(await read(service))[-1] == "x" * 2_000_000
    assert await me.state.get("adk:user:app", "k") is None


async def test_what_others_say_in_the_session_is_an_event_too(
    service: ArraigoSessionService, store: arraigo.Store
) -> None:
    session = await service.create_session(**S)
    await service.append_event(session, event("Hola"))
    me = store.as_user("ana")
    talk = (await me.conversations.list()).items[0]
    await me.messages.append(talk.id, [("assistant", "Soy una persona"), ("user", "¡ah!")])
    await me.messages.delete(talk.id, 1)
    with pytest.raises(StaleSessionError):
        await service.append_event(session, event("no lo he visto"))
    found = await read(service)
    assert [(e.author, text) for e, text in zip(found.events, texts(found), strict=True)] == [
        ("app", "Soy una persona"),
        ("user", "¡ah!"),
    ]
    await service.append_event(found, event("ya", "cook"))
    assert texts(await read(service)) == ["Soy una persona", "¡ah!", "ya"]


async def test_events_are_the_last_ones_and_those_since(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    for number in range(1, 6):
        await service.append_event(session, event(str(number), at=float(number)))
    assert texts(await read(service)) == ["1", "2", "3", "4", "5"]
    assert texts(await read(service, num_recent_events=0)) == []
    assert texts(await read(service, num_recent_events=3)) == ["3", "4", "5"]
    assert texts(await read(service, num_recent_events=9)) == ["1", "2", "3", "4", "5"]
    assert texts(await read(service, after_timestamp=4.0)) == ["4", "5"]
    assert texts(await read(service, after_timestamp=50.0)) == []
    assert texts(await read(service, after_timestamp=2.0, num_recent_events=3)) == ["3", "4", "5"]
    assert texts(await read(service, after_timestamp=4.0, num_recent_events=3)) == ["4", "5"]


async def test_each_kind_of_state_is_seen_where_it_belongs(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    sent = event("x", k=1, user__k=2, app__k=3, temp__k=4)
    await service.append_event(session, sent)
    assert session.state == {"k": 1, "user:k": 2, "app:k": 3, "temp:k": 4}
    assert sent.actions.state_delta == {"k": 1, "user:k": 2, "app:k": 3}
    assert (await read(service)).state == {"k": 1, "user:k": 2, "app:k": 3}
    assert (await service.create_session(**A)).state == {"user:k": 2, "app:k": 3}
    assert (await service.create_session(app_name="app", user_id="bea")).state == {"app:k": 3}
    assert (await service.create_session(app_name="other", user_id="ana")).state == {}
    assert await service.get_user_state(**A) == {"k": 2}
    assert await service.get_user_state(app_name="app", user_id="bea") == {}


async def test_state_that_json_has_not_is_kept_as_text(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S, state={"f": math.inf, "when": Settings, "n\0": "\0", "set": {1}})
    assert session.state == {"f": None, "when": str(Settings), "n\ufffd": "\ufffd", "set": [1]}
    with pytest.raises(TooLarge, match="'k' has 300,002 bytes"):
        await service.append_event(session, event("x", k="x" * 300_000))
    assert (await read(service)).events == []


async def test_a_stale_copy_is_refused_and_changes_nothing(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    copy = await read(service)
    await service.append_event(session, event("uno", k=1))
    with pytest.raises(StaleSessionError, match="modified in storage"):
        await service.append_event(copy, event("dos", k=2, app__k=2, user__k=2))
    assert (await read(service)).state == {"k": 1}
    await service.append_event(await read(service), event("dos", at=session.events[0].timestamp, k=2))
    with pytest.raises(ValueError, match="read it again"):  # though the times are the same
        await service.append_event(session, event("tres"))
    assert texts(await read(service)) == ["uno", "dos"]


async def test_a_copy_that_was_not_read_here_is_judged_by_its_last_event(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    await service.append_event(session, event("uno"))
    made = Session(id="s1", app_name="app", user_id="ana", events=list(session.events), last_update_time=1.0)
    await service.append_event(made, event("dos"))
    behind = Session(id="s1", app_name="app", user_id="ana", events=list(session.events), last_update_time=1.0)
    with pytest.raises(StaleSessionError):
        await service.append_event(behind, event("tres"))
    late = Session(id="s1", app_name="app", user_id="ana", last_update_time=time.time() + 60)
    late._storage_update_marker = "2026-03-02T14:05:09.000000"  # as another service of ADK's writes it
    await service.append_event(late, event("tres"))
    assert texts(await read(service)) == ["uno", "dos", "tres"]


async def test_of_two_who_append_at_once_one_is_told_to_read_again(service: ArraigoSessionService) -> None:
    await service.create_session(**S)
    other = ArraigoSessionService(await service._people.store())
    for number in range(8):
        copies = [(service, await read(service)), (other, await read(service))]
        found = await asyncio.gather(
            *(which.append_event(copy, event(str(number), **state(f"k{number}", 1))) for which, copy in copies),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in found) == ["Event", "StaleSessionError"]
    final = await read(service)
    assert texts(final) == [str(number) for number in range(8)]
    assert final.state == {f"k{number}": 1 for number in range(8)}


async def test_agents_that_share_a_session_append_one_after_the_other(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    await asyncio.gather(*(service.append_event(session, event(str(n), **state(f"k{n}", n))) for n in range(20)))
    found = await read(service)
    assert texts(found) == [str(n) for n in range(20)]
    assert found == session


async def test_sessions_that_change_the_apps_state_at_once_do_not_wait_for_each_other(
    service: ArraigoSessionService,
) -> None:
    async def use(user: str) -> None:
        session = await service.create_session(app_name="app", user_id=user)
        for number in range(10):
            await service.append_event(session, event("x", app__a=number, app__b=number, user__c=number, d=number))

    await asyncio.gather(*(use(f"user {n}") for n in range(6)))
    found = await service.create_session(app_name="app", user_id="user 0")
    assert found.state == {"app:a": 9, "app:b": 9, "user:c": 9}


async def test_an_event_delivered_again_is_there_once(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    sent = event("uno", k=1)
    await service.append_event(session, sent)
    await service.append_event(session, sent)
    assert texts(await read(service)) == texts(session) == ["uno"]
    other = event("dos")
    other.id = sent.id
    with pytest.raises(Conflict, match="already with other content"):
        await service.append_event(session, other)
    odd = event("tres")
    odd.id = "no UUID"
    await service.append_event(session, odd)
    assert [e.id for e in (await read(service)).events] == [sent.id, "no UUID"]


async def test_what_is_partial_is_not_kept_and_what_is_nowhere_is_said(service: ArraigoSessionService) -> None:
    session = await service.create_session(**S)
    await service.append_event(session, Event(author="cook", partial=True))
    assert session.events == (await read(service)).events == []
    await service.delete_session(**S)
    with pytest.raises(SessionNotFoundError):
        await service.append_event(session, event("x"))


async def test_sessions_are_listed_by_their_last_change(service: ArraigoSessionService) -> None:
    for user, id_, at in (("ana", "s1", 30.0), ("bea", "s1", 20.0), ("ana", "s2", 10.0)):
        session = await service.create_session(
            app_name="app", user_id=user, session_id=id_, state={"k": id_, "user:u": user}
        )
        await service.append_event(session, event("x", at=at, app__a=1))
    await service.create_session(app_name="other", user_id="ana")
    mine = (await service.list_sessions(app_name="app", user_id="ana")).sessions
    assert [(s.id, s.events, s.state) for s in mine] == [
        ("s2", [], {"k": "s2", "user:u": "ana", "app:a": 1}),
        ("s1", [], {"k": "s1", "user:u": "ana", "app:a": 1}),
    ]
    everybodys = (await service.list_sessions(app_name="app")).sessions
    assert [(s.user_id, s.id, s.last_update_time) for s in everybodys] == [
        ("ana", "s2", 10.0),
        ("bea", "s1", 20.0),
        ("ana", "s1", 30.0),
    ]
    assert (await service.list_sessions(app_name="nothing")).sessions == []


async def test_nobody_meets_somebody_elses_session(service: ArraigoSessionService, store: arraigo.Store) -> None:
    session = await service.create_session(**S, state={"k": "de Ana"})
    await service.append_event(session, event("de Ana", user__u=1))
    bea: dict[str, Any] = {"app_name": "app", "user_id": "bea", "session_id": "s1"}
    assert await service.get_session(**bea) is None
    await service.delete_session(**bea)
    forged = session.model_copy(update={"user_id": "bea"}, deep=True)
    with pytest.raises(SessionNotFoundError):
        await service.append_event(forged, event("x"))
    other = await service.create_session(**bea)
    assert (other.events, other.state) == ([], {})
    await service.delete_session(**bea)
    assert await read(service) == session
    assert (await store.as_user("bea").conversations.list()).items == []


async def test_a_provider_keeps_its_users_apart(store: arraigo.Store, service: ArraigoSessionService) -> None:
    await service.create_session(**S)
    other = ArraigoSessionService(store, provider="https://login.example.com")
    assert await other.get_session(**S) is None
    with pytest.raises(InvalidInput, match="own users"):
        ArraigoSessionService(store, provider="arraigo.integrations")


async def test_a_deactivated_user_cannot_come_in(store: arraigo.Store, superuser: Any) -> None:
    await store.as_user("ana").id()
    superuser("UPDATE arraigo.users SET is_active = false WHERE username = 'ana'")
    with pytest.raises(AccessDenied, match="not active"):
        await ArraigoSessionService(store).get_session(**S)


async def test_it_opens_the_environments_store_and_finds_what_an_earlier_one_kept(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARRAIGO_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    async with ArraigoSessionService() as first:
        session = await first.create_session(**S, state={"app:a": 1})
        await first.append_event(session, event(SAID, k=1))
    async with ArraigoSessionService() as second:
        found = await read(second)
        assert found == session
        await second.append_event(found, event("después"))
        assert texts(await read(second)) == [SAID, "después"]
