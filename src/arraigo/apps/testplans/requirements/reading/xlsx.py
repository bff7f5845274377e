"""XLSX to blocks: a sheet is a section, what is parted by empty rows are tables of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from warnings import catch_warnings, simplefilter

from arraigo.apps.testplans.requirements.blocks import Block, Heading, PlainText, Reading, Row, Table
from arraigo.apps.testplans.requirements.reading import extras, zips
from arraigo.apps.testplans.requirements.reading.lines import Line, Piece, blocks_of
from arraigo.errors import TooLarge

_MOST_ROWS = 1_048_576  # of a sheet, by the format; a file may claim more
_MOST_CELLS = 500_000
_MOST_SPAN = 200
_MERGED = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_Rows = dict[int, dict[int, str]]


def read(data: bytes) -> Reading:
    """The blocks of a workbook's visible sheets; formulas by the values that were saved with them.

    Raises:
        InvalidInput: It is broken, or too large.
        Unavailable: openpyxl is not installed.
    """
    zips.checked(data)
    openpyxl = extras.module("openpyxl", "XLSX")
    text, blocks, notes = PlainText(), list[Block](), list[tuple[str, str]]()
    with catch_warnings():
        simplefilter("ignore")  # of styles and extensions that it does not keep
        # Read only: it makes no cell that is not there, however large an area the file claims.
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    notes.append(("hidden_sheet", sheet.title))
                    continue
                blocks.append(Heading(sheet.title, 1, None, text.add(sheet.title)))
                rows = _spread(_rows(sheet), _spans(data, sheet))
                blocks += (_lower(block) for block in blocks_of(list(_pieces(rows, text))))
        finally:
            book.close()
    return Reading(tuple(blocks), str(text), tuple(notes))


def _rows(sheet: Any) -> _Rows:
    sheet.reset_dimensions()
    rows: _Rows = {}
    count = 0
    for cells in islice(sheet.iter_rows(), _MOST_ROWS):
        for cell in cells:
            shown = _shown(cell)
            if shown:
                rows.setdefault(cell.row, {})[cell.column] = shown
                count += 1
        if count > _MOST_CELLS:
            raise TooLarge(f"the sheet {sheet.title!r} has more than {_MOST_CELLS:,} cells")
    return rows


def _shown(cell: Any) -> str:
    """What the sheet shows, or nearly."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, int | float):
        pattern = str(cell.number_format or "")
        share = "%" in pattern
        number = value * 100 if share else value
        shown = f"{number:.10g}" if abs(number) < 1e15 else str(number)  # noqa: PLR2004 - digits of a double
        return f"{shown} %" if share else shown
    return " ".join(str(value).split())


def _spans(data: bytes, sheet: Any) -> list[tuple[int, int, int, int]]:
    """Merged areas: first row, first column, last row, last column."""
    root = zips.xml(data, str(sheet._worksheet_path).lstrip("/"))  # noqa: SLF001 - which part it is, nothing else says
    found = [] if root is None else root.iter(f"{_MAIN}mergeCell")
    made = []
    for element in found:
        match = _MERGED.fullmatch(element.get("ref", ""))
        if match:
            left, top, right, bottom = match.groups()
            made.append((int(top), _column(left), int(bottom), _column(right)))
    return made


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _spread(rows: _Rows, spans: Sequence[tuple[int, int, int, int]]) -> _Rows:
    """The rows with the words of a merged area in each of its cells, where other cells are."""
    for top, left, bottom, right in spans:
        words = rows.get(top, {}).get(left, "")
        if not words:
            continue
        for row in range(top, min(bottom, top + _MOST_SPAN) + 1):
            if row in rows and len(rows[row]) > (1 if row == top else 0):
                for column in range(left, min(right, left + _MOST_SPAN) + 1):
                    rows[row].setdefault(column, words)
    return rows


def _lower(block: Block) -> Block:
    """A heading inside a sheet is under the sheet's."""
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _pieces(rows: _Rows, text: PlainText) -> Iterator[Piece]:
    region: list[tuple[int, Mapping[int, str]]] = []
    for number in sorted(rows):
        if region and number != region[-1][0] + 1:
            yield from _region(region, text)
            region = []
        region.append((number, rows[number]))
    yield from _region(region, text)


def _region(region: Sequence[tuple[int, Mapping[int, str]]], text: PlainText) -> Iterator[Piece]:
    """Rows of one cell before the first wider one are words about the table; the rest is the table."""
    start = next((at for at, (_, cells) in enumerate(region) if len(cells) > 1), len(region))
    for _, cells in region[:start]:
        for column, words in cells.items():
            yield Line(words, None, text.add(words), gap=True, x=2 * column)
    table = [cells for _, cells in region[start:]]
    if not table:
        return
    columns = sorted({column for cells in table for column in cells})
    made = [tuple(cells.get(column, "") for column in columns) for cells in table]
    yield Table(tuple(Row(cells, None, text.add(" | ".join(cells))) for cells in made))
