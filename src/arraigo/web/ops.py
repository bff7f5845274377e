"""What operators ask: is it alive, can it serve, how is it doing."""

import asyncio
import hmac
import re

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from arraigo.errors import ArraigoError
from arraigo.store import Store
from arraigo.web.middleware import Metrics
from arraigo.web.problems import problem
from arraigo.web.routing import answer, shows

_PING_SECONDS = 3.0
_LOOPBACK_CLIENTS = frozenset({"127.0.0.1", "::1"})
_LOOPBACK_NAME = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_FIGURES = """# HELP arraigo_http_requests_in_flight Requests being answered now.
# TYPE arraigo_http_requests_in_flight gauge
arraigo_http_requests_in_flight 1.0
"""

router = APIRouter(tags=["ops"])


class Live(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """Where changes go now.

    Attributes:
        status: "ok", or "degraded" while the database is away and changes are kept in the journal.
        storage: "postgresql", or "journal" until all of it has come in.
        pending: How many changes are in the journal only.
    """

    status: str
    storage: str
    pending: int


@router.get("/health/live", response_model=Live, responses=shows(200, {"status": "ok"}))
async def live() -> Response:
    """Is the process alive? Says nothing of the database: a restart would not bring that back."""
    return answer({"status": "ok"})


@router.get(
    "/health/ready",
    response_model=Ready,
    responses=shows(200, {"status": "ok", "storage": "postgresql", "pending": 0}, 503),
)
async def ready(request: Request) -> Response:
    """Can it serve? 503 while the database is away, and there is no journal."""
    store: Store = request.app.state.store
    status = "ok"
    try:
        async with asyncio.timeout(_PING_SECONDS):
            await store.ping()
    except (ArraigoError, TimeoutError):
        if not store.has_journal:
            return problem(503, storage=store.storage, pending=0)
        status = "degraded"
    return answer({"status": status, "storage": store.storage, "pending": store.pending})


@router.get(
    "/metrics",
    response_class=Response,
    responses=shows(200, _FIGURES, 401, 403, media="text/plain"),
)
async def metrics(request: Request) -> Response:
    """Figures for Prometheus.

    They want ARRAIGO_METRICS_TOKEN as a bearer token; where none is set, only loopback may ask.
    """
    wanted: str | None = request.app.state.settings.metrics_token
    if wanted is not None:
        given = request.headers.get("authorization", "").partition(" ")
        if given[0].lower() != "bearer" or not hmac.compare_digest(given[2].encode(), wanted.encode()):
            raise HTTPException(401, "the metrics have a token of their own", {"WWW-Authenticate": "Bearer"})
    elif not _from_this_machine(request):
        raise HTTPException(403, "without ARRAIGO_METRICS_TOKEN the metrics are for loopback only")
    figures: Metrics = request.app.state.metrics
    return Response(generate_latest(figures.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _from_this_machine(request: Request) -> bool:
    """A page in a browser here, or a proxy here, is on loopback too: the first is told by the name it asks for."""
    client = request.client.host if request.client else ""
    proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    named = _LOOPBACK_NAME.fullmatch(request.headers.get("host", ""))
    return client in _LOOPBACK_CLIENTS and named is not None and not proxied
