"""Plans as files: at once or in the background, by links that expire, and swept."""

import asyncio
from typing import Any

import pytest

import arraigo
from arraigo.apps.testplans import exporting
from arraigo.apps.testplans.work import sweep_exports
from support.testplans import Tester


async def test_a_small_plan_is_a_file_at_once_that_whoever_has_the_link_can_fetch(ana: Tester) -> None:
    made = await ana.planned()
    path = f"/api/plans/{made['plan_id']}/exports"
    export = await ana.ask("POST", path, 201, json={"format": "csv"})
    assert (export["status"], export["filename"], export["include_metadata"]) == ("ready", "plan.csv.csv", False)
    assert await ana.ask("GET", f"/api/exports/{export['id']}") | {"download_url": ""} == export | {"download_url": ""}
    got = await ana.client.get(export["download_url"], headers={"Authorization": ""})
    assert got.text == "TC-001,RF-01 caso 1\r\nTC-002,RF-02 caso 2\r\n"
    assert export["file_size"] == len(got.content)
    whole = await ana.ask("POST", path, 201, json={"format": "json", "include_metadata": True})
    assert "test_case,CREATE" in (await ana.client.get(whole["download_url"])).text
    talk = made["conversation_id"]
    assert len((await ana.ask("GET", f"/api/conversation/{talk}/documents"))["documents"]) == 1
    assert len((await ana.ask("GET", "/documents", params={"conversation_id": talk}))["documents"]) == 1


async def test_a_plan_that_cannot_be_written_so_fails_with_the_reason(ana: Tester, superuser: Any) -> None:
    made = await ana.planned()
    export = await ana.ask("POST", f"/api/plans/{made['plan_id']}/exports", 201, json={"format": "pdf"})
    assert (export["status"], export["error"], export["download_url"]) == ("failed", "this plan has no PDF", None)
    assert superuser("SELECT count(*) FROM arraigo.plan_work") == [(0,)]


async def test_a_large_plan_is_written_in_the_background(ana: Tester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    made = await ana.planned()
    export = await ana.ask("POST", f"/api/plans/{made['plan_id']}/exports", 202, json={"format": "csv"})
    assert (export["status"], export["download_url"]) == ("pending", None)
    async with asyncio.timeout(20):
        while export["status"] == "pending":
            await asyncio.sleep(0.02)
            export = await ana.ask("GET", f"/api/exports/{export['id']}")
    assert (await ana.client.get(export["download_url"])).text.startswith("TC-001")


async def test_what_is_expired_is_410_and_is_swept_with_its_bytes(
    ana: Tester, store: arraigo.Store, superuser: Any
) -> None:
    made = await ana.planned()
    old, new = [
        await ana.ask("POST", f"/api/plans/{made['plan_id']}/exports", 201, json={"format": "csv"}) for _ in range(2)
    ]
    superuser("UPDATE arraigo.plan_exports SET expires_at = now() WHERE id = %s", old["id"])
    await ana.ask("GET", f"/api/exports/{old['id']}", 410)
    assert await sweep_exports(store) == 1
    await ana.ask("GET", f"/api/exports/{old['id']}", 404)
    assert (await ana.client.get(old["download_url"])).status_code == 404
    assert (await ana.client.get(new["download_url"])).status_code == 200
    assert await store.sweep_blobs() == 1
    assert await sweep_exports(store) == 0
