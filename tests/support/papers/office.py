"""A paper as a Word document and as a workbook."""

from io import BytesIO

import docx
import xlsxwriter
from docx.document import Document
from docx.oxml import OxmlElement

from support.papers.parts import Grid, Paper, Points, Text, Title
from support.papers.rendering import entries


def as_docx(paper: Paper) -> bytes:
    """A Word document with styles, a header, a footer and a repeated table head."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = paper.header
    document.sections[0].footer.paragraphs[0].text = paper.footer
    document.add_paragraph(paper.title, style="Title")
    _word_grid(document, paper.history)
    document.add_paragraph(paper.contents)
    for part in paper.parts:
        if isinstance(part, Title):
            document.add_paragraph(f"{part.text}{'.' * 30}\t3")
    for part in paper.parts:
        if isinstance(part, Title):
            document.add_heading(part.text, part.level)
        elif isinstance(part, Text):
            document.add_paragraph(part.text)
        elif isinstance(part, Points):
            for depth, entry in entries(part):
                document.add_paragraph(entry, style="List Bullet 2" if depth else "List Bullet")
        else:
            _word_grid(document, part)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_grid(document: Document, grid: Grid) -> None:
    document.add_paragraph(grid.caption)
    table = document.add_table(rows=0, cols=len(grid.heads))
    for row in (grid.heads, *grid.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def as_xlsx(paper: Paper) -> bytes:
    """A workbook: a sheet of the history, one of statements by section, one for each table."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    _sheet(book, "Historial" if paper.language == "es" else "History", paper.history)
    sheet = book.add_worksheet("Requisitos" if paper.language == "es" else "Requirements")
    row = 0
    grids: list[Grid] = []
    for part in paper.parts:
        if isinstance(part, Title):
            row += 1
            sheet.write(row, 0, part.text)
            row += 1
        elif isinstance(part, Text):
            sheet.write(row, 0, part.text)
        elif isinstance(part, Points):
            for depth, entry in entries(part):
                sheet.write(row, depth, f"- {entry}")
                row += 1
        else:
            grids.append(part)
        row += 1
    for number, grid in enumerate(grids, 1):
        _sheet(book, f"T{number}", grid)
    hidden = book.add_worksheet("Oculta")
    hidden.write(0, 0, "El sistema debe ignorar esta hoja oculta.")
    hidden.hide()
    book.close()
    return stream.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, grid: Grid) -> None:
    sheet = book.add_worksheet(name)
    sheet.write(0, 0, grid.caption)
    for number, row in enumerate((grid.heads, *grid.rows), 2):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
