"""AWS Lambda behind API Gateway: one handler for every route, and for the work that nobody waits for.

An environment answers one request after the other and is frozen in between. The application is opened once in each
and kept, with its connection; nothing goes on in the background. What a request leaves to be done (a document to read,
a large export) is done before its answer goes out, for a few seconds; what that does not end, the event
`{"arraigo": "work"}` does, which a schedule sends.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cache
from typing import Any, Protocol
from urllib.parse import unquote

import structlog

from arraigo import retrieve
from arraigo.apps.testplans.work import Work, sweep_exports
from arraigo.errors import BadSetting, Unavailable
from arraigo.server import create_app
from arraigo.settings import Settings, load
from arraigo.store import Store
from arraigo.store.stores import MOST_SWEPT
from arraigo.web import logs
from arraigo.web.problems import MEDIA_TYPE, problem

Event = Mapping[str, Any]
Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

WORK_SECONDS = 10.0  # at what a request left, before its answer; API Gateway waits 29
MARGIN_SECONDS = 5.0  # before Lambda ends an invocation
MOST_ANSWERED = 6 * 1024 * 1024 - 64 * 1024  # bytes: what Lambda hands on, but its own frame
_BLOBS_AT_ONCE = 100
_SLOT = re.compile(r"\{(\w+)\+?\}")
_log = structlog.get_logger()


class Context(Protocol):
    """What Lambda says of an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """How long it may still take."""


def handler(event: Event, context: Context) -> dict[str, Any]:
    """What Lambda calls: `arraigo.lambda_handler.handler`.

    Args:
        event: A request of API Gateway (REST, or HTTP in either format of its payload), or `{"arraigo": "work"}`.
        context: The invocation.

    Raises:
        BadSetting: The environment has not what Lambda needs.
        Unavailable: There is work to do, and the database is away; a request is answered with 503 then.
    """
    work = event.get("arraigo")
    _loop()
    try:
        environment = _environment()
    except Unavailable as error:
        if work is not None:
            raise
        _log.error("not started", why=str(error))
        return _adapter(problem(503))(event, context)  # type: ignore[no-any-return] # mangum's own is a dict
    if work == "work":
        return environment.work(context, thorough=bool(event.get("thorough")))
    if work is not None:
        raise BadSetting(f"there is no event {work!r:.60} for arraigo", remedy='send {"arraigo": "work"}')
    return environment.answer(event, context)


class Environment:
    """The application as one environment of Lambda keeps it.

    Args:
        settings: What to serve.

    Raises:
        BadSetting: They name what no environment of Lambda has.
        Unavailable: The database is away.
    """

    def __init__(self, settings: Settings) -> None:
        _check(settings)
        one = replace(settings, pool=replace(settings.pool, min_size=1, max_size=1))  # one request at a time
        self._loop = _loop()
        self._stack = AsyncExitStack()
        self._app = create_app(one, background=False)
        try:
            self._run(self._stack.enter_async_context(self._app.router.lifespan_context(self._app)))
        except BaseException:
            self.close()
            raise
        self._answer = _adapter(_rooted(self._app))

    def answer(self, event: Event, context: Context) -> dict[str, Any]:
        """One request, and what it left to be done."""
        answer: dict[str, Any] = self._answer(event, context)
        self._run(self._work.soon(min(WORK_SECONDS, _left(context))))
        if len(answer.get("body") or "") > MOST_ANSWERED:
            most = f"{MOST_ANSWERED / 1e6:.1f} MB"
            what = f"the answer is larger than the {most} that Lambda hands on; ask for less, or another server"
            return _adapter(problem(500, what))(event, context)  # type: ignore[no-any-return] # the same
        return answer

    def work(self, context: Context, *, thorough: bool = False) -> dict[str, Any]:
        """What `arraigo worker` does; how much of each that was."""
        done: dict[str, Any] = self._run(self._all(_left(context), thorough=thorough))
        return done

    def close(self) -> None:
        """Let go of everything; Lambda never asks for it."""
        self._run(self._stack.aclose())

    @property
    def _work(self) -> Work:
        found: Work = self._app.state.testplans_work
        return found

    async def _all(self, seconds: float, *, thorough: bool) -> dict[str, Any]:
        store: Store = self._app.state.store
        done: dict[str, Any] = {"swept": 0}
        for sweep in (store.sweep_state, store.sweep_items, lambda limit: sweep_exports(store, limit)):
            done["swept"] += await sweep(limit=MOST_SWEPT)
        done["blobs"] = await store.sweep_blobs(limit=_BLOBS_AT_ONCE)
        try:
            async with asyncio.timeout(seconds):
                done["worked_off"] = await self._work.off()
                await retrieve.index(store, patience=seconds / 2, thorough=thorough)
        except TimeoutError:
            done["more"] = True
        return done

    def _run(self, doing: Awaitable[Any]) -> Any:
        return self._loop.run_until_complete(doing)


@cache
def _environment() -> Environment:
    logs.configure()
    return Environment(load())


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The one on which everything runs; mangum asks for the current one."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def _adapter(app: Any) -> Any:
    try:
        from mangum import Mangum  # noqa: PLC0415 - an extra
        from mangum.adapter import DEFAULT_TEXT_MIME_TYPES  # noqa: PLC0415 - the same
    except ImportError:
        raise BadSetting("Lambda wants the extra aws", remedy="package arraigo[aws]") from None
    return Mangum(app, lifespan="off", text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, MEDIA_TYPE])


def _check(settings: Settings) -> None:
    """Refuse what would be lost with the environment, or differ from one to the next."""
    wants = {
        "DATABASE_URL (or RDS_HOST and the others)": settings.embedded,
        "ARRAIGO_JWT_SECRET or ARRAIGO_JWKS_URL": settings.jwt_secret is None and settings.jwks_url is None,
        "ARRAIGO_BLOBS, as s3://bucket/prefix,": not settings.blob_place.startswith("s3://"),
    }
    for name, missing in wants.items():
        if missing:
            raise BadSetting(f"behind Lambda {name} has to be set: nothing on its disk is kept")


def _left(context: Context) -> float:
    """Seconds that may still be worked."""
    return max(0.0, context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS)


def _rooted(app: Any) -> Any:
    """The application below the stage, or the path of a custom domain, that a request came in by."""

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        root = root_of(scope["aws.event"])
        if root:
            scope = {**scope, "path": scope["path"].removeprefix(unquote(root)) or "/", "root_path": root}

        async def out(message: MutableMapping[str, Any]) -> None:
            if root and message["type"] == "http.response.start":
                message["headers"] = [
                    (name, root.encode() + value if name == b"location" and value.startswith(b"/") else value)
                    for name, value in message["headers"]
                ]
            if scope["method"] == "HEAD" and message["type"] == "http.response.body":
                message["body"] = b""  # which a server would leave out
            await send(message)

        await app(scope, receive, out)

    return below


def root_of(event: Event) -> str:
    """What stands before our own paths: a stage, or what a custom domain maps to this API; empty: nothing does.

    A REST API's `path` has no stage, but a custom domain's base path; an HTTP API's has its stage, unless that is
    `$default` (API Gateway developer guide, "Lambda proxy integrations").
    """
    context = event["requestContext"]
    path = str(context["http"]["path"] if "http" in context else event["path"])
    template = event.get("resource") or str(event.get("routeKey") or "").partition(" ")[2]
    given = event.get("pathParameters") or {}
    own = _SLOT.sub(lambda slot: str(given.get(slot[1], slot[0])), template)
    if own.startswith("/") and path.endswith(own) and own != "/":
        return path.removesuffix(own)
    stage = f"/{context.get('stage', '')}"
    return stage if "http" in context and f"{path}/".startswith(f"{stage}/") else ""
