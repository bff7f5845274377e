"""The examples of the description, told in order to a real application: each answers what it says it answers."""

import re
from typing import Any

import httpx
import pytest

from arraigo.apps.testplans.http import examples
from arraigo.apps.testplans.plan import Case, Extraction, Generation, Requirement
from support.testplans import ByHand, Lines, Tester

# What differs from one telling to the next.
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TOKEN = re.compile(r"(?<=/downloads/)[\w-]{118}(?=/)")
DIFFERENT = {"processing_time_ms", "file_size", "filename", "download_url", "date"}
STORY = [
    ("post", "/api/configure-plan"),
    ("post", "/api/conversation/{id}/documents"),
    ("get", "/api/conversation/{id}/documents"),
    ("get", "/api/conversation/{id}/requirements"),
    ("post", "/api/generate-plan"),
    ("get", "/api/conversations"),
    ("get", "/api/conversation/{id}"),
    ("get", "/api/plans/{id}"),
    ("get", "/api/cases/{id}"),
    ("get", "/api/plans/{id}/coverage"),
    ("patch", "/api/cases/{id}"),
    ("get", "/api/cases/{id}/modifications"),
    ("post", "/api/cases/{id}/undo"),
    ("post", "/api/plans/{id}/cases"),
    ("post", "/api/plans/{id}/decide"),
    ("post", "/api/plans/{id}/order"),
    ("patch", "/api/plans/{id}"),
    ("post", "/api/plans/{id}/exports"),
    ("get", "/api/exports/{id}"),
    ("get", "/api/reports"),
    ("put", "/api/conversation/{id}"),
    ("delete", "/api/cases/{id}"),
    ("delete", "/api/conversation/{id}"),
    ("post", "/api/conversation"),
]


def masked(value: Any) -> Any:
    """A value with its ids and times taken out."""
    if isinstance(value, dict):
        return {name: "DIFFERENT" if name in DIFFERENT and inner else masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return TOKEN.sub("TOKEN", TIME.sub("TIME", UUID.sub("UUID", value))) if isinstance(value, str) else value


class Telling:
    """What of the examples is called otherwise in this telling."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def path(self, path: str) -> str:
        """An address with the ids of this telling."""
        named = {"conversation": "CONVERSATION_ID", "plans": "PLAN_ID", "cases": "CASE_ID", "exports": "EXPORT_ID"}
        name = named.get(path.split("/")[2])
        return path.replace("{id}", self.ids[getattr(examples, name)]) if name and "{id}" in path else path

    def body(self, value: Any) -> Any:
        """The same of a body."""
        if isinstance(value, dict):
            return {name: self.body(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.body(inner) for inner in value]
        return self.ids.get(value, value) if isinstance(value, str) else value

    def heard(self, shown: Any, told: Any) -> None:
        """Ids of the example, and what they are here."""
        if isinstance(shown, dict):
            for name in shown:
                self.heard(shown[name], told.get(name))
        elif isinstance(shown, list) and isinstance(told, list):
            for ours, theirs in zip(shown, told, strict=False):
                self.heard(ours, theirs)
        elif isinstance(shown, str) and isinstance(told, str) and UUID.fullmatch(shown):
            self.ids[shown] = told


@pytest.fixture
async def reader() -> Lines:
    found = Lines()
    requirement = examples.REQUIREMENTS["requirements"][0]

    async def read(*_: Any) -> Extraction:
        only = Requirement.model_validate(requirement)
        return Extraction(language="es", text=examples.DOCUMENT, requirements=(only,))

    found.read = read  # type: ignore[method-assign,assignment]
    return found


@pytest.fixture
async def generator() -> ByHand:
    shown = {name: examples.CASE[name] for name in Case.model_fields}
    case = Case.model_validate(shown | {"requirements": ["RF-01"]})
    return ByHand(made=Generation(cases=(case,), response=examples.GENERATED["system_response"]))


@pytest.fixture
async def description(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return {path: item for path, item in found["paths"].items() if path.startswith("/api/")}


async def test_the_story_has_every_operation(description: dict[str, Any]) -> None:
    described = {(method, path) for path, item in description.items() for method in item}
    assert described == set(STORY)


async def test_the_examples_are_what_really_happens(ana: Tester, description: dict[str, Any]) -> None:
    telling = Telling()
    for method, path in STORY:
        operation = description[path][method]
        sent: dict[str, Any] = {}
        if "requestBody" in operation:
            [(kind, media)] = operation["requestBody"]["content"].items()
            value = telling.body(media["examples"]["example"]["value"])
            sent = (
                {"json": value}
                if kind == "application/json"
                else {"files": {"file": (examples.FILENAME, value["file"])}}
            )
        answer = await ana.client.request(method, telling.path(path), **sent)
        told = f"{method} {path}: {answer.text}"
        status = next(code for code in operation["responses"] if code[0] == "2")
        assert str(answer.status_code) == status, told
        if status == "204":
            assert answer.content == b"", told
            continue
        shown = operation["responses"][status]["content"]["application/json"]["example"]
        heard = answer.json()
        if path.endswith("modifications"):
            heard["modifications"] = [one for one in heard["modifications"] if one["field_name"] == "priority"]
        telling.heard(shown, heard)
        assert masked(heard) == masked(shown), told
        if (method, path) == ("post", "/api/conversation/{id}/documents"):
            talk = telling.ids[examples.CONVERSATION_ID]
            await ana.processed(talk, heard["id"])


async def test_every_operation_has_full_examples(description: dict[str, Any]) -> None:
    for path, item in description.items():
        for method, operation in item.items():
            told = f"{method} {path}"
            assert operation["security"] == [{"bearer": []}], told
            assert "401" in operation["responses"], told
            for code, response in operation["responses"].items():
                if code == "204":
                    continue
                [media] = response["content"].values()
                assert media["example"], told
                assert code[0] == "2" or media["example"]["status"] == int(code), told
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    assert parameter["examples"]["example"]["value"], told
            assert operation["summary"], told
            assert operation["description"], told
