"""The chat's five methods, as its program calls them."""

import json
import logging
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arraigo import move, sync
from arraigo.compat import ConversationStore
from arraigo.errors import InvalidInput, Unavailable
from support import legacy_files as files
from support.commands import clean_environment

NOW = datetime(2026, 3, 2, 14, 5, 9, 120, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
DATES = st.sampled_from(
    [
        NOW,
        NAIVE,
        NOW.astimezone(timezone(timedelta(hours=-5))),
        "2025-01-27T10:11:12.5",
        "2025-01-27",
        "yesterday",
        None,
    ]
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "system", "tool"]), "content": TEXTS},
        optional={"timestamp": DATES, "sources": ANYTHING, "metadata": ANYTHING, "legacy": TEXTS},
    ),
    max_size=4,
)
CONVERSATIONS = st.fixed_dictionaries(
    {"title": TEXTS, "created_at": DATES, "updated_at": DATES, "messages": MESSAGES},
    optional={
        "settings": st.none() | st.dictionaries(TEXTS, ANYTHING, max_size=3),
        "conversation_id": st.just("c-1") | TEXTS,
        "status": TEXTS,
        "metadata": ANYTHING,
        "tags": ANYTHING,
    },
)


@pytest.fixture
def owner(fresh: Callable[[], str]) -> str:
    """A user who has nothing yet."""
    return fresh()


@pytest.fixture
def chats(house: sync.Store, owner: str) -> ConversationStore:
    return ConversationStore(owner, store=house)


@pytest.fixture
def me(house: sync.Store, owner: str) -> sync.UserStore:
    return house.as_user(owner)


def conversation(*said: str, **more: Any) -> dict[str, Any]:
    """Messages of user and assistant in turn."""
    messages = [{"role": ("user", "assistant")[n % 2], "content": content} for n, content in enumerate(said)]
    return {
        "title": "Mi charla",
        "created_at": NAIVE,
        "updated_at": NAIVE,
        "messages": messages,
        "settings": {"model": "m-1", "temperature": 1.0},
    } | more


def told(me: sync.UserStore, name: str = "c-1") -> list[tuple[int, str, int]]:
    """Every message that is kept: number, content, how often it was edited; a deleted one says nothing."""
    return [
        (
            m.sequence_number,
            "(deleted)" if m.deleted_at else m.content,
            len(me.messages.revisions(name, m.sequence_number)),
        )
        for m in me.messages.list(name)
    ]


def test_what_the_old_program_did_still_works(chats: ConversationStore) -> None:
    assert chats.is_available()
    assert chats.get_conversation("test-123") is None
    assert chats.get_all_conversations() == {}
    saved = conversation("Hola", "¡Hola!", settings=None)
    assert chats.save_conversation("test-123", saved)
    assert chats.get_conversation("test-123") == saved
    assert chats.get_all_conversations() == {"test-123": saved}
    assert chats.delete_conversation("test-123")
    assert not chats.delete_conversation("test-123")
    assert chats.get_conversation("test-123") is None


@given(before=CONVERSATIONS, after=CONVERSATIONS)
@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_conversation_comes_back_as_it_was_saved(
    house: sync.Store, fresh: Callable[[], str], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """By the program that saved it, and by another one; and whatever it becomes."""
    owner = fresh()
    chats = ConversationStore(owner, store=house)
    for saved in (before, after, before):
        chats.save_conversation("c-1", saved)
        told = {"settings": {}} | saved  # one that had none comes back without any
        for reader in (chats, ConversationStore(owner, store=house)):
            found = reader.get_conversation("c-1")
            assert found is not None
            assert {"settings": {}} | found == told
            assert dates(found) == dates(saved)


def dates(saved: dict[str, Any]) -> list[str]:
    """What they look like: equal dates may have another offset, or none."""
    every = [saved["created_at"], saved["updated_at"], *(m.get("timestamp") for m in saved["messages"])]
    return [str(date) for date in every]


def test_one_that_grew_by_a_message_appends_one(chats: ConversationStore, me: sync.UserStore) -> None:
    saved = conversation("uno", "dos")
    chats.save_conversation("c-1", saved)
    ids = [message.id for message in me.messages.list("c-1")]
    saved["messages"].append({"role": "user", "content": "tres", "sources": [1]})
    saved["updated_at"] = NAIVE + timedelta(hours=1)
    chats.save_conversation("c-1", saved)
    chats.save_conversation("c-1", saved)
    assert told(me) == [(1, "uno", 0), (2, "dos", 0), (3, "tres", 0)]
    assert [message.id for message in me.messages.list("c-1")][:2] == ids
    assert chats.get_conversation("c-1") == saved


def test_one_that_changed_in_the_middle_is_edited_and_the_old_words_are_a_revision(
    chats: ConversationStore, me: sync.UserStore
) -> None:
    chats.save_conversation("c-1", conversation("uno", "dos", "tres"))
    chats.save_conversation("c-1", conversation("uno", "otra cosa", "tres"))
    assert told(me) == [(1, "uno", 0), (2, "otra cosa", 1), (3, "tres", 0)]
    assert me.messages.revisions("c-1", 2)[0].content == "dos"


def test_one_that_shrank_leaves_tombstones(chats: ConversationStore, me: sync.UserStore) -> None:
    chats.save_conversation("c-1", conversation("uno", "dos", "tres"))
    chats.save_conversation("c-1", conversation("uno"))
    assert told(me) == [(1, "uno", 0), (2, "(deleted)", 0), (3, "(deleted)", 0)]
    assert chats.get_conversation("c-1") == conversation("uno")
    chats.save_conversation("c-1", conversation("uno", "dos"))
    assert told(me)[3:] == [(4, "dos", 0)]
    assert chats.get_conversation("c-1") == conversation("uno", "dos")


def test_a_program_that_did_not_see_it_before_saves_what_it_has(
    house: sync.Store, owner: str, chats: ConversationStore, me: sync.UserStore
) -> None:
    chats.save_conversation("c-1", conversation("uno", "dos", "tres"))
    ConversationStore(owner, store=house).save_conversation("c-1", conversation("uno", "dos", "tres", "cuatro"))
    ConversationStore(owner, store=house).save_conversation("c-1", conversation("uno", "dos"))
    assert [content for _, content, _ in told(me)] == ["uno", "dos", "(deleted)", "(deleted)"]


def test_what_others_appended_meanwhile_stays(
    house: sync.Store, owner: str, chats: ConversationStore, me: sync.UserStore
) -> None:
    """Two programs hold the same conversation; each saves what it knows."""
    chats.save_conversation("c-1", conversation("uno", "dos"))
    other = ConversationStore(owner, store=house)
    assert other.get_conversation("c-1") == conversation("uno", "dos")
    chats.save_conversation("c-1", conversation("uno", "dos", "tres", "cuatro"))
    me.messages.append("c-1", role="tool", content="cinco")
    other.save_conversation("c-1", conversation("uno", "dos", "seis"))
    assert [content for _, content, _ in told(me)] == ["uno", "dos", "tres", "cuatro", "cinco", "seis"]
    found = chats.get_conversation("c-1")
    assert found is not None
    assert len(found["messages"]) == 6


def test_what_was_sent_twice_is_stored_once(chats: ConversationStore, me: sync.UserStore) -> None:
    """The first answer was lost on its way: the program knows of nothing, and saves again."""
    chats.save_conversation("c-1", conversation("uno"))
    seen = dict(chats._seen)
    chats.save_conversation("c-1", conversation("uno", "dos", "tres"))
    chats._seen = seen
    chats.save_conversation("c-1", conversation("uno", "dos", "tres", "cuatro"))
    assert [content for _, content, _ in told(me)] == ["uno", "dos", "tres", "cuatro"]


def test_one_that_somebody_deleted_is_made_again_whole(chats: ConversationStore, me: sync.UserStore) -> None:
    for again in (False, True):
        chats.save_conversation("c-1", conversation("uno", "dos"))
        me.conversations.delete("c-1")
        if again:
            me.conversations.create(title="otra", external_id="c-1")
        chats.save_conversation("c-1", conversation("uno", "dos", "tres"))
        assert [content for _, content, _ in told(me)] == ["uno", "dos", "tres"]


def test_what_others_wrote_beside_it_stays(chats: ConversationStore, me: sync.UserStore) -> None:
    chats.save_conversation("c-1", conversation("uno"))
    metadata = me.conversations.get("c-1").metadata
    me.conversations.update("c-1", title="Otro título", status="archived", metadata=metadata | {"team": "maps"})
    chats.save_conversation("c-1", conversation("uno", "dos"))
    kept = me.conversations.get("c-1")
    assert (kept.title, kept.status, kept.metadata["team"]) == ("Otro título", "archived", "maps")
    found = chats.get_conversation("c-1")
    assert found is not None
    assert (found["status"], found["metadata"]) == ("archived", {"team": "maps"})
    chats.save_conversation("c-1", found)
    me.conversations.update("c-1", status="active")
    assert "status" not in (chats.get_conversation("c-1") or {})


def test_one_that_was_made_elsewhere_is_found_by_its_id(chats: ConversationStore, me: sync.UserStore) -> None:
    made = me.conversations.create(title="x")
    me.messages.append(made.id, [("user", "uno"), ("assistant", "dos")])
    name = str(made.id)
    found = chats.get_conversation(name)
    assert found is not None
    assert [message["content"] for message in found["messages"]] == ["uno", "dos"]
    assert list(chats.get_all_conversations()) == [name]
    found["messages"].append({"role": "user", "content": "tres"})
    chats.save_conversation(name, found)
    assert [content for _, content, _ in told(me, name)] == ["uno", "dos", "tres"]
    assert chats.delete_conversation(name)


def test_many_and_large_messages_go_in_groups(chats: ConversationStore, me: sync.UserStore) -> None:
    saved = conversation(*(str(n) for n in range(1_203)), *("x" * 900_000 for _ in range(6)))
    chats.save_conversation("c-1", saved)
    assert chats.get_conversation("c-1") == saved
    assert me.conversations.get("c-1").last_sequence == 1_209


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("text", "is str, not a dict"),
        ({"title": "x"}, "has no list of messages"),
        (conversation("uno", messages="marker"), "has no list of messages"),
        (conversation("uno", messages=["marker"]), "has str as message 1, not a dict"),
        (conversation("uno", messages=[{"role": "boss", "content": "marker"}]), "message 1 that 'role' is none of"),
        (conversation("uno", messages=[{"role": "user"}]), "message 1 that has no 'content'"),
        (conversation("uno", messages=[{"role": "user", "content": None}]), "null as 'content'"),
        (conversation("marker\0"), "NUL"),
        (conversation("marker\ud800"), "surrogate"),
        (conversation("x" * 1_000_000), "1000000 bytes"),
        (conversation("uno", title="x" * 501), "'title' has 501 characters"),
        (conversation("uno", settings=["marker"]), "'settings' is a list"),
        (conversation("uno", extra=object()), "JSON cannot hold"),
        (conversation("uno", extra=NOW), "JSON cannot hold"),
        (conversation("uno", extra=float("nan")), "JSON cannot hold"),
        (conversation("uno", extra={1: "marker", "1": "marker"}), "'1' twice"),
        (conversation("uno", extra="x" * 70_000), "metadata has"),
    ],
)
def test_what_cannot_be_kept_is_refused_without_its_words_and_changes_nothing(
    chats: ConversationStore, bad: Any, why: str
) -> None:
    chats.save_conversation("c-1", conversation("uno"))
    for name in ("c-1", "c-2"):
        with pytest.raises(InvalidInput, match=why) as caught:
            chats.save_conversation(name, bad)
        assert "marker" not in str(caught.value)
    assert chats.get_all_conversations() == {"c-1": conversation("uno")}


def test_a_bad_id_is_refused(chats: ConversationStore) -> None:
    for bad in ("", "x" * 256, "a\0"):
        with pytest.raises(InvalidInput):
            chats.save_conversation(bad, conversation("uno"))
        with pytest.raises(InvalidInput):
            chats.get_conversation(bad)


def test_users_are_apart(house: sync.Store, chats: ConversationStore, fresh: Callable[[], str]) -> None:
    other = ConversationStore(fresh(), store=house)
    chats.save_conversation("c-1", conversation("uno"))
    assert other.get_conversation("c-1") is None
    other.save_conversation("c-1", conversation("otra cosa"))
    assert not other.get_all_conversations() == chats.get_all_conversations() == {"c-1": conversation("uno")}


# What it says at the start, and its backup.


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "arraigo.compat"):
        yield caplog


def test_it_says_at_the_start_which_storage_it_uses_and_how_much_is_there(
    house: sync.Store, owner: str, chats: ConversationStore, logged: pytest.LogCaptureFixture
) -> None:
    chats.save_conversation("c-1", conversation("what was said"))
    ConversationStore(owner, store=house)
    assert logged.messages[-1] == f"1 conversation of {owner!r} in PostgreSQL"
    assert "said" not in logged.text


def test_without_a_database_it_says_so_and_nothing_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logged: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ARRAIGO_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/d")
    chats = ConversationStore(backup=tmp_path / "conversations.json")
    assert "nothing listens at 127.0.0.1:1" in logged.messages[-1]
    assert "hunter2" not in logged.text
    assert not chats.is_available()
    for attempt in (
        lambda: chats.save_conversation("c-1", conversation("uno")),
        lambda: chats.get_conversation("c-1"),
        chats.get_all_conversations,
        lambda: chats.delete_conversation("c-1"),
    ):
        with pytest.raises(Unavailable):
            attempt()
    assert not (tmp_path / "conversations.json").exists()


def test_the_backup_has_what_is_kept(house: sync.Store, owner: str, data: Path) -> None:
    data.mkdir()
    path = data / "conversations.json"
    chats = ConversationStore(owner, path, store=house)
    assert json.loads(path.read_text()) == {}
    chats.save_conversation("c-1", conversation("uno ñ"))
    other = ConversationStore(owner, str(path), store=house)
    other.save_conversation("c-2", conversation("dos", created_at="2025-01-27"))
    text = path.read_text(encoding="utf-8")
    assert "uno ñ" in text
    assert json.loads(text) == {
        "c-1": conversation("uno ñ", created_at=NAIVE.isoformat(), updated_at=NAIVE.isoformat()),
        "c-2": conversation("dos", created_at="2025-01-27", updated_at=NAIVE.isoformat()),
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other.delete_conversation("c-1")
    assert list(json.loads(path.read_text())) == ["c-2"]
    assert list(data.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        '{"old": {"messages": []}}',
        '{"conversations": {"old": {"messages": []}}}',
        '[{"id": "old", "messages": []}]',
        '{"conversations": [{"conversation_id": "old", "messages": []}]}',
        "{ damaged",
    ],
)
def test_a_file_that_holds_more_than_the_store_is_kept_beside_the_backup(
    house: sync.Store, owner: str, data: Path, logged: pytest.LogCaptureFixture, content: str
) -> None:
    data.mkdir()
    path, kept = data / "conversations.json", data / "conversations.json.before-arraigo"
    path.write_text(content)
    chats = ConversationStore(owner, path, store=house)
    chats.save_conversation("c-1", conversation("uno"))
    assert kept.read_text() == content
    assert f"arraigo move run json:{kept} --user {owner}" in logged.text
    assert list(json.loads(path.read_text())) == ["c-1"]
    path.write_text('{"more": {}}')
    ConversationStore(owner, path, store=house)
    assert kept.read_text() == content


def test_a_backup_that_cannot_be_written_is_told_and_the_conversation_is_kept(
    house: sync.Store, owner: str, data: Path, logged: pytest.LogCaptureFixture
) -> None:
    chats = ConversationStore(owner, data / "no such folder" / "b.json", store=house)
    assert chats.save_conversation("c-1", conversation("uno"))
    assert "was not written" in logged.messages[-1]
    assert chats.get_conversation("c-1") == conversation("uno")


# Beside the mover: what either writes, the other reads.


def test_what_was_moved_in_is_read_as_it_stood_in_the_file_and_goes_back_with_what_was_added(
    tmp_path: Path, owner_url: str, store_without_asyncio: sync.Store
) -> None:
    path = files.write(tmp_path / "conversations.json", files.conversations(20))
    run = move.run(f"json:{path}", owner_url)
    chats = ConversationStore(store=store_without_asyncio)
    found = chats.get_all_conversations()
    assert found == json.loads(path.read_text())
    grown = found["c-0003"]
    grown["messages"].append({"role": "user", "content": "más", "timestamp": "2025-03-01T10:00:00Z"})
    grown["updated_at"] = "2025-03-01T10:00:00"
    chats.save_conversation("c-0003", grown)
    new = conversation("nueva", created_at="2025-03-02", updated_at="2025-03-02", tags=["x"])
    chats.save_conversation("new", new)
    assert chats.get_all_conversations() == found | {"new": new}
    move.rollback(run.run_id, owner_url)
    assert json.loads(path.read_text()) == found | {"new": new}


@pytest.fixture
def store_without_asyncio(settings: Any) -> Iterator[sync.Store]:
    with sync.open(settings) as store:
        yield store


PROGRAM = """
from datetime import datetime
from arraigo.compat import ConversationStore

store = ConversationStore(user="a legacy program")
print(store.is_available(), len(store.get_all_conversations()))
store.save_conversation("c-1", {"title": "x", "created_at": datetime.now(), "updated_at": datetime.now(),
                                "messages": [{"role": "user", "content": "Hola"}], "settings": None})
"""


def test_it_finds_the_database_in_the_environment(environment: dict[str, str]) -> None:
    for count in (0, 1):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            env=clean_environment() | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == (f"True {count}\n", "")
