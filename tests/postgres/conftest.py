"""What the tests of the embedded server share: real folders, real processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from arraigo.postgres.embedded import Binaries, start
from arraigo.postgres.embedded.postmaster import alive, read_pid_file
from support.servers import installed
from support.tls import MARKER, Guarded, guarded_server

Child = subprocess.Popen[str]


def kill_servers(home: Path) -> None:
    """Kill what a failed test left running on a home."""
    for data in home.glob("postgres/*/data"):
        with suppress(OSError):
            found = read_pid_file(data)
            if found and alive(found, data):
                os.kill(found.pid, signal.SIGKILL)


def remove(home: Path) -> None:
    """Remove a home, and the folder elsewhere that it may point to."""
    kill_servers(home)
    elsewhere = (home / "postgres").resolve()
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(elsewhere, ignore_errors=True)


@pytest.fixture
def new_home() -> Iterator[Callable[[], Path]]:
    """Make empty homes with a short path that every user can pass through."""
    homes: list[Path] = []

    def make() -> Path:
        home = Path(tempfile.mkdtemp(prefix="arraigo-"))
        home.chmod(0o711)
        homes.append(home)
        return home

    yield make
    for home in homes:
        remove(home)


@pytest.fixture
def home(new_home: Callable[[], Path]) -> Path:
    """Return an empty home."""
    return new_home()


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """Make one home with a stopped server in it, to copy: initdb takes a second each time."""
    home = Path(tempfile.mkdtemp(prefix="arraigo-"))
    home.chmod(0o711)
    start(home).close()
    yield home
    remove(home)


@pytest.fixture
def used_home(home: Path, made: Path) -> Path:
    """Return a home with data in it and no server running."""
    subprocess.run(["cp", "-a", made / "postgres", home], check=True)  # noqa: S607 - the system's
    return home


@pytest.fixture
def child() -> Iterator[Callable[..., Child]]:
    """Start Python processes that speak to us in lines; whatever still runs at the end is killed."""
    children: list[Child] = []

    def run(code: str, *arguments: object) -> Child:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        children.append(process)
        return process

    yield run
    for process in children:
        process.kill()
        process.communicate()


@pytest.fixture
def guarded(new_home: Callable[[], Path]) -> Iterator[Guarded]:
    """A server that takes TLS alone."""
    programs = installed(15)
    if programs is None:
        pytest.skip("PostgreSQL 15 is not installed (make system)")
    with guarded_server(new_home(), Binaries.at(programs), MARKER) as found:
        yield found
