"""The fingerprint of a table's rows, made by the server that holds them: how many there are, the sum of their hashes.

A sum sees a doubled row; it does not depend on the order; that of two parts is that of the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Connection, Table
from arraigo.move.relational.hashing import cell, expression

__all__ = ["Fingerprint", "combine", "expression", "fingerprint", "fingerprint_of_keys"]

_MODULUS = 1 << 64


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows, and the sum of their hashes modulo 2^64 in 16 hexadecimal digits."""

    rows: int = 0
    hash: str = "0" * 16

    def plus(self, other: "Fingerprint") -> "Fingerprint":
        """Of both parts together."""
        return _fingerprint(self.rows + other.rows, int(self.hash, 16) + int(other.hash, 16))

    def minus(self, other: "Fingerprint") -> "Fingerprint":
        """Without that part."""
        return _fingerprint(self.rows - other.rows, int(self.hash, 16) - int(other.hash, 16))


def combine(parts: Iterable[Fingerprint]) -> Fingerprint:
    """Of all parts together."""
    whole = Fingerprint()
    for part in parts:
        whole = whole.plus(part)
    return whole


def fingerprint(
    connection: Connection, table: Table, where: sql.Composable | None = None, *, any_encoding: bool = False
) -> Fingerprint:
    """Of a table's own rows (not its partitions' or children's), or of those that a condition holds for.

    Args:
        connection: Of either side; what it reads is what its snapshot has.
        table: As this side's catalog has it.
        where: A condition on its columns, which are `t`'s.
        any_encoding: As for `expression`.

    Raises:
        psycopg.Error: The server refuses, or is gone.
    """
    source = sql.SQL("ONLY {} AS t").format(table.sql)
    if where is not None:
        source = sql.SQL("{} WHERE {}").format(source, where)
    return _ask(connection, expression(table, any_encoding=any_encoding), source, ())


def fingerprint_of_keys(
    connection: Connection, table: Table, keys: Sequence[Sequence[str | None]], *, any_encoding: bool = False
) -> Fingerprint:
    """Of the rows whose replica identity is among these; what is named twice counts once, what is not there not at all.

    Args:
        connection: As for `fingerprint`.
        table: One that has an identity.
        keys: A text per column of `table.identity`, in its order.
        any_encoding: As for `expression`.

    Raises:
        psycopg.Error: The server refuses, or is gone; or a text is none of its column's type.
    """
    columns = {column.name: column for column in table.columns}
    named = [columns[name] for name in table.identity]
    texts = [[key[n] for key in keys] for n in range(len(named))]
    names = [sql.Identifier(f"k{n}") for n in range(len(named))]
    given = sql.SQL("ROWS FROM ({}) AS u ({})").format(
        _list(sql.SQL(f"unnest(${n}::text[])") for n in range(1, len(named) + 1)), _list(names)
    )
    if table.key != table.identity and len(named) == len(columns):  # whole rows: NULLs, and types without equality
        wanted = sql.SQL("SELECT DISTINCT ROW({})::text AS k FROM {}").format(_list(names), given)
        found = sql.SQL("ROW({})::text = k.k").format(_list(sql.SQL("{}::text").format(cell(c)) for c in named))
    else:
        casts = (sql.SQL(f"{{0}}::{c.type} AS {{0}}").format(k) for k, c in zip(names, named, strict=True))
        wanted = sql.SQL("SELECT DISTINCT {} FROM {}").format(_list(casts), given)
        equal = (sql.SQL("{} = k.{}").format(cell(c), k) for k, c in zip(names, named, strict=True))
        found = sql.SQL(" AND ").join(equal)
    source = sql.SQL("({}) AS k JOIN ONLY {} AS t ON {}").format(wanted, table.sql, found)
    return _ask(connection, expression(table, any_encoding=any_encoding), source, texts)


def _ask(connection: Connection, hashed: sql.Composable, source: sql.Composable, values: Sequence[Any]) -> Fingerprint:
    statement = sql.SQL("SELECT count(*), coalesce(sum({}), 0) FROM {}").format(hashed, source)
    ((rows, total),) = psycopg.RawCursor(connection).execute(statement, values).fetchall()
    return _fingerprint(rows, int(total))


def _fingerprint(rows: int, total: int) -> Fingerprint:
    return Fingerprint(rows, f"{total % _MODULUS:016x}")


def _list(parts: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)
