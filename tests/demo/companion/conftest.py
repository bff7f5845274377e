"""The example, built once per server and test run."""

from collections.abc import Callable, Iterator
from fcntl import LOCK_EX, flock

import psycopg
import pytest

from arraigo.demo.companion import build, extensions_of
from support import servers
from support.databases import Servers, address, drop_database, make_database

EXAMPLE = "companion_example"


@pytest.fixture(scope="session")
def example(all_servers: Servers) -> Callable[[int], str]:
    """The address of the example on the server of that version."""
    return lambda version: _example(all_servers, version)


def _example(all_servers: Servers, version: int) -> str:
    server = all_servers.get(version)
    url = address(server, "postgres", EXAMPLE)
    with (servers.run_home() / f"companion-{version}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        with psycopg.connect(server.url, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [EXAMPLE]).fetchone():
                return url
            connection.execute(f"CREATE DATABASE {EXAMPLE}".encode())
        with psycopg.connect(url, autocommit=True) as connection:
            build(connection, uuid_ossp=extensions_of(connection).uuid_ossp)
    return url


@pytest.fixture(params=[15, 16, 18])
def connection(request: pytest.FixtureRequest, example: Callable[[int], str]) -> Iterator[psycopg.Connection]:
    """A connection to the example of each server; what a test does there is rolled back."""
    with psycopg.connect(example(request.param)) as found:
        yield found
        found.rollback()


@pytest.fixture
def copied(all_servers: Servers, example: Callable[[int], str]) -> Iterator[str]:
    """The address of a copy of the example, for what must be committed."""
    example(18)
    server = all_servers.get(18)
    name = make_database(server, EXAMPLE)
    yield address(server, "postgres", name)
    drop_database(server, name)
