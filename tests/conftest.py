"""One server per PostgreSQL version and test run, a template database made once, a database of its own per test."""

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from support import servers

import arraigo
from arraigo.postgres import schema
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.target import Target
from arraigo.settings import Settings, load

TEMPLATE = "arraigo_template"
_numbers = itertools.count()


def pytest_configure() -> None:
    servers.run_home()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(servers.run_home(), ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    if reasons:
        terminalreporter.write_line("not run here: " + "; ".join(sorted(r.removeprefix("Skipped: ") for r in reasons)))


class Servers:
    """The servers that this worker holds, each with its template database."""

    def __init__(self) -> None:
        self._held: dict[int, EmbeddedServer] = {}

    def get(self, version: int) -> EmbeddedServer:
        """The server of that version; its first user in this run makes the template."""
        if version not in self._held:
            if version != 18 and servers.installed(version) is None:
                pytest.skip(f"PostgreSQL {version} is not installed (make system)")
            with (servers.run_home() / f"template-{version}.lock").open("w") as lock:
                flock(lock, LOCK_EX)
                self._held[version] = servers.start_server(version)
                target = Target(address(self._held[version], "postgres", TEMPLATE))
                if schema.create_database(target):
                    schema.upgrade(target)
        return self._held[version]

    def close(self) -> None:
        for server in self._held.values():
            server.close()


def address(server: EmbeddedServer, user: str, database: str, query: str | None = None) -> str:
    return f"postgresql://{user}@/{database}?{query or urlsplit(server.url).query}"


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


def make_database(server: EmbeddedServer, template: str = TEMPLATE) -> str:
    """A fresh database out of the template; its name."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log'.encode())
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO arraigo_app'.encode())
    return name


def drop_database(server: EmbeddedServer, name: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def database(server: EmbeddedServer) -> Iterator[str]:
    """The name of a database of this test's own, with the newest schema."""
    name = make_database(server)
    yield name
    drop_database(server, name)


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


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[arraigo.Store]:
    async with arraigo.open(settings) as opened:
        yield opened


@pytest.fixture
def superuser(server: EmbeddedServer, database: str) -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """Run SQL behind the store's back."""
    with psycopg.connect(address(server, "postgres", database), autocommit=True) as connection:
        yield lambda sql, *values: (
            cursor.fetchall() if (cursor := connection.execute(sql, values or None)).description else []
        )
