import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from arraigo.server import listen
from arraigo.web import protocol

Talk = Callable[[bytes | AsyncIterator[bytes]], Awaitable[bytes]]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"


async def app(_: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, thinks for longer than a request may take to arrive, and says how much it got."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message["more_body"]:
            break
    await asyncio.sleep(0.6)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": f"{size:02}".encode()})


@pytest.fixture
async def talk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    """Sends bytes to a real server in which a request has 0.3 s to arrive; gives all that came back until it closed."""
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.3)
    config = uvicorn.Config(app, http=protocol.LimitedProtocol, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    listener = listen("127.0.0.1", 0)
    serving = asyncio.create_task(server.serve([listener]))

    async def send(data: bytes | AsyncIterator[bytes]) -> bytes:
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        received = b""
        with suppress(ConnectionError):
            if isinstance(data, bytes):
                writer.write(data)
            else:
                async for piece in data:
                    writer.write(piece)
                    await writer.drain()
            async with asyncio.timeout(10):
                while part := await reader.read(65536):
                    received += part
        writer.close()
        return received

    yield send
    server.should_exit = True
    await serving


@pytest.mark.parametrize("data", [b"", b"GET / HT", GET, POST + b"\r\n", POST + b"\r\n12345"])
async def test_a_request_that_does_not_arrive_in_time_is_hung_up_on(talk: Talk, data: bytes) -> None:
    assert await talk(data) == b""


@pytest.mark.parametrize(("rate", "taken"), [(10, True), (10**9, False)])
async def test_a_long_body_may_take_longer_as_long_as_it_comes_along(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, rate: int, *, taken: bool
) -> None:
    monkeypatch.setattr(protocol, "SLOWEST_BODY", rate)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 80\r\n" + CLOSE
        for _ in range(40):
            await asyncio.sleep(0.02)
            yield b"xx"

    assert (b"200 OK" in await talk(slowly())) == taken


async def test_an_answer_may_take_longer_than_a_request(talk: Talk) -> None:
    assert (await talk(POST + CLOSE + b"1234567890")).endswith(b"\r\n\r\n10")
    assert (await talk(GET + b"\r\n" + GET + CLOSE)).count(b"200 OK") == 2


@pytest.mark.parametrize(
    "data",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        GET + b"Content-Length: -1\r\n\r\n",
        GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_a_problem(talk: Talk, data: bytes) -> None:
    head, _, body = (await talk(data)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 400


async def test_headers_without_an_end_are_refused(talk: Talk) -> None:
    received = await talk(GET + b"X-Long: " + b"x" * 500_000)
    assert received == b"" or received.startswith(b"HTTP/1.1 400")
    received = await talk(GET + b"X-Many: x\r\n" * 50_000)
    assert received == b"" or received.startswith(b"HTTP/1.1 400")


async def test_a_body_may_come_with_its_headers_in_one_piece(talk: Talk) -> None:
    data = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n" + CLOSE + b"x" * 100_000
    assert b"200 OK" in await talk(data)
