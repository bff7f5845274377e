"""A pytest plugin for langchain-postgres' own tests: their chat message history is ours."""

from collections.abc import Sequence

import langchain_postgres.chat_message_histories as theirs
import pytest
from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.messages import BaseMessage

from arraigo.integrations.langchain import ArraigoChatMessageHistory
from integrations.suites.stores import close_the_loops_store, here, pytest_unconfigure, shared, user

__all__ = ["close_the_loops_store", "pytest_unconfigure"]


class PostgresChatMessageHistory(BaseChatMessageHistory):
    """Theirs by its arguments; their connections are not used."""

    def __init__(
        self,
        table_name: str,
        session_id: str,
        /,
        *,
        sync_connection: object = None,
        async_connection: object = None,
    ) -> None:
        del sync_connection, async_connection
        self._user, self._session_id = user(table_name), session_id

    @property
    def _now(self) -> ArraigoChatMessageHistory:
        return ArraigoChatMessageHistory(shared().as_user(self._user), self._session_id)

    async def _here(self) -> ArraigoChatMessageHistory:
        return ArraigoChatMessageHistory((await here()).as_user(self._user), self._session_id)

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override] # as theirs
        """Ours."""
        return self._now.messages

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Ours."""
        self._now.add_messages(messages)

    def clear(self) -> None:
        """Ours."""
        self._now.clear()

    async def aget_messages(self) -> list[BaseMessage]:
        """Ours."""
        return await (await self._here()).aget_messages()

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Ours."""
        await (await self._here()).aadd_messages(messages)

    async def aclear(self) -> None:
        """Ours."""
        await (await self._here()).aclear()

    @staticmethod
    def create_tables(connection: object, table_name: str, /) -> None:
        """The schema is there."""

    @staticmethod
    async def acreate_tables(connection: object, table_name: str, /) -> None:
        """The schema is there."""

    @staticmethod
    def drop_table(connection: object, table_name: str, /) -> None:
        """The database is new."""

    @staticmethod
    async def adrop_table(connection: object, table_name: str, /) -> None:
        """The database is new."""


vars(theirs)["PostgresChatMessageHistory"] = PostgresChatMessageHistory


def pytest_addoption(parser: pytest.Parser) -> None:
    """Their settings are for a plugin that is not needed here, and unknown settings are refused."""
    parser.addini("timeout", "as pytest-timeout has it")
