"""What following needs of a server, and what stands in the way: facts first, then the judgement, without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from arraigo.move.relational.catalog import Table

Connection = psycopg.Connection[Any]
_RESTART = "ALTER SYSTEM SET wal_level = 'logical' and start the server again (on RDS: rds.logical_replication = 1)"
# A non-superuser may subscribe as a member of this role, and may choose `origin = none`.
SUBSCRIBERS_SINCE = 16
_NAMED = 5  # in a sentence
# No equality: the apply worker cannot find such a row by all its columns.
_INCOMPARABLE = frozenset(
    f"pg_catalog.{name}" for name in ("json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle")
)
# One to be followed by, and two for the proof, which goes from one to the next.
_SLOTS = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server and its user may.

    Attributes:
        version: The major version.
        slots: Replication slots that are free.
        senders: WAL senders that are free.
        origins: Replication origins that are free: a subscription takes one.
        workers: Apply workers that the server may run at all.
        may_create: Whether schemas and publications may be made in this database.
        foreign: Tables that somebody else owns.
        always: Triggers that fire for replicated rows too.
        leftovers: Slots of ours, of whatever run: each keeps the server's log.
        kept: Megabytes of log that a slot may keep before it is given up; -1 without limit.
    """

    version: int
    wal_level: str
    standby: bool
    slots: int
    senders: int
    origins: int
    workers: int
    may_create: bool
    may_replicate: bool
    may_subscribe: bool
    foreign: tuple[str, ...]
    always: tuple[str, ...]
    leftovers: tuple[str, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something in the way.

    Attributes:
        stops: Whether nothing can be followed before it is out of the way; otherwise it is good to know.
    """

    what: str
    remedy: str
    stops: bool = True


# Members of rds_replication and rds_superuser hold by membership what elsewhere is an attribute of the role.
_FACTS = """
WITH me AS (
    SELECT r.rolsuper, r.rolreplication, ARRAY(
        SELECT g.rolname::text FROM pg_catalog.pg_roles g
         WHERE g.rolname IN ('rds_replication', 'rds_superuser', 'pg_create_subscription')
           AND pg_catalog.pg_has_role(r.oid, g.oid, 'MEMBER')) AS member
      FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
moved AS (SELECT c.oid, c.relowner, l
            FROM unnest(%(labels)s::text[], %(schemas)s::text[], %(names)s::text[]) AS told (l, schema, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = schema
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = name)
SELECT current_setting('server_version_num')::int / 10000,
       current_setting('wal_level'),
       pg_catalog.pg_is_in_recovery(),
       current_setting('max_replication_slots')::int
           - (SELECT count(*)::int FROM pg_catalog.pg_replication_slots WHERE slot_name <> ALL (%(ours)s)),
       current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_catalog.pg_stat_replication),
       coalesce(current_setting('max_active_replication_origins', true), current_setting('max_replication_slots'))::int
           - (SELECT count(*)::int FROM pg_catalog.pg_replication_origin),
       current_setting('max_logical_replication_workers')::int,
       has_database_privilege(current_database(), 'CREATE'),
       rolsuper OR rolreplication OR 'rds_replication' = ANY (member),
       rolsuper OR member && ARRAY['rds_superuser', 'pg_create_subscription'],
       ARRAY(SELECT l FROM moved WHERE NOT pg_catalog.pg_has_role(relowner, 'USAGE') ORDER BY l),
       ARRAY(SELECT l || '.' || t.tgname FROM moved JOIN pg_catalog.pg_trigger t ON t.tgrelid = moved.oid
              WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') ORDER BY 1),
       ARRAY(SELECT slot_name::text FROM pg_catalog.pg_replication_slots
              WHERE slot_name LIKE 'arraigo\\_%%' AND slot_name <> ALL (%(ours)s) ORDER BY 1),
       coalesce((SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'), -1)
  FROM me"""


def facts(connection: Connection, tables: Sequence[Table] = (), ours: Sequence[str] = ()) -> Facts:
    """Ask a server; `ours` are the slots of this run, which do not count."""
    values = {
        "labels": [table.label for table in tables],
        "schemas": [table.schema for table in tables],
        "names": [table.name for table in tables],
        "ours": list(ours),
    }
    row = connection.execute(_FACTS, values).fetchone() or ()
    given: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return Facts(*given)


def giver_hindrances(found: Facts, tables: Sequence[Table], where: str) -> list[Hindrance]:
    """What keeps a server from giving its changes, worst first."""
    hindrances = [*_server(found, where), *_tables(found, tables)]
    if found.leftovers:
        names = _first(found.leftovers)
        hindrances.append(
            Hindrance(
                f"{where} still has the slots of other runs: {names}, and each keeps its log",
                "end those runs, or drop what is left of them with pg_drop_replication_slot()",
                stops=False,
            )
        )
    if found.kept >= 0:
        hindrances.append(
            Hindrance(
                f"{where} gives a slot up once it is {found.kept} MB behind (max_slot_wal_keep_size)",
                "raise it if more may be written before the cut-over",
                stops=False,
            )
        )
    return hindrances


def taker_hindrances(found: Facts, where: str) -> list[Hindrance]:
    """What keeps a server from taking another's changes through a subscription of its own."""
    hindrances = []
    if not found.may_subscribe:
        remedy = (
            "GRANT pg_create_subscription to it" if found.version >= SUBSCRIBERS_SINCE else "take a superuser's address"
        )
        hindrances.append(Hindrance(f"the user at {where} may not create a subscription", remedy))
    if not found.may_create:
        hindrances.append(_no_create(where))
    if found.workers < 1:
        hindrances.append(
            Hindrance(f"{where} runs no apply workers", "raise max_logical_replication_workers and start it again")
        )
    if found.origins < 1:
        setting = "max_active_replication_origins" if found.version >= 18 else "max_replication_slots"  # noqa: PLR2004 - renamed then
        hindrances.append(Hindrance(f"{where} has no replication origin free", f"raise {setting} and start it again"))
    if found.always:
        hindrances.append(
            Hindrance(
                f"triggers at {where} fire for followed rows too (ENABLE ALWAYS or REPLICA): {_first(found.always)}",
                "ALTER TABLE ... ENABLE TRIGGER makes them fire for applications alone",
                stops=False,
            )
        )
    return hindrances


def _server(found: Facts, where: str) -> list[Hindrance]:
    hindrances = []
    if found.standby:
        hindrances.append(Hindrance(f"{where} is a standby", "take the primary's address"))
    if found.wal_level != "logical":
        hindrances.append(Hindrance(f"{where} runs at wal_level = {found.wal_level}, not logical", _RESTART))
    if not found.may_replicate:
        remedy = "ALTER ROLE ... REPLICATION, or on RDS GRANT rds_replication"
        hindrances.append(Hindrance(f"the user at {where} has no right to replicate", remedy))
    if not found.may_create:
        hindrances.append(_no_create(where))
    for what, setting, free in (
        ("slots", "max_replication_slots", found.slots),
        ("senders", "max_wal_senders", found.senders),
    ):
        if free < _SLOTS:
            hindrances.append(
                Hindrance(
                    f"{where} has {max(free, 0)} replication {what} free, and {_SLOTS} are needed",
                    f"raise {setting} and start it again",
                )
            )
    return hindrances


def _tables(found: Facts, tables: Sequence[Table]) -> list[Hindrance]:
    hindrances = []
    if found.foreign:
        hindrances.append(
            Hindrance(f"somebody else owns {_first(found.foreign)}", "take the address of a member of the owner")
        )
    for table in tables:
        if table.kind != "r":
            continue
        if table.persistence != "p":
            remedy = f"ALTER TABLE {table.label} SET LOGGED, or leave it out with --exclude {table.label}"
            hindrances.append(Hindrance(f"{table.label} is unlogged: its changes are in no log", remedy))
        elif not table.identity:
            # Published all the same, it would refuse every UPDATE and DELETE of the application.
            hindrances.append(
                Hindrance(
                    f"{table.label} has no replica identity, so that its changed rows cannot be told apart",
                    f"give it a primary key, or ALTER TABLE {table.label} REPLICA IDENTITY FULL, or --exclude it",
                )
            )
        elif not table.key and len(table.identity) == len(table.columns):
            hindrances += _by_all_columns(table)
    return hindrances


def _by_all_columns(table: Table) -> list[Hindrance]:
    without = [column.name for column in table.columns if column.base in _INCOMPARABLE]
    if without:
        return [
            Hindrance(
                f"{table.label} has no key, and its rows cannot be compared by {', '.join(without)}",
                "give it a primary key, or leave it out with --exclude",
            )
        ]
    return [
        Hindrance(
            f"{table.label} has no key: each changed row is looked for in the whole table, and it is proved whole",
            "give it a primary key for a short pause",
            stops=False,
        )
    ]


def _first(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _no_create(where: str) -> Hindrance:
    return Hindrance(f"the user at {where} may create nothing in the database", "GRANT CREATE ON DATABASE to it")
