"""Fingerprints of a moment that is still to come, ready a few milliseconds after it.

Reading 1 GB takes seconds, and writes must not be refused that long. So each side is measured beforehand, in the
snapshot of a slot; from then on the slot tells which rows are touched. The fingerprint is a sum over the rows, so that
afterwards

    now = then - (the touched rows, as they were then) + (the touched rows, as they are now)

exactly. Each side is measured from its own rows and its own log: what one side says of the other is not used.
"""

import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Table
from arraigo.move.relational.fingerprints import Fingerprint, fingerprint, fingerprint_of_keys
from arraigo.move.relational.replication import slots
from arraigo.move.relational.replication.changed import Changed, Key, key_columns
from arraigo.move.relational.replication.route import Side

Connection = psycopg.Connection[Any]
Fingerprints = dict[str, Fingerprint]
T = TypeVar("T")
FEW = 500
"""Touched rows that may be left to the pause: a few hundredths of a second."""
_AT_A_TIME = 10_000  # messages or keys: memory stays flat
_NARROW = b"""SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
SET max_parallel_workers_per_gather = 0"""  # rows are found by their key, whatever the planner believes
_WIDE = b"RESET enable_seqscan; RESET enable_hashjoin; RESET enable_mergejoin; RESET max_parallel_workers_per_gather"


class Teller(Protocol):
    """What tells one side's fingerprints of now."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def come_close(self) -> None:
        """Do beforehand what can be done before the pause."""

    def now(self) -> Fingerprints:
        """The fingerprint of each table, of now; nobody writes meanwhile."""


class Tally:
    """One side, measured before and carried forward by its own log.

    Args:
        side: The server; it runs at `wal_level = logical`.
        publication: One on that server of all these tables that are in its log.
        tables: What is measured; those that are in no log (unlogged) are measured whole in the end.
        any_encoding: Whether the two sides' encodings differ.
    """

    def __init__(self, side: Side, publication: str, tables: Sequence[Table], *, any_encoding: bool = False) -> None:
        self._side, self._any = side, any_encoding
        self._publication = publication
        self._tables = {table.label: table for table in tables}
        self._moment: _Moment | None = None
        self._connection: Connection

    def __enter__(self) -> Self:
        self._connection = self._side.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if self._moment is not None:
            self._moment.close()

    def come_close(self) -> None:
        """Measure; then carry that forward to newer snapshots, until little is left to the pause.

        Raises:
            Unavailable: A transaction that was open before does not end, so that no slot can begin.
        """
        if self._moment is None:
            self._moment = self._new_moment()
            self._moment.found = {
                label: self._whole(self._moment.connection, table) for label, table in self._tables.items()
            }
        left = sys.maxsize
        while left >= FEW:
            newer = self._new_moment()
            try:
                touched = self._touched(self._moment)
                newer.found = self._carried(self._moment, touched, newer.connection)
            except BaseException:
                newer.close()
                raise
            self._moment.close()
            self._moment = newer
            if len(touched) >= left:
                break  # as much is written in the time that a roll takes
            left = len(touched)

    def now(self) -> Fingerprints:
        """The fingerprint of each table, of now; nobody writes meanwhile."""
        if self._moment is None:
            return {table.label: self._whole(self._connection, table) for table in self._tables.values()}
        return self._carried(self._moment, self._touched(self._moment), self._connection)

    def _new_moment(self) -> "_Moment":
        return _Moment(self._side, f"{self._publication}_{secrets.token_hex(3)}")

    def _touched(self, moment: "_Moment") -> Changed:
        slots.settle(self._connection)  # an apply worker's commits are told only once they are on the disk
        touched = Changed(list(self._tables.values()))
        for messages in moment.messages(self._publication):
            touched.take(messages)
        touched.whole |= {label for label, table in self._tables.items() if table.persistence != "p"}
        return touched

    def _carried(self, moment: "_Moment", touched: Changed, connection: Connection) -> Fingerprints:
        found = dict(moment.found)
        if touched.whole:
            connection.execute(_WIDE)
        for label in touched.whole:
            found[label] = self._whole(connection, self._tables[label])
        for used in (connection, moment.connection):
            used.execute(_NARROW)
        for label, keys in touched.keys.items():
            table = replace(self._tables[label], identity=key_columns(self._tables[label]))
            for some in _pieces(keys):
                then, now = (
                    fingerprint_of_keys(c, table, some, any_encoding=self._any) for c in (moment.connection, connection)
                )
                found[label] = found[label].minus(then).plus(now)
        return found

    def _whole(self, connection: Connection, table: Table) -> Fingerprint:
        return fingerprint(connection, table, any_encoding=self._any)


class Whole:
    """One side, measured when it is asked: where there is no log to follow. The pause lasts as long as that takes."""

    def __init__(self, side: Side, tables: Sequence[Table], *, any_encoding: bool = False) -> None:
        self._side, self._any = side, any_encoding
        self._tables = tables

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def come_close(self) -> None:
        """Nothing can be done beforehand."""

    def now(self) -> Fingerprints:
        """The fingerprint of each table, of now; nobody writes meanwhile."""
        with self._side.connect() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return {table.label: fingerprint(connection, table, any_encoding=self._any) for table in self._tables}


def both(work: Callable[[Teller], T], one: Teller, other: Teller) -> tuple[T, T]:
    """Do it on both sides at once."""
    with ThreadPoolExecutor(2, thread_name_prefix="arraigo-tally") as pool:
        first, second = pool.submit(work, one), pool.submit(work, other)
        return first.result(), second.result()


class _Moment:
    """A temporary slot, and a transaction that sees the database as it was when the slot began."""

    def __init__(self, side: Side, name: str) -> None:
        self.found: Fingerprints = {}
        with ExitStack() as stack:
            self._held = stack.enter_context(slots.hold(side, name, temporary=True))
            self.connection = stack.enter_context(side.connect())
            self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(self._held.snapshot))
            self.connection.execute(snapshot)
            self._stack = stack.pop_all()

    def messages(self, publication: str) -> Iterator[list[bytes]]:
        """What was committed since, each message once: in pieces, for one transaction may have touched everything."""
        connection = self._held.connection  # a temporary slot belongs to its connection, which takes no parameters
        get = sql.SQL(
            """BEGIN; DECLARE told NO SCROLL CURSOR FOR
               SELECT data FROM pg_catalog.pg_logical_slot_get_binary_changes(
                   {slot}, NULL, NULL, 'proto_version', '1', 'publication_names', {publication})"""
        ).format(slot=sql.Literal(self._held.slot), publication=sql.Literal(publication))
        connection.execute(get)
        fetch = sql.SQL("FETCH {} FROM told").format(sql.Literal(_AT_A_TIME))
        while rows := connection.execute(fetch).fetchall():
            yield [row[0] for row in rows]
            if len(rows) < _AT_A_TIME:
                break
        connection.execute("COMMIT")

    def close(self) -> None:
        """Let the server forget it."""
        self._stack.close()


def _pieces(keys: set[Key]) -> Iterator[list[Key]]:
    rest = iter(keys)
    while some := list(islice(rest, _AT_A_TIME)):
        yield some
