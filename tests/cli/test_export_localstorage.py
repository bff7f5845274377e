"""`arraigo export localstorage`: interviews as browsers kept them, and back in another database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import arraigo as library
from arraigo import move
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings
from support import legacy_files as files
from support.commands import Command
from support.databases import address, drop_database, make_database

Superuser = Callable[..., list[tuple[Any, ...]]]
OTHER = f"{files.EMPLOYEE[:-1]}2"


@pytest.fixture
def elsewhere(server: EmbeddedServer) -> Iterator[str]:
    """Another database."""
    name = make_database(server)
    yield address(server, "postgres", name)
    drop_database(server, name)


def test_two_hundred_interviews_go_out_and_in_again_and_have_equal_fingerprints(
    arraigo: Command, owner_url: str, elsewhere: str, tmp_path: Path
) -> None:
    sessions = files.sessions(120) + [
        one | {"session_id": f"o-{number}"} for number, one in enumerate(files.sessions(80, employee=OTHER))
    ]
    report = move.run(f"localstorage:{files.write(tmp_path / 'saved.json', sessions)}", owner_url)
    assert report.ok
    file = tmp_path / "out.json"
    done = arraigo("export", "localstorage", "--all", "--to", file, "--json")
    assert done.returncode == 0, done.stderr
    messages = sum(len(one["conversation_history"]) for one in sessions)
    assert json.loads(done.stdout) == {
        "file": str(file), "bytes": file.stat().st_size, "interviews": 200, "messages": messages
    }  # fmt: skip
    assert file.stat().st_mode & 0o777 == 0o600
    there = {one["session_id"]: one for one in json.loads(file.read_bytes())["sessions"]}
    assert there == {one["session_id"]: one for one in sessions}
    again = move.run(f"localstorage:{file}", elsewhere)
    assert again.ok
    (first,), (second,) = report.units, again.units
    assert (second.source_rows, second.target_rows) == (200, 200)
    assert {first.source_fingerprint, first.target_fingerprint} == {
        second.source_fingerprint,
        second.target_fingerprint,
    }


async def test_what_was_said_here_and_what_began_here_is_in_it(
    arraigo: Command, owner_url: str, elsewhere: str, settings: Settings, superuser: Superuser, tmp_path: Path
) -> None:
    path = files.write(tmp_path / "saved.json", files.sessions(3, employee=None))
    assert move.run(f"localstorage:{path}?employee={files.EMPLOYEE}", owner_url).ok
    async with library.open(settings) as store:
        user = await store.sign_in(provider="employee", subject=files.EMPLOYEE)
        me = store.for_user(user.id)
        ((grown,),) = superuser("SELECT conversation_id FROM arraigo.interviews WHERE session_id = 's-0002'")
        superuser("UPDATE arraigo.conversations SET guarded = false")  # as if its interviewer had written it
        await me.messages.append(grown, [("user", "sí"), ("assistant", "¿y?")])
        new = await me.conversations.create(title="Interview", kind="interview", language="en")
        await me.messages.append(new.id, role="assistant", content="What do you do?", metadata={"topic": "role"})
    superuser(
        """INSERT INTO arraigo.interviews (conversation_id, owner_id, employee_id, language, technical_level, pending)
           VALUES (%s, %s, %s, 'en', 'advanced', 1)""",
        new.id, user.id, files.EMPLOYEE,
    )  # fmt: skip
    out, again = tmp_path / "out.json", tmp_path / "again.json"
    assert arraigo("export", "localstorage", "--user", files.EMPLOYEE, "--to", out).returncode == 0
    found = {one["session_id"]: one for one in json.loads(out.read_bytes())["sessions"]}
    assert {one["employee_id"] for one in found.values()} == {files.EMPLOYEE}
    assert [one["content"] for one in found["s-0002"]["conversation_history"][-2:]] == ["sí", "¿y?"]
    made = found[str(new.id)]
    assert (made["language"], made["technical_level"], made["status"]) == ("en", "advanced", "in_progress")
    assert made["conversation_history"][0]["role"] == "assistant"
    report = move.run(f"localstorage:{out}", elsewhere)
    assert report.ok
    environment = {"DATABASE_URL": elsewhere, "ARRAIGO_MIGRATION_URL": elsewhere}
    assert arraigo("export", "localstorage", "--all", "--to", again, **environment).returncode == 0
    assert again.read_bytes() == out.read_bytes()


def test_two_employees_sessions_of_one_name_go_out_and_in_again(
    arraigo: Command, owner_url: str, elsewhere: str, superuser: Superuser, tmp_path: Path
) -> None:
    sessions = [*files.sessions(3), *files.sessions(3, employee=OTHER)]
    for number in range(2):
        path = files.write(tmp_path / f"{number}.json", sessions[number * 3 : number * 3 + 3])
        assert move.run(f"localstorage:{path}", owner_url).ok
    superuser(
        """WITH c AS (INSERT INTO arraigo.conversations (owner_id, kind, title, language)
                      SELECT DISTINCT owner_id, 'interview', 't', 'en'::text FROM arraigo.interviews
                      RETURNING id, owner_id)
           INSERT INTO arraigo.interviews (conversation_id, owner_id, employee_id, language, technical_level)
           SELECT c.id, c.owner_id, i.employee_id, 'en', 'advanced' FROM c
             JOIN (SELECT DISTINCT owner_id, employee_id FROM arraigo.interviews) i USING (owner_id)"""
    )
    file, again = tmp_path / "out.json", tmp_path / "again.json"
    assert arraigo("export", "localstorage", "--all", "--to", file).returncode == 0
    report = move.run(f"localstorage:{file}", elsewhere)
    assert report.ok, report.rejects
    assert report.units[0].outcome == {"moved": 8}
    environment = {"DATABASE_URL": elsewhere, "ARRAIGO_MIGRATION_URL": elsewhere}
    assert arraigo("export", "localstorage", "--all", "--to", again, **environment).returncode == 0
    both = [json.loads(path.read_bytes())["sessions"] for path in (file, again)]
    first, second = ({(one["employee_id"], one["session_id"]): one for one in found} for found in both)
    assert first == second
    assert len(first) == len(both[0]) == 8
    before = file.read_bytes()
    assert move.rollback(report.run_id, elsewhere).ok
    assert file.read_bytes() == before


def test_one_interview_or_none(arraigo: Command, owner_url: str, tmp_path: Path) -> None:
    sessions = [*files.sessions(2), files.sessions(1, employee=OTHER)[0]]
    for number, part in enumerate((sessions[:2], sessions[2:])):
        assert move.run(f"localstorage:{files.write(tmp_path / f'{number}.json', part)}", owner_url).ok
    file = tmp_path / "out.json"
    assert arraigo("export", "localstorage", "--conversation", "s-0001", "--to", file).returncode == 0
    assert json.loads(file.read_bytes()) == {"sessions": [sessions[1]]}
    several = arraigo("export", "localstorage", "--conversation", "s-0000", "--to", file)
    assert (several.returncode, "say whose: --user U" in several.stderr) == (2, True)
    one = arraigo("export", "localstorage", "--conversation", "s-0000", "--user", OTHER, "--to", file)
    assert one.returncode == 0, one.stderr
    assert json.loads(file.read_bytes()) == {"sessions": [sessions[2]]}
    for wrong in (("--conversation", "x"), ("--user", "nobody"), (), ("--all", "--user", "ana")):
        assert arraigo("export", "localstorage", *wrong, "--to", file).returncode == 2
    assert json.loads(file.read_bytes()) == {"sessions": [sessions[2]]}
