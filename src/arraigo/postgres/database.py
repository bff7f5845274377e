"""The query door: named queries in, typed rows out, each in one round trip and under the caller's identity."""

from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Generic, NamedTuple, Self, TypeVar
from uuid import UUID

import psycopg
from psycopg.abc import PQGen

from arraigo.postgres.pool import AsyncHeld, AsyncPool
from arraigo.postgres.protocol import Parameters, Statement, as_user, bind
from arraigo.postgres.queries import Query
from arraigo.postgres.target import Target
from arraigo.postgres.translate import connection_was_lost, rolled_back, translate

T = TypeVar("T")
MakeRow = Callable[[Sequence[Any]], T]


class Ask(NamedTuple, Generic[T]):
    """One query with its parameters, and what to make of each row."""

    query: Query
    parameters: Parameters
    make: MakeRow[T]


class AsyncDatabase:
    """A pool of connections to one database, with the ways to ask it something.

    Args:
        target: Where it is and how to work there (see `arraigo.postgres.target`).
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._pool = AsyncPool(target)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    async def fetch(
        self, query: Query, parameters: Parameters, make: MakeRow[T], *, identity: UUID | None = None
    ) -> list[T]:
        """Run one query as `identity`; every row is `make(values)`.

        Raises:
            ArraigoError: What the server said, translated.
        """
        return (await self.fetch_all([Ask(query, parameters, make)], identity=identity))[0]

    async def fetch_all(self, asked: Sequence[Ask[T]], *, identity: UUID | None = None) -> list[list[T]]:
        """Several queries in one transaction and one round trip."""
        repeatable = all(ask.query.repeatable for ask in asked)
        return await self._try(lambda held: _all(held, identity, asked), repeatable=repeatable)

    def call(self, query: Query, parameters: Parameters, make: MakeRow[T]) -> Awaitable[T]:
        """Run a function that sets its identity itself, is safe to repeat, and gives one row: one statement."""
        statement = bind(query, parameters)
        return self._try(lambda held: _one(held, statement, make), repeatable=True)

    async def _try(self, ask: Callable[[AsyncHeld], PQGen[T]], *, repeatable: bool) -> T:
        """Ask; and once more where the first try left nothing behind, or where doing it twice is doing it once."""
        for last in (False, True):
            held = await self._pool.acquire()
            try:
                return await held.waiter.run(ask(held))
            except psycopg.Error as error:
                again = rolled_back(error) or (repeatable and connection_was_lost(error))
                if last or not again:
                    raise translate(error, where=self.target.where) from error
                held.session.forget()
            finally:
                await self._pool.release(held)
        raise AssertionError("unreachable")


def _all(held: AsyncHeld, identity: UUID | None, asked: Sequence[Ask[T]]) -> PQGen[list[list[T]]]:
    statements = [bind(ask.query, ask.parameters) for ask in asked]
    results = yield from held.session.exchange(as_user(identity, statements, set_role=held.set_role))
    answers = results[-len(asked) - 1 : -1]  # before them BEGIN and the identity, after them COMMIT
    return [held.session.rows(result, ask.make) for result, ask in zip(answers, asked, strict=True)]


def _one(held: AsyncHeld, statement: Statement, make: MakeRow[T]) -> PQGen[T]:
    result = yield from held.session.ask(statement)
    return held.session.rows(result, make)[0]
