from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

import arraigo
from arraigo.server import create_app
from arraigo.settings import Settings
from support.employees import ANA, Employee
from support.http import bearer, client_of


@pytest.fixture
async def app(settings: Settings, store: arraigo.Store) -> FastAPI:
    return create_app(settings, store=store)


@pytest.fixture
async def client(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's."""
    async with client_of(app) as found:
        found.headers.update(bearer(settings, "ana", ANA))
        yield found


@pytest.fixture
def ana(client: httpx.AsyncClient) -> Employee:
    return Employee(client)
