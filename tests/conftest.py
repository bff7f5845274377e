"""One server per PostgreSQL version and test run, a template database made once, a database of its own per test."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import arraigo
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings, load
from support import servers
from support.databases import Servers, address, drop_database, make_database
from support.gate import Gate
from support.places import PREFIX, Place
from support.s3 import ENVIRONMENT, S3, moto

__all__ = ["Servers", "address", "drop_database", "make_database"]  # tests import them from here too


def pytest_configure() -> None:
    servers.run_home()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(servers.run_home(), ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    if reasons:
        terminalreporter.write_line("not run here: " + "; ".join(sorted(r.removeprefix("Skipped: ") for r in reasons)))


@pytest.fixture(scope="session")
def all_servers() -> Iterator[Servers]:
    found = Servers()
    yield found
    found.close()


@pytest.fixture(scope="session")
def server(all_servers: Servers) -> EmbeddedServer:
    return all_servers.get(18)


@pytest.fixture(scope="session")
def bouncer(server: EmbeddedServer) -> Iterator[str]:
    if servers.pgbouncer_program() is None:
        pytest.skip("pgbouncer is not installed (make system)")
    with servers.pgbouncer(server.url) as query:
        yield query


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[str]:
    """The name of a database of this test's own, with the newest schema."""
    name = make_database(server)
    yield name
    drop_database(server, name)


@pytest.fixture
def gate(server: EmbeddedServer) -> Iterator[Gate]:
    """A door in front of the server; shut, the database is away."""
    found = Gate(server.url)
    yield found
    found.close()


@pytest.fixture
def owner_url(server: EmbeddedServer, database: str) -> str:
    return address(server, "postgres", database)


@pytest.fixture
def settings(server: EmbeddedServer, database: str, tmp_path: Path) -> Settings:
    """Settings as the environment would give them, for this test's database as the application's user."""
    return load(
        {
            "ARRAIGO_HOME": str(tmp_path / "home"),
            "DATABASE_URL": address(server, "arraigo_app", database),
            "ARRAIGO_MIGRATION_URL": address(server, "postgres", database),
        }
    )


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    with moto() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place for blobs, with what the environment has to say of it."""
    if request.param == "folder":
        return Place(str(tmp_path / "blobs"), folder=tmp_path / "blobs")
    found: S3 = request.getfixturevalue("s3")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT": found.endpoint}).items():
        monkeypatch.setenv(name, value)
    return Place(f"s3://{found.bucket()}/{PREFIX}", s3=found)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[arraigo.Store]:
    async with arraigo.open(settings) as opened:
        yield opened


@pytest.fixture
def superuser(server: EmbeddedServer, database: str) -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """Run SQL behind the store's back."""
    with psycopg.connect(address(server, "postgres", database), autocommit=True) as connection:
        yield (
            lambda sql, *values: (
                cursor.fetchall() if (cursor := connection.execute(sql, values or None)).description else []
            )
        )
