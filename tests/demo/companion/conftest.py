"""The example, built once per server and test run."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from support.databases import Servers, address, drop_database, make_database
from support.example import EXAMPLE, example_on


@pytest.fixture(scope="session")
def example(all_servers: Servers) -> Callable[[int], str]:
    """The address of the example on the server of that version."""
    return lambda version: example_on(all_servers.get(version))


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
