"""Tables of a PDF without rules between their columns: what is white from top to bottom parts them."""

from collections.abc import Sequence
from itertools import pairwise

from arraigo.apps.testplans.requirements.reading.pdftables import Ruled
from arraigo.apps.testplans.requirements.reading.pdfwords import Word, Written, lines_of
from arraigo.apps.testplans.requirements.words.marks import MARKER, ends_a_sentence, is_leader

_WHITE = 0.6  # sizes of its letters: between two columns
_LEAST_LINES = 3
_MOST_LINES = 150
_FEW_WORDS = 5  # of a cell, on average; more of them in both of two columns: the page is set in columns
_APART = 1.25  # times the smallest distance of lines: another row


def open_tables(lines: Sequence[Written]) -> list[Ruled]:
    """Tables among those lines: three lines or more with the same columns."""
    made: list[Ruled] = []
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        columns = _columns(lines[at:end])
        if end - at >= _LEAST_LINES and _is_table(lines[at:end], columns):
            made.append(_table(lines[at:end], columns))
            at = end
        else:
            at += 1
    return made


def _end(lines: Sequence[Written], start: int) -> int:
    """Where the lines from there on that share columns end."""
    count = 0
    last = min(len(lines), start + _MOST_LINES)
    for end in range(start, last):
        line = lines[end]
        if MARKER.match(line.text) or is_leader(line.text):
            return end
        if end > start and line.bottom - lines[end - 1].bottom > 4 * line.size:
            return end
        columns = len(_columns(lines[start : end + 1]))
        if columns < max(2, count):
            return end
        count = columns if end <= start + 1 else count
    return last


def _columns(lines: Sequence[Written]) -> list[tuple[float, float]]:
    """From where to where the columns go that all the lines share."""
    made: list[tuple[float, float]] = []
    for word in sorted((word for line in lines for word in line.words), key=lambda word: float(word["x0"])):
        if made and word["x0"] - made[-1][1] < _WHITE * word["size"]:
            made[-1] = (made[-1][0], max(made[-1][1], word["x1"]))
        else:
            made.append((word["x0"], word["x1"]))
    return made


def _is_table(lines: Sequence[Written], columns: Sequence[tuple[float, float]]) -> bool:
    cells = [_cells(line.words, columns) for line in lines]
    if sum(sum(bool(cell) for cell in row) > 1 for row in cells) < _LEAST_LINES:
        return False
    if len(columns) > 2:  # noqa: PLR2004
        return True
    words = [sum(len(row[column].split()) for row in cells) / len(cells) for column in (0, 1)]
    return len(columns) == 2 and words[0] < _FEW_WORDS and not ends_a_sentence(cells[0][0])  # noqa: PLR2004


def _cells(words: Sequence[Word], columns: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    inside = ([word for word in words if left - 1 <= word["x0"] <= right] for left, right in columns)
    return tuple(" ".join(line.text for line in lines_of(cell, [])) for cell in inside)


def _table(lines: Sequence[Written], columns: Sequence[tuple[float, float]]) -> Ruled:
    distances = [two.bottom - one.bottom for one, two in pairwise(lines)]
    near = min(distances) * _APART
    wraps = max(distances) > near
    rows: list[tuple[str, ...]] = []
    for at, line in enumerate(lines):
        cells = _cells(line.words, columns)
        if rows and (not cells[0] or (wraps and at > 1 and distances[at - 1] <= near)):
            rows[-1] = tuple(" ".join(part for part in pair if part) for pair in zip(rows[-1], cells, strict=True))
        else:
            rows.append(cells)
    box = (columns[0][0] - 1, lines[0].top - 1, columns[-1][1] + 1, lines[-1].bottom + 1)
    return Ruled(box, tuple(rows))
