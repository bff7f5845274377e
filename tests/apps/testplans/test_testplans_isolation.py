"""Every endpoint with another user's things: 404, nothing shown, nothing changed."""

from typing import Any

import pytest

from arraigo.settings import Settings
from support.http import bearer
from support.testplans import CONFIGURE, Tester

WORDS = "Envíos"
FORM = "a form with a file"
# How Bea tries each operation on Ana's things: (method, path, body, the status she gets). An operation without a line
# here fails the test.
TRIES: list[tuple[str, str, Any, int]] = [
    ("post", "/api/configure-plan", {**CONFIGURE, "plan_title": "x", "project_id": "{project}"}, 404),
    ("post", "/api/configure-plan", {**CONFIGURE, "plan_title": "x", "tester_id": "{user}"}, 403),
    ("post", "/api/conversation", {**CONFIGURE, "plan_title": "x", "project_id": "{project}"}, 404),
    ("post", "/api/generate-plan", {"conversation_id": "{talk}"}, 404),
    ("get", "/api/conversations", None, 200),
    ("get", "/api/conversations?user_id={user}", None, 403),
    ("get", "/api/conversations?plan_type=UNITARIAS", None, 200),
    ("get", "/api/conversation/{talk}", None, 404),
    ("put", "/api/conversation/{talk}", {"title": "x", "plan_type": "UNITARIAS"}, 404),
    ("delete", "/api/conversation/{talk}", None, 404),
    ("post", "/api/conversation/{talk}/documents", FORM, 404),
    ("get", "/api/conversation/{talk}/documents", None, 404),
    ("get", "/api/conversation/{talk}/requirements", None, 404),
    ("get", "/api/plans/{plan}", None, 404),
    ("patch", "/api/plans/{plan}", {"status": "archived"}, 404),
    ("get", "/api/plans/{plan}/coverage", None, 404),
    ("post", "/api/plans/{plan}/cases", {"test_case_name": "x"}, 404),
    ("post", "/api/plans/{plan}/decide", {"where": {}, "status": "DISCARDED"}, 404),
    ("post", "/api/plans/{plan}/decide", {"case_ids": ["{case}"], "status": "DISCARDED"}, 404),
    ("post", "/api/plans/{plan}/order", {"case_ids": ["{case}"]}, 404),
    ("post", "/api/plans/{plan}/exports", {"format": "csv"}, 404),
    ("get", "/api/exports/{export}", None, 404),
    ("get", "/api/reports", None, 200),
    ("get", "/api/cases/{case}", None, 404),
    ("patch", "/api/cases/{case}", {"test_case_name": "x"}, 404),
    ("delete", "/api/cases/{case}", None, 404),
    ("get", "/api/cases/{case}/modifications", None, 404),
    ("post", "/api/cases/{case}/undo", {"modification_id": "{line}"}, 404),
]


async def everything(ana: Tester, names: dict[str, str]) -> Any:
    paths = ("conversation/{talk}", "plans/{plan}", "cases/{case}/modifications", "conversation/{talk}/documents")
    found = [await ana.ask("GET", f"/api/{path}".format(**names)) for path in (*paths, "conversations", "reports")]
    for document in found[3]["documents"]:
        document.pop("download_url")
        document.pop("download_expires_at")
    return found


@pytest.fixture
async def names(ana: Tester) -> dict[str, str]:
    made = await ana.planned()
    talk = (await ana.ask("GET", f"/api/conversation/{made['conversation_id']}"))["conversation"]
    case = made["generated_cases"][0]["id"]
    [line] = (await ana.ask("GET", f"/api/cases/{case}/modifications"))["modifications"][:1]
    export = await ana.ask("POST", f"/api/plans/{made['plan_id']}/exports", 201, json={"format": "csv"})
    return {
        "talk": talk["id"],
        "user": talk["user_id"],
        "project": talk["project_id"],
        "plan": made["plan_id"],
        "case": case,
        "line": line["id"],
        "export": export["id"],
    }


async def test_every_operation_is_tried(ana: Tester) -> None:
    description = await ana.ask("GET", "/openapi.json")
    described = {
        (method, path) for path, item in description["paths"].items() if path.startswith("/api/") for method in item
    }
    named = ("{talk}", "{plan}", "{case}", "{export}")
    tried = set()
    for method, path, _, _ in TRIES:
        plain = path.partition("?")[0]
        for name in named:
            plain = plain.replace(name, "{id}")
        tried.add((method, plain))
    assert described == tried


@pytest.mark.parametrize(("method", "path", "body", "status"), TRIES)
async def test_nothing_of_somebody_elses_is_shown_or_changed(
    ana: Tester, settings: Settings, names: dict[str, str], method: str, path: str, body: Any, status: int
) -> None:
    before = await everything(ana, names)
    sent: dict[str, Any] = {"headers": bearer(settings, "bea")}
    if body == FORM:
        sent["files"] = {"file": ("x.md", b"RF-01 x")}
    elif body is not None:
        sent["json"] = _filled(body, names)
    answer = await ana.client.request(method, path.format(**names), **sent)
    assert answer.status_code == status, answer.text
    assert WORDS not in answer.text
    if status != 404:
        assert names["talk"] not in answer.text
    assert await everything(ana, names) == before


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


async def test_nothing_is_answered_without_a_token(ana: Tester, names: dict[str, str]) -> None:
    for method, path, _, _ in TRIES:
        answer = await ana.client.request(method, path.format(**names), headers={"Authorization": ""}, json={})
        assert answer.status_code == 401, path
