"""Background jobs: where procrastinate's objects live, and how it reaches them.

Its SQL names nothing with a schema, so that its connections have `arraigo_jobs` as their search path. Its tables come
with its package and are made by our schema version 0006, as the owner; it works as the application's role.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import sql

from arraigo.errors import Unavailable
from arraigo.postgres.target import APPLICATION_ROLE, Target, Targets
from arraigo.postgres.translate import translate

SCHEMA = "arraigo_jobs"
_PATIENCE = 5.0  # seconds, until a lost connection is given up
# Of the schema that its version 3.10 brings: another one wants a schema version of ours that leads there.
_SHA256 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def make_objects(connection: psycopg.Connection[Any]) -> None:
    """Make procrastinate's tables, types and functions in their schema.

    Raises:
        Unavailable: The package that is installed brings another schema.
    """
    text = files("procrastinate.sql").joinpath("schema.sql").read_bytes()
    if hashlib.sha256(text).hexdigest() != _SHA256:
        raise Unavailable(
            "the installed procrastinate brings another schema than this version of arraigo knows",
            safe="nothing was changed",
            remedy="run: pip install 'procrastinate==3.10.*'",
        )
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(SCHEMA)))
    connection.execute(text)
    connection.execute("SET LOCAL search_path TO DEFAULT")


def connector(targets: Targets) -> PsycopgConnector:
    """How procrastinate reaches the database. It listens, which wants a connection of its own to the server.

    Raises:
        Unavailable: The application's address is a pooler's, and the owner's is not given.
    """
    target = _listening(targets)
    # The address is asked before each connection, since a token of AWS IAM expires.
    return PsycopgConnector(conninfo=target.conninfo, configure=_configure, min_size=1, max_size=4, timeout=_PATIENCE)


@asynccontextmanager
async def opened(app: App) -> AsyncIterator[None]:
    """Its connections, open.

    Raises:
        Unavailable: They cannot be opened, or were lost.
    """
    try:
        async with app.open_async():
            yield
    except psycopg.Error as error:
        raise translate(error) from error
    except ConnectorException as error:
        cause = error.__cause__
        raise (
            translate(cause) if isinstance(cause, psycopg.Error) else Unavailable("the jobs cannot be reached")
        ) from error


def _listening(targets: Targets) -> Target:
    return targets.owner.direct() if targets.application.pooler == "transaction" else targets.application


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    if connection.info.user != APPLICATION_ROLE:
        await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(APPLICATION_ROLE)))
    await connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMA)))
    await connection.commit()
