"""Databases to move and to move into, on any two of the run's servers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from arraigo import move
from support.databases import TEMPLATE, Servers, address, drop_database, make_database

Fill = Callable[[psycopg.Connection[Any]], None]
ROLES = ("kinds_owner", "kinds_reader", '"Kinds ""Odd"" ñ"')
SHOP = (Path(__file__).parent / "shop.sql").read_text(encoding="utf-8")


def sql(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Run SQL; its rows."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@contextmanager
def databases(servers: Servers, source: int, target: int, fill: Fill) -> Iterator[tuple[str, str]]:
    """A filled database on one server, and an empty one with Arraigo's schema on another; their addresses."""
    made = []
    try:
        urls = []
        for version, template in ((source, "template1"), (target, TEMPLATE)):
            server = servers.get(version)
            name = make_database(server, template)
            made.append((server, name))
            urls.append(address(server, "postgres", name))
        for url in urls:
            for role in ROLES:
                with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    sql(url, f"CREATE ROLE {role}")
        with psycopg.connect(urls[0], autocommit=True) as connection:
            fill(connection)
        yield urls[0], urls[1]
    finally:
        for server, name in made:
            drop_database(server, name)


def shop(connection: psycopg.Connection[Any]) -> None:
    """Three small tables with everything that a move does to one."""
    connection.execute(SHOP.encode())


def wrong(report: move.Report) -> dict[str, str]:
    """The checks that are not right, with their details."""
    return {check.name: check.detail for check in report.checks if not check.ok}
