"""Every error that leaves over HTTP, as application/problem+json (RFC 9457), without anybody's words in it."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any, cast

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from arraigo.errors import (
    AccessDenied,
    ArraigoError,
    Conflict,
    Expired,
    InvalidInput,
    NotFound,
    TooLarge,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "2"
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
ENVELOPED: ContextVar[bool] = ContextVar("enveloped", default=False)

_MOST_NAMED = 20
_LONGEST_NAME = 100

_log = structlog.get_logger()

# The nearest ancestor counts: TooLarge is an InvalidInput too. What is not here is a 500.
_STATUS: Mapping[type, int] = {
    TooLarge: 413,
    InvalidInput: 422,
    Expired: 410,
    NotFound: 404,
    AccessDenied: 403,
    Conflict: 409,
    Unavailable: 503,
}

# What each is called and means here. The documentation page has an anchor for each, which is the problem's type;
# own names, since Python's for 413 and 422 changed with its versions.
KINDS: Mapping[int, tuple[str, str]] = {
    400: ("Bad request", "The request is no HTTP, or no JSON or form that can be read."),
    401: (
        "Unauthorized",
        "There is no token, or it is expired, not signed by whom this server trusts, or for somebody else.",
    ),
    403: ("Forbidden", "The token is good, but this is not its bearer's to do."),
    404: ("Not found", "There is no such thing, or it is somebody else's: both look the same."),
    405: ("Method not allowed", "This address does not take this method; Allow says which it takes."),
    409: ("Conflict", "It is there already with other content, or has been deleted."),
    410: ("Gone", "It was there for a while, and that is over: ask for a new one."),
    412: ("Precondition failed", "It has changed since, or is there already: read it again."),
    413: ("Content too large", "More than a limit allows: of bytes, of depth, or of messages."),
    414: ("URI too long", "The address is too long."),
    415: (
        "Unsupported media type",
        "Send JSON as application/json, in UTF-8, or a file as multipart/form-data; neither compressed.",
    ),
    422: ("Unprocessable content", "It was understood and cannot be taken; errors names the fields."),
    431: ("Request header fields too large", "The headers are too long."),
    500: ("Internal server error", "A fault of this server. The request id leads to it in the log."),
    503: (
        "Service unavailable",
        "The database, or the place of documents, cannot be used now; try again after Retry-After seconds.",
    ),
}


class FieldError(BaseModel):
    """One field or parameter that cannot be taken."""

    detail: str
    pointer: str | None = Field(None, description="where in the body, as a JSON pointer (RFC 6901)")
    parameter: str | None = Field(None, description="which parameter of the path, the query or the header")


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(json_schema_extra={"required": ["type", "title", "status", "detail"]})

    type: str = Field(description="an anchor in this server's documentation")
    title: str
    status: int
    detail: str
    request_id: str | None = Field(None, description="the same as in X-Request-ID and in the server's log")
    errors: list[FieldError] | None = None


def slug(status: int) -> str:
    """The documentation's anchor for a status: 404 is "not-found"."""
    return KINDS[status][0].lower().replace(" ", "-")


def _headline(status: int) -> dict[str, Any]:
    if status not in KINDS:
        return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return {"type": f"/docs#{slug(status)}", "title": KINDS[status][0], "status": status}


def problem(status: int, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """An error as a response.

    Args:
        status: The HTTP status, 400 to 599.
        detail: One sentence about this very case; what the status means, when there is nothing to add.
        headers: Further headers.
        members: What else a program might want to know, such as `errors`.
    """
    body = {
        **_headline(status),
        "detail": detail or KINDS[status][1],
        "request_id": REQUEST_ID.get() or None,
        **members,
    }
    extra = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.setdefault("Retry-After", RETRY_AFTER_SECONDS)
    if ENVELOPED.get():
        return Response(orjson.dumps(enveloped(body)), status, extra, "application/json")
    return Response(orjson.dumps(body), status, extra, MEDIA_TYPE)


def enveloped(body: Mapping[str, Any]) -> dict[str, Any]:
    """A problem in the envelope of seed 1: what it says as `message`, all of it as `error`."""
    error = {name: value for name, value in body.items() if name not in {"request_id", "data"}}
    return {
        "success": False,
        "message": body["detail"],
        "data": body.get("data"),
        "error": {"code": code(body["status"]), **error},
        "meta": {"request_id": body["request_id"]},
    }


def code(status: int) -> str:
    """A status as programs of the envelope name it: 404 is "NOT_FOUND"."""
    return (KINDS[status][0] if status in KINDS else HTTPStatus(status).phrase).upper().replace(" ", "_")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may end in these problems, each with an example."""
    return {status: _documented(status, MEDIA_TYPE, "Problem", example(status)) for status in statuses}


def documented_enveloped(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for a route that answers in the envelope."""
    return {
        status: _documented(status, "application/json", "FailedEnvelope", enveloped(example(status)))
        for status in statuses
    }


def example(status: int) -> dict[str, Any]:
    """A problem of this status."""
    return {
        **_headline(status),
        "detail": KINDS[status][1],
        "request_id": "0199a3c8-5c1e-7d32-9f4b-6a1f0c2d3e4f",
    }


def _documented(status: int, media: str, schema: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": dict(shown)}
    return {"description": KINDS[status][1], "content": {media: content}}


def answer_with_problems(app: FastAPI) -> None:
    """Make every error that the application raises on purpose a problem."""
    app.add_exception_handler(ArraigoError, _on_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_error(_: Request, raised: Exception) -> Response:
    error = cast("ArraigoError", raised)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # These name servers and settings: for the log, not for the caller.
        _log.error("failed", error=str(error), request_id=REQUEST_ID.get())
        return problem(status)
    return problem(status, str(error))


async def _on_http(request: Request, raised: Exception) -> Response:
    error = cast("HTTPException", raised)
    headers = dict(error.headers or {})
    detail = str(error.detail)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allowed(request)
    if error.status_code in KINDS and detail == HTTPStatus(error.status_code).phrase:
        detail = ""
    return problem(error.status_code, detail, headers=headers)


def _allowed(request: Request) -> str:
    """All methods of this address: the router names those of one route only."""
    route = request.scope.get("route")
    operations = request.app.openapi()["paths"].get(getattr(route, "path_format", ""), {})
    names = {name.upper() for name in operations} or set(getattr(route, "methods", ()))
    return ", ".join(sorted(names | ({"HEAD"} if "GET" in names else set())))


async def _on_invalid(_: Request, raised: Exception) -> Response:
    return invalid(cast("RequestValidationError", raised))


def invalid(error: RequestValidationError, status: int = 422) -> Response:
    """What validation refused, field by field."""
    errors = [_named(entry, error.body) for entry in error.errors()[:_MOST_NAMED]]
    first = errors[0]
    where = first.get("pointer") or first.get("parameter")
    return problem(status, f"{where}: {first['detail']}" if where else first["detail"], errors=errors)


def _named(entry: Mapping[str, Any], body: Any) -> dict[str, str]:
    """A validation error as the field's name and what is wrong; never what stood in it."""
    place, *rest = entry["loc"]
    detail = str(entry["msg"]).removeprefix("Value error, ")
    if entry["type"].endswith("_parsing"):
        detail = detail.partition(", ")[0]  # what follows quotes the input
    if place != "body":
        name = ".".join(str(part) for part in rest)[:_LONGEST_NAME]
        return {"detail": detail, "parameter": name} if name else {"detail": detail}
    return {"detail": detail, "pointer": _pointer(rest, body)}


def _pointer(location: Sequence[int | str], body: Any) -> str:
    """A JSON pointer to the field. Names of variants in the location, which are not in the body, are left out."""
    parts = []
    for n, part in enumerate(location):
        inside = part in body if isinstance(body, dict) else isinstance(body, list) and isinstance(part, int)
        if inside:
            body = body[part]
        elif n < len(location) - 1 or not isinstance(body, dict):
            continue
        parts.append(str(part)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)
