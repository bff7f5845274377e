"""What differs between two tables, counted row by row: rows are paired by their key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Table
from arraigo.move.relational.fingerprints import expression
from arraigo.move.relational.replication.changed import key_columns
from arraigo.move.relational.replication.route import Connection, Route

_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One table: rows that the target alone has, that the source alone has, and that differ."""

    label: str
    added: int
    removed: int
    changed: int

    def __str__(self) -> str:
        return f"{self.label} ({self.added} rows added, {self.removed} removed, {self.changed} changed)"


def compare(route: Route, table: Table) -> Difference:
    """Count what the target (whose table it is) has otherwise than the source. Memory stays flat: both sides sort."""
    before = next(one for one in route.tables if one.label == table.label)
    with (
        route.source.connect() as source,
        route.target.connect() as target,
        source.transaction(),  # for the cursors
        target.transaction(),
    ):
        rows = (_rows(source, before, route), _rows(target, table, route))
        return _merged(table, *rows)


def _merged(table: Table, before: Iterator[tuple[Any, ...]], after: Iterator[tuple[Any, ...]]) -> Difference:
    added = removed = changed = 0
    one, other = next(before, None), next(after, None)
    while one is not None or other is not None:
        if one is None or (other is not None and other[0] < one[0]):
            added += 1
            other = next(after, None)
        elif other is None or one[0] < other[0]:
            removed += 1
            one = next(before, None)
        else:
            changed += one[1] != other[1]
            one, other = next(before, None), next(after, None)
    return Difference(table.label, added, removed, changed)


def _rows(connection: Connection, table: Table, route: Route) -> Iterator[tuple[Any, ...]]:
    """A digest of each row's key and its hash, in the digest's order; without a key, the hash is the key."""
    hashed = expression(table, any_encoding=route.any_encoding)
    keys = key_columns(table)
    texts = [sql.SQL("coalesce({}::text, '')").format(sql.Identifier(name)) for name in keys]
    key = sql.SQL("ROW({})::text").format(sql.SQL(", ").join(texts)) if keys else sql.SQL("({})::text").format(hashed)
    query = sql.SQL('SELECT md5({key}) AS k, {hashed} FROM ONLY {table} AS t ORDER BY md5({key}) COLLATE "C", 2')
    with psycopg.ServerCursor(connection, "arraigo_compare") as cursor:
        cursor.itersize = _AT_A_TIME
        yield from cursor.execute(query.format(key=key, hashed=hashed, table=table.sql))
