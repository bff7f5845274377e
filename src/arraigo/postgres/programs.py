"""psql, pg_dump and pg_restore of the embedded wheel, on a database, with no secret in their arguments."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from arraigo.errors import InvalidInput
from arraigo.postgres import aws
from arraigo.postgres.embedded import embedded_binaries
from arraigo.postgres.target import Target

_OURS = ("ARRAIGO_", "DATABASE_", "DB_", "RDS_", "AWS_RDS_")


def start(target: Target | None, program: str, *arguments: str | Path, **streams: Any) -> subprocess.Popen[bytes]:
    """Start one on a database; it gets its address as an argument and its password in the environment.

    Args:
        target: The database; None: it talks to none.
        program: Its name.
        arguments: What else it is told.
        streams: As `subprocess.Popen` takes them.
    """
    shown, password = parted(target.direct()) if target else ("", None)
    address = ["--dbname", shown] if target else []
    command: list[str | Path] = [embedded_binaries().bin_dir / program, *address, *arguments]
    return subprocess.Popen(command, env=environment(password), **streams)  # noqa: S603 - the wheel's own programs


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that does not outlive the block."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
        process.wait()


def environment(password: str | None) -> dict[str, str]:
    """Ours without our settings, some of which are secrets; with the database's password."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | ({"PGPASSWORD": password} if password else {})


def parted(target: Target) -> tuple[str, str | None]:
    """The address without its password, and the password.

    Raises:
        InvalidInput: The address holds the password of a key, which no environment variable can carry.
    """
    parts = urlsplit(target.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(name == "sslpassword" for name, _ in query):
        raise InvalidInput(
            "the database's address has an sslpassword, which would show in ps", remedy="use a key without one"
        )
    user_info, at, host = parts.netloc.rpartition("@")
    user, _, password = user_info.partition(":")
    found = unquote(password) or dict(query).get("password")
    shown = [(name, value) for name, value in query if name != "password"]
    if target.iam_auth:
        host = parts.hostname or dict(query).get("host", "localhost")
        found = aws.sign_in_token(host, parts.port or 5432, unquote(user))
    address = urlunsplit(parts._replace(netloc=f"{user}{at}{host}", query=urlencode(shown, quote_via=quote)))
    return address, found


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:  # it ended before it had read everything; its exit code says why
        return
