"""The writing side, made ready to take what is applied and do nothing else; and as it was before, exactly.

What fires there (triggers, rules, row-level security that binds the owner too) was done on the other side already, and
comes as rows. How to restore it stands beside the progress, in the schema `arraigo_back`, from the same transaction on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg

from arraigo.move.relational.catalog import Table
from arraigo.postgres.queries import Query, load

Connection: TypeAlias = psycopg.Connection[Any]

QUERIES = load(__package__, "writing.sql")
_PATIENCE = "SET LOCAL lock_timeout = '10s'"
_MADE = (
    "CREATE SCHEMA arraigo_back",
    """CREATE TABLE arraigo_back.progress (
           slot text PRIMARY KEY, lsn pg_lsn NOT NULL DEFAULT '0/0', applied_at timestamptz, written_at timestamptz
       ) WITH (fillfactor = 20)""",
    """CREATE TABLE arraigo_back.stilled (
           nr bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slot text NOT NULL, restore text NOT NULL)""",
    """CREATE FUNCTION arraigo_back.must(counted bigint, wanted bigint, otherwise text) RETURNS void LANGUAGE plpgsql
           SET search_path = pg_catalog AS $$
       BEGIN
           IF counted <> wanted THEN RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = otherwise; END IF;
       END $$""",
)
MISSING = "AR001"
"""The SQLSTATE of a change that found no row."""


def ask(connection: Connection, query: Query, **values: object) -> psycopg.RawCursor[Any]:
    """Run a query of this room's file."""
    return psycopg.RawCursor(connection).execute(query.sql, [values[name] for name in query.parameters])


def make_ready(connection: Connection, slot: str, tables: Sequence[Table], *, replica: bool) -> None:
    """Still what would fire in a session of that role, and keep how it was; a second time changes nothing."""
    with connection.transaction():
        connection.execute(_PATIENCE)
        if not _standing(connection):
            for statement in _MADE:
                connection.execute(statement.encode())
        ask(connection, QUERIES.begun, slot=slot)
        found = ask(
            connection,
            QUERIES.restless,
            schemas=[table.schema for table in tables],
            names=[table.name for table in tables],
            modes=["A", "R"] if replica else ["O", "A"],
            checked=not replica,
        )
        restless = found.fetchall()
        with connection.pipeline():
            for still, restore in restless:
                connection.execute(still.encode())
                ask(connection, QUERIES.remember, slot=slot, restore=restore)


def restore(connection: Connection, slot: str) -> None:
    """Put back what was stilled for this slot, and forget its progress; the schema goes with the last slot.

    To be called when nothing is applied any more. A second time changes nothing.
    """
    with connection.transaction():
        connection.execute(_PATIENCE)
        if not _standing(connection):
            return
        _put_back(connection, slot)
        ask(connection, QUERIES.forget, slot=slot)
        ask(connection, QUERIES.leave, slot=slot)
        row = ask(connection, QUERIES.left).fetchone()
        if row and row[0]:
            connection.execute("DROP SCHEMA arraigo_back CASCADE")


@contextmanager
def as_it_was(connection: Connection, slot: str) -> Iterator[None]:
    """In a transaction that is rolled back: the tables as `restore` will leave them, to be compared with others.

    Until the block ends, nothing can be applied.
    """
    with connection.transaction(force_rollback=True):
        connection.execute(_PATIENCE)
        if _standing(connection):
            _put_back(connection, slot)
        yield


def _put_back(connection: Connection, slot: str) -> None:
    statements = [statement for (statement,) in ask(connection, QUERIES.remembered, slot=slot)]
    with connection.pipeline():
        for statement in statements:
            connection.execute(statement.encode())


def _standing(connection: Connection) -> bool:
    row = ask(connection, QUERIES.standing).fetchone()
    return bool(row and row[0])
