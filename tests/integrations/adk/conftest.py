"""A session service on a database of the test's own."""

from typing import Any

import pytest

import arraigo


@pytest.fixture
async def service(store: arraigo.Store) -> Any:
    from integrations.adk.kit import ArraigoSessionService

    return ArraigoSessionService(store)
