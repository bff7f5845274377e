"""Who uses the embedded server: kernel locks, which a killed process cannot leave behind.

Two files beside the data. `lock` is taken alone, for the time of a start or a stop. `users` is taken shared
by every user for as long as it uses the server; whoever finds that nobody holds it is the last one.
flock belongs to an open file and not to a process, so that threads count one by one too.
"""

import os
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # where `start` says that it cannot
    import fcntl


@contextmanager
def turn(lock: Path, tell: Callable[[str], None] | None = None) -> Iterator[int]:
    """Be the only one who starts or stops; wait for the turn as long as it takes.

    Yields the descriptor: a child that inherits it keeps the turn until it ends, even if we are killed.
    """
    descriptor = _open(lock)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if tell:
                tell("waiting for another process that starts or stops the database")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        # Unlocked by name, not by closing alone: a child forked meanwhile has the same open file.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


class Hold:
    """One user's shared lock; it goes when released, or when its process ends in any way."""

    def __init__(self, base: Path) -> None:
        self._descriptor: int | None = _open(base / "users")
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        _holds.add(self)

    def release(self) -> None:
        """Let go; again does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

    def forget(self) -> None:
        """Close the copy that a forked child has, which leaves the parent's lock alone."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def unused(base: Path) -> bool:
    """Whether nobody holds the server; ask it in one's turn only."""
    descriptor = _open(base / "users")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _open(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        # Root is a guest in the folder of somebody else, who must still be able to open this.
        folder = path.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _forget_in_child() -> None:
    for hold in list(_holds):
        hold.forget()


_holds: weakref.WeakSet[Hold] = weakref.WeakSet()
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_in_child)
