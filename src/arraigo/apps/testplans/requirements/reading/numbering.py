"""The numbers that Word computes for paragraphs: they are nowhere in the text.

Source: ISO/IEC 29500-1, 17.9 (numbering).
"""

import re
from xml.etree import ElementTree as ET

from arraigo.apps.testplans.requirements.reading.ooxml import Style, W, value

_MOST_LEVELS = 9
_ROMAN: tuple[tuple[int, str], ...] = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
)
_ROMAN += ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Level:
    def __init__(self, element: ET.Element) -> None:
        self.format = value(element.find(f"{W}numFmt"), "decimal")
        self.text = value(element.find(f"{W}lvlText"))
        start = value(element.find(f"{W}start"), "1")
        self.start = int(start) if start.isdigit() else 1


class Numbering:
    """Counts the paragraphs of each list as a reader of the document would."""

    def __init__(self, root: ET.Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for abstract in root.findall(f"{W}abstractNum"):
            levels = {_number(level.get(f"{W}ilvl", "0")): _Level(level) for level in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for number in root.findall(f"{W}num"):
            self._lists[number.get(f"{W}numId", "")] = value(number.find(f"{W}abstractNumId"))

    def next(self, paragraph: ET.Element, style: Style) -> tuple[str, int, bool]:
        """The number as it is shown, the depth from 0, and whether it is a bullet; ("", 0, False): not in a list."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        identity, level = style.numbers
        if own is not None:
            identity = value(own.find(f"{W}numId"), identity)
            level = value(own.find(f"{W}ilvl"), level)
        if not identity or identity == "0":
            return "", 0, False
        depth = min(_number(level), _MOST_LEVELS - 1)
        abstract = self._lists.get(identity, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return "", depth, True
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if levels[depth].format in ("bullet", "none"):
            return "", depth, True
        return _shown(levels, counts, depth), depth, False


def _shown(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    def part(found: re.Match[str]) -> str:
        level = int(found.group(1)) - 1
        known = levels.get(level)
        return _formatted(counts.get(level, known.start if known else 1), known.format if known else "decimal")

    return re.sub(r"%([1-9])", part, levels[depth].text).strip()


def _formatted(count: int, style: str) -> str:
    if style in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 % 5 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman"):
        roman, left = "", count % 4000
        for amount, sign in _ROMAN:
            roman += sign * (left // amount)
            left %= amount
        return roman.upper() if style == "upperRoman" else roman
    return f"{count:02d}" if style == "decimalZero" else str(count)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
