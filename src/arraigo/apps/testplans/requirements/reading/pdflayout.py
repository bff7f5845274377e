"""The order in which a page of a PDF is read: from its top, or column by column where it is set in two."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from arraigo.apps.testplans.requirements.reading.pdfwords import Box, Word, Written, lines_of

Key: TypeAlias = tuple[int, int, float]  # the band from the top, the column in it, how far down

_LEAST_LINES = 8  # with words on either side of the gutter
_MOST_ACROSS = 0.5  # of those: lines that go over both columns
_LEAST_WORDS = 3.5  # of a line on one side, on average: what has less is a table
_GUTTER = 1.0  # sizes of the letters
_STEPS = 13  # places that are tried, in the middle third


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set.

    Attributes:
        gutter: Where the white between two columns is; None: there is one column.
        bands: Tops and feet, in turn, of what goes over both columns: a band with an odd number is such a thing.
    """

    gutter: float | None = None
    bands: tuple[float, ...] = ()

    def key(self, box: Box) -> Key:
        """The place of something in the order of reading."""
        if self.gutter is None:
            return 0, 0, box[1]
        band = bisect(self.bands, (box[1] + box[3]) / 2)
        return band, int(band % 2 == 0 and box[0] >= self.gutter), box[1]


def layout_of(words: Sequence[Word], tables: Sequence[Box]) -> Layout:
    """How those words are set; tables over both columns part what is above from what is below."""
    lines = lines_of(words, ())
    if len(lines) < _LEAST_LINES:
        return Layout()
    left, right = min(line.x for line in lines), max(line.end for line in lines)
    places = [left + (right - left) * (1 / 3 + step / 3 / (_STEPS - 1)) for step in range(_STEPS)]
    split = {place: [line for line in lines if _is_split(line, place)] for place in places}
    best = max(places, key=lambda place: len(split[place]))
    across = [line for line in lines if not _is_split(line, best) and line.x < best < line.end]
    if len(split[best]) < _LEAST_LINES or len(across) > _MOST_ACROSS * len(split[best]):
        return Layout()
    beside = [sum((word["x0"] > best) == side for line in split[best] for word in line.words) for side in (True, False)]
    if min(beside) < _LEAST_WORDS * len(split[best]):
        return Layout()
    edges = [(line.top, line.bottom) for line in across]
    edges += [(box[1], box[3]) for box in tables if box[0] < best < box[2]]
    return Layout(best, tuple(sorted(edge for pair in edges for edge in pair)))


def _is_split(line: Written, place: float) -> bool:
    """It has words on both sides, and a gutter between them."""
    before = [float(word["x1"]) for word in line.words if word["x0"] < place]
    after = [float(word["x0"]) for word in line.words if word["x0"] >= place]
    return bool(before and after) and max(before) <= place and min(after) - max(before) >= _GUTTER * line.size


def in_columns(words: Sequence[Word], layout: Layout) -> list[list[Written]]:
    """The lines of each column in the order of reading."""
    parts: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        band, column, _ = layout.key((word["x0"], word["top"], word["x1"], word["bottom"]))
        parts.setdefault((band, column), []).append(word)
    return [lines_of(parts[place], ()) for place in sorted(parts)]
