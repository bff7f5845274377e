"""HTML to blocks, by the standard library's parser: it takes any tag soup."""

import re
from html.parser import HTMLParser

from arraigo.apps.testplans.requirements.blocks import Block, Heading, Item, Paragraph, PlainText, Reading, Row, Table

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_UNREAD = {"script", "style", "template", "noscript", "svg", "nav", "footer", "title", "select", "button", "del", "s"}
_BLOCKS = {"p", "div", "section", "article", "main", "header", "aside", "blockquote", "pre", "figure", "figcaption"}
_BLOCKS |= {"ul", "ol", "dl", "dd", "form", "fieldset", "body", "html", "table", "hr", "address", "details", "summary"}
_BLOCKS |= {"caption", "thead", "tbody", "tfoot", "tr"}
_HEADING = re.compile(r"h[1-6]")
_MOST_SPAN = 100
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"<(?![^<>]*>)")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.text = PlainText()
        self._words: list[str] = []
        self._unread: list[str] = []
        self._lists: list[tuple[str, int]] = []
        self._kind = ""
        self._grids: list[_Grid] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unread:
            if tag not in _VOID and tag in self._unread:
                self._unread.append(tag)
            return
        if tag in _UNREAD:
            self._unread.append(tag)
        elif self._grids and tag != "table":
            self._in_table(tag, dict(attrs))
        elif tag == "br":
            self._words.append(" ")
        elif tag in ("sup", "sub"):
            self._words.append("^" if tag == "sup" else "_")
        elif _HEADING.fullmatch(tag) or tag in ("li", "dt") or tag in _BLOCKS:
            self._start(tag)

    def _start(self, tag: str) -> None:
        self.flush()
        if tag in ("ul", "ol"):
            self._lists.append((tag, 0))
        elif tag == "table":
            self._grids.append(_Grid())
        elif tag == "li" and self._lists:
            kind, count = self._lists[-1]
            self._lists[-1] = (kind, count + 1)
            self._kind = "li"
        elif _HEADING.fullmatch(tag) or tag in ("li", "dt"):
            self._kind = tag

    def handle_endtag(self, tag: str) -> None:
        if self._unread:
            if tag in self._unread:
                del self._unread[self._unread.index(tag) :]
            return
        if tag == "table" and self._grids:
            self._end_table()
        elif self._grids:
            if tag in ("p", "li", "div", "tr", "td", "th"):
                self._grids[-1].words.append(" ")
        elif tag == "dt":
            self._words.append(": ")
        elif _HEADING.fullmatch(tag) or tag == "li" or tag in _BLOCKS:
            self.flush()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            (self._grids[-1].words if self._grids else self._words).append(data)

    def flush(self) -> None:
        """End the block at hand."""
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if not text:
            return
        kind, self._kind = self._kind, ""
        line = self.text.add(text)
        if _HEADING.fullmatch(kind):
            self.blocks.append(Heading(text, int(kind[1]), None, line))
        elif kind in ("li", "dt"):
            ordered, count = self._lists[-1] if self._lists else ("ul", 0)
            marker = f"{count}." if ordered == "ol" else ""
            self.blocks.append(Item(text, marker, max(0, len(self._lists) - 1), None, line))
        else:
            self.blocks.append(Paragraph(text, None, line))

    def _in_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        grid = self._grids[-1]
        if tag == "tr":
            grid.row()
        elif tag in ("td", "th"):
            grid.cell(_span(attributes.get("colspan")), _span(attributes.get("rowspan")), head=tag == "th")
        elif tag in ("br", "p", "li", "div"):
            grid.words.append(" ")

    def _end_table(self) -> None:
        grid = self._grids.pop()
        rows = grid.filled()
        if self._grids:  # a table inside a cell: its words are the cell's
            self._grids[-1].words.append(" " + "; ".join(" ".join(row) for row in rows) + " ")
            return
        if grid.caption.strip():
            self._words.append(grid.caption)
            self.flush()
        told = [Row(row, None, self.text.add(" | ".join(row))) for row in rows]
        if told:
            self.blocks.append(Table(tuple(told), grid.heads() or None))

    def close(self) -> None:
        super().close()
        while self._grids:
            self._end_table()
        self.flush()


class _Grid:
    """The cells of one table, spans filled."""

    def __init__(self) -> None:
        self.rows: list[dict[int, tuple[list[str], bool]]] = []
        self.words: list[str] = []  # where what is read goes now
        self._captions = self.words
        self._pending: dict[int, tuple[int, list[str], bool]] = {}

    @property
    def caption(self) -> str:
        return "".join(self._captions)

    def row(self) -> None:
        self.rows.append({})
        for column, (left, words, head) in list(self._pending.items()):
            self.rows[-1][column] = (words, head)
            self._pending[column] = (left - 1, words, head)
            if left == 1:
                del self._pending[column]

    def cell(self, across: int, down: int, *, head: bool) -> None:
        if not self.rows:
            self.row()
        row, self.words = self.rows[-1], []
        column = 0
        while column in row:
            column += 1
        for place in range(column, column + across):
            row[place] = (self.words, head)
            if down > 1:
                self._pending[place] = (down - 1, self.words, head)

    def filled(self) -> list[tuple[str, ...]]:
        width = max((max(row, default=-1) + 1 for row in self.rows), default=0)
        made = [
            tuple(" ".join("".join(row[place][0]).split()) if place in row else "" for place in range(width))
            for row in self.rows
        ]
        return [row for row in made if any(row)]

    def heads(self) -> int:
        count = 0
        for row in self.rows:
            if not row or not all(head for _, head in row.values()):
                break
            count += 1
        return count


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPAN) if value and value.isascii() and value.isdigit() else 1


def read(text: str) -> Reading:
    """The blocks of a page; what is in its navigation, foot and scripts is left out."""
    reader = _Reader()
    # An opening that nothing closes makes the parser look through all of the rest, each time.
    reader.feed(_UNCLOSED.sub("&lt;", _COMMENT.sub(" ", text)))
    reader.close()
    return Reading(tuple(reader.blocks), str(reader.text))
