"""A session out of somebody's own browser, and out of a file: one interview, whichever comes first."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import arraigo
from arraigo import move
from arraigo.apps.interviews.interviewer import topics
from arraigo.apps.interviews.interviewer.offline import Offline
from arraigo.apps.interviews.migrating import AlreadyThere, Migrated, Migrating
from arraigo.apps.interviews.service import Office
from arraigo.errors import AccessDenied, InvalidInput
from support import legacy_files as files

Superuser = Callable[..., list[tuple[Any, ...]]]
EMPLOYEE = UUID(files.EMPLOYEE)
ROWS = """SELECT to_jsonb(c) - ARRAY['created_at', 'updated_at', 'activity_at', 'metadata'],
                 to_jsonb(i) - ARRAY['created_at', 'updated_at', 'started_at'],
                 (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.sequence_number) FROM arraigo.messages m
                   WHERE m.conversation_id = c.id)
            FROM arraigo.conversations c JOIN arraigo.interviews i ON i.conversation_id = c.id ORDER BY i.session_id"""


async def migrating(store: arraigo.Store, employee: UUID = EMPLOYEE) -> Migrating:
    user = await store.sign_in(provider="employee", subject=str(employee))
    return store.for_user(user.id).part(lambda access: Migrating(access, employee, Office(topics.load(), Offline())))


def body(session: Any) -> bytes:
    return json.dumps(session, ensure_ascii=False).encode()


async def test_a_session_is_taken_once_and_found_by_every_later_try(store: arraigo.Store, superuser: Superuser) -> None:
    mine = await migrating(store)
    session = files.sessions(3)[2]
    ended = await asyncio.gather(*(mine.migrate(body(session)) for _ in range(4)), return_exceptions=True)
    (made,) = (one.interview_id for one in ended if isinstance(one, Migrated))
    there = [one for one in ended if isinstance(one, AlreadyThere)]
    assert [(one.interview_id, one.same) for one in there] == [(made, True)] * 3
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(3,)]
    with pytest.raises(AlreadyThere, match=f"other content, is there already, as interview {made}") as caught:
        await mine.migrate(body(session | {"language": "en"}))
    assert not caught.value.same


async def test_a_move_and_a_request_write_the_same_rows(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser
) -> None:
    sessions = [one for one in files.sessions(8) if one["session_id"] != "s-0004"]  # which has no date at all
    path = files.write(tmp_path / "saved.json", sessions)
    assert move.run(f"localstorage:{path}", owner_url).ok
    moved = superuser(ROWS)
    mine = await migrating(store)
    for session in sessions:
        with pytest.raises(AlreadyThere) as caught:
            await mine.migrate(body(session))
        assert caught.value.same
    superuser("DELETE FROM arraigo.conversations")
    for session in sessions:
        await mine.migrate(body(session))
    assert superuser(ROWS) == moved


@pytest.mark.parametrize("continued", [False, True])
async def test_a_move_counts_what_was_migrated_as_there(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser, *, continued: bool
) -> None:
    sessions = files.sessions(5, employee=None)
    mine = await migrating(store)
    made = [(await mine.migrate(body(session))).interview_id for session in sessions]
    if continued:
        me = await store.sign_in(provider="employee", subject=str(EMPLOYEE))
        superuser("UPDATE arraigo.conversations SET guarded = false WHERE id = %s", made[2])
        await store.for_user(me.id).messages.append(made[2], [("user", "sí"), ("assistant", "¿y?")])
        superuser("UPDATE arraigo.conversations SET status = 'completed', completed_at = now() WHERE id = %s", made[2])
    path = files.write(tmp_path / "saved.json", sessions)
    report = move.run(f"localstorage:{path}?employee={EMPLOYEE}", owner_url)
    assert report.ok
    assert report.units[0].outcome == {"there already": 5}
    sessions[1]["conversation_history"][0]["content"] += "."
    files.write(path, sessions)
    report = move.run(f"localstorage:{path}?employee={EMPLOYEE}", owner_url)
    assert report.units[0].outcome == {"unchanged": 4, "updated": 1}


async def test_what_is_in_place_of_another_content_is_not_written_over(
    tmp_path: Path, owner_url: str, store: arraigo.Store
) -> None:
    session = files.sessions(3)[2]
    await (await migrating(store)).migrate(body(session))
    session["conversation_history"][1]["content"] = "otra"
    path = files.write(tmp_path / "saved.json", [session])
    report = move.run(f"localstorage:{path}", owner_url)
    assert [one.reason for one in report.rejects] == [
        "is on the target already, with other content, and was not moved there"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"conversation_history": [{"role": "wizard", "content": "x"}]}, "message 1: 'role' is none of"),
        ({"conversation_history": "x"}, "'conversation_history' is a text, not a list"),
        ({"session_id": ""}, "has no 'session_id'"),
        ({"session_id": "x" * 256}, "'session_id' has 256 characters"),
        ({"language": "fr"}, "'language' is none of en, es, pt"),
    ],
)
async def test_a_damaged_session_is_refused_and_nothing_is_stored(
    store: arraigo.Store, superuser: Superuser, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        await (await migrating(store)).migrate(body(files.sessions(1)[0] | change))
    assert superuser("SELECT count(*) FROM arraigo.conversations") == [(0,)]


async def test_another_employees_session_is_refused(store: arraigo.Store) -> None:
    with pytest.raises(AccessDenied):
        await (await migrating(store, UUID(int=7))).migrate(body(files.sessions(1)[0]))


async def test_two_employees_may_have_a_session_of_one_name(store: arraigo.Store) -> None:
    session = files.sessions(1, employee=None)[0]
    made = [await (await migrating(store, UUID(int=number))).migrate(body(session)) for number in (1, 2)]
    assert made[0] != made[1]


def grown(session: dict[str, Any], *said: str, **others: Any) -> dict[str, Any]:
    """The session, later: what was said since, by turns, and what else it says of itself then."""
    history = session["conversation_history"]
    new = [
        {"role": ("assistant", "user")[(len(history) + place) % 2], "content": one} for place, one in enumerate(said)
    ]
    return session | {"conversation_history": [*history, *new]} | others


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("moved_in", ["request", "file"])
async def test_what_was_said_in_the_browser_since_is_taken(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser, number: int, moved_in: str
) -> None:
    session = files.sessions(5)[number]
    mine = await migrating(store)
    if moved_in == "file":
        assert move.run(f"localstorage:{files.write(tmp_path / 'first.json', [session])}", owner_url).ok
    else:
        await mine.migrate(body(session))
    later = grown(session, "¿Qué hace?", "Facturas, en SAP.", "¿Y?", status="completed", step=3)
    taken = await asyncio.gather(*(mine.migrate(body(later)) for _ in range(3)), return_exceptions=True)
    (one,) = (found for found in taken if isinstance(found, Migrated))
    assert one.grown
    assert [found.same for found in taken if isinstance(found, AlreadyThere)] == [True, True]
    ((status, last, pending, summed),) = superuser(
        """SELECT c.status, c.last_sequence, i.pending, i.summary IS NOT NULL
             FROM arraigo.conversations c JOIN arraigo.interviews i ON i.conversation_id = c.id"""
    )
    size = len(later["conversation_history"])
    assert (status, last, pending, summed) == ("completed", size, None, True)
    assert superuser("SELECT content FROM arraigo.messages ORDER BY sequence_number") == [
        (said["content"],) for said in later["conversation_history"]
    ]
    for older in (session, later):
        with pytest.raises(AlreadyThere) as caught:
            await mine.migrate(body(older))
        assert caught.value.same
        report = move.run(f"localstorage:{files.write(tmp_path / f'{len(body(older))}.json', [older])}", owner_url)
        assert report.ok
        assert report.units[0].outcome == {"there already": 1}


@pytest.mark.parametrize(
    "change",
    [
        """WITH new AS (UPDATE arraigo.conversations SET last_sequence = 4 RETURNING id, owner_id)
           INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)
           SELECT id, 4, gen_random_uuid(), owner_id, now(), 'user', '¿Qué hace?' FROM new""",
        "UPDATE arraigo.messages SET content = 'otra' WHERE sequence_number = 2",
        "UPDATE arraigo.messages SET deleted_at = now() WHERE sequence_number = 3",
        "UPDATE arraigo.conversations SET status = 'cancelled'",
        "UPDATE arraigo.interviews SET turn = 1",
    ],
)
@pytest.mark.parametrize("way", ["request", "file"])
async def test_what_went_on_here_is_left_as_it_is(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser, change: str, way: str
) -> None:
    session = files.sessions(3)[2]
    mine = await migrating(store)
    await mine.migrate(body(session))
    superuser(change)
    before = superuser(ROWS)
    later = grown(session, "¿Qué hace?", "Facturas.")
    if way == "request":
        with pytest.raises(AlreadyThere) as caught:
            await mine.migrate(body(later))
        assert not caught.value.same
    else:
        report = move.run(f"localstorage:{files.write(tmp_path / 'saved.json', [later])}", owner_url)
        assert report.units[0].outcome == {"rejected": 1}
    assert superuser(ROWS) == before


@pytest.mark.parametrize("other", [{"language": "en"}, {"technical_level": "advanced"}, {"first": "otra"}, {}])
async def test_another_session_of_that_name_is_none_that_grew(store: arraigo.Store, other: dict[str, str]) -> None:
    session = files.sessions(3)[2]
    mine = await migrating(store)
    await mine.migrate(body(session))
    later = json.loads(body(grown(session, "¿Qué hace?") | {k: v for k, v in other.items() if k != "first"}))
    if "first" in other:
        later["conversation_history"][0]["content"] = other["first"]
    if not other:
        later["conversation_history"] = later["conversation_history"][1:]
    with pytest.raises(AlreadyThere) as caught:
        await mine.migrate(body(later))
    assert not caught.value.same


@pytest.mark.parametrize("first", [True, False])
async def test_a_file_that_grew_updates_what_it_did_not_move_itself(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser, *, first: bool
) -> None:
    sessions = files.sessions(5)
    path = files.write(tmp_path / "saved.json", sessions)
    if first:
        for session in sessions:
            await (await migrating(store)).migrate(body(session))
    else:
        assert move.run(f"localstorage:{path}", owner_url).ok
    sessions[2] = grown(sessions[2], "¿Qué hace?", "Facturas.", step=2)
    later = files.write(tmp_path / "later.json", sessions)
    report = move.run(f"localstorage:{later}", owner_url)
    assert report.ok, report.rejects
    assert report.units[0].outcome == ({"there already": 4, "updated": 1})
    assert superuser("SELECT count(*), max(sequence_number) FROM arraigo.messages WHERE role <> 'x'")[0][1] == 5
    if not first:
        again = move.run(f"localstorage:{path}", owner_url)
        assert (again.ok, again.units[0].outcome) == (True, {"unchanged": 5})


async def test_an_interview_that_ended_in_the_browser_has_a_summary(
    tmp_path: Path, owner_url: str, store: arraigo.Store, superuser: Superuser
) -> None:
    history = [
        {"role": "assistant", "content": "¿Cuál es su puesto?"},
        {"role": "user", "content": "Soy contadora y llevo las cuentas de tres plantas."},
    ]
    ended: dict[str, Any] = {"session_id": "e", "language": "es", "is_complete": True, "conversation_history": history}
    others = [
        ended | {"session_id": "open", "is_complete": False},
        ended | {"session_id": "0", "conversation_history": []},
    ]
    for session in (ended, *others):
        await (await migrating(store)).migrate(body(session))
    summaries = "SELECT session_id, summary FROM arraigo.interviews WHERE summary IS NOT NULL"
    ((name, summary),) = found = superuser(summaries)
    assert (name, summary["language"], summary["written_by"]) == ("e", "es", "offline")
    assert "contadora" in summary["text"]
    superuser("DELETE FROM arraigo.conversations")
    path = files.write(tmp_path / "saved.json", [ended, *others])
    assert move.run(f"localstorage:{path}?employee={EMPLOYEE}", owner_url).ok
    assert superuser(summaries) == found
