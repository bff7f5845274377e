"""What went wrong with the embedded server, in one sentence."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arraigo.errors import Unavailable

# Error number, how PostgreSQL's programs print it (they run with LC_ALL=C), our words, the way out.
_CAUSES = (
    (errno.ENOSPC, "No space left on device", "the disk is full", "free some space there and start again"),
    (errno.EDQUOT, "Disk quota exceeded", "the disk quota is used up", "free some space and start again"),
    (errno.EROFS, "Read-only file system", "the disk is read-only", "set ARRAIGO_HOME to a writable folder"),
    (errno.EACCES, "Permission denied", "no right to it", "give this user the folder, or set ARRAIGO_HOME"),
    (
        errno.EPERM,
        "Operation not permitted",
        "no right to it",
        "give this user the folder, or set ARRAIGO_HOME",
    ),
    (errno.EADDRINUSE, "Address already in use", "its socket is in use", "stop the server that runs there"),
    (errno.ENOMEM, "Cannot allocate memory", "memory is short", "free some memory and start again"),
    (
        errno.ENOEXEC,
        "Exec format error",
        "these binaries are for another kind of machine",
        "install the wheel of this platform, or set DATABASE_URL",
    ),
)
_NO_ACCOUNT = re.compile(r"could not look up effective user ID (\d+)")
_FATAL = re.compile(r"(?:FATAL|PANIC|error|fatal): +(?:\w{5}: +)?(.+)$", re.MULTILINE)
_NOT_A_BYTE_LEFT = 1 << 20


def unavailable(doing: str, place: Path, words: str, *, safe: str = "") -> Unavailable:
    """Return the error for what PostgreSQL's programs said.

    Args:
        doing: The verb, "start the database" say.
        place: The folder or file it happened in.
        words: Output of a program, or the text of an error number; may be empty.
        safe: What survived.
    """
    for _, text, cause, remedy in _CAUSES:
        if text in words:
            return Unavailable(f"cannot {doing} in {place}: {cause}", safe=safe, remedy=remedy)
    if account := _NO_ACCOUNT.search(words):
        cause = f"user id {account[1]} has no name in /etc/passwd, and PostgreSQL wants one"
        remedy = "add the user, run as another, or set DATABASE_URL"
        return Unavailable(f"cannot {doing} in {place}: {cause}", safe=safe, remedy=remedy)
    # On a full disk the server often cannot even say so.
    if _full(place):
        return unavailable(doing, place, os.strerror(errno.ENOSPC), safe=safe)
    cause = last_fatal(words)
    return Unavailable(f"cannot {doing} in {place}: {cause}", safe=safe, remedy="see the log beside the data")


def last_fatal(words: str) -> str:
    """Return the last line that says why a program gave up, without its prefix."""
    if found := _FATAL.findall(words):
        return str(found[-1]).strip()
    lines = words.strip().splitlines()
    return lines[-1].strip() if lines else "it ended without a word"


@contextmanager
def explained(doing: str, place: Path) -> Iterator[None]:
    """Turn an OSError into `Unavailable` naming the folder."""
    try:
        yield
    except OSError as error:
        named = isinstance(error.filename, str | bytes | os.PathLike)
        where = Path(os.fsdecode(error.filename)) if named else place
        words = next((text for code, text, *_ in _CAUSES if code == error.errno), error.strerror or str(error))
        raise unavailable(doing, where, words, safe="what is stored is untouched") from error


def _full(place: Path) -> bool:
    try:
        return shutil.disk_usage(place).free < _NOT_A_BYTE_LEFT
    except OSError:
        return False
