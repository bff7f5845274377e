"""PDF to blocks: tables by their rules, everything else by lines and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from logging import ERROR, getLogger
from statistics import median
from typing import Any

from arraigo.apps.testplans.requirements.blocks import PlainText, Reading, Row, Table
from arraigo.apps.testplans.requirements.reading import extras, pdfstreams
from arraigo.apps.testplans.requirements.reading.lines import Line, Piece, blocks_of, numbered_lists, runs_on
from arraigo.apps.testplans.requirements.reading.pdfcolumns import open_tables
from arraigo.apps.testplans.requirements.reading.pdflayout import Layout, in_columns, layout_of
from arraigo.apps.testplans.requirements.reading.pdftables import Ruled, tables_of
from arraigo.apps.testplans.requirements.reading.pdfwords import Box, Written, inside, words_of
from arraigo.apps.testplans.requirements.reading.running import without_footnotes, without_running_heads
from arraigo.errors import InvalidInput, TooLarge

MOST_PAGES = 2_000
_ROOM = 1.25  # times the usual distance of two lines: a new paragraph
_LEAST_WORDS = 5  # fewer on all pages together: it was scanned


def read(data: bytes) -> Reading:
    """The blocks of a PDF.

    Raises:
        InvalidInput: It is encrypted, broken, of too many pages, or has no text (it was scanned).
        Unavailable: pdfplumber is not installed.
    """
    pdfstreams.checked(data)
    plumber = extras.module("pdfplumber", "PDF")
    getLogger("pdfminer").setLevel(ERROR)  # it tells of each odd font
    text, notes = PlainText(1), list[tuple[str, str]]()
    with _opened(plumber, data) as document:
        count = len(document.pages)
        if count > MOST_PAGES:
            raise TooLarge(f"the PDF has {count:,} pages, more than {MOST_PAGES:,}")
        seen = [_seen(page) for page in document.pages]
    usual = _usual_distance([page.lines for page in seen])
    pages: list[list[Piece]] = []
    for number, page in enumerate(seen, 1):
        if number > 1:
            text.turn()
        pages.append(_pieces(page, usual, number, text))
        if not pages[-1] and page.images:
            notes.append(("page_without_text", str(number)))
    if len(str(text).split()) < _LEAST_WORDS:
        raise InvalidInput("the PDF has no text: it was scanned, or is made of images", remedy="send it with its text")
    pages = _without_running(pages)
    blocks = numbered_lists(list(blocks_of([piece for page in pages for piece in page])))
    return Reading(tuple(blocks), str(text), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is read of a page, in the order of reading; its letters one by one are let go."""

    lines: list[Written]
    tables: list[Ruled]
    images: bool
    layout: Layout


def _seen(page: Any) -> _Seen:
    words = words_of(page)
    tables = tables_of(page, words)
    boxes = [table.box for table in tables]
    outside = [word for word in words if not any(inside(word, box) for box in boxes)]
    layout = layout_of(outside, boxes)
    lines: list[Written] = []
    for column in in_columns(outside, layout):
        opened = open_tables(column)
        tables += opened
        lines += [line.wordless() for line in column if not any(_holds(table.box, line) for table in opened)]
    seen = _Seen(lines, sorted(tables, key=lambda table: layout.key(table.box)), bool(page.images), layout)
    page.close()
    return seen


def _holds(box: Box, line: Written) -> bool:
    return box[1] <= line.top and line.bottom <= box[3]


def _opened(plumber: Any, data: bytes) -> Any:
    try:
        return plumber.open(BytesIO(data))
    except Exception as reason:
        told = f"{type(reason).__name__} {reason!r} {reason.__cause__!r} {reason.__context__!r}"
        if "Password" in told or "Encryption" in told:
            raise InvalidInput("the PDF is encrypted with a password", remedy="send it without one") from reason
        raise InvalidInput("the PDF is broken") from reason


def _pieces(page: _Seen, usual: float, number: int, text: PlainText) -> list[Piece]:
    """What stands on the page, from its top to its foot; `usual` is the distance of lines in sizes of letters."""
    made: list[Piece] = []
    before: Written | None = None
    left = list(page.tables)
    for line in page.lines:
        while left and page.layout.key(left[0].box) <= page.layout.key(line.box):
            made.append(_told(left.pop(0).rows, number, text))
            before = None
        gap = before is None or line.bottom - before.bottom > usual * line.size * _ROOM
        if before and line.bottom < before.top:  # the next column
            gap = not runs_on(before.text, line.text)
        told = text.add(line.text)
        made.append(Line(line.text, number, told, round(line.size, 1), line.bold, gap and bool(made), line.x))
        before = line
    made += [_told(table.rows, number, text) for table in left]
    return made


def _told(rows: Sequence[tuple[str, ...]], page: int, text: PlainText) -> Table:
    return Table(tuple(Row(row, page, text.add(" | ".join(row))) for row in rows))


def _usual_distance(pages: Sequence[Sequence[Written]]) -> float:
    """From one line to the next inside paragraphs, in sizes of their letters: the smaller half says it."""
    apart = sorted(
        (two.bottom - one.bottom) / two.size
        for lines in pages
        for one, two in pairwise(lines)
        if two.bottom > one.bottom and two.size and abs(one.size - two.size) < 1
    )
    return median(apart[: max(1, len(apart) // 2)]) if apart else 1.2


def _without_running(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    lines = [[piece for piece in page if isinstance(piece, Line)] for page in pages]
    kept = {line.line for page in without_footnotes(without_running_heads(lines)) for line in page}
    return [[piece for piece in page if isinstance(piece, Table) or piece.line in kept] for page in pages]
