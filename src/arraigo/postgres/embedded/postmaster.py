"""The server's process: is it there, start it, wait for it, stop it."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from arraigo.postgres.embedded.cluster import PORT, write_settings
from arraigo.postgres.embedded.owner import Place
from arraigo.postgres.embedded.socket import socket_folder, tidy
from arraigo.postgres.embedded.trouble import unavailable

Tell = Callable[[str], None]

# Without a sign of life in the log, which reports the progress of a recovery every five seconds.
_PATIENCE = 300.0
# For a server that somebody else starts at this moment, or the last process of a killed one.
_CONTEST = 30.0
_PAUSE = 0.02
_PROGRESS = re.compile(r"LOG: +(?:\w{5} +)?(.*elapsed time.*)$", re.MULTILINE)


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` says; status is starting, stopping, ready or standby, empty at first."""

    pid: int
    socket: Path | None
    status: str


def read_pid_file(data: Path) -> PidFile | None:
    """Return what the running or crashed server wrote, or None."""
    try:
        return parse_pid_file((data / "postmaster.pid").read_bytes())
    except FileNotFoundError:
        return None


def parse_pid_file(content: bytes) -> PidFile | None:
    """Read the lines pid, data folder, start, port, socket folder, address, memory, status.

    Source: PostgreSQL's src/include/utils/pidfile.h. A file that is being written ends early.
    """
    lines = content.split(b"\n") + [b""] * 8
    if not re.fullmatch(rb"-?[1-9][0-9]{0,9}", lines[0]):
        return None
    folder = Path(os.fsdecode(lines[4])) if lines[4].startswith(b"/") else None
    return PidFile(abs(int(lines[0])), folder, lines[7].strip().decode("ascii", "replace"))


def alive(found: PidFile | None, data: Path) -> bool:
    """Whether this is our server and not another process that got its number.

    Where the process cannot be seen (a container beside ours on the same folder), its socket decides.
    """
    return found is not None and (_is_postmaster(found.pid, data) or _answers(found.socket))


def ensure(place: Place, tell: Tell, *, logical: bool = False) -> Path:
    """Have a server that takes connections; return its socket's folder. Only in one's turn.

    Args:
        place: Whose.
        tell: Hears what takes a moment.
        logical: Whether the log of a server that is started can be decoded; one that runs is left as it is.

    Raises:
        Unavailable: it cannot start.
    """
    until = time.monotonic() + _CONTEST
    while True:
        found = read_pid_file(place.data)
        if found and alive(found, place.data):
            if found.status != "ready":
                tell(f"waiting for the database, which is {found.status or 'starting'}")
            if folder := _wait_ready(place, _Log(place), None, tell):
                return folder
            continue
        log = _Log(place)
        folder, words = _launch(place, found, log, tell, logical=logical)
        if folder:
            return folder
        # Another server is on its way, or a last process of the killed one still has its memory.
        if not re.search(r"\bF0001\b", words) or time.monotonic() > until:
            raise unavailable("start the database", place.base, words, safe="the data is untouched")
        time.sleep(0.1)


def runs(place: Place) -> bool:
    """Whether there is a server."""
    return alive(read_pid_file(place.data), place.data)


def stop(place: Place, *, keep: bool = True) -> None:
    """Stop the server: it ends all sessions and goes.

    Args:
        place: Whose.
        keep: Whether it writes down first what it has in memory; without, the next start has to recover.
    """
    found = read_pid_file(place.data)
    if found is None or not _is_postmaster(found.pid, place.data):
        return
    os.kill(found.pid, signal.SIGINT if keep else signal.SIGQUIT)
    _wait_gone(place, found)
    if found.socket:
        tidy(found.socket, place)


def decodes(place: Place) -> bool:
    """Whether the log of the server that runs, or ran last, can be decoded."""
    asked: list[str | Path] = [place.bin_dir / "pg_controldata", "-D", place.data]
    said = subprocess.run(asked, check=False, capture_output=True, text=True, **place.options())  # noqa: S603
    return re.search(r"^wal_level setting: +logical$", said.stdout, re.MULTILINE) is not None


def _launch(place: Place, found: PidFile | None, log: "_Log", tell: Tell, *, logical: bool) -> tuple[Path | None, str]:
    pid_file = place.data / "postmaster.pid"
    if found:
        tell("recovering after a crash")
        if _exists(found.pid):
            # The number belongs to another process now. PostgreSQL would take that for a server; what protects
            # the data from a second one, the shared memory named by the folder, it checks apart.
            pid_file.unlink(missing_ok=True)
    elif pid_file.exists() and pid_file.stat().st_size == 0:
        pid_file.unlink()  # a full disk left it empty
    folder = socket_folder(place, found.socket if found else None)
    for path in folder.glob(f".s.PGSQL.{PORT}*"):
        path.unlink(missing_ok=True)
    # With a slot left, a server does not start at less.
    write_settings(place, folder, logical=logical or any((place.data / "pg_replslot").iterdir()))
    place.make_folder(place.base / "log")
    tell("starting the database")
    with _memory() as first_words:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [place.bin_dir / "postgres", "-D", place.data],
            stdout=first_words,
            stderr=first_words,
            start_new_session=True,  # Ctrl-C is for its users
            **place.options(),
        )
        # Reaped whenever it ends, by whomever it is stopped.
        threading.Thread(target=process.wait, name="postmaster", daemon=True).start()
        folder_or_none = _wait_ready(place, log, process, tell)
        first_words.seek(0)
        return folder_or_none, first_words.read().decode("utf-8", "replace") + log.read()


def _wait_ready(place: Place, log: "_Log", process: subprocess.Popen[bytes] | None, tell: Tell) -> Path | None:
    """Return the socket's folder once the server takes connections, None if it ended."""
    until = time.monotonic() + _PATIENCE
    while True:
        found = read_pid_file(place.data)
        if found and found.socket and found.status in {"ready", "standby"} and _is_ready(place, found.socket):
            return found.socket
        if process.poll() is not None if process else not alive(found, place.data):
            return None
        if news := log.news():
            until = time.monotonic() + _PATIENCE
            for line in _PROGRESS.findall(news):
                tell(f"recovering after a crash: {line}")
        if time.monotonic() > until:
            words = f"it has been starting for {_PATIENCE:.0f} s without a sign of progress"
            raise unavailable("start the database", place.base, words, safe="the data is untouched")
        time.sleep(_PAUSE)


def _wait_gone(place: Place, found: PidFile) -> None:
    until = time.monotonic() + _PATIENCE
    while (now := read_pid_file(place.data)) and now.pid == found.pid and alive(now, place.data):
        if time.monotonic() > until:
            words = f"the server has been stopping for {_PATIENCE:.0f} s"
            raise unavailable("stop the database", place.base, words, safe="the data is untouched")
        time.sleep(_PAUSE)


def _is_ready(place: Place, folder: Path) -> bool:
    asked: list[str | Path] = [
        place.bin_dir / "pg_isready",
        "-q",
        "-t",
        "5",
        "-h",
        folder,
        "-p",
        str(PORT),
        "-U",
        "postgres",
    ]
    return subprocess.run([*asked, "-d", "postgres"], check=False, **place.options()).returncode == 0  # noqa: S603


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether this process is `postgres -D data`; a zombie has no command line."""
    if not Path("/proc/self/cmdline").exists():
        return _exists(pid)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    if not words[0].endswith((b"postgres", b"postmaster")) or b"-D" not in words:
        return False
    folder = Path(os.fsdecode(words[words.index(b"-D") + 1]))
    return folder == data or (folder.exists() and folder.samefile(data))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(folder: Path | None) -> bool:
    if folder is None:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return True


def _memory() -> IO[bytes]:
    """Return a file for the server's first words that is on no disk: the disk may be what is full."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("postmaster"), "w+b")  # noqa: PTH123 - a descriptor, closed by the caller
    return tempfile.TemporaryFile()


class _Log:
    """What the server writes to its log from now on."""

    def __init__(self, place: Place) -> None:
        self._folder = place.base / "log"
        self._read = {path: path.stat().st_size for path in self._files()}
        self._words = ""

    def news(self) -> str:
        """Return what is new since the last call."""
        news = ""
        for path in self._files():
            size, seen = path.stat().st_size, self._read.get(path, 0)
            if size != seen:
                with path.open("rb") as file:
                    file.seek(seen if size > seen else 0)
                    news += file.read().decode("utf-8", "replace")
                self._read[path] = size
        self._words += news
        return news

    def read(self) -> str:
        """Return all of it."""
        self.news()
        return self._words

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.log")) if self._folder.is_dir() else []
