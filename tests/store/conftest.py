"""The store over every way in: `everywhere` is open, `me` and `you` are two of its users, new in each test."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest

import arraigo
from arraigo.settings import Settings
from support.databases import Servers, address, drop_database, make_database
from support.servers import make_migrator
from support.ways import WAYS, Way, opened, way_settings

_names = count()


@pytest.fixture(scope="session")
def shared_database(all_servers: Servers) -> Iterator[Callable[[int], str]]:
    """One database per server for all the tests that make do with users of their own; its name."""
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
def way_in(
    way: Way,
    all_servers: Servers,
    shared_database: Callable[[int], str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Settings:
    server, name = all_servers.get(way.version), shared_database(way.version)
    query = request.getfixturevalue("bouncer") if way.pooled else None
    return way_settings(way, tmp_path, address(server, way.user, name, query))


@pytest.fixture
async def everywhere(way: Way, way_in: Settings) -> AsyncIterator[arraigo.Store]:
    async with opened(way_in, twin=way.twin) as store:
        yield store


@pytest.fixture
def me(everywhere: arraigo.Store) -> arraigo.UserStore:
    return everywhere.as_user(f"ana {next(_names)}")


@pytest.fixture
def you(everywhere: arraigo.Store) -> arraigo.UserStore:
    return everywhere.as_user(f"bea {next(_names)}")


@pytest.fixture
async def talk(me: arraigo.UserStore) -> arraigo.Conversation:
    return await me.conversations.create(title="Direcciones", external_id="talk-1")
