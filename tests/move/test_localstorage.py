"""Interviews out of browsers' localStorage: moved, proved, continued, and written again as they were."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

import arraigo
from arraigo import move
from arraigo.errors import InvalidInput
from arraigo.ids import derived
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]
EMPLOYEE = files.EMPLOYEE
OTHERS = {"theme": "dark", "access_token": "ey.geheim.x", "count": "3", "draft": '{"text": "hola"}', "list": "[1]"}


def dump_of(sessions: list[dict[str, Any]]) -> dict[str, str]:
    """A localStorage with these sessions, and what else a page keeps there."""
    texts = {f"interview_{one['session_id']}": json.dumps(one, ensure_ascii=False) for one in sessions}
    return {"theme": OTHERS["theme"], **texts, **OTHERS}


FORMS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "list": lambda sessions: sessions,
    "by id": lambda sessions: {one["session_id"]: one for one in sessions},
    "wrapped": lambda sessions: {"sessions": sessions},
    "wrapped by id": lambda sessions: {"sessions": {one["session_id"]: one for one in sessions}},
    "texts": lambda sessions: {f"i-{one['session_id']}": json.dumps(one) for one in sessions},
    "dump": dump_of,
    "one": lambda sessions: sessions[1],
}


@pytest.mark.parametrize("form", FORMS)
def test_whatever_was_saved_is_moved_proved_and_written_again(
    tmp_path: Path, owner_url: str, superuser: Superuser, form: str
) -> None:
    sessions = files.sessions(9)
    path = files.write(tmp_path / "saved.json", FORMS[form](sessions))
    before = path.read_bytes()
    report = move.run(f"localstorage:{path}", owner_url)
    assert report.ok
    moved = 1 if form == "one" else 9
    assert report.units[0].source_rows == moved
    assert superuser("SELECT count(*) FROM arraigo.interviews") == [(moved,)]
    assert move.run(f"localstorage:{path}", owner_url).units[0].outcome == {"unchanged": moved}
    path.unlink()
    report = move.rollback(report.run_id, owner_url)
    assert report.ok
    if form == "dump":  # what holds no interview was not moved
        assert json.loads(path.read_bytes()) == {
            key: text for key, text in json.loads(before).items() if key.startswith("interview_")
        }
    elif form == "texts":  # an escape within a text is an escape no more
        assert {k: json.loads(v) for k, v in json.loads(path.read_bytes()).items()} == {
            k: json.loads(v) for k, v in json.loads(before).items()
        }
    else:
        assert path.read_bytes() == before


def test_an_interview_stands_under_the_user_with_the_employees_identity(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "saved.json", files.sessions(4))
    assert move.run(f"localstorage:{path}", owner_url).ok
    ((owner,),) = superuser(
        "SELECT user_id FROM arraigo.user_identities WHERE provider = 'employee' AND subject = %s", EMPLOYEE
    )
    ((key,),) = superuser("SELECT id_key FROM arraigo.installation")
    found = superuser(
        """SELECT c.id, c.owner_id, c.kind, c.status, c.language, c.external_id, c.completed_at IS NOT NULL,
                  i.session_id, i.employee_id, i.technical_level, i.turn, i.pending,
                  (i.state->>'asked')::int, c.last_sequence
             FROM arraigo.conversations c JOIN arraigo.interviews i ON i.conversation_id = c.id ORDER BY i.session_id"""
    )
    assert [(row[0], row[7]) for row in found] == [
        (derived(bytes(key), "interview", EMPLOYEE, f"s-{number:04}"), f"s-{number:04}") for number in range(4)
    ]
    assert {row[1] for row in found} == {owner}
    assert [row[2:7] for row in found] == [
        ("interview", status, "es", None, status == "completed")
        for status in ("completed", "active", "active", "completed")
    ]
    assert [row[8:] for row in found] == [
        (UUID(EMPLOYEE), "intermediate", 0, None, 1, 1),
        (UUID(EMPLOYEE), "intermediate", 0, None, 1, 2),
        (UUID(EMPLOYEE), "intermediate", 0, 3, 2, 3),
        (UUID(EMPLOYEE), "basic", 0, None, 2, 4),
    ]


def test_sessions_that_name_nobody_belong_to_whom_the_address_names(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "saved.json", files.sessions(3, employee=None))
    report = move.run(f"localstorage:{path}", owner_url)
    assert not report.ok
    assert {one.reason for one in report.rejects} == {
        "names no employee: say whose it is, as localstorage:PATH?employee=UUID or in its 'employee_id'"
    }
    before = path.read_bytes()
    report = move.run(f"localstorage:{path}?employee={EMPLOYEE.upper()}", owner_url)
    assert report.ok
    assert superuser("SELECT DISTINCT employee_id::text FROM arraigo.interviews") == [(EMPLOYEE,)]
    assert move.verify(report.run_id, owner_url).ok
    again = move.run(f"localstorage:{path}?employee={EMPLOYEE}", owner_url)
    assert (again.run_id, again.units[0].outcome) == (report.run_id, {"unchanged": 3})
    other = move.run(f"localstorage:{path}?employee={EMPLOYEE[:-1]}2", owner_url)
    assert other.ok
    assert other.run_id != report.run_id
    assert superuser("SELECT count(*), count(DISTINCT owner_id) FROM arraigo.interviews") == [(6, 2)]
    assert move.rollback(report.run_id, owner_url).ok
    assert path.read_bytes() == before


def test_keys_that_hold_no_interview_are_named_and_not_kept_anywhere(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "localstorage.json", dump_of(files.sessions(2)))
    report = move.run(f"localstorage:{path}", owner_url)
    assert report.ok
    assert [one.what for one in report.transformations if "left out" in one.what] == [
        f"the key {key!r} of localstorage.json was left out" for key in OTHERS
    ]
    assert move.plan(f"localstorage:{path}").ignored == {
        f"the key {key!r} of localstorage.json": "it holds no interview" for key in OTHERS
    }
    ((everything,),) = superuser(
        """SELECT string_agg(t::text, '') FROM (SELECT to_jsonb(r) AS t FROM arraigo_move.rejected r UNION ALL
           SELECT to_jsonb(r) FROM arraigo_move.runs r UNION ALL SELECT to_jsonb(c) FROM arraigo.conversations c) x"""
    )
    assert "geheim" not in everything


def session(content: str = '"hola"', role: str = '"user"', **others: str) -> str:
    more = "".join(f', "{name}": {value}' for name, value in others.items())
    return f'{{"employee_id": "{EMPLOYEE}", "conversation_history": [{{"role": {role}, "content": {content}}}]{more}}}'


BAD = {
    "wizard": (session(role='"wizard"'), "message 1: 'role' is none of assistant, system, tool, user"),
    "no-text": (session("5"), "message 1: 'content' is a number, not a text"),
    "parts": (session('["a"]'), "message 1: 'content' is a list, not a text"),
    "nul": (session('"a\\u0000b"'), "has a text with NUL (\\u0000), which PostgreSQL cannot keep"),
    "half": (session('"\\ud83d"'), "has a text with a lone surrogate, half of a character"),
    "year-1": (session(started_at='"0001-01-01T00:00:00Z"'), "'started_at' has a date in the year 0001"),
    "year-9999": (session(completed_at='"9999-12-31T00:00:00Z"'), "'completed_at' has a date in the year 9999"),
    "no-date": (session(started_at='"ayer"'), "'started_at' has a text that is no ISO 8601 date"),
    "french": (session(language='"fr"'), "'language' is none of en, es, pt"),
    "state": (session(status='"lost"'), "'status' is none of cancelled, completed, in_progress"),
    "nobody": (session().replace(EMPLOYEE, "ana"), "'employee_id' is no UUID"),
    "no-list": (
        f'{{"employee_id": "{EMPLOYEE}", "conversation_history": {{}}}}',
        "'conversation_history' is an object",
    ),
    "cut": (session()[:-3], "is not JSON at its character"),
    "many": (f"[{session()}, {session()}]", "is a list, not an object"),
}


@pytest.mark.parametrize("quoted", [False, True])
def test_damaged_ones_are_rejected_with_their_place_and_kept(
    tmp_path: Path, owner_url: str, superuser: Superuser, *, quoted: bool
) -> None:
    members = [("first", session()), *((key, raw) for key, (raw, _) in BAD.items() if quoted or key != "cut")]
    members += [("twice", session(session_id='"first"')), ("last", session())]
    raws = {key: json.dumps(raw) if quoted else raw for key, raw in members}
    text = "{\n" + ",\n".join(f"{json.dumps(key)}: {raw}" for key, raw in raws.items()) + "\n}\n"
    path = tmp_path / "saved.json"
    path.write_text(text, encoding="utf-8")
    report = move.run(f"localstorage:{path}", owner_url)
    assert not report.ok
    assert (report.lost, report.extra, report.changed) == (0, 0, 0)
    found = {one.key: one for one in report.rejects}
    assert set(found) == {key for key, _ in members} - {"first", "last"}
    assert found["twice"].reason == "has an earlier record's id"
    for key in found.keys() - {"twice"}:
        assert found[key].reason.startswith(BAD[f"{key}"][1])
    for key in found:
        assert text[found[key].byte :].startswith(json.dumps(key))
    kept = superuser("SELECT key, raw FROM arraigo_move.rejected ORDER BY position")
    assert {key: raw.decode() for key, raw in kept} == {key: raws[f"{key}"] for key in found}
    assert superuser("SELECT session_id FROM arraigo.interviews ORDER BY 1") == [("first",), ("last",)]
    settled = move.run(f"localstorage:{path}", owner_url, allow_rejects=True)
    assert settled.ok
    assert move.rollback(settled.run_id, owner_url).ok
    assert path.read_text(encoding="utf-8") == text


def test_partial_ones_are_taken(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    histories: dict[str, list[dict[str, Any]]] = {
        "nothing": [],
        "one": [{"role": "assistant", "content": "¿Cuál es su puesto?"}],
        "answered": [{"role": "ai", "content": "¿Cuál?"}, {"role": "Human", "content": "Soldador", "mood": "😀"}],
        "silent": [{"role": "bot", "content": "¿Cuál?"}, {"role": "user", "content": ""}],
    }
    sessions = [
        {"session_id": name, "conversation_history": history, "language": "pt-BR", "is_complete": False, "v": [1.0]}
        for name, history in histories.items()
    ]
    path = files.write(tmp_path / "saved.json", sessions, indent=2, ensure_ascii=False)
    before = path.read_bytes()
    report = move.run(f"localstorage:{path}?employee={EMPLOYEE}", owner_url)
    assert report.ok
    assert superuser("SELECT session_id, language, pending FROM arraigo.interviews ORDER BY 1") == [
        ("answered", "pt", None),
        ("nothing", "pt", None),
        ("one", "pt", 1),
        ("silent", "pt", None),
    ]
    assert {role for (role,) in superuser("SELECT role FROM arraigo.messages")} == {"assistant", "user"}
    assert move.rollback(report.run_id, owner_url).ok
    assert path.read_bytes() == before


def test_a_file_that_was_cut_off_is_rejected_whole(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    path = tmp_path / "one.json"
    path.write_text(f'{{"session_id": "a", "employee_id": "{EMPLOYEE}", "conversation_history": [{{"role": "us')
    report = move.run(f"localstorage:{path}", owner_url)
    assert [one.reason[:12] for one in report.rejects] == ["is not JSON "]
    assert superuser("SELECT raw FROM arraigo_move.rejected") == [(path.read_bytes(),)]


@pytest.mark.parametrize("text", ["", "{}", "[]", "17", '{"theme": "dark"}', '[{"role": "user"}]', '"x"'])
def test_no_interviews_are_no_success(tmp_path: Path, owner_url: str, text: str) -> None:
    path = tmp_path / "localstorage.json"
    path.write_text(text)
    for source in (path, tmp_path):
        with pytest.raises(InvalidInput):
            move.run(f"localstorage:{source}", owner_url)


def test_a_folder_of_browsers_is_one_move(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    for number in range(3):
        sessions = files.sessions(4, employee=f"{EMPLOYEE[:-1]}{number}")
        files.write(tmp_path / f"browser-{number}.json", dump_of(sessions) if number else sessions)
    files.write(tmp_path / "package.json", {"name": "page"})
    report = move.run(f"localstorage:{tmp_path}", owner_url)
    assert report.ok
    assert [unit.name for unit in report.units] == [f"browser-{number}.json" for number in range(3)]
    assert any(one.what == "package.json was left out" for one in report.transformations)
    assert superuser("SELECT count(*), count(DISTINCT owner_id) FROM arraigo.interviews") == [(12, 3)]


async def go_on(store: arraigo.Store, owner: UUID, conversation: UUID, *, final: bool) -> None:
    """Take a turn, as the interviewer's service does."""

    def message(id: UUID, content: str) -> str:
        return json.dumps({"id": str(id), "content": content, "metadata": None})

    access = store.for_user(owner).part(lambda found: found)
    async with await psycopg.AsyncConnection.connect(access.database.target.url) as connection:
        found = await (
            await connection.execute(
                "SELECT outcome FROM arraigo.interview_turn(%s, %s, 0, %s, %s, '{}', NULL, %s)",
                [
                    *(owner, conversation, message(derived(b"k", str(conversation), "a"), "respuesta")),
                    *(message(derived(b"k", str(conversation), "q"), "¿y?"), final),
                ],
            )
        ).fetchone()
    assert found == ("stored",)


@pytest.mark.parametrize("final", [False, True])
async def test_an_interview_that_went_on_is_no_difference_and_goes_back_grown(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser, *, final: bool
) -> None:
    sessions = files.sessions(6)
    path = files.write(tmp_path / "saved.json", sessions)
    run = move.run(f"localstorage:{path}", owner_url)
    ((conversation, owner),) = superuser(
        "SELECT conversation_id, owner_id FROM arraigo.interviews WHERE session_id = 's-0002'"
    )
    await go_on(store, owner, conversation, final=final)
    report = move.verify(run.run_id, owner_url)
    assert report.ok
    assert "2 added since" in next(check.detail for check in report.checks if check.name == "rows")
    assert move.run(f"localstorage:{path}", owner_url).ok
    assert move.rollback(run.run_id, owner_url).ok
    found = json.loads(path.read_bytes())
    grown = found[2]
    assert [one for number, one in enumerate(found) if number != 2] == [
        one for number, one in enumerate(sessions) if number != 2
    ]
    assert [one["content"] for one in grown["conversation_history"][-2:]] == ["respuesta", "¿y?"]
    assert grown.get("status") == ("completed" if final else None)
    again = move.run(f"localstorage:{path}", owner_url)
    assert again.ok
    assert again.units[0].outcome == {"there already": 6}


def test_one_changed_character_or_another_owner_is_found(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    path = files.write(tmp_path / "saved.json", files.sessions(4))
    run = move.run(f"localstorage:{path}", owner_url)
    ((stranger,),) = superuser("SELECT user_id FROM arraigo.ensure_user('arraigo', 'eva', 'eva')")
    changes = [
        "UPDATE arraigo.messages SET content = content || '.' WHERE sequence_number = 3",
        "UPDATE arraigo.messages SET role = 'user' WHERE sequence_number = 3",
        "UPDATE arraigo.interviews SET technical_level = 'advanced'",
        "UPDATE arraigo.interviews SET employee_id = gen_random_uuid()",
        "UPDATE arraigo.conversations SET status = 'cancelled' WHERE status = 'active'",
        "UPDATE arraigo.conversations SET kind = 'chat'",
        f"UPDATE arraigo.user_identities SET user_id = '{stranger}' WHERE provider = 'employee'",
        "DELETE FROM arraigo.interviews",
    ]
    for change in changes:
        with psycopg.connect(owner_url) as connection:
            connection.execute(change.encode())
        assert not move.verify(run.run_id, owner_url).ok, change
        superuser("TRUNCATE arraigo.conversations, arraigo_move.runs CASCADE")
        superuser("DELETE FROM arraigo.user_identities WHERE provider = 'employee'")
        run = move.run(f"localstorage:{path}", owner_url)
        assert run.ok


def test_a_new_interview_goes_back_with_the_people_of_that_browser(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    path = files.write(tmp_path / "one.json", files.sessions(2)[1])
    run = move.run(f"localstorage:{path}", owner_url)
    ((owner,),) = superuser("SELECT owner_id FROM arraigo.interviews")
    ((stranger,),) = superuser("SELECT user_id FROM arraigo.ensure_user('employee', gen_random_uuid()::text, 'eva')")
    for user in (owner, stranger):
        superuser(
            """WITH c AS (INSERT INTO arraigo.conversations (owner_id, kind, title, language)
                          VALUES (%s, 'interview', 't', 'en') RETURNING id, owner_id)
               INSERT INTO arraigo.interviews (conversation_id, owner_id, employee_id, language, technical_level)
               SELECT id, owner_id, %s::uuid, 'en', 'advanced' FROM c""",
            user,
            EMPLOYEE,
        )
    report = move.rollback(run.run_id, owner_url)
    assert report.ok
    first, second = json.loads(path.read_bytes())
    assert first == files.sessions(2)[1]
    assert (second["language"], second["technical_level"], second["conversation_history"]) == ("en", "advanced", [])
    again = move.run(f"localstorage:{path}", owner_url)
    assert again.ok
    assert again.units[0].outcome == {"there already": 2}


def test_two_employees_may_have_sessions_of_one_name_in_one_list(
    tmp_path: Path, owner_url: str, superuser: Superuser
) -> None:
    other = f"{EMPLOYEE[:-1]}2"
    sessions = [*files.sessions(3), *files.sessions(3, employee=other.upper()), files.sessions(1)[0]]
    path = files.write(tmp_path / "saved.json", sessions)
    before = path.read_bytes()
    report = move.run(f"localstorage:{path}", owner_url, allow_rejects=True)
    assert report.ok
    assert [(one.key, one.reason) for one in report.rejects] == [
        (f"{EMPLOYEE} s-0000", "has the key of an earlier record")
    ]
    assert superuser("SELECT count(*), count(DISTINCT owner_id) FROM arraigo.interviews") == [(6, 2)]
    nameless = files.write(tmp_path / "nameless.json", [files.sessions(5, employee=None)[4], files.sessions(5)[4]])
    nobody = move.run(f"localstorage:{nameless}?employee={EMPLOYEE}", owner_url)
    assert [(one.key, one.reason) for one in nobody.rejects] == [(f"{EMPLOYEE} s-0004", "has an earlier record's id")]
    assert move.rollback(report.run_id, owner_url).ok
    assert path.read_bytes() == before


def test_a_list_under_one_key_of_a_localstorage_is_rejected_with_the_way_out(tmp_path: Path, owner_url: str) -> None:
    sessions = files.sessions(3)
    path = files.write(tmp_path / "saved.json", dump_of(sessions[:1]) | {"interviews": json.dumps(sessions[1:])})
    report = move.run(f"localstorage:{path}", owner_url)
    assert [(one.key, one.reason) for one in report.rejects] == [
        ("interviews", "is a list, not an object: save that list as a file of its own, and move that")
    ]
    path = tmp_path / "list.json"
    path.write_text(json.dumps(sessions[1:]), encoding="utf-8")
    assert move.run(f"localstorage:{path}", owner_url).units[0].outcome == {"moved": 2}


def test_a_plan_says_what_the_run_does(tmp_path: Path, owner_url: str, superuser: Superuser) -> None:
    sessions = [{k: v for k, v in one.items() if k != "language"} for one in files.sessions(6)]
    first = files.write(tmp_path / "first.json", sessions[:4])
    assert move.run(f"localstorage:{first}", owner_url).ok
    superuser("UPDATE arraigo.messages SET content = 'otra' WHERE conversation_id = (SELECT conversation_id"
              " FROM arraigo.interviews WHERE session_id = 's-0001')")  # fmt: skip
    damaged = {"session_id": "w", "employee_id": EMPLOYEE, "conversation_history": [{"role": "wizard"}]}
    path = files.write(tmp_path / "all.json", [*sessions, damaged, sessions[0]])
    for _ in range(2):
        plan = move.plan(f"localstorage:{path}", owner_url)
        report = move.run(f"localstorage:{path}", owner_url)
        outcome = report.units[0].outcome
        assert plan.units[0].there_already == outcome.get("there already", 0) + outcome.get("unchanged", 0) > 0
        assert plan.cannot_move == plan.units[0].rejected == outcome["rejected"] == 3
        assert {one.reason for one in plan.rejects} == {one.reason for one in report.rejects}
        told = {one.what: one.count for one in report.transformations}
        assert told == plan.decisions
        assert told["sessions without a language were taken as Spanish"] == 5
    move.rollback(report.run_id, owner_url)
    plan = move.plan(f"localstorage:{path}", owner_url)
    assert plan.units[0].there_already == move.run(f"localstorage:{path}", owner_url).units[0].outcome["there already"]
