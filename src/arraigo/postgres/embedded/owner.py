"""Which folder the embedded server lives in, and as which user it runs.

PostgreSQL refuses to run as root. Root therefore hands the data to a system user, in the home if that user
can enter it, else in a folder below `/var/lib/arraigo` that a note in the home names.
"""

import os
import secrets
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from arraigo.errors import Unavailable
from arraigo.postgres.embedded.registry import turn

if sys.platform != "win32":  # where `start` says that it cannot
    import pwd

STATE = Path("/var/lib/arraigo")
SERVICE = "arraigo"
_NOTE = "postgres-is-elsewhere"


@dataclass(frozen=True)
class Account:
    """The system user that the server runs as when we are root."""

    name: str
    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to become this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Place:
    """Where one server lives.

    `base` holds `data`, `log`, `socket` (the server's) and `lock`, `users`, `settings.conf` (ours); `bin_dir`
    is one that the account can run; no account means that the server runs as we do.
    """

    base: Path
    bin_dir: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.base / "data"

    def make_folder(self, folder: Path) -> None:
        """Make a folder that is the server's alone, unless it is there."""
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)

    def options(self) -> dict[str, Any]:
        """Return the options of `subprocess` that run a program as the server's user, with nothing of ours.

        Our environment may hold secrets, and PG* variables would change what the programs do.
        """
        kept = ("PATH", "LD_LIBRARY_PATH", "TZ", "TMPDIR")
        environment = {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}
        account = self.account.options() if self.account else {}
        return {"env": environment, "cwd": self.base, "umask": 0o077, "stdin": subprocess.DEVNULL, **account}


def settle(home: Path, major: int) -> tuple[Path, Account | None]:
    """Return the folder for this major version, made if need be, and the account to run as.

    Raises:
        Unavailable: what stands there is not ours, or is of another version, or the account cannot enter it.
    """
    root = _root(home)
    survey(root, major)
    if os.geteuid() != 0:
        base = root / str(major)
        for folder in (home, root, base):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return base, None
    account = _owner(root / str(major)) or service_account()
    if not home.is_dir():
        home.mkdir(mode=0o711, parents=True)
    _open_home(home)
    if closed := first_closed(root if root.is_dir() else home, account):
        if root.is_dir():
            what = f"the server's user {account.name!r} can no longer enter {closed}"
            raise Unavailable(what, safe=f"the data in {root} is untouched", remedy=f"run: chmod o+x {closed}")
        root = _elsewhere(home)
    base = root / str(major)
    for folder in (root, base):
        if not folder.is_dir():
            folder.mkdir(mode=0o711)
            folder.chmod(0o711)  # whatever the umask
    return base, account


def survey(root: Path, major: int) -> None:
    """Refuse a folder that is not ours or holds another version's data; touches nothing."""
    if not root.exists():
        return
    others = [entry.name for entry in root.iterdir() if not entry.name.startswith(".")]
    if foreign := sorted(name for name in others if not name.isdigit() and name != "lost+found"):
        what = f"{root} is not a folder of ours: it holds {foreign[0]!r}"
        raise Unavailable(what, safe="nothing was touched", remedy="set ARRAIGO_HOME to another folder")
    data = root / str(major) / "data"
    version = data / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != str(major):
            raise _other_version(data, found, major)
    elif data.exists() and any(data.iterdir()):
        what = f"{data} is not empty and has no PG_VERSION, so it is no PostgreSQL data of ours"
        raise Unavailable(what, safe="nothing was touched", remedy="move it away, or set ARRAIGO_HOME")
    else:
        for name in sorted(others):
            if (root / name / "data" / "PG_VERSION").exists():
                raise _other_version(root / name / "data", name, major)


def first_closed(path: Path, account: Account) -> Path | None:
    """Return the first folder on the way, or the path itself, that the account cannot enter (or run)."""
    path = path.resolve()
    for part in (*reversed(path.parents), path):
        state = part.stat()
        bit = 0o100 if state.st_uid == account.uid else 0o010 if state.st_gid == account.gid else 0o001
        if not state.st_mode & bit:
            return part
    return None


def service_account() -> Account:
    """Return the user `arraigo`, made if need be and possible, else `nobody`."""
    account = _account(SERVICE)
    if account is None and (useradd := shutil.which("useradd", path=os.defpath + ":/usr/sbin:/sbin")):
        with turn(state_folder() / "lock"):
            if not _account(SERVICE):
                command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE]
                subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own words
        account = _account(SERVICE)
    account = account or _account("nobody")
    if account is None:
        what = "PostgreSQL does not run as root, and there is no user to hand it to"
        raise Unavailable(what, remedy=f"add a system user {SERVICE!r}, run as another user, or set DATABASE_URL")
    return account


def state_folder() -> Path:
    """Return `/var/lib/arraigo`, root's own: what lies in it is run, so nobody else may write there."""
    if not STATE.is_dir():
        STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
        STATE.chmod(0o711)
    state = STATE.stat()
    if state.st_uid != 0 or state.st_mode & 0o022:
        raise Unavailable(
            f"{STATE} can be written by others than root",
            remedy=f"run: chown root {STATE}; chmod 711 {STATE}",
        )
    return STATE


def write_whole(path: Path, text: str, mode: int) -> None:
    """Write a file so that it is there whole or not at all, also after a power failure."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - a descriptor
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _root(home: Path) -> Path:
    note = home / _NOTE
    if not note.is_file():
        return home / "postgres"
    root = Path(note.read_text(encoding="utf-8", errors="surrogateescape").splitlines()[-1])
    if root.parent != STATE:
        raise Unavailable(f"the note {note} does not name a folder in {STATE}", remedy="correct its last line")
    if not root.is_dir():
        what = f"the data of {home} was in {root}, and that is gone"
        raise Unavailable(what, remedy=f"bring it back, or remove {note} to start empty")
    return root


def _elsewhere(home: Path) -> Path:
    """Make the folder for a home that the account cannot enter, and the note that names it.

    The name ends in a random part: a new home on an old path must not find the old one's data.
    """
    with turn(state_folder() / "lock"):
        if (root := _root(home)).parent == STATE:
            return root
        name = f"{sha256(os.fsencode(home)).hexdigest()[:12]}-{secrets.token_hex(3)}"
        root = STATE / name
        root.mkdir(mode=0o711)
        root.chmod(0o711)
        text = f"The server's user cannot enter this folder; the database is in\n{root}\n"
        write_whole(home / _NOTE, text, 0o644)
        with suppress(OSError):  # for people's convenience only
            (home / "postgres").symlink_to(root)
        return root


def _open_home(home: Path) -> None:
    # Ours and shut: let others pass through, not look. Folders above it are not ours to change.
    state = home.stat()
    if state.st_uid == 0 and not state.st_mode & 0o001:
        home.chmod((state.st_mode & 0o7777) | 0o001)


def _owner(base: Path) -> Account | None:
    """Return who owns the data already there; it stays theirs."""
    found = base / "data" if (base / "data").is_dir() else base
    if not found.is_dir() or (uid := found.stat().st_uid) == 0:
        return None
    try:
        return _from(pwd.getpwuid(uid))
    except KeyError:
        what = f"{found} belongs to user id {uid}, which has no name here"
        raise Unavailable(what, safe="the data is untouched", remedy="add the user, or chown the folder") from None


def _account(name: str) -> Account | None:
    try:
        return _from(pwd.getpwnam(name))
    except KeyError:
        return None


def _from(entry: "pwd.struct_passwd") -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _other_version(data: Path, found: str, major: int) -> Unavailable:
    return Unavailable(
        f"{data} is of PostgreSQL {found} and this is PostgreSQL {major}",
        safe="nothing was touched",
        remedy=f"dump it with PostgreSQL {found}'s pg_dumpall and load it into a new ARRAIGO_HOME,"
        " or move it away to start empty",
    )
