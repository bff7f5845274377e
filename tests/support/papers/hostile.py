"""Word and Excel files as people make them: numbers that Word computes, tracked changes, merged cells."""

from io import BytesIO

import docx
import xlsxwriter
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

_LEVELS = (("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "RF-%1-%3"))


def numbered_word() -> bytes:
    """Headings and requirements whose numbers are nowhere in the text, changes, a contents list, a merged table."""
    document = docx.Document()
    _numbering(document)
    body = document.element.body
    body.insert(0, _contents())
    for depth, text in (
        (0, "Cuentas"),
        (1, "Apertura"),
        (2, "El saldo inicial debe estar entre 10 y 500 euros."),
        (2, "El titular debe tener 18 años o más."),
        (1, "Cierre"),
        (0, "Tarjetas"),
        (2, "El PIN tiene 4 dígitos."),
    ):
        paragraph = document.add_heading(text, depth + 1) if depth < 2 else document.add_paragraph(text)
        _number(paragraph._p, depth)
    _tracked(document)
    _merged(document)
    document.add_paragraph("Fin del documento.").runs[0].font.size = Pt(8)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _numbering(document: Document) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for depth, (style, shown) in enumerate(_LEVELS)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def _number(paragraph: object, depth: int) -> None:
    properties = paragraph.get_or_add_pPr()  # type: ignore[attr-defined]
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>'))


def _contents() -> object:
    return parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        "</w:sdtPr><w:sdtContent><w:p><w:r><w:t>El saldo debe verse en la página "
        "3</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )


def _tracked(document: Document) -> None:
    document.add_paragraph()._p.extend(
        [
            parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">La comisión máxima es del </w:t></w:r>'),
            parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>9 %</w:delText></w:r></w:del>"),
            parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>7 %</w:t></w:r></w:ins>"),
            parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"> y no puede superar 10</w:t></w:r>'),
            parse_xml(f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r>'),
            parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"> euros.</w:t></w:r>'),
        ]
    )


def _merged(document: Document) -> None:
    table = document.add_table(rows=5, cols=4)
    for row, texts in enumerate(
        (
            ("Tarjeta", "Límites", "", "Costo"),
            ("", "Diario", "Mensual", ""),
            ("Débito", "300", "2.000", "0"),
            ("", "600", "4.000", "3"),
            ("Crédito", "1.000", "9.000", "5"),
        )
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for one, other in (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)), ((2, 0), (3, 0))):
        table.cell(*one).merge(table.cell(*other))


def merged_workbook() -> bytes:
    """A title over the table, merged heads and groups, shares, dates, and a sheet of its own for the glossary."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Fares")
    share = book.add_format({"num_format": "0.0%"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range("B2:F2", "Fares of the night bus")
    sheet.merge_range("B4:B5", "Zone")
    sheet.merge_range("C4:D4", "Fare")
    sheet.merge_range("E4:E5", "Discount")
    sheet.merge_range("F4:F5", "Valid from")
    sheet.write_row("C5", ["Adult", "Child"])
    sheet.merge_range("B6:B7", "Centre")
    for row, (adult, child, discount, date) in enumerate(((2.5, 1, 0.125, 46_000), (3, 1.5, 0.2, 46_032)), 5):
        sheet.write_row(row, 2, [adult, child])
        sheet.write(row, 4, discount, share)
        sheet.write(row, 5, date, day)
    rules = book.add_worksheet("Rules")
    rules.write_row(0, 0, ["No.", "Requirement", "Priority", "Owner"])
    rules.write_row(1, 0, [1, "A ticket must be bought at least 5 minutes before departure.", "High", "A. Example"])
    rules.write_row(2, 0, [2, "A ticket is valid for 90 minutes and cannot be refunded", "Low", "B. Example"])
    glossary = book.add_worksheet("Glossary")
    glossary.write_row(0, 0, ["Term", "Definition"])
    glossary.write_row(1, 0, ["Ticket", "What must be shown"])
    book.close()
    return stream.getvalue()
