"""Every endpoint with another user's things: 404, nothing shown, nothing changed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import arraigo
from arraigo.settings import Settings
from support.employees import BEA
from support.http import bearer

WORDS = "lo que dijo Bea"
FORM = "a form with a file"


@dataclass(frozen=True)
class Theirs:
    """What Bea has."""

    talk: arraigo.Conversation
    project: arraigo.Project
    document: arraigo.Document
    interview: str


# How Ana tries each operation on Bea's things: (method, path, body, the status she gets). A path that names a
# conversation is tried by its id and by Bea's external_id. An operation without a line here fails the test.
TRIES: list[tuple[str, str, Any, int]] = [
    ("get", "/conversations", None, 200),
    ("post", "/conversations", {"title": "x", "project_id": "{project}"}, 404),
    ("post", "/conversations", {"title": "x", "external_id": "bea-1"}, 201),
    ("get", "/conversations/{id}", None, 404),
    ("patch", "/conversations/{id}", {"title": "x"}, 404),
    ("delete", "/conversations/{id}", None, 404),
    ("post", "/conversations/{id}/messages", {"role": "user", "content": "x"}, 404),
    ("post", "/conversations/{id}/messages", {"messages": [{"role": "user", "content": "x"}]}, 404),
    ("get", "/conversations/{id}/messages", None, 404),
    ("get", "/conversations/{id}/messages?after=0&limit=10", None, 404),
    ("get", "/conversations/{id}/messages?before=9&limit=10", None, 404),
    ("get", "/conversations/{id}/messages?last=10", None, 404),
    ("patch", "/conversations/{id}/messages/{sequence_number}", {"content": "x"}, 404),
    ("delete", "/conversations/{id}/messages/{sequence_number}", None, 404),
    ("post", "/documents", FORM, 404),
    ("get", "/documents?conversation_id={id}", None, 404),
    ("get", "/documents/{document}", None, 404),
    ("delete", "/documents/{document}", None, 404),
    ("get", "/search?q=Bea", None, 200),
    ("get", "/search?q=Vea&context=5", None, 200),
    ("get", "/search?q=Bea&conversation_id={id}", None, 404),
    ("get", "/state/{namespace}", None, 200),
    ("get", "/state/{namespace}/{key}", None, 404),
    ("delete", "/state/{namespace}/{key}", None, 404),
    ("put", "/state/{namespace}/{key}", {"value": "x"}, 204),
    ("get", "/interviews", None, 200),
    ("get", "/interviews/{interview}", None, 403),
    ("patch", "/interviews/{interview}", {"status": "cancelled"}, 403),
    ("post", "/interviews/{interview}/resume", None, 403),
    ("post", "/interviews/start", {"employee_id": BEA}, 403),
    ("post", "/interviews/start", {}, 201),
    ("post", "/interviews/continue", {"interview_id": "{interview}", "user_response": "x"}, 403),
    ("post", "/interviews/export", {"interview_id": "{interview}"}, 403),
    ("post", "/interviews/migrate", {"session_id": "s", "conversation_history": [], "employee_id": BEA}, 403),
    ("post", "/interviews/migrate", {"session_id": "s", "conversation_history": []}, 201),
]
OPEN = {"/health/live", "/health/ready", "/metrics", "/downloads/{token}/{filename}", "/move/snippet.js"}


@pytest.fixture
async def theirs(client: httpx.AsyncClient, settings: Settings, store: arraigo.Store) -> AsyncIterator[Theirs]:
    bea = store.as_user("bea")
    project = await bea.projects.create(name=WORDS)
    talk = await bea.conversations.create(title=WORDS, external_id="bea-1", project_id=project.id)
    await bea.messages.append(talk.id, [("user", WORDS), ("assistant", WORDS)])
    await bea.state.set("bea-n", "bea-k", WORDS)
    document = await bea.documents.add(talk.id, WORDS.encode(), filename=f"{WORDS}.txt")
    hers = bearer(settings, "bea", BEA)
    begun = (await client.post("/interviews/start", json={}, headers=hers)).json()["data"]["interview_id"]
    said = {"interview_id": begun, "user_response": WORDS, "message_id": "m"}
    await client.post("/interviews/continue", json=said, headers=hers)
    yield Theirs(await bea.conversations.get(talk.id), project, document, begun)
    assert await bea.conversations.get(talk.id) == await bea.conversations.get("bea-1")


async def test_every_operation_is_tried(client: httpx.AsyncClient) -> None:
    description = (await client.get("/openapi.json")).json()
    described = {
        (method, path)
        for path, item in description["paths"].items()
        if path not in OPEN and not path.startswith("/api/")
        for method in item
    }
    tried = {
        (method, path.partition("?")[0].replace("{document}", "{id}").replace("{interview}", "{id}"))
        for method, path, _, _ in TRIES
    }
    assert described == tried


@pytest.mark.parametrize(("method", "path", "body", "status"), TRIES)
@pytest.mark.parametrize("named", ["id", "external_id"])
async def test_nothing_of_somebody_elses_is_shown_or_changed(
    client: httpx.AsyncClient,
    store: arraigo.Store,
    theirs: Theirs,
    named: str,
    method: str,
    path: str,
    body: Any,
    status: int,
) -> None:
    before = await everything(store, theirs)
    name = str(theirs.talk.id) if named == "id" else "bea-1"
    address = path.replace("{id}", name).replace("{sequence_number}", "1")
    address = address.replace("{namespace}", "bea-n").replace("{key}", "bea-k")
    address = address.replace("{document}", str(theirs.document.id)).replace("{interview}", theirs.interview)
    sent: dict[str, Any] = {}
    if body == FORM:
        sent = {"data": {"conversation_id": name}, "files": {"file": ("x.txt", b"x")}}
    elif body is not None:
        known = {"{project}": str(theirs.project.id), "{interview}": theirs.interview}
        sent["json"] = {key: known.get(str(value), value) for key, value in body.items()}
    answer = await client.request(method, address, **sent)
    assert answer.status_code == status, answer.text
    assert WORDS not in answer.text
    if status not in {403, 404}:
        assert str(theirs.talk.id) not in answer.text
        assert theirs.interview not in answer.text
    assert await everything(store, theirs) == before


async def test_somebody_elses_and_nobodys_look_the_same(client: httpx.AsyncClient, theirs: Theirs) -> None:
    nobodys = "0199a3c8-0000-7000-8000-000000000000"
    for path in ("/conversations/{id}", "/conversations/{id}/messages"):
        answers = [
            (await client.get(path.replace("{id}", name), headers={"X-Request-ID": "same"})).json()
            for name in (str(theirs.talk.id), nobodys)
        ]
        answers[0]["detail"] = answers[0]["detail"].replace(str(theirs.talk.id), nobodys)
        assert answers[0] == answers[1]


async def test_a_change_cannot_move_a_conversation_into_somebody_elses_project(
    client: httpx.AsyncClient, theirs: Theirs
) -> None:
    mine = (await client.post("/conversations", json={"title": "x"})).json()
    answer = await client.patch(f"/conversations/{mine['id']}", json={"project_id": str(theirs.project.id)})
    assert answer.status_code == 404
    assert (await client.get(f"/conversations/{mine['id']}")).json()["project_id"] is None


async def test_the_same_message_id_in_two_users_conversations_is_two_messages(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    message = {"role": "user", "content": "x", "id": "0199a3c8-5120-7c3a-9d52-7b1e8f6a4c01"}
    for user, content in (("ana", "mine"), ("bea", "hers")):
        headers = bearer(settings, user)
        await client.post("/conversations", json={"title": "x", "external_id": "t"}, headers=headers)
        answer = await client.post(
            "/conversations/t/messages", json=message | {"content": content}, headers=headers | {"Idempotency-Key": "k"}
        )
        assert answer.status_code == 201
        assert answer.json()["messages"][0]["sequence_number"] == 1


async def everything(store: arraigo.Store, theirs: Theirs) -> Any:
    bea = store.as_user("bea")
    return (
        await bea.conversations.get(theirs.talk.id),
        await bea.messages.list(theirs.talk.id),
        await bea.conversations.count(),
        await bea.state.list("bea-n"),
        (await bea.documents.list(theirs.talk.id)).items,
        await bea.documents.read(theirs.document.id),
    )
