"""The examples of the description, told in order to a real application: each answers what it says it answers."""

import re
from typing import Any

import httpx
import pytest

from arraigo.apps.documents.examples import CONTENT, FILENAME
from arraigo.apps.search.examples import QUERY
from arraigo.apps.state.examples import KEY, NAMESPACE
from arraigo.apps.store.examples import CONVERSATION_ID

METHODS = ("get", "post", "put", "patch", "delete")
# What differs from one telling to the next. Ids that the caller chose are among them: they only have to be ids.
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TOKEN = re.compile(r"(?<=/downloads/)[\w-]{118}(?=/)")
# The story, as operations; what the description has beside these fails the test below.
STORY = [
    ("get", "/health/live", None),
    ("get", "/health/ready", None),
    ("get", "/metrics", None),
    ("post", "/conversations", None),
    ("post", "/conversations/{id}/messages", "one"),
    ("post", "/conversations/{id}/messages", "many"),
    ("get", "/conversations/{id}/messages", None),
    ("get", "/conversations/{id}", None),
    ("get", "/conversations", None),
    ("get", "/search", None),
    ("patch", "/conversations/{id}/messages/{sequence_number}", None),
    ("patch", "/conversations/{id}", None),
    ("delete", "/conversations/{id}/messages/{sequence_number}", None),
    ("post", "/documents", None),
    ("get", "/documents", None),
    ("get", "/documents/{id}", None),
    ("get", "/downloads/{token}/{filename}", None),
    ("delete", "/documents/{id}", None),
    ("delete", "/conversations/{id}", None),
    ("put", "/state/{namespace}/{key}", None),
    ("get", "/state/{namespace}/{key}", None),
    ("get", "/state/{namespace}", None),
    ("delete", "/state/{namespace}/{key}", None),
    ("post", "/interviews/start", None),
    ("post", "/interviews/continue", None),
    ("post", "/interviews/{id}/resume", None),
    ("get", "/interviews/{id}", None),
    ("get", "/interviews", None),
    ("post", "/interviews/export", None),
    ("patch", "/interviews/{id}", None),
    ("post", "/interviews/migrate", None),
    ("get", "/move/snippet.js", None),
]
# What the clock decides.
CLOCKED = {"version", "duration_minutes"}


def masked(value: Any) -> Any:
    """A value with its ids and times taken out."""
    if isinstance(value, dict):
        return {name: "CLOCKED" if name in CLOCKED else masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return TOKEN.sub("TOKEN", TIME.sub("TIME", UUID.sub("UUID", value))) if isinstance(value, str) else value


def example(media: dict[str, Any], name: str | None) -> Any:
    return media["examples"][name]["value"] if name else media["example"]


def request_body(operation: dict[str, Any], name: str | None, there: dict[str, str]) -> dict[str, Any]:
    """The example as httpx takes it: JSON, or a form with a file."""
    if "requestBody" not in operation:
        return {}
    [(kind, media)] = operation["requestBody"]["content"].items()
    value = media["examples"][name or "example"]["value"]
    if kind == "application/json":
        return {"json": value | ({"interview_id": there["interviews"]} if "interview_id" in value else {})}
    return {"data": {"conversation_id": there["conversations"]}, "files": {"file": (FILENAME, value["file"])}}


def good(operation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The answer while the database is there; a 202 beside it is the journal's."""
    good = [code for code in operation["responses"] if code[0] == "2"]
    status = next((code for code in good if code != "202"), "202")
    return status, operation["responses"][status]


@pytest.fixture
async def description(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


async def test_the_story_has_every_operation(description: dict[str, Any]) -> None:
    described = {
        (method, path)
        for path, item in description["paths"].items()
        if not path.startswith("/api/")  # test plans tell a story of their own
        for method in item
    }
    assert described == {(method, path) for method, path, _ in STORY}


def check(
    path: str, answer: httpx.Response, status: str, expected: dict[str, Any], name: str | None, told: str
) -> None:
    """What was answered is what the example shows."""
    if status == "204":
        assert answer.content == b"", told
    elif path == "/metrics":
        assert answer.text.splitlines()[0].startswith("# HELP"), told
    elif path.startswith("/downloads"):
        assert answer.text == CONTENT, told
    elif path.startswith("/move"):
        assert answer.text.splitlines()[0] == example(expected["content"]["text/javascript"], name), told
    else:
        shown = example(expected["content"]["application/json"], name)
        assert masked(answer.json()) == masked(shown), told


async def test_the_examples_are_what_really_happens(client: httpx.AsyncClient, description: dict[str, Any]) -> None:
    there: dict[str, str] = {}
    download = ""
    for method, path, name in STORY:
        operation = description["paths"][path][method]
        status, expected = good(operation)
        address = path.replace("{id}", there.get(path.split("/")[1], ""))
        address = address.replace("{sequence_number}", "2").replace("{namespace}", NAMESPACE).replace("{key}", KEY)
        if (method, path) == ("get", "/documents"):
            address += f"?conversation_id={there['conversations']}"
        address += f"?q={QUERY}" if path == "/search" else ""
        if path.startswith("/downloads"):
            address = download
        answer = await client.request(method, address, **request_body(operation, name, there))
        told = f"{method} {path} {name or ''}"
        assert str(answer.status_code) == status, f"{told}: {answer.text}"
        check(path, answer, status, expected, name, told)
        if (method, path) == ("post", "/conversations"):
            there["conversations"] = answer.json()["id"]
        if (method, path) == ("post", "/documents"):
            there["documents"], download = answer.json()["id"], answer.json()["download_url"]
        if (method, path) == ("post", "/interviews/start"):
            there["interviews"] = answer.json()["data"]["interview_id"]


async def test_every_operation_has_full_examples(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            told = f"{method} {path}"
            for shown in (code for code in operation["responses"] if code[0] == "2" and code != "204"):
                for media in operation["responses"][shown]["content"].values():
                    assert "example" in media or media.get("examples"), told
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    assert parameter["examples"]["example"]["value"], told
            for problem in (code for code in operation["responses"] if code[0] in "45"):
                [media] = operation["responses"][problem]["content"].values()
                assert (media["example"].get("error") or media["example"])["status"] == int(problem), told
            assert operation["summary"], told
            assert operation["description"], told


async def test_every_closed_operation_says_so(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        for operation in item.values():
            closed = path.startswith(("/api/", "/conversations", "/documents", "/interviews", "/search", "/state"))
            assert (operation.get("security") == [{"bearer": []}]) == closed
            assert ("401" in operation["responses"]) == (closed or path == "/metrics")


def test_the_example_id_is_an_id() -> None:
    assert UUID.fullmatch(CONVERSATION_ID)
