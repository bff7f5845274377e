"""Documents are read in a process of their own: what strangers made may be endless, or bring a parser down.

python -P -m arraigo.apps.testplans.reader < a line of JSON and the bytes > the extraction as JSON
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any, Protocol

from pydantic import ValidationError

from arraigo.apps.testplans.plan import Extraction
from arraigo.errors import ArraigoError, InvalidInput

MOST_SECONDS = 900.0
# What a program needs to start. Not what this one knows: passwords, keys.
_ENVIRONMENT = (
    "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"
)  # fmt: skip


class Reader(Protocol):
    """Finds the requirements in a document."""

    async def read(self, data: bytes, filename: str, content_type: str) -> Extraction:
        """What it gives.

        Raises:
            InvalidInput: It cannot be read, and why.
        """


class ProcessReader:
    """Reads each document in a new process, which ends with it.

    Args:
        seconds: The most that one may take.
    """

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._seconds = seconds

    async def read(self, data: bytes, filename: str, content_type: str) -> Extraction:
        """See `Reader.read`."""
        head = json.dumps({"filename": filename, "content_type": content_type}).encode()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "arraigo.apps.testplans.reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a trace may quote the document
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await process.communicate(head + b"\n" + data)
        except TimeoutError:
            raise InvalidInput(f"the document takes more than {self._seconds:g} seconds to read") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return _extraction(answer)


def _extraction(answer: bytes) -> Extraction:
    try:
        found: dict[str, Any] = json.loads(answer)
        if "extraction" in found:
            return Extraction.model_validate(found["extraction"])
        refused = str(found["refused"])
    except (ValueError, KeyError, ValidationError):
        refused = "the document brought down the program that reads it"
    raise InvalidInput(refused)


def main() -> None:
    """One document from standard input; its extraction, or why there is none, to standard output."""
    head = json.loads(sys.stdin.buffer.readline())
    from arraigo.apps.testplans.requirements import extract  # noqa: PLC0415 - its parsers are for this process alone

    answer: dict[str, Any]
    try:
        extraction = extract(sys.stdin.buffer.read(), head["filename"], head["content_type"])
        answer = {"extraction": extraction.model_dump(mode="json")}
    except ArraigoError as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer))  # in ASCII: halves of surrogate pairs get through to whoever takes them out


if __name__ == "__main__":
    main()
