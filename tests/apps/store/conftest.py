from collections.abc import AsyncIterator

import httpx
import pytest

import arraigo
from arraigo.apps.interviews.examples import EMPLOYEE
from arraigo.settings import Settings
from support.http import signed_in


@pytest.fixture
async def client(settings: Settings, store: arraigo.Store) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's, who is an employee as well."""
    async with signed_in(settings, store, "ana", EMPLOYEE) as found:
        yield found
