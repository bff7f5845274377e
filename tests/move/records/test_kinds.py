"""What a column holds, and how that stands for a value of a legacy record."""

import pytest

from arraigo.move.records.jsontext import Json, Number, Unfit, canonical, dump, parse
from arraigo.move.records.kinds import Jsonb, Moment, Text, stored


def test_a_text_is_held_within_its_columns_limits() -> None:
    kind = Text(most=5, least=1)
    assert kind.write(kind.read("hola")) == "hola"
    bad_ones: list[Json] = ["", "demasiado", None, Number("1"), ["x"]]
    for bad in bad_ones:
        with pytest.raises(Unfit):
            kind.read(bad)


def test_bytes_are_counted_where_the_column_counts_bytes() -> None:
    kind = Text(bytes_below=9)
    assert kind.read("ññññ") == "ññññ"
    with pytest.raises(Unfit, match="has 10 bytes"):
        kind.read("ñññññ")


def test_a_closed_list_refuses_what_is_not_on_it_without_showing_it() -> None:
    with pytest.raises(Unfit, match="none of a, b") as caught:
        Text(among=frozenset("ab")).read("secreto")
    assert "secreto" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("-0", "0"), ("-0.00", "0.00"), ("1e2", "100"), ("1.50", "1.50"), ("1.0e1", "10"), ("25e-3", "0.025")],
)
def test_jsonb_writes_numbers_its_own_way(written: str, kept: str) -> None:
    assert stored(Number(written)) == Number(kept)


def test_jsonb_sorts_keys_by_length_and_bytes() -> None:
    value = parse('{"é":1,"zzzz":2,"b":3,"aa":4,"😀":5}'.encode())
    assert dump(stored(value)) == '{"b":3,"aa":4,"é":1,"zzzz":2,"😀":5}'


@pytest.mark.parametrize("number", ["1e1001", "1e-1001", "9" * 1001, "1e99999999999999999999999"])
def test_a_number_beyond_reason_is_refused(number: str) -> None:
    with pytest.raises(Unfit, match="digits"):
        Jsonb().read({"n": Number(number)})


def test_an_example_gives_back_what_jsonb_does_not_keep() -> None:
    kind, example = Jsonb(), parse(b'{"temperature":1e2,"k":-0,"list":[1.0,2e0],"in":{"z":1,"a":2}}')
    cell = kind.read(example)
    assert dump(kind.like(cell, example)) == dump(example)


def test_what_changed_since_is_written_and_what_did_not_keeps_its_digits() -> None:
    kind, example = Jsonb(), parse(b'{"temperature":1e2,"k":-0,"gone":1,"list":[1e0]}')
    cell = parse(b'{"k": 0, "new": true, "list": [1, 2], "temperature": 101}')
    assert dump(kind.like(cell, example)) == '{"temperature":101,"k":-0,"list":[1e0,2],"new":true}'


@pytest.mark.parametrize(
    ("kind", "value"), [(Jsonb(), []), (Jsonb(), "x"), (Jsonb(of="texts"), {}), (Jsonb(of="texts"), [1])]
)
def test_jsonb_takes_what_its_column_is_for(kind: Jsonb, value: Json) -> None:
    with pytest.raises(Unfit):
        kind.read(value)


def test_nothing_is_written_as_null() -> None:
    assert Moment().write(None) is None
    assert Moment().like(None, "2025-01-27") is None
    assert canonical(Text().write(None)) == b"null"
