"""The schema's versions: roles first, then Alembic's revisions, each the SQL beside it.

Everything runs as `arraigo_owner`, on the owner's connection, under one lock per database.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal

import psycopg
from psycopg import sql

from arraigo.errors import Unavailable
from arraigo.postgres.target import APPLICATION_ROLE, OWNER_ROLE, Target
from arraigo.postgres.translate import translate

# One upgrade at a time per database; the number is arbitrary, and ours.
_LOCK = 0x0A44_A160
OLDEST_SERVER = 15


@dataclass(frozen=True)
class Status:
    """Which schema version a database has, and which this program brings; None: none yet."""

    found: str | None
    newest: str
    pending: tuple[str, ...]

    @property
    def current(self) -> bool:
        """Whether there is nothing to do."""
        return self.found == self.newest

    @property
    def unknown(self) -> bool:
        """Whether a newer program made it."""
        return self.found is not None and not self.current and not self.pending


def _revisions() -> list[str]:
    """Every revision, oldest first: their files are named so, and a test holds it."""
    versions = files("arraigo.postgres").joinpath("alembic", "versions")
    return sorted(file.name.split("_")[0] for file in versions.iterdir() if re.fullmatch(r"\d{4}_\w+\.py", file.name))


def newest() -> str:
    """The schema version that this program works with."""
    return _revisions()[-1]


@contextmanager
def owner_connection(target: Target) -> Iterator[psycopg.Connection[Any]]:
    """A connection in autocommit that works as `arraigo_owner`.

    Raises:
        Unavailable: No such server, database or right.
    """
    try:
        with psycopg.connect(target.direct().conninfo(), autocommit=True) as connection:
            become_owner(connection)
            yield connection
    except psycopg.Error as error:
        raise translate(error, where=target.where) from error


def become_owner(connection: psycopg.Connection[Any]) -> None:
    """Work as `arraigo_owner` from here on; without the role there is no schema either."""
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER_ROLE]).fetchone() is None:
        raise Unavailable(
            "the server has no role arraigo_owner, so no Arraigo schema", remedy="run: arraigo db upgrade"
        )
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER_ROLE)))
    except psycopg.errors.InsufficientPrivilege:
        raise Unavailable(
            f"the database user {connection.info.user!r} may not work as {OWNER_ROLE}",
            safe="nothing was changed",
            remedy="set ARRAIGO_MIGRATION_URL to the address of a user who may",
        ) from None


def create_database(target: Target) -> bool:
    """Make the target's database when it is not there; True when it was made."""
    server = replace(target.direct(), url=target.as_database("postgres"))
    try:
        with psycopg.connect(server.conninfo(), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [target.database]).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(target.database)))
            return True
    except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateDatabase):  # another process was faster
        return False
    except psycopg.Error as error:
        raise translate(error, where=target.where) from error


def upgrade(target: Target, revision: str = "head", *, tell: Callable[[str], None] | None = None) -> Status:
    """Make the roles and bring the schema to `revision`; nothing happens where it is there already.

    Raises:
        Unavailable: The user may not make roles or schemas, the server is too old, or somebody else is at it.
        InvalidInput: There is no such revision.
    """
    with _prepared(target) as connection:
        _bootstrap(connection)
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER_ROLE)))
        found = status_of(connection)
        if found.unknown:
            raise newer(found)
        before = found.found
        if tell is not None and before != newest():
            tell(f"bringing the schema from {before or 'nothing'} to {newest() if revision == 'head' else revision}")
        _change(connection, "upgrade", revision)
        connection.execute(
            sql.SQL("GRANT SELECT ON arraigo.schema_version TO {}").format(sql.Identifier(APPLICATION_ROLE))
        )
        return status_of(connection)


def downgrade(target: Target, revision: str) -> Status:
    """Take the schema back to `revision` ("base": to nothing). What the newer tables held goes with them."""
    with _prepared(target) as connection:
        become_owner(connection)
        found = status_of(connection)
        if found.unknown:
            raise newer(found)
        _change(connection, "downgrade", revision)
        return status_of(connection)


def status(target: Target) -> Status:
    """Which version the database has; reads only."""
    try:
        with psycopg.connect(target.conninfo(), autocommit=True) as connection:
            return status_of(connection)
    except psycopg.Error as error:
        raise translate(error, where=target.where) from error


def status_of(connection: psycopg.Connection[Any]) -> Status:
    """The same on an open connection."""
    revisions, found = _revisions(), _found(connection)
    pending = revisions[revisions.index(found) + 1 :] if found in revisions else [] if found else revisions
    return Status(found, revisions[-1], tuple(pending))


def _found(connection: psycopg.Connection[Any]) -> str | None:
    if connection.execute("SELECT to_regclass('arraigo.schema_version')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT version_num FROM arraigo.schema_version").fetchone()
    return row[0] if row else None


@contextmanager
def _prepared(target: Target) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection, on a server that is new enough, with the lock taken."""
    try:
        with psycopg.connect(target.direct().conninfo(), autocommit=True) as connection:
            version = connection.info.server_version // 10_000
            if version < OLDEST_SERVER:
                raise Unavailable(
                    f"the server at {target.where} is PostgreSQL {version}; Arraigo wants {OLDEST_SERVER} or newer",
                    safe="nothing was changed",
                )
            connection.execute("SET lock_timeout = '60s'")
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            yield connection
    except psycopg.Error as error:
        raise translate(error, where=target.where) from error


def _bootstrap(connection: psycopg.Connection[Any]) -> None:
    try:
        connection.execute(files("arraigo.postgres").joinpath("roles.sql").read_bytes())
        with connection.transaction():
            _make_room(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise Unavailable(
            f"the user {connection.info.user!r} may not make the roles and the schema",
            safe="nothing was changed",
            remedy="run it once as an administrator: ARRAIGO_MIGRATION_URL=postgresql://… arraigo db upgrade",
        ) from error


def _make_room(connection: psycopg.Connection[Any]) -> None:
    """The schemas, and the application's way in; asks for no right where they are there already."""
    owner, application = sql.Identifier(OWNER_ROLE), sql.Identifier(APPLICATION_ROLE)
    may_connect = "SELECT has_database_privilege(%s, current_database(), 'CONNECT')"
    if connection.execute(may_connect, [APPLICATION_ROLE]).fetchone() == (False,):
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, application))
    for schema in ("arraigo", "arraigo_move", "arraigo_jobs"):
        if connection.execute("SELECT to_regnamespace(%s)", [schema]).fetchone() == (None,):
            made = sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(schema), owner)
            connection.execute(made)


def _change(connection: psycopg.Connection[Any], verb: Literal["upgrade", "downgrade"], revision: str) -> None:
    from arraigo.postgres import alembic_runner  # noqa: PLC0415 - slow, and only a change of the schema wants it

    alembic_runner.run(connection, verb, revision)


def newer(found: Status) -> Unavailable:
    """The error for a database that a newer program has brought up to date."""
    return Unavailable(
        f"the database has schema version {found.found}, which this program does not know",
        safe="nothing was changed",
        remedy="run a newer version of arraigo",
    )
