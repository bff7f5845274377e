"""A conversation of a Claude export becomes rows, and the rows become the same conversation again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.chat.legacy import CLAUDE
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, parse
from arraigo.move.records.shape import Row, Rows, shapes
from support import exports
from support.exports import NOBODY, appended, ident
from support.shapes import context, read_back, round_trip
from support.strategies import ANYTHING, DATES, NAMES, NULL, NUMBERS, objects

ORDINARY, TOOLS, FILES, EDITED, OLD, EMPTY = range(6)
IDS = st.sampled_from(["a", "b", ident("c"), ident("d"), ident("c").upper(), NOBODY]).map(json.dumps)


def lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")


BLOCKS = (
    objects(
        {"type": st.sampled_from(['"text"', '"thinking"', '"tool_use"', '"token_budget"', '"new"'])},
        {"text": NAMES | NULL | NUMBERS, "name": NAMES | NULL, "citations": lists(ANYTHING)},
    )
    | ANYTHING
)
MESSAGES = objects(
    {"sender": st.sampled_from(['"human"', '"assistant"', '"user"', '"tool"', '"system"'])},
    {
        "uuid": IDS | NULL,
        "text": NAMES | NULL | st.just('"a b"'),
        "content": lists(BLOCKS) | NULL | ANYTHING | st.just('[{"type":"text","text":"a"},{"type":"text","text":"b"}]'),
        "created_at": DATES | NULL,
        "updated_at": DATES | NULL,
        "attachments": lists(objects({}, {"file_name": NAMES | NULL}) | ANYTHING) | NULL,
        "files": lists(objects({}, {"file_name": NAMES}) | ANYTHING) | ANYTHING,
        "parent_message_uuid": IDS | NULL | NUMBERS,
        "arraigo": ANYTHING,
    },
)
RECORDS = objects(
    {"chat_messages": st.lists(MESSAGES, max_size=5).map(lambda items: f"[{','.join(items)}]")},
    {
        "uuid": st.just('"c-1"') | NAMES | NUMBERS,
        "name": NAMES | NULL,
        "created_at": DATES | NULL,
        "updated_at": DATES | NULL,
        "current_leaf_message_uuid": IDS | NULL | NUMBERS,
        "settings": ANYTHING,
        "arraigo": ANYTHING,
    },
)


def record(number: int = ORDINARY, **other: Any) -> Json:
    return parse(json.dumps(exports.claude_conversation(number) | other).encode())


def rows_of(value: Json) -> Rows:
    return read_back(CLAUDE, CLAUDE.to_rows(CLAUDE.key(value), value, context()))


def back(rows: Rows) -> dict[str, Any]:
    """The record, as another program reads it."""
    found: dict[str, Any] = json.loads(dump(CLAUDE.to_record("any", rows)[1]))
    return found


@given(RECORDS)
def test_any_conversation_comes_back_in_its_own_order_and_digits(text: str) -> None:
    value = parse(text.encode())
    key, found = round_trip(CLAUDE, "c-1", value)
    assert key == "c-1"
    assert dump(found) == dump(value)
    assert canonical(found) == canonical(value)


@pytest.mark.parametrize("number", range(12))
def test_every_kind_of_conversation_comes_back(number: int) -> None:
    value = record(number)
    key, found = round_trip(CLAUDE, CLAUDE.key(value), value)
    assert key == CLAUDE.key(value)
    assert dump(found) == dump(value)


def test_the_columns_hold_what_the_conversation_says() -> None:
    rows = rows_of(record(TOOLS))
    row, (first, second, *_) = rows["conversations"][0], rows["messages"]
    assert (row["title"], row["kind"], row["status"], row["last_sequence"]) == ("Charla 1 niño", "chat", "active", 4)
    assert row["external_id"] == ident("claude", TOOLS)
    assert row["updated_at"] - row["created_at"] == timedelta(seconds=60.5)
    assert (str(first["id"]), first["role"], first["content"]) == (ident("claude", 1, 0), "user", "¿Qué tiempo hace?")
    assert second["role"] == "assistant"
    assert second["created_at"] - first["created_at"] == timedelta(seconds=7.25)


def test_of_an_ordinary_message_nothing_is_kept_beside_its_columns() -> None:
    assert [row["metadata"] for row in rows_of(record(ORDINARY))["messages"]] == [None, None]


def test_what_is_no_text_has_a_few_words_in_its_place() -> None:
    assert [row["content"] for row in rows_of(record(TOOLS))["messages"]] == [
        "¿Qué tiempo hace?",
        "[thinking]\n\nVoy a buscar.\n\n[tool use: web_search]\n\n[tool result: web_search]\n\nHace sol.",
        "Gracias",
        "De nada.\n\n¡Hasta luego!",
    ]
    assert [row["content"] for row in rows_of(record(FILES))["messages"]] == [
        "[attachment: paste.txt]\n\n[file: foto.png]",
        "Una lista y una foto.",
        "¿Seguro?\n\n[file: foto.png]",
    ]


def test_messages_without_blocks_have_their_text() -> None:
    assert [row["content"] for row in rows_of(record(OLD))["messages"]] == ["antes 0", "antes 1", "antes 2"]


def test_no_text_of_a_message_is_kept_twice() -> None:
    kept = "".join(str(row["metadata"]) for row in rows_of(record(TOOLS))["messages"])
    assert "Voy a buscar" not in kept
    assert "Gracias" not in kept


def test_the_active_branch_comes_first_and_the_others_say_what_they_answer() -> None:
    rows = rows_of(record(EDITED))
    read = [[row["content"], (row["metadata"] or {}).get("branch")] for row in rows["messages"]]
    assert json.loads(dump(list[Json](read))) == [
        ["hola 0", None],
        ["niño 1", None],
        ["😀 3", None],
        ["the invoice 4", None],
        ["¿cuándo? 2", {"parent": 2}],
    ]


def test_where_a_conversation_stands_decides_when_it_says_so() -> None:
    value = record(EDITED, current_leaf_message_uuid=ident("claude", EDITED, 2))
    rows = rows_of(value)
    assert [row["content"] for row in rows["messages"]][2:] == ["¿cuándo? 2", "😀 3", "the invoice 4"]
    assert dump(CLAUDE.to_record("any", rows)[1]) == dump(value)
    row = appended(rows, "nuevo")
    assert back(rows)["current_leaf_message_uuid"] == str(row["id"])


def test_a_message_whose_parent_is_not_there_follows_the_one_before_it() -> None:
    messages = exports.claude_messages(EDITED)
    del messages[0]
    del messages[1]
    rows = rows_of(record(EDITED, chat_messages=messages))
    assert [row["content"] for row in rows["messages"]] == ["niño 1", "😀 3", "the invoice 4"]
    assert all("branch" not in row["metadata"] for row in rows["messages"])


def test_messages_with_one_id_are_as_many_as_they_are() -> None:
    messages = [exports.claude_messages(ORDINARY)[0]] * 2
    messages.append(messages[0] | {"parent_message_uuid": NOBODY})
    value = record(chat_messages=messages)
    rows = rows_of(value)
    assert len({row["id"] for row in rows["messages"]}) == 3
    assert dump(CLAUDE.to_record("any", rows)[1]) == dump(value)


@pytest.mark.parametrize("number", [ORDINARY, TOOLS, FILES, EDITED, OLD])
@pytest.mark.parametrize(
    "change",
    [
        lambda row: row | {"content": row["content"][:-1] + "x"},
        lambda row: row | {"content": row["content"] + " "},
        lambda row: row | {"content": ""},
        lambda row: row | {"role": "system"},
        lambda row: row | {"created_at": row["created_at"] + timedelta(microseconds=1)},
        lambda row: row | {"id": UUID(ident("other"))},
        lambda row: row | {"metadata": {**(row["metadata"] or {}), "seen": False}},
    ],
)
def test_a_changed_cell_of_any_message_changes_the_record(number: int, change: Callable[[Row], Row]) -> None:
    value = record(number)
    for place in range(len(rows_of(value)["messages"])):
        rows = rows_of(value)
        rows["messages"][place] = change(rows["messages"][place])
        assert canonical(CLAUDE.to_record("any", rows)[1]) != canonical(value)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Otra"},
        {"status": "archived"},
        {"settings": {"a": True}},
        {"external_id": "c-2"},
        {"metadata": {}},
        {"metadata": {"seen": False}},
    ],
)
def test_a_changed_cell_of_the_conversation_changes_the_record(change: Row) -> None:
    value = record()
    rows = rows_of(value)
    rows["conversations"][0] |= change
    assert canonical(CLAUDE.to_record("any", rows)[1]) != canonical(value)


def test_what_was_appended_looks_like_the_rest() -> None:
    rows = rows_of(record(ORDINARY))
    row = appended(rows, "nuevo", metadata={"lang": "es"})
    *before, found = back(rows)["chat_messages"]
    assert before == exports.claude_messages(ORDINARY)
    at = found.pop("created_at")
    assert at == before[-1]["created_at"]
    assert found == {
        "uuid": str(row["id"]),
        "text": "nuevo",
        "content": [{"type": "text", "text": "nuevo"}],
        "sender": "human",
        "updated_at": at,
        "attachments": [],
        "files": [],
        "arraigo": {"lang": "es"},
    }
    moved, since = CLAUDE.as_moved(rows, len(before), None)
    assert since == 1
    assert canonical(CLAUDE.to_record("any", moved)[1]) == canonical(record(ORDINARY))


def test_what_was_appended_goes_on_from_the_active_branch() -> None:
    rows = rows_of(record(EDITED))
    appended(rows, "nuevo")
    *before, found = back(rows)["chat_messages"]
    assert before == exports.claude_messages(EDITED)
    assert found["parent_message_uuid"] == ident("claude", EDITED, 4)


def test_an_edited_text_is_edited_in_its_place() -> None:
    rows = rows_of(record(FILES))
    rows["messages"][1]["content"] = "Solo una lista."
    rows["messages"][2]["content"] = "¿De verdad?\n\n[file: foto.png]"
    _, second, third = back(rows)["chat_messages"]
    assert (second["text"], second["content"][0]["text"]) == ("Solo una lista.", "Solo una lista.")
    assert second["content"][0]["citations"] == []
    assert (third["text"], third["files"]) == ("¿De verdad?", [{"file_name": "foto.png"}])


def test_a_text_that_repeats_several_blocks_follows_them() -> None:
    rows = rows_of(record(TOOLS))
    rows["messages"][1]["content"] = rows["messages"][1]["content"].replace("Hace sol.", "Ya llueve")
    assert back(rows)["chat_messages"][1]["text"].endswith("```\n\nYa llueve")
    rows["messages"][1]["content"] = "otra cosa"
    found = back(rows)["chat_messages"][1]
    assert (found["text"], found["content"]) == ("otra cosa", [{"type": "text", "text": "otra cosa"}])
    rows = rows_of(record(OLD))
    rows["messages"][0]["content"] = "otra cosa"
    assert (back(rows)["chat_messages"][0]["text"], "content" in back(rows)["chat_messages"][0]) == ("otra cosa", False)


def test_a_new_conversation_is_written_like_the_others() -> None:
    house = CLAUDE.house(rows_of(record(EDITED)))
    rows = rows_of(record(OLD))
    identity = str(rows["conversations"][0]["id"])
    rows["conversations"][0] |= {"external_id": None, "metadata": {}}
    rows["messages"] = [row | {"metadata": None} for row in rows["messages"]]
    key, value = CLAUDE.to_record(None, rows, house)
    found = json.loads(dump(value))
    assert key == found["uuid"] == identity
    assert found["account"] == {"uuid": ident("account")}
    assert found["created_at"] == exports.moment(OLD * 3600)
    assert [message["parent_message_uuid"] for message in found["chat_messages"]] == [
        NOBODY,
        *(message["uuid"] for message in found["chat_messages"][:-1]),
    ]
    assert CLAUDE.fits(value)
    again = CLAUDE.to_record(key, read_back(CLAUDE, CLAUDE.to_rows(key, value, context())))
    assert dump(again[1]) == dump(value)


@pytest.mark.parametrize("linked", [True, False])
def test_a_conversation_of_ten_thousand_messages_is_as_good_as_any(linked: bool) -> None:  # noqa: FBT001 - a parameter
    messages: list[dict[str, Any]] = []
    for number in range(10_000):
        message = exports.claude_messages(ORDINARY)[0] | {"uuid": ident(number), "text": "x"}
        parent = {"parent_message_uuid": messages[-1]["uuid"] if messages else NOBODY} if linked else {}
        messages.append(message | parent)
    value = record(chat_messages=messages)
    rows = rows_of(value)
    assert len(rows["messages"]) == 10_000
    assert canonical(CLAUDE.to_record("any", rows)[1]) == canonical(value)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"chat_messages": {}}, "has no list of chat_messages"),
        ({"chat_messages": ["x"]}, "message 1 is a text, not an object"),
        ({"chat_messages": [{"uuid": "a", "text": "x"}]}, "message 'a': has no 'sender'"),
        ({"chat_messages": [{"sender": "wizard"}]}, "message '1': 'sender' is none of"),
        ({"chat_messages": [{"sender": "human", "text": "x" * 1_000_000}]}, "'content' has 1000000 bytes"),
        ({"chat_messages": [{"sender": "human", "created_at": "0001-01-01"}]}, "'created_at' has a date in the year"),
        ({"name": 5}, "'name' is a number"),
        ({"updated_at": "soon"}, "'updated_at' has a text that is no ISO 8601 date"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_its_place(other: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        CLAUDE.to_rows("c-1", record(**other), context())


@pytest.mark.parametrize(
    "metadata",
    [
        {"legacy": "not json"},
        {"legacy": '{"parts":{"content":[{"type":"text","text":999999999}],"text":5},"told":[7,"x",null],"parent":9}'},
        {"legacy": '{"whole":{"content":"x"},"without":["q","text"],"extra":5}', "branch": {"parent": 9}},
        {"legacy": '{"linked":7,"led":1,"leaf":[5,6,7],"nodes":[9,"q",null],"ids":5,"message":1}', "branch": 5},
    ],
)
def test_a_legacy_that_somebody_broke_breaks_nothing(metadata: Any) -> None:
    rows = rows_of(record(EDITED))
    rows["conversations"][0]["metadata"] = parse(json.dumps(metadata).encode())
    rows["messages"][2]["metadata"] = parse(json.dumps(metadata).encode())
    assert canonical(CLAUDE.to_record("any", rows)[1]) != canonical(record(EDITED))


def test_its_key_is_its_uuid() -> None:
    assert CLAUDE.key({"uuid": "a"}) == "a"
    with pytest.raises(Unfit, match="has no 'uuid'"):
        CLAUDE.key({"id": "t"})


def test_it_is_found_by_its_entry_point() -> None:
    assert shapes()["claude"] is CLAUDE
