"""A source's lines on the disk for as long as a move reads them, so that items of one record lie together.

A record may be made of items that stand anywhere in the source, in several tables even. One pass sorts the lines into
files by the key of their record; each file is small enough to be read as a whole.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from arraigo.move.records.attributes import Item, read_line, usual_item, usual_line
from arraigo.move.records.items import Facts, ItemShape, by_precedence
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.window import Place
from arraigo.move.sources.dynamodb.folders import folder
from arraigo.move.sources.dynamodb.helper import Helper

_PART = 8_000_000  # bytes that are read as a whole
_MOST = 200  # files open at once


class Line(NamedTuple):
    """One item as it stands in its source: in which of its pieces, on which line there.

    `usual` says that it was read once, and that nothing in it needs a second look.
    """

    piece: int
    number: int
    raw: bytes
    usual: bool = False

    @property
    def item(self) -> Item:
        """The item.

        Raises:
            Unfit: There is none.
        """
        return usual_item(self.raw) if self.usual else read_line(self.raw)


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
        helper: May be asked to read them.
    """

    pieces: Sequence[str]
    tables: Sequence[Facts]
    parts: dict[ItemShape, list[Part]] = field(default_factory=dict)
    lines: Counter[int] = field(default_factory=Counter)
    helper: Helper = field(default_factory=Helper)

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
        with closing(spool.helper):
            yield spool


def _sort(lines: Iterable[Line], spool: Spool, files: dict[ItemShape, list[BinaryIO]]) -> None:
    ways = [(shape.group, spool.parts[shape], files[shape]) for shape in files]
    tables, counts = spool.tables, spool.lines
    for piece, number, raw, _ in lines:
        counts[piece] += 1
        name, (_, parts, streams) = None, ways[-1]
        item = usual = usual_line(raw)
        try:
            item = read_line(raw) if usual is None else usual
        except Unfit:  # found again, with its reason, when records are read
            item = None
        if item is not None:
            for group, parts, streams in ways:  # noqa: B007 - those of the one that takes it
                name = group(tables[piece], item)
                if name is not None:
                    break
        chosen = zlib.crc32(name.encode()) % len(parts) if name is not None else 0
        parts[chosen].bytes += len(raw) + 1
        begin = b"%d\t%d\t%d\t%b\t" % (piece, number, usual is not None, orjson.dumps(name))
        streams[chosen].write(begin + raw + b"\n")


def gathered(part: Part) -> Iterator[tuple[str | None, list[Line]]]:
    """The records of one file: their keys and lines, in the order in which they were first met."""
    groups: dict[bytes, list[Line]] = {}
    with part.path.open("rb") as stream:
        for row in stream:
            piece, number, usual, name, raw = row[:-1].split(b"\t", 4)
            line = Line(int(piece), int(number), raw, usual == b"1")
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
