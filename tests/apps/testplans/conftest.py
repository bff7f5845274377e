from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

import arraigo
from arraigo.apps.testplans import http
from arraigo.server import create_app
from arraigo.settings import Settings
from support.http import bearer, client_of
from support.testplans import ByHand, Lines, Tester, write


@pytest.fixture
async def generator() -> ByHand:
    return ByHand()


@pytest.fixture
async def reader() -> Lines:
    return Lines()


@pytest.fixture
async def app(settings: Settings, store: arraigo.Store, generator: ByHand, reader: Lines) -> FastAPI:
    made = create_app(settings, store=store)
    http.furnish(made, http.Workshop(generator, reader, write))
    return made


@pytest.fixture
async def client(app: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's."""
    async with client_of(app) as found:
        found.headers.update(bearer(settings, "ana"))
        yield found


@pytest.fixture
def ana(client: httpx.AsyncClient) -> Tester:
    return Tester(client)
