"""Alembic at work on a connection of ours. Imported when a schema changes only: it takes half a second."""

import threading
from pathlib import Path
from typing import Any, Literal

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from arraigo.errors import InvalidInput

SCRIPTS = Path(__file__).with_name("alembic")
# Alembic keeps what it works on in globals: one thread at a time, whatever the database.
_ONE_AT_A_TIME = threading.Lock()


def run(connection: psycopg.Connection[Any], verb: Literal["upgrade", "downgrade"], revision: str) -> None:
    """Bring the schema to a revision, in one transaction.

    Raises:
        InvalidInput: There is no such revision.
        psycopg.Error: What the server said.
    """
    connection.autocommit = False
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=sqlalchemy.pool.StaticPool
    )
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    try:
        with _ONE_AT_A_TIME, engine.connect() as alchemy:
            config.attributes["connection"] = alchemy
            getattr(command, verb)(config, revision)
            alchemy.commit()
    except CommandError as error:
        raise InvalidInput(f"{error}", safe="nothing was changed", remedy="see: arraigo db status") from error
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from error
        raise
    finally:
        connection.rollback()
        connection.autocommit = True
