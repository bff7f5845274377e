"""The script that a page includes to send its browser's interviews here; see docs/guides/from-localstorage.md."""

import hashlib
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

_SCRIPT = files(__package__).joinpath("snippet.js").read_bytes()
_ETAG = f'"{hashlib.sha256(_SCRIPT).hexdigest()[:32]}"'
_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Cross-Origin-Resource-Policy": "cross-origin",  # pages of any origin include it; there is nothing in it to hide
    "ETag": _ETAG,
    "X-Content-Type-Options": "nosniff",
}

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/javascript": {"example": _SCRIPT.decode().splitlines()[0]}}},
    304: {"description": "It has not changed since the version that If-None-Match names"},
}

router = APIRouter(tags=["moves"])


@router.get("/move/snippet.js", response_class=Response, responses=_ANSWERS)
async def snippet(request: Request) -> Response:
    """The script that a page includes to send its browser's interviews here; it has a guide of its own."""
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {_ETAG, "*"}:
        return Response(status_code=304, headers=_HEADERS)
    return Response(_SCRIPT, headers=_HEADERS, media_type="text/javascript; charset=utf-8")
