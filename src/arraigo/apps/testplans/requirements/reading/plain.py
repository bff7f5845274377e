"""Text and Markdown to blocks: the same lines, with the marks of Markdown where they are."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from arraigo.apps.testplans.requirements.blocks import PlainText, Reading, Table
from arraigo.apps.testplans.requirements.reading.lines import RUN_IN_LEVEL, Line, Piece, blocks_of, numbered_lists
from arraigo.apps.testplans.requirements.reading.running import PAGE_OF, without_running_heads
from arraigo.apps.testplans.requirements.reading.texttables import BORDER, table_at
from arraigo.apps.testplans.requirements.words.marks import IDENTIFIED

_ATX = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,}|~{3,})\s*$")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|={3,})$")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\(([^()\s]*)(?:\s+\"[^\"]*\")?\)|!?\[([^\]\[]+)\]\[[^\]]*\]")
_EMPHASIS = re.compile(r"(?<![\w\\])(\*\*\*|\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<!--.{0,500}?-->")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_CONTENTS = re.compile(r"\s*(?:[-*+]|\d+\.)\s+\[[^\]]*\]\(#[^)]*\)\s*$")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_TASK = re.compile(r"^(\s*[-*+]\s+)\[[ xX]\]\s+")
# "**Delivery.** The runner …": a heading in its paragraph.
_RUN_IN = re.compile(r"(?:\*\*|__)(?P<head>[A-ZÁÉÍÓÚÑ¿][^*_.:\n]{2,60})[.?](?:\*\*|__)\s+(?=\S)")
_TAB = 4


def read(text: str, *, markdown: bool) -> Reading:
    """The blocks of a text; form feeds part its pages."""
    told = PlainText(1 if "\f" in text else None)
    sources: list[list[str]] = []
    starts: list[int] = []
    for index, page in enumerate(re.split("\f", re.sub(r"\r\n?|[\x0b\x85\u2028\u2029]", "\n", text))):
        if index:
            told.turn()
        lines = page.split("\n")
        starts.append(told.add(lines[0]))
        for line in lines[1:]:
            told.add(line)
        sources.append([line.expandtabs(_TAB) if "\t" not in line.strip() else line for line in lines])
    paged = len(sources) > 1
    pages: list[list[Piece]] = [
        list(
            _pieces(
                _body(source) if markdown else source, index + 1 if paged else None, starts[index], markdown=markdown
            )
        )
        for index, source in enumerate(sources)
    ]
    if paged:
        pages = _without_running(pages)
    blocks = numbered_lists(list(blocks_of([piece for page in pages for piece in page])))
    return Reading(tuple(blocks), str(told))


def _without_running(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    lines = [[piece for piece in page if isinstance(piece, Line)] for page in pages]
    kept = {line.line for page in without_running_heads(lines) for line in page}
    return [[piece for piece in page if isinstance(piece, Table) or piece.line in kept] for page in pages]


def _body(lines: list[str]) -> list[str]:
    """The lines with the front matter blanked."""
    if lines and lines[0].strip() == "---":
        for index, line in enumerate(lines[1:60], 1):
            if line.strip() in ("---", "..."):
                return [""] * (index + 1) + lines[index + 1 :]
    return lines


def _pieces(lines: Sequence[str], page: int | None, start: int, *, markdown: bool) -> Iterator[Piece]:
    gap, fence, index = True, "", 0
    while index < len(lines):
        line = lines[index]
        number = start + index
        index += 1
        opened = _FENCE.match(line) if markdown else None
        if fence or opened:  # code is an example
            if opened and (not fence or line.strip().startswith(fence)):
                fence = "" if fence else opened.group(1)
            gap = True
            continue
        found = table_at(lines, index - 1, page, start, clean=clean if markdown else str.strip)
        if found:
            table, index = found
            yield table
            gap = True
            continue
        following = lines[index] if index < len(lines) else ""
        level = _heading(line, following, markdown=markdown)
        if level and not _ATX.match(line):
            index += 1
        text = line
        if level and markdown:
            heading = _ATX.match(line)
            text = (heading.group(2) or "") if heading else line
        if (
            not text.strip()
            or PAGE_OF.fullmatch(text)
            or _RULE.match(text)
            or BORDER.match(text)
            or (markdown and _CONTENTS.match(text))
        ):
            gap = True
            continue
        run_in = _RUN_IN.match(text) if markdown and gap and not level else None
        if run_in and not IDENTIFIED.match(run_in["head"]):
            yield Line(clean(run_in["head"]), page, number, gap=True, level=RUN_IN_LEVEL)
            text, gap = text[run_in.end() :], True
        yield _line(text, page, number, level=level, gap=gap, markdown=markdown)
        gap = bool(level) or (markdown and line.endswith("  "))


def _heading(line: str, following: str, *, markdown: bool) -> int:
    heading = _ATX.match(line) if markdown else None
    if heading:
        return len(heading.group(1))
    under = _UNDERLINE.match(following)
    if not under or not line.strip() or line.lstrip().startswith(("|", "-", "*", ">", "#")):
        return 0
    if not markdown and abs(len(under.group(0).strip()) - len(line.strip())) > _TAB:
        return 0
    return 1 if under.group(1).startswith("=") else 2


def _line(text: str, page: int | None, number: int, *, level: int, gap: bool, markdown: bool) -> Line:
    if not markdown:
        return Line(" ".join(text.split()), page, number, 0, False, gap, len(text) - len(text.lstrip()), level)
    text = _TASK.sub(r"\1", _QUOTE.sub("", text))
    bare = text.strip()
    bold = bool(re.fullmatch(r"(\*\*|__)[^*_]+\1:?", bare)) and not level
    return Line(clean(text), page, number, 0, bold, gap, len(text) - len(text.lstrip()), level)


def clean(text: str) -> str:
    """The words of Markdown without its marks; mathematics and code keep theirs."""
    parts = re.split(r"(`+[^`]*`+|\$[^$]+\$)", text)
    made = "".join(
        part.strip("`") if part.startswith("`") else part if part.startswith("$") else _unmarked(part) for part in parts
    )
    return " ".join(made.split())


def _unmarked(text: str) -> str:
    text = _LINK.sub(lambda found: found.group(1) or found.group(3) or "", _TAG.sub(" ", text))
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    # A mark around code or mathematics is in two parts.
    text = text.replace("**", "")
    return _ESCAPED.sub(r"\1", text)


def looks_like_markdown(text: str) -> bool:
    """Headings or a table as Markdown writes them."""
    lines = text[:20_000].split("\n")
    headings = sum(bool(re.match(r"#{1,6} \S", line)) for line in lines)
    ruled = any("|" in one and re.fullmatch(r"\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*", two) for one, two in pairwise(lines))
    return headings > 1 or ruled
