"""What a document is made of, whatever its format."""

import re
from dataclasses import dataclass
from typing import TypeAlias

# What ends a line for some reader, a database cannot keep, or no font shows.
_UNFIT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` from 1, 0 for a document's title."""

    text: str
    level: int
    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that belong together."""

    text: str
    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; `depth` from 0, `marker` as written ("a)", "-"), empty where the format has none."""

    text: str
    marker: str
    depth: int
    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a cell that spans several is in each of them."""

    cells: tuple[str, ...]
    page: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `heads` is how many rows the format itself marks as its head, None where it does not say."""

    rows: tuple[Row, ...]
    heads: int | None = None


Block: TypeAlias = Heading | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gives: the blocks in their order, all of the text, and what its reader should know.

    Attributes:
        notes: Keys of `notes.NOTES` with what they tell of.
    """

    blocks: tuple[Block, ...]
    text: str
    notes: tuple[tuple[str, str], ...] = ()


class PlainText:
    """The text as it grows: lines end in a line feed, pages in a form feed; each line has its number from 1.

    Attributes:
        page: Where it stands; None while nobody spoke of pages.
    """

    def __init__(self, page: int | None = None) -> None:
        self.page = page
        self._before = 0  # lines of the pages before this one; an empty page is one line
        self._pages: list[list[str]] = [[]]

    def add(self, text: str) -> int:
        """Append one line and say its number."""
        self._pages[-1].append(printable(text))
        return self._before + len(self._pages[-1])

    def turn(self) -> None:
        """Go on to the next page."""
        self.page = (self.page or 1) + 1
        self._before += max(1, len(self._pages[-1]))
        self._pages.append([])

    def __str__(self) -> str:
        return "\f".join("\n".join(lines) for lines in self._pages)


def printable(text: str) -> str:
    """One line of the text, without what cannot be shown or stored."""
    return _UNFIT.sub(" ", text)
