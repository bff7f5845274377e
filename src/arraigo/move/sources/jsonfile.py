"""JSON files: which of them hold records, and of which shape."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from arraigo.errors import InvalidInput
from arraigo.move.records.jsontext import Unfit, parse
from arraigo.move.records.scan import Scanner
from arraigo.move.records.shape import Shape, shape_named, shapes
from arraigo.move.sources.spec import Source

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SAMPLE = 10  # records by which a shape is recognised, fewer where they are large
_SAMPLE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of records.

    Attributes:
        path: Where it is.
        size: Its bytes when it was found.
        modified: When it was last written.
        shape: What its records are.
        wrapper: The key under which they stand; empty: the file is the container.
    """

    path: Path
    size: int
    modified: datetime
    shape: Shape
    wrapper: str = ""

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds: its files of records, and what else lies there with the reason why it is none."""

    files: tuple[SourceFile, ...]
    ignored: tuple[tuple[str, str], ...] = ()


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


@contextmanager
def reading(path: Path) -> Iterator[HashingReader]:
    """The file, opened.

    Raises:
        InvalidInput: It is not there, or may not be read.
    """
    try:
        with path.open("rb") as stream:
            yield HashingReader(stream)
    except OSError as error:
        raise _unreadable(path, error) from error


def find(source: Source) -> Found:
    """The files of records that a source names.

    Raises:
        InvalidInput: There is no such file, or nothing in it has a known shape.
    """
    path = Path(source.location)
    if not path.is_dir():
        return Found((_recognise(path, source.shape),))
    files, ignored = [], []
    for candidate in sorted(path.glob("*.json")):
        try:
            files.append(_recognise(candidate, source.shape))
        except InvalidInput as error:
            ignored.append((candidate.name, error.what))
    if not files:
        why = "; ".join(reason for _, reason in ignored) or "there is no *.json in it"
        raise InvalidInput(f"nothing in the folder {path} can be moved: {why}", safe="nothing was moved")
    return Found(tuple(files), tuple(ignored))


def _recognise(path: Path, wanted: str) -> SourceFile:
    """By what its first records are; the file's name decides where they leave a doubt."""
    try:
        facts = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    candidates = [shape_named(wanted)] if wanted else list(shapes().values())
    samples = {wrapper: _sample(path, wrapper) for shape in candidates for wrapper in ("", *shape.wrappers)}
    if not any(samples.values()):
        raise InvalidInput(f"{path} holds no records", safe="nothing was moved")
    best: tuple[int, bool, int] = (0, False, 0)
    found: tuple[Shape, str] | None = None
    for rank, shape in enumerate(candidates):
        for wrapper in ("", *shape.wrappers):
            score = (sum(map(shape.fits, samples[wrapper] or ())), path.name in shape.file_names, -rank)
            if score[0] and score > best:
                best, found = score, (shape, wrapper)
    if found is None and wanted:
        (shape,) = candidates
        found = shape, next((wrapper for wrapper in shape.wrappers if samples[wrapper] is not None), "")
    if found is None:
        raise InvalidInput(
            f"{path} does not look like any of {', '.join(shapes())}: its first records do not fit",
            safe="nothing was moved",
            remedy=f"name its shape: json:{path}?shape=NAME",
        )
    shape, wrapper = found
    return SourceFile(path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC), shape, wrapper)


def _sample(path: Path, wrapper: str) -> list[Any] | None:
    """The first records, where they can be read; None: there is no such wrapper."""
    sample: list[Any] = []
    with reading(path) as stream:
        try:
            for record in islice(Scanner(cast("BinaryIO", stream), str(path), wrapper=wrapper), _SAMPLE):
                try:
                    sample.append(None if record.trouble else parse(record.raw))
                except Unfit:
                    sample.append(None)
                if record.place.byte + record.size > _SAMPLE_BYTES:
                    break
        except InvalidInput:
            if not wrapper:
                raise
            return None
    return sample


def _unreadable(path: Path, error: OSError) -> InvalidInput:
    if isinstance(error, FileNotFoundError):
        return InvalidInput(f"there is no file {path}", safe="nothing was moved")
    why = (error.strerror or type(error).__name__).lower()
    return InvalidInput(f"the file {path} cannot be read: {why}", safe="nothing was moved")
