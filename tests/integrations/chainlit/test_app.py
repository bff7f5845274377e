"""The example, as a real Chainlit app on loopback: a chat survives its process, and is nobody else's."""

from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.settings import Settings
from integrations.chainlit.apps import page, running, signed_in, thread_of
from support.commands import clean_environment

SHAPE = [("user_message", "user"), ("run", "on_message"), ("tool", "recetario"), ("assistant_message", "Assistant")]


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return clean_environment() | {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}


async def talked(address: str) -> dict[str, Any]:
    """A thread of Ana's with two questions and their answers."""
    async with signed_in(address, "ana") as ana:
        async with page(ana) as opened:
            await opened.say("¿Cómo hago arepas?")
            await opened.say("¿Y el sancocho? 🍲")
        return await thread_of(ana, opened.thread_id, 8)


async def test_a_chat_survives_the_death_of_its_process(
    environment: dict[str, str], tmp_path: Path, store: arraigo.Store
) -> None:
    with running(environment, tmp_path) as address:
        before = await talked(address)
    with running(environment, tmp_path) as address:
        async with signed_in(address, "ana") as ana:
            listed = (await ana.post("/project/threads", json={"pagination": {"first": 9}, "filter": {}})).json()
            assert [(row["id"], row["name"]) for row in listed["data"]] == [(before["id"], "¿Cómo hago arepas?")]
            async with page(ana, before["id"]) as opened:
                resumed = dict(opened.shown)["resume_thread"]
                assert resumed["steps"] == before["steps"]
                await opened.say("¿Qué más?")
            after = await thread_of(ana, before["id"], 12)
    assert after["steps"][:8] == before["steps"]
    assert [(step["type"], step["name"]) for step in after["steps"]] == SHAPE * 3
    assert after["steps"][-1]["output"].strip() == "eso no está en el recetario (van 3 preguntas) ☺"
    for first in (0, 4, 8):
        user, run, tool, answer = after["steps"][first : first + 4]
        assert (run["parentId"], tool["parentId"], answer["parentId"]) == (user["id"], run["id"], run["id"])
    said = await store.as_user("ana").messages.list(before["id"])
    assert [message.role for message in said] == ["user", "tool", "assistant"] * 3


async def test_nobody_reaches_somebody_elses_chat_over_http(environment: dict[str, str], tmp_path: Path) -> None:
    with running(environment, tmp_path) as address:
        thread = await talked(address)
        where, last = thread["id"], thread["steps"][-1]["id"]
        feedback = {"feedback": {"forId": last, "value": 1, "comment": "¡bien!"}, "sessionId": "x"}
        async with signed_in(address, "bea") as bea, signed_in(address, "ana") as ana:
            for method, path, body in (
                ("GET", f"/project/thread/{where}", None),
                ("GET", f"/project/share/{where}", None),
                ("GET", f"/project/thread/{where}/element/e1", None),
                ("PUT", "/project/thread", {"threadId": where, "name": "de Bea"}),
                ("PUT", "/project/thread/share", {"threadId": where, "isShared": True}),
                ("DELETE", "/project/thread", {"threadId": where}),
            ):
                assert (await bea.request(method, path, json=body)).status_code == 404, path
            assert (await bea.put("/feedback", json=feedback)).status_code == 500  # Chainlit's, for any error
            async with page(bea, where) as opened:
                assert dict(opened.shown)["resume_thread_error"] == "Thread not found."
            listed = await bea.post("/project/threads", json={"pagination": {"first": 9}, "filter": {"userId": "x"}})
            assert listed.json()["data"] == []
            assert await thread_of(ana, where, 8) == thread

            given = (await ana.put("/feedback", json=feedback)).json()["feedbackId"]
            gone = {"feedbackId": given}
            await bea.request("DELETE", "/feedback", json=gone)
            assert (await thread_of(ana, where, 8))["steps"][-1]["feedback"]["comment"] == "¡bien!"
            await ana.request("DELETE", "/feedback", json=gone)
            assert (await thread_of(ana, where, 8))["steps"][-1]["feedback"] is None

            await ana.put("/project/thread/share", json={"threadId": where, "isShared": True})
            assert (await bea.get(f"/project/share/{where}")).json()["steps"] == thread["steps"]
            assert (await bea.get(f"/project/thread/{where}")).status_code == 404
            await ana.put("/project/thread", json={"threadId": where, "name": "Arepas 🧀"})
            assert (await thread_of(ana, where, 8))["name"] == "Arepas 🧀"
            await ana.request("DELETE", "/project/thread", json={"threadId": where})
            assert (await ana.get(f"/project/thread/{where}")).status_code == 404
