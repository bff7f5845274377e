"""What happens to every request: an id, one line in the log, figures for Prometheus, headers, and a clean 500."""

import asyncio
import re
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arraigo.ids import uuid7
from arraigo.store import Store
from arraigo.web.logs import fault
from arraigo.web.problems import ENVELOPED, REQUEST_ID, problem

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})
_UNMATCHED = "unmatched"

# A handler's own header of the same name wins.
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_NAMES = frozenset(name for name, _ in _HEADERS)

_log = structlog.get_logger()


class Metrics:
    """The figures of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.in_flight = Gauge(
            "arraigo_http_requests_in_flight", "Requests being answered now.", registry=self.registry
        )
        self._requests = Counter(
            "arraigo_http_requests",
            "Requests answered, by route template and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "arraigo_http_request_seconds",
            "Seconds from a request's first byte to its answer's last.",
            ("method", "route"),
            registry=self.registry,
        )
        self._pending = Gauge(
            "arraigo_journal_pending",
            "Changes that are in the journal, and not in the database.",
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def watch(self, store: Store) -> None:
        """Tell how much is pending in this store whenever somebody asks."""
        self._pending.set_function(lambda: store.pending)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request more. The number of label values is bounded by the routes there are."""
        key = (method, route, status)
        known = self._known.get(key)
        if known is None:
            known = self._requests.labels(*key), self._seconds.labels(method, route)
            self._known[key] = known
        known[0].inc()
        known[1].observe(seconds)


class Observe:
    """ASGI middleware: see the module.

    Args:
        app: The application behind it.
        metrics: Where requests are counted.
        enveloped: Paths below which errors go in the envelope of seed 1.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, enveloped: Sequence[str] = ()) -> None:
        self.app = app
        self.metrics = metrics
        self.enveloped = tuple(enveloped)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = scope["method"]
        if asked == "HEAD":  # RFC 9110, 9.3.2: as GET; the server leaves the body out
            scope = {**scope, "method": "GET"}
        request_id = _request_id(scope)
        scope.setdefault("state", {})["arrived"] = asyncio.get_running_loop().time()
        mark = REQUEST_ID.set(request_id)
        below = ENVELOPED.set(f"{scope['path']}/".startswith(self.enveloped))
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = list(message.get("headers", ()))
                given = {name for name, _ in headers}
                headers += _HEADERS if given.isdisjoint(_NAMES) else [h for h in _HEADERS if h[0] not in given]
                headers.append((b"x-request-id", request_id.encode()))
            await send(message)

        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, answer)
        except asyncio.CancelledError:  # the grace of a shutdown is over, and this was still at it
            if status:
                raise
            await problem(503, "the server is stopping, and may or may not have done this")(scope, receive, answer)
        except Exception as error:
            _log.error("failed", request_id=request_id, **fault(error))
            if status:  # too late for a problem: the connection must break, or a half answer would look whole
                raise
            await problem(500)(scope, receive, answer)
        finally:
            self.metrics.in_flight.dec()
            self._record(scope, asked, status, request_id, time.perf_counter() - began)
            REQUEST_ID.reset(mark)
            ENVELOPED.reset(below)

    def _record(self, scope: Scope, method: str, status: int, request_id: str, seconds: float) -> None:
        """Count it and log it: by the route's template, since an address may name a person."""
        route = getattr(scope.get("route"), "path", _UNMATCHED)
        method = method if method in _METHODS else "other"
        self.metrics.count(method, route, status, seconds)
        if route in _QUIET and status < HTTPStatus.BAD_REQUEST:
            return
        caller = scope["state"].get("caller")
        _log.info(
            "request",
            request_id=request_id,
            method=method,
            route=route,
            status=status or None,  # none: the answer never began
            ms=round(seconds * 1000, 2),
            user_id=str(caller.user_id) if caller else None,
        )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE_ID.fullmatch(value):
            return str(value, "ascii")
    return str(uuid7())
