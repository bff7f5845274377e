"""Rows as texts, cell by cell, as PostgreSQL itself writes them, and as lines of COPY's text format.

What is written and what is read back can then be compared as it stands, without a parse.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

from arraigo.move.records.jsontext import JsonText, dump
from arraigo.move.records.shape import Person, Row, Table

Cells: TypeAlias = tuple[str | None, ...]
_SPECIAL = re.compile(r"[\x08-\x0d]")
_ESCAPES = str.maketrans({"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"})
_NOBODY: Mapping[Person, UUID] = {}


def line(table: Table, row: Row, people: Mapping[Person, UUID]) -> str:
    """One row of COPY's text format, without the end of the line (PostgreSQL manual, COPY, "Text Format")."""
    return "\t".join(["\\N" if cell is None else _escaped(cell) for cell in cells(table, row, people)])


def cells(table: Table, row: Row, people: Mapping[Person, UUID] = _NOBODY) -> Cells:
    """One row's texts, in the order of the table's columns."""
    return tuple([_text(table, name, row[name], people) for name in table.columns])


def _text(table: Table, name: str, cell: Any, people: Mapping[Person, UUID]) -> str | None:
    kind = cell.__class__
    if cell is None or kind is JsonText or (kind is str and name not in table.json):
        return cell  # type: ignore[no-any-return]
    if name in table.json:
        return dump(cell)
    if kind is datetime:
        return moment(cell)
    return str(people[cell]) if kind is Person else str(cell)


def moment(at: datetime) -> str:
    """A `timestamptz` in UTC, as it is written where DateStyle is ISO."""
    text = str(at if at.tzinfo is UTC else at.astimezone(UTC))[:-6]
    return (text.rstrip("0") if at.microsecond else text) + "+00"


def _escaped(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text if _SPECIAL.search(text) is None else text.translate(_ESCAPES)
