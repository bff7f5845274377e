"""Which database a command works on, opened and let go of."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from arraigo.cli.output import note
from arraigo.errors import BadSetting, InvalidInput
from arraigo.postgres import schema
from arraigo.postgres.target import Targets, find
from arraigo.settings import Settings, load
from arraigo.store.stores import ready

_OF_THE_DATABASE = ("DATABASE_URL", "ARRAIGO_MIGRATION_URL", "DB_IAM_AUTH", "DB_POOLER")
_MOMENT = 0.8  # seconds


def settings_for(address: str | None) -> Settings:
    """The environment's settings; with an address, for that database instead.

    Raises:
        InvalidInput: It is no address of a PostgreSQL.
    """
    if address is None:
        return load()
    if not address.strip():  # a variable that is not set
        raise InvalidInput("the address that was given is empty", safe="nothing was changed", remedy="write it out")
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
    settings = settings_for(address)
    with patience() as tell:
        targets = find(settings, tell=tell)
    try:
        with patience() as tell:
            if current:
                ready(targets, tell)
            elif targets.server is not None:
                schema.create_database(targets.owner)
        yield targets
    finally:
        targets.close()


@contextmanager
def patience() -> Iterator[Callable[[str], None]]:
    """Hears what takes a moment, and says it only when the moment is long."""
    waiting = [threading.Timer(0, note)]

    def tell(text: str) -> None:
        waiting[0].cancel()
        waiting[0] = threading.Timer(_MOMENT, note, [text])
        waiting[0].daemon = True
        waiting[0].start()

    try:
        yield tell
    finally:
        waiting[0].cancel()
