from collections.abc import AsyncIterator

import httpx
import pytest
from support.http import signed_in

import arraigo
from arraigo.settings import Settings


@pytest.fixture
async def client(settings: Settings, store: arraigo.Store) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's."""
    async with signed_in(settings, store, "ana") as found:
        yield found
