"""Values on their way to the server and back: arrays and JSON."""

import json
import math
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arraigo.postgres.arrays import text_array
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.jsonb import dumps

texts = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
objects = st.dictionaries(
    texts, st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8)
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def connection(server: EmbeddedServer) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(server.url, autocommit=True) as opened:
        yield opened


@quick
@given(st.lists(texts | st.none() | st.sampled_from(["NULL", "null", "", "{}", '"', "\\", ",", " ", '\\"', "a\nb"])))
def test_an_array_comes_back_as_it_was(
    connection: psycopg.Connection[tuple[Any, ...]], values: list[str | None]
) -> None:
    assert connection.execute("SELECT %s::text::text[]", [text_array(values)]).fetchone() == (values,)


@quick
@given(objects)
def test_json_comes_back_as_it_was(connection: psycopg.Connection[tuple[Any, ...]], value: dict[str, Any]) -> None:
    found = connection.execute("SELECT %s::jsonb", [dumps(value)]).fetchone()
    assert found is not None
    assert same(found[0], value)


@given(objects)
def test_it_is_json(value: dict[str, Any]) -> None:
    assert same(json.loads(dumps(value)), value)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_json_has_not_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps({"x": [bad]})


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same kinds: 1 is not 1.0 or True."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
