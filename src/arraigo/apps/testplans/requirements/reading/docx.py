"""DOCX to blocks, by its XML: numbers that Word computes, tracked changes and content controls have to be read too.

Source: ISO/IEC 29500-1, 17 (WordprocessingML).
"""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from arraigo.apps.testplans.requirements.blocks import Block, Heading, Item, Paragraph, PlainText, Reading, Row, Table
from arraigo.apps.testplans.requirements.reading import zips
from arraigo.apps.testplans.requirements.reading.numbering import Numbering
from arraigo.apps.testplans.requirements.reading.ooxml import M, Styles, W, value
from arraigo.errors import InvalidInput

_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}footnoteReference"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAK = f"{W}lastRenderedPageBreak"
_RAISED = {"superscript": "^", "subscript": "_"}


class _Reader:
    def __init__(self, body: ET.Element, styles: Styles, numbering: Numbering) -> None:
        self._styles, self._numbering = styles, numbering
        self.blocks: list[Block] = []
        # Word says where its pages ended when it saved the file; other programs say nothing of them.
        self.text = PlainText(1 if body.find(f".//{_BREAK}") is not None else None)
        self._walk(body)

    def _walk(self, parent: ET.Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}sdt":
                gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                content = child.find(f"{W}sdtContent")
                if content is not None and value(gallery) != "Table of Contents":
                    self._walk(content)
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml"):
                self._walk(child)

    def _paragraph(self, element: ET.Element) -> None:
        style = self._styles.of(element)
        text = " ".join(words_of(element).split())
        for _ in element.iter(_BREAK):
            self.text.turn()
        number, depth, bullet = self._numbering.next(element, style) if text else ("", 0, False)
        if not text or style.contents:
            return
        shown = f"{number} {text}" if number else text
        line, page = self.text.add(shown), self.text.page
        if style.heading or style.title:
            self.blocks.append(Heading(shown, style.heading, page, line))
        elif bullet or style.list:
            self.blocks.append(Item(text, number, max(depth, style.list - 1), page, line))
        elif number:
            self.blocks.append(Item(text, number, depth, page, line))
        else:
            self.blocks.append(Paragraph(text, page, line))

    def _table(self, element: ET.Element) -> None:
        rows: list[Row] = []
        inner = {row for table in element.iter(f"{W}tbl") if table is not element for row in table.iter(f"{W}tr")}
        heads = 0
        above: dict[int, str] = {}
        for row in element.iter(f"{W}tr"):
            if row in inner:
                continue
            for _ in row.iter(_BREAK):
                self.text.turn()
            cells = _cells(row, above)
            if any(cells):
                heads += heads == len(rows) and _is_head(row)
                rows.append(Row(cells, self.text.page, self.text.add(" | ".join(cells))))
        if rows:
            self.blocks.append(Table(tuple(rows), heads or None))


def _is_head(row: ET.Element) -> bool:
    mark = row.find(f"{W}trPr/{W}tblHeader")
    return mark is not None and value(mark, "1") not in ("0", "false", "off")


def _cells(row: ET.Element, above: dict[int, str]) -> tuple[str, ...]:
    """The row's cells, one for each column; `above` is what spans down, by column."""
    cells: list[str] = []
    for cell in row.findall(f"{W}tc") + row.findall(f"{W}sdt/{W}sdtContent/{W}tc"):
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and value(merge, "continue") == "continue":
            text = above.get(len(cells), "")
        else:
            text = " ".join(" ".join(words_of(part) for part in cell.iter(f"{W}p")).split())
        span = value(cell.find(f"{W}tcPr/{W}gridSpan"), "1")
        for _ in range(min(int(span), 100) if span.isdigit() else 1):
            above[len(cells)] = text
            cells.append(text)
    return tuple(cells)


def words_of(element: ET.Element) -> str:
    """The text of a paragraph as one reads it: without what was struck out, with what was put in."""
    return "".join(_words(element))


def _words(element: ET.Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag == _FALLBACK:
            continue
        if child.tag in (f"{W}t", f"{M}t"):
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr", f"{W}p"):
            yield " "
            yield from _words(child)
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{M}sSup":
            yield from (_part(child, "e"), "^{", _part(child, "sup"), "}")
        elif child.tag == f"{M}f":
            yield from (_part(child, "num"), "/", _part(child, "den"))
        else:
            raised = _RAISED.get(value(child.find(f"{W}rPr/{W}vertAlign")), "") if child.tag == f"{W}r" else ""
            inner = "".join(_words(child))
            yield raised + inner if inner.strip() else inner


def _part(element: ET.Element, name: str) -> str:
    found = element.find(f"{M}{name}")
    return "" if found is None else words_of(found)


def read(data: bytes) -> Reading:
    """The blocks of a Word document.

    Raises:
        InvalidInput: It is broken.
    """
    zips.checked(data)
    document = zips.xml(data, "word/document.xml")
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise InvalidInput("the file is broken: a DOCX without a document in it")
    styles = Styles(zips.xml(data, "word/styles.xml"))
    reader = _Reader(body, styles, Numbering(zips.xml(data, "word/numbering.xml")))
    return Reading(tuple(reader.blocks), str(reader.text))
