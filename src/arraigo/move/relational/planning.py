"""What a move of a database would do: what is there, in what order, what cannot move, and how long. Writes nothing."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase

import psycopg
from psycopg import sql

from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.relational import catalog, expectation, facts, layers, refusals, rehearsal
from arraigo.move.relational.adapting import Adapted, adapt
from arraigo.move.relational.catalog import Catalog, Table
from arraigo.move.relational.dump import schema_of
from arraigo.move.relational.facts import Facts
from arraigo.move.relational.formats import format_of
from arraigo.move.relational.plans import Hindrance, Options, Plan, PlannedTable, Script, Sides
from arraigo.move.relational.rehearsal import Refusal
from arraigo.move.relational.sessions import Connection, connected, explained
from arraigo.move.reports import ACCEPTED, Transformation
from arraigo.postgres.target import Target

_BYTES_A_SECOND = 60e6  # with indexes and the proof, on two cores
_LOCK_WAIT = "30s"
_EXCLUSIVE = """
SELECT relation::regclass::text, pid FROM pg_locks
 WHERE mode = 'AccessExclusiveLock' AND granted AND pid <> pg_backend_pid() AND relation >= 16384
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY relation LIMIT 1"""


@contextmanager
def snapshot(connection: Connection) -> Iterator[str]:
    """One moment of the source, for every connection that works on it; its name."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    wait_briefly(connection)
    try:
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield row[0] if row else ""
    finally:
        if not connection.broken:
            connection.execute("ROLLBACK")


def wait_briefly(connection: Connection) -> None:
    """Wait for nobody's lock for long in this transaction."""
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_LOCK_WAIT)))


def look(source: Connection, where: str, target: Connection | None, there: str, options: Options) -> Sides:
    """What both sides are, and what of the source moves.

    Raises:
        InvalidInput: A schema or table that was named is not there.
    """
    here = facts.facts_of(source, where)
    for name in options.schemas:
        if name not in here.schemas:
            raise InvalidInput(
                f"there is no schema {name!r} in {here.database} at {where}",
                safe="nothing was changed",
                remedy=f"there are: {', '.join(here.schemas)}",
            )
    left = facts.left_behind(here, options.schemas)
    schemas = tuple(name for name in here.schemas if name not in left)
    try:
        found = catalog.read(source, schemas)
    except psycopg.errors.LockNotAvailable:
        raise  # for `unlocked`, who looks whose lock it is
    except psycopg.Error as error:  # of the source, whatever other session is open around it
        raise explained(error, where) from error
    other = facts.facts_of(target, there) if target is not None else None
    return Sides(here, other, _chosen(found, options), left, schemas)


def make(
    source: Target,
    name: str,
    sides: Sides,
    target: Connection | None,
    options: Options,
    done: Collection[str] = (),
    dropped: Collection[str] = (),
) -> Plan:
    """The plan of a move out of a snapshot.

    Args:
        source: The database.
        name: The snapshot's.
        sides: What both servers are.
        target: Where the schema is rehearsed; None: it is not.
        options: What was asked for.
        done: The steps that a run has made before: what it makes first is rehearsed, where it is new.
        dropped: The labels of what that run left behind.
    """
    all_tables = {table.label for table in sides.catalog.tables.values()}
    tables_left = tuple(_tables_left(options, all_tables))
    moved = _without(sides.catalog, tables_left)
    owned = [one for one in sides.catalog.sequences if one not in moved.sequences]
    script = schema_of(source, name, without_schemas=list(sides.left), without_tables=[*tables_left, *owned])
    there = sides.target or sides.source
    adapted = adapt(script, sides.source, there, tuple(sides.left))
    entries, roles_left = rehearsal.with_owners(adapted.entries, there)
    new = [one for one in entries if not done or not (one.after_data or one.step in done)]
    refused = rehearsal.rehearse(target, [one for one in new if one.label not in dropped]) if target else []
    refused = [refusals.with_extension(one, moved, adapted.extensions_left) for one in refused]
    accepted, cannot = refusals.judged(refused, options.accepted, there)
    behind = {*dropped, *(one.entry.label for one in accepted)}
    kept = tuple(entry for entry in entries if entry.label not in behind)
    return Plan(
        source=_place(sides.source),
        target=_place(sides.target) if sides.target else {},
        tables=_planned(moved, sides),
        cannot_move=(*cannot, *_data_that_cannot(moved, sides, options)),
        accepted=tuple(entry.label for entry in entries if entry.label in behind),
        left_out=dict(sides.left) | dict.fromkeys(tables_left, "left out with --table or --exclude"),
        transformations=(
            *_told(adapted, accepted, roles_left, there, moved),
            *_left(sides, moved, options),
        ),
        expected=tuple(expectation.checks(options.expected, moved)) if options.expected else (),
        seconds=sum(table.bytes for table in moved.tables.values()) / _BYTES_A_SECOND + len(kept) * 0.004,
        cycles=tuple(n for n, level in layers.levels(moved.tables, moved.foreign_keys).items() if level.cyclic),
        script=Script(
            kept,
            adapted,
            tuple(entry for entry in entries if entry.label in behind),
            frozenset(roles_left),
            sides.schemas,
            tables_left,
        ),
    )


@contextmanager
def unlocked(source: Target) -> Iterator[None]:
    """What waits in vain for somebody's lock on the source, says whose.

    Raises:
        Unavailable: Somebody holds a table for longer than is waited for.
    """
    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        with connected(source) as other:
            held = other.execute(_EXCLUSIVE).fetchone() or ("a table", "unknown")
        raise Unavailable(
            f"{held[0]} is locked on the source by process {held[1]}, for more than {_LOCK_WAIT}",
            safe="nothing was copied",
            remedy="end that session or wait for it, then run the same command again",
        ) from error


def lock(connection: Connection, tables: Sequence[Table]) -> None:
    """Hold the tables as they are: nobody drops or alters one while it is copied.

    Raises:
        psycopg.errors.LockNotAvailable: Somebody else holds one.
    """
    names = [table.sql for table in tables if table.kind in "rp"]
    if names:
        what = sql.SQL(", ").join(sql.SQL("ONLY {}").format(name) for name in names)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(what))


def moved_catalog(found: Catalog, options: Options) -> Catalog:
    """Of a catalog, what moves: without the tables that were left out."""
    return _without(found, tuple(_tables_left(options, set(found.tables))))


def _chosen(found: Catalog, options: Options) -> Catalog:
    for name in (*options.tables, *options.excluded):
        if not any(fnmatchcase(table, expectation.label_of(name)) for table in found.tables):
            raise InvalidInput(
                f"there is no table {name!r} on the source",
                safe="nothing was changed",
                remedy="write it as SCHEMA.TABLE, as arraigo move plan shows it",
            )
    return found


def _tables_left(options: Options, labels: set[str]) -> list[str]:
    def any_of(label: str, patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(label, expectation.label_of(pattern)) for pattern in patterns)

    kept = {label for label in labels if not options.tables or any_of(label, options.tables)}
    return sorted(labels - {label for label in kept if not any_of(label, options.excluded)})


def _without(found: Catalog, left: Sequence[str]) -> Catalog:
    if not left:
        return found
    gone = set(left)
    return replace(
        found,
        tables={label: table for label, table in found.tables.items() if label not in gone},
        foreign_keys=tuple(key for key in found.foreign_keys if key.table not in gone and key.references not in gone),
        sequences={n: one for n, one in found.sequences.items() if one.owned_by.rpartition(".")[0] not in gone},
    )


def _planned(moved: Catalog, sides: Sides) -> tuple[PlannedTable, ...]:
    found = layers.levels(moved.tables, moved.foreign_keys)
    both = same_extensions(sides)
    rows = [
        PlannedTable(t.label, t.rows, t.bytes, found[t.label].number, format_of(t, both), _notes(t))
        for t in moved.tables.values()
        if t.kind == "r"
    ]
    return tuple(sorted(rows, key=lambda one: (one.level, one.name)))


def same_extensions(sides: Sides) -> dict[str, bool]:
    """Of each extension of the source, whether the target has or will have the same version."""
    there = sides.target.extensions if sides.target else {}
    return {
        name: name in there and (there[name].installed or there[name].available) == extension.installed
        for name, extension in sides.source.extensions.items()
        if extension.installed
    }


def _notes(table: Table) -> tuple[str, ...]:
    notes = []
    if not table.key:
        notes.append("no primary key")
    if table.persistence == "u":
        notes.append("unlogged")
    if table.partition_of:
        notes.append(f"partition of {table.partition_of}")
    if any(column.generated for column in table.columns):
        notes.append("generated columns are made again")
    return tuple(notes)


def _data_that_cannot(moved: Catalog, sides: Sides, options: Options) -> Iterator[Hindrance]:
    for table in moved.tables.values():
        if table.kind == "f" and not _accepts(options, f"foreign table {table.label}"):
            way = f"--exclude {table.label}, or move it empty: --accept 'foreign table {table.label}'"
            yield Hindrance(f"foreign table {table.label}", "its rows are on another server", way)
    for table in moved.tables.values():
        if sides.target and not sides.target.xml and any(c.base == "pg_catalog.xml" for c in table.columns):
            yield Hindrance(table.label, "the target was built without XML", f"leave it out: --exclude {table.label}")
    if sides.target and not sides.target.unbound:
        for label in _binding_their_owner(moved):
            yield Hindrance(
                label,
                f"its forced row-level security binds the target's user {sides.target.user}, who could not prove it",
                f"give that user BYPASSRLS, or until it is over: ALTER TABLE {label} NO FORCE ROW LEVEL SECURITY",
            )
    if sides.source.large_objects and not _accepts(options, "large objects"):
        yield Hindrance(
            f"{sides.source.large_objects:,} large objects",
            "they stand outside every table",
            "keep them as bytea, or do without: --accept 'large objects'",
        )
    if sides.target and sides.source.encoding != sides.target.encoding:
        yield Hindrance(
            f"the encoding {sides.source.encoding}",
            f"the target's is {sides.target.encoding}",
            f"make the target's database with ENCODING '{sides.source.encoding}' TEMPLATE template0",
        )


def _binding_their_owner(moved: Catalog) -> Iterator[str]:
    for name in moved.tables:
        definition = moved.objects["tables"].get(name, "").splitlines()
        if "row security" in definition and "row security forced" in definition:
            yield name


def _accepts(options: Options, name: str) -> bool:
    return any(refusals.fits(name, pattern) for pattern in options.accepted)


def _told(
    adapted: Adapted, accepted: Sequence[Refusal], roles_left: set[str], there: Facts, moved: Catalog
) -> Iterator[Transformation]:
    yield from adapted.told
    for role in sorted(roles_left):
        yield Transformation(
            f"what belonged to {role} belongs to {there.user}", "the target's user may not act as it", 1
        )
    for one in accepted:
        yield Transformation(f"{one.entry.label} was left out", f"{one.reason}; {ACCEPTED}", 1)
    views = sum(table.kind == "m" for table in moved.tables.values())
    if views:
        yield Transformation("materialized views were refreshed", "their rows are made from the tables'", views)


def _left(sides: Sides, moved: Catalog, options: Options) -> Iterator[Transformation]:
    """Rows that stay behind because somebody said so."""
    for table in moved.tables.values():
        if table.kind == "f" and _accepts(options, f"foreign table {table.label}"):
            yield Transformation(f"the rows of {table.label} were left out", f"they are elsewhere; {ACCEPTED}", 1)
    if sides.source.large_objects and _accepts(options, "large objects"):
        told = f"they stand outside every table; {ACCEPTED}"
        yield Transformation("large objects were left out", told, sides.source.large_objects)


def _place(one: Facts) -> dict[str, str]:
    return {"kind": "postgresql", "location": one.where, "database": one.database, "version": str(one.version)}
