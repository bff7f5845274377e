"""`arraigo db`: schema versions, backups that are proved, psql."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from support.commands import PROGRAM, Command

Sql = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def backup(arraigo: Command, conversations: Path, tmp_path: Path) -> Path:
    """A backup of a database with two conversations."""
    assert arraigo("move", "run", f"json:{conversations}", "--user", "ana").returncode == 0
    file = tmp_path / "a.dump"
    done = arraigo("db", "backup", file, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tables"]["arraigo.messages"] == 3
    return file


def test_the_schema_goes_up_and_down(arraigo: Command, empty_database: str) -> None:
    there = {"DATABASE_URL": empty_database, "ARRAIGO_MIGRATION_URL": ""}

    def found() -> tuple[object, object]:
        status = json.loads(arraigo("db", "status", "--json", **there).stdout)
        return status["found"], status["current"]

    assert found() == (None, False)
    refused = arraigo("move", "status", **there)
    assert (refused.returncode, "run: arraigo db upgrade" in refused.stderr) == (3, True)
    assert arraigo("db", "upgrade", **there).returncode == 0
    assert found()[1] is True
    assert arraigo("db", "downgrade", "0001", **there).returncode == 0
    assert found() == ("0001", False)


def test_a_backup_fills_a_database_that_has_nothing(arraigo: Command, backup: Path, empty_database: str) -> None:
    there = {"DATABASE_URL": empty_database, "ARRAIGO_MIGRATION_URL": ""}
    done = arraigo("db", "restore", backup, **there)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("SELECT content FROM arraigo.messages ORDER BY content").fetchall()
    assert rows == [("buenas",), ("hola 🙂",), ("¿y?",)]
    [run] = json.loads(arraigo("move", "status", "--json", **there).stdout)
    assert arraigo("move", "verify", run["run_id"], **there).returncode == 0
    again = arraigo("db", "restore", backup, **there)
    assert again.returncode == 2
    assert "is not empty; nothing was changed" in again.stderr


def test_a_backup_is_for_its_owners_eyes_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_damaged_backup_changes_nothing(arraigo: Command, backup: Path, empty_database: str) -> None:
    there = {"DATABASE_URL": empty_database, "ARRAIGO_MIGRATION_URL": ""}
    whole = backup.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:100], b"PGDMP and then nothing"):
        backup.write_bytes(damaged)
        done = arraigo("db", "restore", backup, **there)
        assert done.returncode == 2, done.stderr
        assert "nothing was changed" in done.stderr
    backup.write_bytes(whole)
    assert arraigo("db", "restore", backup, **there).returncode == 0


def test_a_restore_that_is_killed_leaves_the_database_empty(
    arraigo: Command, environment: dict[str, str], backup: Path, empty_database: str, superuser: Sql
) -> None:
    there = {"DATABASE_URL": empty_database, "ARRAIGO_MIGRATION_URL": ""}
    # More than a pipe holds, so that not everything is on its way already.
    superuser("UPDATE arraigo.messages SET content = repeat('largo ', 100000)")
    arraigo("db", "backup", backup)
    arraigo("db", "upgrade", **there)
    with psycopg.connect(empty_database) as connection:
        connection.execute("LOCK TABLE arraigo.conversations IN ACCESS SHARE MODE")
        restoring = subprocess.Popen([*PROGRAM, "db", "restore", backup], env=environment | there)
        asked = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'arraigo.conversations'::regclass"
        until = time.monotonic() + 60
        while connection.execute(asked).fetchone() is None:
            assert time.monotonic() < until
            time.sleep(0.05)
        restoring.send_signal(signal.SIGKILL)
        restoring.wait()
        assert connection.execute("SELECT count(*) FROM arraigo.messages").fetchone() == (0,)
    assert arraigo("db", "restore", backup, **there).returncode == 0


def test_psql_is_the_owners_and_ends_as_it_ends(arraigo: Command, process: Command) -> None:
    assert process("db", "psql", text="\\pset format unaligned\nSELECT current_user, 1 + 1;").stdout.count("|") == 2
    assert arraigo("db", "psql", "--", "-Atc", "SELECT 6 * 7").stdout == "42\n"
    assert arraigo("db", "psql", "--", "-c", "SELECT 1 / 0").returncode == 1


def test_the_programs_get_the_password_where_nobody_sees_it(environment: dict[str, str]) -> None:
    address = environment["ARRAIGO_MIGRATION_URL"].replace("postgres@", "postgres:hunter2@")
    process = subprocess.Popen(
        [*PROGRAM, "db", "psql", "--", "-At"],
        env=environment | {"ARRAIGO_MIGRATION_URL": address, "ARRAIGO_JWT_SECRET": "x" * 40},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("SELECT 'there';\n")
    process.stdin.flush()
    assert process.stdout.readline() == "there\n"
    [child] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    words = Path(f"/proc/{child}/cmdline").read_bytes()
    given = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
    process.communicate()
    assert process.returncode == 0
    assert b"hunter2" not in words
    assert b"PGPASSWORD=hunter2" in given
    assert not [entry for entry in given if entry.startswith((b"ARRAIGO_JWT", b"DATABASE_URL"))]
