"""A pytest plugin for Chainlit's own tests: their data layer on SQLAlchemy is ours on PostgreSQL."""

import json
import re
import warnings
from typing import Any

import pytest

import arraigo

with warnings.catch_warnings():  # their settings make errors of them, and what Chainlit itself imports has some
    warnings.simplefilter("ignore")
    import chainlit.data.sql_alchemy as theirs
    from chainlit.data.storage_clients.base import BaseStorageClient

    from arraigo.integrations.chainlit import ArraigoDataLayer, caller

from integrations.suites.chainlit_left_out import LEFT_OUT
from integrations.suites.stores import close_the_loops_store, here, leave_out, pytest_unconfigure, user

__all__ = ["close_the_loops_store", "pytest_unconfigure"]

_COLUMN = re.compile(r'SELECT "(metadata|name)" FROM threads WHERE "id" = :id')


class SQLAlchemyDataLayer(ArraigoDataLayer):
    """Theirs by its arguments; each of their databases is a provider of its own."""

    def __init__(self, conninfo: str, storage_provider: BaseStorageClient | None = None) -> None:
        super().__init__(storage=storage_provider, provider=user(conninfo))
        # They ask outside of a chat too; then it is their test user who asks.
        caller.remember("test_user_identifier")
        self._people.store = self._store  # type: ignore[method-assign] # the one of the running loop

    async def _store(self) -> arraigo.Store:
        return await here()

    async def execute_sql(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Their two questions about a thread's row, asked of the thread."""
        column = _COLUMN.fullmatch(query)
        assert column is not None, query
        thread: Any = await self.get_thread(parameters["id"])
        value = thread[column[1]]
        return [{column[1]: json.dumps(value) if column[1] == "metadata" else value}]


vars(theirs)["SQLAlchemyDataLayer"] = SQLAlchemyDataLayer


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the table names."""
    leave_out(config, items, LEFT_OUT)
