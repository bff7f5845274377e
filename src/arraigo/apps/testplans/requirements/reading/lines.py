"""Lines as they stand on a page to blocks: for PDF and for text, which know nothing but lines."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from arraigo.apps.testplans.requirements.blocks import Block, Heading, Item, Paragraph, Table
from arraigo.apps.testplans.requirements.words.hyphens import joined
from arraigo.apps.testplans.requirements.words.marks import (
    BULLET,
    HEADING_NUMBER,
    IDENTIFIED,
    MARKER,
    ends_a_sentence,
    is_leader,
    looks_like_a_title,
)

_BIGGER = 1.08  # times the body's size: a heading
_ARROW = re.compile(r"→|⇒|->|=>")
_INDENT = 8  # points, or columns, more than the line above: a paragraph's first line
_LONGEST_HEADING = 120
_DEEPEST = 6
RUN_IN_LEVEL = 7  # of a heading within a paragraph: under all others
_WRAPPED = 60  # characters: a line that was full


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    Attributes:
        size: Of its letters, in points; 0 where the format has none.
        gap: There is more room above it than between the lines of a paragraph.
        x: Where it begins: points, or columns.
        level: Of a heading, where the format marks it; else 0.
    """

    text: str
    page: int | None
    line: int
    size: float = 0
    bold: bool = False
    gap: bool = False
    x: float = 0
    level: int = 0


Piece: TypeAlias = Line | Table


def blocks_of(pieces: Sequence[Piece]) -> Iterator[Block]:
    """The blocks that the lines make; tables go through as they are."""
    lines = [piece for piece in pieces if isinstance(piece, Line)]
    weights = Counter[float]()
    for line in lines:
        weights[round(line.size, 1)] += len(line.text)
    body = weights.most_common(1)[0][0] if weights else 0
    words = frozenset(word for line in lines for word in re.findall(r"[\w-]+", line.text.lower()))
    sizes = sorted({round(line.size, 1) for line in lines if line.size > body * _BIGGER}, reverse=True)
    group: list[Line] = []
    depths: list[float] = []
    for piece in pieces:
        if isinstance(piece, Table):
            yield from _block(group, body, sizes, words, depths)
            group = []
            yield piece
        elif is_leader(piece.text):  # of a table of contents
            yield from _block(group, body, sizes, words, depths)
            group = []
        elif group and not _goes_on(group, piece, body):
            yield from _block(group, body, sizes, words, depths)
            group = [piece]
        else:
            group.append(piece)
    yield from _block(group, body, sizes, words, depths)


def _goes_on(group: Sequence[Line], line: Line, body: float) -> bool:
    """Whether the line belongs to the paragraph before it."""
    last = group[-1]
    if line.level or last.level or abs(line.size - last.size) > 1 or _begins(line, last):
        return False
    if last.page != line.page:
        return not _is_heading(group, body) and runs_on(last.text, line.text)
    if line.gap or (line.x - last.x > _INDENT and ends_a_sentence(last.text) and not MARKER.match(group[0].text)):
        return False
    after_title = len(group) == 1 and _is_numbered_title(last) and line.text[:1].isupper()
    return not after_title and not (last.bold and not line.bold and _is_heading(group, body))


def _begins(line: Line, last: Line) -> bool:
    """It begins with what begins a block: a list's marker, a heading's number, an id."""
    if MARKER.match(line.text) and not _is_wrapped_number(last, line):
        return True
    if _ARROW.search(line.text) and _ARROW.search(last.text):
        return True
    if _is_numbered_title(line) and ends_a_sentence(last.text):
        return True
    return bool(IDENTIFIED.match(line.text)) and (ends_a_sentence(last.text) or line.gap or line.bold)


def _is_wrapped_number(last: Line, line: Line) -> bool:
    """A line that only happens to begin with a number: "10. Otherwise …" under "between 3 and"."""
    if line.gap or BULLET.match(line.text) or last.page != line.page:
        return False
    if last.text.endswith((" y", " and", " o", " or", ",")):
        return True
    long = len(last.text) > _WRAPPED and not ends_a_sentence(last.text) and not MARKER.match(last.text)
    return long and line.x == last.x and bool(re.match(r"\d", line.text)) and not line.text.startswith("1.")


def runs_on(before: str, after: str) -> bool:
    """Whether a sentence goes on from the foot of a page or a column to the top of the next."""
    return not ends_a_sentence(before) and (before.endswith(("-", ",")) or after[:1].islower() or after[:1].isdigit())


def _is_numbered_title(line: Line) -> bool:
    return bool(HEADING_NUMBER.match(line.text)) and looks_like_a_title(line.text)


def _is_heading(group: Sequence[Line], body: float) -> bool:
    text = " ".join(line.text for line in group)
    if group[0].level:
        return True
    if len(text) > _LONGEST_HEADING or not looks_like_a_title(text):
        return False
    if all(line.size > body * _BIGGER for line in group) or all(line.bold for line in group):
        return True
    if len(group) > 1:
        return False
    return bool(HEADING_NUMBER.match(text)) or (text.isupper() and len(text) > 3 and " " not in text[:2])  # noqa: PLR2004


def _block(
    group: Sequence[Line], body: float, sizes: Sequence[float], words: frozenset[str], depths: list[float]
) -> Iterator[Block]:
    if not group:
        return
    first = group[0]
    text = joined([line.text for line in group], words)
    marker = MARKER.match(text)
    if _is_heading(group, body) and not (marker and BULLET.match(text)):
        depths.clear()
        yield Heading(text, _level(first, text, body, sizes), first.page, first.line)
    elif marker:
        while depths and first.x < depths[-1] - 1:
            depths.pop()
        if not depths or first.x > depths[-1] + 1:
            depths.append(first.x)
        depth = min(len(depths) - 1, _DEEPEST)
        yield Item(text[marker.end() :], marker.group(0).strip(), depth, first.page, first.line)
    else:
        if not depths or first.x <= depths[0]:
            depths.clear()
        yield Paragraph(text, first.page, first.line)


def _level(line: Line, text: str, body: float, sizes: Sequence[float]) -> int:
    number = HEADING_NUMBER.match(text)
    if line.level:
        return line.level
    if number:
        return number.group("number").count(".") + 1
    return sizes.index(round(line.size, 1)) + 1 if line.size > body * _BIGGER else min(len(sizes) + 1, _DEEPEST)


def numbered_lists(blocks: Sequence[Block]) -> list[Block]:
    """The same, with short numbered entries that follow each other at once as a list: no heading is empty by rule."""
    made = list(blocks)
    for index, block in enumerate(blocks):
        number = HEADING_NUMBER.match(block.text) if isinstance(block, Heading) else None
        if not isinstance(block, Heading) or not number or "." in number.group("number"):
            continue
        beside = [blocks[at] for at in (index - 1, index + 1) if 0 <= at < len(blocks)]
        if any(_follow_each_other(block, other) for other in beside):
            text = block.text[number.end() :].strip()
            made[index] = Item(text, number.group("number"), 0, block.page, block.line)
    return made


def _follow_each_other(one: Heading, other: Block) -> bool:
    first = HEADING_NUMBER.match(one.text)
    second = HEADING_NUMBER.match(other.text) if isinstance(other, Heading) else None
    if not first or not second or "." in second.group("number"):
        return False
    return abs(int(first.group("number")) - int(second.group("number"))) == 1
