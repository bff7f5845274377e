"""A paper as text, Markdown and HTML."""

from collections.abc import Iterator
from html import escape

from support.papers.parts import Grid, Paper, Points, Text, Title


def as_markdown(paper: Paper) -> bytes:
    """Markdown with a list of contents that leads to page numbers, as one copied from a word processor."""
    return "\n".join(_markdown(paper)).encode()


def _markdown(paper: Paper) -> Iterator[str]:
    yield from (f"# {paper.title}", "", *_grid(paper.history), f"## {paper.contents}", "")
    titles = [part for part in paper.parts if isinstance(part, Title)]
    yield from (f"{'  ' * part.level}{part.text} {'.' * 20} {page}" for page, part in enumerate(titles, 3))
    yield ""
    for part in paper.parts:
        if isinstance(part, Title):
            yield f"{'#' * (part.level + 1)} {part.text}\n"
        elif isinstance(part, Text):
            yield part.text.replace("RF-01", "**RF-01**") + "\n"
        elif isinstance(part, Points):
            yield from (f"{'  ' * depth}- {entry}" for depth, entry in entries(part))
            yield ""
        else:
            yield from _grid(part)


def _grid(grid: Grid) -> Iterator[str]:
    yield f"{grid.caption}\n"
    yield f"| {' | '.join(grid.heads)} |"
    yield f"|{' --- |' * len(grid.heads)}"
    yield from (f"| {' | '.join(row)} |" for row in grid.rows)
    yield ""


def entries(points: Points) -> Iterator[tuple[int, str]]:
    """The entries with their depth."""
    for entry in points.entries:
        if isinstance(entry, str):
            yield 0, entry
        else:
            yield 0, entry[0]
            yield from ((1, inner) for inner in entry[1:])


def as_text(paper: Paper, width: int = 76, height: int = 40) -> bytes:
    """Text as a printer got it: wrapped lines, pages with a header and a footer, tables set with spaces."""
    lines = [paper.title, "", *_columns(paper.history), "", paper.contents, ""]
    lines += [f"{part.text} {'.' * 30} 7" for part in paper.parts if isinstance(part, Title)]
    lines.append("")
    for part in paper.parts:
        if isinstance(part, Title):
            lines += ["", part.text, ""]
        elif isinstance(part, Text):
            lines += [*_wrapped(part.text, width), ""]
        elif isinstance(part, Points):
            for depth, entry in entries(part):
                first, *rest = _wrapped(entry, width - 6)
                lines += [f"{'   ' * depth} - {first}", *(f"{'   ' * depth}   {line}" for line in rest)]
            lines.append("")
        else:
            lines += [*_columns(part), ""]
    pages = [lines[at : at + height] for at in range(0, len(lines), height)]
    return "\f".join(
        "\n".join([paper.header, "", *page, "", paper.footer, f"- {number} / {len(pages)} -"])
        for number, page in enumerate(pages, 1)
    ).encode()


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = list[str](), ""
    for word in text.split():
        if line and len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _columns(grid: Grid) -> list[str]:
    rows = [grid.heads, *grid.rows]
    widths = [max(len(row[at]) for row in rows) + 3 for at in range(len(grid.heads))]
    return [
        grid.caption,
        "",
        *("".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows),
    ]


def as_html(paper: Paper) -> bytes:
    """A page with a menu, a script and a foot."""
    body = []
    for part in paper.parts:
        if isinstance(part, Title):
            body.append(f"<h{part.level + 1}>{escape(part.text)}</h{part.level + 1}>")
        elif isinstance(part, Text):
            body.append(f"<p>{escape(part.text)}</p>")
        elif isinstance(part, Points):
            body.append(_list(part))
        else:
            body.append(_html_grid(part))
    return (
        f"<!DOCTYPE html><html lang={paper.language}><head><title>x</title><style>p {{ must: 1 }}</style></head><body>"
        f"<nav><ul><li>{escape(paper.header)} must</li></ul></nav><h1>{escape(paper.title)}</h1>"
        f"{_html_grid(paper.history)}{''.join(body)}<footer>{escape(paper.footer)}</footer>"
        "<script>if (a < 4) { must() }</script></body></html>"
    ).encode()


def _list(points: Points) -> str:
    made = ""
    for entry in points.entries:
        if isinstance(entry, str):
            made += f"<li>{escape(entry)}</li>"
        else:
            inner = "".join(f"<li>{escape(one)}</li>" for one in entry[1:])
            made += f"<li>{escape(entry[0])}<ul>{inner}</ul></li>"
    return f"<ul>{made}</ul>"


def _html_grid(grid: Grid) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in grid.heads)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in grid.rows)
    return f"<table><caption>{escape(grid.caption)}</caption><tr>{heads}</tr>{rows}</table>"
