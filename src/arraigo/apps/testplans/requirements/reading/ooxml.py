"""Names of WordprocessingML, and what its styles say."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_HEADING = re.compile(r"(?:heading|t[ií]tulo|encabezado|ttulo)\s*(\d)", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number)\s*(\d)?", re.IGNORECASE)
_TITLES = {"title", "título", "puesto"}
_MOST_PARENTS = 12


def value(element: ET.Element | None, without: str = "") -> str:
    """Its `val`; `without` where there is no element or no such attribute."""
    return without if element is None else element.get(f"{W}val", without)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph is by its style.

    Attributes:
        heading: The level, from 1; 0 where it is none.
        title: It is the document's title.
        contents: It is a line of a table of contents.
        list: How deep an entry of a list is, from 1; 0 where it is none.
        numbers: The style's own numbering (numId, ilvl).
    """

    heading: int = 0
    contents: bool = False
    list: int = 0
    numbers: tuple[str, str] = ("", "")
    title: bool = False


class Styles:
    """The styles of a document, by what they are called and what they stand on."""

    def __init__(self, root: ET.Element | None) -> None:
        elements = [] if root is None else root.findall(f"{W}style")
        self._styles = {style.get(f"{W}styleId", ""): style for style in elements}
        self._known: dict[str, Style] = {}

    def of(self, paragraph: ET.Element) -> Style:
        """The style of that paragraph, its own outline level before the style's."""
        name = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        if name not in self._known:
            self._known[name] = self._read(name)
        own = value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        style = self._known[name]
        if own.isdigit() and int(own) < 9 and not style.heading:  # noqa: PLR2004 - 9 is body text
            return Style(int(own) + 1, style.contents, style.list, style.numbers)
        return style

    def _read(self, name: str) -> Style:
        heading, contents, deep, numbers, title = 0, False, 0, ("", ""), False
        for _ in range(_MOST_PARENTS):
            element = self._styles.get(name)
            called = value(element.find(f"{W}name")) if element is not None else name
            found = _HEADING.fullmatch(called.strip())
            outline = "" if element is None else value(element.find(f"{W}pPr/{W}outlineLvl"))
            heading = heading or (int(found.group(1)) if found else 0)
            heading = heading or (int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0)  # noqa: PLR2004
            title = title or called.strip().lower() in _TITLES
            contents = contents or called.lower().startswith(("toc", "tdc", "table of figures"))
            listed = _LIST.match(called)
            deep = deep or (int(listed.group(1) or 1) if listed else 0)
            if element is None:
                break
            if not numbers[0]:
                part = element.find(f"{W}pPr/{W}numPr")
                if part is not None:
                    numbers = (value(part.find(f"{W}numId")), value(part.find(f"{W}ilvl"), "0"))
            name = value(element.find(f"{W}basedOn"))
            if not name:
                break
        return Style(heading, contents, deep, numbers, title)
