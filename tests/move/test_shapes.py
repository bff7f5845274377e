"""What every registered shape has to keep to; a new shape needs a sample here."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.records.jsontext import canonical, dump, parse
from arraigo.move.records.shape import Person, Shape, anchor_of, shapes
from support import exports
from support import legacy_files as files
from support.shapes import context, round_trip

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "conversations": ("c-0003", files.conversations(4)["c-0003"]),
    "chatgpt": (exports.ident("talk", 1), exports.chatgpt_conversation(1)),
    "claude": (exports.ident("claude", 3), exports.claude_conversation(3)),
    "threads": ("573000000001", files.threads(2)["573000000001"]),
    "guests": ("573000000002", files.guests(2)["573000000002"]),
    "interviews": ("s-0001", files.sessions(2)[1]),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
EXTRAS = st.dictionaries(
    TEXTS.map(lambda name: f"x{name}"),
    st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2) | st.dictionaries(TEXTS, TEXTS, max_size=2),
    max_size=4,
)
each = pytest.mark.parametrize("shape", shapes().values(), ids=lambda shape: str(shape.name))


@each
@given(extras=EXTRAS, data=st.data())
def test_a_record_comes_back_with_all_that_no_column_has(
    shape: Shape, extras: dict[str, Any], data: st.DataObject
) -> None:
    key, sample = SAMPLES[shape.name]
    members = list((sample | extras).items())
    value = parse(json.dumps(dict(data.draw(st.permutations(members)))).encode())
    found_key, found = round_trip(shape, key, value)
    assert found_key == key
    assert canonical(found) == canonical(value)
    assert dump(found) == dump(value)


@each
def test_a_record_is_recognised_by_its_shape_alone(shape: Shape) -> None:
    _, sample = SAMPLES[shape.name]
    assert [one.name for one in shapes().values() if one.fits(parse(json.dumps(sample).encode()))] == [shape.name]


@each
def test_the_first_table_has_one_row_for_a_record(shape: Shape) -> None:
    key, sample = SAMPLES[shape.name]
    rows = shape.to_rows(key, parse(json.dumps(sample).encode()), context())
    assert len(rows[shape.tables[0].name]) == 1
    assert {table.name for table in shape.tables} == set(rows)
    for table in shape.tables:
        assert all(set(table.columns) <= set(row) for row in rows[table.name])
        assert {table.anchor, *table.order, *table.fixed, *table.json} <= set(table.columns)
    assert isinstance(anchor_of(shape, rows), Person) == (shape.tables[0].anchor == shape.tables[0].person)


@each
def test_its_tables_are_there_with_the_types_that_it_says(
    shape: Shape, superuser: Callable[..., list[tuple[Any, ...]]]
) -> None:
    for table in shape.tables:
        types = dict(
            superuser(
                """SELECT attname::text, coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text
                     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    WHERE attrelid = %s::regclass AND attnum > 0""",
                f"arraigo.{table.name}",
            )
        )
        assert set(table.columns) <= set(types)
        assert types[table.anchor] == table.anchor_type
        assert {name for name in table.columns if types[name] == "jsonb"} == table.json
