"""A move from files into the tables: what arrives, what the proof sees, and what a second run does."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

import arraigo
from arraigo import move
from arraigo.errors import InvalidInput, NotFound, Unavailable
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.write(tmp_path / "conversations.json", files.conversations(60), indent=2)
    files.write(tmp_path / "threads-data.json", files.threads(20), indent=2, ensure_ascii=False)
    files.write(tmp_path / "guest-memory.json", files.guests(20), separators=(",", ":"))
    return tmp_path


def check(report: move.Report, name: str) -> move.Check:
    return next(one for one in report.checks if one.name == name)


def test_a_folder_is_moved_whole_and_proved(folder: Path, owner_url: str, superuser: Superuser) -> None:
    (folder / "notes.json").write_text('{"a": 1}')
    report = move.run(f"json:{folder}", owner_url)
    assert report.ok
    assert (report.phase, report.lost, report.extra, report.changed) == ("verified", 0, 0, 0)
    assert [(unit.name, unit.source_rows, unit.target_rows, unit.match) for unit in report.units] == [
        ("conversations.json", 60, 60, True),
        ("guest-memory.json", 20, 20, True),
        ("threads-data.json", 20, 20, True),
    ]
    assert all(unit.source_fingerprint == unit.target_fingerprint for unit in report.units)
    assert [one.name for one in report.checks] == ["records", "rows", "fingerprints", "rejected"]
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(120,)]
    assert superuser("SELECT count(*) FROM arraigo.users") == [(31,)]  # 30 numbers, and the owner
    assert any("notes.json was left out" in told.what for told in report.transformations)
    assert move.report(report.run_id, owner_url) == report


def test_what_arrives_is_what_the_store_will_read(folder: Path, owner_url: str, superuser: Superuser) -> None:
    move.run(f"json:{folder}", owner_url, user="ana")
    ((title, last, settings, username),) = superuser(
        """SELECT c.title, c.last_sequence, c.settings::text, u.username FROM arraigo.conversations c
             JOIN arraigo.users u ON u.id = c.owner_id WHERE c.external_id = 'c-0003'"""
    )
    assert (title, last, username) == ("Charla 3 😀", 3, "ana")
    assert json.loads(settings) == {"temperature": 1.0, "model": "m-1", "top_k": 3}
    rows = superuser(
        """SELECT m.sequence_number, m.role, m.content, m.metadata, m.created_at::text FROM arraigo.messages m
             JOIN arraigo.conversations c ON c.id = m.conversation_id AND m.owner_id = c.owner_id
            WHERE c.external_id = 'c-0003' ORDER BY 1"""
    )
    assert [row[:4] for row in rows] == [
        (1, "user", "😀 0", None),
        (2, "assistant", "the invoice 1", None),
        (3, "user", 'una "cita" 2', None),
    ]
    assert superuser("SELECT DISTINCT date_trunc('minute', activity_at) = activity_at FROM arraigo.conversations") == [
        (True,)
    ]


def test_both_files_of_the_bot_lead_to_the_same_user(folder: Path, owner_url: str, superuser: Superuser) -> None:
    move.run(f"json:{folder}/guest-memory.json", owner_url)
    move.run(f"json:{folder}/threads-data.json", owner_url)
    ((both,),) = superuser("SELECT count(*) FROM arraigo.bot_users JOIN arraigo.bot_threads USING (user_id)")
    assert both == 10
    assert superuser("SELECT count(*) FROM arraigo.user_identities WHERE provider = 'whatsapp'") == [(30,)]


def test_a_second_run_adds_nothing_and_is_the_same_run(folder: Path, owner_url: str, superuser: Superuser) -> None:
    first = move.run(f"json:{folder}", owner_url)
    before = superuser("SELECT id, xmin::text FROM arraigo.conversations ORDER BY 1")
    second = move.run(f"json:{folder}", owner_url)
    assert second.ok
    assert second.run_id == first.run_id
    assert [unit.outcome for unit in second.units] == [{"unchanged": 60}, {"unchanged": 20}, {"unchanged": 20}]
    assert superuser("SELECT id, xmin::text FROM arraigo.conversations ORDER BY 1") == before
    assert [unit.target_fingerprint for unit in second.units] == [unit.target_fingerprint for unit in first.units]


@pytest.mark.parametrize(
    ("statement", "unit", "key"),
    [
        ("UPDATE arraigo.messages SET content = content || ' ' WHERE {c} AND sequence_number = 2", 0, "c-0007"),
        ("UPDATE arraigo.messages SET role = 'tool' WHERE {c} AND sequence_number = 1", 0, "c-0007"),
        ("UPDATE arraigo.messages SET created_at = created_at + '1 ms' WHERE {c} AND sequence_number = 1", 0, "c-0007"),
        ("UPDATE arraigo.conversations SET owner_id = {o} WHERE external_id = 'c-0005'", 0, "c-0005"),
        ("UPDATE arraigo.messages SET deleted_at = now() WHERE {c} AND sequence_number = 1", 0, "c-0007"),
        ("DELETE FROM arraigo.messages WHERE {c} AND sequence_number = 2", 0, "c-0007"),
        ("UPDATE arraigo.conversations SET title = lower(title) WHERE external_id = 'c-0007'", 0, "c-0007"),
        (
            "UPDATE arraigo.conversations SET settings = settings - 'top_k' WHERE external_id = 'c-0007'",
            0,
            "c-0007",
        ),
        ("UPDATE arraigo.conversations SET created_at = created_at + '1 us' WHERE external_id = 'c-0007'", 0, "c-0007"),
        ("UPDATE arraigo.conversations SET external_id = 'c-x' WHERE external_id = 'c-0007'", 0, "c-0007"),
        ("UPDATE arraigo.conversations SET kind = 'interview' WHERE external_id = 'c-0007'", 0, "c-0007"),
        ("UPDATE arraigo.bot_users SET labels = '[\"Otra\"]' WHERE {u}", 1, "573000000012"),
        ("UPDATE arraigo.bot_users SET name = 'Persona 12' WHERE {u}", 1, "573000000012"),
        ("UPDATE arraigo.bot_users SET last_activity = last_activity + '1 s' WHERE {u}", 1, "573000000012"),
        ("UPDATE arraigo.bot_threads SET chat_id = NULL WHERE {u}", 2, "573000000012"),
        ("UPDATE arraigo.bot_threads SET user_name = user_name || '.' WHERE {u}", 2, "573000000012"),
    ],
)
def test_one_changed_cell_fails_the_proof_and_names_the_record(
    folder: Path, owner_url: str, superuser: Superuser, statement: str, unit: int, key: str
) -> None:
    run = move.run(f"json:{folder}", owner_url)
    superuser("DELETE FROM arraigo.search_progress")  # it names a conversation's owner too
    superuser(
        statement.format(
            c="conversation_id = (SELECT id FROM arraigo.conversations WHERE external_id = 'c-0007')",
            o="(SELECT min(user_id::text)::uuid FROM arraigo.user_identities WHERE provider = 'whatsapp')",
            u="user_id = (SELECT user_id FROM arraigo.user_identities WHERE subject = '573000000012')",
        )
    )
    report = move.verify(run.run_id, owner_url)
    assert not report.ok
    assert (report.phase, report.changed) == ("failed", 1)
    assert [one.match for one in report.units] == [number != unit for number in range(3)]
    assert key in check(report, "fingerprints").detail


def test_a_lost_record_is_named(folder: Path, owner_url: str, superuser: Superuser) -> None:
    run = move.run(f"json:{folder}", owner_url)
    superuser("DELETE FROM arraigo.conversations WHERE external_id IN ('c-0008', 'c-0009')")
    report = move.verify(run.run_id, owner_url)
    assert (report.ok, report.lost) == (False, 2)
    assert "lost in conversations.json: c-0008, c-0009" in check(report, "records").detail


def test_a_record_that_left_the_source_is_extra(folder: Path, owner_url: str) -> None:
    source = folder / "conversations.json"
    run = move.run(f"json:{source}", owner_url)
    files.change(source, lambda value: value.pop("c-0004"))
    report = move.verify(run.run_id, owner_url)
    assert (report.ok, report.extra) == (False, 1)
    assert "extra in conversations.json: c-0004" in check(report, "records").detail


def test_many_differences_are_counted_and_the_first_named(folder: Path, owner_url: str, superuser: Superuser) -> None:
    run = move.run(f"json:{folder}", owner_url)
    superuser("UPDATE arraigo.conversations SET title = title || '!'")
    report = move.verify(run.run_id, owner_url)
    assert report.changed == 60
    assert check(report, "fingerprints").detail.endswith("and 40 more")


async def test_messages_appended_since_are_no_difference(folder: Path, owner_url: str, store: arraigo.Store) -> None:
    run = move.run(f"json:{folder}", owner_url)
    me = store.as_user("legacy")
    talk = await me.conversations.get("c-0007")
    await me.messages.append(talk.id, [("user", "nuevo"), ("assistant", "también")])
    report = move.verify(run.run_id, owner_url)
    assert report.ok
    assert check(report, "rows").detail == "2 added since, not counted"
    (folder / "conversations.json").unlink()
    report = move.verify(run.run_id, owner_url)
    assert report.changed == 0
    assert "grown in conversations.json: c-0007" in check(report, "fingerprints").detail


def test_a_record_that_changed_in_the_source_is_updated_and_counted(
    folder: Path, owner_url: str, superuser: Superuser
) -> None:
    source = folder / "conversations.json"
    first = move.run(f"json:{source}", owner_url)

    def edit(value: dict[str, Any]) -> None:
        value["c-0007"]["title"] = "Otro título"
        value["c-0007"]["messages"] = value["c-0007"]["messages"][:1]
        value["c-new"] = value["c-0001"]

    files.change(source, edit)
    report = move.run(f"json:{source}", owner_url)
    assert report.ok
    assert report.run_id == first.run_id
    assert report.units[0].outcome == {"unchanged": 59, "updated": 1, "moved": 1}
    assert ("records were updated", 1) in [(told.what, told.count) for told in report.transformations]
    assert superuser(
        """SELECT title, last_sequence, updated_at = '2025-02-08 11:30Z', (SELECT count(*) FROM arraigo.messages m
            WHERE m.conversation_id = c.id) FROM arraigo.conversations c WHERE external_id = 'c-0007'"""
    ) == [("Otro título", 1, True, 1)]


def test_a_thread_that_changed_in_the_source_takes_the_old_ones_place(
    folder: Path, owner_url: str, superuser: Superuser
) -> None:
    source = folder / "threads-data.json"
    move.run(f"json:{source}", owner_url)
    files.change(source, lambda value: value["573000000003"].update(threadId="thread_new"))
    report = move.run(f"json:{source}", owner_url)
    assert report.ok
    assert report.units[0].outcome == {"unchanged": 19, "updated": 1}
    assert superuser("SELECT thread_id FROM arraigo.bot_threads WHERE thread_id IN ('thread_new', 'thread_0003')") == [
        ("thread_new",)
    ]


def test_what_changed_on_both_sides_is_rejected_and_left_alone(
    folder: Path, owner_url: str, superuser: Superuser
) -> None:
    source = folder / "conversations.json"
    move.run(f"json:{source}", owner_url)
    superuser("UPDATE arraigo.conversations SET title = 'here' WHERE external_id = 'c-0007'")
    files.change(source, lambda value: value["c-0007"].update(title="there"))
    report = move.run(f"json:{source}", owner_url)
    assert not report.ok
    assert [(one.key, one.reason) for one in report.rejects] == [
        ("c-0007", "was changed on both sides since it was moved")
    ]
    assert superuser("SELECT title FROM arraigo.conversations WHERE external_id = 'c-0007'") == [("here",)]


def test_a_thread_of_somebody_else_is_never_taken_over(folder: Path, owner_url: str, superuser: Superuser) -> None:
    move.run(f"json:{folder}/threads-data.json", owner_url)
    other = files.write(folder / "more.json", {"573999999999": {"threadId": "thread_0003", "userName": "Otra"}})
    report = move.run(f"json:{other}", owner_url)
    assert not report.ok
    assert report.rejects[0].reason == "is on the target already, with other content, and was not moved there"
    assert superuser("SELECT user_name FROM arraigo.bot_threads WHERE thread_id = 'thread_0003'") == [("Persona 3 ñ",)]


def test_what_another_file_has_moved_is_never_overwritten(folder: Path, owner_url: str, superuser: Superuser) -> None:
    other = files.conversations(8)
    other["c-0007"]["title"] = "from a second file"
    files.write(folder / "older.json", other)
    for source in (f"json:{folder}", f"json:{folder}/older.json", f"json:{folder}"):
        report = move.run(source, owner_url)
        assert [(one.unit, one.key) for one in report.rejects] == [("older.json", "c-0007")]
    assert superuser("SELECT title FROM arraigo.conversations WHERE external_id = 'c-0007'") == [("Charla 7 \\",)]
    assert superuser("SELECT count(*) FROM arraigo.conversations") == [(60,)]


def test_a_message_that_comes_in_meanwhile_is_not_lost(folder: Path, owner_url: str, superuser: Superuser) -> None:
    source = folder / "conversations.json"
    move.run(f"json:{source}", owner_url)
    files.change(source, lambda value: value["c-0007"].update(title="there"))
    with psycopg.connect(owner_url) as connection, ThreadPoolExecutor() as pool:
        connection.execute(
            """WITH c AS (UPDATE arraigo.conversations SET last_sequence = 3 WHERE external_id = 'c-0007' RETURNING *)
               INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)
               SELECT id, 3, gen_random_uuid(), owner_id, now(), 'user', 'nuevo' FROM c"""
        )
        running = pool.submit(move.run, f"json:{source}", owner_url)
        time.sleep(1)  # it waits for us by now
        connection.commit()
        report = running.result()
    assert [one.reason for one in report.rejects] == ["was changed on both sides since it was moved"]
    assert superuser("SELECT count(*) FROM arraigo.messages WHERE content = 'nuevo'") == [(1,)]


def test_what_users_made_meanwhile_is_never_overwritten(folder: Path, owner_url: str, superuser: Superuser) -> None:
    """The store derives a conversation's id from owner and external_id, as the mover does."""
    source = folder / "conversations.json"
    scratch = files.write(folder / "scratch.json", {"c-0007": files.conversations(8)["c-0001"]})
    move.run(f"json:{scratch}", owner_url)
    superuser("DELETE FROM arraigo_move.runs")
    report = move.run(f"json:{source}", owner_url)
    assert [one.key for one in report.rejects] == ["c-0007"]
    assert superuser("SELECT title FROM arraigo.conversations WHERE external_id = 'c-0007'") == [("Charla 1 niño",)]
    allowed = move.run(f"json:{source}", owner_url, allow_rejects=True)
    assert allowed.ok
    assert check(allowed, "rejected").found == 1


def test_another_owner_gets_conversations_of_their_own(folder: Path, owner_url: str, superuser: Superuser) -> None:
    source = f"json:{folder}/conversations.json"
    assert move.run(source, owner_url, user="ana").run_id != move.run(source, owner_url, user="ben").run_id
    assert superuser("SELECT count(*), count(DISTINCT id), count(DISTINCT external_id) FROM arraigo.conversations") == [
        (120, 120, 60)
    ]


def test_a_source_that_is_gone_is_no_success(folder: Path, owner_url: str) -> None:
    source = folder / "conversations.json"
    run = move.run(f"json:{source}", owner_url)
    source.rename(folder / "elsewhere")
    report = move.verify(run.run_id, owner_url)
    assert not report.ok
    assert "there is no file" in check(report, "source").detail
    assert [one.ok for one in report.checks] == [False, True, True, True, True]
    assert (report.lost, report.extra, report.changed) == (0, 0, 0)


def test_without_its_source_a_changed_cell_is_still_seen(folder: Path, owner_url: str, superuser: Superuser) -> None:
    run = move.run(f"json:{folder}", owner_url)
    (folder / "threads-data.json").unlink()
    superuser("UPDATE arraigo.bot_threads SET user_name = 'x' WHERE thread_id = 'thread_0002'")
    report = move.verify(run.run_id, owner_url)
    assert report.changed == 1
    assert "573000000002" in check(report, "fingerprints").detail


def test_a_run_that_stopped_half_way_is_not_proved_by_the_half_that_is_there(folder: Path, owner_url: str) -> None:
    def stop(progress: move.Progress) -> None:
        if progress.unit != "conversations.json":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move.run(f"json:{folder}", owner_url, progress=stop)
    (half,) = move.status(owner_url)
    assert half.phase == "planned"
    report = move.verify(half.run_id, owner_url)
    assert not report.ok
    assert [(unit.name, unit.match) for unit in report.units] == [
        ("conversations.json", True),
        ("guest-memory.json", True),  # interrupted behind its only batch
        ("threads-data.json", False),
    ]
    assert report.lost == 20
    assert move.run(f"json:{folder}", owner_url).ok


def test_two_moves_at_once_are_refused(folder: Path, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = move.run(f"json:{folder}", owner_url)
    monkeypatch.setattr("arraigo.move.records.target.LOCK_WAIT", "100ms")
    said: list[Unavailable] = []

    def meanwhile(_progress: move.Progress) -> None:
        if not said:
            with pytest.raises(Unavailable) as caught:
                move.verify(run.run_id, owner_url)
            said.append(caught.value)

    assert move.run(f"json:{folder}", owner_url, progress=meanwhile).ok
    assert f"another move (run {run.run_id}) is at work on this target" in str(said[0])


def test_a_plan_says_what_is_there_and_writes_nothing(folder: Path, owner_url: str, superuser: Superuser) -> None:
    files.change(folder / "conversations.json", lambda value: value["c-0005"].update(messages="none"))
    plan = move.plan(f"json:{folder}", owner_url)
    assert [(unit.name, unit.shape, unit.records, unit.rejected) for unit in plan.units] == [
        ("conversations.json", "conversations", 60, 1),
        ("guest-memory.json", "guests", 20, 0),
        ("threads-data.json", "threads", 20, 0),
    ]
    assert plan.cannot_move == 1
    assert [(one.key, one.reason) for one in plan.rejects] == [("c-0005", "has no list of messages")]
    assert plan.decisions["dates without an offset were taken as UTC"] == 59 * 2 + 20
    assert superuser("SELECT (SELECT count(*) FROM arraigo.users), (SELECT count(*) FROM arraigo_move.runs)") == [
        (0, 0)
    ]
    move.run(f"json:{folder}", owner_url)
    assert [unit.there_already for unit in move.plan(f"json:{folder}", owner_url).units] == [59, 20, 20]
    assert replace(move.plan(f"json:{folder}"), seconds=plan.seconds) == plan


def test_no_records_are_no_success(tmp_path: Path, owner_url: str) -> None:
    for text in ("{}", "[]", "", '{"conversations": []}'):
        (tmp_path / "conversations.json").write_text(text)
        for ask in ("", "?shape=conversations"):
            with pytest.raises(InvalidInput):
                move.run(f"json:{tmp_path}/conversations.json{ask}", owner_url)


def test_the_status_of_runs_can_be_asked_for(folder: Path, owner_url: str) -> None:
    run = move.run(f"json:{folder}", owner_url)
    (found,) = move.status(owner_url)
    assert (found.run_id, found.phase, str(found.source)) == (run.run_id, "verified", f"json:{folder}")
    assert move.status(owner_url, run.run_id) == [found]
    for ask in (move.status, move.report):
        with pytest.raises(NotFound, match="there is no move"):
            ask(*((owner_url, "20250101-00000000") if ask is move.status else ("20250101-00000000", owner_url)))


def test_the_ledger_is_hidden_from_the_application(folder: Path, owner_url: str) -> None:
    move.run(f"json:{folder}", owner_url)
    with psycopg.connect(owner_url.replace("postgres@", "arraigo_app@")) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT FROM arraigo_move.records")
        connection.rollback()
        assert connection.execute("SELECT count(*) FROM arraigo.bot_users").fetchone() == (0,)


def test_progress_comes_to_its_end(folder: Path, owner_url: str) -> None:
    seen: list[move.Progress] = []
    move.run(f"json:{folder}", owner_url, progress=seen.append)
    assert [(one.phase, one.unit, one.records) for one in seen] == [
        (phase, name, count)
        for phase in ("copy", "verify")
        for name, count in (("conversations.json", 60), ("guest-memory.json", 20), ("threads-data.json", 20))
    ]
    assert all(0 < one.done <= one.total for one in seen)
