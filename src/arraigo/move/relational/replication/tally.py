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
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import psycopg

from arraigo.move.relational.catalog import Table
from arraigo.move.relational.fingerprints import Fingerprint, fingerprint, fingerprint_of_keys
from arraigo.move.relational.replication import slots
from arraigo.move.relational.replication.changed import Changed, Key, key_columns
from arraigo.move.relational.replication.moment import Fingerprints, Moment
from arraigo.move.relational.replication.route import Side

Connection = psycopg.Connection[Any]
T = TypeVar("T")
M = TypeVar("M")
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
        self._moment: Moment | None = None
        self._then: Connection
        self._now: Connection

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._then = stack.enter_context(self._side.connect())
            self._now = stack.enter_context(self._side.connect())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        if self._moment is not None:
            self._moment.close()

    def come_close(self) -> None:
        """Measure; then carry that forward to newer snapshots, until little is left to the pause.

        Raises:
            Unavailable: A transaction that was open before does not end, so that no slot can begin.
        """
        if self._moment is None:
            self._moment = self._new_moment()
            self._moment.found = {label: self._whole(label, self._moment) for label in self._tables}
        left = sys.maxsize
        while left >= FEW:
            newer = self._new_moment()
            try:
                newer.found = self._carried(self._moment, newer)
            except BaseException:
                newer.close()
                raise
            touched, self._moment = self._moment, newer
            touched.close()
            if len(touched.touched) >= left:
                break  # as much is written in the time that this takes
            left = len(touched.touched)

    def now(self) -> Fingerprints:
        """The fingerprint of each table, of now; nobody writes meanwhile."""
        if self._moment is None:
            return {label: self._whole(label, None) for label in self._tables}
        return self._carried(self._moment, None)

    def _new_moment(self) -> Moment:
        tables = list(self._tables.values())
        moment = Moment(self._side, f"{self._publication}_{secrets.token_hex(3)}", Changed(tables))
        moment.touched.whole |= {table.label for table in tables if table.persistence != "p"}
        return moment

    def _carried(self, moment: Moment, newer: Moment | None) -> Fingerprints:
        """The fingerprints of a newer moment, or of now."""
        slots.settle(self._now)  # an apply worker's commits are told only once they are on the disk
        moment.drain(self._publication)
        found = dict(moment.found)
        if moment.touched.whole:
            self._now.execute(_WIDE)
        for label in moment.touched.whole:
            found[label] = self._whole(label, newer)
        if moment.touched.keys:
            for used in (self._then, self._now):
                used.execute(_NARROW)
            with moment.seen(self._then), newer.seen(self._now) if newer else nullcontext():
                for label, keys in moment.touched.keys.items():
                    found[label] = self._moved_on(found[label], self._tables[label], keys)
        return found

    def _moved_on(self, found: Fingerprint, table: Table, keys: set[Key]) -> Fingerprint:
        by_key = replace(table, identity=key_columns(table))
        for some in _pieces(keys):
            then, now = (
                fingerprint_of_keys(used, by_key, some, any_encoding=self._any) for used in (self._then, self._now)
            )
            found = found.minus(then).plus(now)
        return found

    def _whole(self, label: str, moment: Moment | None) -> Fingerprint:
        with moment.seen(self._now) if moment else nullcontext():
            return fingerprint(self._now, self._tables[label], any_encoding=self._any)


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


def both(work: Callable[[Teller], T], tellers: tuple[Teller, Teller], beside: Callable[[], M]) -> tuple[T, T, M]:
    """Do it on both sides at once, and something else beside it."""
    with ThreadPoolExecutor(2, thread_name_prefix="arraigo-tally") as pool:
        first, second = (pool.submit(work, teller) for teller in tellers)
        third = beside()
        return first.result(), second.result(), third


def _pieces(keys: set[Key]) -> Iterator[list[Key]]:
    rest = iter(keys)
    while some := list(islice(rest, _AT_A_TIME)):
        yield some
