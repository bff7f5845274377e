"""Every method of a user's store with somebody else's ids, over every way in: not found or empty, nothing changed."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import InvalidInput, NotFound, Unavailable
from arraigo.ids import uuid7
from arraigo.store.conversations import Conversations
from arraigo.store.documents import Documents
from arraigo.store.messages import Messages
from arraigo.store.projects import Projects
from arraigo.store.state import State
from arraigo.store.stores import UserStore

PARTS = {
    "conversations": Conversations,
    "documents": Documents,
    "messages": Messages,
    "projects": Projects,
    "state": State,
}
# ruff: noqa: ARG005 - the attempts share one form
NOTHING = "nothing"  # the method works, and nothing of somebody else's is in its answer


@dataclass(frozen=True)
class Theirs:
    """What Bea has: a conversation with messages, one edited and one deleted, in a project, a document, and state."""

    talk: arraigo.Conversation
    project: arraigo.Project
    messages: list[arraigo.Message]
    state: arraigo.Entry
    document: arraigo.Document


Attempt = Callable[[arraigo.UserStore, Theirs], Awaitable[Any]]

# How Ana tries each method on what is Bea's, and what comes of it. A method without a line here fails the test.
ATTEMPTS: list[tuple[str, Attempt, Any]] = [
    ("conversations.create", lambda me, t: me.conversations.create(title="x", project_id=t.project.id), NotFound),
    ("conversations.get", lambda me, t: me.conversations.get(t.talk.id), NotFound),
    ("conversations.get", lambda me, t: me.conversations.get(str(t.talk.id)), NotFound),
    ("conversations.get", lambda me, t: me.conversations.get("bea-1"), NotFound),
    ("conversations.list", lambda me, t: me.conversations.list(), NOTHING),
    ("conversations.list", lambda me, t: me.conversations.list(kind="chat", status="active"), NOTHING),
    ("conversations.count", lambda me, t: me.conversations.count(), 0),
    ("conversations.update", lambda me, t: me.conversations.update(t.talk.id, title="x"), NotFound),
    ("conversations.update", lambda me, t: me.conversations.update("bea-1", status="archived"), NotFound),
    ("conversations.delete", lambda me, t: me.conversations.delete(t.talk.id), NotFound),
    ("conversations.delete", lambda me, t: me.conversations.delete("bea-1"), NotFound),
    ("messages.append", lambda me, t: me.messages.append(t.talk.id, role="user", content="x"), NotFound),
    ("messages.append", lambda me, t: me.messages.append(t.talk.id, [("user", "x"), ("user", "y")]), NotFound),
    ("messages.append", lambda me, t: me.messages.append("bea-1", [("user", "x")]), NotFound),
    ("messages.append", lambda me, t: me.messages.append(t.talk.id, same_ids(t)[:1]), NotFound),
    ("messages.append", lambda me, t: me.messages.append(t.talk.id, same_ids(t)), NotFound),
    ("messages.list", lambda me, t: me.messages.list(t.talk.id), NotFound),
    ("messages.list", lambda me, t: me.messages.list(t.talk.id, last=5), NotFound),
    ("messages.list", lambda me, t: me.messages.list("bea-1", after=1), NotFound),
    ("messages.get", lambda me, t: me.messages.get(t.talk.id, t.messages[0].id), NotFound),
    ("messages.get", lambda me, t: me.messages.get("bea-1", t.messages[0].id), NotFound),
    ("messages.list_many", lambda me, t: me.messages.list_many([t.talk.id, t.project.id], limit=9), {}),
    ("messages.revisions", lambda me, t: me.messages.revisions(t.talk.id, 1), NotFound),
    ("messages.edit", lambda me, t: me.messages.edit(t.talk.id, 1, content="x"), NotFound),
    ("messages.edit", lambda me, t: me.messages.edit(t.talk.id, 3, content="x"), NotFound),
    ("messages.delete", lambda me, t: me.messages.delete(t.talk.id, 1), NotFound),
    ("messages.delete", lambda me, t: me.messages.delete(t.talk.id, 3), NotFound),
    ("documents.add", lambda me, t: me.documents.add(t.talk.id, b"x", filename="x"), NotFound),
    ("documents.add", lambda me, t: me.documents.add("bea-1", b"x", filename="x"), NotFound),
    ("documents.get", lambda me, t: me.documents.get(t.document.id), NotFound),
    ("documents.list", lambda me, t: me.documents.list(t.talk.id), NotFound),
    ("documents.list", lambda me, t: me.documents.list("bea-1"), NotFound),
    ("documents.open", lambda me, t: me.documents.open(t.document.id), NotFound),
    ("documents.read", lambda me, t: me.documents.read(t.document.id), NotFound),
    ("documents.link", lambda me, t: me.documents.link(t.document.id), NotFound),
    ("documents.link", lambda me, t: me.documents.link(t.document), NotFound),
    ("documents.mark_processed", lambda me, t: me.documents.mark_processed(t.document.id, "x"), NotFound),
    ("documents.mark_failed", lambda me, t: me.documents.mark_failed(t.document.id, "x"), NotFound),
    ("documents.delete", lambda me, t: me.documents.delete(t.document.id), NotFound),
    ("projects.list", lambda me, t: me.projects.list(inactive=True), []),
    ("state.get", lambda me, t: me.state.get("de Bea", "k"), None),
    ("state.entry", lambda me, t: me.state.entry("de Bea", "k"), None),
    ("state.list", lambda me, t: me.state.list("de Bea"), arraigo.Page()),
    ("state.count", lambda me, t: me.state.count("de Bea"), 0),
    ("state.clear", lambda me, t: me.state.clear("de Bea"), 0),
    ("state.delete", lambda me, t: me.state.delete("de Bea", "k"), None),
    ("state.compare_and_set", lambda me, t: me.state.compare_and_set("de Bea", "k", t.state.version, "x"), None),
    # From here on Ana has entries of her own under the same names.
    ("state.update", lambda me, t: me.state.update("de Bea", "k", {"mine": 1}), NOTHING),
    ("state.compare_and_set", lambda me, t: me.state.compare_and_set("de Bea", "j", None, "x"), NOTHING),
    ("state.set", lambda me, t: me.state.set("de Bea", "k", "x"), NOTHING),
    # From here on Ana has a "bea-1" of her own.
    ("conversations.create", lambda me, t: me.conversations.create(title="x", external_id="bea-1"), NOTHING),
    ("projects.create", lambda me, t: me.projects.create(name=t.project.name), NOTHING),
    ("projects.get", lambda me, t: me.projects.get(t.project.id), NotFound),
]


def same_ids(theirs: Theirs) -> list[NewMessage]:
    return [NewMessage(m.role, m.content or "tres", m.id) for m in theirs.messages]


@pytest.fixture
async def theirs(you: arraigo.UserStore) -> AsyncIterator[Theirs]:
    project = await you.projects.create(name="de Bea")
    talk = await you.conversations.create(title="de Bea", external_id="bea-1", project_id=project.id)
    await you.messages.append(talk.id, [("user", "uno de Bea"), ("assistant", "dos"), ("user", "tres")])
    await you.messages.edit(talk.id, 1, content="uno y medio de Bea")
    await you.messages.delete(talk.id, 3)
    document = await you.documents.add(talk.id, b"lo de Bea", filename="de Bea.txt")
    for key in ("k", "j"):
        await you.state.set("de Bea", key, {"de Bea": talk.owner_id.hex}, ttl=600)

    async def whole() -> Any:
        return (
            await you.conversations.list(),
            await you.messages.list(talk.id),
            await you.messages.revisions(talk.id, 1),
            await you.projects.list(inactive=True),
            await you.state.list("de Bea"),
            await you.documents.get(document.id),
            await you.documents.read(document.id),
        )

    before = await whole()
    yield Theirs(before[0].items[0], project, before[1], before[4].items[1], document)
    assert await whole() == before


def test_every_method_of_every_part_is_tried() -> None:
    parts = {name for name, _ in inspect.getmembers(UserStore(None, None)) if not name.startswith("_")}  # type: ignore[arg-type]
    assert parts == {*PARTS, "id", "part"}
    methods = {
        f"{part}.{name}"
        for part, kind in PARTS.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods == {name for name, _, _ in ATTEMPTS}


async def test_nothing_of_somebody_elses_is_shown_or_changed(me: arraigo.UserStore, theirs: Theirs) -> None:
    for name, attempt, expected in ATTEMPTS:
        if expected is NotFound:
            with pytest.raises(NotFound) as caught:
                await attempt(me, theirs)
            assert "Bea" not in str(caught.value), name
        elif expected is NOTHING:
            answer = await attempt(me, theirs)
            assert str(theirs.talk.owner_id) not in repr(answer), name
            assert theirs.talk.owner_id.hex not in str(getattr(answer, "value", "")), name
        else:
            assert await attempt(me, theirs) == expected, name


async def test_an_id_of_nobodys_is_answered_the_same_as_somebody_elses(me: arraigo.UserStore, theirs: Theirs) -> None:
    said = []
    for id_ in (theirs.talk.id, uuid7()):
        with pytest.raises(NotFound) as caught:
            await me.messages.append(id_, role="user", content="x")
        said.append(str(caught.value).replace(str(id_), "ID"))
    assert said[0] == said[1]


async def test_a_message_id_of_somebody_elses_is_free_here(me: arraigo.UserStore, theirs: Theirs) -> None:
    mine = await me.conversations.create(title="mine", external_id="bea-1")
    assert (await me.messages.append(mine.id, same_ids(theirs)[:1]))[0].sequence_number == 1


async def test_two_handles_of_one_store_do_not_mix(everywhere: arraigo.Store, theirs: Theirs) -> None:
    """One connection after the other serves both; neither takes the other's identity along."""
    ana, bea = everywhere.as_user("ana of this test"), everywhere.for_user(theirs.talk.owner_id)
    for _ in range(20):
        assert (await bea.conversations.get(theirs.talk.id)).owner_id == theirs.talk.owner_id
        with pytest.raises(NotFound):
            await ana.conversations.get(theirs.talk.id)
        await everywhere.ping()


async def test_isolation_is_checked(everywhere: arraigo.Store) -> None:
    await everywhere.check_isolation()


async def test_one_name_is_one_user(everywhere: arraigo.Store) -> None:
    name = str(uuid7())
    assert await everywhere.as_user(name).id() == await everywhere.as_user(name).id()
    assert await everywhere.as_user(name).id() != await everywhere.as_user(name.upper()).id()


async def test_an_identity_is_one_user_whatever_they_are_called(everywhere: arraigo.Store) -> None:
    name, subject = str(uuid7()), str(uuid7())
    first = await everywhere.sign_in(provider="https://login.example.com", subject=subject, username=name)
    again = await everywhere.sign_in(provider="https://login.example.com", subject=subject, username="another")
    other = await everywhere.sign_in(provider="https://other.example.com", subject=subject, username=name)
    local = await everywhere.sign_in(provider="arraigo", subject=name)
    assert again == first
    assert len({first.id, other.id, local.id}) == 3


async def test_a_sign_in_has_limits(everywhere: arraigo.Store) -> None:
    for bad in (
        {"subject": ""},
        {"subject": "x" * 256},
        {"provider": ""},
        {"username": "x" * 256},
        {"username": "a\0b"},
        {"email": "x"},
        {"email": "x" * 321},
        {"email": "\ud800@example.com"},
        {"full_name": "x" * 501},
        {"full_name": "\0"},
    ):
        with pytest.raises(InvalidInput):
            await everywhere.sign_in(**{"provider": "arraigo", "subject": "x", **bad})
    for name in ("", "x" * 256, "a\0b", "\ud800"):
        with pytest.raises(InvalidInput):
            everywhere.as_user(name)


async def test_an_unknown_user_can_store_nothing(everywhere: arraigo.Store) -> None:
    nobody = everywhere.for_user(uuid7())
    with pytest.raises((NotFound, Unavailable)):
        await nobody.conversations.create(title="x")
    assert (await nobody.conversations.list()).items == []
