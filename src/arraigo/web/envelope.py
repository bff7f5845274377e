"""The envelope that the interviews' clients know (seed 1): {"success", "message", "data", "error", "meta"}."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from arraigo.web.problems import REQUEST_ID, Problem, documented_enveloped
from arraigo.web.routing import GuardedRoute, answer

T = TypeVar("T")


class Pagination(BaseModel):
    """Where a page is among all of them."""

    page: int
    page_size: int
    total_items: int
    total_pages: int


class Meta(BaseModel):
    """What is said about an answer."""

    request_id: str | None = Field(None, description="the same as in X-Request-ID and in the server's log")
    pagination: Pagination | None = Field(None, description="of lists")


class Envelope(BaseModel, Generic[T]):
    """A good answer."""

    success: bool = True
    message: str
    data: T
    error: None = None
    meta: Meta


class Failure(Problem):
    """An error: a problem (RFC 9457) with a code."""

    code: str = Field(description="such as NOT_FOUND")


class FailedEnvelope(BaseModel):
    """An answer that is an error."""

    success: bool = False
    message: str
    data: dict[str, Any] | None = None
    error: Failure
    meta: Meta


class EnvelopedRoute(GuardedRoute):
    """A guarded route that answers in the envelope."""

    documented = staticmethod(documented_enveloped)


def enveloped_router(tag: str) -> APIRouter:
    """A router whose every route wants a token and answers in the envelope."""
    return APIRouter(tags=[tag], route_class=EnvelopedRoute)


def done(
    data: Any,
    message: str,
    status: int = 200,
    *,
    pagination: Mapping[str, int] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A good answer.

    Args:
        data: What was asked for.
        message: One sentence for a person.
        status: The HTTP status.
        pagination: Of a list: page, page_size, total_items, total_pages.
        headers: Further headers.
    """
    return answer(wrapped(data, message, REQUEST_ID.get() or None, pagination), status, headers)


def wrapped(
    data: Any, message: str, request_id: str | None, pagination: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """A good answer as a value."""
    meta: dict[str, Any] = {"request_id": request_id}
    if pagination is not None:
        meta["pagination"] = dict(pagination)
    return {"success": True, "message": message, "data": data, "error": None, "meta": meta}


def shows_enveloped(
    status: int, data: Any, message: str, *problems: int, pagination: Mapping[str, int] | None = None
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: its good answer by example, and the problems it may end in."""
    example = wrapped(data, message, "0199a3c8-5c1e-7d32-9f4b-6a1f0c2d3e4f", pagination)
    return {status: {"content": {"application/json": {"example": example}}}} | documented_enveloped(*problems)
