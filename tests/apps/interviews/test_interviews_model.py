"""A whole interview with a model on the wire, through the running application: the rules stay the server's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import arraigo
from arraigo.server import create_app
from arraigo.settings import Settings
from support.employees import ANA, Employee
from support.http import bearer, client_of
from support.models import KEY, Provider, Reply, provider

TOPICS = ("role", "tasks", "tools", "pains", "examples", "wishes")


def opinion(topic: str, **said: Any) -> dict[str, Any]:
    calm = dict.fromkeys(("enough", "refused", "empty", "off_topic"), False)
    return {"topic": topic, **calm, "also": [], "question": f"Question of the model about {topic}?"} | {
        "question_topic": topic,
        **said,
    }


@asynccontextmanager
async def interviewed(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch, *replies: Reply
) -> AsyncIterator[tuple[Employee, Provider]]:
    with provider(*replies) as said:
        monkeypatch.setenv("OPENAI_BASE_URL", said.address)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        app: FastAPI = create_app(replace(settings, model="openai:model-of-the-test"), store=store)
        async with client_of(app) as client:
            client.headers.update(bearer(settings, "ana", ANA))
            yield Employee(client), said


async def test_the_model_words_the_questions_and_the_rules_decide(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = [
        opinion("role", question_topic="role"),
        opinion("role", enough=True, question_topic="wishes"),  # the next topic is another one
        opinion("tasks", refused=True, question_topic="tasks"),  # which is never asked again
    ]
    async with interviewed(settings, store, monkeypatch, *replies) as (ana, said):
        begun = await ana.start(language="en")
        asked = [
            (await ana.say(begun["interview_id"], text, text)).json()["data"]["question"]
            for text in ("I lead the warehouse", "Thirty people work there", "I would rather not say")
        ]
        kept = await ana.read(begun["interview_id"])
    assert "Question of the model about role?" in asked[0]
    assert "Question of the model" not in asked[1]
    assert "Question of the model about tasks?" not in asked[2]
    assert len(said.asked) == 3
    assert kept["progress"]["topics_done"] == 2


async def test_an_interview_ends_with_a_summary_whose_quotes_are_the_participants_own(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "I lead the warehouse of spare parts"
    digest = {
        "points": [
            {"topic": "role", "text": "Leads the warehouse.", "quotes": [{"number": 2, "words": words}]},
            {"topic": "role", "text": "Earns a million.", "quotes": [{"number": 2, "words": "I earn a million"}]},
        ]
    }
    enough = [opinion(topic, enough=True, question_topic="") for topic in TOPICS]
    async with interviewed(settings, store, monkeypatch, *enough, digest) as (ana, _):
        begun = await ana.start(language="en")
        for number in range(len(TOPICS)):
            last = (await ana.say(begun["interview_id"], f"{words} {number}", f"m{number}")).json()["data"]
    assert last["is_final"] is True
    text = last["summary"]["text"]
    assert "Leads the warehouse." in text
    assert words in text
    assert "[2]" in text
    assert "million" not in text


async def test_where_the_model_does_not_answer_the_interview_goes_on_without_it(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with interviewed(settings, store, monkeypatch, 400) as (ana, said):
        begun = await ana.start(language="es")
        answer = await ana.say(begun["interview_id"], "Llevo el almacén de repuestos", "m")
        talk = (await ana.client.get(f"/conversations/{begun['interview_id']}/messages")).json()["messages"]
    assert answer.status_code == 200
    assert said.asked
    assert talk[-1]["metadata"]["asked_by"] == "offline"


async def test_a_model_cannot_end_an_interview_nor_bring_a_refused_topic_back(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wild = opinion("nowhere", also=[*TOPICS, "nowhere"], question="Role?", question_topic="role")
    replies = [opinion("role", refused=True), *[wild] * 30]
    async with interviewed(settings, store, monkeypatch, *replies) as (ana, _):
        begun = await ana.start(language="en")
        questions: list[str] = []
        data: dict[str, Any] = {"is_final": False}
        while not data["is_final"]:
            assert len(questions) < 24
            answer: httpx.Response = await ana.say(begun["interview_id"], "x", f"m{len(questions)}")
            data = answer.json()["data"]
            questions.append(data["question"])
    assert len(questions) > 1
    assert not [question for question in questions if "Role?" in question]
