"""Messages, over every way in: numbering, retries, edits, deletions, reading."""

import asyncio
from uuid import uuid4

import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import Conflict, InvalidInput, NotFound, TooLarge
from arraigo.ids import uuid7


def numbers(messages: list[arraigo.Message]) -> list[int]:
    return [message.sequence_number for message in messages]


async def test_messages_are_numbered_from_one_in_the_order_they_come(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    for expected in (1, 2, 3):
        assert (await me.messages.append(talk.id, role="user", content=str(expected))).sequence_number == expected
    found = await me.messages.list(talk.id)
    assert [(m.sequence_number, m.content) for m in found] == [(1, "1"), (2, "2"), (3, "3")]


async def test_an_answer_is_what_is_read_afterwards(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    one = await me.messages.append(talk.id, role="tool", content="Hola 👋🏽", metadata={"tokens": 3})
    several = await me.messages.append(
        "talk-1", [("user", "¿dónde?"), NewMessage("assistant", "", metadata={"a": None}), NewMessage("system", "x")]
    )
    assert [one, *several] == await me.messages.list(talk.id)
    assert one.stored == "database"
    assert (one.edited_at, one.deleted_at) == (None, None)
    assert one.created_at.tzinfo is not None


async def test_a_batch_stays_together_among_other_writers(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    stored = await asyncio.gather(
        *(me.messages.append(talk.id, [("user", f"{n}.{part}") for part in range(3)]) for n in range(8)),
        *(me.messages.append(talk.id, [("user", "alone")]) for _ in range(8)),
    )
    for batch in stored:
        assert numbers(batch) == list(range(batch[0].sequence_number, batch[0].sequence_number + len(batch)))
    assert sorted(n for batch in stored for n in numbers(batch)) == list(range(1, 33))
    assert numbers(await me.messages.list(talk.id)) == list(range(1, 33))


async def test_a_thousand_messages_go_in_one_call(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    assert numbers(await me.messages.append(talk.id, [("user", str(n)) for n in range(1000)])) == list(range(1, 1001))


async def test_a_retry_gives_the_same_answer_and_takes_no_number(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    first = await me.messages.append(talk.id, role="user", content="Hola", id=uuid7(), metadata={"a": 1.10})
    again = await me.messages.append(talk.id, role="user", content="Hola", id=first.id, metadata={"a": 1.1})
    assert again == first
    batch = [NewMessage("user", "uno", uuid7()), NewMessage("assistant", "dos", uuid7())]
    stored = await me.messages.append(talk.id, batch)
    assert await me.messages.append(talk.id, batch) == stored
    assert (await me.messages.append(talk.id, role="user", content="uno", id=batch[0].id)) == stored[0]
    assert (await me.messages.append(talk.id, role="user", content="next")).sequence_number == 4
    assert (await me.conversations.get(talk.id)).last_sequence == 4


async def test_a_batch_of_old_and_new_stores_the_new_ones(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    old = await me.messages.append(talk.id, role="user", content="old", id=uuid7())
    found = await me.messages.append(talk.id, [("user", "a"), NewMessage("user", "old", old.id), ("user", "b")])
    assert numbers(found) == [2, 1, 3]


async def test_retries_at_the_same_time_store_once(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    id_ = uuid7()
    found = await asyncio.gather(*(me.messages.append(talk.id, role="user", content="x", id=id_) for _ in range(8)))
    assert len(set(found)) == 1
    assert numbers(await me.messages.list(talk.id)) == [1]


async def test_the_same_id_with_other_content_is_a_conflict(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    first = await me.messages.append(talk.id, role="user", content="secreto", id=uuid7())
    for other in (
        NewMessage("user", "otro", first.id),
        NewMessage("assistant", "secreto", first.id),
        NewMessage("user", "secreto", first.id, {"a": 1}),
    ):
        with pytest.raises(Conflict) as caught:
            await me.messages.append(talk.id, [other])
        assert "secreto" not in str(caught.value)
    assert await me.messages.list(talk.id) == [first]


async def test_a_batch_with_a_conflict_stores_nothing(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    first = await me.messages.append(talk.id, role="user", content="x", id=uuid7())
    with pytest.raises(Conflict):
        await me.messages.append(talk.id, [("user", "a"), NewMessage("user", "other", first.id), ("user", "b")])
    assert await me.messages.list(talk.id) == [first]
    assert (await me.conversations.get(talk.id)).last_sequence == 1


async def test_two_messages_of_one_call_cannot_share_an_id(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    id_ = uuid7()
    with pytest.raises(InvalidInput, match="same id"):
        await me.messages.append(talk.id, [NewMessage("user", "a", id_), NewMessage("user", "b", id_)])


async def test_an_id_counts_within_its_conversation_only(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    other = await me.conversations.create(title="other")
    first = await me.messages.append(talk.id, role="user", content="a", id=uuid7())
    assert (await me.messages.append(other.id, role="user", content="b", id=first.id)).sequence_number == 1


async def test_an_edit_keeps_what_was_said_before(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, role="user", content="uno", metadata={"v": 1})
    second = await me.messages.edit(talk.id, 1, content="dos")
    assert (second.content, second.metadata, second.sequence_number) == ("dos", {"v": 1}, 1)
    assert second.edited_at is not None
    third = await me.messages.edit("talk-1", 1, content="tres", metadata={"v": 3})
    revisions = await me.messages.revisions(talk.id, 1)
    assert [(r.revision, r.content, r.metadata) for r in revisions] == [(1, "uno", {"v": 1}), (2, "dos", {"v": 1})]
    assert await me.messages.list(talk.id) == [third]


async def test_an_edit_can_take_metadata_away(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, role="user", content="uno", metadata={"v": 1})
    assert not (await me.messages.edit(talk.id, 1, content="uno", metadata={})).metadata
    plain = await me.messages.append(talk.id, role="user", content="x", metadata={})
    assert (await me.messages.list(talk.id))[0].metadata == plain.metadata


async def test_a_retry_of_an_edited_message_takes_no_number(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    first = await me.messages.append(talk.id, role="user", content="uno", id=uuid7())
    await me.messages.edit(talk.id, 1, content="dos")
    assert (await me.messages.append(talk.id, role="user", content="uno", id=first.id)).sequence_number == 1
    assert [m.content for m in await me.messages.list(talk.id)] == ["dos"]


async def test_a_message_is_found_by_its_id(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    one, other = await me.messages.append(talk.id, [("user", "uno"), ("assistant", "dos")])
    assert await me.messages.get(talk.id, one.id) == one
    assert await me.messages.get("talk-1", other.id) == other
    edited = await me.messages.edit(talk.id, 1, content="tres")
    assert await me.messages.get(talk.id, one.id) == edited
    await me.messages.delete(talk.id, 2)
    assert (await me.messages.get(talk.id, other.id)).deleted_at is not None
    elsewhere = await me.conversations.create(title="x")
    for where, id_ in ((talk.id, uuid7()), (elsewhere.id, one.id), (uuid7(), one.id)):
        with pytest.raises(NotFound):
            await me.messages.get(where, id_)


async def test_a_deletion_leaves_a_tombstone(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    first = await me.messages.append(talk.id, role="user", content="secreto", id=uuid7(), metadata={"a": "secreto"})
    await me.messages.edit(talk.id, 1, content="secreto 2")
    assert await me.messages.delete(talk.id, 1) == "database"
    [gone] = await me.messages.list(talk.id)
    assert (gone.sequence_number, gone.id, gone.content, gone.metadata) == (1, first.id, "", None)
    assert gone.deleted_at is not None
    assert await me.messages.revisions(talk.id, 1) == []
    for attempt in (me.messages.delete(talk.id, 1), me.messages.edit(talk.id, 1, content="x")):
        with pytest.raises(Conflict, match="deleted"):
            await attempt
    assert (await me.messages.append(talk.id, role="user", content="secreto", id=first.id)).sequence_number == 1
    assert await me.messages.list(talk.id) == [gone]
    assert (await me.messages.append(talk.id, role="user", content="next")).sequence_number == 2


async def test_edits_at_the_same_time_each_leave_a_revision(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    await me.messages.append(talk.id, role="user", content="0")
    await asyncio.gather(*(me.messages.edit(talk.id, 1, content=str(n)) for n in range(1, 9)))
    said = [r.content for r in await me.messages.revisions(talk.id, 1)]
    assert said[0] == "0"
    assert sorted([*said, (await me.messages.list(talk.id))[0].content]) == [str(n) for n in range(9)]


async def test_numbers_that_are_not_there_are_not_found(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for number in (0, -1, 2, 2**31):
        for attempt in (
            me.messages.edit(talk.id, number, content="x"),
            me.messages.delete(talk.id, number),
            me.messages.revisions(talk.id, number),
        ):
            with pytest.raises(NotFound):
                await attempt


async def test_numbers_beyond_the_databases_are_refused(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for attempt in (me.messages.delete(talk.id, 2**63), me.messages.list(talk.id, after=2**63)):
        with pytest.raises((NotFound, InvalidInput)):
            await attempt


async def test_reading_from_either_end(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    assert await me.messages.list(talk.id) == []
    assert await me.messages.list(talk.id, last=5) == []
    await me.messages.append(talk.id, [("user", str(n)) for n in range(1, 61)])
    assert numbers(await me.messages.list(talk.id)) == list(range(1, 51))
    assert numbers(await me.messages.list(talk.id, last=3)) == [58, 59, 60]
    assert numbers(await me.messages.list("talk-1", last=100)) == list(range(1, 61))
    assert numbers(await me.messages.list(talk.id, after=57)) == [58, 59, 60]
    assert numbers(await me.messages.list(talk.id, after=10, limit=2)) == [11, 12]
    assert numbers(await me.messages.list(talk.id, after=-5, limit=2)) == [1, 2]
    assert await me.messages.list(talk.id, after=60) == []


async def test_bad_questions_are_refused(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for attempt in (
        me.messages.list(talk.id, last=0),
        me.messages.list(talk.id, last=1001),
        me.messages.list(talk.id, limit=0),
        me.messages.list(talk.id, last=1, after=1),
    ):
        with pytest.raises(InvalidInput):
            await attempt


async def test_nothing_is_found_in_what_is_not_there(me: arraigo.UserStore) -> None:
    for ref in (uuid4(), str(uuid4()), "never"):
        for attempt in (
            me.messages.append(ref, role="user", content="x"),
            me.messages.append(ref, [("user", "x"), ("user", "y")]),
            me.messages.append(ref, role="user", content="x", id=uuid7()),
            me.messages.append(ref, [NewMessage("user", "x", uuid7()), NewMessage("user", "y", uuid7())]),
            me.messages.list(ref),
            me.messages.list(ref, last=1),
        ):
            with pytest.raises(NotFound):
                await attempt


async def test_many_conversations_are_read_at_once(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    other = await me.conversations.create(title="other")
    empty = await me.conversations.create(title="empty")
    await me.messages.append(talk.id, [("user", f"a{n}") for n in range(1, 5)])
    await me.messages.append(other.id, [("user", "b1"), ("user", "b2")])
    await me.messages.delete(other.id, 1)
    found = await me.messages.list_many([talk.id, other.id, empty.id, uuid7()], limit=3)
    assert found == {
        talk.id: await me.messages.list(talk.id, limit=3),
        other.id: await me.messages.list(other.id),
    }
    assert await me.messages.list_many([]) == {}
    for bad in (0, 1001):
        with pytest.raises(InvalidInput):
            await me.messages.list_many([talk.id], limit=bad)
    with pytest.raises(TooLarge):
        await me.messages.list_many([talk.id] * 1001)
