"""The seed's list for the API: start, continue, read, list, change, export; with the envelope and the token."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from arraigo.settings import Settings
from support.employees import ANA, BEA, Employee
from support.http import bearer, client_of

NOBODYS = "0199a3c8-0000-7000-8000-000000000000"
WORDS = "Facturo unas 40 órdenes al día en una hoja de Excel"


async def test_a_start_stores_the_interview_and_its_first_question(ana: Employee) -> None:
    begun = await ana.start(language="es", technical_level="basic")
    assert (begun["sequence_number"], begun["is_final"], begun["status"]) == (1, False, "in_progress")
    found = await ana.read(begun["interview_id"])
    assert found["id_interview"] == found["interview_id"] == begun["interview_id"]
    assert (found["employee_id"], found["language"], found["technical_level"]) == (ANA, "es", "basic")
    (message,) = found["messages"]
    assert (message["role"], message["sequence_number"]) == ("assistant", 1)
    assert message["content"] == begun["question"] == found["pending_question"]["content"]
    assert UUID(found["id_interview"]).version == 7
    assert found["completed_at"] is None


async def test_an_answer_and_the_next_question_are_stored_together(ana: Employee) -> None:
    begun = await ana.start(language="es")
    after = (await ana.say(begun["interview_id"], WORDS, "m-1")).json()
    assert after["success"] is True
    assert (after["data"]["sequence_number"], after["data"]["is_final"]) == (3, False)
    found = await ana.read(begun["interview_id"])
    assert [(m["sequence_number"], m["role"]) for m in found["messages"]] == [
        *((1, "assistant"), (2, "user"), (3, "assistant"))
    ]
    assert found["messages"][1]["content"] == WORDS
    assert found["messages"][2]["content"] == after["data"]["question"]
    assert found["updated_at"] > found["created_at"]


async def test_the_same_key_begins_one_interview(ana: Employee) -> None:
    answers = await asyncio.gather(
        *(ana.client.post("/interviews/start", json={}, headers={"Idempotency-Key": "k"}) for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["data"]["interview_id"] for answer in answers}) == 1


async def test_what_an_old_front_end_sends_besides_is_ignored(ana: Employee) -> None:
    begun = await ana.start(language="pt", session_id="x", conversation_history=[{"role": "user", "content": "x"}])
    body = {"interview_id": begun["interview_id"], "user_response": "Vendo", "context": {"a": 1}}
    assert (await ana.client.post("/interviews/continue", json=body)).status_code == 200


async def test_a_list_is_filtered_and_paged(ana: Employee) -> None:
    for language in ("es", "en", "es", "pt", "es"):
        await ana.start(language=language)
    newest = await ana.start(language="en")
    await ana.client.patch(f"/interviews/{newest['interview_id']}", json={"status": "cancelled"})

    async def listed(**query: Any) -> dict[str, Any]:
        answer = await ana.client.get("/interviews", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    everything = await listed()
    assert everything["meta"]["pagination"] == {"page": 1, "page_size": 20, "total_items": 6, "total_pages": 1}
    assert everything["data"][0]["id_interview"] == newest["interview_id"]
    started = [one["started_at"] for one in everything["data"]]
    assert started == sorted(started, reverse=True)
    second = await listed(page=2, page_size=4)
    assert [one["id_interview"] for one in second["data"]] == [one["id_interview"] for one in everything["data"][4:]]
    assert second["meta"]["pagination"] == {"page": 2, "page_size": 4, "total_items": 6, "total_pages": 2}
    assert (await listed(page=9))["data"] == []
    assert (await listed(language="es"))["meta"]["pagination"]["total_items"] == 3
    assert (await listed(status="cancelled"))["meta"]["pagination"]["total_items"] == 1
    assert (await listed(status="in_progress", language="en"))["meta"]["pagination"]["total_items"] == 1
    today = started[0][:10]
    assert (await listed(start_date=today, end_date=started[-1][:10]))["meta"]["pagination"]["total_items"] >= 1
    assert (await listed(start_date=started[0]))["meta"]["pagination"]["total_items"] == 1
    assert (await listed(end_date=started[1]))["meta"]["pagination"]["total_items"] == 5
    assert (await listed(start_date="2999-01-01"))["meta"]["pagination"]["total_items"] == 0
    assert (await listed(end_date="1999-12-31"))["meta"]["pagination"]["total_items"] == 0
    assert (await listed(end_date="9999-12-31"))["meta"]["pagination"]["total_items"] == 6


@pytest.mark.parametrize(
    "query",
    [
        *("status=done", "language=fr", "page=0", "page_size=0", "page_size=101", "start_date=yesterday"),
        *("end_date=20260101", "page=x", "end_date=2026-13-01", "stauts=completed"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(ana: Employee, query: str) -> None:
    answer = await ana.client.get(f"/interviews?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("ways", "last"),
    [
        (["completed"], 200),
        (["cancelled", "in_progress", "completed"], 200),
        (["completed", "in_progress"], 409),
        (["completed", "cancelled"], 409),
        (["cancelled", "completed"], 409),
        (["completed", "completed"], 200),
    ],
)
async def test_a_status_changes_in_ways_that_make_sense(ana: Employee, ways: list[str], last: int) -> None:
    begun = await ana.start()
    for status in ways:
        answer = await ana.client.patch(f"/interviews/{begun['interview_id']}", json={"status": status})
    assert answer.status_code == last
    if last == 200:
        assert answer.json()["data"]["status"] == ways[-1]
        assert (answer.json()["data"]["completed_at"] is not None) == (ways[-1] == "completed")


@pytest.mark.parametrize(
    "body", [{}, {"status": "done"}, {"language": "es"}, {"status": "cancelled", "language": "en"}]
)
async def test_nothing_but_the_status_is_changed(ana: Employee, body: dict[str, str]) -> None:
    begun = await ana.start()
    assert (await ana.client.patch(f"/interviews/{begun['interview_id']}", json=body)).status_code == 422
    assert (await ana.read(begun["interview_id"]))["status"] == "in_progress"


@pytest.mark.parametrize("status", ["completed", "cancelled"])
async def test_an_interview_that_is_over_takes_no_answer(ana: Employee, status: str) -> None:
    begun = await ana.start()
    await ana.say(begun["interview_id"], WORDS, "m-1")
    await ana.client.patch(f"/interviews/{begun['interview_id']}", json={"status": status})
    answer = await ana.say(begun["interview_id"], "otra cosa", "m-2")
    assert answer.status_code == 409
    assert status in answer.json()["message"]
    assert (await ana.client.post(f"/interviews/{begun['interview_id']}/resume")).status_code == 409
    again = await ana.say(begun["interview_id"], WORDS, "m-1")  # a retry is still answered
    assert (again.status_code, again.json()["data"]["repeated"]) == (200, True)


async def test_an_interview_that_is_ended_early_has_a_summary_of_what_was_said(ana: Employee) -> None:
    begun = await ana.start(language="es")
    await ana.say(begun["interview_id"], WORDS, "m-1")
    await ana.client.patch(f"/interviews/{begun['interview_id']}", json={"status": "completed"})
    summary = (await ana.read(begun["interview_id"]))["summary"]
    assert "Excel" in summary["text"]
    assert "[2]" in summary["text"]


async def test_a_cancelled_interview_goes_on_with_the_question_that_waited(ana: Employee) -> None:
    begun = await ana.start()
    path = f"/interviews/{begun['interview_id']}"
    await ana.client.patch(path, json={"status": "cancelled"})
    assert (await ana.read(begun["interview_id"]))["pending_question"] is None
    await ana.client.patch(path, json={"status": "in_progress"})
    resumed = (await ana.client.post(f"{path}/resume")).json()["data"]
    assert resumed["question"] == begun["question"]


async def test_deleting_its_conversation_deletes_the_interview(ana: Employee, superuser: Any) -> None:
    begun = await ana.start()
    assert (await ana.client.delete(f"/conversations/{begun['interview_id']}")).status_code == 204
    assert (await ana.client.get(f"/interviews/{begun['interview_id']}")).status_code == 404
    assert superuser("SELECT count(*) FROM arraigo.interviews") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(0,)]


async def test_an_export_is_made_of_the_database_alone(ana: Employee) -> None:
    begun = await ana.start(language="es", technical_level="advanced")
    await ana.say(begun["interview_id"], WORDS, "m-1")
    body = {"interview_id": begun["interview_id"], "conversation_history": [{"role": "user", "content": "forged"}]}
    found = (await ana.client.post("/interviews/export", json=body)).json()["data"]
    assert [m["content"] for m in found["conversation_history"]][:2] == [begun["question"], WORDS]
    assert (found["interview_id"], found["employee_id"]) == (begun["interview_id"], ANA)
    for kind, media in (
        ("markdown", "text/markdown"),
        ("csv", "text/csv"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ):
        file = await ana.client.post("/interviews/export", json=body | {"format": kind})
        assert file.status_code == 200
        assert file.headers["content-type"].startswith(media)
        assert file.headers["content-disposition"].startswith("attachment")
        assert kind == "docx" or WORDS in file.text
    assert (await ana.client.post("/interviews/export", json=body | {"format": "pdf"})).status_code == 422


@pytest.fixture
def operations(app: FastAPI) -> list[tuple[str, str]]:
    paths = app.openapi()["paths"]
    return [(method, path) for path in paths if path.startswith("/interviews") for method in paths[path]]


async def test_every_endpoint_wants_a_token_and_says_so_in_the_envelope(
    client: httpx.AsyncClient, operations: list[tuple[str, str]]
) -> None:
    assert len(operations) >= 7
    for method, path in operations:
        address = path.replace("{id}", NOBODYS)
        for header in ("", "Bearer nonsense", "Basic YTpi"):
            answer = await client.request(method, address, headers={"Authorization": header})
            assert answer.status_code == 401, f"{method} {path}"
            check_failure(answer, "UNAUTHORIZED")


async def test_every_endpoint_wants_an_employee(
    client: httpx.AsyncClient, settings: Settings, operations: list[tuple[str, str]]
) -> None:
    good = {"interview_id": NOBODYS, "user_response": "x", "status": "cancelled", "session_id": "x"}
    for method, path in operations:
        for header in (bearer(settings, "ana"), bearer(settings, "ana", "not-a-uuid")):
            body: Any = {"status": "cancelled"} if method == "patch" else good | {"conversation_history": []}
            sent: dict[str, Any] = {} if method == "get" or "resume" in path else {"json": body}
            answer = await client.request(method, path.replace("{id}", NOBODYS), headers=header, **sent)
            assert answer.status_code == 403, f"{method} {path} {answer.text}"
            check_failure(answer, "FORBIDDEN")


async def test_somebody_elses_is_403_and_nobodys_404(ana: Employee, app: FastAPI, settings: Settings) -> None:
    begun = await ana.start()
    before = await ana.read(begun["interview_id"])
    async with client_of(app) as other:
        other.headers.update(bearer(settings, "bea", BEA))
        for name, status, code in ((begun["interview_id"], 403, "FORBIDDEN"), (NOBODYS, 404, "NOT_FOUND")):
            for answer in (
                await other.get(f"/interviews/{name}"),
                await other.patch(f"/interviews/{name}", json={"status": "cancelled"}),
                await other.post(f"/interviews/{name}/resume"),
                await Employee(other).say(name, "x"),
                await other.post("/interviews/export", json={"interview_id": name}),
            ):
                assert answer.status_code == status
                check_failure(answer, code)
                assert begun["question"] not in answer.text
        assert (await other.get("/interviews")).json()["data"] == []
        assert (await other.post("/interviews/start", json={"employee_id": ANA})).status_code == 403
    assert await ana.read(begun["interview_id"]) == before


async def test_an_employees_interviews_are_theirs_under_whatever_name_they_sign_in(
    ana: Employee, app: FastAPI, settings: Settings
) -> None:
    begun = await ana.start()
    async with client_of(app) as other:
        other.headers.update(bearer(settings, "ana@example.com", ANA))
        assert (await other.get(f"/interviews/{begun['interview_id']}")).status_code == 200
        other.headers.update(bearer(settings, "ana", BEA))  # the same user as another employee
        assert (await other.get(f"/interviews/{begun['interview_id']}")).status_code == 403
        assert (await other.get("/interviews")).json()["data"] == []


async def test_a_chat_is_no_interview(ana: Employee) -> None:
    talk = (await ana.client.post("/conversations", json={"title": "x"})).json()["id"]
    assert (await ana.client.get(f"/interviews/{talk}")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("post", "/interviews/start", {"json": {"language": "fr"}}, 422, "UNPROCESSABLE_CONTENT"),
        ("post", "/interviews/start", {"json": {"technical_level": "expert"}}, 422, "UNPROCESSABLE_CONTENT"),
        ("post", "/interviews/start", {"content": b"{"}, 400, "BAD_REQUEST"),
        ("post", "/interviews/start", {"content": b"x" * 3_000_000}, 413, "CONTENT_TOO_LARGE"),
        ("post", "/interviews/start", {"data": {"a": "b"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("delete", "/interviews", {}, 405, "METHOD_NOT_ALLOWED"),
        ("get", "/interviews/not-an-id", {}, 404, "NOT_FOUND"),
        ("get", "/interviews/a/b/c", {}, 404, "NOT_FOUND"),
        ("post", "/interviews/continue", {"json": {"interview_id": NOBODYS}}, 422, "UNPROCESSABLE_CONTENT"),
        (
            *("post", "/interviews/continue"),
            {"json": {"interview_id": NOBODYS, "user_response": "  "}},
            *(422, "UNPROCESSABLE_CONTENT"),
        ),
        (
            *("post", "/interviews/continue"),
            {"json": {"interview_id": NOBODYS, "user_response": "x" * 20_001}},
            *(422, "UNPROCESSABLE_CONTENT"),
        ),
    ],
)
async def test_what_cannot_be_taken_is_told_in_the_envelope(
    client: httpx.AsyncClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    if "content" in sent:
        sent = {**sent, "headers": {"Content-Type": "application/json"}}
    answer = await client.request(method, path, **sent)
    assert answer.status_code == status, answer.text
    check_failure(answer, code)


async def test_a_message_id_with_another_text_is_a_conflict(ana: Employee) -> None:
    begun = await ana.start()
    name = str(uuid4())
    assert (await ana.say(begun["interview_id"], "uno", name)).status_code == 200
    answer = await ana.say(begun["interview_id"], "dos", name)
    check_failure(answer, "CONFLICT")
    assert (await ana.read(begun["interview_id"]))["total_messages"] == 3


def check_failure(answer: httpx.Response, code: str) -> None:
    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert set(body) == {"success", "message", "data", "error", "meta"}
    assert body["success"] is False
    assert body["error"]["code"] == code
    assert body["error"]["status"] == answer.status_code
    assert body["meta"]["request_id"] == answer.headers["x-request-id"]
    assert body["message"]
