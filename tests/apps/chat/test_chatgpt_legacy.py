"""A conversation of a ChatGPT export becomes rows, and the rows become the same conversation again."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.chat.legacy import CHATGPT
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, parse
from arraigo.move.records.shape import Row, Rows, shapes
from support import exports
from support.exports import Mapping, appended, ident
from support.shapes import context, read_back, round_trip
from support.strategies import ANYTHING, NAMES, NULL, NUMBERS, objects, written

ROOT, ORDINARY, EDITED, TOOLS, IMAGES, EMPTY = "root", 0, 1, 2, 3, 5
SECONDS = st.sampled_from(["1737972672", "1737972672.0", "1737972672.123456", "1737972672.1234567", "1.7e9", "0"])
NODES = st.sampled_from([ROOT, "a", "b", "c", ident("d"), ident("e"), "nowhere"])
PARTS = NAMES | objects({"content_type": NAMES}, {"text": NAMES | NULL}) | ANYTHING
CONTENTS = st.one_of(
    objects(
        {"content_type": st.just('"text"')}, {"parts": st.lists(PARTS, max_size=3).map(",".join).map("[{}]".format)}
    ),
    objects({"content_type": NAMES}, {"text": NAMES | NUMBERS, "result": NAMES, "content": ANYTHING}),
    ANYTHING,
)
AUTHORS = st.sampled_from(["user", "assistant", "system", "tool"]).flatmap(
    lambda role: objects({"role": st.just(f'"{role}"')}, {"name": NULL | NAMES, "metadata": st.just("{}") | ANYTHING})
)
MESSAGES = objects(
    {"author": AUTHORS},
    {
        "id": NODES.map(json.dumps),
        "create_time": SECONDS | NULL,
        "update_time": SECONDS | NULL,
        "content": CONTENTS,
        "weight": st.sampled_from(["1.0", "1", "0.0"]),
        "status": NAMES,
        "metadata": st.just("{}") | ANYTHING,
        "recipient": st.just('"all"'),
        "arraigo": ANYTHING,
    },
)


def nodes(names: list[str]) -> st.SearchStrategy[str]:
    """A mapping of these nodes, that may hang together as it likes: loops, two roots, children that nobody knows."""
    return st.fixed_dictionaries(
        {
            json.dumps(name): objects(
                {},
                {
                    "id": st.just(json.dumps(name)) | NODES.map(json.dumps),
                    "message": MESSAGES | NULL,
                    "parent": NODES.map(json.dumps) | NULL,
                    "children": st.lists(NODES, max_size=3).map(json.dumps),
                },
            )
            for name in names
        }
    ).map(written)


RECORDS = objects(
    {"mapping": st.lists(NODES.filter(lambda name: name != "nowhere"), unique=True, max_size=6).flatmap(nodes)},
    {
        "conversation_id": st.just('"c-1"') | NAMES,
        "id": st.just('"c-1"') | NULL,
        "title": NAMES | NULL,
        "create_time": SECONDS | NULL,
        "update_time": SECONDS | NULL,
        "current_node": NODES.map(json.dumps) | NULL | NUMBERS,
        "is_archived": st.sampled_from(["true", "false", "null"]),
        "settings": ANYTHING,
        "arraigo": ANYTHING,
    },
)


def record(number: int = ORDINARY, **other: Any) -> Json:
    return parse(json.dumps(exports.chatgpt_conversation(number) | other).encode())


def rows_of(value: Json) -> Rows:
    return read_back(CHATGPT, CHATGPT.to_rows(CHATGPT.key(value), value, context()))


def back(rows: Rows) -> dict[str, Any]:
    """The record, as another program reads it."""
    found: dict[str, Any] = json.loads(dump(CHATGPT.to_record("any", rows)[1]))
    return found


def talk(*said: tuple[str, Any]) -> dict[str, Any]:
    """A mapping of messages, one behind the other."""
    found = Mapping(0)
    for role, content in said:
        found.say(role, content)
    return {"mapping": found.nodes, "current_node": found.leaf}


@given(RECORDS)
def test_any_conversation_comes_back_in_its_own_order_and_digits(text: str) -> None:
    value = parse(text.encode())
    key, found = round_trip(CHATGPT, "c-1", value)
    assert key == "c-1"
    assert dump(found) == dump(value)
    assert canonical(found) == canonical(value)


@pytest.mark.parametrize("number", range(12))
def test_every_kind_of_conversation_comes_back(number: int) -> None:
    value = record(number)
    key, found = round_trip(CHATGPT, CHATGPT.key(value), value)
    assert key == CHATGPT.key(value)
    assert dump(found) == dump(value)


def test_the_columns_hold_what_the_conversation_says() -> None:
    rows = rows_of(record(3))
    row, first = rows["conversations"][0], rows["messages"][0]
    assert (row["title"], row["kind"], row["status"]) == ("Charla 3 😀", "chat", "archived")
    assert row["external_id"] == exports.chatgpt_conversation(3)["id"]
    assert row["created_at"].isoformat() == "2025-01-30T10:11:12.123456+00:00"
    assert row["last_sequence"] == len(rows["messages"])
    assert str(first["id"]) == ident(3, 1)  # the source's own
    assert first["created_at"] - row["created_at"] == timedelta(seconds=7.25)


def test_without_a_title_it_has_an_empty_one_and_without_messages_none() -> None:
    rows = rows_of(record(EMPTY))
    assert rows["conversations"][0]["title"] == ""
    assert rows["messages"] == []


def test_of_an_ordinary_message_nothing_is_kept_beside_its_columns() -> None:
    rows = rows_of(record(**talk(("user", "hola"), ("user", "¿hola?"))))
    assert [message["metadata"] for message in rows["messages"]] == [None, None]


def test_the_active_branch_comes_first_and_the_others_say_what_they_answer() -> None:
    rows = rows_of(record(EDITED))
    read = [(row["content"], (row["metadata"] or {}).get("branch")) for row in rows["messages"]]
    assert json.loads(dump([list(pair) for pair in read])) == [
        ["hola", None],
        ["¿qué tal?", None],
        ["muy bien, gracias", None],
        ["¡qué bien! 😀", None],
        ["bien", {"parent": 2}],
        ["me alegro: bien", {"parent": 5}],
        ["bien, gracias", {"parent": 2}],
        ["me alegro: bien, gracias", {"parent": 7}],
        ["me alegro: muy bien, gracias", {"parent": 3}],
    ]


@pytest.mark.parametrize("current", ["", None, "nowhere", ident("root", EDITED)])
def test_without_a_message_where_it_stands_the_last_of_the_file_counts(current: str | None) -> None:
    rows = rows_of(record(EDITED, current_node=current))
    assert [row["content"] for row in rows["messages"]][3] == "¡qué bien! 😀"


def test_the_first_question_may_be_edited_too() -> None:
    found = Mapping(0)
    root = found.leaf
    found.say("user", "uno", after=root)
    found.say("user", "dos", after=root)
    rows = rows_of(record(mapping=found.nodes, current_node=found.leaf))
    assert [(row["content"], (row["metadata"] or {}).get("branch")) for row in rows["messages"]] == [
        ("dos", None),
        ("uno", {"parent": None}),
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"content_type": "text", "parts": []}, ""),
        ({"content_type": "text", "parts": ["uno", "", "dos"]}, "uno\n\ndos"),
        (
            {"content_type": "multimodal_text", "parts": [{"content_type": "image_asset_pointer"}, "¿?"]},
            "[image]\n\n¿?",
        ),
        (
            {
                "content_type": "multimodal_text",
                "parts": [{"content_type": "real_time_user_audio_video_asset_pointer"}],
            },
            "[audio and video]",
        ),
        ({"content_type": "multimodal_text", "parts": [{"content_type": "audio_transcription", "text": "sí"}]}, "sí"),
        ({"content_type": "multimodal_text", "parts": [{"content_type": "new_thing"}, {}]}, "[new thing]\n\n[part]"),
        ({"content_type": "code", "language": "python", "text": "1 + 1"}, "1 + 1"),
        ({"content_type": "execution_output", "text": "2"}, "2"),
        ({"content_type": "tether_browsing_display", "result": "una página", "summary": None}, "una página"),
        ({"content_type": "reasoning_recap", "content": "Thought for 3 s"}, "Thought for 3 s"),
        ({"content_type": "thoughts", "thoughts": [{"summary": "a", "content": "b"}]}, "[thoughts]"),
        ({"content_type": "model_editable_context", "model_set_context": ""}, "[model editable context]"),
        ({"content_type": "user_editable_context", "user_profile": "a", "user_instructions": "b"}, "a\n\nb"),
        ("a text alone", "a text alone"),
        (None, ""),
        ([], ""),
    ],
)
def test_what_is_no_text_has_a_few_words_in_its_place(content: Json, text: str) -> None:
    value = record(**talk(("user", content)))
    rows = rows_of(value)
    assert [row["content"] for row in rows["messages"]] == [text]
    assert dump(CHATGPT.to_record("any", rows)[1]) == dump(value)


def test_no_text_of_a_message_is_kept_twice() -> None:
    rows = rows_of(record(**talk(("assistant", {"content_type": "code", "language": "x", "text": "secreto" * 9}))))
    assert "secreto" not in str(rows["messages"][0]["metadata"])


def test_an_older_export_without_the_newer_fields_comes_back_without_them() -> None:
    found = Mapping(0)
    found.say("user", "hola")
    message = found.nodes[found.leaf]["message"]
    for name in ("channel", "recipient", "update_time"):
        del message[name]
    value = record(mapping=found.nodes, current_node=found.leaf)
    key = CHATGPT.key(value)
    assert dump(round_trip(CHATGPT, key, value)[1]) == dump(value)


def test_a_number_where_a_text_should_be_is_no_length() -> None:
    value = record(**talk(("user", {"content_type": "text", "parts": [3, "uno", "dos"]})))
    key = CHATGPT.key(value)
    assert dump(round_trip(CHATGPT, key, value)[1]) == dump(value)


@pytest.mark.parametrize("number", [EDITED, TOOLS, IMAGES])
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
        lambda row: row | {"metadata": {**(row["metadata"] or {}), "branch": {"parent": None}}},
    ],
)
def test_a_changed_cell_of_any_message_changes_the_record(number: int, change: Callable[[Row], Row]) -> None:
    value = record(number)
    for place in range(len(rows_of(value)["messages"])):
        rows = rows_of(value)
        rows["messages"][place] = change(rows["messages"][place])
        assert canonical(CHATGPT.to_record("any", rows)[1]) != canonical(value)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Otra"},
        {"status": "archived"},
        {"status": "completed"},
        {"settings": {"a": True}},
        {"external_id": "c-2"},
        {"metadata": {}},
    ],
)
def test_a_changed_cell_of_the_conversation_changes_the_record(change: Row) -> None:
    value = record()
    rows = rows_of(value)
    rows["conversations"][0] |= change
    assert canonical(CHATGPT.to_record("any", rows)[1]) != canonical(value)


def test_what_was_appended_goes_on_from_the_active_branch() -> None:
    rows = rows_of(record(EDITED))
    row = appended(rows, "nuevo")
    found = back(rows)
    before = ident(EDITED, 9)
    assert found["current_node"] == str(row["id"])
    assert found["mapping"][before]["children"] == [str(row["id"])]
    node = found["mapping"][str(row["id"])]
    assert (node["parent"], node["children"]) == (before, [])
    assert node["message"]["content"] == {"content_type": "text", "parts": ["nuevo"]}
    assert node["message"]["author"] == {"role": "user", "name": None, "metadata": {}}
    assert {"status", "weight", "metadata", "recipient", "end_turn", "update_time"} <= set(node["message"])
    assert list(found["mapping"])[-1] == str(row["id"])
    moved, since = CHATGPT.as_moved(rows, len(rows["messages"]) - 1, None)
    assert since == 1
    assert canonical(CHATGPT.to_record("any", moved)[1]) == canonical(record(EDITED))


def test_a_message_appended_to_an_empty_conversation_hangs_on_its_root() -> None:
    rows = rows_of(record(EMPTY))
    rows["messages"] = [rows_of(record())["messages"][0] | {"metadata": {"lang": "es"}, "content": "hola"}]
    found = back(rows)
    (root, node) = found["mapping"].values()
    assert (root["children"], node["parent"], found["current_node"]) == ([node["id"]], root["id"], node["id"])
    assert node["message"]["arraigo"] == {"lang": "es"}


def test_a_deleted_message_leaves_no_gap_in_the_tree() -> None:
    for place in range(9):
        rows = rows_of(record(EDITED))
        gone = rows["messages"].pop(place)
        mapping = back(rows)["mapping"]
        assert str(gone["id"]) not in mapping
        for name, node in mapping.items():
            assert node["parent"] is None or name in mapping[node["parent"]]["children"]
            assert all(mapping[child]["parent"] == name for child in node["children"])


def test_an_edited_text_is_edited_in_its_place() -> None:
    rows = rows_of(record(IMAGES))
    rows["messages"][2]["content"] = "¿Qué se oye?\n\n[audio]"
    rows["messages"][0]["content"] = "otra cosa"
    first, _, third, *_ = (node["message"] for node in list(back(rows)["mapping"].values())[1:])
    assert [part.get("text") for part in third["content"]["parts"]] == ["¿Qué se oye?", None]
    assert first["content"] == {"content_type": "text", "parts": ["otra cosa"]}


def test_a_new_conversation_is_written_like_the_others() -> None:
    house = CHATGPT.house(rows_of(record()))
    rows = rows_of(record(4))
    identity = str(rows["conversations"][0]["id"])
    rows["conversations"][0] |= {"external_id": None, "metadata": {}, "settings": {"a": True}}
    rows["messages"] = [row | {"metadata": None} for row in rows["messages"][1:]]
    key, value = CHATGPT.to_record(None, rows, house)
    found = json.loads(dump(value))
    assert key == found["id"] == found["conversation_id"] == identity
    assert list(found) == ["title", "create_time", "update_time", "mapping", "current_node", *list(found)[5:]]
    assert found["arraigo"] == {"settings": {"a": True}}
    assert CHATGPT.fits(value)
    again = CHATGPT.to_record(key, read_back(CHATGPT, CHATGPT.to_rows(key, value, context())))
    assert dump(again[1]) == dump(value)


def test_a_conversation_of_ten_thousand_answers_is_as_good_as_any() -> None:
    value = parse(json.dumps(exports.deep(10_000)).encode())
    rows = rows_of(value)
    assert len(rows["messages"]) == 10_000
    assert rows["messages"][9_999]["content"] == "mensaje 9999"
    assert canonical(CHATGPT.to_record("any", rows)[1]) == canonical(value)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"mapping": []}, "has no mapping of nodes"),
        ({"mapping": {"a": 1}}, "node 'a' is a number, not an object"),
        ({"mapping": {"a": {"message": "x"}}}, "node 'a': its message is a text"),
        ({"mapping": {"a": {"parent": 1}}}, "node 'a': its parent is a number"),
        ({"mapping": {"a": {"children": None}}}, "node 'a': its children are not a list of texts"),
        ({"mapping": {"a": {"children": [1]}}}, "node 'a': its children are not a list of texts"),
        ({"mapping": {"a": {"message": {}}}}, "message 'a': has no 'author'"),
        ({"mapping": {"a": {"message": {"author": {}}}}}, "message 'a': 'author' is an object without a role"),
        ({"mapping": {"a": {"message": {"author": {"role": "critic"}}}}}, "message 'a': 'author' is none of"),
        (talk(("user", "x" * 1_000_000)), "'content' has 1000000 bytes"),
        ({"title": "x" * 501}, "'title' has 501 characters"),
        ({"create_time": "soon"}, "'create_time' has a text that is no ISO 8601 date"),
        ({"is_archived": 1}, "'is_archived' is a number, not true or false"),
    ],
)
def test_what_does_not_fit_is_refused_whole_with_its_place(other: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        CHATGPT.to_rows("c-1", record(**other), context())


@pytest.mark.parametrize(
    "metadata",
    [
        {"legacy": "not json"},
        {"legacy": '{"parts":{"content":{"content_type":"text","parts":[99999999999999999999,1]}},"node":5}'},
        {"legacy": '{"whole":{"content":1},"name":7,"node":{"parent":77,"children":[1,77,null],"without":["q"]}}'},
        {
            "legacy": '{"bare":[1],"nodes":[7,"q",null],"leaf":[null],"ids":5,"message":1,"node":""}',
            "branch": {"parent": 9},
        },
        {"branch": {"parent": "x"}},
        {"branch": 5},
    ],
)
def test_a_legacy_that_somebody_broke_breaks_nothing(metadata: Any) -> None:
    rows = rows_of(record(EDITED))
    found = json.loads(json.dumps(metadata))
    rows["conversations"][0]["metadata"] = parse(json.dumps(found).encode())
    rows["messages"][2]["metadata"] = parse(json.dumps(found).encode())
    assert canonical(CHATGPT.to_record("any", rows)[1]) != canonical(record(EDITED))


def test_its_key_is_its_id() -> None:
    assert CHATGPT.key({"id": "b", "conversation_id": "a"}) == "a"
    assert CHATGPT.key({"id": "b"}) == "b"
    with pytest.raises(Unfit, match="has no 'conversation_id' or 'id'"):
        CHATGPT.key({"title": "t"})


def test_it_is_found_by_its_entry_point() -> None:
    assert shapes()["chatgpt"] is CHATGPT
