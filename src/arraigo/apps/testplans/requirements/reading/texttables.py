"""Tables drawn with characters: pipes, borders, tabs, columns set with spaces."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from arraigo.apps.testplans.requirements.blocks import Row, Table
from arraigo.apps.testplans.requirements.words.marks import MARKER, is_leader

BORDER = re.compile(r"\s*[+|]?(?:[-=+:|]|\s){3,}\s*$")
_RULED = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_WIDE = re.compile(r"\S(\s{2,})(?=\S)")
_MOST_LONE = 3  # rows of nothing but one cell that follow each other
_LEAST_ROWS = 3  # of a table set with spaces: fewer are chance


def table_at(
    lines: Sequence[str], index: int, page: int | None, start: int, *, clean: Callable[[str], str]
) -> tuple[Table, int] | None:
    """The table that begins at that line, and where it ends; None where none begins."""
    line = lines[index]
    if not line.strip():
        return None
    if line.lstrip().startswith(("|", "+-", "+=")) and not re.search(r"[^\s|+][^|+]*[|+]+[^|+]*[^\s|+]", line):
        return None  # one column
    if line.lstrip().startswith(("|", "+-", "+=")) or (len(_PIPE.findall(line)) and _is_ruled(lines, index + 1)):
        return _piped(lines, index, page, start, clean)
    if "\t" in line.strip():
        return _parted(lines, index, page, start, clean)
    return _set_with_spaces(lines, index, page, start, clean)


def _is_ruled(lines: Sequence[str], index: int) -> bool:
    return index < len(lines) and "|" in lines[index] and bool(_RULED.fullmatch(lines[index]))


def _piped(
    lines: Sequence[str], index: int, page: int | None, start: int, clean: Callable[[str], str]
) -> tuple[Table, int] | None:
    rows: list[Row] = []
    heads: int | None = None
    bordered = lines[index].lstrip().startswith("+")
    fresh = True
    at = index
    while at < len(lines) and ("|" in lines[at] or lines[at].lstrip().startswith("+")):
        line = lines[at]
        if BORDER.match(line) and not re.search(r"\w", line):
            if rows and heads is None and (not bordered or "=" in line):
                heads = len(rows)
            fresh = True
        else:
            cells = tuple(clean(cell.replace("\\|", "|")) for cell in _PIPE.split(line.strip().strip("|")))
            if bordered and not fresh and rows and len(cells) == len(rows[-1].cells):  # a row of several lines
                cells = tuple(" ".join(pair).strip() for pair in zip(rows[-1].cells, cells, strict=True))
                rows[-1] = Row(cells, page, rows[-1].line)
            else:
                rows.append(Row(cells, page, start + at))
            fresh = False
        at += 1
    if not rows or max(len(row.cells) for row in rows) < 2 or (len(rows) < 2 and heads is None):  # noqa: PLR2004
        return None
    return Table(tuple(rows), heads), at


def _parted(
    lines: Sequence[str], index: int, page: int | None, start: int, clean: Callable[[str], str]
) -> tuple[Table, int] | None:
    count = lines[index].rstrip().count("\t")
    at = index
    while at < len(lines) and lines[at].strip() and abs(lines[at].rstrip().count("\t") - count) <= 1:
        at += 1
    if at - index < 2 or "\t" not in lines[index].strip():  # noqa: PLR2004 - a head and a row
        return None
    rows = [Row(tuple(clean(cell) for cell in lines[i].split("\t")), page, start + i) for i in range(index, at)]
    return Table(tuple(rows)), at


def _set_with_spaces(
    lines: Sequence[str], index: int, page: int | None, start: int, clean: Callable[[str], str]
) -> tuple[Table, int] | None:
    """Columns at the same places in three lines or more."""
    columns = _columns(lines[index])
    if not columns or MARKER.match(lines[index].strip()) or is_leader(lines[index]):
        return None
    at, rows = index, []
    while at < len(lines) and lines[at].strip():
        line = lines[at]
        if not BORDER.match(line):
            if _columns(line) and not set(_columns(line)) <= {c + d for c in columns for d in (-1, 0, 1)}:
                break
            if not all(place >= len(line) or line[place - 1] == " " for place in columns):
                break
            rows.append(Row(_cut(line, columns, clean), page, start + at))
            if len(rows) > _MOST_LONE and all(map(_is_lone, rows[-_MOST_LONE:])):  # words under the table
                del rows[-_MOST_LONE:]
                at -= _MOST_LONE - 1
                break
        at += 1
    if sum(not _is_lone(row) for row in rows) < _LEAST_ROWS:
        return None
    return Table(tuple(_merged(rows))), at


def _is_lone(row: Row) -> bool:
    return sum(bool(cell) for cell in row.cells) < 2  # noqa: PLR2004 - columns


def _merged(rows: Sequence[Row]) -> list[Row]:
    """A row without its first cell goes on with the one before."""
    made: list[Row] = []
    for row in rows:
        if made and not row.cells[0]:
            cells = tuple(" ".join(pair).strip() for pair in zip(made[-1].cells, row.cells, strict=True))
            made[-1] = Row(cells, row.page, made[-1].line)
        else:
            made.append(row)
    return made


def _columns(line: str) -> list[int]:
    indent = len(line) - len(line.lstrip())
    return [found.end(1) for found in _WIDE.finditer(line) if found.start() >= indent]


def _cut(line: str, columns: Sequence[int], clean: Callable[[str], str]) -> tuple[str, ...]:
    edges = [0, *columns, max(len(line), columns[-1])]
    return tuple(clean(line[one:two]) for one, two in pairwise(edges))
