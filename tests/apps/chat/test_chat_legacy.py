"""A conversation of the old program becomes rows, and the rows become the same conversation again."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.chat.legacy import CONVERSATIONS
from arraigo.ids import derived
from arraigo.move.records.fields import NAIVE
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, parse
from arraigo.move.records.shape import shapes
from support.shapes import OWNER, context, read_back, round_trip
from support.strategies import ANYTHING, DATES, NAMES, NULL, NUMBERS, objects, written

MESSAGES = objects(
    {"role": st.sampled_from(['"user"', '"assistant"', '"system"', '"tool"']), "content": NAMES},
    {"timestamp": DATES | NULL, "metadata": ANYTHING},
)
RECORDS = objects(
    {"messages": st.lists(MESSAGES, max_size=4).map(lambda items: f"[{','.join(items)}]")},
    {
        "conversation_id": st.just('"c-1"') | NAMES | NUMBERS,
        "id": st.just('"c-1"') | NULL,
        "title": NAMES | NULL,
        "created_at": DATES | NULL,
        "updated_at": DATES | NULL,
        "settings": st.dictionaries(NAMES, ANYTHING, max_size=3).map(written) | NULL,
        "status": NAMES,
    },
)


def conversation(**other: Json) -> dict[str, Json]:
    given: dict[str, Json] = {
        "title": "Direcciones",
        "created_at": "2025-01-27T10:00:00",
        "updated_at": "2025-01-27T11:00:30.000500",
        "messages": [{"role": "user", "content": "Hola"}, {"role": "assistant", "content": "¿Qué tal?"}],
        "settings": {},
    }
    return given | other


@given(RECORDS)
def test_any_conversation_comes_back_in_its_own_order_and_digits(text: str) -> None:
    value = parse(text.encode())
    key, found = round_trip(CONVERSATIONS, "c-1", value)
    assert key == "c-1"
    assert canonical(found) == canonical(value)
    assert dump(found) == dump(value)


def test_an_ordinary_conversation_needs_nothing_beside_its_columns() -> None:
    rows = CONVERSATIONS.to_rows("c-1", conversation(), context())
    assert rows["conversations"][0]["metadata"] == {}
    assert [message["metadata"] for message in rows["messages"]] == [None, None]


def test_dates_of_messages_are_remembered_once_for_all_of_them() -> None:
    dated: list[Json] = [
        {"role": "user", "content": "a", "timestamp": f"2025-01-27T10:00:{number:02}.000Z"} for number in range(9)
    ]
    rows = CONVERSATIONS.to_rows("c-1", conversation(messages=dated), context())
    assert [message["metadata"] for message in rows["messages"]] == [None] * 9
    assert [message["created_at"].second for message in rows["messages"]] == list(range(9))


def test_the_columns_hold_what_the_conversation_says() -> None:
    given = context()
    rows = CONVERSATIONS.to_rows("c-1", conversation(settings=parse(b'{"temperature":1e2}')), given)
    row, (first, second) = rows["conversations"][0], rows["messages"]
    assert row["id"] == derived(given.id_key, "conversation", str(OWNER), "c-1")
    assert (row["external_id"], row["title"], row["kind"], row["last_sequence"]) == ("c-1", "Direcciones", "chat", 2)
    assert row["activity_at"] == row["updated_at"].replace(second=0, microsecond=0)
    assert (first["sequence_number"], second["sequence_number"]) == (1, 2)
    assert second["created_at"] == row["created_at"]
    assert (second["role"], second["content"], second["owner_id"]) == ("assistant", "¿Qué tal?", OWNER)
    assert len({first["id"], second["id"], row["id"]}) == 3


def test_ids_are_the_same_for_the_same_owner_and_key_alone() -> None:
    one = CONVERSATIONS.to_rows("c-1", conversation(), context())
    assert one == CONVERSATIONS.to_rows("c-1", conversation(), context())
    other = CONVERSATIONS.to_rows("c-1", conversation(), replace(context(), owner=derived(b"k", "somebody")))
    assert one["conversations"][0]["id"] != other["conversations"][0]["id"]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("conversations", "title", "Direccione5"),
        ("conversations", "settings", {"a": True}),
        ("conversations", "external_id", "c-2"),
        ("conversations", "status", "archived"),
        ("messages", "content", "Holá"),
        ("messages", "role", "tool"),
        ("messages", "metadata", {"legacy": '{"extra":{"x":1}}'}),
    ],
)
def test_a_changed_column_changes_the_record(table: str, column: str, value: Any) -> None:
    record = parse(canonical(conversation()))
    rows = read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-1", record, context()))
    rows[table][0][column] = value
    key, found = CONVERSATIONS.to_record("c-1", rows)
    assert (key, canonical(found)) != ("c-1", canonical(record))


@pytest.mark.parametrize("column", ["created_at", "updated_at"])
@pytest.mark.parametrize(
    "date", ['"2025-01-27"', '"2025-01-27T10:00:00Z"', "1737972672", '"2025-01-27T10:00:00"', "null"]
)
def test_a_date_that_moved_by_a_microsecond_is_seen(column: str, date: str) -> None:
    record = parse(f'{{"title":"t","created_at":{date},"updated_at":{date},"messages":[],"settings":{{}}}}'.encode())
    rows = read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-1", record, context()))
    assert canonical(CONVERSATIONS.to_record("c-1", rows)[1]) == canonical(record)
    rows["conversations"][0][column] += timedelta(microseconds=1)
    assert canonical(CONVERSATIONS.to_record("c-1", rows)[1]) != canonical(record)


@pytest.mark.parametrize(
    "metadata", [{"legacy": "not json"}, {"legacy": "[1]"}, {"legacy": 5}, {"legacy": '{"exact":1}'}]
)
def test_a_legacy_that_somebody_broke_breaks_nothing(metadata: Any) -> None:
    rows = read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-1", conversation(), context()))
    rows["conversations"][0]["metadata"] = metadata
    rows["messages"][0]["metadata"] = metadata
    key, _ = CONVERSATIONS.to_record("c-1", rows)
    assert key == "c-1"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "a list, not an object"),
        ({"title": "t"}, "no list of messages"),
        (conversation(messages={}), "no list of messages"),
        (conversation(messages=["x"]), "message 1 is a text"),
        (conversation(messages=[{"role": "user"}]), "message 1: has no 'content'"),
        (conversation(messages=[{"role": "wizard", "content": "x"}]), "message 1: 'role' is none of"),
        (conversation(messages=[{"role": "user", "content": None}]), "message 1: has null as 'content'"),
        (conversation(messages=[{"role": "user", "content": ["x"]}]), "'content' is a list"),
        (conversation(messages=[{"role": "user", "content": "x" * 1_000_000}]), "has 1000000 bytes"),
        (conversation(messages=[{"role": "user", "content": "", "timestamp": "0001-01-01"}]), "the year 0001"),
        (conversation(title="x" * 501), "'title' has 501 characters"),
        (conversation(title=["x"]), "'title' is a list"),
        (conversation(created_at="9999-12-31"), "'created_at' has a date in the year 9999"),
        (conversation(updated_at="soon"), "'updated_at' has a text that is no ISO 8601 date"),
        (conversation(settings=[]), "'settings' is a list, not an object"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_its_place(value: Json, reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        CONVERSATIONS.to_rows("c-1", value, context())


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_an_id_beyond_its_column_is_refused(key: str) -> None:
    with pytest.raises(Unfit, match="not 1 to 255"):
        CONVERSATIONS.to_rows(key, conversation(), context())


def test_decisions_are_counted() -> None:
    given = context()
    CONVERSATIONS.to_rows("c-1", conversation(), given)
    CONVERSATIONS.to_rows("c-2", {"messages": []}, given)
    CONVERSATIONS.to_rows(
        "c-3", conversation(created_at="2025-01-01T00:00:00Z", updated_at="2025-01-01T00:00:00Z"), given
    )
    assert given.notes == Counter({NAIVE: 2, "conversations without a date were given their file's": 1})


def test_one_date_stands_in_for_the_other() -> None:
    record = conversation()
    del record["created_at"]
    row = CONVERSATIONS.to_rows("c-1", record, context())["conversations"][0]
    assert row["created_at"] == row["updated_at"]


def test_messages_that_were_added_later_are_not_what_was_moved() -> None:
    source = CONVERSATIONS.to_rows("c-1", conversation(), context())
    rows = read_back(CONVERSATIONS, source)
    rows["messages"].append({**rows["messages"][1], "sequence_number": 3, "content": "nuevo"})
    rows["conversations"][0]["last_sequence"] = 3
    rows["conversations"][0]["updated_at"] += timedelta(days=1)
    moved, since = CONVERSATIONS.as_moved(rows, 2, source)
    assert since == 1
    assert canonical(CONVERSATIONS.to_record("c-1", moved)[1]) == canonical(conversation())


def test_a_new_message_is_written_like_the_old_ones() -> None:
    dated: list[Json] = [{"timestamp": "2025-01-27T10:00:00.000Z", "role": "user", "content": "a", "model": "m"}]
    rows = read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-1", conversation(messages=dated), context()))
    rows["messages"].append({**rows["messages"][0], "sequence_number": 2, "content": "b", "metadata": {"lang": "es"}})
    _, found = CONVERSATIONS.to_record("c-1", rows)
    assert isinstance(found, dict)
    assert dump(found["messages"]).endswith(
        '{"timestamp":"2025-01-27T10:00:00.000Z","role":"user","content":"b","metadata":{"lang":"es"}}]'
    )


def test_a_new_conversation_is_written_like_the_first_of_its_source() -> None:
    first = conversation(id="c-1", created_at="2025-01-27T10:00:00Z", updated_at="2025-01-27T10:00:00Z")
    house = CONVERSATIONS.house(read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-1", first, context())))
    rows = read_back(CONVERSATIONS, CONVERSATIONS.to_rows("c-9", conversation(), context()))
    rows["conversations"][0]["external_id"] = None
    key, found = CONVERSATIONS.to_record(None, rows, house)
    assert key == str(rows["conversations"][0]["id"])
    assert isinstance(found, dict)
    assert (found["id"], found["created_at"]) == (key, "2025-01-27T10:00:00Z")


def test_in_an_array_the_key_is_in_the_record() -> None:
    assert CONVERSATIONS.key({"id": "b", "conversation_id": "a"}) == "a"
    assert CONVERSATIONS.key(parse(b'{"id":7}')) == "7"
    with pytest.raises(Unfit, match="has no 'conversation_id' or 'id'"):
        CONVERSATIONS.key({"title": "t"})


def test_it_is_found_by_its_entry_point() -> None:
    assert shapes()["conversations"] is CONVERSATIONS
