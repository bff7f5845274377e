"""Both handles of one user of a database of the test's own."""

from collections.abc import Iterator

import pytest

import arraigo
from arraigo import sync
from arraigo.settings import Settings


@pytest.fixture
def me(store: arraigo.Store) -> arraigo.UserStore:
    return store.as_user("ana")


@pytest.fixture
def me_now(settings: Settings) -> Iterator[sync.UserStore]:
    """The same user, without await."""
    with sync.open(settings) as opened:
        yield opened.as_user("ana")


@pytest.fixture(params=["async", "sync"])
def either(request: pytest.FixtureRequest) -> arraigo.UserStore | sync.UserStore:
    found: arraigo.UserStore | sync.UserStore = request.getfixturevalue("me" if request.param == "async" else "me_now")
    return found
