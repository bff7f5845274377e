"""The store that compatibility works on: a given one, or the one that the environment names, opened at first use."""

import atexit
import os
import threading
from contextlib import ExitStack
from dataclasses import dataclass

from arraigo.sync import Store, UserStore, open  # noqa: A004 - arraigo.sync.open() is the contract's name


@dataclass(frozen=True)
class _Open:
    """A store, the process that opened it, and how to close it."""

    store: Store
    process: int
    closing: ExitStack

    def close(self) -> None:
        """Close it, unless it is the parent's."""
        if self.process == os.getpid():
            self.closing.close()


_lock = threading.Lock()
_open: list[_Open] = []


def shared() -> Store:
    """This process's own store, opened at the first use and closed when the process ends.

    Raises:
        BadSetting: A variable has a bad value.
        Unavailable: The database cannot be reached.
    """
    with _lock:
        if not _open or _open[0].process != os.getpid():  # connections do not survive a fork
            closing = ExitStack()
            opened = _Open(closing.enter_context(open()), os.getpid(), closing)
            atexit.register(opened.close)
            _open[:] = [opened]
        return _open[0].store


class Handle:
    """One user's store.

    Args:
        user: Whose: a local name.
        store: An open store; without one, the process's own.
    """

    def __init__(self, user: str, store: Store | None) -> None:
        self.user = user
        self._given = store
        self._found: tuple[Store, UserStore] | None = None

    @property
    def store(self) -> Store:
        """The store."""
        return self._given or shared()

    def __call__(self) -> UserStore:
        """The user's store, with its identity known from the second use on."""
        store = self.store
        if self._found is None or self._found[0] is not store:
            self._found = store, store.as_user(self.user)
        return self._found[1]
