"""`arraigo journal` and what `arraigo doctor` says of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.ids import uuid7
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support.commands import Command
from support.databases import address
from support.gate import Gate, came_in


@pytest.fixture
async def refused(settings: Settings, server: EmbeddedServer, database: str, gate: Gate) -> None:
    """One entry in quarantine, and one pending."""
    url = address(server, "arraigo_app", database, gate.query)
    environment = {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": url, "ARRAIGO_JOURNAL": "on"}
    async with arraigo.open(load(environment)) as store:
        me = store.as_user("ana")
        talk = await me.conversations.create(title="x", external_id="t")
        gate.shut()
        await me.messages.append(uuid7(), role="user", content="geheim")
        gate.open()
        await came_in(store)
        gate.shut()
        await me.messages.append(talk.id, role="user", content="geheim")


@pytest.mark.usefixtures("refused")
def test_what_is_pending_and_what_was_refused_is_shown(arraigo: Command, tmp_path: Path) -> None:
    doctor = arraigo("doctor", ARRAIGO_JOURNAL="on")
    assert doctor.returncode == 1
    assert "1 change in " in doctor.stdout
    assert "1 change of the journal that the database refused" in doctor.stdout
    assert "arraigo journal list" in doctor.stdout
    listed = arraigo("journal", "list", "--to", tmp_path / "refused.jsonl")
    assert listed.returncode == 0
    assert "the conversation is not there" in listed.stdout
    [entry] = json.loads(arraigo("journal", "list", "--json").stdout)["entries"]
    assert (entry["kind"], entry["user"]) == ("append", "ana")
    assert "geheim" not in doctor.stdout + listed.stdout + json.dumps(entry)
    written = json.loads((tmp_path / "refused.jsonl").read_text())
    assert written["entry"]["messages"][0]["content"] == "geheim"
    assert (tmp_path / "refused.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("refused")
def test_what_was_refused_can_be_tried_again(arraigo: Command, superuser: Callable[..., Any]) -> None:
    again = arraigo("journal", "retry")
    assert (again.returncode, "0 changes came in, 1 still in quarantine" in again.stdout) == (1, True)
    [entry] = json.loads(arraigo("journal", "list", "--json").stdout)["entries"]
    [(wanted,)] = superuser("SELECT (entry->>'conversation')::uuid FROM arraigo.quarantine WHERE id = %s", entry["id"])
    superuser("INSERT INTO arraigo.conversations (id, owner_id, title) SELECT %s, id, 'x' FROM arraigo.users", wanted)
    assert json.loads(arraigo("journal", "retry", "--json").stdout) == {"came_in": 1, "left": 0}
    assert "empty" in arraigo("doctor", ARRAIGO_JOURNAL="on").stdout
    assert superuser("SELECT content FROM arraigo.messages WHERE conversation_id = %s", wanted) == [("geheim",)]


def test_without_anything_it_says_so(arraigo: Command) -> None:
    assert "0 changes in quarantine" in arraigo("journal", "list").stdout
    assert "off: ARRAIGO_JOURNAL is off" in arraigo("doctor", ARRAIGO_JOURNAL="off").stdout
