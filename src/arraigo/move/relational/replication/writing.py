"""Transactions on the writing side, one after the other, all in one pipeline: the distance to the server costs nothing.

What must hold is said to the server beforehand (`must`), since the commit is on its way before an answer comes.
"""

from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import Dumper

from arraigo.errors import Conflict, Unavailable
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.replication import rows, stilling
from arraigo.move.relational.replication.pgoutput import (
    Begin,
    Change,
    Commit,
    Decoded,
    Delete,
    Insert,
    Origin,
    Relation,
    Truncate,
    Update,
    lsn_number,
    lsn_text,
)
from arraigo.move.relational.replication.rows import Cascades, Statement, Values, Writer
from arraigo.move.relational.replication.stilling import QUERIES, ask

Connection: TypeAlias = psycopg.Connection[Any]

_LOCKED_BY_A_RIVAL = "30s"
_MANY_ROWS = 500  # from here on rows of one statement go together: inserts by COPY
_MANY_BYTES = 1 << 20
_IN_FLIGHT = 10_000  # statements without an answer: some 1,400 small transactions in one round trip
_BYTES_IN_FLIGHT = 8 << 20


class _AsItCame(Dumper):
    """A value as the other server wrote it, for this one's own input function."""

    oid = 0

    def dump(self, obj: Any) -> Any:
        return obj


class Writing:
    """One session on the writing side.

    Attributes:
        replica: Whether it works as a replica: then no trigger fires, and no foreign key is checked again.
        end: Up to where the other side's transactions are applied; queued, until `settle` returns.
        at: When the last of them was committed there.
        transactions: How many were applied.
        rows: How many of their rows.
    """

    def __init__(self, connection: Connection, slot: str, tables: list[Table], pass_key: str) -> None:
        self.transactions = self.rows = 0
        self._connection, self._slot, self._pass = connection, slot, pass_key
        self._tables = {(table.schema, table.name): table for table in tables}
        self._writers: dict[int, Writer] = {}
        self._known: dict[Relation, Writer] = {}
        self._pipeline, self._copying = ExitStack(), ExitStack()
        self._copy: psycopg.Copy | None = None
        self._in_pipeline = self._skipping = self._begun = self._dirty = False
        self._statement: Statement | None = None
        self._waiting: list[Values] = []
        self._bytes = self._in_flight = self._bytes_in_flight = 0
        self._open(tables)
        self._cursor: psycopg.RawCursor[Any] = psycopg.RawCursor(connection)
        self._cursor.adapters.register_dumper(bytes, _AsItCame)

    def _open(self, tables: list[Table]) -> None:
        connection = self._connection
        connection.prepared_max = None
        connection.execute(f"SET lock_timeout = '{_LOCKED_BY_A_RIVAL}'".encode())
        ask(connection, QUERIES.held, slot=self._slot)
        connection.execute("SET lock_timeout = 0")
        connection.execute("SET synchronous_commit = off")  # `settle` waits for the disk
        try:
            ask(connection, QUERIES.may_be_replica)
            self.replica = True
        except psycopg.errors.InsufficientPrivilege:
            self.replica = False
        stilling.make_ready(connection, self._slot, tables, replica=self.replica)
        row = ask(connection, QUERIES.applied, slot=self._slot).fetchone() or ("0/0", None)
        self.end: int = lsn_number(row[0])
        self.at: datetime | None = row[1]
        self._cascades, self._checks = {}, {}
        if not self.replica:
            for schema, name, deletes, updates in ask(connection, QUERIES.cascades):
                self._cascades[schema, name] = Cascades(deletes, updates)
            for schema, name, checks in ask(connection, QUERIES.checks):
                self._checks[schema, name] = ", ".join(checks)

    def take(self, message: Decoded) -> None:
        """One message of the stream; those of transactions that are applied already change nothing.

        Raises:
            Conflict: A change has no table or column to go to.
            psycopg.Error: The server refused something, perhaps of an earlier transaction.
        """
        match message:
            case Insert() | Update() | Delete() | Truncate():
                if not self._skipping:
                    self._change(message)
            case Begin():
                self._skipping = message.commit < self.end
            case Commit():
                if self._begun:
                    self._commit(message)
            case Relation():
                self._writers[message.oid] = self._known.get(message) or self._learn(message)
            case Origin():
                self._skipping = True  # it came from here
            case _:
                pass

    def settle(self) -> None:
        """Wait until all that was taken is applied and on disk."""
        self._leave_pipeline()
        if self._dirty:
            with self._connection.transaction():
                self._connection.execute("SET LOCAL synchronous_commit = on")
                ask(self._connection, QUERIES.durable, slot=self._slot)
            self._dirty = False

    def abandon(self) -> None:
        """Forget what is under way, when the connection is closed; the server rolls it back."""
        for block in (self._copying, self._pipeline):
            with suppress(psycopg.Error):
                block.close()

    def _learn(self, relation: Relation) -> Writer:
        name = (relation.schema, relation.name)
        table = self._tables.get(name)
        if table is None:
            raise Conflict(
                f"a change of {'.'.join(name)} has no table to go to",
                safe="its transaction was not applied",
                remedy="take that table out of the publication, or move it too",
            )
        writer = self._known[relation] = Writer(relation, table, self._cascades.get(name, Cascades()))
        return writer

    def _change(self, change: Change) -> None:
        if not self._begun:
            self._begin()
        if isinstance(change, Truncate):
            self._truncate([self._writer(oid) for oid in change.relations], restart=change.restart_identity)
            return
        writer = self._writer(change.relation)
        match change:
            case Insert():
                statement, values = writer.insert(change)
            case Update():
                statement, values = writer.update(change)
            case Delete():
                statement, values = writer.delete(change)
        if statement is not self._statement:
            self._flush()
            self._statement = statement
        self._waiting.append(values)
        self._bytes += sum(map(len, filter(None, values)))
        if len(self._waiting) >= _MANY_ROWS or self._bytes >= _MANY_BYTES:
            self._hand_over()

    def _writer(self, oid: int) -> Writer:
        writer = self._writers.get(oid)
        if writer is None:
            raise Unavailable(f"the replication stream changes a relation ({oid}) that it did not describe")
        return writer

    def _begin(self) -> None:
        self._run("BEGIN")
        if not self.replica:
            self._run("SET CONSTRAINTS ALL DEFERRED")
            self._run(QUERIES.passing.sql, [self._pass])
        self._begun = True

    def _commit(self, message: Commit) -> None:
        self._flush()
        values = {
            "slot": self._slot,
            "before": lsn_text(self.end),
            "lsn": lsn_text(message.end),
            "at": message.at,
        }
        self._run(QUERIES.went_on.sql, [values[name] for name in QUERIES.went_on.parameters])
        self._run("COMMIT")
        self.end, self.at = message.end, message.at
        self._begun, self._dirty = False, True
        self.transactions += 1

    def _truncate(self, writers: list[Writer], *, restart: bool) -> None:
        self._flush()
        names = [(writer.table.schema, writer.table.name) for writer in writers]
        pending = ", ".join(self._checks[name] for name in names if name in self._checks)
        if pending:  # a table that has checks pending cannot be emptied; over there none were
            self._run(f"SET CONSTRAINTS {pending} IMMEDIATE")
        self._run(rows.truncation(writers, restart_identity=restart))
        if pending:
            self._run(f"SET CONSTRAINTS {pending} DEFERRED")

    def _flush(self) -> None:
        """End what goes together: another statement comes."""
        self._hand_over()
        self._statement = None
        if self._copy is not None:
            self._copy = None
            self._copying.close()

    def _hand_over(self) -> None:
        statement, waiting = self._statement, self._waiting
        if statement is None or not waiting:
            return
        if statement.copy and (self._copy is not None or len(waiting) >= _MANY_ROWS):
            if self._copy is None:
                self._leave_pipeline()
                self._copy = self._copying.enter_context(self._cursor.copy(statement.copy.encode()))
            self._copy.write(b"".join(map(rows.copied, waiting)))
        elif statement.arrays:
            columns = [rows.array(column) for column in zip(*waiting, strict=True)]
            self._run(statement.sql, [*columns, str(len(waiting)).encode()])
        elif len(waiting) == 1:
            self._run(statement.sql, waiting[0])
        else:
            self._enter_pipeline()
            self._cursor.executemany(statement.sql.encode(), waiting)
            self._count(len(waiting))
        self.rows += len(waiting)
        self._waiting, self._bytes = [], 0

    def _run(self, statement: str | bytes, values: Values | list[Any] | None = None) -> None:
        self._enter_pipeline()
        query = statement.encode() if isinstance(statement, str) else statement
        self._cursor.execute(query, values, prepare=True)
        self._count(1)

    def _count(self, statements: int) -> None:
        self._in_flight += statements
        self._bytes_in_flight += self._bytes
        if self._in_flight >= _IN_FLIGHT or self._bytes_in_flight >= _BYTES_IN_FLIGHT:
            self._leave_pipeline()

    def _enter_pipeline(self) -> None:
        if not self._in_pipeline:
            self._pipeline.enter_context(self._connection.pipeline())
            self._in_pipeline = True

    def _leave_pipeline(self) -> None:
        """Wait for every answer; the first refusal is raised."""
        self._in_pipeline = False
        self._in_flight = self._bytes_in_flight = 0
        self._pipeline.close()
