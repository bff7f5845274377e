"""What a database holds, as plain data: the same for two right copies, whatever versions their servers are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

from arraigo.move.relational import definitions
from arraigo.move.relational.names import label
from arraigo.postgres.queries import load

Connection = psycopg.Connection[Any]

_QUERIES = load(__package__, "catalog.sql")
_ASKED = """tables columns constraints indexes statistics sequences triggers event_triggers functions views rules
    extensions policies types grants default_grants comments others""".split()  # noqa: SIM905 - a list of words
# For the transaction that reads: names come qualified, joins are made as written, and no query waits for a compiler.
_PINNED = b"""SELECT set_config(name, value, true) FROM (VALUES ('search_path', ''), ('quote_all_identifiers', 'off'),
    ('jit', 'off'), ('join_collapse_limit', '1'), ('from_collapse_limit', '1')) s (name, value)"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        type: As SQL says it, qualified: `character varying(20)`, `public.mood`.
        base: The type that decides how it is hashed and copied, domains resolved: `pg_catalog.int8`, `public.mood`,
            with `[]` for arrays (an array's elements may be of a domain).
        kind: `pg_type.typtype` of the base, or of an array's element: b base, c composite, e enum, r range,
            m multirange, d domain (an element only).
        extension: The extension that the base, or an array's element, belongs to; or "".
        not_null: Whether it has no NULL: promised, and proved.
        default: The default, or what generates the column.
        generated: "", "s" stored, "v" virtual.
        identity: "", "a" always, "d" by default.
    """

    name: str
    type: str
    base: str
    kind: str
    extension: str
    not_null: bool
    default: str | None
    generated: str
    identity: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        kind: "r" table, "p" partitioned, "m" materialized view, "f" foreign.
        key: The primary key's columns, or ().
        identity: The replica identity's columns: () when there is none, every column for FULL.
        rows: The server's estimate; -1 unknown.
        bytes: Heap and TOAST, without indexes.
        persistence: "p" permanent, "u" unlogged.
        partition_of: The label of the table that it is a partition of, or "".
    """

    schema: str
    name: str
    kind: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    identity: tuple[str, ...]
    rows: int
    bytes: int
    persistence: str
    partition_of: str

    @property
    def label(self) -> str:
        """`public.registrations`, quoted as SQL where it needs to be."""
        return label(self.schema, self.name)

    @property
    def sql(self) -> sql.Identifier:
        """For composing statements."""
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """One foreign key; of a partitioned table, the parent's own alone.

    Attributes:
        full: Whether it is MATCH FULL.
        equals: The operator's schema and name by which each pair of columns is compared, parent first.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    references: str
    referenced: tuple[str, ...]
    definition: str
    valid: bool
    full: bool = False
    equals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """One sequence, where it stands, and the column that it belongs to (`public.registrations.id`) or ""."""

    name: str
    last_value: int
    is_called: bool
    increment: int
    owned_by: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """A database, or some of its schemas.

    Attributes:
        version: The server's major version.
        tables: By label; so are sequences.
        objects: By the check that compares them, each name with its definition.
        pieces: Of a check's name, those parts of its definition that another version may say otherwise.
        extensions: Each extension's version, which may differ between two right copies.
    """

    version: int
    tables: dict[str, Table]
    foreign_keys: tuple[ForeignKey, ...]
    sequences: dict[str, Sequence]
    objects: definitions.Definitions
    pieces: definitions.Pieces
    extensions: dict[str, str]


def read(connection: Connection, schemas: Iterable[str]) -> Catalog:
    """What these schemas hold, and what belongs to the whole database (extensions, event triggers).

    Members of extensions are left out, and whatever is Arraigo's own (schemas `arraigo*`, names `arraigo_*`). Two round
    trips in one transaction, or in the connection's own if it has one.

    Raises:
        psycopg.Error: The server refuses, or is gone.
    """
    asked = [schema for schema in schemas if not schema.startswith("arraigo")]
    with connection.transaction():
        rows = _rows(connection, asked)
        columns = _columns(rows["columns"])
        tables = {t.label: t for t in (_table(row, columns.get(row.oid, ())) for row in rows["tables"])}
        sequences = _sequences(connection, rows["sequences"])
    objects, pieces = definitions.objects(rows)
    return Catalog(
        version=connection.info.server_version // 10000,
        tables=tables,
        foreign_keys=tuple(_foreign_key(row) for row in rows["constraints"] if row.kind == "f"),
        sequences={s.name: s for s in sequences},
        objects=objects,
        pieces=pieces,
        extensions={row.name: row.version for row in rows["extensions"]},
    )


def _rows(connection: Connection, schemas: list[str]) -> dict[str, list[Any]]:
    cursors = {}
    with connection.pipeline():
        connection.execute(_PINNED)
        for name in _ASKED:
            query = getattr(_QUERIES, name)
            cursors[name] = psycopg.RawCursor(connection, row_factory=namedtuple_row)
            cursors[name].execute(query.sql, [schemas for _ in query.parameters])
        return {name: cursor.fetchall() for name, cursor in cursors.items()}


def _columns(rows: list[Any]) -> dict[int, tuple[Column, ...]]:
    found: dict[int, tuple[Column, ...]] = {}
    for row in rows:
        column = Column(
            name=row.name,
            type=row.type,
            base=f"{row.base_schema}.{row.base_name}{'[]' if row.is_array else ''}",
            kind=row.kind,
            extension=row.extension,
            not_null=row.not_null and not row.not_null_unproved,
            default=row.default,
            generated=row.generated,
            identity=row.identity,
        )
        found[row.oid] = (*found.get(row.oid, ()), column)
    return found


def _table(row: Any, columns: tuple[Column, ...]) -> Table:
    identity: tuple[str, ...] = ()
    if row.replica_identity == "f":
        identity = tuple(column.name for column in columns)
    elif row.replica_identity == "i":
        identity = tuple(row.identity_columns or ())
    elif row.replica_identity == "d" and row.key_immediate:
        identity = tuple(row.key)
    return Table(
        schema=row.schema,
        name=row.name,
        kind=row.kind,
        columns=columns,
        key=tuple(row.key or ()),
        identity=identity,
        rows=row.rows,
        bytes=row.bytes,
        persistence=row.persistence,
        partition_of=label(*row.parents[0]) if row.is_partition else "",
    )


def _foreign_key(row: Any) -> ForeignKey:
    return ForeignKey(
        name=row.name,
        table=label(row.schema, row.table),
        columns=tuple(row.columns),
        references=label(row.referenced_schema, row.referenced_table),
        referenced=tuple(row.referenced),
        definition=row.definition,
        valid=row.valid,
        full=row.match == "f",
        equals=tuple((schema, name) for schema, name in row.operators),
    )


def _sequences(connection: Connection, rows: list[Any]) -> list[Sequence]:
    if not rows:
        return []
    statement = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}::int, last_value, is_called FROM {}").format(n, sql.Identifier(row.schema, row.name))
        for n, row in enumerate(rows)
    )
    return [
        Sequence(
            name=label(rows[n].schema, rows[n].name),
            last_value=last_value,
            is_called=is_called,
            increment=rows[n].increment,
            owned_by=definitions.owned_by(rows[n]),
        )
        for n, last_value, is_called in connection.execute(statement)
    ]
