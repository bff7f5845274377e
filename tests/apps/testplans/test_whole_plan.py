"""A document becomes a plan that is edited, accepted and exported, all over HTTP; nothing is lost after."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from arraigo.settings import Settings
from support.http import bearer, serving
from support.papers import ENGLISH, SPANISH, Paper
from support.papers.office import as_docx
from support.papers.printing import as_pdf
from support.testplans import Tester

_SECONDS = 120  # for a page of a real document on a busy machine


async def read(ana: Tester, talk: str) -> dict[str, Any]:
    async with asyncio.timeout(_SECONDS):
        while True:
            [found] = (await ana.ask("GET", f"/api/conversation/{talk}/documents"))["documents"]
            if found["processing_status"] != "pending":
                return dict(found)
            await asyncio.sleep(0.1)


async def everything(ana: Tester, talk: str, plan: str) -> dict[str, Any]:
    """What a person sees of a plan after a reload."""
    seen = {
        "talk": await ana.ask("GET", f"/api/conversation/{talk}"),
        "plan": await ana.ask("GET", f"/api/plans/{plan}"),
        "coverage": await ana.ask("GET", f"/api/plans/{plan}/coverage"),
        "requirements": await ana.ask("GET", f"/api/conversation/{talk}/requirements"),
        "report": await ana.ask("GET", "/api/reports"),
    }
    first = seen["plan"]["test_cases"][0]["id"]
    return seen | {"log": await ana.ask("GET", f"/api/cases/{first}/modifications")}


async def worked_on(ana: Tester, plan: str) -> None:
    """The first case is edited, half of all are accepted, one is made by hand."""
    cases = (await ana.ask("GET", f"/api/plans/{plan}"))["test_cases"]
    first = cases[0]["id"]
    tag = (await ana.client.get(f"/api/cases/{first}")).headers["ETag"]
    changed = {"test_case_name": "=SUM(A1:A9)", "priority": "BAJA"}
    await ana.ask("PATCH", f"/api/cases/{first}", json=changed, headers={"If-Match": tag})
    await ana.ask("PATCH", f"/api/cases/{first}", 412, json={"priority": "ALTA"}, headers={"If-Match": tag})
    half = [case["id"] for case in cases[: len(cases) // 2]]
    await ana.ask("POST", f"/api/plans/{plan}/decide", json={"case_ids": half, "status": "ACCEPTED"})
    await ana.ask("POST", f"/api/plans/{plan}/cases", 201, json={"test_case_name": "A mano", "test_steps": ["Probar"]})


@pytest.mark.parametrize(
    ("paper", "printed", "name"),
    [
        pytest.param(SPANISH, as_pdf, "requisitos.pdf", id="spanish-pdf"),
        pytest.param(ENGLISH, as_docx, "requirements.docx", id="english-docx"),
    ],
)
async def test_from_a_document_to_an_export_and_all_of_it_is_there_in_a_new_process(
    settings: Settings, tmp_path: Path, paper: Paper, printed: Callable[[Paper], bytes], name: str
) -> None:
    headers = bearer(settings, "ana")
    document = await asyncio.to_thread(printed, paper)
    settings_of_plan = {
        "plan_title": paper.title,
        "plan_type": "UNITARIAS",
        "coverage_percentage": 80,
        "min_test_cases": 1,
        "max_test_cases": 150,
        "project_context": paper.title,
    }
    with serving(settings, tmp_path / "first.log") as server:
        async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=_SECONDS) as client:
            ana = Tester(client)
            talk = (await ana.ask("POST", "/api/configure-plan", json=settings_of_plan))["conversation_id"]
            await ana.ask("POST", f"/api/conversation/{talk}/documents", 202, files={"file": (name, document)})
            assert (await read(ana, talk))["processing_status"] == "processed"
            made = await ana.generate(talk)
            plan = made["plan_id"]
            assert 1 <= len(made["generated_cases"]) <= 150
            await worked_on(ana, plan)
            more = await ana.generate(talk, "quita los duplicados" if paper.language == "es" else "remove duplicates")
            assert more["plan_id"] == plan
            export = await ana.ask("POST", f"/api/plans/{plan}/exports", 201, json={"format": "excel"})
            kept = await everything(ana, talk, plan)
            server.process.kill()
    with serving(settings, tmp_path / "second.log") as server:
        async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=_SECONDS) as client:
            ana = Tester(client)
            assert await everything(ana, talk, plan) == kept
            found = await ana.ask("GET", f"/api/exports/{export['id']}")
            book = openpyxl.load_workbook(io.BytesIO((await client.get(found["download_url"])).content))
    names = {cell.value: cell.data_type for row in book.worksheets[1].iter_rows() for cell in row}
    cases = [case for case in kept["plan"]["test_cases"] if case["status"] != "DISCARDED"]
    texts = [str(text) for text in names]
    assert all(any(case["test_case_name"] in text for text in texts) for case in cases)
    assert [kind for value, kind in names.items() if "SUM(A1:A9)" in str(value)] == ["s"]
    assert any(entry["new_value"] == "=SUM(A1:A9)" for entry in kept["log"]["modifications"])
    logged = (tmp_path / "first.log").read_text()
    assert "/api/generate-plan" in logged
    assert paper.title not in logged
