"""The handler for AWS Lambda, with events as API Gateway sends them."""

import asyncio
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typst

from arraigo import lambda_handler
from arraigo.errors import BadSetting
from arraigo.lambda_handler import handler, root_of
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import load
from arraigo.web.tokens import issue
from support.databases import address
from support.gateway import Context, Gateway
from support.s3 import ENVIRONMENT, S3
from support.testplans import CONFIGURE

Superuser = Callable[..., list[tuple[Any, ...]]]
KINDS = [("rest", ""), ("rest", "/planes"), ("http", ""), ("http", "/prod"), ("http-1.0", "")]


@pytest.fixture
def environment(
    server: EmbeddedServer, database: str, tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """What a function's configuration says; its environment of Lambda is a new one, and is thrown away."""
    variables = ENVIRONMENT | {
        "ARRAIGO_HOME": str(tmp_path / "home"),
        "DATABASE_URL": address(server, "arraigo_app", database),
        "ARRAIGO_JWT_SECRET": "0123456789abcdef0123456789abcdef",
        "ARRAIGO_BLOBS": f"s3://{s3.bucket()}/blobs",
        "AWS_ENDPOINT": s3.endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": "arraigo",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    lambda_handler._environment.cache_clear()
    yield variables
    if lambda_handler._environment.cache_info().currsize:
        lambda_handler._environment().close()
    lambda_handler._environment.cache_clear()
    lambda_handler._loop().close()
    lambda_handler._loop.cache_clear()
    asyncio.set_event_loop(None)


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """Two requirements on two pages."""
    text = '#set page(paper: "a5")\nRF-01 El sistema debe aceptar pesos de 1 a 30 kg.\n#pagebreak()\n'
    return typst.compile(f"{text}RF-02 El sistema debe rechazar destinos que no conoce.".encode())


def gateway(kind: str = "http", root: str = "") -> Gateway:
    """Ana's way to the function."""
    return Gateway(kind, root, {"Authorization": f"Bearer {issue(load(), 'ana')}"})


@pytest.mark.parametrize(("kind", "root"), KINDS)
@pytest.mark.usefixtures("environment")
def test_a_plan_is_configured_generated_exported_and_downloaded(kind: str, root: str, pdf: bytes) -> None:
    api = gateway(kind, root)
    made = api.ask("POST", "/api/configure-plan", json=CONFIGURE).json()
    talk = made["conversation_id"]
    files = {"file": ("requisitos.pdf", pdf, "application/pdf")}
    added = api.ask("POST", f"/api/conversation/{talk}/documents", 202, files=files)
    assert added.headers["location"] == f"{root}/documents/{added.json()['id']}"
    (document,) = api.ask("GET", f"/api/conversation/{talk}/documents").json()["documents"]
    assert document["processing_status"] == "processed"  # before its upload was answered
    assert document["total_requirements"] >= 2
    assert document["download_url"].startswith(f"{root}/downloads/")
    plan = api.ask("POST", "/api/generate-plan", json={"conversation_id": talk, "user_instructions": "más"}).json()
    assert plan["generated_cases"]
    listed = api.ask("GET", "/api/conversations", params={"plan_type": "regresión", "status": "active"}).json()
    assert listed["conversations"] == []
    listed = api.ask("GET", "/api/conversations", params={"plan_type": "unitarias"}).json()
    assert [one["id"] for one in listed["conversations"]] == [talk]
    export = api.ask("POST", f"/api/plans/{plan['plan_id']}/exports", 201, json={"format": "excel"}).json()
    assert export["download_url"].startswith(f"{root}/downloads/")
    stranger = Gateway(kind, root)  # the link is enough
    got = stranger.ask("GET", export["download_url"].removeprefix(root))
    assert got.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "attachment" in got.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {case["testcase_number"] for case in plan["generated_cases"]} <= said
    back = stranger.ask("GET", document["download_url"].removeprefix(root))
    assert back.content == pdf


@pytest.mark.parametrize(("kind", "root"), KINDS)
@pytest.mark.usefixtures("environment")
def test_errors_are_problems_as_anywhere(kind: str, root: str) -> None:
    api = gateway(kind, root)
    for method, path, status, sent in (
        ("GET", "/api/conversation/nobody", 404, {}),
        ("GET", "/nowhere", 404, {}),
        ("POST", "/api/configure-plan", 400, {"json": {}}),
        ("PUT", "/api/configure-plan", 405, {"json": {}}),
        ("POST", "/conversations", 400, {"content": b"{", "headers": {"Content-Type": "application/json"}}),
    ):
        answer = api.ask(method, path, status, **sent)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.headers["x-request-id"]
    assert Gateway(kind, root).ask("GET", "/conversations", 401).headers["www-authenticate"].startswith("Bearer")
    assert api.ask("GET", "/health/ready").json()["status"] == "ok"
    assert api.ask("HEAD", "/health/live").content == b""


@pytest.mark.usefixtures("environment")
def test_one_connection_is_kept_from_one_request_to_the_next_and_a_lost_one_replaced(superuser: Superuser) -> None:
    api = gateway()
    ours = "SELECT pid FROM pg_stat_activity WHERE usename = 'arraigo_app' AND datname = current_database()"
    api.ask("GET", "/api/conversations")
    (first,) = superuser(ours)
    for _ in range(3):
        api.ask("GET", "/api/conversations")
    assert superuser(ours) == [first]
    superuser("SELECT pg_terminate_backend(%s)", first[0])
    api.ask("GET", "/api/conversations")
    (second,) = superuser(ours)
    assert second != first


def test_what_a_request_has_no_time_for_is_done_by_the_schedule(
    environment: dict[str, str], pdf: bytes, superuser: Superuser
) -> None:
    api = gateway()
    api.context = Context(seconds=5.0)  # all of it is kept back
    talk = api.ask("POST", "/api/configure-plan", json=CONFIGURE).json()["conversation_id"]
    added = api.ask("POST", f"/api/conversation/{talk}/documents", 202, files={"file": ("r.pdf", pdf)}).json()
    documents = f"/api/conversation/{talk}/documents"
    assert api.ask("GET", documents).json()["documents"][0]["processing_status"] == "pending"
    superuser("UPDATE arraigo.plan_work SET claimed_until = 'epoch'")
    done = handler({"arraigo": "work"}, Context(seconds=900))
    assert (done["worked_off"], "more" in done) == (1, False)
    (document,) = api.ask("GET", documents).json()["documents"]
    assert (document["id"], document["processing_status"]) == (added["id"], "processed")
    assert handler({"arraigo": "work", "thorough": True}, Context(seconds=900))["worked_off"] == 0
    with pytest.raises(BadSetting, match="no event 'play'"):
        handler({"arraigo": "play"}, Context())
    assert environment["ARRAIGO_BLOBS"].startswith("s3://")


def test_a_database_that_is_away_is_a_503_and_not_the_end(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://arraigo_app@127.0.0.1:9/nowhere")
    for kind in ("rest", "http"):
        answer = gateway(kind).ask("GET", "/api/conversations", 503)
        assert answer.headers["retry-after"]
        assert answer.json()["title"] == "Service unavailable"
    monkeypatch.setenv("DATABASE_URL", environment["DATABASE_URL"])
    gateway().ask("GET", "/api/conversations")


@pytest.mark.parametrize("missing", ["DATABASE_URL", "ARRAIGO_JWT_SECRET", "ARRAIGO_BLOBS"])
def test_what_would_be_lost_with_an_environment_is_refused(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    assert environment[missing]
    event = Gateway().event("GET", "/health/live", {}, b"")
    monkeypatch.delenv(missing)
    with pytest.raises(BadSetting, match=missing):
        handler(event, Context())


@pytest.mark.usefixtures("environment")
def test_an_answer_that_lambda_cannot_hand_on_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_handler, "MOST_ANSWERED", 100)
    answer = gateway().ask("GET", "/openapi.json", 500)
    assert "larger than" in answer.json()["detail"]


def _rest(resource: str, path: str, given: dict[str, str] | None) -> dict[str, Any]:
    return {"resource": resource, "path": path, "pathParameters": given, "requestContext": {"stage": "prod"}}


def _http(route: str, path: str, stage: str, given: dict[str, str] | None = None) -> dict[str, Any]:
    return {"routeKey": route, "pathParameters": given, "requestContext": {"stage": stage, "http": {"path": path}}}


@pytest.mark.parametrize(
    ("event", "root"),
    [
        (_rest("/api/cases/{id}", "/v1/api/cases/7", {"id": "7"}), "/v1"),
        (_rest("/{proxy+}", "/api/a b", {"proxy": "api/a b"}), ""),
        (_rest("/", "/", None), ""),
        (_http("GET /a/{id}", "/s/a/x", "s", {"id": "x"}), "/s"),
        (_http("$default", "/api", "api"), "/api"),
        (_http("$default", "/apis/x", "api"), ""),
    ],
)
def test_what_stands_before_our_paths_is_told_from_them(event: dict[str, Any], root: str) -> None:
    assert root_of(event) == root
