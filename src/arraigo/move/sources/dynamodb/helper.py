"""A second process, so that Python works on one core while the database works on another.

It is asked over a pipe and answers over another. When this process is gone, however that came, so is the pipe, and it
stops. It knows no database, and is told nothing on its command line.
"""

import marshal
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

from arraigo.errors import Unavailable

_HEAD = 8  # bytes that say how many follow; none do behind the last answer
_CHILD = """
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from arraigo.move.sources.dynamodb.apart import main
main()
"""


class Helper:
    """The process, as soon as somebody asks it something, until it is closed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, job: tuple[Any, ...]) -> Iterator[Any]:
        """Its answers to one thing that is to be done. One that nobody waits for to the end ends the process.

        Raises:
            Unavailable: It cannot be started, or ended before it was done.
        """
        process = self._process = self._process or _started()
        if process.stdin is None or process.stdout is None:  # it has both
            return
        done = False
        try:
            with suppress(BrokenPipeError):  # what it has to say to that is heard below
                pickle.dump(job, process.stdin)
                process.stdin.flush()
            while size := int.from_bytes(_exactly(process.stdout, _HEAD), "big"):
                yield marshal.loads(_exactly(process.stdout, size))  # noqa: S302 - this program's own
            done = True
        finally:
            if not done:
                self.close()

    def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError), process:  # waits for it, and closes the pipes
                pass


def asked() -> Iterator[Any]:
    """In the process itself: what is to be done, one thing after the other."""
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301 - this program's own
        except EOFError:
            return


def answer(said: tuple[Any, ...] | None) -> None:
    """In the process itself: one answer; None: there are no more."""
    data = b"" if said is None else marshal.dumps(said)
    sys.stdout.buffer.write(len(data).to_bytes(_HEAD, "big") + data)
    sys.stdout.buffer.flush()


def _started() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", _CHILD]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Unavailable(f"{sys.executable} cannot be started: {why}", safe="nothing was moved") from error
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            pickle.dump(sys.path, process.stdin)
    return process


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise Unavailable(
            "the process that makes the records ended before it was done",
            safe="what was copied is kept",
            remedy="run the same move again",
        )
    return found
