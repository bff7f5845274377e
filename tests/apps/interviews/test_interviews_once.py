"""However often and however quickly the same answer comes, it is one answer with one question behind it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

import arraigo
from arraigo.apps.interviews.interviewer.offline import Offline
from arraigo.apps.interviews.interviewer.types import Judgement, Situation, Summary
from arraigo.server import create_app
from arraigo.settings import Settings
from support.employees import ANA, Employee
from support.http import bearer, client_of, serving

ANSWERS = ["Facturo órdenes en Excel, unas 40 al día", "no sé", "no", "prefiero no responder"]


def asked(answers: list[httpx.Response]) -> set[tuple[int, str]]:
    assert [answer.status_code for answer in answers] == [200] * len(answers), [a.text for a in answers]
    return {(a.json()["data"]["sequence_number"], a.json()["data"]["question"]) for a in answers}


@pytest.mark.parametrize("text", ANSWERS)
@pytest.mark.parametrize("named", [True, False])
async def test_four_at_once_are_one_answer_and_one_question(ana: Employee, text: str, named: bool) -> None:  # noqa: FBT001
    begun = await ana.start()
    name = str(uuid4()) if named else None
    answers = await asyncio.gather(*(ana.say(begun["interview_id"], text, name) for _ in range(4)))
    assert len(asked(answers)) == 1
    assert [m["role"] for m in (await ana.read(begun["interview_id"]))["messages"]] == [
        "assistant",
        "user",
        "assistant",
    ]
    assert sum(not a.json()["data"]["repeated"] for a in answers) == 1


async def test_four_under_four_names_are_one_answer_too(ana: Employee) -> None:
    begun = await ana.start()
    answers = await asyncio.gather(*(ana.say(begun["interview_id"], ANSWERS[0], f"click {n}") for n in range(4)))
    assert len(asked(answers)) == 1
    assert (await ana.read(begun["interview_id"]))["total_messages"] == 3


async def test_two_servers_take_one_answer(app: FastAPI, settings: Settings) -> None:
    async with (
        client_of(app) as one,
        arraigo.open(settings) as again,
        client_of(create_app(settings, store=again)) as other,
    ):
        for client in (one, other):
            client.headers.update(bearer(settings, "ana", ANA))
        begun = await Employee(one).start()
        answers = await asyncio.gather(
            *(Employee(client).say(begun["interview_id"], "no sé") for client in (one, other, one, other))
        )
        assert len(asked(answers)) == 1
        assert (await Employee(one).read(begun["interview_id"]))["total_messages"] == 3


async def test_the_same_words_after_the_next_question_are_another_answer(ana: Employee) -> None:
    begun = await ana.start()
    seen = [begun["question"]]
    seen += [(await ana.say(begun["interview_id"], "no sé")).json()["data"]["question"] for _ in range(3)]
    found = await ana.read(begun["interview_id"])
    assert [m["role"] for m in found["messages"]] == ["assistant", "user"] * 3 + ["assistant"]
    assert [m["content"] for m in found["messages"] if m["role"] == "assistant"] == seen


async def test_an_answer_sent_again_much_later_is_answered_as_it_was(ana: Employee) -> None:
    begun = await ana.start()
    first = await ana.say(begun["interview_id"], ANSWERS[0], "m-1")
    await ana.say(begun["interview_id"], "El cierre de mes", "m-2")
    again = await ana.say(begun["interview_id"], ANSWERS[0], "m-1")
    assert again.json()["data"]["question"] == first.json()["data"]["question"]
    assert again.json()["data"]["repeated"] is True
    assert (await ana.read(begun["interview_id"]))["total_messages"] == 5


async def test_two_answers_to_one_question_are_one_and_a_conflict(ana: Employee) -> None:
    begun = await ana.start()
    answers = await asyncio.gather(*(ana.say(begun["interview_id"], text, text) for text in ("uno", "dos")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await ana.read(begun["interview_id"]))["total_messages"] == 3


class Counting:
    """The offline interviewer, slowly; counts how often it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.judged = 0

    async def judge(self, situation: Situation) -> Judgement:
        """After a while."""
        self.judged += 1
        await asyncio.sleep(0.05)
        return await Offline().judge(situation)

    async def summarise(self, situation: Situation) -> Summary:
        """As the other one."""
        return await Offline().summarise(situation)


@pytest.fixture
def counting(app: FastAPI) -> Counting:
    found = Counting()
    app.state.interviews = replace(app.state.interviews, interviewer=found)
    return found


async def test_nobody_thinks_twice_about_one_answer_nor_about_the_question_that_waits(
    ana: Employee, counting: Counting
) -> None:
    begun = await ana.start()
    await asyncio.gather(*(ana.say(begun["interview_id"], ANSWERS[0], "m-1") for _ in range(4)))
    resumed: list[Any] = [await ana.client.post(f"/interviews/{begun['interview_id']}/resume") for _ in range(3)]
    await ana.read(begun["interview_id"])
    assert counting.judged == 1
    assert {answer.json()["data"]["sequence_number"] for answer in resumed} == {3}


async def test_of_four_answers_at_once_without_names_one_is_taken(ana: Employee) -> None:
    begun = await ana.start()
    texts = ["uno", "dos", "tres", "cuatro"]
    answers = await asyncio.gather(*(ana.say(begun["interview_id"], text) for text in texts))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert (await ana.read(begun["interview_id"]))["total_messages"] == 3


async def test_who_lost_the_connection_may_say_it_again(settings: Settings, tmp_path: Path) -> None:
    """Also without a message_id, and however long after; but once it was heard, it is another answer."""
    with serving(settings, tmp_path / "log") as found:
        headers = bearer(settings, "ana", ANA)
        async with httpx.AsyncClient(base_url=found.address, headers=headers) as client:
            ana = Employee(client)
            begun = await ana.start()
            with pytest.raises(httpx.ReadTimeout):
                await client.post(
                    "/interviews/continue",
                    json={"interview_id": begun["interview_id"], "user_response": "no"},
                    timeout=0.1,
                )
            await asyncio.sleep(1)
            again = (await ana.say(begun["interview_id"], "no")).json()["data"]
            assert (again["sequence_number"], again["repeated"]) == (3, True)
            after = (await ana.say(begun["interview_id"], "no")).json()["data"]
            assert (after["sequence_number"], after["repeated"]) == (5, False)
