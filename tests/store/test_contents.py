"""What a message may hold, over every way in: kept as it is, or refused in a sentence that does not repeat it."""

import json
from decimal import Decimal
from typing import Any

import pytest

import arraigo
from arraigo import NewMessage
from arraigo.errors import ArraigoError, InvalidInput, TooLarge

TEXTS = [
    "",
    " \t\r\n ",
    "emoji 👩🏽‍🚀🏳️‍🌈 and flags 🇨🇴",
    "\u202eright to left\u202c مرحبا שלום",
    "e\u0301 is not é",
    "quotes ' \" \\ {NULL,} $1 :id -- /* %s",
    "\\u0000 written out",
    "\U0010ffff\ufeff\u2028\x01\x7f",
    "ñ" * 499_999 + "x",
]
METADATA: list[dict[str, Any]] = [
    {"integers": [0, -1, 2**53 + 1, 2**64, -(10**40), 10**400]},
    {"decimals": [1.10, 0.1, -0.0, 1e-7, 5e-324, 1.7976931348623157e308, 1e16, 1e22, 1e23, -1.5e300]},
    {"1e+30": '1e+30 and " 1e+30', "x": 1e30},
    {"kinds": [True, False, None, "", [], {}, [[]], {"": 0}]},
    {"texts": ["\\u0000", "\\", '"', "\u2028", "👩🏽‍🚀", "مرحبا", "\x01"]},
    {"ñ 🏠": {"a.b": {"$c": 1}}},
]
REFUSED: list[tuple[Any, ...]] = [
    ("robot", "marker"),
    ("", "marker"),
    ("USER", "marker"),
    ("user", "marker\0"),
    ("user", "marker\ud83d"),
    ("user", "marker" + "x" * 1_000_000),
    ("user", "marker" + "ñ" * 500_000),
    ("user", None),
    ("user", b"marker"),
    ("user", "x", {"marker": float("nan")}),
    ("user", "x", {"marker": float("inf")}),
    ("user", "x", {"marker": "a\0b"}),
    ("user", "x", {"marker\0": 1}),
    ("user", "x", {"marker": "\\\0"}),
    ("user", "x", {"marker": "\udc00"}),
    ("user", "x", {"marker": Decimal(1)}),
    ("user", "x", {"marker": b"x"}),
    ("user", "x", {("marker", 1): 1}),
    ("user", "x", {"marker": "x" * 70_000}),
    ("user", "x", {"marker": 10**5000}),
    ("user", "x", ["marker"]),
    ("user", "x", "marker"),
    ("user", "x", {"marker": json.loads("[" * 300 + "]" * 300)}),
]


def written(values: list[Any]) -> str:
    return json.dumps(values, sort_keys=True).replace("-0.0", "0.0")  # jsonb has one zero


async def test_texts_come_back_as_they_are(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for text in TEXTS:
        await me.messages.append(talk.id, role="user", content=text)
    await me.messages.append(talk.id, [("user", text) for text in TEXTS])
    assert [m.content for m in await me.messages.list(talk.id)] == TEXTS * 2


async def test_metadata_come_back_as_they_are(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for metadata in METADATA:
        await me.messages.append(talk.id, role="user", content="x", metadata=metadata)
    await me.messages.append(talk.id, [NewMessage("user", "x", None, metadata) for metadata in METADATA])
    found = [m.metadata for m in await me.messages.list(talk.id)]
    assert found == METADATA * 2
    assert written(found) == written(METADATA * 2)  # equal numbers of another kind would be written differently
    for metadata in METADATA:
        made = await me.conversations.create(title="x", metadata=metadata, settings=metadata)
        assert (made.metadata, made.settings) == (metadata, metadata)
        assert (await me.conversations.update(made.id, metadata=metadata)).metadata == metadata
        assert (await me.messages.edit(talk.id, 1, content="x", metadata=metadata)).metadata == metadata


async def test_a_retry_with_any_metadata_is_recognised(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for metadata in METADATA:
        first = await me.messages.append(talk.id, role="user", content="x", metadata=metadata)
        again = await me.messages.append(talk.id, role="user", content="x", metadata=metadata, id=first.id)
        assert again.sequence_number == first.sequence_number


async def test_what_cannot_be_kept_is_refused_in_a_sentence_without_its_words(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    for role, content, *metadata in REFUSED:
        bad = NewMessage(role, content, None, *metadata)
        for attempt in (
            me.messages.append(talk.id, role=role, content=content, metadata=metadata[0] if metadata else None),
            me.messages.append(talk.id, [("user", "good"), bad]),
        ):
            with pytest.raises(InvalidInput) as caught:
                await attempt
            said = str(caught.value)
            assert "marker" not in said
            assert "message" in said
            assert len(said) < 300
            assert "\n" not in said
    assert await me.messages.list(talk.id) == []


async def test_too_much_is_too_large(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for attempt in (
        me.messages.append(talk.id, [("user", "x")] * 1001),
        me.messages.append(talk.id, role="user", content="x" * 1_000_000),
        me.messages.append(talk.id, role="user", content="x", metadata={"x": "x" * 65_536}),
    ):
        with pytest.raises(TooLarge):
            await attempt
    with pytest.raises(InvalidInput):
        await me.messages.append(talk.id, [])


async def test_an_edit_has_the_same_limits(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    first = await me.messages.append(talk.id, role="user", content="x")
    for role, content, *metadata in REFUSED:
        if role == "user":
            with pytest.raises(ArraigoError) as caught:
                await me.messages.edit(talk.id, 1, content=content, metadata=metadata[0] if metadata else None)
            assert "marker" not in str(caught.value)
    assert await me.messages.list(talk.id) == [first]


async def test_the_largest_batch_of_the_largest_texts_goes_through(
    me: arraigo.UserStore, talk: arraigo.Conversation
) -> None:
    text = "x" * 999_999
    await me.messages.append(talk.id, [("user", text)] * 20)
    assert [len(m.content) for m in await me.messages.list(talk.id)] == [999_999] * 20
