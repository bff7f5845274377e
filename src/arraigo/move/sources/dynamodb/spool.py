"""A source's lines on the disk for as long as a move reads them, so that items of one record lie together.

A record may be made of items that stand anywhere in the source, in several tables even. One pass sorts the lines into
files by the key of their record; each file is small enough to be read as a whole.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from arraigo.move.records.attributes import read_line
from arraigo.move.records.items import Facts, ItemShape, by_precedence
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.window import Place
from arraigo.move.sources.dynamodb.folders import folder

_PART = 8_000_000  # bytes that are read as a whole
_MOST = 200  # files open at once


class Line(NamedTuple):
    """One item as it stands in its source: in which of its pieces, on which line there."""

    piece: int
    number: int
    raw: bytes


@dataclass(slots=True)
class Part:
    """One file of lines, and how many bytes of its source they are."""

    path: Path
    bytes: int = 0


@dataclass(slots=True)
class Spool:
    """The lines of a source, sorted.

    Attributes:
        pieces: The names of what lines came from (files, tables), by number.
        tables: The table of each piece.
        parts: The files of each shape; lines without a key are in the last one's.
        lines: How many there are of each piece.
    """

    pieces: Sequence[str]
    tables: Sequence[Facts]
    parts: dict[ItemShape, list[Part]] = field(default_factory=dict)
    lines: Counter[int] = field(default_factory=Counter)

    def size(self, shape: ItemShape) -> int:
        """How many bytes of the source its records are."""
        return sum(part.bytes for part in self.parts[shape])


@contextmanager
def spooled(lines: Iterable[Line], pieces: Sequence[str], tables: Sequence[Facts], size: int) -> Iterator[Spool]:
    """The lines, sorted into files that are gone afterwards.

    Args:
        lines: All of them.
        pieces: What they come from.
        tables: The table of each piece.
        size: About how many bytes they are.
    """
    with folder() as home:
        spool = Spool(pieces, tables)
        count = min(_MOST, max(1, size // _PART + 1))
        for shape in by_precedence():
            paths = [home / f"{shape.name}-{number}" for number in range(count if shape.name != "items" else 1)]
            spool.parts[shape] = [Part(path) for path in paths]
        with ExitStack() as stack:
            files = {
                shape: [stack.enter_context(part.path.open("wb", 1 << 17)) for part in parts]
                for shape, parts in spool.parts.items()
            }
            _sort(lines, spool, files)
        yield spool


def _sort(lines: Iterable[Line], spool: Spool, files: dict[ItemShape, list[BinaryIO]]) -> None:
    shapes = list(files)
    tables, parts, counts = spool.tables, spool.parts, spool.lines
    for piece, number, raw in lines:
        counts[piece] += 1
        name, shape = None, shapes[-1]
        try:
            item = read_line(raw)
        except Unfit:  # found again, with its reason, when records are read
            pass
        else:
            for shape in shapes:
                name = shape.group(tables[piece], item)
                if name is not None:
                    break
        chosen = zlib.crc32(name.encode()) % len(parts[shape]) if name is not None else 0
        parts[shape][chosen].bytes += len(raw) + 1
        files[shape][chosen].write(b"%d\t%d\t%b\t%b\n" % (piece, number, orjson.dumps(name), raw))


def gathered(part: Part) -> Iterator[tuple[str | None, list[Line]]]:
    """The records of one file: their keys and lines, in the order in which they were first met."""
    groups: dict[bytes, list[Line]] = {}
    with part.path.open("rb") as stream:
        for row in stream:
            piece, number, name, raw = row[:-1].split(b"\t", 3)
            line = Line(int(piece), int(number), raw)
            if name == b"null":
                yield None, [line]
            elif name in groups:
                groups[name].append(line)
            else:
                groups[name] = [line]
    for name, lines in groups.items():
        yield orjson.loads(name), lines


def place_of(line: Line) -> Place:
    """Where a report says that a record begins."""
    return Place(line.number, 0)
