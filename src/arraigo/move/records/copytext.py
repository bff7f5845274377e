"""Rows as lines of COPY's text format, as PostgreSQL itself writes them (its manual, COPY, "Text Format").

What is written and what is read back can then be compared as it stands, without a parse.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from arraigo.move.records.jsontext import JsonText, dump
from arraigo.move.records.shape import Person, Row, Table

_ESCAPES = ((b"\b", b"\\b"), (b"\t", b"\\t"), (b"\n", b"\\n"), (b"\v", b"\\v"), (b"\f", b"\\f"), (b"\r", b"\\r"))
_NULL = JsonText("\\N")  # by identity
_NOBODY: Mapping[Person, UUID] = {}


def lines(table: Table, rows: Sequence[Row], people: Mapping[Person, UUID] = _NOBODY) -> bytes:
    """Rows of one table, each with the end of its line."""
    return by_table((table,), {table.name: rows}, people)[0]


def by_table(
    tables: Sequence[Table], rows: Mapping[str, Sequence[Row]], people: Mapping[Person, UUID] = _NOBODY
) -> list[bytes]:
    """A record's lines, one table's after the other's."""
    texts: list[str] = []
    said: dict[int, str] = {}  # by identity: ids and dates often stand in several cells
    for table in tables:
        for row in rows[table.name]:
            held = [row[name] for name in table.columns]
            for place in table.json_places:
                cell = held[place]
                if cell.__class__ is not JsonText and cell is not None:
                    held[place] = JsonText(dump(cell))
            texts += [
                cell
                if cell.__class__ is str or cell.__class__ is JsonText
                else said.get(id(cell)) or _said(cell, people, said)
                for cell in held
            ]
    cells, at, found = escaped_each(texts), 0, []
    for place, text in enumerate(texts):
        if text is _NULL:
            cells[place] = b"\\N"
    for table in tables:
        end = at + len(table.columns) * len(rows[table.name])
        found.append(in_lines(cells[at:end], len(table.columns)))
        at = end
    return found


def _said(cell: Any, people: Mapping[Person, UUID], said: dict[int, str]) -> str:
    kind = cell.__class__
    if kind is datetime:
        text = moment(cell)
    elif cell is None:
        text = _NULL
    else:
        text = str(people[cell]) if kind is Person else str(cell)
    said[id(cell)] = text
    return text


def digest(found: Sequence[bytes]) -> bytes:
    """What stands for a record's lines, given by table."""
    return sha256(b"\0".join(found)).digest()


def escaped_each(texts: Sequence[str]) -> list[bytes]:
    """Texts as they stand in lines."""
    return escaped("\0".join(texts)).split(b"\0") if texts else []  # all at once: no text holds NUL


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
