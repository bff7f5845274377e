"""A pytest plugin for LangGraph's own tests: their checkpointer and store on PostgreSQL are ours.

What they call a database is a user of ours. Of their many ways to have a connection one is left: we have one.
"""

import itertools
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, Self
from unittest import mock
from urllib.parse import urlsplit

import langgraph.checkpoint.postgres.aio as postgres_aio
import langgraph.store.postgres as store_postgres
import psycopg
import pytest
from langgraph.checkpoint import postgres

import arraigo
from arraigo.integrations.langgraph import ArraigoSaver, ArraigoStore, AsyncArraigoSaver, AsyncArraigoStore
from arraigo.postgres.database import AsyncDatabase
from integrations.suites.langgraph_left_out import LEFT_OUT, WITHOUT
from integrations.suites.stores import leave_out, pytest_unconfigure, shared, user

__all__ = ["pytest_unconfigure"]

# Every test begins with an empty database of theirs.
_tests = itertools.count()
_test = 0


def pytest_runtest_setup() -> None:
    """The next test's users are others."""
    global _test  # noqa: PLW0603 - a plugin is a module
    _test = next(_tests)


def _user(database: str) -> str:
    return user(_test, database)


class _Nowhere:
    """A connection that their fixtures make databases with; it only knows which one it is for."""

    def __init__(self, uri: str) -> None:
        self.info = SimpleNamespace(dbname=urlsplit(uri).path.lstrip("/"))

    def execute(self, *_: object, **__: object) -> Any:
        """Nothing need be done."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class _AsyncNowhere(_Nowhere):
    """The same with await; whatever is opened for it is closed with it."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        there: Any = shared()
        self._database = AsyncDatabase(there._database.target)
        self.me = arraigo.Store(self._database, there._key, there._blobs, there._max_document).as_user(
            _user(self.info.dbname)
        )

    async def execute(self, *_: object, **__: object) -> Any:
        """Nothing need be done."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()


def _is_theirs(uri: str) -> bool:
    return "localhost:544" in uri


class PostgresSaver(ArraigoSaver):
    """Theirs by its arguments."""

    def __init__(self, conn: Any, serde: Any = None) -> None:
        super().__init__(shared().as_user(_user(conn.info.dbname)), serde=serde)
        self.conn = conn

    @classmethod
    @contextmanager
    def from_conn_string(cls, uri: str) -> Iterator[Self]:
        """As theirs."""
        yield cls(_Nowhere(uri))

    def setup(self) -> None:
        """Our tables are there."""


class AsyncPostgresSaver(AsyncArraigoSaver):
    """Theirs by its arguments."""

    def __init__(self, conn: _AsyncNowhere, serde: Any = None) -> None:
        super().__init__(conn.me, serde=serde)
        self.conn = conn

    @classmethod
    @asynccontextmanager
    async def from_conn_string(cls, uri: str) -> AsyncIterator[Self]:
        """As theirs."""
        async with _AsyncNowhere(uri) as connection:
            yield cls(connection)

    async def setup(self) -> None:
        """Our tables are there."""


class PostgresStore(ArraigoStore):
    """Theirs by its arguments."""

    MIGRATIONS: tuple[str, ...] = ()

    @classmethod
    @contextmanager
    def from_conn_string(cls, uri: str, **named: Any) -> Iterator[Self]:
        """As theirs."""
        me = shared().as_user(_user(_Nowhere(uri).info.dbname))
        yield cls(me, ttl=named.get("ttl"), index=named.get("index"))

    def setup(self) -> None:
        """Our tables are there."""

    def start_ttl_sweeper(self) -> None:
        """Ours sweeps beside what it does anyway."""

    def stop_ttl_sweeper(self) -> None:
        """Nothing has been started."""


class AsyncPostgresStore(AsyncArraigoStore):
    """Theirs by its arguments."""

    MIGRATIONS: tuple[str, ...] = ()

    @classmethod
    @asynccontextmanager
    async def from_conn_string(cls, uri: str, **named: Any) -> AsyncIterator[Self]:
        """As theirs."""
        async with _AsyncNowhere(uri) as connection:
            yield cls(connection.me, ttl=named.get("ttl"), index=named.get("index"))

    async def setup(self) -> None:
        """Our tables are there."""

    def _cursor(self) -> _AsyncNowhere:
        return _AsyncNowhere("")

    async def start_ttl_sweeper(self) -> None:
        """Ours sweeps beside what it does anyway."""

    async def stop_ttl_sweeper(self) -> None:
        """Nothing has been started."""


class _Mocker:
    """What their tests use of pytest-mock."""

    Mock = mock.Mock
    ANY = mock.ANY

    def __init__(self) -> None:
        self.stopping: list[Any] = []

    def patch(self, *given: Any, **named: Any) -> Any:
        """Until the end of the test."""
        patching = mock.patch(*given, **named)
        self.stopping.append(patching)
        return patching.start()


@pytest.fixture
def mocker() -> Iterator[_Mocker]:
    """As pytest-mock's."""
    made = _Mocker()
    yield made
    for patching in made.stopping:
        patching.stop()


def _absent(name: str, *names: str) -> None:
    """A package that their tests import, and that the tests which are run make no use of."""
    module = ModuleType(name)
    for each in names:
        setattr(module, each, type(each, (), {}))
    sys.modules.setdefault(name, module)


def _redirect(kind: Any, nowhere: type[_Nowhere], *, waits: bool) -> None:
    connect = kind.connect

    def elsewhere(uri: str = "", **named: Any) -> Any:
        if not _is_theirs(uri):
            return connect(uri, **named)

        async def made() -> _Nowhere:
            return nowhere(uri)

        return made() if waits else nowhere(uri)

    kind.connect = elsewhere


for module, ours in (
    (postgres, PostgresSaver),
    (postgres_aio, AsyncPostgresSaver),
    (store_postgres, PostgresStore),
    (store_postgres, AsyncPostgresStore),
):
    vars(module)[ours.__name__] = ours
_redirect(psycopg.Connection, _Nowhere, waits=False)
_redirect(psycopg.AsyncConnection, _AsyncNowhere, waits=True)
_absent("redis", "Redis")
_absent("pytest_mock", "MockerFixture")
_absent("syrupy", "SnapshotAssertion")
_absent("langgraph.cache.sqlite", "SqliteCache")
_absent("langgraph.checkpoint.sqlite", "SqliteSaver")
_absent("langgraph.checkpoint.sqlite.aio", "AsyncSqliteSaver")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Their configuration names an option of syrupy."""
    parser.addoption("--snapshot-warn-unused", action="store_true")


def _is_about_us(item: pytest.Item) -> bool:
    """Whether a test is given one of our classes."""
    ours = {"sync_checkpointer", "async_checkpointer", "sync_store", "async_store", "make_checkpointer"}
    return "checkpoint-postgres" in str(item.path) or bool(ours & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not about us, other ways to have a connection, and the tests that are named."""
    leave_out(config, items, {name: why for name, why in LEFT_OUT.items() if _is_in(name, items)})
    out = []
    for item in items:
        given = getattr(getattr(item, "callspec", None), "params", {})
        names = {
            getattr(value, "__name__", value) for value in given.values() if isinstance(value, str) or callable(value)
        }
        if not _is_about_us(item) or names & WITHOUT or "snapshot" in getattr(item, "fixturenames", ()):
            out.append(item)
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in set(out)]


def _is_in(name: str, items: list[pytest.Item]) -> bool:
    return any(item.nodeid.split("[")[0].endswith(f"::{name}") for item in items)
