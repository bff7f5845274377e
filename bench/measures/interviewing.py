"""The same answer sent four times at once to a real server: is it one answer, with one question behind it?"""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from arraigo.web.tokens import issue
from bench.harness import Measure, Outcome
from bench.measures.http import serving
from bench.world import World

_INTERVIEWS, _INTERVIEWS_QUICK = 200, 20
_AT_ONCE = 4
_TURNS = 3  # of each interview
_SAYS = ("Llevo la facturación: unas 40 órdenes al día en una hoja de cálculo", "no sé", "no")


async def interview_exactly_once(world: World) -> Outcome:
    """Interviews in which every answer was one answer and one question; half of them send no message_id."""
    count = _INTERVIEWS_QUICK if world.effort.quick else _INTERVIEWS
    right = 0
    wrong: list[str] = []
    async with serving(world, "ours") as address:
        for number in range(count):
            token = issue(world.settings, "ana", employee=str(uuid4()))
            async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
                found = await _one(client, named=number % 2 == 0)
            right += not found
            wrong += [found] if found else []
    detail = {"unit": "interviews", "of": count, "at once": _AT_ONCE, "turns each": _TURNS, "wrong": wrong[:5]}
    return Outcome(right / count, count, detail)


async def _one(client: httpx.AsyncClient, *, named: bool) -> str:
    """One interview; what was wrong with it."""
    begun = (await client.post("/interviews/start", json={"language": "es"})).json()["data"]
    asked = [begun["question"]]
    for text in _SAYS[:_TURNS]:
        body = {"interview_id": begun["interview_id"], "user_response": text}
        if named:
            body["message_id"] = str(uuid4())
        answers = await asyncio.gather(*(client.post("/interviews/continue", json=body) for _ in range(_AT_ONCE)))
        statuses = {answer.status_code for answer in answers}
        if statuses != {200}:
            return f"statuses {sorted(statuses)}"
        questions = {answer.json()["data"]["question"] for answer in answers}
        if len(questions) != 1:
            return f"{len(questions)} questions"
        asked += questions
    kept: list[dict[str, Any]] = (await client.get(f"/interviews/{begun['interview_id']}")).json()["data"]["messages"]
    said = [message["content"] for message in kept if message["role"] == "user"]
    if said != list(_SAYS[:_TURNS]) or [m["content"] for m in kept if m["role"] == "assistant"] != asked:
        return f"{len(said)} answers kept"
    return ""


MEASURES = (
    Measure(
        "interview_exactly_once",
        "interviews in which an answer sent four times at once was one answer and one question",
        1.0,
        "at least",
        interview_exactly_once,
    ),
)
