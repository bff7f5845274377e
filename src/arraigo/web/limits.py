"""What a request may weigh: bytes and depth; and what of JSON PostgreSQL cannot keep."""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arraigo.web.problems import problem

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 50
MAX_HEADER_BYTES = 32 * 1024
MAX_URL_BYTES = 8 * 1024
REQUEST_SECONDS = 60.0  # for a request to arrive; arraigo.web.protocol watches it
SLOWEST_BODY = 32 * 1024  # bytes a second: a body that comes along so well may take longer

_DRAIN_SECONDS = 5.0
_TOO_DEEP = f"the JSON is nested deeper than {MAX_DEPTH} levels"
_CLOSE = {"Connection": "close"}
_INTEGERS = range(-(2**63), 2**64)


class Limits:
    """ASGI middleware: refuses what is too long, or names something with a NUL in it.

    Args:
        app: The application behind it.
        max_body: The most bytes of a body, declared or streamed.
        uploads: The same for the paths that take files; "/things/{id}/files" stands for all that are like it.
    """

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY_BYTES, uploads: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_body = max_body
        self.uploads = [(_like(path), most) for path, most in (uploads or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        most = next((most for like, most in self.uploads if like.fullmatch(path)), self.max_body)
        declared, expects, head = 0, False, 0
        for name, value in scope["headers"]:
            head += len(name) + len(value)
            if name == b"content-length":
                declared = int(value) if value.isdigit() else 0
            elif name == b"expect":
                expects = True
        if head > MAX_HEADER_BYTES:
            await problem(431, "the headers are too long", headers=_CLOSE)(scope, receive, send)
        elif declared > most:
            if not expects:  # a client that asks first has sent nothing yet
                await self._drain(receive)
            await problem(413, _too_large(most), headers=_CLOSE)(scope, receive, send)
        elif len(scope["query_string"]) + len(scope["path"]) > MAX_URL_BYTES:
            await problem(414, "the address is too long")(scope, receive, send)
        elif "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await problem(422, "the address has a NUL character in it")(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive, most), send)

    def _counted(self, receive: Receive, most: int) -> Callable[[], Awaitable[Message]]:
        left = most

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                if message.get("more_body", False):
                    await self._drain(receive)
                raise HTTPException(413, _too_large(most), _CLOSE)
            return message

        return counted

    async def _drain(self, receive: Receive) -> None:
        """Read a while longer and forget it: closing at once resets a client before it has read the answer."""
        left = 8 * self.max_body
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return


def _too_large(most: int) -> str:
    return f"the body is larger than {most} bytes"


def _like(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))


class JSONRequest(Request):
    """A request whose body is JSON, and nothing that the database cannot keep."""

    async def body(self) -> bytes:
        """The bytes, where they are declared to be JSON.

        Raises:
            HTTPException: 415, where they are declared to be something else.
        """
        data = await super().body()
        if data:
            kind, _, parameters = self.headers.get("content-type", "").partition(";")
            kind = kind.strip().lower()
            plain = self.headers.get("content-encoding", "identity").lower() == "identity"
            charset = parameters.lower().replace(" ", "").replace('"', "")
            if not plain or kind != "application/json" or charset not in {"", "charset=utf-8"}:
                raise HTTPException(415)
        return data

    async def json(self) -> Any:
        """The value (see parse_json)."""
        return parse_json(await super().body())


def parse_json(data: bytes) -> Any:
    """JSON in UTF-8 as a value that PostgreSQL can keep and give back unchanged.

    Raises:
        HTTPException: 400 where it is no JSON (RFC 8259); 413 where it is too deep; 422 where it has a NUL
            character, a lone surrogate, or an integer of more than 64 bits, which would come back as another one.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if "surrogate in string" in error.msg:
            raise HTTPException(422, "a string has half of a surrogate pair in it") from None
        if error.msg.startswith("depth"):
            raise HTTPException(413, _TOO_DEEP) from None
        raise HTTPException(400, f"the body is no JSON at position {error.pos}") from None
    _check(value, data)
    return value


def _check(value: Any, data: bytes) -> None:
    """Walk the value, one level of nesting at a time."""
    level, long = [value], False
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                if "\0" in item:
                    raise HTTPException(422, "a string has a NUL character in it, which PostgreSQL cannot keep")
            elif isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, float) and abs(item) >= 2.0**63:  # orjson's way with a longer integer
                long = True
        if not below:
            if long:  # once: it reads all of the text again
                _refuse_long_integers(data)
            return
        level = below
    raise HTTPException(413, _TOO_DEEP)


def _refuse_long_integers(data: bytes) -> None:
    def checked(text: str) -> int:
        if len(text) > 20 or int(text) not in _INTEGERS:  # noqa: PLR2004 - digits of 2**64, or a sign and 19
            raise HTTPException(422, "an integer has more than 64 bits")
        return 0

    json.loads(data, parse_int=checked)
