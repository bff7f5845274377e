"""Items as messages and back, without a database."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arraigo.errors import InvalidInput
from arraigo.ids import uuid7
from arraigo.integrations.items import Item, read, write
from arraigo.postgres.jsonb import dumps
from arraigo.store.checks import MAX_CONTENT, MAX_METADATA, new_message
from arraigo.store.types import Message, NewMessage

TEXTS = st.text(st.characters(), max_size=20)  # NUL and halves of surrogate pairs among them
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def kept(new: list[NewMessage]) -> list[Message]:
    """The messages as the store gives them back, if it takes them."""
    for place, message in enumerate(new, start=1):
        new_message(message, place)
    return [
        Message(
            message.id or uuid7(),
            number,
            message.role,
            message.content,
            json.loads(dumps(message.metadata)),
            datetime.now(UTC),
            None,
            None,
        )
        for number, message in enumerate(new, start=1)
    ]


@given(TEXTS, st.dictionaries(TEXTS, VALUES, max_size=4))
@example("Hola", {"content": "Hola", "twice": "Hola"})
@example("", {"content": ""})
@example("a\\", {'"a\\': "a\\", "b": '"a\\"'})
def test_any_item_comes_back_as_it_was_with_its_keys_in_order(text: str, value: dict[str, Any]) -> None:
    (found,) = read("mine", kept(write("mine", [Item("user", text, value)])))
    assert json.dumps(found.value) == json.dumps(value)


def test_a_text_is_kept_once() -> None:
    (message,) = write("mine", [Item("user", "Hola 🙂", {"role": "user", "content": "Hola 🙂"})])
    assert message.content == "Hola 🙂"
    assert message.metadata == {"integration": "mine", "item": ['{"role":"user","content":', "}"]}


@pytest.mark.parametrize("size", [MAX_METADATA, 300_000, MAX_CONTENT])
def test_a_long_text_is_one_message(size: int) -> None:
    (message,) = write("mine", [Item("tool", "x" * size, {"output": "x" * size})])
    assert len(message.content) == size
    assert read("mine", kept([message]))[0].value == {"output": "x" * size}


def test_what_is_larger_than_content_may_be_is_shown_as_far_as_it_goes_and_kept_whole() -> None:
    text = "ñ" * MAX_CONTENT
    first, *parts = write("mine", [Item("tool", text, {"output": text})])
    assert first.content.startswith("ññ")
    assert first.content.endswith("…")
    assert {part.content for part in parts} == {""}
    assert read("mine", kept([first, *parts]))[0].value == {"output": text}


@given(st.sampled_from(["x", '"', "\\", "ñ", "🙂", "\ud800"]))
def test_what_is_larger_than_metadata_may_be_is_in_parts(letter: str) -> None:
    value = {"image": letter * 100_000}
    found = read("mine", kept(write("mine", [Item("user", "[image]", value)])))
    assert [(each.content, each.value) for each in found] == [("[image]", value)]


def test_an_item_of_which_a_part_has_gone_is_gone() -> None:
    messages = kept(write("mine", [Item("user", "a", {"image": "x" * 100_000}), Item("user", "b", {"text": "b"})]))
    assert len(messages) == 4
    for gone in (0, 1, 2):
        now = [
            m._replace(content="", metadata=None, deleted_at=m.created_at) if place == gone else m
            for place, m in enumerate(messages)
        ]
        assert [found.content for found in read("mine", now)] == ["b"]


def test_other_origins_are_read_as_what_they_say() -> None:
    items = [Item("assistant", "said", {"a": "said"}), Item("assistant", "thought", {"a": "thought"}, aside=True)]
    plain = [NewMessage("user", "hello", None, {"part": 1}), NewMessage("tool", "42"), NewMessage("system", "be kind")]
    found = read("mine", kept(write("other", items) + plain))
    assert [(each.role, each.content, each.value) for each in found] == [
        ("assistant", "said", None),
        ("user", "hello", None),
        ("system", "be kind", None),
    ]


@pytest.mark.parametrize(
    "more", [{}, {"item": 7}, {"item": "{}x"}, {"item": ["[", "]"]}, {"item": ["{"]}, {"parts": "x"}, {"parts": None}]
)
def test_what_only_looks_like_an_item_is_read_as_what_it_says(more: dict[str, Any]) -> None:
    (found,) = read("mine", kept([NewMessage("user", "hello", None, {"integration": "mine", **more})]))
    assert (found.content, found.value) == ("hello", None)


def test_a_message_that_was_edited_says_the_new_text_in_its_item() -> None:
    (message,) = kept(write("mine", [Item("user", "my number is 1", {"role": "user", "content": "my number is 1"})]))
    (found,) = read("mine", [message._replace(content='"…"')])
    assert found.value == {"role": "user", "content": '"…"'}


def test_what_json_cannot_hold_is_refused_by_its_place() -> None:
    with pytest.raises(InvalidInput, match="item 2 has a value that JSON cannot hold"):
        write("mine", [Item("user", "", {}), Item("user", "", {"x": object()})])
