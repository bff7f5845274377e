"""A store per way in, with `find`: a search as the test's own user, or as somebody else."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest

import arraigo
from arraigo import retrieve
from arraigo.retrieve import Found
from arraigo.retrieve import sync as without_await
from support.databases import Servers, address, drop_database, make_database
from support.servers import make_migrator
from support.ways import WAYS, Awaited, Way, opened, way_settings

_names = count()


class Find(Protocol):
    """`retrieve.search`, or its twin."""

    async def __call__(self, user: arraigo.UserStore, query: str, **options: Any) -> Found:
        """Search as this user."""


@pytest.fixture(scope="session")
def shared_database(all_servers: Servers) -> Iterator[Callable[[int], str]]:
    """One database per server; each test has users of its own."""
    made: list[tuple[int, str]] = []

    @cache
    def database(version: int) -> str:
        server = all_servers.get(version)
        make_migrator(server.url)
        made.append((version, make_database(server)))
        return made[-1][1]

    yield database
    for version, name in made:
        drop_database(all_servers.get(version), name)


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
async def everywhere(
    way: Way,
    all_servers: Servers,
    shared_database: Callable[[int], str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> AsyncIterator[arraigo.Store]:
    server, name = all_servers.get(way.version), shared_database(way.version)
    query = request.getfixturevalue("bouncer") if way.pooled else None
    async with opened(way_settings(way, tmp_path, address(server, way.user, name, query)), twin=way.twin) as store:
        yield store


@pytest.fixture
def anybody(everywhere: arraigo.Store) -> Callable[[], arraigo.UserStore]:
    """Users whom nobody has seen before."""
    return lambda: everywhere.as_user(f"user {next(_names)}")


@pytest.fixture
def find() -> Find:
    async def search(user: arraigo.UserStore, query: str, **options: Any) -> Found:
        if isinstance(user, Awaited):
            return without_await.search(user._twin, query, **options)
        return await retrieve.search(user, query, **options)

    return search


@pytest.fixture
def me(store: arraigo.Store) -> arraigo.UserStore:
    """Ana, in a database of this test's own."""
    return store.as_user("ana")


def texts(found: Found) -> list[str]:
    """The snippets, with the hits in brackets."""
    return ["".join(f"[{part.text}]" if part.hit else part.text for part in hit.snippet) for hit in found.hits]


@pytest.fixture(name="texts")
def _texts() -> Callable[[Found], list[str]]:
    return texts
