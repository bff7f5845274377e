"""What kind of server is on each side, and what its user may do there."""

from dataclasses import dataclass

import psycopg

from arraigo.move.relational.sessions import Connection

# Schemas that a platform runs itself; they are of no use without its services.
PLATFORM_ROLES = frozenset({"supabase_admin", "authenticated", "service_role"})
PLATFORM_SCHEMAS = frozenset(
    {
        "auth", "storage", "realtime", "_realtime", "_analytics", "extensions", "graphql", "graphql_public", "vault",
        "pgbouncer", "pgsodium", "pgsodium_masks", "supabase_functions", "supabase_migrations", "net", "cron", "pgtle",
    }
)  # fmt: skip
# Of everybody's: Arraigo's own schemas stay where they are.
_OURS = ("arraigo", "arraigo_move", "arraigo_jobs")
_OF_MOVES = ("arraigo_fence", "arraigo_back")
_FACTS = """
SELECT current_setting('server_version_num')::int / 10000,
       current_user,
       r.rolsuper,
       r.rolsuper OR r.rolbypassrls,
       current_setting('wal_level'),
       current_setting('server_encoding'),
       pg_is_in_recovery(),
       ARRAY(SELECT nspname FROM pg_namespace
              WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1)::text[],
       ARRAY(SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' ORDER BY 1)::text[],
       ARRAY(SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'MEMBER') ORDER BY 1)::text[],
       (SELECT count(*) FROM pg_largeobject_metadata),
       coalesce((SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'), false)
  FROM pg_roles r
 WHERE r.rolname = current_user"""
_EXTENSIONS = """
SELECT a.name, a.default_version, a.installed_version, n.nspname,
       ARRAY(SELECT coalesce(p.proname, t.typname, o.opcname)
               FROM pg_depend d
               LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
               LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
               LEFT JOIN pg_opclass o ON d.classid = 'pg_opclass'::regclass AND o.oid = d.objid
              WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e')::text[]
  FROM pg_available_extensions a
  LEFT JOIN pg_extension e ON e.extname = a.name
  LEFT JOIN pg_namespace n ON n.oid = e.extnamespace"""


@dataclass(frozen=True, slots=True)
class Extension:
    """One that is installed or could be; its version and schema where it is installed, and its members' names."""

    name: str
    available: str
    installed: str | None
    schema: str | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """One side of a move.

    Attributes:
        version: Of the server, its first part.
        unbound: Whether row-level security does not bind the user.
        roles: Of the server. assumable: Those that the user may act as.
        large_objects: How many there are.
        lz4: Whether the server can compress so. xml: Whether it takes values of this type.
    """

    where: str
    database: str
    version: int
    user: str
    superuser: bool
    unbound: bool
    wal_level: str
    encoding: str
    standby: bool
    schemas: tuple[str, ...]
    roles: frozenset[str]
    assumable: frozenset[str]
    large_objects: int
    lz4: bool
    xml: bool
    extensions: dict[str, Extension]

    @property
    def platform(self) -> bool:
        """Whether a hosting platform's own schemas are in it."""
        return bool(self.roles & PLATFORM_ROLES)

    def may_act_as(self, role: str) -> bool:
        """Whether objects can be given to a role."""
        return role in self.roles and (self.superuser or role in self.assumable)


def _takes_xml(connection: Connection) -> bool:
    try:
        with connection.transaction():
            connection.execute("SELECT xmlparse(CONTENT '')")
    except psycopg.errors.FeatureNotSupported:
        return False
    return True


def facts_of(connection: Connection, where: str) -> Facts:
    """Look at a server."""
    row = connection.execute(_FACTS).fetchone()
    if row is None:
        raise AssertionError("the current user is a role")
    version, user, superuser, unbound, wal, encoding, standby, schemas, roles, assumable, objects, lz4 = row
    extensions = {
        name: Extension(name, available, installed, schema, frozenset(filter(None, members)))
        for name, available, installed, schema, members in connection.execute(_EXTENSIONS)
    }
    return Facts(
        where, connection.info.dbname, version, user, superuser, unbound, wal, encoding, standby, tuple(schemas),
        frozenset(roles), frozenset(assumable), objects, lz4, _takes_xml(connection), extensions,
    )  # fmt: skip


def left_behind(facts: Facts, wanted: tuple[str, ...]) -> dict[str, str]:
    """The schemas that do not move, each with the reason.

    Args:
        facts: Of the source.
        wanted: The schemas that were asked for; none: all but a platform's own.
    """
    own = "Arraigo's own: move it with arraigo db backup and restore"
    ours = dict.fromkeys(_OURS, own) | dict.fromkeys(_OF_MOVES, "what a move keeps in the database that it came from")
    left = {name: ours[name] for name in facts.schemas if name in ours}
    for name in facts.schemas:
        if name in left or name in wanted:
            continue
        if wanted:
            left[name] = "not among the schemas that were asked for"
        elif facts.platform and name in PLATFORM_SCHEMAS:
            left[name] = "the hosting platform's own; name it with --schema to move it all the same"
    return left
