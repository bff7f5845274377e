"""The pure checks: cursors, limits, texts and objects."""

import base64
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import ArraigoError, InvalidInput
from arraigo.store import checks
from arraigo.store.context import candidates, conversation_id


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_cursor_is_read_as_it_was_written(moment: datetime, id_: UUID) -> None:
    """To the microsecond, in any year."""
    cursor = checks.to_cursor(moment, id_)
    assert checks.from_cursor(cursor) == (moment, id_)
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text() | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_other_text_is_no_cursor(text: str) -> None:
    try:
        moment, id_ = checks.from_cursor(text)
    except InvalidInput:
        return
    assert checks.from_cursor(checks.to_cursor(moment, id_)) == (moment, id_)


@given(st.text())
def test_a_text_that_passes_can_be_kept(text: str) -> None:
    try:
        assert checks.text(text, "title", most=20, least=1) == text
    except InvalidInput:
        assert not (1 <= len(text) <= 20 and "\0" not in text and text.isascii())
        return
    assert b"\0" not in text.encode()


def test_a_text_outside_its_limits_hears_both() -> None:
    with pytest.raises(InvalidInput, match="language has 1 characters; 2 to 35 are possible"):
        checks.text("e", "language", most=35, least=2)
    with pytest.raises(InvalidInput, match="title is empty"):
        checks.text("", "title", most=35, least=2)
    with pytest.raises(InvalidInput, match="title is int, not a text"):
        checks.text(7, "title", most=35)


def test_an_object_is_copied() -> None:
    given_ = {"a": 1}
    kept = checks.json_object(given_, "metadata")
    given_["b"] = 2
    assert kept == {"a": 1}
    assert checks.json_object(None, "metadata") == {}


def test_an_object_may_hold_what_looks_like_a_nul() -> None:
    for text in ("\\u0000", "\\\\u0000", "u0000"):
        assert checks.json_object({text: text}, "metadata") == {text: text}
    for text in ("\0", "\\\0", "\\\\\0"):
        with pytest.raises(InvalidInput, match="NUL"):
            checks.json_object({"a": text}, "metadata")


def test_an_object_that_holds_itself_is_refused() -> None:
    circle: dict[str, object] = {}
    circle["me"] = circle
    with pytest.raises(InvalidInput):
        checks.json_object(circle, "metadata")


def test_depth_has_a_limit() -> None:
    def nested(depth: int) -> dict[str, object]:
        return {"x": nested(depth - 1)} if depth else {}

    checks.json_object(nested(checks.MAX_DEPTH), "metadata")
    for depth in (checks.MAX_DEPTH + 1, 500):
        with pytest.raises(InvalidInput, match=r"nested|JSON cannot hold"):
            checks.json_object(nested(depth), "metadata")


@given(st.text(max_size=300))
def test_any_name_is_refused_or_may_mean_some_ids(ref: str) -> None:
    try:
        found = candidates(b"key", UUID(int=0), ref)
    except ArraigoError as error:
        assert isinstance(error, InvalidInput)  # noqa: PT017 - nothing else may come
        return
    assert found[-1] == conversation_id(b"key", UUID(int=0), ref)


def test_what_looks_like_an_id_may_be_a_name() -> None:
    id_ = uuid4()
    assert candidates(b"key", UUID(int=0), str(id_)) == [id_, conversation_id(b"key", UUID(int=0), str(id_))]
    assert candidates(b"key", UUID(int=1), str(id_))[1] != candidates(b"key", UUID(int=0), str(id_))[1]
