"""Whether there is a journal, and where: one for each installation, on a disk that outlives the process."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from arraigo.postgres.target import Target
from arraigo.settings import Settings
from arraigo.store.journal.keeper import Journal

_FLEETING = {"tmpfs", "ramfs", "overlay", "aufs"}  # file systems that end with their machine or container
_MOUNTS = Path("/proc/self/mountinfo")


class Decision(NamedTuple):
    """Whether there is a journal, and why."""

    on: bool
    why: str


@contextmanager
def journal(
    settings: Settings, target: Target, key: bytes, tell: Callable[[str], None] | None = None
) -> Iterator[Journal | None]:
    """The installation's journal, open; None where there is none.

    Raises:
        Unavailable: Its folder cannot be written.
        BadSetting: What is pending was written with another key.
    """
    decision = decide(settings)
    if not decision.on:
        if tell is not None and settings.journal != "off":
            tell(f"no journal: {decision.why}; set ARRAIGO_JOURNAL=on to have one all the same")
        yield None
        return
    opened = Journal(folder(settings, key), target, key, settings.journal_key)
    try:
        yield opened
    finally:
        opened.close()


def remember(settings: Settings, target: Target, key: bytes) -> None:
    """Keep an installation's key, so that a process can start while its database is away."""
    path = _key_file(settings, target)
    if not decide(settings).on or (path.exists() and path.read_bytes() == key):
        return
    with suppress(OSError):  # the journal says what is wrong with the disk
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(0o600)
        draft.write_bytes(key)
        draft.replace(path)


def recall(settings: Settings, target: Target) -> bytes | None:
    """The key of the installation that was at this address last; None: nobody knows."""
    path = _key_file(settings, target)
    return path.read_bytes() if decide(settings).on and path.exists() else None


def _key_file(settings: Settings, target: Target) -> Path:
    address = f"{target.where}/{target.database}".encode()
    return settings.home / "journal" / "keys" / hashlib.sha256(address).hexdigest()[:16]


def folder(settings: Settings, key: bytes) -> Path:
    """Where the journal of an installation is; `key` is the installation's."""
    return settings.home / "journal" / hashlib.sha256(b"arraigo journal" + key).hexdigest()[:16]


class Pending(NamedTuple):
    """What is in a journal's folder: entries that have not all come in, and lines that could not be read."""

    folder: Path
    entries: int
    damaged: int


def pending(settings: Settings) -> list[Pending]:
    """What waits in a home, of whatever installation; read without a key, and without disturbing who writes."""
    found = []
    for place in sorted((settings.home / "journal").glob("*")):
        entries = _lines(place / "entries")
        found.append(Pending(place, max(0, entries - 1), _lines(place / "damaged")))  # the first one is the file's own
    return [one for one in found if one.entries or one.damaged]


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1_000_000), b""))
    except FileNotFoundError:
        return 0


def decide(settings: Settings, environ: Mapping[str, str] = os.environ) -> Decision:
    """Whether there is a journal: as ARRAIGO_JOURNAL says, else where its disk outlives the process."""
    if settings.journal == "off":
        return Decision(False, "ARRAIGO_JOURNAL is off")
    if sys.platform == "win32":
        return Decision(False, "this system has no locks that end with their process")
    if settings.journal == "on":
        return Decision(True, "ARRAIGO_JOURNAL is on")
    if "AWS_LAMBDA_FUNCTION_NAME" in environ:
        return Decision(False, "a function's disk ends with it")
    kind = file_system(settings.home)
    if kind in _FLEETING:
        return Decision(False, f"{settings.home} is on {kind}, which ends with its container or machine")
    return Decision(True, f"{settings.home} is on a disk")


def file_system(path: Path, mounts: Path = _MOUNTS) -> str:
    """The kind of file system that a path is on, or will be; "" where nobody says (proc(5), mountinfo)."""
    there = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists()).resolve()
    found, kind = -1, ""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    for line in lines:
        mount, _, rest = line.partition(" - ")
        point = Path(mount.split()[4].encode().decode("unicode_escape"))
        if there.is_relative_to(point) and len(point.parts) >= found:
            found, kind = len(point.parts), rest.split()[0]
    return kind
