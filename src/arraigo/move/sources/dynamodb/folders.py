"""Folders for items on their way: gone with the move, and after a move that was killed, with the next one."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "arraigo-move-"
_LOCK = "lock"


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that nobody else can read."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name, Path(name, "new").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever holds it is alive
        Path(lock.name).rename(Path(name, _LOCK))
        yield Path(name)


def _sweep(place: Path) -> None:
    """Remove what processes left behind that are no more."""
    for left in place.glob(f"{_PREFIX}*"):
        with suppress(OSError), (left / _LOCK).open("rb") as lock:  # somebody else's, or still at work
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
