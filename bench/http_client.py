"""The clients of http_append_vs_floor: HTTP/1.1 on raw sockets, since a real client costs more than the server.

Reads its order as JSON from standard input (address, paths, token, seconds); one connection per path. Prints the
requests that were answered per second.
"""

import asyncio
import json
import sys
from functools import partial
from typing import cast
from urllib.parse import urlsplit

import uvloop

from bench.world import CONTENT

_WARM_SECONDS = 0.3


class Client(asyncio.Protocol):
    """One connection: sends the request, waits for the answer, sends it again."""

    def __init__(self, request: bytes) -> None:
        self.answered = 0
        self.failure: str | None = None
        self._request = request
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody but us should close."""
        self.failure = self.failure or f"the connection was closed: {exc}"

    def data_received(self, data: bytes) -> None:
        """A whole answer brings the next request."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        fields = head.lower()
        start = fields.index(b"content-length:") + len(b"content-length:")
        if len(body) < int(fields[start:].partition(b"\r\n")[0]):
            return
        if not fields.startswith(b"http/1.1 201"):
            self.failure = repr(self._received)
            self._transport.abort()
            return
        self.answered += 1
        self._received = b""
        self._transport.write(self._request)


def request(host: str, path: str, token: str) -> bytes:
    """An append of one message."""
    body = json.dumps({"role": "user", "content": CONTENT})
    head = (
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def load(address: str, paths: list[str], token: str, seconds: float) -> float:
    """Requests per second over all connections."""
    where = urlsplit(address)
    loop = asyncio.get_running_loop()
    clients = [Client(request(where.netloc, path, token)) for path in paths]
    for client in clients:
        await loop.create_connection(partial(_this, client), where.hostname or "", where.port or 80)
    await asyncio.sleep(_WARM_SECONDS)
    before, began = sum(client.answered for client in clients), loop.time()
    await asyncio.sleep(seconds)
    answered, took = sum(client.answered for client in clients) - before, loop.time() - began
    for client in clients:
        if client.failure:
            raise SystemExit(client.failure)
    return answered / took


def _this(client: Client) -> Client:
    return client


if __name__ == "__main__":
    print(uvloop.run(load(**json.load(sys.stdin))))
