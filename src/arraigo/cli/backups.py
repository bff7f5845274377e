"""Backups: written by pg_dump, filled back in by pg_restore and psql, and counted both times."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from arraigo import move
from arraigo.cli.archive import Contents
from arraigo.cli.writing import whole
from arraigo.errors import CheckFailed, Conflict, InvalidInput, Unavailable
from arraigo.postgres import programs, schema
from arraigo.postgres.queries import load
from arraigo.postgres.relay import reaching
from arraigo.postgres.target import OWNER_ROLE, Target, Targets

_QUERIES = load("arraigo.cli")
_NOT_EMPTY = "AR001"
_FULL_DISK = "53100"
_PAUSE = 0.2  # seconds
_EVERY = 10_000  # lines


@dataclass(frozen=True)
class Counted:
    """A backup: its file, its bytes, and how many rows each table has in it."""

    file: Path
    size: int
    rows: dict[str, int]


def backup(targets: Targets, file: Path, tell: move.Tell) -> Counted:
    """Write the database to a file, and compare the rows of both in one snapshot.

    Raises:
        CheckFailed: The file has other rows than the database; it is not kept.
        Unavailable: The database or the disk cannot be used. InvalidInput: Nothing can be written there.
    """
    with whole(file) as stream, schema.owner_connection(targets.owner) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = _one(connection, _QUERIES.snapshot.sql)
        passes = _one(connection, _QUERIES.passes_policies.sql)
        there = _count(connection)
        _dump(targets, stream, snapshot, tell, file.name, as_owner=not passes)
        connection.execute("ROLLBACK")
        contents = Contents()
        for number, _ in enumerate(contents.read(_script(stream, "--data-only"))):
            if number % _EVERY == 0:
                tell(move.Progress("count", file.name, 0, 0, number))
        _compare(there, contents.rows, f"the backup {file}", "it was not kept")
        return Counted(file, _size(stream), contents.rows)


def restore(targets: Targets, file: Path, tell: move.Tell) -> Counted:
    """Fill an empty database in one transaction, and compare its rows with the file's.

    Raises:
        Conflict: The database is not empty.
        InvalidInput: The file is no backup, or of a newer version.
        CheckFailed: The rows are not those of the file.
        Unavailable: The database cannot be used.
    """
    try:
        stream = file.expanduser().open("rb")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise InvalidInput(f"{file} cannot be read: {why}", safe="nothing was changed") from error
    with stream:
        if stream.read(5) != b"PGDMP":  # pg_dump's custom format
            raise InvalidInput(
                f"{file} is no backup", safe="nothing was changed", remedy="give a file that arraigo db backup wrote"
            )
        if schema.status(targets.owner).found is None:
            schema.upgrade(targets.owner)  # for the roles; _fill makes room again
        contents = _fill(targets, file, stream, tell)
        with schema.owner_connection(targets.owner) as connection:
            there = _count(connection)
        _compare(contents.rows, there, f"the database at {targets.owner.where}", "everything was kept as it is")
        # What belongs to the database and not to its schemas is not in the file: rights to connect.
        schema.upgrade(targets.owner, "head" if targets.server else contents.version or "head")
        return Counted(file, _size(stream), there)


def _dump(targets: Targets, stream: BinaryIO, snapshot: str, tell: move.Tell, name: str, *, as_owner: bool) -> None:
    # Whoever is bound by policies reads as the owner, whose policy lets everything be seen.
    role = ["--role", OWNER_ROLE, "--enable-row-security"] if as_owner else []
    what = ["--schema", "arraigo", "--schema", "arraigo_move", "--schema", "arraigo_jobs"]
    options = ["--format", "custom", "--snapshot", snapshot, "--lock-wait-timeout", "60s", "--no-password"]
    with (
        _words() as words,
        reaching(targets.owner) as owner,
        programs.running(
            programs.start(owner, "pg_dump", *options, *what, *role, stdout=stream, stderr=words)
        ) as process,
    ):
        while True:
            try:
                code = process.wait(_PAUSE)
                break
            except subprocess.TimeoutExpired:
                tell(move.Progress("backup", name, _size(stream), 0, 0))
        if code:
            raise Unavailable(f"the backup failed: {_last(words)}", safe="no file was written")


def _script(stream: BinaryIO, *options: str) -> Iterator[bytes]:
    """The SQL that an archive stands for.

    Raises:
        InvalidInput: It is damaged.
    """
    os.lseek(stream.fileno(), 0, os.SEEK_SET)  # the program shares the file's position, not our buffer
    with _words() as words:
        streams = {"stdin": stream, "stdout": subprocess.PIPE, "stderr": words}
        reading = programs.start(None, "pg_restore", "--file=-", *options, **streams)
        with programs.running(reading) as process:
            yield from process.stdout or ()
            if process.wait():
                raise InvalidInput(f"the backup is damaged: {_last(words)}", safe="nothing was changed")


def _fill(targets: Targets, file: Path, stream: BinaryIO, tell: move.Tell) -> Contents:
    contents = Contents()
    options = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate"]
    with (
        _words() as words,
        reaching(targets.owner) as owner,
        programs.running(
            programs.start(owner, "psql", *options, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words)
        ) as process,
    ):
        if process.stdin is None:
            raise AssertionError("unreachable")
        try:
            # No COMMIT is sent unless everything was: whatever ends us before leaves the database as it was.
            process.stdin.write(b"BEGIN;\nSET lock_timeout = '60s';\n%b;\n" % _QUERIES.clear.sql)
            process.stdin.writelines(_told(contents.read(_script(stream)), file.name, tell))
            _check_version(file, contents)
            process.stdin.write(b"ANALYZE;\nCOMMIT;\n")
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why
        if code := process.wait():
            raise _refusal(targets.owner, code, words)
    return contents


def _told(lines: Iterable[bytes], name: str, tell: move.Tell) -> Iterator[bytes]:
    done = 0
    for number, line in enumerate(lines):
        done += len(line)
        if number % _EVERY == 0:
            tell(move.Progress("restore", name, done, 0, number))
        yield line


def _check_version(file: Path, contents: Contents) -> None:
    if contents.version is None:
        raise InvalidInput(f"{file} holds no Arraigo database", safe="nothing was changed")
    if contents.version > schema.newest():
        raise InvalidInput(
            f"{file} is of schema version {contents.version}, and this program knows {schema.newest()}",
            safe="nothing was changed",
            remedy="restore it with a newer version of arraigo",
        )


def _refusal(target: Target, code: int, words: IO[bytes]) -> Exception:
    words.seek(0)
    states = re.findall(rb"(?:ERROR|FATAL): +(\w{5})\b", words.read())
    state = states[0].decode() if states else ""
    if state == _NOT_EMPTY:
        return Conflict(
            f"the database at {target.where} is not empty",
            safe="nothing was changed",
            remedy="restore into another one: set ARRAIGO_HOME or DATABASE_URL",
        )
    why = "its disk is full" if state == _FULL_DISK else f"SQLSTATE {state}" if state else f"psql ended with {code}"
    return Unavailable(f"the database at {target.where} did not take the backup: {why}", safe="nothing was changed")


def _count(connection: Any) -> dict[str, int]:
    names = [name for (name,) in connection.execute(_QUERIES.tables.sql)]
    # The names come quoted from the catalogue.
    return {name: _one(connection, f"SELECT count(*) FROM {name}".encode()) for name in names}  # noqa: S608


def _one(connection: Any, statement: bytes) -> Any:
    """The one value that a statement gives."""
    return connection.execute(statement).fetchone()[0]


def _size(stream: BinaryIO) -> int:
    return os.fstat(stream.fileno()).st_size


def _compare(expected: dict[str, int], found: dict[str, int], where: str, safe: str) -> None:
    wrong = sorted(name for name in expected | found if expected.get(name, 0) != found.get(name, 0))
    if wrong:
        told = ", ".join(f"{name}: {found.get(name, 0):,} instead of {expected.get(name, 0):,}" for name in wrong[:5])
        raise CheckFailed(f"{where} does not have the rows that it should: {told}", safe=safe)


@contextmanager
def _words() -> Iterator[IO[bytes]]:
    """Where a program's complaints go."""
    with tempfile.TemporaryFile() as file:
        yield file


def _last(words: IO[bytes]) -> str:
    words.seek(0)
    lines = words.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition("error: ")[2] or lines[-1] if lines else "it does not say why"
