import time
from collections.abc import Callable

import httpx
import jwt
import pytest

import arraigo
from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.web import auth
from arraigo.web.routing import GuardedRoute
from arraigo.web.tokens import secret
from support.http import bearer, client_of

PUBLIC = {
    *("/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json", "/move/snippet.js"),
    "/downloads/{token}/{filename:path}",  # whoever has the signed link
}


def test_every_route_that_is_not_public_wants_a_token(settings: Settings) -> None:
    open_routes = {route.path for route in create_app(settings).routes if not isinstance(route, GuardedRoute)}  # type: ignore[attr-defined] # every route here has a path
    assert open_routes == PUBLIC


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YW5hOmFuYQ==", "Digest x", "Token x", "bearer\tx", "Bearer \xe9"]
)
async def test_a_request_without_a_bearer_token_is_401(client: httpx.AsyncClient, header: str | None) -> None:
    del client.headers["authorization"]
    headers = {} if header is None else {b"Authorization": header.encode("latin-1")}
    answer = await client.get("/conversations", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_bad_token_is_401_and_says_why_without_quoting_it(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    expired = jwt.encode({"sub": "ana", "exp": time.time() - 60}, secret(settings) or "", algorithm="HS256")
    answer = await client.get("/conversations", headers={"Authorization": f"Bearer {expired}"})
    assert answer.status_code == 401
    assert (
        answer.headers["www-authenticate"] == 'Bearer error="invalid_token", error_description="the token has expired"'
    )
    assert expired not in answer.text


@pytest.mark.parametrize("path", ["/conversations", "/conversations/x", "/conversations/x/messages"])
async def test_without_a_token_nothing_of_the_body_counts(client: httpx.AsyncClient, path: str) -> None:
    del client.headers["authorization"]
    answer = await client.request("PATCH" if path.endswith("/x") else "POST", path, content=b"{not json")
    assert answer.status_code == 401


async def test_the_scheme_may_be_written_in_any_case(client: httpx.AsyncClient) -> None:
    client.headers["authorization"] = client.headers["authorization"].replace("Bearer", "bEARER")
    assert (await client.get("/conversations")).status_code == 200


async def test_the_first_token_of_somebody_makes_the_user_once(
    client: httpx.AsyncClient, settings: Settings, superuser: Callable[..., list[tuple[object, ...]]]
) -> None:
    for _ in range(3):
        assert (await client.get("/conversations", headers=bearer(settings, "bea"))).status_code == 200
    assert superuser("SELECT count(*) FROM arraigo.users WHERE username = 'bea'") == [(1,)]


async def test_a_token_and_the_python_handle_of_one_name_are_one_user(
    client: httpx.AsyncClient, store: arraigo.Store
) -> None:
    talk = await store.as_user("ana").conversations.create(title="mine")
    assert (await client.get(f"/conversations/{talk.id}")).status_code == 200


async def test_a_deactivated_user_is_403(
    settings: Settings, store: arraigo.Store, superuser: Callable[..., list[tuple[object, ...]]]
) -> None:
    await store.as_user("ana").id()
    superuser("UPDATE arraigo.users SET is_active = false")
    async with client_of(create_app(settings, store=store)) as client:
        answer = await client.get("/conversations", headers=bearer(settings, "ana"))
    assert answer.status_code == 403


async def test_a_token_is_checked_again_after_a_while(
    client: httpx.AsyncClient,
    superuser: Callable[..., list[tuple[object, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(auth, "_CACHED_SECONDS", -1.0)
    assert (await client.get("/conversations")).status_code == 200
    superuser("UPDATE arraigo.users SET is_active = false")
    assert (await client.get("/conversations")).status_code == 403


async def test_what_is_remembered_of_tokens_is_bounded(
    client: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "_MOST_CACHED", 2)
    for n in range(5):
        assert (await client.get("/conversations", headers=bearer(settings, f"user-{n}"))).status_code == 200
