"""Which database a command works on, opened and let go of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from arraigo.cli.output import note
from arraigo.errors import BadSetting, InvalidInput
from arraigo.postgres import schema
from arraigo.postgres.target import Targets, find
from arraigo.settings import Settings, load
from arraigo.store.stores import ready

_OF_THE_DATABASE = ("DATABASE_URL", "ARRAIGO_MIGRATION_URL", "DB_IAM_AUTH", "DB_POOLER")


def settings_for(address: str | None) -> Settings:
    """The environment's settings; with an address, for that database instead.

    Raises:
        InvalidInput: It is no address of a PostgreSQL.
    """
    if address is None:
        return load()
    other = {name: value for name, value in os.environ.items() if name not in _OF_THE_DATABASE}
    try:
        return load(other | {"DATABASE_URL": address})
    except BadSetting as error:
        raise InvalidInput(error.what.replace("DATABASE_URL", "--to"), remedy=error.remedy) from None


@contextmanager
def database(address: str | None = None, *, current: bool = True) -> Iterator[Targets]:
    """The database, with its schema.

    Args:
        address: Another than the environment's.
        current: Bring the embedded server's schema up to date, and refuse another server's that is not.
    """
    targets = find(settings_for(address), tell=note)
    try:
        if current:
            ready(targets, note)
        elif targets.server is not None:
            schema.create_database(targets.owner)
        yield targets
    finally:
        targets.close()
