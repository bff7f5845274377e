"""Tables to statements: a row is one, its cells named by the heads of their columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from arraigo.apps.testplans.plan import Language
from arraigo.apps.testplans.requirements.blocks import Block, Row, Table
from arraigo.apps.testplans.requirements.words.hyphens import joined
from arraigo.apps.testplans.requirements.words.language import language_of
from arraigo.apps.testplans.requirements.words.marks import IDENTIFIED
from arraigo.apps.testplans.requirements.words.mistakes import plain

_ID_HEAD = re.compile(
    r"(?:id|identificador|c[óo]digo|code|ref(?:erencia|erence)?\.?|n[.º°o]\.?|no\.|#|num\.?|number|regla|rule|"
    r"req(?:uisito|uirement)?\.?(?: id)?|hu|rf)",
    re.IGNORECASE,
)
_TEXT_HEAD = re.compile(
    r"(?:descripci[óo]n|requisitos?|requerimientos?|enunciado|regla(?: de negocio)?|"
    r"criterios?(?: de aceptaci[óo]n)?|detalle|texto|"
    r"description|requirements?|statement|(?:business )?rule|(?:acceptance )?criteri(?:a|on)|details?|"
    r"text)", re.IGNORECASE,
)  # fmt: skip
_GROUP: dict[Language, str] = {"es": "Grupo", "en": "Group"}
_SENTENCE_WORDS = 6
_LONGEST_HEAD = 60
_VALUE = re.compile(r"^[\s$€£<>≤≥=±+-]*\d")


@dataclass(frozen=True, slots=True)
class Told:
    """A row as a statement; `id` is the document's, empty where the row has none; `cells` are under their heads."""

    id: str
    text: str
    cells: dict[str, str]
    page: int | None
    line: int


def whole(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with a table that a page break cut as one table."""
    made: list[Block] = []
    for block in blocks:
        last = made[-1] if made else None
        if isinstance(block, Table) and isinstance(last, Table) and _goes_on(last, block):
            made[-1] = _one(last, block)
        else:
            made.append(block)
    return made


def _goes_on(first: Table, second: Table) -> bool:
    one, two = first.rows[-1], second.rows[0]
    if one.page is None or two.page is None or one.page == two.page:
        return False
    return _width(first) == _width(second)


def _one(first: Table, second: Table) -> Table:
    rows = list(second.rows)
    for head in first.rows[: first.heads or 2]:
        if rows and rows[0].cells == head.cells:
            del rows[0]
    before = list(first.rows)
    if rows and _is_rest(before[-1], rows[0]):
        rest = rows.pop(0)
        pairs = zip(before[-1].cells, rest.cells, strict=False)
        cells = tuple(joined([part for part in pair if part] or [""], frozenset()) for pair in pairs)
        before[-1] = replace(before[-1], cells=cells)
    return replace(first, rows=(*before, *rows))


def _is_rest(above: Row, row: Row) -> bool:
    """The lower part of a row that the page break cut: nothing in its first column, and a sentence goes on."""
    if row.cells[0] or not above.cells[0]:
        return False
    pairs = [pair for pair in zip(above.cells, row.cells, strict=False) if pair[1]]
    return any(below[:1].islower() or not re.search(r"[.;:!?]$", upper) for upper, below in pairs)


def _width(table: Table) -> int:
    return max(len(row.cells) for row in table.rows)


def heads_of(table: Table) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The names of the columns and the rows under them; no names where the table has no head."""
    rows = [replace(row, cells=tuple(plain(cell) for cell in row.cells)) for row in table.rows]
    count = table.heads if table.heads is not None else _guessed(rows)
    count = min(count, len(rows))
    if not count:
        return (), rows
    width = _width(table)
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in rows[:count]:
            cell = row.cells[column].rstrip(" :") if column < len(row.cells) else ""
            if cell and cell not in parts:
                parts.append(cell)
        names.append(" ".join(parts))
    return tuple(names), rows[count:]


def _guessed(rows: Sequence[Row]) -> int:
    """How many rows are the head: short words in every column, and no values among them."""
    if len(rows) < 2:  # noqa: PLR2004
        return 0
    first = rows[0].cells
    filled = [cell for cell in first if cell]
    if not filled or any(len(cell) > _LONGEST_HEAD or (cell.endswith(".") and " " in cell) for cell in filled):
        return 0
    if _id_of(first[0]) or any(_VALUE.match(cell) for cell in filled[:1]):
        return 0
    if len(first) == 2 and _VALUE.match(first[1]):  # noqa: PLR2004 - a name and its value
        return 0
    repeated = len(set(filled)) < len(filled)  # a head over several columns: the next row parts it
    return 2 if repeated and len(rows) > 2 and not any(_VALUE.match(cell) for cell in rows[1].cells[1:]) else 1  # noqa: PLR2004


def _id_of(cell: str) -> str:
    found = IDENTIFIED.match(cell + " ")
    return found.group("id") if found and found.end() >= len(cell) else ""


def statements_of(heads: Sequence[str], rows: Sequence[Row]) -> list[Told]:
    """The rows as statements; a row of one cell over all columns names the ones under it."""
    made: list[Told] = []
    group = ""
    for row in rows:
        distinct = {cell for cell in row.cells if cell}
        if len(row.cells) > 1 and len(distinct) == 1 and (len(row.cells) > 2 or not row.cells[-1]):  # noqa: PLR2004
            group = distinct.pop()
            continue
        if distinct:
            made.append(_told(heads, row, group))
    return made


def _told(heads: Sequence[str], row: Row, group: str) -> Told:
    identity, cells = "", list(enumerate(row.cells))
    named = [heads[at] if at < len(heads) else "" for at, _ in cells]
    for at, cell in cells[:2]:
        if _id_of(cell) and (at == 0 or _ID_HEAD.fullmatch(named[at])):
            identity = _id_of(cell)
            cells = [pair for pair in cells if pair[0] != at]
            break
    else:
        if named and _ID_HEAD.fullmatch(named[0]) and re.fullmatch(r"\d{1,4}", row.cells[0]):  # a row's number
            cells = cells[1:]
    spoken = [pair for pair in cells if is_sentence(pair[1], named[pair[0]])]
    first = spoken[0] if len(spoken) == 1 else None
    parts = [_named(named[at], cell) for at, cell in cells if cell and (at, cell) != first]
    if not heads and len(row.cells) == 2:  # noqa: PLR2004 - a name and its value
        text = ": ".join(cell for _, cell in cells if cell)
    elif first:
        lead = first[1] if re.search(r"[.!?]$", first[1]) else f"{first[1]}."
        text = f"{lead} {'; '.join(parts)}".strip()
    else:
        text = "; ".join(parts)
    if group:
        text = f"{_GROUP[language_of(text)]}: {group}; {text}"
    return Told(identity, _stopped(text), _cells(named, row, group), row.page, row.line)


def _cells(named: Sequence[str], row: Row, group: str) -> dict[str, str]:
    """All cells, empty ones too; a name and its value where there are no heads."""
    if not any(named):
        return {row.cells[0]: row.cells[1]} if len(row.cells) == 2 and row.cells[0] else {}  # noqa: PLR2004
    made: dict[str, str] = {}
    for head, cell in zip(named, row.cells, strict=True):
        made[head if head not in made else f"{head} ({len(made) + 1})"] = cell
    return {_GROUP[language_of(" ".join(row.cells))]: group, **made} if group else made


def is_sentence(cell: str, head: str) -> bool:
    """Whether a cell is a statement in words, and not a value: by the head of its column and its length."""
    return bool(_TEXT_HEAD.fullmatch(head)) and len(cell.split()) >= _SENTENCE_WORDS


def _named(head: str, cell: str) -> str:
    return f"{head}: {cell.rstrip('.')}" if head else cell.rstrip(".")


def _stopped(text: str) -> str:
    return text if not text or re.search(r"[.!?]$", text) else f"{text}."
