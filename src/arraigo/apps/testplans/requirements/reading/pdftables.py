"""The ruled tables of a page of a PDF, spans filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from arraigo.apps.testplans.requirements.reading.pdfwords import Box, Word, inside, lines_of
from arraigo.apps.testplans.requirements.words.hyphens import joined


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table and where it stands."""

    box: Box
    rows: tuple[tuple[str, ...], ...]


def tables_of(page: Any, words: Sequence[Word]) -> list[Ruled]:
    """Tables of two columns or more; a box around a paragraph is none."""
    if len(page.rects) + len(page.lines) + len(page.curves) < 2:  # noqa: PLR2004 - no rules, no table
        return []
    made = []
    for table in page.find_tables():
        cells = [tuple(cell) for cell in table.cells if cell]
        grid = _grid(words, cells)
        if grid and max(len(row) for row in grid) > 1:
            made.append(Ruled(tuple(table.bbox), tuple(row for row in grid if any(row))))
    return [table for table in made if table.rows]


def _grid(words: Sequence[Word], cells: Sequence[Box]) -> list[tuple[str, ...]]:
    """The text of each place; a cell over several rows or columns is in each of them."""
    lefts = _edges(cell[0] for cell in cells)
    tops = _edges(cell[1] for cell in cells)
    texts = {cell: _text([word for word in words if inside(word, cell)]) for cell in set(cells)}
    rows = []
    for top in tops:
        row = []
        for left in lefts:
            holder = next((cell for cell in cells if _covers(cell, left, top)), None)
            row.append(texts[holder] if holder else "")
        rows.append(tuple(row))
    return rows


def _edges(values: Any) -> list[float]:
    """The places where cells begin; two that are nearly the same are one."""
    made: list[float] = []
    for value in sorted(values):
        if not made or value - made[-1] > 2:  # noqa: PLR2004 - points: the breadth of a rule
            made.append(value)
    return made


def _covers(cell: Box, left: float, top: float) -> bool:
    return cell[0] - 2 <= left < cell[2] - 2 and cell[1] - 2 <= top < cell[3] - 2


def _text(words: Sequence[Word]) -> str:
    lines = [line.text for line in lines_of(words, [])]
    return joined(lines, frozenset()) if lines else ""
