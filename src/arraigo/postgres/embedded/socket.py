"""Where the server's socket lies: beside the data, or where the path is shorter."""

import os
import re
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from arraigo.errors import Unavailable
from arraigo.postgres.embedded.cluster import PORT
from arraigo.postgres.embedded.owner import Place, first_closed

# sun_path has 104 bytes on macOS and 108 on Linux, the closing zero included.
_LONGEST = 103
# A comma separates folders in PostgreSQL's settings and URLs, a leading @ means no file at all.
_PLAIN = re.compile(rb"/[^,@\"'\\\x00-\x1f]*")


def fits(folder: Path) -> bool:
    """Whether a socket can lie in this folder."""
    path = os.fsencode(folder / f".s.PGSQL.{PORT}")
    return len(path) <= _LONGEST and _PLAIN.fullmatch(path) is not None


def socket_folder(place: Place, previous: Path | None) -> Path:
    """Return the folder for the socket, made if need be and nobody else's.

    Args:
        place: Whose socket.
        previous: Where the crashed server before this one had it; its users look there still.

    Raises:
        Unavailable: somebody else made a folder of that name, or no path is short enough.
    """
    beside = place.base / "socket"
    if fits(beside):
        place.make_folder(beside)
        return beside
    name = "arraigo-" + sha256(os.fsencode(place.data)).hexdigest()[:12]
    parents = [previous.parent] if previous and previous.name == name else []
    parents += [Path("/run")] if place.account else [Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")]
    parents += [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - its owner and mode are checked
    for parent in parents:
        if fits(parent / name) and _usable(parent, place):
            place.make_folder(parent / name)
            _check(parent / name, place)
            return parent / name
    what = f"the path {beside} is too long for a socket, and so is every temporary folder"
    raise Unavailable(what, remedy="set ARRAIGO_HOME or TMPDIR to a shorter path")


def tidy(folder: Path, place: Place) -> None:
    """Remove what a server left in its socket's folder, and the folder if it is a temporary one."""
    for path in folder.glob(f".s.PGSQL.{PORT}*"):
        path.unlink(missing_ok=True)
    if folder != place.base / "socket":
        with suppress(OSError):
            folder.rmdir()


def _usable(parent: Path, place: Place) -> bool:
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        return False
    return place.account is None or first_closed(parent, place.account) is None


def _check(folder: Path, place: Place) -> None:
    """Refuse a folder that somebody prepared for us in a place where everybody may write."""
    state = folder.lstat()
    owner = place.account.uid if place.account else os.geteuid()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner or state.st_mode & 0o077:
        what = f"{folder} was made by somebody else, or others may enter it"
        raise Unavailable(what, safe="the data is untouched", remedy="remove it, or set TMPDIR to a folder of yours")
