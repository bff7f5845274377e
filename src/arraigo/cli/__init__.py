"""The command line: `arraigo`, or `python -m arraigo`."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from arraigo.cli.hiding import hide_passwords

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command that the arguments name, and end with its exit code."""
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _end)
    try:
        hide_passwords()
        # Only now what takes a moment to load: signals are heard from the start.
        from arraigo.cli.program import run  # noqa: PLC0415
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    sys.exit(run(sys.argv[1:]))


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """End as if by oneself, so that files are closed and the embedded server is let go."""
    raise SystemExit(128 + number)
