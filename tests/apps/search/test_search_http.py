"""`GET /search`."""

from collections.abc import AsyncIterator

import httpx
import pytest

import arraigo
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings
from support.databases import drop_database
from support.http import signed_in


@pytest.fixture
async def client(settings: Settings, store: arraigo.Store) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's, who has said something."""
    me = store.as_user("ana")
    await me.conversations.create(title="Pedido", external_id="c-1", language="es")
    await me.messages.append("c-1", [("user", "Mi <b>pedido</b> & yo"), ("assistant", "Su pedido llega")])
    async with signed_in(settings, store, "ana") as found:
        yield found


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=PEDIDOS", [None, 2, 1]),
        ("q=pedido&role=user", [1]),
        ("q=pedido&conversation_id=c-1&kind=chat&limit=1", [None]),
        ("q=pedido&kind=interview", []),
        ("q=pedido&from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z", []),
        ("q=pedido%20-llega%20", [None, 1]),
        ("q=pedydo", [None, 2, 1]),
    ],
)
async def test_hits_come_as_asked(client: httpx.AsyncClient, query: str, numbers: list[int | None]) -> None:
    answer = await client.get(f"/search?{query}")
    assert answer.status_code == 200, answer.text
    assert sorted(map(str, numbers)) == sorted(str(hit["sequence_number"]) for hit in answer.json()["hits"])


async def test_a_snippet_is_text_in_pieces_and_neighbours_come_along(client: httpx.AsyncClient) -> None:
    found = (await client.get("/search?q=pedido&role=user&context=1")).json()
    assert found["hits"][0]["snippet"] == [
        {"text": "Mi <b>", "hit": False},
        {"text": "pedido", "hit": True},
        {"text": "</b> & yo", "hit": False},
    ]
    assert [one["text"] for one in found["hits"][0]["after"]] == ["Su pedido llega"]


async def test_pages_lead_to_the_end(client: httpx.AsyncClient) -> None:
    seen, cursor = [], ""
    while True:
        page = (await client.get(f"/search?q=pedido&limit=1{cursor}")).json()
        seen += [hit["sequence_number"] for hit in page["hits"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(map(str, seen)) == ["1", "2", "None"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("q=", 422),
        ("q=%20", 422),
        ("q=-x", 422),
        ("q=%00", 422),
        (f"q={'x' * 1001}", 422),
        (f"q={'x%20' * 33}", 422),
        ("q=x&limit=0", 422),
        ("q=x&limit=101", 422),
        ("q=x&context=6", 422),
        ("q=x&kind=y", 422),
        ("q=x&role=y", 422),
        ("q=x&from=2024-01-01T00:00:00", 422),
        ("q=x&to=soon", 422),
        ("q=x&cursor=y", 422),
        ("q=x&y=z", 422),
        ("q=x&conversation_id=nope", 404),
    ],
)
async def test_what_makes_no_sense_is_refused(client: httpx.AsyncClient, query: str, status: int) -> None:
    answer = await client.get(f"/search?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_its_database_it_is_a_503(
    client: httpx.AsyncClient, server: EmbeddedServer, database: str
) -> None:
    drop_database(server, database)
    answer = await client.get("/search?q=pedido")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
