import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi.responses import Response, StreamingResponse

from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.web.logs import fault
from support.http import bearer, serving


@pytest.mark.parametrize("given", ["abc-123", "A.b_C", "x" * 128])
async def test_a_sane_request_id_is_kept(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/health/live", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, 'a"b', "\xe9"])
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/health/live", headers={b"X-Request-ID": given.encode("latin-1")})
    assert len(answer.headers["x-request-id"]) == 36
    assert answer.headers["x-request-id"] != given


@pytest.mark.parametrize("path", ["/health/live", "/conversations", "/nothing", "/openapi.json"])
async def test_every_answer_has_the_headers_that_protect_it(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


async def test_a_fault_is_a_500_without_details(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/fault")
    async def fail() -> None:
        raise RuntimeError("what Ana said")

    async with client_of_unopened(app) as client:
        answer = await client.get("/fault", headers={"X-Request-ID": "find-me"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == "find-me"
    assert "Ana" not in answer.text


def client_of_unopened(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")  # type: ignore[arg-type] # a FastAPI


async def test_half_an_answer_is_broken_off_rather_than_made_to_look_whole(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/half")
    async def half() -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("what Ana said")

        return StreamingResponse(parts())

    async with client_of_unopened(app) as client:
        with pytest.raises(RuntimeError):
            await client.get("/half")


def test_a_logged_fault_has_places_and_no_words() -> None:
    try:
        raise RuntimeError("what Ana said") from ValueError("what Ana said")  # noqa: TRY301 - to be caught
    except RuntimeError as error:
        found = fault(error)
    assert found["error"] == "RuntimeError"
    assert found["cause"]["error"] == "ValueError"
    assert "test_middleware.py" in found["trace"][0]
    assert "Ana" not in json.dumps(found)


async def test_head_is_answered_as_get(client: httpx.AsyncClient) -> None:
    assert (await client.head("/health/ready")).status_code == 200
    assert (await client.head("/conversations")).status_code == 200


async def test_other_sites_are_let_in_only_where_the_settings_say_so(settings: Settings) -> None:
    from dataclasses import replace

    origin = {"Origin": "https://app.example.com"}
    asking = origin | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    async with client_of_unopened(create_app(settings)) as client:
        assert "access-control-allow-origin" not in (await client.get("/health/live", headers=origin)).headers
        assert (await client.options("/conversations", headers=asking)).status_code == 405
    allowed = replace(settings, cors_origins=("https://app.example.com",))
    async with client_of_unopened(create_app(allowed)) as client:
        assert (await client.options("/conversations", headers=asking)).status_code == 200
        answer = await client.get("/nothing", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://app.example.com"
        foreign = await client.get("/health/live", headers={"Origin": "https://evil.example.com"})
        assert "access-control-allow-origin" not in foreign.headers


async def test_requests_are_counted_by_template(client: httpx.AsyncClient) -> None:
    await client.get("/conversations/a-name-of-somebody")
    await client.request("ODD", "/odd")
    figures = (await client.get("/metrics")).text
    assert 'arraigo_http_requests_total{method="GET",route="/conversations/{id}",status="404"} 1.0' in figures
    assert 'arraigo_http_requests_total{method="other",route="unmatched",status="404"} 1.0' in figures
    assert "arraigo_http_request_seconds_bucket" in figures
    assert "arraigo_http_requests_in_flight 1.0" in figures
    assert "somebody" not in figures


def test_the_log_has_one_line_for_a_request_and_no_words_of_it(settings: Settings, tmp_path: Path) -> None:
    words = "palabras-privadas"
    with serving(settings, tmp_path / "log") as server:
        headers = bearer(settings, "ana") | {"X-Request-ID": "one"}
        made = httpx.post(
            f"{server.address}/conversations", json={"title": words, "external_id": words}, headers=headers
        )
        assert made.status_code == 201
        httpx.post(f"{server.address}/conversations/{words}/messages", json={"role": words}, headers=headers)
        httpx.get(f"{server.address}/{words}?q={words}", headers=headers)
        httpx.get(f"{server.address}/health/live")
        server.process.terminate()
        server.process.wait(20)
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("POST", "/conversations", 201),
        ("POST", "/conversations/{id}/messages", 422),
        ("GET", "unmatched", 404),
    ]
    assert {line["request_id"] for line in requests} == {"one"}
    assert requests[0]["user_id"] == requests[1]["user_id"] is not None
    assert words not in text
    assert headers["Authorization"].removeprefix("Bearer ") not in text
