"""Conversations, over every way in."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

import arraigo
from arraigo.errors import Conflict, InvalidInput, NotFound
from arraigo.store.checks import to_cursor


async def everything(me: arraigo.UserStore, limit: int, **filters: str) -> list[arraigo.Conversation]:
    """All pages in one list."""
    found: list[arraigo.Conversation] = []
    cursor = None
    while True:
        page = await me.conversations.list(limit=limit, cursor=cursor, **filters)
        assert len(page.items) <= limit
        found += page.items
        if (cursor := page.next) is None:
            return found


async def test_a_new_conversation_has_what_it_was_given_and_the_defaults(me: arraigo.UserStore) -> None:
    plain = await me.conversations.create(title="Hola")
    assert (plain.kind, plain.status, plain.language, plain.settings, plain.metadata) == (
        "chat",
        "active",
        None,
        {},
        {},
    )
    assert (plain.external_id, plain.project_id, plain.completed_at, plain.last_sequence) == (None, None, None, 0)
    assert plain.owner_id == await me.id()
    full = await me.conversations.create(
        title="¿Dónde? 🏠 مرحبا",
        kind="interview",
        language="es-CO",
        settings={"temperature": 0.1},
        metadata={"a": [1, {"b": None}]},
        external_id="e-1",
    )
    assert (full.title, full.kind, full.language, full.external_id) == ("¿Dónde? 🏠 مرحبا", "interview", "es-CO", "e-1")
    assert (full.settings, full.metadata) == ({"temperature": 0.1}, {"a": [1, {"b": None}]})
    assert await me.conversations.get(full.id) == full


async def test_times_have_a_zone_and_are_now(me: arraigo.UserStore) -> None:
    talk = await me.conversations.create(title="x")
    for moment in (talk.created_at, talk.updated_at, talk.activity_at):
        assert moment.tzinfo is not None
        assert abs((datetime.now(UTC) - moment).total_seconds()) < 120


async def test_a_conversation_is_found_by_id_and_by_external_id(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    for ref in (talk.id, str(talk.id), "talk-1"):
        assert await me.conversations.get(ref) == talk


async def test_any_text_can_be_an_external_id(me: arraigo.UserStore) -> None:
    for name in ("8f14e45f-ceea-467f-9d1c-0f1a2b3c4d5e", "0" * 32, "a/b?c=d&e", "ñ🏠", "x" * 255, " "):
        talk = await me.conversations.create(title="x", external_id=name)
        assert (await me.conversations.get(name)).id == talk.id
        assert (await me.messages.append(name, role="user", content="Hola")).sequence_number == 1
        assert len(await me.messages.list(name)) == 1
        assert (await me.conversations.update(name, title="y")).title == "y"
        await me.conversations.delete(name)
        with pytest.raises(NotFound):
            await me.conversations.get(name)


async def test_what_cannot_be_an_external_id_is_refused(me: arraigo.UserStore) -> None:
    for name in ("", "x" * 256, "a\0b", "a\ud800b"):
        for attempt in (
            me.conversations.create(title="x", external_id=name),
            me.conversations.get(name),
            me.messages.append(name, role="user", content="Hola"),
        ):
            with pytest.raises(InvalidInput):
                await attempt


async def test_a_second_conversation_with_an_external_id_is_a_conflict(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    with pytest.raises(Conflict, match="talk-1"):
        await me.conversations.create(title="another", external_id="talk-1")
    assert await me.conversations.get(talk.id) == talk


async def test_two_owners_may_use_the_same_external_id(me: arraigo.UserStore, you: arraigo.UserStore) -> None:
    mine = await me.conversations.create(title="mine", external_id="same")
    yours = await you.conversations.create(title="yours", external_id="same")
    assert mine.id != yours.id
    assert (await me.conversations.get("same")).title == "mine"
    assert (await you.conversations.get("same")).title == "yours"


async def test_an_external_id_is_free_again_after_a_deletion(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, role="user", content="Hola")
    await me.conversations.delete("talk-1")
    again = await me.conversations.create(title="again", external_id="talk-1")
    assert (again.last_sequence, await me.messages.list(again.id)) == (0, [])


async def test_pages_have_everything_once_and_the_newest_first(me: arraigo.UserStore) -> None:
    made = {(await me.conversations.create(title=str(n))).id for n in range(7)}
    for limit in (1, 3, 7, 100):
        found = await everything(me, limit)
        assert len(found) == 7
        assert {talk.id for talk in found} == made
        assert all((a.activity_at, a.id) > (b.activity_at, b.id) for a, b in pairwise(found))


async def test_pages_are_complete_and_without_doubles_while_others_write(me: arraigo.UserStore) -> None:
    """What nobody touches comes up once each; what is written to or made meanwhile comes up once at most."""
    quiet = {(await me.conversations.create(title="quiet")).id for _ in range(12)}
    busy = [(await me.conversations.create(title="busy")).id for _ in range(4)]
    stop = asyncio.Event()

    async def write(place: int) -> None:
        while not stop.is_set():
            await me.messages.append(busy[place], role="user", content="Hola")
            await me.conversations.update(busy[place], title="busier")
            await me.conversations.create(title="new")

    writers = [asyncio.create_task(write(place)) for place in range(2)]
    try:
        for _ in range(3):
            found = [talk.id for talk in await everything(me, 5)]
            assert len(found) == len(set(found))
            assert quiet <= set(found)
    finally:
        stop.set()
        await asyncio.gather(*writers)


async def test_filters_and_counts_agree(me: arraigo.UserStore) -> None:
    for kind in ("chat", "chat", "interview"):
        talk = await me.conversations.create(title=kind, kind=kind)
    await me.conversations.update(talk.id, status="archived")
    for filters, expected in (
        ({}, 3),
        ({"kind": "chat"}, 2),
        ({"status": "archived"}, 1),
        ({"kind": "chat", "status": "archived"}, 0),
        ({"kind": "interview", "status": "archived"}, 1),
    ):
        assert len(await everything(me, 2, **filters)) == expected
        assert await me.conversations.count(**filters) == expected


async def test_bad_filters_limits_and_cursors_are_refused_in_a_sentence(me: arraigo.UserStore) -> None:
    for attempt in (
        me.conversations.list(status="open"),
        me.conversations.list(kind="phone"),
        me.conversations.count(kind="phone"),
        me.conversations.list(limit=0),
        me.conversations.list(limit=1001),
        me.conversations.list(cursor="no cursor"),
        me.conversations.list(cursor=""),
    ):
        with pytest.raises(InvalidInput):
            await attempt


async def test_a_cursor_of_any_time_is_a_place_in_the_listing(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    for moment, expected in ((datetime.max.replace(tzinfo=UTC), [talk]), (datetime(1969, 1, 1, tzinfo=UTC), [])):
        page = await me.conversations.list(cursor=to_cursor(moment, UUID(int=2**128 - 1)))
        assert page.items == expected


async def test_each_field_is_changed_alone(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    project = await me.projects.create(name="Mapas")
    changes = {
        "title": "Otra",
        "status": "archived",
        "language": "pt",
        "settings": {"a": 1},
        "metadata": {"b": [True]},
        "project_id": project.id,
    }
    for name, value in changes.items():
        before = await me.conversations.get(talk.id)
        after = await me.conversations.update(talk.id, **{name: value})
        assert getattr(after, name) == value
        moved = {"updated_at", "activity_at", name}
        assert {k: v for k, v in vars(after).items() if k not in moved} == {
            k: v for k, v in vars(before).items() if k not in moved
        }
        assert after.updated_at >= before.updated_at
        assert after == await me.conversations.get(talk.id)
    emptied = await me.conversations.update(talk.id, language=None, project_id=None, settings=None, metadata={})
    assert (emptied.language, emptied.project_id, emptied.settings, emptied.metadata) == (None, None, {}, {})
    assert (emptied.title, emptied.status) == ("Otra", "archived")


async def test_completed_at_follows_the_status(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    done = (await me.conversations.update(talk.id, status="completed")).completed_at
    assert done is not None
    assert (await me.conversations.update(talk.id, title="x")).completed_at == done
    assert (await me.conversations.update(talk.id, status="completed")).completed_at == done
    assert (await me.conversations.update(talk.id, status="active")).completed_at is None


BAD_CHANGES: list[dict[str, object]] = [
    {},
    {"owner_id": uuid4()},
    {"last_sequence": 7},
    {"title": None},
    {"title": "x" * 501},
    {"title": "a\0b"},
    {"status": "open"},
    {"status": None},
    {"language": "e"},
    {"language": "x" * 36},
    {"settings": []},
    {"metadata": {"x": float("nan")}},
    {"metadata": {"x": "\ud800"}},
]


async def test_a_bad_change_changes_nothing(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for change in BAD_CHANGES:
        with pytest.raises(InvalidInput):
            await me.conversations.update(talk.id, **change)
    assert await me.conversations.get(talk.id) == talk


async def test_a_title_may_have_500_characters_or_none(me: arraigo.UserStore) -> None:
    assert len((await me.conversations.create(title="🏠" * 500)).title) == 500
    assert (await me.conversations.create(title="")).title == ""


async def test_what_is_missing_is_not_found(me: arraigo.UserStore) -> None:
    gone = uuid4()
    for attempt in (
        me.conversations.get(gone),
        me.conversations.get(str(gone)),
        me.conversations.get("never"),
        me.conversations.update(gone, title="x"),
        me.conversations.delete("never"),
        me.conversations.create(title="x", project_id=gone),
        me.messages.list(gone),
        me.messages.append(gone, [("user", "x")]),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_project_that_is_not_there_changes_nothing(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    with pytest.raises(NotFound, match="project"):
        await me.conversations.update(talk.id, title="y", project_id=uuid4())
    assert await me.conversations.get(talk.id) == talk


async def test_deleting_takes_everything_under_it(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, [("user", "uno"), ("assistant", "dos")])
    await me.messages.edit(talk.id, 1, content="uno y medio")
    await me.conversations.delete(talk.id)
    for attempt in (me.messages.list(talk.id), me.messages.revisions(talk.id, 1), me.conversations.delete(talk.id)):
        with pytest.raises(NotFound):
            await attempt
    assert await me.conversations.count() == 0


async def test_an_append_brings_a_conversation_up(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, [("user", "uno"), ("assistant", "dos")])
    after = await me.conversations.get(talk.id)
    assert after.last_sequence == 2
    assert after.updated_at > talk.updated_at
    assert (after.activity_at.second, after.activity_at.microsecond) == (0, 0)
