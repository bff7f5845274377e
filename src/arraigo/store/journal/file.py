"""The journal's file: appended to by every process of one home, fsynced before anything is acknowledged.

Its first line names it; it is empty when nothing is pending, so that its size says whether there is anything to do.
Writers take the file's lock (flock, which a killed process cannot leave behind) for one write and one fsync, with all
that has queued up in this process. What a killed writer left of a line was never acknowledged, and is cut off.
"""

import json
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from arraigo.errors import BadSetting, Unavailable
from arraigo.store.journal.entries import Entry
from arraigo.store.journal.sealing import Damaged, Seal

if sys.platform != "win32":  # where the journal is off
    import fcntl

_PART = 64_000  # bytes; what is read at once to find a line's end
_VERSION = 1


class Head(NamedTuple):
    """The file's first line: the journal's id, and where the entries begin."""

    id: str
    end: int


class Line(NamedTuple):
    """An entry and the byte behind it; `entry` None: the line is damaged, and `raw` is what is left of it."""

    end: int
    entry: Entry | None
    raw: bytes


@dataclass
class _Ticket:
    """An entry on its way to the disk."""

    entry: Entry
    written: bool = False
    error: Exception | None = None
    done: bool = False


class JournalFile:
    """One installation's journal in one home.

    Args:
        folder: Where; it is made, for nobody else to look into.
        seal: How its lines are written.

    Raises:
        Unavailable: The folder cannot be written.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        self.folder = folder
        self._seal = seal
        self._queue: deque[_Ticket] = deque()
        self._queueing = threading.Lock()
        self._writing = threading.Lock()
        self._locking = threading.Lock()
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            self._descriptor = _open(folder / "entries")
            self._turn = _open(folder / "replay.lock")
            _sync_folder(folder)
        except OSError as error:
            raise Unavailable(
                f"the journal {folder} cannot be written: {error.strerror}",
                remedy="make the folder writable, or set ARRAIGO_JOURNAL=off",
            ) from None

    def close(self) -> None:
        """Close the file; what is in it stays for whoever opens it next."""
        with self.locked():
            os.close(self._descriptor)
            os.close(self._turn)

    @property
    def size(self) -> int:
        """Its bytes; 0: nothing is pending. Asked before every append: fstat takes four times as long."""
        return os.lseek(self._descriptor, 0, os.SEEK_END)

    def append(self, entry: Entry, *, needed: Callable[[], bool]) -> bool:
        """Write one entry, and whatever else has queued up; when this returns True, it is on the disk.

        False, and nothing is written, where the file is empty by now and it is not `needed` any more: everything has
        come in while this waited.

        Raises:
            Unavailable: The disk is full, or broken; nothing of the entry is left.
        """
        ticket = _Ticket(entry)
        with self._queueing:
            self._queue.append(ticket)
        with self._writing:  # the first one writes for those behind it
            if not ticket.done:
                with self._queueing:
                    group = list(self._queue)
                    self._queue.clear()
                self._write(group, needed)
        if ticket.error is not None:
            raise ticket.error
        return ticket.written

    def _write(self, group: Sequence[_Ticket], needed: Callable[[], bool]) -> None:
        error: Exception | None = None
        written = False
        try:
            with self.locked():
                if self.size or needed():
                    self._put([ticket.entry for ticket in group])
                    written = True
        except OSError as found:
            error = Unavailable(
                f"the database is away, and the journal {self.folder} cannot be written: {found.strerror}",
                safe="nothing of this was stored",
                remedy="free some space on its disk",
            )
        except Exception as found:  # noqa: BLE001 - raised by each whose entry it was
            error = found
        for ticket in group:
            ticket.done, ticket.written, ticket.error = True, written, error

    def _put(self, entries: Sequence[Entry]) -> None:
        start = self.whole()
        head = self.head() if start else None
        first = b""
        if head is None:
            head = Head(str(uuid4()), 0)
            first = json.dumps({"arraigo_journal": _VERSION, "id": head.id}).encode() + b"\n"
        data = first + b"".join(self._seal.line(entry, head.id.encode()) for entry in entries)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(self._descriptor, data[written:], start + written)
            os.fsync(self._descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, start)
            raise

    def whole(self) -> int:
        """The end of the last whole line; what a killed writer left behind it is cut off. Only while `locked`."""
        end = size = self.size
        while end and os.pread(self._descriptor, 1, end - 1) != b"\n":
            start = max(0, end - _PART)
            end = start + os.pread(self._descriptor, end - start, start).rfind(b"\n") + 1
        if end < size:
            os.ftruncate(self._descriptor, end)
        return end

    def head(self) -> Head | None:
        """The first line; None: there is none yet.

        Raises:
            BadSetting: It was written by a newer version, or is no journal at all.
        """
        line, newline, _ = os.pread(self._descriptor, 200, 0).partition(b"\n")
        if not newline:
            return None
        try:
            found = json.loads(line)
            if found["arraigo_journal"] == _VERSION:
                return Head(str(found["id"]), len(line) + 1)
        except (ValueError, KeyError, TypeError):
            pass
        raise BadSetting(
            f"{self.folder / 'entries'} is no journal of this version",
            safe="it was left as it is",
            remedy="move it aside, and ask for help: it may hold messages",
        )

    def settled(self) -> int:
        """The end of what is on the disk for good: what lies behind it may still be taken back."""
        with self.locked():
            return self.whole()

    def read(self, head: Head, start: int, until: int, *, most: int) -> list[Line]:
        """Whole lines between two places, about `most` bytes of them, at least one if there is one.

        Raises:
            BadSetting: They were written with another key.
        """
        start = max(start, head.end)
        data = os.pread(self._descriptor, min(most, max(until - start, 0)), start)
        while b"\n" not in data and len(data) < until - start:
            data = os.pread(self._descriptor, min(len(data) * 2, until - start), start)
        found = []
        for raw in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
            start += len(raw)
            try:
                found.append(Line(start, self._seal.entry(raw, head.id.encode()), raw))
            except Damaged:
                found.append(Line(start, None, raw))
        return found

    def set_aside(self, lines: Sequence[bytes]) -> None:
        """Keep damaged lines, as they are, in a file beside the journal."""
        descriptor = _open(self.folder / "damaged", os.O_APPEND)
        try:
            os.write(descriptor, b"".join(lines))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def empty(self) -> None:
        """Everything has come in. Only while `locked`."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else writes meanwhile: no thread, no process."""
        with self._locking:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                with suppress(OSError):  # closed meanwhile
                    fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    @contextmanager
    def replaying(self) -> Iterator[bool]:
        """Whether it is this process's turn to replay."""
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)


def _open(path: Path, flags: int = 0) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """The file's name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
