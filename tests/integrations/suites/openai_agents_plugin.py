"""A pytest plugin for openai-agents' own tests: their sessions on SQLite are ours on PostgreSQL."""

import asyncio
import threading
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import agents
import agents.extensions.memory.encrypt_session  # asks for SQLite's own class: it shall find ours to be another
import agents.extensions.memory.sqlalchemy_session as on_sqlalchemy
import agents.memory
import agents.memory.sqlite_session as on_sqlite
import pytest
from agents import TResponseInputItem
from agents.memory import SessionABC, SessionSettings
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from arraigo.integrations.openai_agents import ArraigoSession
from integrations.suites.openai_agents_left_out import LEFT_OUT
from integrations.suites.stores import close_the_loops_store, here, leave_out, pytest_unconfigure, shared, user

__all__ = ["close_the_loops_store", "pytest_unconfigure"]


class SQLiteSession(ArraigoSession):
    """Theirs by its arguments; ours, on the store without await."""

    def __init__(
        self,
        session_id: str,
        db_path: str | Path = ":memory:",
        sessions_table: str = "agent_sessions",
        messages_table: str = "agent_messages",
        session_settings: SessionSettings | dict[str, Any] | None = None,
    ) -> None:
        place = uuid4() if db_path == ":memory:" else db_path
        me = shared().as_user(user(place, sessions_table, messages_table))
        super().__init__(me, session_id, session_settings=session_settings)

    def close(self) -> None:
        """The store is the run's."""


class SQLAlchemySession(SessionABC):
    """Theirs by its arguments; ours on the store of the running loop."""

    _urls: ClassVar[dict[int, str]] = {}

    def __init__(
        self,
        session_id: str,
        *,
        engine: AsyncEngine,
        create_tables: bool = False,
        session_settings: SessionSettings | dict[str, Any] | None = None,
        **_named: object,
    ) -> None:
        del create_tables
        self.session_id = session_id
        self.engine = engine
        self._place = engine if "memory" in str(engine.url) else str(engine.url)
        self._settings = session_settings
        self._ours: dict[asyncio.AbstractEventLoop, ArraigoSession] = {}
        self.session_settings = self._in_threads().session_settings

    @classmethod
    def from_url(cls, session_id: str, *, url: str, **named: Any) -> "SQLAlchemySession":
        """As theirs."""
        return cls(session_id, engine=create_async_engine(url), **named)

    def _in_threads(self) -> ArraigoSession:
        me = shared().as_user(user(self._place))
        return ArraigoSession(me, self.session_id, session_settings=self._settings)

    async def _session(self) -> ArraigoSession:
        if threading.current_thread() is not threading.main_thread():
            return self._in_threads()
        loop = asyncio.get_running_loop()
        if loop not in self._ours:
            me = (await here()).as_user(user(self._place))
            self._ours[loop] = ArraigoSession(me, self.session_id, session_settings=self._settings)
        return self._ours[loop]

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """Ours."""
        return await (await self._session()).get_items(limit)

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Ours."""
        await (await self._session()).add_items(items)

    async def pop_item(self) -> TResponseInputItem | None:
        """Ours."""
        return await (await self._session()).pop_item()

    async def clear_session(self) -> None:
        """Ours."""
        await (await self._session()).clear_session()


for module in (agents, agents.memory, on_sqlite):
    vars(module)["SQLiteSession"] = SQLiteSession
vars(on_sqlalchemy)["SQLAlchemySession"] = SQLAlchemySession


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite and SQLAlchemy."""
    leave_out(config, items, LEFT_OUT)
