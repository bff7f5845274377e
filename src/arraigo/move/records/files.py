"""Files of records, wherever they were found."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from arraigo.errors import InvalidInput
from arraigo.move.records.batches import Reading
from arraigo.move.records.forms import Form
from arraigo.move.records.shape import Context, Shape

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class HashingReader(io.RawIOBase):
    """Reads a file and keeps the SHA-256 of what was read."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer from the file."""
        count = cast("io.BufferedReader", self._stream).readinto(buffer)
        self._digest.update(memoryview(buffer)[:count])
        return count

    def sha256(self) -> str:
        """Of everything that was read up to now."""
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of records.

    Attributes:
        path: Where it is.
        size: Its bytes when it was found.
        modified: When it was last written.
        shape: What its records are.
        form: How they stand in it.
    """

    path: Path
    size: int
    modified: datetime
    shape: Shape
    form: Form

    @classmethod
    def at(cls, path: Path, shape: Shape, form: Form) -> Self:
        """The file as it is now.

        Raises:
            InvalidInput: It is not there.
        """
        try:
            facts = path.stat()
        except OSError as error:
            raise _unreadable(path, error) from error
        return cls(path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC), shape, form)

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return self.path.name

    @property
    def where(self) -> str:
        """What messages call it."""
        return str(self.path)

    @contextmanager
    def reading(self, context: Context) -> Iterator[tuple[Reading, HashingReader]]:
        """One pass over it.

        Raises:
            InvalidInput: It cannot be read.
        """
        with opened(self.path) as stream:
            records = self.form.records(cast("BinaryIO", stream), str(self.path))
            yield Reading(records, self.shape, context), stream


@contextmanager
def opened(path: Path) -> Iterator[HashingReader]:
    """The file.

    Raises:
        InvalidInput: It is not there, or may not be read.
    """
    try:
        with path.open("rb") as stream:
            yield HashingReader(stream)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InvalidInput:
    if isinstance(error, FileNotFoundError):
        return InvalidInput(f"there is no file {path}", safe="nothing was moved")
    why = (error.strerror or type(error).__name__).lower()
    return InvalidInput(f"the file {path} cannot be read: {why}", safe="nothing was moved")
