"""The publication: which tables' changes a server gives away."""

import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Table

Connection = psycopg.Connection[Any]
_LOOKED_UP = 0.1  # seconds for whoever is between two lookups


def publish(connection: Connection, name: str, tables: Sequence[Table]) -> None:
    """Have a publication of exactly these tables, whatever a killed run left by that name.

    Partitions are published one by one, each in its own name: both sides have the same ones, PostgreSQL 12 can do no
    other, and fence and proof take them one by one as well.
    """
    drop(connection, name)
    listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(table.sql) for table in tables)
    connection.execute(sql.SQL("CREATE PUBLICATION {} FOR TABLE {}").format(sql.Identifier(name), listed))


def drop(connection: Connection, name: str) -> None:
    """Take it away, if it is there; its tables first.

    Who writes to a table looks up its publications one after the other: one that goes at that moment, with the table
    still in it, is an internal error ("cache lookup failed for publication") for an application.
    """
    tables = connection.execute(
        """SELECT nspname, relname FROM pg_catalog.pg_publication p
             LEFT JOIN (pg_catalog.pg_publication_rel JOIN pg_catalog.pg_class c ON c.oid = prrelid
                        JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace) ON prpubid = p.oid
            WHERE pubname = %s""",
        [name],
    ).fetchall()
    if not tables:
        return
    if tables != [(None, None)]:
        listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(sql.Identifier(*table)) for table in tables)
        connection.execute(sql.SQL("ALTER PUBLICATION {} DROP TABLE {}").format(sql.Identifier(name), listed))
        time.sleep(_LOOKED_UP)
    connection.execute(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(name)))
