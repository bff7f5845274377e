"""A store without asyncio on a database that all these tests share: each makes do with a namespace of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from arraigo import sync
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support.databases import address, drop_database, make_database

_names = count()


@pytest.fixture(scope="session")
def common(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings for the shared database."""
    name = make_database(server)
    home = tmp_path_factory.mktemp("home")
    yield load({"ARRAIGO_HOME": str(home), "DATABASE_URL": address(server, "arraigo_app", name)})
    drop_database(server, name)


@pytest.fixture(scope="session")
def house(common: Settings) -> Iterator[sync.Store]:
    with sync.open(common) as store:
        yield store


@pytest.fixture
def fresh() -> Callable[[], str]:
    """Names that nobody has used."""
    return lambda: f"n{next(_names)}"


@pytest.fixture
def environment(common: Settings) -> dict[str, str]:
    """The variables that name the shared database."""
    return {"ARRAIGO_HOME": str(common.home), "DATABASE_URL": common.database_url or ""}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
