"""What the bot kept in two files becomes rows, and the rows become the same files again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.messaging.legacy import GUESTS, THREADS
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, parse
from arraigo.move.records.shape import Person, Shape, shapes
from support.shapes import context, read_back, round_trip

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
VALUES = st.none() | TEXTS | st.lists(TEXTS, max_size=2) | st.dictionaries(TEXTS, st.integers(), max_size=2)
NUMBER = "573000000000"
THREAD: dict[str, Json] = {"threadId": "thread_a1", "chatId": f"{NUMBER}@s.whatsapp.net", "userName": "Inés Prueba"}
GUEST: dict[str, Json] = {"name": "Inés Prueba", "labels": ["Potencial", "Consulta"], "lastInteraction": "2025-01-27"}


@given(
    st.fixed_dictionaries({"threadId": st.text("abc_1", min_size=1)}, optional={"chatId": TEXTS, "userName": VALUES}),
    st.dictionaries(TEXTS, VALUES, max_size=2),
    st.booleans(),
)
def test_any_thread_comes_back(value: dict[str, Any], other: dict[str, Any], turned: bool) -> None:  # noqa: FBT001
    record = other | value
    if not isinstance(record.get("userName"), str | None):
        record["userName"] = None
    _comes_back(THREADS, dict(reversed(record.items())) if turned else record)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.none() | TEXTS,
            "labels": st.none() | st.lists(TEXTS, max_size=3),
            "lastInteraction": st.sampled_from([None, "2025-01-27", "2025-01-27T10:00:00.000Z", 1737972672]),
        },
    ),
    st.dictionaries(TEXTS, VALUES, max_size=2),
)
def test_any_guest_comes_back(value: dict[str, Any], other: dict[str, Any]) -> None:
    _comes_back(GUESTS, other | value)


def _comes_back(shape: Shape, record: dict[str, Any]) -> None:
    value = parse(json.dumps(record).encode())
    key, found = round_trip(shape, NUMBER, value)
    assert key == NUMBER
    assert dump(found) == dump(value)


def test_an_ordinary_thread_needs_nothing_beside_its_columns() -> None:
    (row,) = THREADS.to_rows(NUMBER, THREAD, context())["bot_threads"]
    assert row["metadata"] == {}
    assert row["user_id"] == Person("whatsapp", NUMBER)
    assert row["user_id"].name == row["user_name"] == "Inés Prueba"
    assert (row["thread_id"], row["chat_id"]) == ("thread_a1", f"{NUMBER}@s.whatsapp.net")


def test_a_guest_keeps_labels_and_last_activity_in_columns() -> None:
    (row,) = GUESTS.to_rows(NUMBER, GUEST, context())["bot_users"]
    assert (row["name"], row["labels"], row["channel"]) == ("Inés Prueba", ["Potencial", "Consulta"], "whatsapp")
    assert row["last_activity"].isoformat() == "2025-01-27T00:00:00+00:00"


@pytest.mark.parametrize(
    ("shape", "record", "column", "value"),
    [
        (THREADS, THREAD, "thread_id", "thread_a2"),
        (THREADS, THREAD, "chat_id", "x"),
        (THREADS, THREAD, "user_name", "Ines Prueba"),
        (THREADS, THREAD, "user_id", ["573000000001"]),
        (THREADS, THREAD, "user_id", None),
        (GUESTS, GUEST, "name", None),
        (GUESTS, GUEST, "labels", ["Potencial", "Consultas"]),
        (GUESTS, GUEST, "labels", ["Consulta", "Potencial"]),
        (GUESTS, GUEST, "last_activity", None),
        (GUESTS, GUEST, "user_id", ["573000000001"]),
    ],
)
def test_a_changed_column_changes_the_record(shape: Shape, record: Json, column: str, value: Any) -> None:
    rows = read_back(shape, shape.to_rows(NUMBER, record, context()))
    rows[shape.tables[0].name][0][column] = value
    key, found = shape.to_record(NUMBER, rows)
    assert (key, canonical(found)) != (NUMBER, canonical(record))


def test_a_last_interaction_that_moved_within_its_day_is_seen() -> None:
    rows = read_back(GUESTS, GUESTS.to_rows(NUMBER, GUEST, context()))
    rows["bot_users"][0]["last_activity"] += timedelta(seconds=1)
    _, found = GUESTS.to_record(NUMBER, rows)
    assert isinstance(found, dict)
    assert found["lastInteraction"] == "2025-01-27T00:00:01"


@pytest.mark.parametrize(
    ("shape", "value", "reason"),
    [
        (THREADS, "thread_a1", "a text, not an object"),
        (THREADS, {"chatId": "x"}, "has no 'threadId'"),
        (THREADS, {"threadId": ""}, "'threadId' has 0 characters"),
        (THREADS, {"threadId": "x" * 256}, "'threadId' has 256 characters"),
        (THREADS, {"threadId": "x", "userName": ["a"]}, "'userName' is a list"),
        (GUESTS, [], "a list, not an object"),
        (GUESTS, {"labels": "Potencial"}, "'labels' is not a list of texts"),
        (GUESTS, {"labels": [None]}, "'labels' is not a list of texts"),
        (GUESTS, {"lastInteraction": "9999-01-01"}, "the year 9999"),
        (GUESTS, {"name": "x" * 501}, "'name' has 501 characters"),
    ],
)
def test_what_does_not_fit_is_refused(shape: Shape, value: Json, reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        shape.to_rows(NUMBER, value, context())


@pytest.mark.parametrize("shape", [THREADS, GUESTS])
def test_a_number_has_to_be_the_key(shape: Shape) -> None:
    with pytest.raises(Unfit, match="no number"):
        shape.key({})
    for number in ("", "5" * 201):
        with pytest.raises(Unfit, match="not 1 to 200"):
            shape.to_rows(number, THREAD | GUEST, context())


def test_a_user_with_two_numbers_is_found_under_the_one_that_was_moved() -> None:
    rows = read_back(THREADS, THREADS.to_rows(NUMBER, THREAD, context()))
    rows["bot_threads"][0]["user_id"] = ["111", NUMBER]
    assert THREADS.to_record(NUMBER, rows)[0] == NUMBER
    assert THREADS.to_record(None, rows)[0] == "111"


def test_the_shapes_tell_each_other_apart() -> None:
    samples: dict[str, Json] = {"threads": THREAD, "guests": GUEST, "conversations": {"messages": []}}
    for name, value in samples.items():
        assert [shape.name for shape in shapes().values() if shape.fits(value)] == [name]
