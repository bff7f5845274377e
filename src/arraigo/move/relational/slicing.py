"""Large tables in ranges of their key: each can be proved, and done again, by itself."""

from collections.abc import Sequence
from itertools import pairwise

from psycopg import sql

from arraigo.move.relational.catalog import Column, Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.sessions import Connection

_MOST = 64  # ranges of one table
_SAMPLE = 20_000  # rows that say where the ranges end
_TEXTS = frozenset({"pg_catalog.text", "pg_catalog.varchar", "pg_catalog.bpchar"})
_ORDERED = _TEXTS | {
    f"pg_catalog.{name}" for name in ("int2", "int4", "int8", "uuid", "date", "timestamp", "timestamptz", "numeric")
}


def slices(connection: Connection, table: Table, largest: int) -> list[Slice]:
    """A table in pieces of about `largest` bytes; one piece where it is smaller, or has no key to cut along."""
    pieces = min(_MOST, -(-table.bytes // max(1, largest)))
    column = next((one for one in table.columns if table.key and one.name == table.key[0]), None)
    if pieces < 2 or column is None or column.base not in _ORDERED:  # noqa: PLR2004 - one piece is no range
        return [Slice(table)]
    ends = _ends(connection, table, column, pieces)
    wheres = ranges(connection, column, ends)
    return [Slice(table, number, len(wheres), where) for number, where in enumerate(wheres, 1)]


def ranges(connection: Connection, column: Column, ends: Sequence[str]) -> list[str]:
    """The conditions of the ranges between these values: each row is in exactly one."""
    if not ends:
        return [""]
    # Two servers need not sort texts alike, but bytes they do.
    name = sql.SQL('{} COLLATE "C"' if column.base in _TEXTS else "{}").format(sql.Identifier(column.name))
    kind = sql.Identifier(*column.base.split("."))
    values = [sql.SQL("{}::{}").format(sql.Literal(end), kind) for end in ends]
    conditions = [sql.SQL("{} < {}").format(name, values[0])]
    conditions += [sql.SQL("{} >= {} AND {} < {}").format(name, low, name, high) for low, high in pairwise(values)]
    conditions.append(sql.SQL("{} >= {}").format(name, values[-1]))
    return [condition.as_string(connection) for condition in conditions]


def _ends(connection: Connection, table: Table, column: Column, pieces: int) -> list[str]:
    name = sql.Identifier(column.name)
    order = sql.SQL('{} COLLATE "C"' if column.base in _TEXTS else "{}").format(name)
    share = min(100.0, 100.0 * _SAMPLE / max(1, table.rows))
    row = connection.execute(
        sql.SQL(
            """SELECT (percentile_disc({}::float8[]) WITHIN GROUP (ORDER BY {}))::text[]
                 FROM ONLY {} TABLESAMPLE SYSTEM ({})"""
        ).format(sql.Literal([number / pieces for number in range(1, pieces)]), order, table.sql, sql.Literal(share))
    ).fetchone()
    found = row[0] if row and row[0] else []
    return list(dict.fromkeys(end for end in found if end is not None))
