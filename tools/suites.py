"""Fetch the tests of other projects, which are run unmodified on our adapters.

They are in the projects' source archives, of the versions and with the hashes that integrations.lock names, and are
unpacked into a folder of the virtual environment, once. None of their text is in this repository.

python tools/suites.py
"""

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

LOCK = Path(__file__).resolve().parent.parent / "integrations.lock"
FOLDER = Path(sys.prefix) / "suites"

# What of each archive is unpacked: its tests, and how they are run.
SUITES = {
    "chainlit": ("tests", "pyproject.toml"),
    "langchain-postgres": ("tests", "pyproject.toml"),
    "openai-agents": ("tests", "pyproject.toml"),
    "langgraph": ("tests", "pyproject.toml"),
    "langgraph-checkpoint-postgres": ("tests", "pyproject.toml"),
}


def pinned(name: str) -> tuple[str, str]:
    """The version of a package, and its line in the lock with all hashes."""
    found = re.search(
        rf"^{re.escape(name)}==(\S+)(?: *;[^\\\n]*)?(?: \\\n +--hash=\S+)+", LOCK.read_text(), re.MULTILINE
    )
    if found is None:
        raise SystemExit(f"{name} is not in {LOCK.name}; run: make lock")
    return found[1], found[0]


def place(name: str) -> Path:
    """Where the tests of a package are, once they are fetched."""
    return FOLDER / f"{name}-{pinned(name)[0]}"


def fetch(name: str) -> None:
    """Download the archive, which pip compares with the hashes, and unpack what is wanted of it."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        requirement = Path(folder) / "requirement.txt"
        requirement.write_text(pinned(name)[1] + "\n")
        command = ["pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:"]
        target = ["--require-hashes", "--requirement", str(requirement), "--dest", f"{folder}/archive"]
        if subprocess.run([sys.executable, "-m", *command, *target], check=False).returncode:
            raise SystemExit(f"the source archive of {name} was not fetched; run again: make integrations")
        (archive,) = Path(folder, "archive").iterdir()
        unpack(archive, Path(folder) / "unpacked", SUITES[name])
        Path(folder, "unpacked").rename(place(name))


def unpack(archive: Path, target: Path, wanted: tuple[str, ...]) -> None:
    """Those files and folders of the archive, without the folder that everything in it stands in; no links."""
    target.mkdir()
    with tarfile.open(archive) as opened:
        for member in filter(tarfile.TarInfo.isfile, opened):
            inner = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            content = opened.extractfile(member)
            if content and ".." not in inner.parts and any(inner.is_relative_to(each) for each in wanted):
                (target / inner).parent.mkdir(parents=True, exist_ok=True)
                (target / inner).write_bytes(content.read())
    if absent := [each for each in wanted if not (target / each).exists()]:
        raise SystemExit(f"{archive.name} has no {absent[0]}")


def main() -> None:
    """Fetch what is not there yet."""
    for name in SUITES:
        if not place(name).exists():
            print(f"fetching the tests of {name} {pinned(name)[0]} ...", flush=True)
            fetch(name)


if __name__ == "__main__":
    main()
