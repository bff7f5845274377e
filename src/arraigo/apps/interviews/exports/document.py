"""An interview as a Word document. Imported only where python-docx is installed."""

import io

from docx.document import Document

from arraigo.apps.interviews.exports import layout
from arraigo.apps.interviews.exports.paper import Paper, Utterance, paper, quotes, without_points
from arraigo.apps.interviews.interview import Whole
from arraigo.apps.interviews.interviewer.types import Chapter, Point
from arraigo.web.files import visible


def as_docx(whole: Whole) -> bytes:
    """To be handed in: the facts in a table, the summary with its quotes, the transcript, pages with numbers."""
    shown = paper(whole)
    labels = shown.labels
    document = layout.blank(labels, f"{labels.title} {whole.interview.id}", whole.interview.updated_at)
    document.add_paragraph(labels.title, style="Title")
    layout.facts(document, shown.facts)
    if shown.chapters is not None:
        document.add_heading(labels.summary, 1)
        for chapter in shown.chapters:
            _chapter(document, chapter, shown)
    document.add_heading(labels.transcript, 1)
    for said in shown.utterances:
        _said(document, said)
    if not shown.utterances:
        document.add_paragraph(labels.nothing_said, style=layout.NOTE)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _chapter(document: Document, chapter: Chapter, shown: Paper) -> None:
    document.add_heading(_text(chapter.title), 2)
    if note := without_points(chapter, shown.labels):
        document.add_paragraph(note, style=layout.NOTE)
    for point in chapter.points:
        _point(document, point)


def _point(document: Document, point: Point) -> None:
    paragraph = document.add_paragraph(_text(point.text), style="List Bullet")
    for text, number in quotes(point):
        if text:
            paragraph.add_run(" “")
            paragraph.add_run(_text(text)).italic = True
            paragraph.add_run("”")
        paragraph.add_run(f"\N{NO-BREAK SPACE}[{number}]")


def _said(document: Document, said: Utterance) -> None:
    """Two paragraphs: who spoke, and everything they said."""
    head = document.add_paragraph(style=layout.SPEAKER)
    speaker = head.add_run(said.speaker)
    speaker.bold = True
    if said.by_participant:
        speaker.font.color.rgb = layout.INK
    head.add_run(f" [{said.number}] · {said.at}")
    document.add_paragraph(_text(said.text), style=layout.SAID)


def _text(text: str) -> str:
    return visible(text.replace("\r\n", "\n"))  # one line break, not two
