"""What only the rows can say, on either side: orphans, sequences behind their tables, the rows that somebody counts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from arraigo.errors import InvalidInput
from arraigo.move.relational.catalog import Catalog, Connection, ForeignKey, Sequence, Table
from arraigo.move.relational.names import quoted, unquoted

_INTEGERS = {"pg_catalog.int2", "pg_catalog.int4", "pg_catalog.int8"}


@dataclass(frozen=True, slots=True)
class Behind:
    """A sequence whose next number is in its table already, or would be soon."""

    sequence: str
    column: str
    next: int
    highest: int


@dataclass(frozen=True, slots=True)
class Matching:
    """A table's rows, and those of them that a condition holds for."""

    rows: int
    matching: int


def orphans(connection: Connection, catalog: Catalog, keys: Iterable[ForeignKey] | None = None) -> dict[str, int]:
    """For each foreign key, how many rows refer to one that is not there; by `public.calls.calls_person_fkey`.

    Args:
        connection: Of the side whose catalog it is.
        catalog: That side's.
        keys: Those to look at; all where not given.

    Raises:
        psycopg.Error: The server refuses, or is gone.
    """
    found = {}
    for key in catalog.foreign_keys if keys is None else keys:
        row = connection.execute(_orphans(catalog, key)).fetchone()
        found[f"{key.table}.{quoted(key.name)}"] = row[0] if row else 0
    return found


def sequences_behind(connection: Connection, catalog: Catalog) -> list[Behind]:
    """The sequences that give a column's default or identity and would give a number that is taken.

    Sequences that start over are left out: theirs are taken by design.

    Args:
        connection: Of the side whose catalog it is.
        catalog: That side's, whose positions are the ones that are looked at.

    Raises:
        psycopg.Error: The server refuses, or is gone.
    """
    cycling = {name for name, text in catalog.objects["sequences"].items() if "\ncycle" in text}
    used = [(s, t, column) for s, t, column in _used(catalog) if s.name not in cycling]
    if not used:
        return []
    statement = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}::int, {}({}) FROM {}").format(
            n, sql.SQL("max" if s.increment > 0 else "min"), sql.Identifier(column), table.sql
        )
        for n, (s, table, column) in enumerate(used)
    )
    found = []
    for n, highest in connection.execute(statement):
        sequence, table, column = used[n]
        following = sequence.last_value + (sequence.increment if sequence.is_called else 0)
        if highest is not None and (highest - following) * sequence.increment >= 0:
            found.append(Behind(sequence.name, f"{table.label}.{quoted(column)}", following, highest))
    return found


def critical_rows(connection: Connection, catalog: Catalog, conditions: Mapping[str, str]) -> dict[str, Matching]:
    """Count a table's rows and those that a condition holds for, in a transaction that may only read.

    Args:
        connection: Of the side whose catalog it is.
        catalog: That side's.
        conditions: By a table's name (`registrations` where there is one in any schema, or with its schema), the
            owner's own SQL; what it names without a schema is looked for in the table's.

    Raises:
        InvalidInput: There is no such table, or the server cannot ask that of it.
        psycopg.OperationalError: The server is gone.
    """
    return {name: _matching(connection, _table(catalog, name), text) for name, text in conditions.items()}


def _orphans(catalog: Catalog, key: ForeignKey) -> sql.Composed:
    child, parent = (
        sql.SQL("{}{}").format(sql.SQL("" if table.kind == "p" else "ONLY "), table.sql)
        for table in (catalog.tables[key.table], _named(catalog, key.references))
    )
    columns = [sql.SQL("c.{}").format(sql.Identifier(name)) for name in key.columns]
    referenced = [sql.SQL("p.{}").format(sql.Identifier(name)) for name in key.referenced]
    operators = [sql.SQL("OPERATOR({}.{})").format(sql.Identifier(s), sql.SQL(o)) for s, o in key.equals]
    pairs = [
        sql.SQL("{} {} {}").format(p, operator, c)
        for p, operator, c in zip(referenced, operators, columns, strict=True)
    ]
    nulls = [sql.SQL("{} IS NULL").format(column) for column in columns]
    some_null, all_null = sql.SQL(" OR ").join(nulls), sql.SQL(" AND ").join(nulls)
    if re.search(r"\bPERIOD\b", key.definition):  # a parent's periods may hold a child's together
        covered = sql.SQL("coalesce({} <@ (SELECT range_agg({}) FROM {} p WHERE {}), false)").format(
            columns[-1], referenced[-1], parent, sql.SQL(" AND ").join(pairs[:-1])
        )
    else:
        covered = sql.SQL("EXISTS (SELECT FROM {} p WHERE {})").format(parent, sql.SQL(" AND ").join(pairs))
    referring = sql.SQL("NOT ({})").format(all_null if key.full else some_null)
    return sql.SQL("SELECT count(*) FROM {} c WHERE {} AND NOT {}").format(child, referring, covered)


def _used(catalog: Catalog) -> Iterable[tuple[Sequence, Table, str]]:
    """The columns that a sequence gives numbers to: it belongs to them, or is in their default."""
    for table in catalog.tables.values():
        for column in table.columns:
            if column.base not in _INTEGERS or table.partition_of:
                continue
            own = f"{table.label}.{quoted(column.name)}"
            for sequence in catalog.sequences.values():
                literal = sequence.name.replace("'", "''")
                if sequence.owned_by == own or column.default == f"nextval('{literal}'::regclass)":
                    yield sequence, table, column.name


def _table(catalog: Catalog, name: str) -> Table:
    found = [t for t in catalog.tables.values() if name in {t.label, f"{t.schema}.{t.name}", t.name}]
    if len(found) == 1:
        return found[0]
    what = "is in several schemas" if found else "is not among the tables"
    raise InvalidInput(f"{name}, whose rows shall be counted, {what}", remedy="name it with its schema")


def _named(catalog: Catalog, name: str) -> Table:
    """A table that a foreign key refers to; it may be in a schema that was not read."""
    if name in catalog.tables:
        return catalog.tables[name]
    schema, table = (unquoted(part) for part in re.findall(r'"(?:[^"]|"")+"|[^.]+', name))
    return Table(schema, table, "r", (), (), (), -1, 0, "p", "")


def _matching(connection: Connection, table: Table, condition: str) -> Matching:
    statement = sql.SQL("SELECT count(*), count(*) FILTER (WHERE ({}\n)) FROM {}").format(sql.SQL(condition), table.sql)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET TRANSACTION READ ONLY")
            connection.execute("SELECT set_config('search_path', quote_ident(%s), true)", (table.schema,))
            # Raw and prepared: one statement and no more, with no sign in it that means something to the driver.
            row = psycopg.RawCursor(connection).execute(statement, (), prepare=True).fetchone()
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:  # only what speaks of definitions is repeated: anything else may quote a row
        said = error.diag.message_primary if (error.sqlstate or "").startswith("42") else type(error).__name__
        raise InvalidInput(f"the condition on {table.label} cannot be asked: {said}", remedy="correct it") from error
    return Matching(*row) if row else Matching(0, 0)
