"""Routes that are closed unless they say otherwise: a token first, then clean JSON, then the handler."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from arraigo.store.types import Stored
from arraigo.web.auth import Doorkeeper
from arraigo.web.limits import JSONRequest
from arraigo.web.problems import documented

_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class GuardedRoute(APIRoute):
    """A route for those who bring a token. Nothing of a request's body is read before the token is good."""

    documented = staticmethod(documented)

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        statuses = [401, 403, 422, 503]
        if _BODY_METHODS & set(options.get("methods") or ()):
            statuses += [400, 413, 415]
        options["responses"] = self.documented(*sorted(statuses)) | (options.get("responses") or {})
        options["openapi_extra"] = {"security": [{"bearer": []}]} | (options.get("openapi_extra") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind the door."""
        handle = super().get_route_handler()

        async def guarded(plain: Request) -> Response:
            request = JSONRequest(plain.scope, plain.receive)
            door: Doorkeeper = request.app.state.door
            request.state.caller = await door.admit(request.headers.get("authorization"))
            return await handle(request)

        return guarded


def guarded_router(tag: str) -> APIRouter:
    """A router whose every route wants a token."""
    return APIRouter(tags=[tag], route_class=GuardedRoute)


def shows(
    status: int, example: Any, *problems: int, media: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: its good answer by example, and the problems it may end in."""
    return {status: {"content": {media: {"example": example}}}} | documented(*problems)


# What the local journal took in while the database is away.
JOURNALLED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Kept in the journal: the database is away, and gets it when it is back",
        "content": {"application/json": {"example": {"stored": "journal"}}},
    }
}


def kept(stored: Stored, headers: dict[str, str] | None = None) -> Response:
    """The answer to a change that has none of its own: 204, or 202 where the journal took it in."""
    return answer({"stored": stored}, 202) if stored == "journal" else Response(status_code=204, headers=headers)


def rooted(request: Request, path: str) -> str:
    """One of our own paths, behind what a gateway has put before them (`root_path` of the ASGI scope)."""
    return f"{request.scope.get('root_path', '')}{path}"


def by_example(value: Any) -> dict[str, Any]:
    """The `openapi_examples` of a parameter or body with one example."""
    return {"example": {"value": value}}


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON; times in UTC."""
    try:
        body = _to_json(value)
    except TypeError:  # jsonb gives 1e300 back as an integer of 301 digits, more than orjson can write
        body = json.dumps(value, default=lambda other: orjson.loads(_to_json(other)), ensure_ascii=False).encode()
    return Response(body, status, headers, "application/json")


def _to_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)
