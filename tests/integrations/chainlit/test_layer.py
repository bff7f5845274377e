"""The data layer by itself: users, threads, steps, elements, feedback."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.errors import AccessDenied, InvalidInput, NotFound
from arraigo.ids import uuid7
from arraigo.integrations import people
from arraigo.settings import Settings
from integrations.chainlit.chats import (
    ArraigoDataLayer,
    CustomElement,
    Feedback,
    Image,
    Pagination,
    Text,
    ThreadFilter,
    User,
    chat,
    nobody,
    step,
)

SAID = "¿Qué hago con dos aguacates? 🥑 e\u0301 \u202e日本語"


def outputs(thread: Any) -> list[str]:
    return [step["output"] for step in thread["steps"]]


async def test_a_user_is_found_by_identifier_and_nobody_is_made_by_asking(
    layer: ArraigoDataLayer, superuser: Any
) -> None:
    assert await layer.get_user("ana") is None
    assert superuser("SELECT count(*) FROM arraigo.users WHERE username = 'ana'") == [(0,)]
    made = await layer.create_user(User(identifier="ana", display_name="Ana", metadata={"role": "cook"}))
    again = await layer.create_user(User(identifier="ana", metadata={"role": "chef"}))
    found = await layer.get_user("ana")
    assert made is not None
    assert again is not None
    assert found == again
    assert (found.id, found.createdAt, found.metadata) == (made.id, made.createdAt, {"role": "chef"})


async def test_a_chainlit_user_is_the_stores_user_of_that_name_unless_a_provider_vouches(
    store: arraigo.Store, ana: Any
) -> None:
    assert ana.id == str(await store.as_user("ana").id())
    other = ArraigoDataLayer(store, provider="https://login.example.com")
    assert await other.get_user("ana") is None
    made = await other.create_user(User(identifier="ana"))
    assert made is not None
    assert made.id != ana.id


async def test_what_was_said_is_a_conversation_like_any_other(
    layer: ArraigoDataLayer, store: arraigo.Store, ana: Any
) -> None:
    with chat(ana):
        await layer.update_thread("t1", name="Aguacates", user_id=ana.id)
        await layer.create_step(step("m1", SAID))
        await layer.create_step(step("c1", "guacamole", "tool", parentId="r1", input="aguacate"))
        await layer.create_step(step("r1", "", "run", parentId="m1"))
        await layer.create_step(step("m2", "Guacamole", "assistant_message", parentId="r1"))
    me = store.as_user("ana")
    talk = await me.conversations.get("t1")
    assert (talk.title, talk.kind) == ("Aguacates", "chat")
    assert [(m.role, m.content) for m in await me.messages.list(talk.id)] == [
        ("user", SAID),
        ("tool", "guacamole"),
        ("assistant", "Guacamole"),
    ]


async def test_steps_come_back_word_for_word_in_the_order_of_their_times(layer: ArraigoDataLayer, ana: Any) -> None:
    sent = [
        step("m1", SAID, createdAt="2026-03-02T14:05:09.000Z", command=None, start="2026-03-02T14:05:09.000Z"),
        step("r1", "", "run", parentId="m1", createdAt="2026-03-02T14:05:09.100Z", input="x"),
        step("c1", "3.50", "tool", parentId="r1", createdAt="2026-03-02T14:05:09.200Z", input='{"a": 1.10}'),
        step("l1", "¡sí!", "llm", parentId="c1", createdAt="2026-03-02T14:05:09.200Z", generation={"n": 1e300}),
        step("m2", "Listo", "assistant_message", parentId="r1", createdAt="2026-03-02T14:05:09.300Z", tags=["a"]),
    ]
    with chat(ana):
        for one in (sent[0], sent[2], sent[3], sent[1], sent[4]):
            await layer.create_step(one)
        thread = await layer.get_thread("t1")
    assert thread is not None
    for found, was in zip(thread["steps"], sent, strict=True):
        assert found["feedback"] is None
        assert {name: value for name, value in found.items() if name in was} == was


async def test_a_step_changes_while_it_streams_and_keeps_what_it_said(
    layer: ArraigoDataLayer, store: arraigo.Store, ana: Any
) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "Gua", "assistant_message", language="es"))
        await layer.update_step(step("m1", "Guaca", "assistant_message"))
        await layer.update_step(step("m1", "Guacamole", "assistant_message", isError=False))
        await layer.update_step(step("m1", "Guacamole", "assistant_message", isError=False))
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert outputs(thread) == ["Guacamole"]
    assert (thread["steps"][0]["language"], thread["steps"][0]["isError"]) == ("es", False)
    me = store.as_user("ana")
    assert [r.content for r in await me.messages.revisions("t1", 1)] == ["Gua", "Guaca"]


async def test_a_first_step_that_comes_late_empties_nothing(layer: ArraigoDataLayer, ana: Any) -> None:
    with chat(ana):
        await layer.update_step(step("c1", "42", "tool", input="6 * 7"))
        await layer.create_step(step("c1", "", "tool", input=""))
        await layer.update_step(step("r1", "", "run", input="pregunta"))
        await layer.create_step(step("r1", "", "run", input=""))
        thread = await layer.get_thread("t1")
    assert thread is not None
    found = {one["id"]: one for one in thread["steps"]}
    assert (found["c1"]["output"], found["c1"]["input"], found["r1"]["input"]) == ("42", "6 * 7", "pregunta")


async def test_tasks_of_one_thread_are_written_in_the_order_they_were_started(
    layer: ArraigoDataLayer, store: arraigo.Store, ana: Any
) -> None:
    with chat(ana):
        tasks = [asyncio.create_task(layer.create_step(step(f"m{n}", str(n)))) for n in range(30)]
        tasks += [asyncio.create_task(layer.update_step(step(f"m{n}", f"{n}!"))) for n in range(30)]
        await asyncio.gather(*tasks)
    found = await store.as_user("ana").messages.list("t1", limit=100)
    assert [message.content for message in found] == [f"{n}!" for n in range(30)]


async def test_two_processes_on_one_thread_lose_nothing(
    store: arraigo.Store, layer: ArraigoDataLayer, ana: Any
) -> None:
    other = ArraigoDataLayer(store)
    with chat(ana):
        await asyncio.gather(*(which.create_step(step(f"m{n}", str(n))) for n in range(20) for which in (layer, other)))
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert sorted(outputs(thread), key=int) == [str(n) for n in range(20)]


async def test_what_is_too_large_for_a_message_comes_back_whole(
    layer: ArraigoDataLayer, store: arraigo.Store, ana: Any
) -> None:
    long, wide = "ñ" * 700_000, "x" * 200_000
    with chat(ana):
        await layer.create_step(step("c1", long, "tool", input="y"))
        await layer.create_step(step("c2", "corto", "tool", input=wide))
        await layer.update_step(step("c2", "corto", "tool", input=wide + "z"))
        await layer.update_thread("t1", metadata={"wide": wide, "a": 1})
        thread = await layer.get_thread("t1")
        assert thread is not None
        assert outputs(thread) == [long, "corto"]
        assert thread["steps"][1]["input"] == wide + "z"
        assert thread["metadata"] == {"wide": wide, "a": 1}
        await layer.update_thread("t1", metadata={"wide": None})
        await layer.update_step(step("c1", "breve", "tool"))
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert (outputs(thread), thread["metadata"]) == (["breve", "corto"], {"a": 1})
    assert (await store.as_user("ana").conversations.get("t1")).metadata["chainlit"]["metadata"] == {"a": 1}


async def test_what_postgresql_cannot_hold_is_replaced_and_the_rest_kept(layer: ArraigoDataLayer, ana: Any) -> None:
    with chat(ana):
        await layer.update_thread("t1", name="a\0b", metadata={"k\0": "\ud83e"})
        await layer.create_step(step("c1", "\0binario\udfff", "tool", input="\0"))
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert (thread["name"], thread["metadata"]) == ("a\ufffdb", {"k\ufffd": "\ufffd"})
    assert (outputs(thread), thread["steps"][0]["input"]) == (["\ufffdbinario\ufffd"], "\ufffd")


async def test_what_others_say_in_the_thread_is_shown_as_steps(
    layer: ArraigoDataLayer, store: arraigo.Store, ana: Any
) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "Hola"))
    me = store.as_user("ana")
    said = await me.messages.append("t1", role="assistant", content="Soy una persona, te ayudo yo")
    with chat(ana):
        await layer.create_step(step("c1", "x" * 1_100_000, "tool"))
    await me.messages.edit("t1", 3, content="resumen")
    with chat(ana):
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert outputs(thread) == ["Hola", "Soy una persona, te ayudo yo", "resumen"]
    assert (thread["steps"][1]["id"], thread["steps"][1]["type"]) == (str(said.id), "assistant_message")


async def test_a_deleted_step_takes_its_files_and_feedback_along_and_stays_deleted(
    layer: ArraigoDataLayer, ana: Any, tmp_path: Path
) -> None:
    with chat(ana):
        for name, type_ in (("m1", "user_message"), ("m2", "assistant_message"), ("r1", "run")):
            await layer.create_step(step(name, name, type_, metadata={"favorite": True}))
            await layer.upsert_feedback(Feedback(forId=name, value=1, threadId="t1"))
        await layer.create_element(Text(id="e1", name="n", content="texto", for_id="m2", thread_id="t1"))
        assert len(list(tmp_path.joinpath("files").rglob("*.*"))) == 1
        await layer.delete_step("m2")
        await layer.delete_step("r1")
        await layer.delete_step("nothing")
        await layer.update_step(step("m2", "otra vez"))
        thread = await layer.get_thread("t1")
        favorites = await layer.get_favorite_steps(ana.id)
    assert thread is not None
    assert (outputs(thread), thread["elements"]) == (["m1"], [])
    assert [favorite["id"] for favorite in favorites] == ["m1"]
    assert list(tmp_path.joinpath("files").rglob("*.*")) == []


async def test_a_step_is_found_by_its_id_alone(layer: ArraigoDataLayer, ana: Any) -> None:
    with chat(ana, "t1"):
        await layer.create_step(step("m1", "uno"))
        await layer.create_step(step("r1", "", "run"))
    with chat(ana, "t2"):
        id_ = await layer.upsert_feedback(Feedback(forId="m1", value=0, comment="no"))
        await layer.upsert_feedback(Feedback(forId="m1", value=1, comment="sí", id=id_))
        thread = await layer.get_thread("t1")
        assert thread is not None
        assert thread["steps"][0]["feedback"] == {"id": id_, "forId": "m1", "value": 1, "comment": "sí"}
        assert await layer.delete_feedback(id_) is True
        assert await layer.delete_feedback(id_) is False
        await layer.delete_step("m1")
        await layer.delete_step("r1")
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["steps"] == []
    with chat(ana), pytest.raises(NotFound, match="no step"):
        await layer.upsert_feedback(Feedback(forId="m1", value=1))


async def test_elements_come_back_with_their_files(layer: ArraigoDataLayer, ana: Any, tmp_path: Path) -> None:
    picture = tmp_path / "foto.png"
    picture.write_bytes(b"\x89PNG\r\n")
    elements = [
        Text(id="e1", name="nota", content="¡hola! 🥑", for_id="m1", thread_id="t1", mime="text/plain"),
        Image(id="e2", name="foto", path=str(picture), for_id="m1", thread_id="t1", mime="image/png"),
        Image(id="../../e3", name="lejos", url="https://example.com/x.png", for_id="m1", thread_id="t1"),
        CustomElement(id="e4", name="Mapa", props={"lat": 4.65}, for_id="m1", thread_id="t1"),
        Text(id="e5", name="sin paso", content="x", thread_id="t1"),
    ]
    with chat(ana):
        for element in elements:
            await layer.create_element(element)
        thread = await layer.get_thread("t1")
        assert thread is not None
        found = {element["id"]: element for element in thread["elements"] or []}
        assert set(found) == {"e1", "e2", "../../e3", "e4"}
        assert found["e1"]["url"] == "data:text/plain;base64,wqFob2xhISDwn6WR"
        assert str(found["e2"]["url"]).startswith("data:image/png;base64,")
        assert found["../../e3"]["url"] == "https://example.com/x.png"
        assert found["e4"]["props"] == {"lat": 4.65}
        assert await layer.get_element("t1", "e1") == found["e1"]
        assert await layer.get_element("t2", "e1") is None
        await layer.delete_element("e1", "t1")
        await layer.delete_element("e2")
        assert await layer.get_element("t1", "e1") is None
        assert list(tmp_path.joinpath("files").rglob("*.*")) == []


async def test_a_lost_file_does_not_take_the_thread_with_it(layer: ArraigoDataLayer, ana: Any, tmp_path: Path) -> None:
    with chat(ana):
        await layer.create_element(Text(id="e1", name="n", content="x", for_id="m1", thread_id="t1"))
        next(tmp_path.joinpath("files").rglob("*.*")).unlink()
        thread = await layer.get_thread("t1")
        assert thread is not None
        assert [(e["id"], e["url"]) for e in thread["elements"] or []] == [("e1", None)]
        await layer.delete_thread("t1")
        assert await layer.get_thread("t1") is None


async def test_a_deleted_thread_takes_everything_along(
    layer: ArraigoDataLayer, ana: Any, tmp_path: Path, superuser: Any
) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "x", metadata={"favorite": True}))
        await layer.create_element(Text(id="e1", name="n", content="x", for_id="m1", thread_id="t1"))
        await layer.delete_thread("t1")
        await layer.delete_thread("t1")
        assert await layer.get_thread("t1") is None
        assert await layer.get_favorite_steps(ana.id) == []
    assert superuser("SELECT count(*) FROM arraigo.chainlit_parts") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.states WHERE namespace = 'threads'") == [(0,)]
    assert list(tmp_path.joinpath("files").rglob("*.*")) == []


async def test_threads_are_listed_in_pages_searched_and_filtered(layer: ArraigoDataLayer, ana: Any, bea: Any) -> None:
    for number in range(7):
        name = f"t{number}"
        with chat(ana, name):
            await layer.update_thread(name, name=f"Hilo {number}", tags=["a"], metadata={"n": number})
            await layer.create_step(step(f"m{number}", "100% ñandú" if number == 3 else "otra cosa", threadId=name))
            if number in (2, 5):
                await layer.upsert_feedback(Feedback(forId=f"m{number}", value=1 if number == 5 else 0))
    with chat(bea, "tb"):
        await layer.update_thread("tb", name="Hilo de Bea")

    async def names(first: int = 10, cursor: str | None = None, **filters: Any) -> tuple[list[Any], str | None]:
        with chat(ana):
            page = await layer.list_threads(
                Pagination(first=first, cursor=cursor), ThreadFilter(userId=ana.id, **filters)
            )
        return [row["name"] for row in page.data], page.pageInfo.endCursor if page.pageInfo.hasNextPage else None

    everything = [f"Hilo {number}" for number in reversed(range(7))]
    assert await names() == (everything, None)
    found, cursor = [], None
    for _ in range(3):
        page, cursor = await names(3, cursor)
        found += page
    assert (found, cursor) == (everything, None)
    assert (await names(search="100% ÑANDÚ"))[0] == ["Hilo 3"]
    assert (await names(search="hilo 4"))[0] == ["Hilo 4"]
    assert (await names(search="%"))[0] == ["Hilo 3"]
    assert (await names(feedback=1))[0] == ["Hilo 5"]
    assert (await names(feedback=0))[0] == ["Hilo 2"]
    assert (await names(search="Bea"))[0] == []
    with chat(ana), pytest.raises(InvalidInput, match="cursor"):
        await layer.list_threads(Pagination(first=1, cursor="t1"), ThreadFilter())


async def test_a_thread_keeps_what_is_not_named_and_forgets_what_is_none(layer: ArraigoDataLayer, ana: Any) -> None:
    with chat(ana):
        await layer.update_thread("t1", metadata={"name": "De los metadatos", "a": 1, "b": 2})
        await layer.update_thread("t1", tags=["x"])
        await layer.update_thread("t1", name="n" * 600)
        await layer.update_thread("t1", metadata={"a": None, "c": {"d": [1.10]}})
        await layer.update_thread("t1")
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert (thread["name"], thread["tags"]) == ("n" * 500, ["x"])
    assert thread["metadata"] == {"name": "De los metadatos", "b": 2, "c": {"d": [1.1]}}


async def test_nobody_reads_or_changes_somebody_elses_thread(layer: ArraigoDataLayer, ana: Any, bea: Any) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "de Ana", metadata={"favorite": True}))
        await layer.create_element(Text(id="e1", name="n", content="x", for_id="m1", thread_id="t1"))
        feedback = await layer.upsert_feedback(Feedback(forId="m1", value=1, threadId="t1"))
        before = await layer.get_thread("t1")
    with chat(bea):
        assert await layer.get_thread("t1") is None
        assert await layer.get_thread_author("t1") == ""
        assert await layer.get_element("t1", "e1") is None
        for attempt in (
            layer.list_threads(Pagination(first=1), ThreadFilter(userId=ana.id)),
            layer.get_favorite_steps(ana.id),
            layer.update_thread("t1", name="x", user_id=ana.id),
        ):
            with pytest.raises(AccessDenied):
                await attempt
        with pytest.raises(NotFound):
            await layer.upsert_feedback(Feedback(forId="m1", value=0, threadId="t1", id=feedback))
        assert await layer.delete_feedback(feedback) is False
        await layer.delete_step("m1")
        await layer.delete_element("e1", "t1")
        await layer.delete_element("e1")
        await layer.delete_thread("t1")
        # A thread of her own under the same name is another thread.
        await layer.update_step(step("m1", "de Bea"))
        await layer.update_thread("t1", name="de Bea", metadata={"is_shared": True})
        found = await layer.get_thread("t1")
        assert found is not None
        assert (outputs(found), found["userIdentifier"]) == (["de Bea"], "bea")
        await layer.delete_thread("t1")
    with nobody():
        assert await layer.get_thread("t1") is None
        assert await layer.get_thread_author("t1") == ""
        with pytest.raises(InvalidInput, match="signed in"):
            await layer.list_threads(Pagination(first=1), ThreadFilter())
    with chat(ana):
        assert await layer.get_thread("t1") == before
        assert await layer.get_thread_author("t1") == "ana"


async def test_a_thread_that_is_shared_is_read_and_not_changed(layer: ArraigoDataLayer, ana: Any, bea: Any) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "de Ana"))
        await layer.update_thread("t1", metadata={"is_shared": True})
    with chat(bea):
        found = await layer.get_thread("t1")
        assert found is not None
        assert (outputs(found), found["userIdentifier"]) == (["de Ana"], "ana")
        assert await layer.get_thread_author("t1") == ""
        await layer.delete_thread("t1")
    with nobody():
        assert await layer.get_thread("t1") is not None
    with chat(ana):
        await layer.update_thread("t1", metadata={"is_shared": None})
    with chat(bea):
        assert await layer.get_thread("t1") is None


@pytest.mark.usefixtures("bea")
async def test_who_has_just_been_authenticated_is_who_asks(layer: ArraigoDataLayer, ana: Any) -> None:
    """Outside of chats Chainlit asks for the user first, in the same request."""
    with chat(ana):
        await layer.create_step(step("m1", "de Ana"))

    async def request(identifier: str) -> str:
        await layer.get_user(identifier)
        await asyncio.sleep(0)
        return await layer.get_thread_author("t1")

    found = await asyncio.gather(*(asyncio.create_task(request(name)) for name in ["ana", "bea"] * 5))
    assert found == ["ana", ""] * 5
    with chat(ana):
        await layer.get_user("bea")  # an app looks somebody up
        assert await layer.get_thread_author("t1") == "ana"
    with nobody():
        assert (await layer.list_threads(Pagination(first=9), ThreadFilter(userId=ana.id))).data[0]["id"] == "t1"
        with pytest.raises(InvalidInput, match="no user's id"):
            await layer.list_threads(Pagination(first=9), ThreadFilter(userId="ana"))


async def test_without_a_sign_in_a_chat_is_kept_and_listed_for_nobody(layer: ArraigoDataLayer, ana: Any) -> None:
    with nobody(), chat(None):
        await layer.update_thread("t1", name="De paso")
        await layer.create_step(step("m1", "Hola"))
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert (outputs(thread), thread["userIdentifier"]) == (["Hola"], None)
    with chat(ana):
        assert await layer.get_thread("t1") is None
        assert (await layer.list_threads(Pagination(first=9), ThreadFilter(userId=ana.id))).data == []


async def test_slack_gives_feedback_by_the_thread_alone(layer: ArraigoDataLayer, ana: Any) -> None:
    with chat(ana):
        await layer.create_step(step("m1", "Hola"))
    with nobody():
        await layer.upsert_feedback(Feedback(forId="m1", value=1, threadId="t1"))
        with pytest.raises(NotFound):
            await layer.upsert_feedback(Feedback(forId="m1", value=1))
    with chat(ana):
        thread = await layer.get_thread("t1")
    assert thread is not None
    assert thread["steps"][0]["feedback"] is not None
    assert thread["steps"][0]["feedback"]["value"] == 1


async def test_a_deactivated_user_is_out_within_a_minute(
    layer: ArraigoDataLayer, ana: Any, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    superuser("UPDATE arraigo.users SET is_active = false WHERE username = 'ana'")
    monkeypatch.setattr(people, "FRESH", 0.0)
    with pytest.raises(AccessDenied, match="not active"):
        await layer.get_user("ana")
    with chat(ana), pytest.raises(AccessDenied, match="not active"):
        await layer.get_thread("t1")


async def test_without_a_store_it_opens_the_environments(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, store: arraigo.Store
) -> None:
    monkeypatch.setenv("ARRAIGO_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    layer = ArraigoDataLayer()
    made = await layer.create_user(User(identifier="ana"))
    assert made is not None
    with chat(made, str(uuid7())):
        await layer.create_element(Text(id="e1", name="n", content="x", for_id="m1"))
    assert list((settings.home / "chainlit").rglob("*.*"))
    await layer.close()
    assert made.id == str(await store.as_user("ana").id())
