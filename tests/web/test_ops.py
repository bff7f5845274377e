from dataclasses import replace

import httpx
import pytest

import arraigo
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.server import create_app
from arraigo.settings import Settings
from conftest import drop_database
from support.http import client_of, signed_in


async def test_ready_says_where_messages_go(client: httpx.AsyncClient) -> None:
    del client.headers["authorization"]
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "storage": "postgresql", "pending": 0}


async def test_without_its_database_and_a_journal_it_is_alive_and_not_ready(
    settings: Settings, server: EmbeddedServer, database: str
) -> None:
    alone = replace(settings, journal="off")
    async with arraigo.open(alone) as store, signed_in(alone, store, "ana") as client:
        await _not_ready(client, server, database)


async def _not_ready(client: httpx.AsyncClient, server: EmbeddedServer, database: str) -> None:
    drop_database(server, database)
    assert (await client.get("/health/live")).status_code == 200
    ready = await client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.headers["content-type"] == "application/problem+json"
    assert ready.json()["pending"] == 0
    assert "retry-after" in ready.headers
    asked = await client.get("/conversations")
    assert asked.status_code == 503
    assert database not in asked.text


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {"Host": "[::1]:8080"}, 200),
        ("127.0.0.1", {"Host": "localhost"}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"Host": "evil.example.com"}, 403),
        ("127.0.0.1", {"Host": "["}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
    ],
)
async def test_without_a_token_of_their_own_the_metrics_are_for_this_machine(
    settings: Settings, store: arraigo.Store, host: str, headers: dict[str, str], status: int
) -> None:
    async with client_of(create_app(settings, store=store), host) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Bearer figures-please", 200),
        ("Bearer other", 401),
        ("Basic figures-please", 401),
        ("", 401),
        ("Bearer \xe9", 401),
    ],
)
async def test_with_a_token_of_their_own_the_metrics_want_it_from_anywhere(
    settings: Settings, store: arraigo.Store, header: str, status: int
) -> None:
    app = create_app(replace(settings, metrics_token="figures-please"), store=store)
    async with client_of(app, "192.0.2.7") as client:
        answer = await client.get("/metrics", headers={b"Authorization": header.encode("latin-1")})
    assert answer.status_code == status
