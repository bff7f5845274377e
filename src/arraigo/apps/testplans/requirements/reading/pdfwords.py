"""The lines of a page of a PDF: words grouped by where they stand, raised figures as powers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]  # x0, top, x1, bottom in points from the upper left
Word: TypeAlias = dict[str, Any]  # as pdfplumber gives it
_SMALL = 0.8  # times the line's letters: a power or a footnote's mark
_SAME = 0.5  # of its height a word has in common with its line


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it stands, in points."""

    text: str
    top: float
    bottom: float
    x: float
    size: float
    bold: bool
    end: float
    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Where it stands."""
        return (self.x, self.top, self.end, self.bottom)

    def wordless(self) -> "Written":
        """The line to be kept: of many pages, the words one by one take too much room."""
        return replace(self, words=())


def lines_of(words: Sequence[Word], without: Sequence[Box]) -> list[Written]:
    """The lines that the words outside of those boxes make, from the top."""
    outside = [word for word in words if not any(inside(word, box) for box in without)]
    return [_written(line) for line in _grouped(outside)]


def words_of(page: Any) -> list[Word]:
    """Words with their size and font; text that does not stand upright is a watermark."""
    upright = page.filter(lambda thing: thing.get("object_type") != "char" or thing.get("upright", True))
    words: list[Word] = upright.extract_words(
        x_tolerance_ratio=0.2, y_tolerance=2, keep_blank_chars=False, extra_attrs=["size", "fontname"]
    )
    return words


def inside(word: Word, box: Box) -> bool:
    """Its middle is in the box."""
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _grouped(words: Iterable[Word]) -> list[list[Word]]:
    """Words of one line together: larger words make the lines, small ones join the line that they touch."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (-round(word["size"]), word["top"], word["x0"])):
        for line in reversed(lines):
            first = line[0]
            common = min(first["bottom"], word["bottom"]) - max(first["top"], word["top"])
            if common > _SAME * min(first["bottom"] - first["top"], word["bottom"] - word["top"]):
                line.append(word)
                break
        else:
            lines.append([word])
    lines.sort(key=lambda line: line[0]["top"])
    return [sorted(line, key=lambda word: word["x0"]) for line in lines]


def _written(words: Sequence[Word]) -> Written:
    letters = sum(len(word["text"]) for word in words)
    size = max(words, key=lambda word: len(word["text"]) * (word["size"] > 0))["size"]
    bold = sum(len(word["text"]) for word in words if _is_bold(word["fontname"])) > letters * 0.9
    top, bottom = (
        min(word["top"] for word in words),
        max(word["bottom"] for word in words if word["size"] >= size * _SMALL),
    )
    return Written(text_of(words), top, bottom, words[0]["x0"], size, bold, words[-1]["x1"], tuple(words))


def _is_bold(font: str) -> bool:
    return any(name in font.lower() for name in ("bold", "black", "heavy", "semibold", "-bd"))


def text_of(words: Sequence[Word]) -> str:
    """The words of one line as text; a raised one as the power of what is before it."""
    text = ""
    last: Word | None = None
    for word in words:
        if last is None:
            text = word["text"]
        elif _is_raised(word, last):
            text += f"^{{{word['text']}}}" if word["text"].isdigit() else word["text"]
        else:
            near = word["x0"] - last["x1"] < last["size"] * 0.12
            text += ("" if near else " ") + word["text"]
        last = {**last, "x1": word["x1"]} if last and _is_raised(word, last) else word
    return text


def _is_raised(word: Word, before: Word) -> bool:
    return bool(
        word["size"] < before["size"] * _SMALL
        and word["bottom"] < before["bottom"] - before["size"] * 0.15
        and word["x0"] - before["x1"] < before["size"] * 0.3
    )
