"""The subscription: PostgreSQL's own apply worker takes the changes in."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from arraigo.errors import Unavailable
from arraigo.move.relational.replication.pgoutput import lsn_number
from arraigo.move.relational.replication.readiness import SUBSCRIBERS_SINCE
from arraigo.move.relational.replication.route import Way

Connection = psycopg.Connection[Any]
_STATISTICS_SINCE = 15
_STALLED = 20.0
"""Seconds without a living apply worker before that is called a failure: it starts again every five by itself."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the taker is behind.

    Attributes:
        bytes: Of the giver's log; None before the apply worker has heard of the giver.
        working: Whether the apply worker runs at this moment.
        errors: How often it has failed; PostgreSQL 15 and later tell.
    """

    bytes: int | None
    working: bool
    errors: int


# Made with a text that stands in no statement: the conninfo comes in by COPY, whose data no log, no statistics and no
# pg_stat_activity show, and a failure's context would quote the inner statement, so that it is raised anew.
_CREATE = """DO $do$
DECLARE conninfo text;
BEGIN
    SELECT value INTO STRICT conninfo FROM pg_temp.arraigo_conninfo;
    EXECUTE format('CREATE SUBSCRIPTION {name} CONNECTION %%L PUBLICATION {name} WITH ({options})', conninfo);
EXCEPTION WHEN OTHERS THEN
    RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = replace(SQLERRM, conninfo, '...');
END $do$"""
# Logs that would show the inner statement even so; who may not switch them off is no superuser, or has not loaded them.
_LOGGERS = ("pgaudit.log", "pg_stat_statements.track")


class NotSubscribed(Unavailable):
    """One server could not subscribe to the other: it does not reach it, or its user may not."""


def subscribe(way: Way, *, enabled: bool = True) -> None:
    """Have a subscription that goes on from the slot; one that is there already knows better how far it is.

    The password in the conninfo ends up in pg_subscription, which superusers alone may read, and nowhere else.

    Raises:
        NotSubscribed: The taker cannot reach the giver, or its user may not subscribe.
    """
    with way.taker.connect() as taker, way.giver.connect() as giver:
        if subscribed(taker, way.name):
            if enabled:
                enable(taker, way.name)
            return
        options = ["create_slot = false", f"slot_name = {way.name}", "copy_data = false"]
        options.append(f"enabled = {str(enabled).lower()}")
        if min(_major(taker), _major(giver)) >= SUBSCRIBERS_SINCE:
            options.append("origin = none")
        if _major(taker) >= SUBSCRIBERS_SINCE:  # as a table's owner it would stop at FORCE ROW LEVEL SECURITY
            options.append("run_as_owner = true")
        if _major(taker) >= 14:  # noqa: PLR2004 - the option is there from then; 18 streams unasked
            options.append("streaming = off")
        try:
            _create(taker, way, ", ".join(options))
        except psycopg.Error as error:
            raise _refused(way, error) from None  # the server's words may quote the conninfo


def unsubscribe(connection: Connection, name: str) -> None:
    """Take a subscription away, if it is there; also while the other side is away. Its slot stays where it is.

    When this returns, its apply worker has ended.
    """
    if not subscribed(connection, name):
        return
    ours = sql.Identifier(name)
    with connection.transaction():
        connection.execute(sql.SQL("ALTER SUBSCRIPTION {} DISABLE").format(ours))
        connection.execute(sql.SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(ours))
        connection.execute(sql.SQL("DROP SUBSCRIPTION {}").format(ours))


def subscribed(connection: Connection, name: str) -> bool:
    """Whether this database has such a subscription."""
    return _switch(connection, name) is not None


def enabled(connection: Connection, name: str) -> bool:
    """Whether this database has such a subscription, and it works."""
    return _switch(connection, name) == (True,)


def enable(connection: Connection, name: str) -> None:
    """Let it work."""
    connection.execute(sql.SQL("ALTER SUBSCRIPTION {} ENABLE").format(sql.Identifier(name)))


def lag(way: Way, giver: Connection, taker: Connection) -> Lag:
    """How far the taker is behind the giver's log of this moment."""
    row = giver.execute("SELECT pg_catalog.pg_current_wal_lsn()::text").fetchone() or ("0/0",)
    seen, working, errors = _position(way, taker)
    return Lag(None if seen is None else max(lsn_number(row[0]) - seen, 0), working, errors)


def wait_for(
    way: Way,
    taker: Connection,
    lsn: str,
    *,
    patience: float,
    waiting: Callable[[], None] = lambda: None,
) -> None:
    """Return once everything committed at the giver before this place is applied at the taker.

    The giver says how far it has read only behind what it has sent, and the apply worker, one transaction at a time,
    takes that note after it has committed what came before.

    Raises:
        Unavailable: It does not come that far within `patience` seconds, or its worker does not live.
    """
    begun = alive = time.monotonic()
    wanted, nap = lsn_number(lsn), 0.003
    while True:
        seen, working, errors = _position(way, taker)
        if seen is not None and seen >= wanted:
            return
        now = time.monotonic()
        alive = now if working else alive
        if now - begun > patience or now - alive > _STALLED:
            raise Unavailable(
                f"{way.taker.name} does not take in what {way.giver.name} gives: {trouble(working, errors)}",
                safe="nothing was changed",
                remedy=f"see the log of {way.taker.name} for the reason, then run the same command again",
            )
        waiting()
        time.sleep(nap)
        nap = min(nap * 1.2, 0.25)


def trouble(working: bool, errors: int) -> str:  # noqa: FBT001 - the two things that are known
    """What can be said of an apply worker that does not come along; its server's log alone has the reason."""
    if working:
        return "it is still behind" + (f", after {errors} failures" if errors else "")
    return "its apply worker does not run" + (f", after {errors} failures" if errors else "")


def _switch(connection: Connection, name: str) -> tuple[Any, ...] | None:
    return connection.execute(
        """SELECT subenabled FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
            WHERE subname = %s AND datname = current_database()""",
        [name],
    ).fetchone()


def _position(way: Way, taker: Connection) -> tuple[int | None, bool, int]:
    counts = "0"
    if _major(taker) >= _STATISTICS_SINCE:
        counts = "(SELECT apply_error_count FROM pg_catalog.pg_stat_subscription_stats WHERE subname = %(name)s)"
    row = taker.execute(
        f"""SELECT latest_end_lsn::text, pid IS NOT NULL, coalesce({counts}, 0)
              FROM pg_catalog.pg_stat_subscription WHERE subname = %(name)s AND relid IS NULL""",  # noqa: S608 - ours
        {"name": way.name},
    ).fetchone()
    if row is None:
        raise Unavailable(
            f"{way.taker.name} has no subscription {way.name}",
            safe="nothing was changed",
            remedy="run the move again with --follow",
        )
    return None if row[0] is None else lsn_number(row[0]), row[1], row[2]


def _create(taker: Connection, way: Way, options: str) -> None:
    with taker.transaction():
        for setting in _LOGGERS:
            if taker.execute("SELECT current_setting(%s, true)", [setting]).fetchone() != (None,):
                _try_to_set(taker, setting)
        taker.execute("CREATE TEMPORARY TABLE arraigo_conninfo (value text) ON COMMIT DROP")
        with taker.cursor().copy("COPY pg_temp.arraigo_conninfo FROM STDIN") as copy:
            copy.write_row([_conninfo(way)])
        statement = _CREATE.replace("%%", "%").format(name=way.name, options=options)
        taker.execute(statement.encode())


def _try_to_set(connection: Connection, setting: str) -> None:
    try:
        with connection.transaction():
            connection.execute("SELECT set_config(%s, 'none', true)", [setting])
    except psycopg.errors.InsufficientPrivilege:
        pass


def _conninfo(way: Way) -> str:
    parts = conninfo_to_dict(way.giver.conninfo)
    given = {name: value for name, value in parts.items() if name not in {"application_name", "client_encoding"}}
    return make_conninfo("", **{"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, **given})


def _refused(way: Way, error: psycopg.Error) -> NotSubscribed:
    reason, remedy = "it refused", f"see the log of {way.taker.name}"
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        reason, remedy = "its user may not", "see: arraigo move plan"
    elif isinstance(error, psycopg.errors.ConnectionFailure | psycopg.errors.ConnectionException):
        reason = "it cannot reach the other, or may not sign in there"
        remedy = "give the address as that server sees it, and open the way between the two"
    elif error.sqlstate == "2F003" or "password" in (error.diag.message_primary or ""):
        reason, remedy = "a user without superuser's rights must sign in with a password", "put one into the address"
    return NotSubscribed(
        f"{way.taker.name} could not subscribe to {way.giver.name}: {reason} (SQLSTATE {error.sqlstate})",
        safe="nothing was changed",
        remedy=remedy,
    )


def _major(connection: Connection) -> int:
    return connection.info.server_version // 10000
