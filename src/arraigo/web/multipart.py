"""Forms with a file in them (multipart/form-data, RFC 7578), read as they arrive.

A few short fields and one file, which is passed on piece by piece: nothing is held that is not asked for.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from tempfile import TemporaryFile
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

MAX_OVERHEAD = 64 * 1024  # bytes that a form may have beside its file
_MAX_FIELD = 4096  # bytes
_PIECE = 64 * 1024
MAX_ASIDE = 16  # forms at a time whose file comes before the field that says where to put it
_END = object()

logging.getLogger("python_multipart").setLevel(logging.ERROR)  # what a client gets wrong, it is told


class Form:
    """A form on its way.

    Args:
        request: Whose body it is.
        file: The name of the field with the file.
        fields: The names of the other fields that there may be.

    Attributes:
        values: The fields that have arrived so far.
        filename: What the client calls the file.
        content_type: What the client says that the file is; None when it does not say.

    Raises:
        HTTPException: 415, where the body is declared to be something else.
    """

    def __init__(self, request: Request, *, file: str, fields: Collection[str]) -> None:
        self.values: dict[str, str] = {}
        self.filename: str | None = None
        self.content_type: str | None = None
        self._file = file
        self._fields = fields
        kind, options = parse_options_header(request.headers.get("content-type"))
        plain = request.headers.get("content-encoding", "identity").lower() == "identity"
        if kind != b"multipart/form-data" or not options.get(b"boundary") or not plain:
            raise HTTPException(415, "send a form: Content-Type: multipart/form-data with its boundary, not compressed")
        self._aside: asyncio.Semaphore = request.app.state.aside
        self._events = _events(request, options[b"boundary"])

    @asynccontextmanager
    async def opened(self, wanted: str | None = None) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file's content, as soon as the field `wanted`, if any, is known; with its end, the whole form is read.

        Where the file comes before it, all of it is read to the disk before.

        Raises:
            HTTPException: 400, where it is no form, or is cut off; 413 for a field that is too long.
            RequestValidationError: The file or the field is missing, is there twice, or another one is there.
        """
        while self.filename is None:
            if not await self._next_part():
                raise _invalid(self._file, "Field required")
        if wanted is None or wanted in self.values:
            yield self._content()
            return
        async with self._aside:
            with TemporaryFile() as file:
                async for piece in self._content():
                    await asyncio.to_thread(file.write, piece)
                if wanted not in self.values:
                    raise _invalid(wanted, "Field required")
                file.seek(0)
                yield _read(file)

    async def _content(self) -> AsyncIterator[bytes]:
        async for event in self._events:
            if event is _END:
                break
            yield event
        while await self._next_part():
            pass

    async def _next_part(self) -> bool:
        """Read one field, or the beginning of the file; False at the form's end."""
        headers = await anext(self._events, None)
        if headers is None:
            return False
        _, options = parse_options_header(headers.get(b"content-disposition"))
        name = _text(options.get(b"name", b""), "")
        if name == self._file and self.filename is None:
            if b"filename" not in options:
                raise _invalid(name, "This is no file: it has no filename")
            self.filename = _text(options[b"filename"], name)
            self.content_type = headers.get(b"content-type", b"").decode("latin-1") or None
        elif name in self._fields and name not in self.values:
            self.values[name] = await self._value(name)
        else:
            known = name == self._file or name in self._fields
            raise _invalid(name, "This field may be there only once" if known else "This field is not known")
        return True

    async def _value(self, name: str) -> str:
        value = bytearray()
        async for event in self._events:
            if event is _END:
                break
            value += event
            if len(value) > _MAX_FIELD:
                raise HTTPException(413, f"a field is longer than {_MAX_FIELD} bytes")
        return _text(bytes(value), name)


async def _events(request: Request, boundary: bytes) -> AsyncIterator[Any]:
    """For each part its headers, then pieces of what it holds, then _END."""
    parsed: list[Any] = []
    headers: dict[bytes, bytes] = {}
    field, value = bytearray(), bytearray()
    ended = False

    def finish_header() -> None:
        headers[bytes(field).lower()] = bytes(value)
        field.clear()
        value.clear()

    def finish_headers() -> None:
        parsed.append(dict(headers))
        headers.clear()

    def finish() -> None:
        nonlocal ended
        ended = True

    try:
        parser = MultipartParser(
            boundary,
            {
                "on_header_field": lambda data, start, end: field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: value.extend(data[start:end]),
                "on_header_end": finish_header,
                "on_headers_finished": finish_headers,
                "on_part_data": lambda data, start, end: parsed.append(data[start:end]),
                "on_part_end": lambda: parsed.append(_END),
                "on_end": finish,
            },
        )
        async for data in request.stream():
            parser.write(data)
            for event in parsed:
                yield event
            parsed.clear()
    except FormParserError:
        raise HTTPException(400, "the body is no multipart/form-data that can be read") from None
    except ClientDisconnect:
        raise HTTPException(400, "the client has gone") from None
    if not ended:
        raise HTTPException(400, "the form ends too early")


async def _read(file: Any) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, _PIECE):
        yield piece


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _invalid(name, "This is not UTF-8") from None


def _invalid(name: str, why: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", name), "msg": why, "type": "value_error"}], body={})
