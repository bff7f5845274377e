"""Whether the database is away, what of the journal is still to come in, and the thread that sees to it."""

import logging
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from arraigo.errors import ArraigoError, Unreachable
from arraigo.postgres.queries import load
from arraigo.postgres.sync.database import Database
from arraigo.postgres.target import Target
from arraigo.store.journal.entries import Entry, Subject
from arraigo.store.journal.file import JournalFile, Line
from arraigo.store.journal.replay import replay
from arraigo.store.journal.sealing import Seal
from arraigo.store.journal.states import States
from arraigo.store.journal.talks import Talks
from arraigo.store.journal.users import Users

QUERIES = load("arraigo.store")
_log = logging.getLogger("arraigo.journal")
_PROBE_SECONDS = 0.25  # between two looks at a database that is away
_CONNECT_SECONDS = 3.0  # what one of them may take
_PART = 1_000_000  # bytes read at once


class Journal:
    """One installation's journal, as one process works with it.

    Args:
        folder: Where it is.
        target: The database that it is for.
        key: The installation's.
        secret: What encrypts it; None: nothing does.

    Attributes:
        away: Whether the database was away when it was last asked.
        talks: The conversations that this process has seen.
        states: The state that it has seen.
        users: Those whom this home has seen.
        trouble: Why the journal cannot come in although the database is there; "": nothing.

    Raises:
        Unavailable: The folder cannot be written.
        BadSetting: What is pending was written with another key.
    """

    def __init__(self, folder: Path, target: Target, key: bytes, secret: str | None) -> None:
        self.away = False
        self.trouble = ""
        self.talks = Talks()
        self.states = States()
        self._file = JournalFile(folder, Seal(secret))
        self.users = Users(folder / "users", key)
        self._target = replace(target, sizes=replace(target.sizes, min_size=0, connect_timeout=_CONNECT_SECONDS))
        self._lock = threading.Lock()
        self._journal = ""  # the id of what is known of the file
        self._known = 0  # its bytes that are
        self._pending: dict[Subject, int] = {}  # where the last entry of each ends
        self._ends: deque[int] = deque()  # of the entries that have not come in
        self._thread: threading.Thread | None = None
        self._work = threading.Event()
        self._closed = threading.Event()
        if self._file.size:
            self._look()
            self._wake()

    def close(self) -> None:
        """Stop; what is pending stays in the file for the next process."""
        self._closed.set()
        self._work.set()
        if self._thread is not None:
            self._thread.join()
        self._file.close()

    @property
    def pending(self) -> int:
        """How many entries have not come in."""
        if not self._file.size:
            return 0
        self._look()
        return len(self._ends)

    def holds(self, subject: Subject) -> bool:
        """Whether a change of this has to go to the journal, behind what is there already."""
        if self.away:
            return True
        size = self._file.size
        if not size:
            if self._journal:
                with self._lock:
                    self._forget()
            return False
        self._wake()
        return size != self._known or subject in self._pending

    def lost(self, error: Unreachable) -> None:
        """The database could not be reached just now."""
        if not self.away:
            self.away = True
            _log.warning("the database is away (%s): keeping in the journal %s", error.what, self._file.folder)
        self._wake()

    def write(self, entry: Entry) -> bool:
        """Write to the journal; when this returns True, the entry is on the disk, and will come in.

        False: the database is back, and everything has come in; nothing was written.

        Raises:
            Unavailable: The journal cannot be written; nothing of it was kept.
        """
        written = self._file.append(entry, needed=lambda: self.away)
        if written:
            self._look()
            self._wake()
        return written

    def _look(self, until: int | None = None) -> None:
        """Read what has been added to the file, by whatever process; up to a place that is known to be settled."""
        if until is None:
            until = self._file.settled()
        with self._lock:
            head = self._file.head() if until else None
            if head is None or head.id != self._journal:
                self._forget()
                self._journal = head.id if head else ""
            while head is not None and (lines := self._file.read(head, self._known, until, most=_PART)):
                for line in lines:
                    self._note(line)
                self._known = lines[-1].end

    def _forget(self) -> None:
        """What was pending has come in."""
        if self._journal:
            self.talks.come_in()
        self._journal, self._known = "", 0
        self._pending.clear()
        self._ends.clear()

    def _note(self, line: Line) -> None:
        self._ends.append(line.end)
        if line.entry is not None:
            self._pending[line.entry.subject] = line.end
            (self.states if isinstance(line.entry.subject, tuple) else self.talks).take(line.entry)

    def _settled(self, line: Line, number: int | None, reason: str | None) -> None:
        """A line has come in, or was refused."""
        if line.end > self._known:
            self._look(line.end)
        if reason is not None and line.entry is not None:
            _log.warning("the database refused %r from the journal: %s; it is in quarantine", line.entry, reason)
        with self._lock:
            while self._ends and self._ends[0] <= line.end:
                self._ends.popleft()
            if line.entry is None:
                return
            subject = line.entry.subject
            if self._pending.get(subject, 0) <= line.end:
                self._pending.pop(subject, None)
            if not isinstance(subject, tuple):
                self.talks.settle(line.entry, number)

    def _wake(self) -> None:
        if self._closed.is_set():
            return
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="arraigo-journal", daemon=True)
                    self._thread.start()
        self._work.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._work.wait()
            self._work.clear()
            with Database(self._target) as database:
                while not self._closed.is_set() and not self._round(database):
                    self._closed.wait(_PROBE_SECONDS)

    def _round(self, database: Database) -> bool:
        """Look whether the database is back, and bring in what is pending; whether nothing is left to do."""
        started = time.monotonic()
        try:
            database.fetch(QUERIES.ping, {}, tuple)
            count = self.pending
            self.away = False
            if not replay(self._file, database, self._settled):
                return False
        except Unreachable:
            self.away = True
            return False
        except ArraigoError as error:
            if error.what != self.trouble:
                _log.error("the journal cannot come in: %s", error)
            self.trouble = error.what
            return False
        self.trouble = ""
        if count:
            _log.warning("the database is back: %d entries came in, in %.1f s", count, time.monotonic() - started)
        return True
