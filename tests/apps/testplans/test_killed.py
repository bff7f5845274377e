"""A server that is killed while it reads a document: the next one reads it, once."""

import time
from pathlib import Path
from typing import Any

import httpx

from arraigo.settings import Settings
from support.http import bearer, serving
from support.testplans import CONFIGURE, DOCUMENT


def test_a_document_survives_the_server_that_was_to_read_it(settings: Settings, tmp_path: Path, superuser: Any) -> None:
    headers = bearer(settings, "ana")
    with serving(settings, tmp_path / "first") as server:
        made = httpx.post(f"{server.address}/api/configure-plan", json=CONFIGURE, headers=headers).json()
        path = f"/api/conversation/{made['conversation_id']}/documents"
        form = {"file": ("requisitos.md", DOCUMENT.encode())}
        assert httpx.post(server.address + path, files=form, headers=headers).status_code == 202
        server.process.kill()
        server.process.wait()
    assert superuser("SELECT processing_status FROM arraigo.documents") == [("pending",)]
    superuser("UPDATE arraigo.plan_work SET claimed_until = now()")  # a minute later
    with serving(settings, tmp_path / "second") as server:
        for _ in range(300):
            [document] = httpx.get(server.address + path, headers=headers).json()["documents"]
            if document["processing_status"] != "pending":
                break
            time.sleep(0.1)
        assert (document["processing_status"], document["total_requirements"]) == ("processed", 3), document
    assert superuser("SELECT count(*) FROM arraigo.plan_work") == [(0,)]
