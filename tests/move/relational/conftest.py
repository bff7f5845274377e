"""Databases with some of everything, one on each server that is installed."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from arraigo.move.relational.catalog import Connection
from support.databases import Servers, address, drop_database, make_database

SCHEMAS = ["shop", "Odd Name"]
_EVERYTHING = (Path(__file__).parent / "everything.sql").read_text(encoding="utf-8")
# As sessions.py pins them.
_PINS = "-c TimeZone=UTC -c extra_float_digits=3 -c DateStyle=ISO -c search_path= -c row_security=off -c jit=off"

Open = Callable[[int], Connection]


@pytest.fixture(scope="module")
def empty(all_servers: Servers) -> Iterator[Open]:
    """A connection to an empty database on the server of a version; the same one for a whole module."""
    yield from _databases(all_servers, "")


@pytest.fixture(scope="module")
def everything(all_servers: Servers) -> Iterator[Open]:
    """The same to a database with some of everything."""
    yield from _databases(all_servers, _EVERYTHING)


def _databases(all_servers: Servers, script: str) -> Iterator[Open]:
    held: dict[int, tuple[str, Connection]] = {}

    def open_(version: int) -> Connection:
        if version not in held:
            server = all_servers.get(version)
            name = make_database(server, "template1")
            connection = psycopg.connect(address(server, "postgres", name), autocommit=True, options=_PINS)
            held[version] = name, connection
            for role in ("shop_reader", "shop_writer", "shop_owner"):
                with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    connection.execute(f"CREATE ROLE {role}".encode())
            connection.execute(script.encode())
        return held[version][1]

    yield open_
    for version, (name, connection) in held.items():
        connection.close()
        drop_database(all_servers.get(version), name)
