"""What the command's tests work on: this test's database, an empty one, a home of their own, a small file."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from arraigo.cli.program import run
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.settings import Settings
from support.commands import Command, Done, clean_environment, command


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """An environment that names this test's database."""
    home, database, owner = str(settings.home), settings.database_url or "", settings.migration_url or ""
    return clean_environment() | {"ARRAIGO_HOME": home, "DATABASE_URL": database, "ARRAIGO_MIGRATION_URL": owner}


@pytest.fixture
def arraigo(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command on this test's database, in this process: starting one each time takes longer than the rest."""

    def inside(*arguments: str | Path, **changes: str) -> Done:
        with monkeypatch.context() as patch:
            wanted = environment | changes
            for name in set(os.environ) - set(wanted):
                patch.delenv(name)
            for name, value in wanted.items():
                patch.setenv(name, value)
            capfd.readouterr()
            code = run([str(argument) for argument in arguments])
            printed = capfd.readouterr()
        return Done(arguments, code, printed.out, printed.err)

    return inside


@pytest.fixture
def process(environment: dict[str, str]) -> Command:
    """Run a command on this test's database, in a process of its own."""
    return command(environment)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home for an embedded server; its path is short, and every user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="arraigo-"))
    folder.chmod(0o711)
    yield folder
    elsewhere = (folder / "postgres").resolve()
    shutil.rmtree(folder)
    shutil.rmtree(elsewhere, ignore_errors=True)


@pytest.fixture
def empty_database(server: EmbeddedServer) -> Iterator[str]:
    """The owner's address of a database with nothing in it, not even a schema."""
    name = f"empty_{os.getpid()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield server.url.replace("@/postgres?", f"@/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def conversations(tmp_path: Path) -> Path:
    """A small legacy file: two conversations, three messages."""
    path = tmp_path / "conversations.json"
    path.write_text(
        """{"uno": {"title": "Uno", "created_at": "2025-01-27T10:00:00", "updated_at": "2025-01-27T10:05:00",
 "messages": [{"role": "user", "content": "hola 🙂"}, {"role": "assistant", "content": "buenas"}]},
"dos": {"title": "Dos", "created_at": "2025-01-28", "updated_at": "2025-01-28",
 "messages": [{"role": "user", "content": "¿y?"}], "settings": null}}
""",
        encoding="utf-8",
    )
    return path
