"""Over HTTP while the database is away: 202, and where it is."""

from collections.abc import AsyncIterator

import httpx
import pytest

import arraigo
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support.databases import address
from support.gate import Gate, came_in
from support.http import signed_in


@pytest.fixture
async def kept(server: EmbeddedServer, database: str, gate: Gate, settings: Settings) -> AsyncIterator[arraigo.Store]:
    url = address(server, "arraigo_app", database, gate.query)
    async with arraigo.open(
        load({"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": url, "ARRAIGO_JOURNAL": "on"})
    ) as store:
        yield store


@pytest.fixture
async def client(settings: Settings, kept: arraigo.Store) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in(settings, kept, "ana") as found:
        yield found


async def test_what_the_journal_takes_is_a_202(client: httpx.AsyncClient, kept: arraigo.Store, gate: Gate) -> None:
    for name in ("t", "old"):
        await client.post("/conversations", json={"title": "x", "external_id": name})
    sent = await client.post("/conversations/t/messages", json={"role": "user", "content": "uno"})
    assert (sent.status_code, sent.json()["stored"]) == (201, "database")
    gate.shut()
    sent = await client.post("/conversations/t/messages", json={"role": "user", "content": "dos"})
    assert (sent.status_code, sent.json()["stored"]) == (202, "journal")
    assert sent.json()["messages"][0]["sequence_number"] is None
    made = await client.post("/conversations", json={"title": "x", "external_id": "u"})
    assert (made.status_code, made.json()["stored"]) == (202, "journal")
    for answer in (
        await client.put("/state/n/k", json={"value": 1}),
        await client.delete("/state/n/k"),
        await client.delete("/state/n/never-seen"),
        await client.delete("/conversations/old"),
        await client.delete("/conversations/t/messages/1"),
    ):
        assert (answer.status_code, answer.json()) == (202, {"stored": "journal"}), answer.request.url
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "storage": "journal", "pending": 7})
    assert "arraigo_journal_pending 7.0" in (await client.get("/metrics", headers={"Host": "localhost"})).text
    read = await client.get("/conversations/t")
    assert [message["content"] for message in read.json()["messages"]] == ["", "dos"]
    listed = (await client.get("/conversations")).json()["conversations"]
    assert {talk["external_id"] for talk in listed} == {"u", "t"}
    for answer in (
        await client.get("/conversations/never-seen"),
        await client.patch("/conversations/t", json={"title": "y"}),
        await client.put("/state/n/k", json={"value": 1}, headers={"If-None-Match": "*"}),
    ):
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
    gate.open()
    await came_in(kept)
    assert (await client.get("/health/ready")).json() == {"status": "ok", "storage": "postgresql", "pending": 0}
    read = await client.get("/conversations/t/messages")
    assert [(m["sequence_number"], m["content"]) for m in read.json()["messages"]] == [(1, ""), (2, "dos")]
    assert (await client.get("/conversations/u")).json()["stored"] == "database"
    assert (await client.get("/conversations/old")).status_code == 404


async def test_the_same_key_again_is_the_same_message(
    client: httpx.AsyncClient, kept: arraigo.Store, gate: Gate
) -> None:
    await client.post("/conversations", json={"title": "x", "external_id": "t"})
    once = {"Idempotency-Key": "k"}
    for place in range(4):
        if place == 1:
            gate.shut()
        if place == 3:
            gate.open()
            await came_in(kept)
        sent = await client.post("/conversations/t/messages", json={"role": "user", "content": "uno"}, headers=once)
        assert sent.status_code in {201, 202}
    assert len((await client.get("/conversations/t/messages")).json()["messages"]) == 1
