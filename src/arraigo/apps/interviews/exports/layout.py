"""How a transcript looks on paper. Imported only where python-docx is installed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from arraigo.apps.interviews.exports.labels import Labels
from arraigo.web.files import visible

SPEAKER, SAID, NOTE = "Speaker", "Said", "Note"  # paragraph styles of our own
INK, GREY = RGBColor(0x1F, 0x2A, 0x37), RGBColor(0x5B, 0x65, 0x72)
_FONT = "Calibri"


def blank(labels: Labels, title: str, at: datetime) -> Document:
    """An empty A4 document in this language, with its styles and with numbers on its pages.

    Args:
        labels: The words of the language.
        title: What the file's properties call it; its author is nobody.
        at: When what it shows was changed last.
    """
    document = docx.Document()
    known = document.core_properties
    known.title, known.author, known.comments, known.language = title, "", "", labels.locale
    known.created = known.modified = at.astimezone(UTC)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    _styles(document, labels.locale)
    _page_numbers(section.footer.paragraphs[0], labels)
    return document


def facts(document: Document, rows: Sequence[tuple[str, str]]) -> None:
    """A table of two columns: what, and what it is."""
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    widths = Cm(4.5), Cm(11.5)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for texts in rows:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.add_run(visible(text))
        cells[0].paragraphs[0].runs[0].bold = True
        _shade(cells[0], "EEF1F5")


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no shading of its own


def _styles(document: Document, locale: str) -> None:
    styles = document.styles
    normal = cast("ParagraphStyle", styles["Normal"])
    normal.font.name, normal.font.size = _FONT, Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    normal.element.get_or_add_rPr().append(language)
    for name, size in (("Title", 24), ("Heading 1", 16), ("Heading 2", 13)):
        style = cast("ParagraphStyle", styles[name])
        style.font.size, style.font.color.rgb = Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # the theme's, which would win
        style.font.name = _FONT
    _style(document, SPEAKER, colour=GREY, before=8, after=1).paragraph_format.keep_with_next = True
    _style(document, SAID, colour=None, before=0, after=4).paragraph_format.left_indent = Cm(0.6)
    _style(document, NOTE, colour=GREY, before=0, after=6).font.italic = True


def _style(document: Document, name: str, *, colour: RGBColor | None, before: float, after: float) -> ParagraphStyle:
    style = cast("ParagraphStyle", document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = document.styles["Normal"]
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    if colour is not None:
        style.font.color.rgb = colour
        style.font.size = Pt(10)
    return style


def _page_numbers(paragraph: Paragraph, labels: Labels) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between = labels.page
    for text, instruction in ((f"{before} ", "PAGE"), (f" {between} ", "NUMPAGES")):
        paragraph.add_run(text)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), instruction)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields of its own
        run = OxmlElement("w:r")
        shown = OxmlElement("w:t")
        shown.text = "1"  # until a word processor counts
        run.append(shown)
        field.append(run)
