"""The data folder: made whole or not at all, and our settings."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from arraigo.postgres.embedded.owner import Place, write_whole
from arraigo.postgres.embedded.trouble import unavailable

PORT = 5432
"""Names the socket file; there is no TCP port."""

_INCLUDE = "include_if_exists = '../settings.conf'\n"
_BUILTIN_SINCE = 17

# Written at each start, so that a later version of ours can change them; ALTER SYSTEM goes above them.
_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    "shared_buffers": "128MB",
    # "logical", where it is asked for, writes every updated row whole, and each append updates its conversation's.
    "wal_level": "replica",
    "max_prepared_transactions": 0,
    "fsync": "on",
    # The log tells of the server, never of what people wrote: an ERROR quotes the value that it refuses, so
    # errors go to the client alone; terse leaves out DETAIL and CONTEXT.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": -1,
    "log_min_duration_sample": -1,
    "log_autovacuum_min_duration": -1,
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_checkpoints": "off",
    "log_startup_progress_interval": "5s",
    "log_line_prefix": "%m [%p] %e ",
    "lc_messages": "C",
    # One file per weekday, written over a week later.
    "logging_collector": "on",
    "log_destination": "stderr",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": 0,
    "log_truncate_on_rotation": "on",
}


def prepare(place: Place, version: str, turn: int, tell: Callable[[str], None]) -> None:
    """Make the data folder if there is none.

    Args:
        place: Where, and as whom.
        version: Of the programs, "18.6".
        turn: The descriptor of the lock that we hold; `initdb` keeps it if we are killed, so that nobody
            clears away what it is still writing.
        tell: Hears that it takes a moment.
    """
    if (place.data / "PG_VERSION").exists():
        return
    tell("making the database folder")
    new = place.base / "data.new"
    if new.exists():
        shutil.rmtree(new)  # half made by somebody who was killed
    place.make_folder(new)
    try:
        initdb(place, new, locales(int(version.split(".", maxsplit=1)[0])), turn)
        _include_ours(new / "postgresql.conf")
        new.rename(place.data)
        _sync(place.base)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def locales(major: int) -> list[list[str]]:
    """Return initdb's options for text, best first: not every system knows C.UTF-8."""
    builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [["--locale=C.UTF-8"], builtin if major >= _BUILTIN_SINCE else ["--locale=C"]]


def initdb(place: Place, data: Path, choices: list[list[str]], turn: int) -> None:
    """Run `initdb` with the first choice of locale that this system knows."""
    # Whatever starts this folder without our settings must not open TCP to everybody: hosts are refused.
    command: list[str | Path] = [
        place.bin_dir / "initdb",
        "-D",
        data,
        "--username=postgres",
        "--encoding=UTF8",
        "--data-checksums",
    ]
    command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
    for choice in choices:
        said = subprocess.run(  # noqa: S603 - our own words
            [*command, *choice],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=(turn,),
            **place.options(),
        )
        if said.returncode == 0:
            return
        if "locale" not in said.stdout:
            break
    raise unavailable("make the database", place.base, said.stdout, safe="nothing half-made was left")


def write_settings(place: Place, socket: Path, *, logical: bool) -> None:
    """Write our settings beside the data, unless they stand there: a full disk need not stop a start.

    Args:
        place: Whose.
        socket: Where its socket lies.
        logical: Whether its log can be decoded.
    """
    values = _SETTINGS | {"unix_socket_directories": socket, "wal_level": "logical" if logical else "replica"}
    lines = ["# Written at each start; use ALTER SYSTEM for settings of your own.\n"]
    lines += [f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
    file, text = place.base / "settings.conf", "".join(lines)
    if not file.exists() or file.read_text(encoding="utf-8", errors="surrogateescape") != text:
        write_whole(file, text, 0o644)


def clear(place: Place) -> None:
    """Remove everything of a server that is stopped, but the lock that whoever waits for a turn has open."""
    place.data.rename(place.base / "data.new")  # killed from here on, the rest is cleared away by whoever starts next
    for path in place.base.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def _include_ours(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        os.write(descriptor, _INCLUDE.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
