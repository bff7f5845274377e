"""The service that knows the employees, on loopback: asked before anything is stored."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from arraigo.apps.interviews import context
from arraigo.apps.interviews.context import ContextService
from support.employees import ANA


@contextmanager
def service(*statuses: int) -> Iterator[tuple[str, list[str]]]:
    """Answers with these, one after the other, then with the last one; and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = statuses[min(len(asked), len(statuses) - 1)]
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def started(app: FastAPI, client: httpx.AsyncClient, url: str) -> httpx.Response:
    app.state.interviews = replace(app.state.interviews, context=ContextService(url))
    return await client.post("/interviews/start", json={})


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(context, "_PAUSE_SECONDS", 0.01)


async def test_an_employee_who_exists_is_interviewed(app: FastAPI, client: httpx.AsyncClient) -> None:
    with service(200) as (url, asked):
        assert (await started(app, client, url)).status_code == 201
        assert (await started(app, client, url + "/v2/{employee_id}/profile")).status_code == 201
    assert asked == [f"/employees/{ANA}", f"/v2/{ANA}/profile"]


async def test_an_employee_who_does_not_exist_is_a_404_and_nothing_is_stored(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    with service(404) as (url, asked):
        answer = await started(app, client, url)
    assert (answer.status_code, len(asked)) == (404, 1)
    assert "knows no employee" in answer.json()["message"]
    assert (await client.get("/interviews")).json()["meta"]["pagination"]["total_items"] == 0


async def test_a_service_that_stumbles_is_asked_again(app: FastAPI, client: httpx.AsyncClient) -> None:
    with service(500, 502, 200) as (url, asked):
        assert (await started(app, client, url)).status_code == 201
    assert len(asked) == 3


@pytest.mark.parametrize("status", [500, 401, 302])
async def test_a_service_that_says_neither_is_a_503_in_words(
    app: FastAPI, client: httpx.AsyncClient, status: int
) -> None:
    with service(status) as (url, _):
        answer = await started(app, client, url)
    assert answer.status_code == 503
    assert f"context service could not be asked about the employee: status {status}" in answer.json()["message"]
    assert answer.headers["retry-after"]
    assert url not in answer.text
    assert (await client.get("/interviews")).json()["data"] == []


async def test_a_service_that_is_away_is_a_503_in_words(app: FastAPI, client: httpx.AsyncClient) -> None:
    with service(200) as (url, _):
        pass
    answer = await started(app, client, url)
    assert answer.status_code == 503
    assert "nothing was stored" in json.dumps(answer.json())
