"""What the command's tests share: the real command, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
PROGRAM = (sys.executable, "-m", "arraigo")
_OURS = ("ARRAIGO_", "DATABASE_", "DB_", "RDS_", "AWS_", "DATA_PATH", "NO_COLOR", "FORCE_COLOR")


def clean_environment() -> dict[str, str]:
    """An environment in which nothing is set for us."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def command(environment: dict[str, str]) -> Command:
    """A function that runs a command to its end."""

    def run(*arguments: str | os.PathLike[str], text: str | None = None, **changes: str) -> Done:
        return subprocess.run(
            [*PROGRAM, *arguments], env=environment | changes, input=text, capture_output=True, text=True, check=False
        )

    return run
