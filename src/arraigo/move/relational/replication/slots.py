"""Logical slots: from where on a server keeps its log for us, and the snapshot that fits to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from arraigo.errors import Unavailable
from arraigo.move.relational.replication.route import Side

Connection = psycopg.Connection[Any]
PATIENCE = 120.0
"""Seconds that a slot waits for the transactions that are under way when it is asked for."""
# How the keys in its messages are written; and nothing ends a connection that only waits.
_PINS = (
    b"SET client_encoding = 'UTF8'",
    b"SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'",
    b"SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C'",
    b"SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0",
    b"SET idle_session_timeout = 0",
)
_LETTING_GO = 15.0  # seconds for a killed run's connection to end


@dataclass(frozen=True, slots=True)
class Held:
    """A slot, and the snapshot that shows exactly what the slot does not tell.

    Attributes:
        lsn: Everything committed from here on is told by the slot.
        snapshot: For `SET TRANSACTION SNAPSHOT`, as long as the slot is held.
        connection: The one that holds it: a next statement there ends the snapshot for who has not taken it yet.
    """

    slot: str
    lsn: str
    snapshot: str
    connection: Connection = field(repr=False, compare=False)


@contextmanager
def hold(side: Side, name: str, *, temporary: bool = False, patience: float = PATIENCE) -> Iterator[Held]:
    """Make a slot and keep its snapshot while the block runs; a temporary slot ends with the block.

    Raises:
        Unavailable: A transaction that was open before does not end, or the server has no slot free.
    """
    with side.replicate() as connection:
        for setting in _PINS:
            with suppress(psycopg.errors.UndefinedObject):  # the last is there from 14
                connection.execute(setting)
        lasting = sql.SQL("TEMPORARY") if temporary else sql.SQL("")
        statement = sql.SQL("CREATE_REPLICATION_SLOT {} {} LOGICAL pgoutput EXPORT_SNAPSHOT")
        row = _patiently(side, connection, statement.format(sql.Identifier(name), lasting), patience)
        yield Held(str(row[0]), str(row[1]), str(row[2]), connection)


def make(connection: Connection, name: str) -> None:
    """Make a slot without a snapshot, unless it is there."""
    if not exists(connection, name):
        connection.execute("SELECT FROM pg_catalog.pg_create_logical_replication_slot(%s, 'pgoutput')", [name])


def advance(connection: Connection, name: str, lsn: str) -> None:
    """Let a slot tell only what comes after this place."""
    connection.execute("SELECT FROM pg_catalog.pg_replication_slot_advance(%s, %s::pg_lsn)", [name, lsn])


def exists(connection: Connection, name: str) -> bool:
    """Whether there is such a slot."""
    found = connection.execute("SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = %s", [name])
    return found.fetchone() is not None


def drop(connection: Connection, name: str) -> None:
    """Take a slot away, if it is there; whoever still reads it, of a killed run say, is sent off first.

    Raises:
        Unavailable: Somebody holds on to it.
    """
    until = time.monotonic() + _LETTING_GO
    while True:
        row = connection.execute(
            "SELECT active_pid FROM pg_catalog.pg_replication_slots WHERE slot_name = %s", [name]
        ).fetchone()
        if row is None:
            return
        try:
            if row[0] is not None:
                connection.execute("SELECT pg_catalog.pg_terminate_backend(%s)", [row[0]])
                time.sleep(0.02)
            connection.execute("SELECT pg_catalog.pg_drop_replication_slot(%s)", [name])
        except psycopg.errors.UndefinedObject:  # a temporary one ended with its connection
            return
        except psycopg.errors.ObjectInUse as error:
            if time.monotonic() > until:
                raise Unavailable(
                    f"the replication slot {name} is in use by process {row[0]}",
                    safe="nothing was changed",
                    remedy="end that process, then run the same command again",
                ) from error
            time.sleep(0.1)


def settle(connection: Connection) -> str:
    """Return a place in the log that lies after everything committed so far, and is written to disk.

    A commit of its own flushes all that lies before it, and makes whoever reads the log pass the place. It has to write
    something: a transaction that only has a number is not waited for, however `synchronous_commit` stands.
    """
    connection.execute("SET synchronous_commit = local")
    row = connection.execute("SELECT pg_catalog.pg_current_wal_insert_lsn()::text").fetchone() or ("0/0",)
    connection.execute("SELECT pg_catalog.pg_logical_emit_message(true, 'arraigo', '')")
    return str(row[0])


def _patiently(side: Side, connection: Connection, statement: sql.Composed, patience: float) -> tuple[Any, ...]:
    cancel = threading.Timer(patience, connection.cancel)
    cancel.daemon = True
    cancel.start()
    try:
        row: tuple[Any, ...] = connection.execute(statement).fetchone() or ()
    except psycopg.errors.QueryCanceled as error:
        raise Unavailable(
            f"a slot at {side.name} waited {patience:.0f} s for a transaction that was begun before{_oldest(side)}",
            safe="nothing was changed",
            remedy="let that transaction end, then run the same command again",
        ) from error
    except (psycopg.errors.ConfigurationLimitExceeded, psycopg.errors.ObjectNotInPrerequisiteState) as error:
        raise Unavailable(
            f"{side.name} has no replication slot free, or does not run at wal_level = logical",
            safe="nothing was changed",
            remedy="see: arraigo move plan",
        ) from error
    finally:
        cancel.cancel()
    return row


def _oldest(side: Side) -> str:
    with side.connect() as connection:
        row = connection.execute(
            """SELECT pid, to_char(xact_start, 'YYYY-MM-DD HH24:MI:SS') FROM pg_catalog.pg_stat_activity
                WHERE backend_xid IS NOT NULL ORDER BY xact_start LIMIT 1"""
        ).fetchone()
    return f" (process {row[0]}, since {row[1]})" if row else ""
