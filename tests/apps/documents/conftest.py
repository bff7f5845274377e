from collections.abc import AsyncIterator

import httpx
import pytest

import arraigo
from arraigo.settings import Settings
from support.http import signed_in


@pytest.fixture
async def client(settings: Settings, store: arraigo.Store) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's."""
    async with signed_in(settings, store, "ana") as found:
        yield found
