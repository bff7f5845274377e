"""Dates are read to the microsecond, and written as their program wrote them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.records import moments
from arraigo.move.records.jsontext import Json, Number, Unfit

WRITTEN: list[Json] = [
    "2025-01-27",
    "2025-01-27T10:11",
    "2025-01-27 10:11:12",
    "2025-01-27T10:11:12Z",
    "2025-01-27T10:11:12.120Z",
    "2025-01-27T10:11:12.1z",
    "2025-01-27T10:11:12.123456",
    "2025-01-27T10:11:12+00:00",
    "2025-01-27T00:11:12-0530",
    "2025-01-27t10:11:12.5-05",
    Number("1737972672"),
    Number("1737972672.0"),
    Number("1737972672123"),
    Number("-1.5"),
    Number("0"),
]
MOMENTS = st.datetimes(datetime(2, 1, 3), datetime(9998, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001 - given UTC


@pytest.mark.parametrize("value", WRITTEN)
def test_a_date_is_written_as_it_was(value: Json) -> None:
    assert moments.write_like(moments.read(value), value) == value


@given(MOMENTS, st.sampled_from(WRITTEN))
def test_another_date_in_the_same_style_loses_nothing(moment: datetime, example: Json) -> None:
    if isinstance(example, Number):
        moment = moment.replace(year=2024)  # which has a 29 February
    assert moments.read(moments.write_like(moment, example)) == moment


@given(MOMENTS)
def test_the_usual_form_is_that_of_isoformat(moment: datetime) -> None:
    assert moments.write(moment) == moment.replace(tzinfo=None).isoformat()
    assert moments.read(moments.write(moment)) == moment


def test_a_time_of_day_is_never_hidden_by_a_date_alone() -> None:
    moment = moments.read("2025-01-27") + timedelta(minutes=1)
    assert moments.write_like(moment, "2025-01-27") == "2025-01-27T00:01:00"


def test_digits_behind_the_microsecond_are_cut_off() -> None:
    assert moments.read("2025-01-27T10:11:12.1234569Z").microsecond == 123456
    assert moments.read(Number("1737972672.1234569")).microsecond == 123456


def test_offsets_are_read() -> None:
    assert moments.read("2025-01-27T10:00:00-05:30") == datetime(2025, 1, 27, 15, 30, tzinfo=UTC)


def test_large_numbers_are_milliseconds() -> None:
    assert moments.read(Number("1737972672123")) == moments.read(Number("1737972672.123"))


@pytest.mark.parametrize(
    "value",
    [
        *("0001-12-31", "9999-01-01T00:00:00", "0000-01-01", "2025-02-30", "2025-01-27T24:00:00", "yesterday", ""),
        *("2025-01-27T10:11:12+25:00", "2025-W05-1", "20250127", "2025-1-2", "٢٠٢٥-01-27"),
        *(Number("1e400"), Number("1e99999999999999999999"), Number("-63e9"), Number("1e17"), None, True, [], {}),
    ],
)
def test_what_is_no_date_is_refused_without_being_shown(value: Json) -> None:
    with pytest.raises(Unfit) as caught:
        moments.read(value)
    assert "yesterday" not in str(caught.value)


def test_a_date_without_an_offset_is_known_as_such() -> None:
    assert moments.is_naive("2025-01-27T10:00:00")
    assert moments.is_naive("2025-01-27")
    assert not moments.is_naive("2025-01-27T10:00:00Z")
    assert not moments.is_naive(Number("1"))


def test_without_a_date_as_example_the_usual_form_is_written() -> None:
    assert moments.write_like(moments.read("2025-01-27"), "a word") == "2025-01-27T00:00:00"
