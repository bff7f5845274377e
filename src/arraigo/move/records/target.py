"""The target of a move: the owner's connection, one move at a time, and who gets what is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import set_json_loads

from arraigo.errors import Unavailable
from arraigo.move.records.jsontext import parse_trusted
from arraigo.postgres.schema import owner_connection, status_of
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]
# One move at a time per database; the number is arbitrary, and ours.
_LOCK = 0x0A44_A161
LOCK_WAIT = "5s"
_PREFIX = "arraigo move "


@contextmanager
def connected(target: Target) -> Iterator[Connection]:
    """The owner's connection in autocommit, to a database with the newest schema.

    It reads dates in UTC, and the numbers of `jsonb` as they are written.

    Raises:
        Unavailable: No such server, database or right, or the schema is of another version.
    """
    with owner_connection(target) as connection:
        status = status_of(connection)
        if not status.current:
            raise Unavailable(
                f"the database at {target.where} has schema version {status.found}, not {status.newest}",
                safe="nothing was changed",
                remedy="run: arraigo db upgrade",
            )
        connection.execute("SET timezone = 'UTC'")
        set_json_loads(parse_trusted, connection)
        yield connection


@contextmanager
def exclusively(connection: Connection) -> Iterator[None]:
    """Hold the target for one move. One that was killed just now lets go within moments, which is waited for.

    Raises:
        Unavailable: Another move is at work.
    """
    connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(LOCK_WAIT)))
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    except psycopg.errors.LockNotAvailable as error:
        raise Unavailable(
            f"another move{_holder(connection)} is at work on this target",
            safe="nothing was changed",
            remedy="wait for it to end, then run the same command again",
        ) from error
    connection.execute("RESET lock_timeout")
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def sign(connection: Connection, run_id: str) -> None:
    """Let others see which run holds the target, and conditions of tables whose it is."""
    connection.execute(sql.SQL("SET application_name = {}").format(sql.Literal(_PREFIX + run_id)))
    row = connection.execute("SELECT owner_id FROM arraigo_move.runs WHERE run_id = %s", [run_id]).fetchone()
    if row and row[0]:
        on_behalf_of(connection, row[0])


def on_behalf_of(connection: Connection, owner: UUID) -> None:
    """Let conditions of tables see whose the records are, or would be."""
    connection.execute("SELECT set_config('arraigo_move.owner', %s, false)", [str(owner)])


def id_key(connection: Connection) -> bytes:
    """The installation's key for derived ids."""
    row = connection.execute("SELECT id_key FROM arraigo.installation").fetchone()
    if row is None:
        raise Unavailable("the database has lost its row of arraigo.installation", remedy="restore it from a backup")
    return bytes(row[0])


def owner_of(connection: Connection, name: str) -> UUID:
    """The user with this name, made when there is none."""
    row = connection.execute("SELECT user_id FROM arraigo.ensure_user('arraigo', %s, %s)", [name, name]).fetchone()
    if row is None:  # a function with OUT parameters gives one row
        raise Unavailable("the database gave no user", remedy="run: arraigo doctor --database")
    user: UUID = row[0]
    return user


def known_owner(connection: Connection, name: str) -> UUID | None:
    """The user with this name, if there is one."""
    row = connection.execute(
        "SELECT user_id FROM arraigo.user_identities WHERE provider = 'arraigo' AND subject = %s", [name]
    ).fetchone()
    return row[0] if row else None


def _holder(connection: Connection) -> str:
    """Which run holds the lock, where the server lets us see it."""
    row = connection.execute(
        """SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %s AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
        [_LOCK],
    ).fetchone()
    name = row[0] if row else ""
    return f" (run {name.removeprefix(_PREFIX)})" if name.startswith(_PREFIX) else ""
