"""What every shape of DynamoDB's items has to keep to, whatever the items hold."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arraigo.apps.state.legacy import ITEMS
from arraigo.apps.testplans.legacy import PLANS
from arraigo.move.records import copytext
from arraigo.move.records.attributes import canonical_of, plain, read_line, stored_text, typed
from arraigo.move.records.items import Facts, ItemShape, Owned
from arraigo.move.records.jsontext import Json, Layout, Unfit, canonical, dump, parse, parse_trusted
from arraigo.move.records.kinds import stored
from arraigo.move.records.shape import Rows
from support import dynamo
from support.shapes import context

_AS_STORED = Layout(item=", ", key=": ")
TEXTS = st.text('aZñ😀"\\\n\t\x01\u2028\uffff /1', max_size=6)
NUMBERS = st.integers().map(str) | st.sampled_from(["1.50", "-0", "1E+2", "007", "0.0", "-1.5e-30", "9" * 38])
BINARY = st.binary(max_size=9).map(lambda data: base64.b64encode(data).decode())
SCALARS = st.one_of(
    TEXTS.map(lambda text: {"S": text}),
    NUMBERS.map(lambda text: {"N": text}),
    BINARY.map(lambda text: {"B": text}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.lists(TEXTS, min_size=1, max_size=3, unique=True).map(lambda some: {"SS": some}),
    st.lists(NUMBERS, min_size=1, max_size=3, unique=True).map(lambda some: {"NS": some}),
    st.lists(BINARY, min_size=1, max_size=3, unique=True).map(lambda some: {"BS": some}),
)
VALUES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: {"L": some})
        | st.dictionaries(TEXTS, inner, max_size=3).map(lambda some: {"M": some})
    ),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["tester_id", "status", "created_at", "iterations", "plan_configuration", "note", "user_instructions"]
    )
    | st.sampled_from(["system_response", "generated_cases", "ttl", "timestamp"])
    | TEXTS.filter(lambda name: name not in {"session_id", "iteration_number"}),
    VALUES,
    max_size=5,
)

CODES = st.sampled_from(["RF-01", "rf-01, RF-02", "Rf-1: Pesos de 1 a 30 kg", "HU12 y HU13", ""]).map(
    lambda text: {"S": text}
)
CASES = st.dictionaries(
    st.sampled_from(
        ["testcase_number", "test_case_name", "test_steps", "priority", "status", "created_by", "technique", "script"]
    )
    | st.sampled_from(["requirements", "requirement_ids", "custom_fields", "id", "order_status", "weight"]),
    VALUES
    | CODES
    | st.sampled_from(["TC-001", "ALTA", "aceptado", "MANUAL", "pairwise", "018f0000-0000-7000-8000-000000000001"]).map(
        lambda text: {"S": text}
    ),
    max_size=6,
).map(lambda held: {"M": held})
GENERATED = st.fixed_dictionaries(
    {"generated_cases": st.lists(CASES | VALUES, max_size=4).map(lambda some: {"L": some})},
    optional={
        name: VALUES | st.just({"S": "018f0000-0000-7000-8000-000000000002"})
        for name in ("plan_id", "plan_title", "plan_type", "plan_status", "coverage_percentage", "metadata")
    }
    | {"model_used": VALUES, "processing_time_ms": VALUES},
)

quietly = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def unescaped(cell: bytes) -> bytes:
    """A cell of COPY's text format."""
    return re.sub(rb"\\(.)", lambda found: found[1].translate(bytes.maketrans(b"btnvfr", b"\b\t\n\v\f\r")), cell)


def read_back(shape: ItemShape, rows: Rows) -> Rows:
    """The rows as they come out of the tables again: what `jsonb` keeps of their texts."""
    return {
        table.name: [
            {
                name: parse_trusted(dump(stored(parse(unescaped(cell)))))
                if name in table.json and row[name]
                else row[name]
                for name, cell in zip(table.columns, copytext.lines(table, [row])[:-1].split(b"\t"), strict=True)
            }
            for row in rows[table.name]
        ]
        for table in shape.tables
    }


def assert_round_trip(shape: ItemShape, key: str, items: list[Owned]) -> None:
    value = shape.arranged(items)
    try:
        rows = shape.to_rows(key, value, context())
    except Unfit:
        assert any("N" in json.dumps(item) for _, item in items)  # an exponent that DynamoDB has not either
        return
    found_key, found = shape.to_record(key, read_back(shape, rows))
    assert found_key == key
    assert canonical(found) == canonical(value) == canonical_of(value)


@quietly
@given(ATTRIBUTES, st.lists(ATTRIBUTES, max_size=3))
def test_a_session_and_its_iterations_come_back(session: Any, iterations: list[Any]) -> None:
    own: list[Owned] = [
        ("B", item | {"session_id": {"S": "s"}, "iteration_number": {"N": str(number % 2)}})
        for number, item in enumerate(iterations)
    ]
    session = {name: value for name, value in session.items() if name != "generated_cases"}
    assert_round_trip(PLANS, "s", [("A", session | {"session_id": {"S": "s"}}), *own])
    if own:
        assert_round_trip(PLANS, "s", own)


@quietly
@given(ATTRIBUTES, st.lists(GENERATED, max_size=3))
def test_iterations_come_back_whatever_their_cases_hold(session: Any, iterations: list[Any]) -> None:
    session = {name: value for name, value in session.items() if name not in {"generated_cases", "iterations"}}
    own: list[Owned] = [
        ("B", item | {"session_id": {"S": "s"}, "iteration_number": {"N": str(number)}})
        for number, item in enumerate(iterations)
    ]
    assert_round_trip(PLANS, "s", [("A", session | {"session_id": {"S": "s"}, "tester_id": {"S": "t"}}), *own])


@quietly
@given(ATTRIBUTES)
def test_any_item_comes_back(item: Any) -> None:
    assert_round_trip(ITEMS, "A/k", [("A", item | {"data_key": {"S": "k"}})])


@quietly
@given(VALUES)
def test_the_text_of_an_attribute_is_what_jsonb_gives_back(value: Any) -> None:
    item: dict[str, Json] = {"a": value}
    try:
        held, exact = plain(item)
    except Unfit:
        return
    text, same = stored_text(item)
    assert same == exact
    assert text == dump(stored(held), _AS_STORED)
    if exact:
        assert canonical({name: typed(one) for name, one in held.items()}) == canonical(item)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"Item":{"a":{"S":"1"},"a":{"S":"2"}}}', "twice"),
        (b'{"Item":{"a":{"S":"\\ud800"}}}', "surrogate"),
        (b'{"Item":{"a":{"S":"\\u0000"}}}', "NUL"),
        (b'{"Item":{"a":{"S":"\xff"}}}', "UTF-8"),
        (b'{"Item":{"a":{"S":"1"}}', "not JSON"),
        (b'{"Keys":{}}', "no line of an export"),
        (b"[]", "no line of an export"),
    ],
)
def test_a_line_that_cannot_be_kept_is_refused(line: bytes, reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        read_line(line)


def test_a_line_is_read_however_it_was_written() -> None:
    assert read_line(b' { "Item" : { "a" : { "S" : "\\u00f1 \\/" } } } ') == {"a": {"S": "ñ /"}}


def test_the_order_of_keys_is_that_of_rfc_8785_behind_the_first_plane_too() -> None:
    value: Json = {"\uffff": "a", "😀": "b"}
    assert canonical_of(value) == canonical(value)


@pytest.mark.parametrize(
    ("item", "shape"),
    [
        (dynamo.session(1), "plans"),
        (dynamo.iteration(1, 1), "plans"),
        (dynamo.temporary(1), None),
        ({"session_id": {"S": "s"}, "ttl": {"N": "1"}}, None),
        ({"session_id": {"N": "1"}, "tester_id": {"S": "t"}}, None),
    ],
)
def test_an_item_is_recognised_by_what_it_has(item: dynamo.Item, shape: str | None) -> None:
    found: Callable[..., str | None] = PLANS.group
    assert (found(Facts("T", (), "ttl"), item) is not None) == (shape is not None)
