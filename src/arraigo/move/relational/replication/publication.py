"""The publication: which tables' changes a server gives away."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Table

Connection = psycopg.Connection[Any]


def publish(connection: Connection, name: str, tables: Sequence[Table]) -> None:
    """Have a publication of exactly these tables, whatever a killed run left by that name.

    Partitions are published one by one, each in its own name: both sides have the same ones, PostgreSQL 12 can do no
    other, and fence and proof take them one by one as well.
    """
    drop(connection, name)
    listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(table.sql) for table in tables)
    connection.execute(sql.SQL("CREATE PUBLICATION {} FOR TABLE {}").format(sql.Identifier(name), listed))


def drop(connection: Connection, name: str) -> None:
    """Take it away, if it is there."""
    found = connection.execute("SELECT FROM pg_catalog.pg_publication WHERE pubname = %s", [name])
    if found.fetchone() is not None:
        connection.execute(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(name)))
