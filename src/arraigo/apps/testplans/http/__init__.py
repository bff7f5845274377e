"""Test plans over HTTP."""

from fastapi import FastAPI

from arraigo.apps.testplans.http import cases, documents, old, plans
from arraigo.apps.testplans.http.shared import Workshop
from arraigo.apps.testplans.work import Work
from arraigo.store import Store

UPLOAD = documents.UPLOAD
ROUTERS = (old.router, documents.router, plans.router, cases.router)

__all__ = ["ROUTERS", "UPLOAD", "Workshop", "furnish", "work_of"]


def furnish(app: FastAPI, workshop: Workshop) -> None:
    """Tell the routes who generates, reads and writes."""
    app.state.testplans = workshop


def work_of(app: FastAPI, store: Store) -> Work:
    """What the application has to do while nobody waits; the routes tell it when there is something."""
    shop: Workshop = app.state.testplans
    app.state.testplans_work = found = Work(store, shop.reader, shop.write)
    return found
