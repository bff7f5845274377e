"""A paper as a PDF, by typst: a cover, an outline with dots, running heads, hyphens, tables that pages cut."""

import json

import typst

from support.papers.parts import Grid, Paper, Part, Points, Text, Title
from support.papers.rendering import entries


def as_pdf(paper: Paper) -> bytes:
    """The paper on A5, so that there are ten pages of it and its tables go over several."""
    return typst.compile(_source(paper).encode())


def _source(paper: Paper) -> str:
    said = json.dumps
    head = f"""
#set page(paper: "a5", margin: 16mm, header: text(8pt, {said(paper.header, ensure_ascii=False)}), footer: context [
  #text(8pt)[#{said(paper.footer, ensure_ascii=False)} #h(1fr) #counter(page).display("1 / 1", both: true)]])
#set text(10.5pt, lang: "{paper.language}", hyphenate: true)
#set par(justify: true)
#set table(stroke: 0.5pt)
#align(center + horizon, text(20pt, weight: "bold")[{paper.title}])
#pagebreak()
{_part(paper.history)}
#pagebreak()
#outline(title: [{paper.contents}])
#pagebreak()
"""
    made = list[str]()
    for part in paper.parts:
        if isinstance(part, Title) and part.level == 1 and made:
            made.append("#pagebreak()")
        made.append(_part(part))
    return head + "\n\n".join(made)


def _part(part: Part) -> str:
    if isinstance(part, Title):
        return f"#heading(level: {part.level}, {_string(part.text)})"
    if isinstance(part, Text):
        return f"#par[#{_string(part.text)}]"
    if isinstance(part, Points):
        return "\n".join(f"{'  ' * depth}- #{_string(entry)}" for depth, entry in entries(part))
    return _table(part)


def _table(grid: Grid) -> str:
    heads = ", ".join(f"[*#{_string(head)}*]" for head in grid.heads)
    rows = ",\n".join(", ".join(f"[#{_string(cell)}]" for cell in row) for row in grid.rows)
    columns = ", ".join(["auto"] + ["1fr"] * (len(grid.heads) - 1))
    return f"#par[#{_string(grid.caption)}]\n\n#table(columns: ({columns}), table.header({heads}),\n{rows})"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
