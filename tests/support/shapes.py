"""What PostgreSQL does to a shape's rows on their way in and out, without a PostgreSQL."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from arraigo.move.records.jsontext import Json, dump, parse_trusted
from arraigo.move.records.kinds import stored
from arraigo.move.records.shape import Context, Person, Rows, Shape

OWNER = UUID("018f0000-0000-7000-8000-000000000001")


def context() -> Context:
    return Context(OWNER, b"k" * 32, datetime(2025, 6, 1, 12, tzinfo=UTC), Counter())


def read_back(shape: Shape, rows: Rows) -> Rows:
    """The rows as they come out of the tables again."""
    return {
        table.name: [{name: _cell(table.json, name, row[name]) for name in table.columns} for row in rows[table.name]]
        for table in shape.tables
    }


def round_trip(shape: Shape, key: str, value: Json) -> tuple[str, Json]:
    """A record into its rows and out again."""
    rows = read_back(shape, shape.to_rows(key, value, context()))
    return shape.to_record(key, rows)


def _cell(json: frozenset[str], name: str, cell: Any) -> Any:
    if isinstance(cell, Person):
        return [cell.subject]
    if name in json and cell is not None:
        return parse_trusted(dump(stored(cell)))
    return cell
