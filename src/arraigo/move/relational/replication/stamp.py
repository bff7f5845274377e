"""Whether anything was created, altered or dropped since: cheap enough to ask in the pause."""

from collections.abc import Iterable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

# A catalog's row that was changed has another xmin or place. pg_class alone changes by itself (VACUUM, ANALYZE, and our
# triggers), and pg_trigger has ours.
_STAMP = """
WITH moved AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (%(schemas)s)),
     relation AS (SELECT oid FROM pg_catalog.pg_class
                   WHERE relnamespace IN (TABLE moved) AND relpersistence <> 't'),
     line (one) AS (
    SELECT concat_ws(' ', oid, relname, relnamespace, relowner, relkind, relacl::text, reloptions::text, relrowsecurity,
                     relforcerowsecurity, relreplident, relispartition, relpersistence)
      FROM pg_catalog.pg_class WHERE oid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'namespace', oid, xmin, ctid) FROM pg_catalog.pg_namespace
               WHERE oid IN (TABLE moved)
    UNION ALL SELECT concat_ws(' ', 'attribute', attrelid, attnum, xmin, ctid) FROM pg_catalog.pg_attribute
               WHERE attrelid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'default', oid, xmin, ctid) FROM pg_catalog.pg_attrdef
               WHERE adrelid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'constraint', oid, xmin, ctid) FROM pg_catalog.pg_constraint
               WHERE connamespace IN (TABLE moved)
    UNION ALL SELECT concat_ws(' ', 'index', indexrelid, indisvalid, indisready, indislive, indisunique)
                FROM pg_catalog.pg_index WHERE indrelid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, xmin, ctid) FROM pg_catalog.pg_trigger
               WHERE tgrelid IN (TABLE relation) AND tgname NOT LIKE 'arraigo\\_%%'
    UNION ALL SELECT concat_ws(' ', 'function', oid, xmin, ctid) FROM pg_catalog.pg_proc
               WHERE pronamespace IN (TABLE moved)
    UNION ALL SELECT concat_ws(' ', 'type', oid, xmin, ctid) FROM pg_catalog.pg_type
               WHERE typnamespace IN (TABLE moved) AND typtype IN ('d', 'e', 'r', 'm')
    UNION ALL SELECT concat_ws(' ', 'label', oid, xmin, ctid) FROM pg_catalog.pg_enum
    UNION ALL SELECT concat_ws(' ', 'policy', oid, xmin, ctid) FROM pg_catalog.pg_policy
               WHERE polrelid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'rule', oid, xmin, ctid) FROM pg_catalog.pg_rewrite
               WHERE ev_class IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'inherits', inhrelid, inhparent, xmin, ctid) FROM pg_catalog.pg_inherits
               WHERE inhparent IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'sequence', seqrelid, xmin, ctid) FROM pg_catalog.pg_sequence
               WHERE seqrelid IN (TABLE relation)
    UNION ALL SELECT concat_ws(' ', 'extension', oid, xmin, ctid) FROM pg_catalog.pg_extension
    UNION ALL SELECT concat_ws(' ', 'event', oid, xmin, ctid) FROM pg_catalog.pg_event_trigger
    UNION ALL SELECT concat_ws(' ', 'grants', oid, xmin, ctid) FROM pg_catalog.pg_default_acl)
SELECT count(*) || ' ' || coalesce(sum(pg_catalog.hashtextextended(one, 0)), 0) FROM line"""


def stamp(connection: Connection, schemas: Iterable[str]) -> str:
    """Another one for another catalog of these schemas; the same one says that nothing was changed in between."""
    row = connection.execute(_STAMP, {"schemas": list(schemas)}).fetchone() or ("",)
    return str(row[0])
