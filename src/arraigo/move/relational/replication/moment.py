"""A moment at a server: what the database was then, and what has been touched since."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from psycopg import sql

from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.replication import slots
from arraigo.move.relational.replication.changed import Changed
from arraigo.move.relational.replication.route import Connection, Side

Fingerprints = dict[str, Fingerprint]
_AT_A_TIME = 10_000  # messages: memory stays flat


class Moment:
    """A temporary slot, and the snapshot that it began with.

    The snapshot is kept by a transaction that touches no table, and looked through by short ones: whoever empties or
    alters a table waits for none of them long.

    Args:
        side: The server.
        name: The slot's.
        touched: What learns of the rows that are touched from here on.
    """

    def __init__(self, side: Side, name: str, touched: Changed) -> None:
        self.found: Fingerprints = {}
        self.touched = touched
        with ExitStack() as stack:
            self._held = stack.enter_context(slots.hold(side, name, temporary=True))
            keeper = stack.enter_context(side.connect())
            keeper.execute(_seen(self._held.snapshot))
            row = keeper.execute("SELECT pg_catalog.pg_export_snapshot()").fetchone() or ("",)
            self._snapshot = str(row[0])
            self._stack = stack.pop_all()

    @contextmanager
    def seen(self, connection: Connection) -> Iterator[None]:
        """Let a connection see the database as it was then."""
        connection.execute(_seen(self._snapshot))
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    def drain(self, publication: str) -> None:
        """Learn what was committed since, each message once; in pieces, for one transaction may touch everything."""
        connection = self._held.connection  # a temporary slot belongs to its connection, which takes no parameters
        get = sql.SQL(
            """BEGIN; DECLARE told NO SCROLL CURSOR FOR
               SELECT data FROM pg_catalog.pg_logical_slot_get_binary_changes(
                   {slot}, NULL, NULL, 'proto_version', '1', 'publication_names', {publication})"""
        ).format(slot=sql.Literal(self._held.slot), publication=sql.Literal(publication))
        connection.execute(get)
        fetch = sql.SQL("FETCH {} FROM told").format(sql.Literal(_AT_A_TIME))
        while rows := connection.execute(fetch).fetchall():
            self.touched.take(row[0] for row in rows)
            if len(rows) < _AT_A_TIME:
                break
        connection.execute("COMMIT")

    def close(self) -> None:
        """Let the server forget it."""
        self._stack.close()


def _seen(snapshot: str) -> sql.Composed:
    """In one round trip."""
    return sql.SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {}").format(
        sql.Literal(snapshot)
    )
