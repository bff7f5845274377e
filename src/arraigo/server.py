"""The HTTP server: the application with its apps mounted, and the process that serves it."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_address
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import arraigo
from arraigo import llm
from arraigo.apps.documents import http as documents
from arraigo.apps.interviews import http as interviews
from arraigo.apps.interviews.context import ContextService
from arraigo.apps.interviews.interviewer import topics
from arraigo.apps.interviews.interviewer.model import ModelInterviewer
from arraigo.apps.interviews.interviewer.offline import Offline
from arraigo.apps.interviews.service import Office
from arraigo.apps.moves.http import router as moves_router
from arraigo.apps.search.http import router as search_router
from arraigo.apps.state.http import router as state_router
from arraigo.apps.store.http import router as store_router
from arraigo.apps.testplans import http as testplans
from arraigo.apps.testplans.generators import Offline as Techniques
from arraigo.apps.testplans.model import ModelGenerator
from arraigo.errors import InvalidInput, Unavailable, Unreachable
from arraigo.settings import Settings, load
from arraigo.store import Store
from arraigo.web import docs, logs, multipart, openapi, ops
from arraigo.web.auth import Doorkeeper
from arraigo.web.limits import Limits
from arraigo.web.middleware import Metrics, Observe
from arraigo.web.problems import answer_with_problems
from arraigo.web.protocol import LimitedProtocol

GRACE_SECONDS = 20
KEEP_ALIVE_SECONDS = 75  # longer than a load balancer's 60: the balancer must be the one that closes
BACKLOG = 1024
_LOOK_AGAIN_SECONDS = 1.0

_log = structlog.get_logger()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, open, for serving.

    Raises:
        Unavailable: It cannot be reached, or row-level security would be bypassed.
    """
    async with arraigo.open(settings) as store:
        try:
            await store.check_isolation()
        except Unreachable:
            if not store.has_journal:
                raise
            check = asyncio.create_task(_check_isolation_later(store))
            try:
                yield store
            finally:
                check.cancel()
            return
        yield store


async def _check_isolation_later(store: Store) -> None:
    """Once the database is back; where row-level security would be bypassed there, nothing is served any more."""
    while True:
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            await store.check_isolation()
        except Unreachable:
            continue
        except Unavailable as error:
            _log.critical("stopping", reason=error.what)
            os.kill(os.getpid(), signal.SIGTERM)
        return


def create_app(settings: Settings | None = None, *, store: Store | None = None, background: bool = True) -> FastAPI:
    """The application: an ASGI callable.

    Args:
        settings: What to serve and whom to trust; the environment's, when not given.
        store: An open store; without one, the application opens the settings' own while it lives.
        background: Whether it reads documents and writes large exports by itself, as they come in.

    Raises:
        BadSetting: A variable has a bad value.
    """
    chosen = load() if settings is None else settings

    model = llm.open(chosen)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if model is not None:
                stack.push_async_callback(model.close)
            own = await stack.enter_async_context(opened(chosen)) if store is None else store
            _furnish(app, chosen, own)
            work = testplans.work_of(app, own)
            if background:
                await stack.enter_async_context(work.at_hand())
            yield

    app = FastAPI(
        title="Arraigo",
        version=arraigo.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # FastAPI's own would send what validation refused, and every exception's words, to wherever OTEL_* points.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        lifespan=lifespan,
    )
    answer_with_problems(app)
    openapi.describe(app)
    for router in (
        *(store_router, documents.router, documents.downloads, state_router, search_router),
        *(interviews.router, moves_router, *testplans.ROUTERS, ops.router),
    ):
        app.router.routes.extend(router.routes)  # include_router would match every request's address twice
    docs.mount(app)
    app.state.settings = chosen
    interviews.furnish(app, _office(chosen, model))
    testplans.furnish(app, _workshop(model))
    app.state.metrics = Metrics()
    uploads = dict.fromkeys((documents.UPLOAD, testplans.UPLOAD), chosen.max_document + multipart.MAX_OVERHEAD)
    app.add_middleware(Limits, uploads=uploads)  # the innermost; what is added last comes first
    app.add_middleware(Observe, metrics=app.state.metrics, enveloped=(f"{interviews.PREFIX}/",))
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                *("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID")
            ],
            expose_headers=["Content-Disposition", "ETag", "Location", "Retry-After", "X-Request-ID"],
        )
    return app


def _furnish(app: FastAPI, settings: Settings, store: Store) -> None:
    app.state.store = store
    app.state.metrics.watch(store)
    app.state.aside = asyncio.Semaphore(multipart.MAX_ASIDE)
    app.state.door = Doorkeeper(settings, store)


def _office(settings: Settings, model: llm.Model | None) -> Office:
    """Who leads interviews here, and what about."""
    service = settings.context_service
    return Office(
        topics.load(settings.interview_topics),
        Offline() if model is None else ModelInterviewer(model),
        None if service is None else ContextService(service),
    )


def _workshop(model: llm.Model | None) -> testplans.Workshop:
    """Who generates test cases here."""
    techniques = Techniques()
    return testplans.Workshop(techniques if model is None else ModelGenerator(model, techniques))


class _Server(uvicorn.Server):
    """Ends on SIGTERM and SIGINT as what it is: done. A second signal does not wait for requests."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        self.force_exit = self.should_exit
        self.should_exit = True


def run(
    settings: Settings | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; then stop accepting, finish what is being answered, and return.

    Args:
        settings: What to serve; the environment's, when not given.
        host: Where to listen.
        port: Where to listen; 0 for any free one.
        ready: Hears the address, once requests are answered.

    Raises:
        Unavailable: The port is taken, the database away, or row-level security would be bypassed.
        InvalidInput: There is no such host.
    """
    chosen = load() if settings is None else settings
    logs.configure()
    # The port first: a server that cannot listen shall not start a database.
    with listen(host, port) as listener, asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(_serve(chosen, listener, ready))


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop of uvicorn's choice: uvloop where there is one."""
    return uvicorn.Config("", log_config=None).get_loop_factory()


async def _serve(settings: Settings, listener: socket.socket, ready: Callable[[str], None] | None) -> None:
    def announce() -> None:
        address = url(listener)
        _log.info("serving", address=address)
        if not ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback:
            _log.warning("reachable from other machines: put TLS in front of it", address=address)
        if ready is not None:
            ready(address)

    async with opened(settings) as store:
        config = uvicorn.Config(
            create_app(settings, store=store),
            http=LimitedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        await _Server(config, announce).serve([listener])
    _log.info("stopped")


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything else is started.

    Raises:
        Unavailable: It is taken, or may not be used.
        InvalidInput: There is no such host or port.
    """
    if not 0 <= port < 65536:  # noqa: PLR2004 - TCP; getaddrinfo would take it modulo that
        raise InvalidInput(f"there is no port {port}", remedy="give --port 8080")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise InvalidInput(f"there is no address {host}:{port} to listen at", remedy="give --host 127.0.0.1") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        why = (error.strerror or str(error)).lower()
        raise Unavailable(f"cannot listen at {host}:{port}: {why}", remedy="give another --port") from None
    return listener


def url(listener: socket.socket) -> str:
    """The address that a person can open."""
    host, port = listener.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared, not bound
    return f"http://{name}:{port}"
