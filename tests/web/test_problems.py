from typing import Any

import httpx
import pytest

from arraigo.errors import (
    AccessDenied,
    ArraigoError,
    BadSetting,
    CheckFailed,
    Conflict,
    Expired,
    InvalidInput,
    NotFound,
    TooLarge,
    Unavailable,
)
from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.web.problems import KINDS, slug


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (InvalidInput, 422),
        (TooLarge, 413),
        (NotFound, 404),
        (Expired, 410),
        (AccessDenied, 403),
        (Conflict, 409),
        (Unavailable, 503),
        (CheckFailed, 500),
        (BadSetting, 422),
        (ArraigoError, 500),
    ],
)
async def test_every_error_of_ours_has_its_status(settings: Settings, kind: type[ArraigoError], status: int) -> None:
    app = create_app(settings)

    @app.get("/raise")
    async def fail() -> None:
        raise kind("db.example.com is away", safe="nothing was changed")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/raise")
    assert answer.status_code == status
    body = answer.json()
    assert (body["status"], body["type"]) == (status, f"/docs#{slug(status)}")
    assert body["request_id"] == answer.headers["x-request-id"]
    if status >= 500:
        assert "example.com" not in answer.text
    else:
        assert body["detail"] == "db.example.com is away; nothing was changed"
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/role", "/content"]),
        ({"role": "nobody", "content": "x"}, ["/role"]),
        ({"role": "user", "content": "x", "colour": 1}, ["/colour"]),
        ({"role": "user", "content": "x", "a/b~c": 1}, ["/a~1b~0c"]),
        ({"role": "user", "content": "x", "id": "no-id-zzz"}, ["/id"]),
        ({"role": "user", "content": "x", "metadata": []}, ["/metadata"]),
        ({"messages": []}, ["/messages"]),
        ({"messages": [{"role": "user", "content": "x"}, {"role": "user"}]}, ["/messages/1/content"]),
        ({"messages": [{"role": "user", "content": 7}], "role": "user"}, ["/messages/0/content", "/role"]),
        ({"messages": "zzz"}, ["/messages"]),
        ([], [""]),
        ("zzz", [""]),
    ],
)
async def test_a_bad_field_is_named_by_its_place_and_not_quoted(
    client: httpx.AsyncClient, body: Any, pointers: list[str]
) -> None:
    answer = await client.post("/conversations/x/messages", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert "zzz" not in answer.text
    assert "z`" not in answer.text


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("kind=x", "kind"), ("lmit=5", "lmit")],
)
async def test_a_bad_parameter_is_named(client: httpx.AsyncClient, query: str, parameter: str) -> None:
    answer = await client.get(f"/conversations?{query}")
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


async def test_a_thousand_faults_are_not_a_thousand_lines(client: httpx.AsyncClient) -> None:
    answer = await client.post("/conversations/x/messages", json={"messages": [{}] * 1000})
    assert len(answer.json()["errors"]) == 20


async def test_an_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/conversations/", "//", "/conversations/x/y/z"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/conversations", "GET, HEAD, POST"),
        ("POST", "/conversations/x", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/conversations/x/messages/1", "DELETE, PATCH"),
        ("TRACE", "/health/live", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
async def test_405_says_all_that_is_allowed(client: httpx.AsyncClient, method: str, path: str, allowed: str) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


def test_every_kind_of_problem_has_a_name_of_its_own() -> None:
    assert len({slug(status) for status in KINDS}) == len(KINDS)
