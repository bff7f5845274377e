"""The fence: a trigger that refuses every write to the moved tables, a superuser's too.

A setting (`default_transaction_read_only`) stops neither open sessions nor one that says otherwise. The trigger stands
in origin mode: it stops applications, and lets the apply worker through, which works as a replica.
"""

import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from arraigo.errors import Unavailable
from arraigo.move.relational.catalog import Table

Connection = psycopg.Connection[Any]
SCHEMA = "arraigo_fence"
PASS = "arraigo.pass"  # noqa: S105 - the name of a setting
"""A session passes that has this setting; the fence knows the SHA-256 of its value alone."""
NOT_STOPPED = (
    "nextval() on sequences, for which the cut-over leaves headroom",
    "CREATE, ALTER and DROP, which the proof notices, and REFRESH MATERIALIZED VIEW",
    "a superuser's session that says session_replication_role = replica",
    "large objects",
)
"""What the fence cannot stop, for the plan to say."""

# Whoever writes waits behind us as long, and below deadlock_timeout (1 s) no application's transaction is chosen as a
# deadlock's victim.
_WAITS = (0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5)
_MAINTENANCE = "120s"

_SEE_TRIGGERS = """
SELECT c.oid::pg_catalog.regclass::text, n.nspname, c.relname
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE t.tgname = %s AND NOT t.tgisinternal"""
_REFUSE = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    IF encode(sha256(convert_to(coalesce(current_setting({setting}, true), ''), 'UTF8')), 'hex') = {hash} THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction', MESSAGE = {message}, HINT = {hint};
END $body$"""
_TRIGGER = """CREATE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}
    FOR EACH STATEMENT EXECUTE FUNCTION {}()"""
_NO_MAINTENANCE = """BEGIN; SET LOCAL synchronous_commit = local; SET LOCAL lock_timeout = {};
    LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE; SAVEPOINT attempt"""
_AT_ONCE = "SET LOCAL lock_timeout = {}; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE; {}; COMMIT"
_DROP = """BEGIN; SET LOCAL lock_timeout = '5s'; LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE;
    SET LOCAL lock_timeout = '100ms'; DROP TRIGGER IF EXISTS {name} ON {table}; COMMIT"""
_OPEN = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    RETURN NULL;
END $body$"""


def put_up(
    connection: Connection, name: str, tables: Sequence[Table], *, message: str, hint: str, pass_hash: str = ""
) -> float:
    """Refuse writes to these tables from one moment on; return that moment's `time.monotonic()`.

    The moment is when the locks of the attempt that succeeded were asked for: from then on writers waited.
    It returns when every write that was let through is committed.

    Args:
        connection: An owner's, in autocommit.
        name: The run's; function and triggers are called so.
        tables: All that take statements.
        message: What an application gets, with SQLSTATE 25006.
        hint: Where it shall write instead.
        pass_hash: SHA-256, in hex, of what a session must have set as `arraigo.pass` to be let through; "": none is.

    Raises:
        Unavailable: A table was written by a long transaction through all attempts; nothing stands then.
    """
    steps = _steps(connection, name, tables, (message, hint, pass_hash))
    listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(table.sql) for table in tables)
    try:
        # VACUUM, ANALYZE and their like stand in the fence's way, and writers would wait with it. This lock keeps no
        # writer waiting; after a second it sends an autovacuum away, and then it lets none in.
        connection.execute(sql.SQL(_NO_MAINTENANCE).format(sql.Literal(_MAINTENANCE), listed))
        for number, wait in enumerate(_WAITS):
            begun = time.monotonic()
            try:
                connection.execute(sql.SQL(_AT_ONCE).format(sql.Literal(f"{round(wait * 1000)}ms"), listed, steps))
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                if number + 1 == len(_WAITS):
                    raise
                connection.execute("ROLLBACK TO SAVEPOINT attempt")
                time.sleep(0.2 + wait)  # those who waited behind us get their turn
            else:
                return begun
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
        _give_up(connection)
        raise Unavailable(
            f"writes could not be stopped{_in_the_way(connection, tables)}",
            safe="applications write as before",
            remedy="end that transaction, or wait for it, then run the same command again",
        ) from error
    except BaseException:
        _give_up(connection)
        raise
    raise AssertionError  # the last attempt returns or raises


def let_pass(connection: Connection, name: str) -> None:
    """Let everybody write again, at once and without any lock; the triggers stay, and do nothing."""
    if _there(connection, name):
        connection.execute(sql.SQL(_OPEN).format(function=sql.Identifier(SCHEMA, name)))


def take_down(connection: Connection, name: str) -> tuple[str, ...]:
    """Let everybody write again, and take the triggers away; return the tables that were too busy for that.

    What is left refuses nothing; a next call takes it away.
    """
    let_pass(connection, name)
    left = []
    for label, schema, table in connection.execute(_SEE_TRIGGERS, [name]).fetchall():
        statement = sql.SQL(_DROP).format(table=sql.Identifier(schema, table), name=sql.Identifier(name))
        try:
            connection.execute(statement)
        except psycopg.errors.LockNotAvailable:
            _give_up(connection)
            left.append(label)
    if not left and _there(connection, name):
        connection.execute(sql.SQL("DROP FUNCTION {}()").format(sql.Identifier(SCHEMA, name)))
    _drop_empty(connection)
    return tuple(left)


def stands(connection: Connection, name: str) -> bool:
    """Whether this run's fence refuses writes here."""
    row = connection.execute(
        """SELECT prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace
            WHERE nspname = %s AND proname = %s""",
        [SCHEMA, name],
    ).fetchone()
    return row is not None and "RAISE EXCEPTION" in row[0]


def _give_up(connection: Connection) -> None:
    if not connection.broken:
        connection.rollback()


def _steps(connection: Connection, name: str, tables: Sequence[Table], words: tuple[str, str, str]) -> sql.Composed:
    """Everything for one transaction and one round trip: between two continents fifty of them would be the pause."""
    standing = {(row[1], row[2]) for row in connection.execute(_SEE_TRIGGERS, [name])}
    function = sql.Identifier(SCHEMA, name)
    message, hint, pass_hash = (sql.Literal(word) for word in words)
    steps: list[sql.Composable] = [
        sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)),
        sql.SQL(_REFUSE).format(
            function=function, setting=sql.Literal(PASS), hash=pass_hash, message=message, hint=hint
        ),
    ]
    steps += [
        sql.SQL(_TRIGGER).format(sql.Identifier(name), table.sql, function)
        for table in tables
        if (table.schema, table.name) not in standing
    ]
    return sql.SQL("; ").join(steps)


def _in_the_way(connection: Connection, tables: Sequence[Table]) -> str:
    row = connection.execute(
        """SELECT l.relation::pg_catalog.regclass::text, l.pid, to_char(a.xact_start, 'HH24:MI:SS')
             FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
            WHERE l.granted AND l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_backend_pid()
              AND l.relation = ANY (%s::pg_catalog.regclass[])
              AND l.mode NOT IN ('AccessShareLock', 'RowShareLock') ORDER BY a.xact_start LIMIT 1""",
        [[table.label for table in tables]],
    ).fetchone()
    if row is None:
        return ""
    return f": process {row[1] or 'of a prepared transaction'} holds {row[0]} since {row[2] or 'long ago'}"


def _there(connection: Connection, name: str) -> bool:
    found = connection.execute(
        """SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = pronamespace
            WHERE nspname = %s AND proname = %s""",
        [SCHEMA, name],
    )
    return found.fetchone() is not None


def _drop_empty(connection: Connection) -> None:
    """The schema goes with its last function; another run's fence keeps it."""
    row = connection.execute(
        """SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pronamespace = n.oid)
             FROM pg_catalog.pg_namespace n WHERE nspname = %s""",
        [SCHEMA],
    ).fetchone()
    if row and row[0]:
        connection.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(SCHEMA)))
