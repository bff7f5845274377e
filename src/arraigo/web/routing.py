"""Routes that are closed unless they say otherwise: a token first, then clean JSON, then the handler."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from arraigo.web.auth import Doorkeeper
from arraigo.web.limits import JSONRequest
from arraigo.web.problems import documented

_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class GuardedRoute(APIRoute):
    """A route for those who bring a token. Nothing of a request's body is read before the token is good."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        statuses = [401, 403, 422, 503]
        if _BODY_METHODS & set(options.get("methods") or ()):
            statuses += [400, 408, 413, 415]
        options["responses"] = documented(*sorted(statuses)) | (options.get("responses") or {})
        options["openapi_extra"] = {"security": [{"bearer": []}]} | (options.get("openapi_extra") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind the door."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            door: Doorkeeper = request.app.state.door
            request.state.caller = await door.admit(request.headers.get("authorization"))
            return await handle(JSONRequest(request.scope, request.receive))

        return guarded


def guarded_router(tag: str) -> APIRouter:
    """A router whose every route wants a token."""
    return APIRouter(tags=[tag], route_class=GuardedRoute)


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON; times in UTC."""
    return Response(orjson.dumps(value, option=orjson.OPT_UTC_Z), status, headers, "application/json")
