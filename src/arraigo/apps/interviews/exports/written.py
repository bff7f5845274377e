"""Pure: an interview as Markdown and as CSV."""

import csv
import io
from datetime import UTC

from arraigo.apps.interviews.exports.paper import Paper, Utterance, paper, quotes, without_points
from arraigo.apps.interviews.interview import Whole
from arraigo.apps.interviews.interviewer.types import Chapter, Point
from arraigo.web.files import defused, markdown, markdown_line

COLUMNS = ("interview_id", "sequence_number", "role", "content", "timestamp")


def as_csv(whole: Whole) -> bytes:
    """One row a message (RFC 4180), the columns named as in the JSON, whatever the interview's language.

    With a byte order mark, since Excel takes a file without one for the country's old code page and spoils every
    accent. With commas, since that is what programs expect; Excel in a country of semicolons wants "From text/CSV".
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for said in whole.messages:
        at = said.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        writer.writerow((whole.interview.id, said.number, said.role, defused(said.content, anywhere=True), at))
    return out.getvalue().encode("utf-8-sig")


def as_markdown(whole: Whole) -> bytes:
    """To be read: the facts, the summary with its quotes, and the transcript, each message a quotation."""
    shown = paper(whole)
    labels = shown.labels
    blocks = [f"# {labels.title}", "\n".join(f"- **{name}:** {markdown_line(value)}" for name, value in shown.facts)]
    if shown.chapters is not None:
        blocks += [f"## {labels.summary}", *(_chapter(chapter, shown) for chapter in shown.chapters)]
    blocks += [f"## {labels.transcript}", *([_said(said) for said in shown.utterances] or [labels.nothing_said])]
    return ("\n\n".join(blocks) + "\n").encode()


def _chapter(chapter: Chapter, shown: Paper) -> str:
    blocks = [f"### {markdown_line(chapter.title)}"]
    if note := without_points(chapter, shown.labels):
        blocks.append(f"*{note}*")
    if chapter.points:
        blocks.append("\n".join(_point(point) for point in chapter.points))
    return "\n\n".join(blocks)


def _point(point: Point) -> str:
    words = [(f" “{markdown_line(text)}”" if text else "") + rf" \[{number}\]" for text, number in quotes(point)]
    return f"- {markdown_line(point.text)}{''.join(words)}"


def _said(said: Utterance) -> str:
    text = "\n".join(f"> {line}".rstrip() for line in markdown(said.text).split("\n"))
    return f"**{said.speaker}** \\[{said.number}\\] · {said.at}\n\n{text}"
