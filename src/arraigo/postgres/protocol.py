"""What goes over the wire, as pure generators: they say when to wait, psycopg's connections do the waiting.

One exchange is one round trip: every statement is sent at once (libpq's pipeline mode), then the answers are read.
The generators follow psycopg's own convention (`psycopg.waiting`), so that `await connection.wait(exchange(…))` and
`connection.wait(exchange(…))` run the same code. Measured in docs/decisions/0005.
"""

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.json import Jsonb
from psycopg.waiting import READY_R, WAIT_R, WAIT_RW

from arraigo.postgres.jsonb import dumps
from arraigo.postgres.queries import Query

T = TypeVar("T")
Parameters = dict[str, Any] | tuple[Any, ...]
AnyConnection = psycopg.AsyncConnection[Any] | psycopg.Connection[Any]


class Statement(NamedTuple):
    """One statement with its parameters; `prepare` is off for what differs every time."""

    sql: bytes
    values: Sequence[Any] = ()
    prepare: bool = True


BEGIN = Statement(b"BEGIN")
COMMIT = Statement(b"COMMIT")
ROLLBACK = Statement(b"ROLLBACK", prepare=False)
SET_ROLE = Statement(b"SET LOCAL ROLE arraigo_app")


def bind(query: Query, parameters: Parameters) -> Statement:
    """The query with its parameters put in order; a named tuple is in the query's order. A dict becomes jsonb."""
    values = parameters if isinstance(parameters, tuple) else [parameters[name] for name in query.parameters]
    return Statement(query.sql, [Jsonb(value, dumps) if isinstance(value, dict) else value for value in values])


def as_user(identity: UUID | None, statements: Sequence[Statement], *, set_role: bool) -> list[Statement]:
    """The statements inside a transaction that belongs to `identity`.

    The identity is local to the transaction, so that a pooler never carries it over to somebody else.
    SET takes no parameters; a UUID's text has hexadecimal digits and hyphens only.
    """
    role = [SET_ROLE] if set_role else []
    user = [_identify(identity)] if identity else []
    return [BEGIN, *role, *user, *statements, COMMIT]


@lru_cache
def _identify(user: UUID) -> Statement:
    return Statement(f"SET LOCAL arraigo.user_id = '{user}'".encode(), prepare=False)


class Session:
    """What one connection has prepared, and how it sends statements.

    Args:
        connection: In autocommit; nobody else may use it meanwhile.
        prepare: Off behind a pooler that gives every transaction another server connection.
    """

    def __init__(self, connection: AnyConnection, *, prepare: bool) -> None:
        self._pgconn = connection.pgconn
        self._prepare = prepare
        self._transformer = Transformer(connection)
        self._names: dict[bytes, bytes] = {}
        self._numbers = itertools.count()

    def exchange(self, statements: Sequence[Statement]) -> PQGen[list[PGresult]]:
        """Send all statements, read all answers: one result per statement.

        Raises:
            psycopg.Error: The first statement that failed; what was left of its transaction is rolled back.
        """
        values = [self._dump(statement.values) for statement in statements]
        self._pgconn.enter_pipeline_mode()
        expected: list[tuple[bytes, bytes] | None] = []
        for statement, dumped in zip(statements, values, strict=True):
            expected += self._send(statement, dumped)
        self._pgconn.pipeline_sync()
        answers = yield from _answers(self._pgconn)
        self._pgconn.exit_pipeline_mode()
        results: list[PGresult] = []
        for prepared, answer in zip(expected, answers, strict=True):
            if answer.status == ExecStatus.FATAL_ERROR:
                if self._pgconn.transaction_status != TransactionStatus.IDLE:
                    yield from self.exchange([ROLLBACK])
                raise errors.error_from_result(answer)
            if prepared is None:
                results.append(answer)
            else:
                self._names.update([prepared])
        return results

    def ask(self, statement: Statement) -> PQGen[PGresult]:
        """One statement that is a transaction of its own, without a pipeline around it.

        Raises:
            psycopg.Error: It failed, and nothing is left of it.
        """
        name = self._names.get(statement.sql)
        if name is None:  # to be prepared
            return (yield from self.exchange([statement]))[0]
        self._pgconn.send_query_prepared(name, self._dump(statement.values), result_format=Format.BINARY)
        yield from _send_all(self._pgconn)
        result = yield from _next_result(self._pgconn)
        if result is None:
            raise errors.AdminShutdown("the connection was lost")
        while (yield from _next_result(self._pgconn)) is not None:
            pass
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
        return result

    def forget(self) -> None:
        """Prepare anew what is sent next: a schema version may have changed what a statement gives."""
        self._names.clear()

    def _dump(self, values: Sequence[Any]) -> Sequence[Buffer | None]:
        """As text, so that the server decides about the types and a small int is no int2."""
        return self._transformer.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else ()

    def _send(self, statement: Statement, values: Sequence[Buffer | None]) -> list[tuple[bytes, bytes] | None]:
        """Send one statement; what each answer will be for: (text, name) being prepared, or None: the result."""
        if not (self._prepare and statement.prepare):
            self._pgconn.send_query_params(statement.sql, values, result_format=Format.BINARY)
            return [None]
        known = self._names.get(statement.sql)
        if known is not None:
            self._pgconn.send_query_prepared(known, values, result_format=Format.BINARY)
            return [None]
        name = b"a%d" % next(self._numbers)
        self._pgconn.send_prepare(name, statement.sql)
        self._pgconn.send_query_prepared(name, values, result_format=Format.BINARY)
        return [(statement.sql, name), None]

    def rows(self, result: PGresult, make_row: Callable[[Sequence[Any]], T]) -> list[T]:
        """The rows of a result, each made by `make_row` from its values."""
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, make_row)


def _send_all(pgconn: PGconn) -> PQGen[None]:
    """Write what is to be sent; read meanwhile, since a server that cannot write does not read."""
    while pgconn.flush():
        if (yield WAIT_RW) & READY_R:
            pgconn.consume_input()


def _next_result(pgconn: PGconn) -> PQGen[PGresult | None]:
    """Read one result; None behind the last one of a statement."""
    while pgconn.is_busy():
        yield WAIT_R
        pgconn.consume_input()
    return pgconn.get_result()


def _answers(pgconn: PGconn) -> PQGen[list[PGresult]]:
    """Read until the server has answered everything up to the pipeline's synchronisation point."""
    yield from _send_all(pgconn)
    answers: list[PGresult] = []
    while True:
        answer = yield from _next_result(pgconn)
        if answer is None:  # the end of one statement's results
            if pgconn.status != ConnStatus.OK:
                raise errors.AdminShutdown("the connection was lost")
            continue
        if answer.status == ExecStatus.PIPELINE_SYNC:
            return answers
        answers.append(answer)
