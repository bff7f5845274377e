"""A database with every kind of object that PostgreSQL has, and the values that break copies: see kinds/*.sql."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg

_FOLDER = Path(__file__).parent / "kinds"
_FEATURES = {
    "vector": b"SELECT 1 / count(*) FROM pg_available_extensions WHERE name = 'vector'",
    "xml": b"SELECT '<a/>'::xml",
    "icu": b"SELECT 1 / count(*) FROM pg_collation WHERE collprovider = 'i' AND collname = 'und-x-icu'",
    "lz4": b"SELECT 1 / count(*) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
}


def make(connection: psycopg.Connection, *, version: int | None = None, without: Collection[str] = ()) -> None:
    """Fill an empty database.

    Args:
        connection: A superuser's, in autocommit.
        version: Only what this version knows too: for a move to an older server. The server's own if not given.
        without: Of `icu`, `lz4`, `vector` and `xml`, what another server could not take; what this one lacks is left
            out anyway.
    """
    version = version or connection.info.server_version // 10_000
    features = {name for name in _FEATURES.keys() - set(without) if _has(connection, name)}
    connection.execute(b"SET client_min_messages = error")
    for path in sorted(_FOLDER.glob("*.sql")):
        # Each file is one message, and so one transaction, but where it says COMMIT itself.
        connection.execute(wanted(path.read_text(encoding="utf-8"), version, features).encode())
    connection.execute(b"RESET client_min_messages")


def wanted(text: str, version: int, features: Collection[str]) -> str:
    """The lines of a script that hold there: `-- if from 14` (or `-- if xml`) to `-- end` may not."""
    return "".join(_lines(text.splitlines(keepends=True), lambda it: _holds(it, version, features)))


def _lines(lines: list[str], holds: Callable[[str], bool]) -> Iterator[str]:
    taken = True
    for line in lines:
        if line.startswith("-- if "):
            taken = holds(line.removeprefix("-- if ").strip())
        elif line.startswith("-- end"):
            taken = True
        elif taken:
            yield line


def _holds(condition: str, version: int, features: Collection[str]) -> bool:
    word, _, number = condition.partition(" ")
    return version >= int(number) if word == "from" else word in features


def _has(connection: psycopg.Connection, feature: str) -> bool:
    with suppress(psycopg.Error):
        connection.execute(_FEATURES[feature])
        return True
    return False
