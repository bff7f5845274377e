"""A session on either side of a move, with every setting pinned on which the answer of a query depends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from arraigo.errors import ArraigoError, BadSetting, InvalidInput, Unavailable
from arraigo.postgres.target import Target
from arraigo.postgres.translate import translate
from arraigo.settings import load

Connection = psycopg.Connection[Any]
_OF_THE_DATABASE = ("DATABASE_URL", "ARRAIGO_MIGRATION_URL", "DB_IAM_AUTH", "DB_POOLER")
# A SELECT under row-level security gives fewer rows and no error unless row_security is off. The rest decides how
# values and definitions are written, or ends long work.
_PINS = {
    "row_security": "off",
    "search_path": "",
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "xmloption": "content",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "quote_all_identifiers": "off",
    "plan_cache_mode": "auto",
    "jit": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_NEWER_PINS = {"idle_session_timeout": 14, "transaction_timeout": 17}  # since which version there is such a limit


def source_at(url: str, *, name: str = "the source's address") -> Target:
    """The database at an address, as its owner's connection; TLS is verified unless the address says otherwise.

    Raises:
        InvalidInput: It is no address of a PostgreSQL.
    """
    other = {variable: value for variable, value in os.environ.items() if variable not in _OF_THE_DATABASE}
    try:
        settings = load(other | {"DATABASE_URL": url})
    except BadSetting as error:
        raise InvalidInput(error.what.replace("DATABASE_URL", name), remedy=error.remedy) from None
    return Target(settings.database_url or url, settings.pool)


@contextmanager
def connected(target: Target, *, name: str = "arraigo move") -> Iterator[Connection]:
    """A pinned connection in autocommit, closed at the end of the block.

    Raises:
        ArraigoError: What the driver says within the block, in our words.
    """
    with told(target):
        connection = connect(target, name=name)
        try:
            yield connection
        finally:
            connection.close()


def connect(target: Target, *, name: str = "arraigo move") -> Connection:
    """A pinned connection in autocommit, straight to the server.

    Raises:
        Unavailable: No such server, database or right; or a pooler stands before it, which has no sessions.
    """
    with told(target):
        connection = psycopg.connect(target.direct().conninfo(), autocommit=True, application_name=name)
        try:
            pin(connection)
            _refuse_pooler(connection, target)
        except BaseException:
            connection.close()
            raise
    return connection


def pin(connection: Connection) -> None:
    """Set everything that decides how values are written."""
    version = connection.info.server_version // 10_000
    pins = _PINS | {name: "0" for name, since in _NEWER_PINS.items() if version >= since}
    connection.execute(
        "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS pins (name, value)",
        [list(pins), list(pins.values())],
    )


def plain(connection: Connection) -> bool:
    """Whether the bytes on a connection's socket are the protocol's own: neither TLS nor GSSAPI encrypts them."""
    if connection.pgconn.ssl_in_use:
        return False
    found = connection.execute("SELECT gss_authenticated OR encrypted FROM pg_stat_gssapi WHERE pid = pg_backend_pid()")
    return found.fetchone() == (False,)


@contextmanager
def told(target: Target) -> Iterator[None]:
    """The driver's errors in our words; they never quote a row."""
    try:
        yield
    except psycopg.Error as error:
        raise explained(error, target.where) from error


def explained(error: psycopg.Error, where: str) -> ArraigoError:
    """Our error, with the object that the server's diagnostics name.

    Of its prose only what speaks of definitions, rights and features (classes 42 and 0A): the rest may quote a row.
    """
    found = translate(error, where=where)
    primary = error.diag.message_primary
    if error.sqlstate and error.sqlstate.startswith(("42", "0A")) and primary:
        found = Unavailable(f"{where} refused: {primary}", safe=found.safe)
        found.remedy = "see arraigo move plan" if error.sqlstate != "42501" else "use a user who has this right"
        if error.sqlstate == "42501" and "row-level security" in primary:
            found.remedy = "use the tables' owner, or a user with BYPASSRLS"
        return found
    names = [error.diag.schema_name, error.diag.table_name, error.diag.column_name, error.diag.constraint_name]
    place = ".".join(name for name in names if name)
    if place or where not in found.what:
        found.what = f"{found.what} ({f'{place} at {where}' if place else where})"
    return found


def demand_apart(source: Target, target: Target) -> None:
    """Refuse to move a database into itself.

    Raises:
        InvalidInput: Both addresses lead to the same one.
        Unavailable: One side cannot be used.
    """
    if _identity(source) == _identity(target):
        raise InvalidInput(
            f"the source and the target are the same database, {target.database} at {target.where}",
            safe="nothing was changed",
            remedy="name another database with --to",
        )


def _identity(target: Target) -> tuple[object, ...]:
    """A server by the moment of its start, and the database in it."""
    with connected(target) as connection:
        row = connection.execute(
            "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return row or ()


def _refuse_pooler(connection: Connection, target: Target) -> None:
    """A pooler hands out process numbers of its own; without sessions there are no snapshots and no locks."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    if row != (connection.info.backend_pid,):
        raise Unavailable(
            f"{target.where} is a pooler, and a move wants sessions of its own",
            safe="nothing was changed",
            remedy="give the server's direct address (on Supabase: port 5432 of db.PROJECT.supabase.co)",
        )
