"""POST /interviews/migrate: a session out of a browser, once, and gone on with."""

import json
from typing import Any

import httpx
import pytest

from support import legacy_files as files
from support.employees import ANA, BEA, Employee


def session(**others: Any) -> dict[str, Any]:
    """One with a question that waits."""
    return files.sessions(3, employee=None)[2] | others


async def migrate(client: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await client.post("/interviews/migrate", json=body)


async def test_a_session_is_stored_and_listed_as_what_it_is(client: httpx.AsyncClient, ana: Employee) -> None:
    answer = await migrate(client, session(technical_level="advanced", started_at="2025-03-03T10:00:00Z"))
    assert answer.status_code == 201, answer.text
    made = answer.json()["data"]
    assert answer.headers["location"] == f"/interviews/{made['interview_id']}"
    assert (made["employee_id"], made["session_id"], made["language"]) == (ANA, "s-0002", "es")
    assert (made["technical_level"], made["status"], made["total_messages"]) == ("advanced", "in_progress", 3)
    whole = await ana.read(made["interview_id"])
    history = session()["conversation_history"]
    assert [(one["role"], one["content"], one["sequence_number"]) for one in whole["messages"]] == [
        (one["role"], one["content"], number) for number, one in enumerate(history, 1)
    ]
    assert whole["pending_question"] == {"content": history[-1]["content"], "sequence_number": 3}
    (listed,) = (await client.get("/interviews")).json()["data"]
    assert listed["interview_id"] == made["interview_id"]


async def test_again_it_is_a_conflict_that_names_it_and_says_whether_it_differs(client: httpx.AsyncClient) -> None:
    made = (await migrate(client, session())).json()["data"]["interview_id"]
    for body, same in ((session(), True), (session(language="pt"), False)):
        answer = await migrate(client, body)
        assert answer.status_code == 409
        found = answer.json()
        assert (found["success"], found["data"]) == (False, {"interview_id": made, "same": same})
        assert found["error"]["code"] == "CONFLICT"
        assert made in found["message"]


async def test_it_goes_on_and_is_still_the_same_session(client: httpx.AsyncClient, ana: Employee) -> None:
    made = (await migrate(client, session())).json()["data"]["interview_id"]
    waits = (await client.post(f"/interviews/{made}/resume")).json()["data"]
    assert (waits["sequence_number"], waits["repeated"]) == (3, True)
    answered = await ana.say(made, "Soldo piezas para puentes, unas cuarenta al día.", "a-1")
    assert answered.status_code == 200, answered.text
    assert answered.json()["data"]["sequence_number"] == 5
    assert (await client.patch(f"/interviews/{made}", json={"status": "completed"})).status_code == 200
    assert (await migrate(client, session())).json()["data"] == {"interview_id": made, "same": True}


@pytest.mark.parametrize("history", [[], [{"role": "user", "content": "hola"}]])
async def test_one_without_a_question_that_waits_gets_one(
    client: httpx.AsyncClient, history: list[dict[str, str]]
) -> None:
    made = (await migrate(client, session(conversation_history=history))).json()["data"]["interview_id"]
    put = await client.post(f"/interviews/{made}/resume")
    assert put.status_code == 200, put.text
    assert (put.json()["data"]["sequence_number"], put.json()["data"]["repeated"]) == (len(history) + 1, False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"conversation_history": [{"role": "wizard", "content": "geheim"}]}, "message 1: 'role' is none of"),
        ({"conversation_history": [{"role": "user"}]}, "message 1: has no 'content'"),
        ({"conversation_history": [{"role": "user", "content": "x", "timestamp": "9999-12-31"}]}, "in the year 9999"),
        ({"conversation_history": "geheim"}, "/conversation_history"),
        ({"session_id": ""}, "/session_id"),
        ({"status": "lost"}, "'status' is none of"),
    ],
)
async def test_a_damaged_one_is_refused_in_words_without_what_was_said(
    client: httpx.AsyncClient, change: dict[str, Any], said: str
) -> None:
    answer = await migrate(client, session(**change))
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert "geheim" not in answer.text
    assert (await client.get("/interviews")).json()["meta"]["pagination"]["total_items"] == 0


async def test_somebody_elses_session_and_no_employee_are_refused(client: httpx.AsyncClient) -> None:
    answer = await migrate(client, session(employee_id=BEA))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert (await migrate(client, session(employee_id=ANA.upper()))).status_code == 201
    assert (await client.post("/interviews/migrate", json={}, headers={"Authorization": ""})).status_code == 401


async def test_digits_are_kept_as_they_were_sent(client: httpx.AsyncClient) -> None:
    body = json.dumps(session()).replace('"language"', '"v": [1e2, 1.0, -0, 0.1], "language"')
    headers = {"Content-Type": "application/json"}
    for status, sent in ((201, body), (409, body)):
        answer = await client.post("/interviews/migrate", content=sent, headers=headers)
        assert answer.status_code == status
    assert answer.json()["data"]["same"] is True
    other = await client.post("/interviews/migrate", content=body.replace("1e2", "100"), headers=headers)
    assert other.json()["data"]["same"] is False


async def test_what_grew_in_the_browser_is_taken_and_what_went_on_here_is_not(
    client: httpx.AsyncClient, ana: Employee
) -> None:
    made = (await migrate(client, session())).json()["data"]["interview_id"]
    history = [*session()["conversation_history"], {"role": "user", "content": "Soldo."}]
    answer = await migrate(client, session(conversation_history=history, step=2))
    assert (answer.status_code, answer.json()["message"]) == (200, "the interview has grown")
    assert (answer.json()["data"]["interview_id"], answer.json()["data"]["total_messages"]) == (made, 4)
    assert (await ana.read(made))["pending_question"] is None
    assert (await client.post(f"/interviews/{made}/resume")).status_code == 200
    history = [*history, {"role": "assistant", "content": "¿Y?"}]
    answer = await migrate(client, session(conversation_history=history, step=3))
    assert (answer.status_code, answer.json()["data"]) == (409, {"interview_id": made, "same": False})
