"""Rows as lines of COPY's text format, as PostgreSQL itself writes them (its manual, COPY, "Text Format").

What is written and what is read back can then be compared as it stands, without a parse.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from arraigo.move.records.jsontext import JsonText, Unfit, dump
from arraigo.move.records.shape import Person, Row, Table

_ESCAPES = ((b"\b", b"\\b"), (b"\t", b"\\t"), (b"\n", b"\\n"), (b"\v", b"\\v"), (b"\f", b"\\f"), (b"\r", b"\\r"))
_NOBODY: Mapping[Person, UUID] = {}


def lines(table: Table, rows: Sequence[Row], people: Mapping[Person, UUID] = _NOBODY) -> bytes:
    """Rows of one table, each with the end of its line."""
    return by_table((table,), {table.name: rows}, people)[0]


def by_table(
    tables: Sequence[Table], rows: Mapping[str, Sequence[Row]], people: Mapping[Person, UUID] = _NOBODY
) -> list[bytes]:
    """A record's lines, one table's after the other's."""
    cells: list[Any] = []
    for table in tables:
        for row in rows[table.name]:
            held = table.cells_of(row)
            for place in table.json_places:
                if held[place].__class__ is not JsonText and held[place] is not None:
                    held = (*held[:place], JsonText(dump(held[place])), *held[place + 1 :])
            cells += held
    texts, at, found = _said(cells, people), 0, []
    for table in tables:
        end = at + len(table.columns) * len(rows[table.name])
        found.append(in_lines(texts[at:end], len(table.columns)))
        at = end
    return found


def _said(cells: list[Any], people: Mapping[Person, UUID]) -> list[bytes]:
    """Cells as they stand in lines; the list is written over."""
    nulls = []
    said: dict[int, str] = {}  # by identity: ids and dates often stand in several cells
    for place, cell in enumerate(cells):
        kind = cell.__class__
        if kind is str or kind is JsonText:
            continue
        if cell is None:
            nulls.append(place)
            cells[place] = ""
        elif (text := said.get(id(cell))) is not None:
            cells[place] = text
        else:
            text = moment(cell) if kind is datetime else str(people[cell] if kind is Person else cell)
            cells[place] = said[id(cell)] = text
    found = escaped_each(cells)
    for place in nulls:
        found[place] = b"\\N"
    return found


def digest(found: Sequence[bytes]) -> bytes:
    """What stands for a record's lines, given by table, in whatever order: servers sort texts in ways of their own."""
    return sha256(b"\0".join([b"".join(sorted(lines.splitlines(keepends=True))) for lines in found])).digest()


def escaped_each(texts: Sequence[str]) -> list[bytes]:
    """Texts as they stand in lines.

    Raises:
        Unfit: One holds NUL.
    """
    found = escaped("\0".join(texts)).split(b"\0") if texts else []  # all at once
    if len(found) != len(texts):
        raise Unfit("has a text with NUL, which PostgreSQL cannot keep")
    return found


def in_lines(cells: Sequence[bytes], width: int) -> bytes:
    """Cells, so many to a line."""
    found = [b"\t".join(cells[start : start + width]) for start in range(0, len(cells), width)]
    return b"\n".join([*found, b""])


def escaped(text: str) -> bytes:
    """A text as it stands in a line."""
    found = text.encode()
    if b"\\" in found:
        found = found.replace(b"\\", b"\\\\")
    for one, instead in _ESCAPES:
        if one in found:
            found = found.replace(one, instead)
    return found


def moment(at: datetime) -> str:
    """A `timestamptz` in UTC, as it is written where DateStyle is ISO."""
    text = str(at if at.tzinfo is UTC else at.astimezone(UTC))[:-6]
    return (text.rstrip("0") if at.microsecond else text) + "+00"
