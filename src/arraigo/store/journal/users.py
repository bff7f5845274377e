"""The users whom this home has seen, so that they are known while the database is away, after a restart too."""

import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from arraigo.ids import derived
from arraigo.store.types import User

_MOST = 100_000  # what is read of them; the newest stand at the end


class Users:
    """By who vouches and what they are called there. Names are kept as keyed hashes: a telephone number is one.

    Args:
        path: A file of lines, the newest of a user counts; None: in memory only.
        key: The installation's.
    """

    def __init__(self, path: Path | None, key: bytes) -> None:
        self._path = path
        self._key = key
        self._lock = threading.Lock()
        self._known: dict[str, User] = {}
        lines = path.read_bytes().splitlines()[-_MOST:] if path is not None and path.exists() else []
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # the last one may be torn
                found = json.loads(line)
                self._known[found["who"]] = User(UUID(found["id"]), bool(found["active"]))

    def saw(self, provider: str, subject: str, user: User) -> None:
        """The database gave this user."""
        who = self._who(provider, subject)
        with self._lock:
            if self._known.get(who) == user:
                return
            self._known[who] = user
            if self._path is not None:
                line = json.dumps({"who": who, "id": str(user.id), "active": user.is_active})
                with suppress(OSError):  # it is for convenience: a full disk is no reason not to sign in
                    descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
                    try:
                        os.write(descriptor, line.encode() + b"\n")
                    finally:
                        os.close(descriptor)

    def find(self, provider: str, subject: str) -> User | None:
        """The user as they were seen last."""
        return self._known.get(self._who(provider, subject))

    def _who(self, provider: str, subject: str) -> str:
        return str(derived(self._key, "identity", provider, subject))
