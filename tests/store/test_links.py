"""Links, without a database: nothing of them can be changed, and their time ends."""

from datetime import UTC, datetime
from urllib.parse import unquote
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.errors import AccessDenied, Expired
from arraigo.store.links import TOKEN_LENGTH, Grant, check, make

KEY = b"an installation's key"
GRANT = Grant(uuid4(), uuid4(), uuid4(), 2_000_000_000)
EARLY, LATE = datetime.fromtimestamp(1_999_999_999, UTC), datetime.fromtimestamp(2_000_000_000, UTC)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255)


def parts(path: str) -> tuple[str, str]:
    _, _, token, name = path.split("/")
    return token, unquote(name)


@given(names)
def test_a_link_gives_what_it_was_made_for(name: str) -> None:
    token, given_name = parts(make(KEY, GRANT, name))
    assert len(token) == TOKEN_LENGTH
    assert given_name == name
    assert check(KEY, token, name, EARLY) == GRANT


@given(st.integers(0, TOKEN_LENGTH - 1), st.characters(codec="utf-8"))
def test_no_character_of_it_can_be_another(place: int, character: str) -> None:
    token, name = parts(make(KEY, GRANT, "a.txt"))
    changed = token[:place] + character + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(AccessDenied):
        check(KEY, changed, name, LATE)


def test_it_has_one_spelling() -> None:
    """The last character of base64 has bits that say nothing."""
    token, name = parts(make(KEY, GRANT, "a.txt"))
    for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if character != token[-1]:
            with pytest.raises(AccessDenied):
                check(KEY, token[:-1] + character, name, EARLY)


@given(st.text())
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(AccessDenied):
        check(KEY, token, "a.txt", EARLY)


@given(names)
def test_another_name_or_key_is_refused(name: str) -> None:
    token, own = parts(make(KEY, GRANT, "a.txt"))
    for key, given_name in ((b"another", own), (KEY, f"{name}a.txt")):
        with pytest.raises(AccessDenied):
            check(key, token, given_name, EARLY)


def test_its_time_ends_at_the_second() -> None:
    token, name = parts(make(KEY, GRANT, "a.txt"))
    assert check(KEY, token, name, EARLY)
    with pytest.raises(Expired):
        check(KEY, token, name, LATE)
