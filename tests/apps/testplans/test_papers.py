"""Documents are read in the background: once, whoever is killed; new versions keep codes and links."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.apps.testplans.reader import ProcessReader
from arraigo.apps.testplans.work import Work
from arraigo.errors import InvalidInput
from support.testplans import DOCUMENT, Lines, Tester, until, write


async def requirements(ana: Tester, talk: str) -> dict[str, str]:
    found = (await ana.ask("GET", f"/api/conversation/{talk}/requirements"))["requirements"]
    assert len({one["id"] for one in found}) == len(found)
    return {one["id"]: one["text"] for one in found}


async def test_a_document_that_cannot_be_read_fails_with_the_reason(ana: Tester, superuser: Any) -> None:
    talk = await ana.configure()
    failed = await ana.upload(talk, "ILEGIBLE")
    assert (failed["processing_status"], failed["processing_error"]) == ("failed", "the PDF is encrypted")
    assert superuser("SELECT count(*) FROM arraigo.plan_work") == [(0,)]
    assert await requirements(ana, talk) == {}


async def test_a_document_that_came_another_way_is_read_too_and_one_beside_a_chat_is_not(
    ana: Tester, store: arraigo.Store, superuser: Any
) -> None:
    talk = await ana.configure()
    added = await ana.ask(
        "POST", "/documents", 202, data={"conversation_id": talk}, files={"file": ("a.md", DOCUMENT.encode())}
    )
    assert superuser("SELECT kind FROM arraigo.plan_work") == [("document",)]
    assert await Work(store, Lines(), write).off() == 1
    assert (await ana.processed(talk, added["id"]))["total_requirements"] == 3
    chat = (await ana.ask("POST", "/conversations", 201, json={"title": "x"}))["id"]
    await ana.ask("POST", "/documents", 202, data={"conversation_id": chat}, files={"file": ("a.md", b"RF-01 x")})
    assert superuser("SELECT count(*) FROM arraigo.plan_work") == [(0,)]
    await ana.ask("POST", f"/api/conversation/{chat}/documents", 404, files={"file": ("a.md", b"x")})


async def test_a_new_version_keeps_the_links_of_requirements_that_stay(ana: Tester) -> None:
    made = await ana.planned()
    talk = made["conversation_id"]
    await ana.upload(talk, "RF-01 El peso es de 1 a 40 kg.\nRF-04 Otro.\n")
    assert await requirements(ana, talk) == {"RF-01": "El peso es de 1 a 40 kg.", "RF-04": "Otro."}
    cases = (await ana.ask("GET", f"/api/plans/{made['plan_id']}"))["test_cases"]
    assert [case["requirement_ids"] for case in cases] == [["RF-01"], []]
    coverage = await ana.ask("GET", f"/api/plans/{made['plan_id']}/coverage")
    assert (coverage["covered_requirements"], coverage["total_requirements"]) == (1, 2)


async def test_codes_of_other_documents_are_made_unique_and_the_same_statement_is_there_once(ana: Tester) -> None:
    talk = await ana.configure()
    await ana.upload(talk, "RF-01 Uno.\nRF-02 Dos.\n", "a.md")
    await ana.upload(talk, "RF-01 Otro uno.\nRF-02 Dos.\nRF-01 Tercero.\n", "b.md")
    assert await requirements(ana, talk) == {
        "RF-01": "Uno.",
        "RF-02": "Dos.",
        "RF-01-2": "Otro uno.",
        "RF-01-3": "Tercero.",
    }
    again = await ana.upload(talk, "RF-01 Otro uno.\nRF-01 Tercero.\n", "b.md")
    assert await requirements(ana, talk) == {
        "RF-01": "Uno.",
        "RF-02": "Dos.",
        "RF-01-2": "Otro uno.",
        "RF-01-3": "Tercero.",
    }
    await ana.ask("DELETE", f"/documents/{again['id']}", 204)
    assert await requirements(ana, talk) == {"RF-01": "Uno.", "RF-02": "Dos."}


async def test_codes_stay_unique_however_many_documents_come_at_once(ana: Tester) -> None:
    talk = await ana.configure()
    texts = [f"RF-01 Uno {n}.\nRF-01 Dos {n}.\n" for n in range(5)]
    await asyncio.gather(*(ana.upload(talk, text, f"{n}.md") for n, text in enumerate(texts)))
    assert len(await requirements(ana, talk)) == 10


async def test_two_workers_read_a_document_once(ana: Tester, store: arraigo.Store, reader: Lines) -> None:
    talk = await ana.configure()
    others = [Work(store, Lines(), write) for _ in range(3)]
    reader.gate.clear()
    added = await ana.ask("POST", f"/api/conversation/{talk}/documents", 202, files={"file": ("a.md", b"RF-01 x")})
    done = await asyncio.gather(*(other.off() for other in others))
    reader.gate.set()
    assert (await ana.processed(talk, added["id"]))["total_requirements"] == 1
    assert sum(done) + reader.read_so_far == 1


async def test_what_a_killed_process_left_is_taken_up_and_given_up_after_three_times(
    ana: Tester, store: arraigo.Store, superuser: Any
) -> None:
    talk = await ana.configure()
    for attempts, status in ((1, "processed"), (3, "failed")):
        form: Any = {"data": {"conversation_id": talk}, "files": {"file": ("a.md", b"RF-01 x")}}
        added = await ana.ask("POST", "/documents", 202, **form)
        superuser("UPDATE arraigo.plan_work SET claimed_until = now() + interval '1 minute', attempts = %s", attempts)
        assert await Work(store, Lines(), write).off() == 0
        superuser("UPDATE arraigo.plan_work SET claimed_until = now()")
        assert await Work(store, Lines(), write).off() == 1
        assert (await ana.processed(talk, added["id"]))["processing_status"] == status


async def test_a_document_that_is_deleted_while_it_is_read_leaves_nothing(
    ana: Tester, reader: Lines, superuser: Any
) -> None:
    talk = await ana.configure()
    reader.gate.clear()
    added = await ana.ask("POST", f"/api/conversation/{talk}/documents", 202, files={"file": ("a.md", b"RF-01 x")})
    await until(lambda: superuser("SELECT attempts FROM arraigo.plan_work") == [(1,)])
    await ana.ask("DELETE", f"/documents/{added['id']}", 204)
    reader.gate.set()
    await until(lambda: superuser("SELECT count(*) FROM arraigo.plan_work") == [(0,)])
    assert await requirements(ana, talk) == {}


async def test_a_server_that_stops_gives_back_what_it_was_at(ana: Tester, store: arraigo.Store, superuser: Any) -> None:
    talk = await ana.configure()
    slow = Lines()
    slow.gate.clear()
    async with Work(store, slow, write).at_hand():
        await ana.ask("POST", "/documents", 202, data={"conversation_id": talk}, files={"file": ("a.md", b"RF-01 x")})
        async with Work(store, slow, write).at_hand():
            await until(lambda: superuser("SELECT attempts FROM arraigo.plan_work") == [(1,)])
    assert superuser("SELECT claimed_until <= now(), attempts FROM arraigo.plan_work") == [(True, 0)]


@pytest.fixture
def parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """A parser in the place of ours, for a process of its own."""
    program = tmp_path / "python"
    program.write_text(f"#!{sys.executable}\nimport sys\nexec(open({str(tmp_path / 'parser.py')!r}).read())\n")
    program.chmod(0o755)
    monkeypatch.setattr("arraigo.apps.testplans.reader.sys.executable", str(program))
    return (tmp_path / "parser.py").write_text


async def test_a_parser_that_dies_hangs_or_talks_nonsense_is_a_reason_and_not_our_end(
    parser: Callable[[str], int],
) -> None:
    for program, why in (
        ("import os; os.kill(os.getpid(), 9)", "brought down"),
        ("print('x')", "brought down"),
        ("import time; time.sleep(60)", "more than 1 seconds"),
        (f"print({json.dumps(json.dumps({'refused': 'it is encrypted'}))})", "it is encrypted"),
    ):
        parser(program)
        with pytest.raises(InvalidInput, match=why):
            await ProcessReader(seconds=1).read(b"x", "a.pdf", "application/pdf")


async def test_a_parser_sees_no_secrets(parser: Callable[[str], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    parser(
        "import json, os; print(json.dumps({'extraction': {'language': 'es', 'text': ' '.join(sorted(os.environ))}}))"
    )
    found = await ProcessReader().read(b"x", "a.md", "text/markdown")
    assert "PATH" in found.text
    assert "DATABASE_URL" not in found.text
