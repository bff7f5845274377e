"""Makes the example in an empty database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol

from arraigo.demo.companion.chance import Row
from arraigo.demo.companion.generate import tables
from arraigo.errors import Conflict

_ROLES = "0-roles"
_BEFORE_ROWS = ["1-platform", "2-core", "3-companion", "4-calls", "5-health", "6-analysis"]
_AFTER_ROWS = ["7-behaviour", "8-rights"]
_EVENT_TRIGGERS = "9-event-triggers"

_OCCUPIED = b"""
SELECT EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text
                IN ('public', 'auth', 'storage', 'private'))
"""
_SET_SEQUENCES = """
do $$
declare
  it record;
begin
  for it in
    select s.oid::regclass as sequence, d.refobjid::regclass as place, a.attname as field
      from pg_class s
      join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace
  loop
    execute format('select setval(%L, max(%I)) from %s', it.sequence, it.field, it.place);
  end loop;
end
$$
"""


class Connection(Protocol):
    """What of a psycopg connection is used here: only `postgres` and `move` know psycopg itself."""

    def execute(self, query: Any, /) -> Any:
        """Run statements."""

    def cursor(self) -> Any:
        """A cursor, for COPY."""

    def transaction(self) -> AbstractContextManager[Any]:
        """All or nothing."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """Which of the example's extensions the server has to offer."""

    pgvector: bool
    uuid_ossp: bool


def extensions_of(connection: Connection) -> Extensions:
    """What the server has of `vector` and `uuid-ossp`."""
    found = connection.execute(b"SELECT name FROM pg_catalog.pg_available_extensions").fetchall()
    names = {row[0] for row in found}
    return Extensions(pgvector="vector" in names, uuid_ossp="uuid-ossp" in names)


def make_roles(connection: Connection) -> None:
    """Make the roles that the example's objects belong and are granted to, where the server has none of that name."""
    with connection.transaction():
        connection.execute(_sql(_ROLES, Extensions(pgvector=False, uuid_ossp=False)))


def build(
    connection: Connection,
    *,
    scale: int = 1,
    uuid_ossp: bool,
    progress: Callable[[str, int], None] | None = None,
) -> None:
    """Make the example's tables, rows, functions, triggers, policies and roles.

    On an empty database, in one transaction. The roles are made where the server has none of that name; event triggers
    only by a superuser. Without pgvector on the server, vectors are arrays of `real` and have no index.

    Args:
        connection: A psycopg connection of a superuser; or of the database's owner, where he may create roles and
            somebody who may has put `vector` into a schema `extensions`.
        scale: How many times the documented volumes; 1 gives about 75 thousand rows.
        uuid_ossp: Whether ids come from `uuid-ossp`, or from `gen_random_uuid()`.
        progress: Called with each table's name and number of rows when they are in.

    Raises:
        Conflict: The database is not empty.
    """
    if connection.execute(_OCCUPIED).fetchone()[0]:
        raise Conflict(
            "the example needs an empty database, and this one has tables",
            safe="nothing was changed",
            remedy="create one",
        )
    has = Extensions(pgvector=extensions_of(connection).pgvector, uuid_ossp=uuid_ossp)
    # Roles are the server's: made first and apart, so that another build need not wait for this one.
    make_roles(connection)
    with connection.transaction():
        for name in _BEFORE_ROWS:
            connection.execute(_sql(name, has))
        for table, rows in tables(scale, pgvector=has.pgvector):
            count = _fill(connection, table, rows)
            if progress is not None:
                progress(table, count)
        connection.execute(_SET_SEQUENCES.encode())
        for name in _AFTER_ROWS:
            connection.execute(_sql(name, has))
        if connection.execute(b"SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
            connection.execute(_sql(_EVENT_TRIGGERS, has))
        connection.execute(b"ANALYZE")


def _fill(connection: Connection, table: str, rows: Iterator[Row]) -> int:
    """Copy the rows of one table, as its owner; rows may leave out columns that their defaults or NULL fill."""
    every = list(rows)
    columns = list(dict.fromkeys(column for row in every for column in row))
    listed = ", ".join(f'"{column}"' for column in columns)
    if table.startswith("public."):
        connection.execute(b"SET ROLE cerca_owner")
    with connection.cursor().copy(f"COPY {table} ({listed}) FROM STDIN".encode()) as copy:
        for row in every:
            copy.write_row([row.get(column) for column in columns])
    connection.execute(b"RESET ROLE")
    return len(every)


def _sql(name: str, has: Extensions) -> bytes:
    """One file of statements, without what the server does not have."""
    text = files("arraigo.demo.companion").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    if not has.uuid_ossp:
        lines = [line for line in lines if 'extension if not exists "uuid-ossp"' not in line]
        lines = [line.replace("extensions.uuid_generate_v4()", "gen_random_uuid()") for line in lines]
    if not has.pgvector:
        lines = [line for line in lines if "extension if not exists vector" not in line and "using hnsw" not in line]
        lines = [line.replace("extensions.vector(1536)", "real[]") for line in lines]
    return "".join(lines).encode()
