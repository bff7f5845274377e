"""Test plans over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from arraigo.apps.testplans.http import cases, documents, old, plans
from arraigo.apps.testplans.http.shared import Workshop
from arraigo.apps.testplans.work import Work
from arraigo.store import Store

UPLOAD = documents.UPLOAD
ROUTERS = (old.router, documents.router, plans.router, cases.router)

__all__ = ["ROUTERS", "UPLOAD", "Workshop", "at_hand", "furnish"]


def furnish(app: FastAPI, workshop: Workshop) -> None:
    """Tell the routes who generates, reads and writes."""
    app.state.testplans = workshop


@asynccontextmanager
async def at_hand(app: FastAPI, store: Store) -> AsyncIterator[None]:
    """Do in the background what comes in, while the application lives."""
    shop: Workshop = app.state.testplans
    app.state.testplans_work = Work(store, shop.reader, shop.write)
    async with app.state.testplans_work.at_hand():
        yield
