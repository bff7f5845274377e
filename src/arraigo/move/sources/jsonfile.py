"""JSON files: which of them hold records, and of which shape."""

from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from arraigo.errors import InvalidInput
from arraigo.move.records.files import SourceFile, opened
from arraigo.move.records.forms import Form
from arraigo.move.records.found import Found
from arraigo.move.records.jsontext import Unfit, parse
from arraigo.move.records.scan import Scanner
from arraigo.move.records.shape import Shape, shape_named, shapes
from arraigo.move.sources.spec import Source

_SAMPLE = 10  # records by which a shape is recognised, fewer where they are large
_SAMPLE_BYTES = 1_000_000


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
    return SourceFile.at(path, shape, Form(wrapper))


def _sample(path: Path, wrapper: str) -> list[Any] | None:
    """The first records, where they can be read; None: there is no such wrapper."""
    sample: list[Any] = []
    with opened(path) as stream:
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
