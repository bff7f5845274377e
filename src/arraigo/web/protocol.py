"""HTTP/1.1 on a socket: uvicorn's protocol, with the limits on headers and on time that its fast parser lacks."""

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from arraigo.web.limits import MAX_HEADER_BYTES, REQUEST_SECONDS, SLOWEST_BODY
from arraigo.web.problems import problem


class LimitedProtocol(HttpToolsProtocol):
    """Closes a connection whose headers are too long, or whose request does not arrive in time (slowloris)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_left = MAX_HEADER_BYTES
        self._head_done = False
        self._arrived = 0
        self._timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """A client has connected, and has a while to say what it wants."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_timer()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request's first byte."""
        super().on_message_begin()
        self._head_done = False
        self._head_left = MAX_HEADER_BYTES
        self._start_timer()

    def on_headers_complete(self) -> None:
        """From here on the body counts, which arraigo.web.limits watches."""
        self._head_done = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request's last byte: what takes long from here on is our own doing."""
        self._stop_timer()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        super().data_received(data)
        self._head_left -= len(data)
        self._arrived += len(data)
        if not self._head_done and self._head_left < 0 and not self.transport.is_closing():
            self.send_400_response("the headers are too long")

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a problem, too, and the connection is closed."""
        answer = problem(400, msg)
        lines = [b"HTTP/1.1 400 Bad Request", b"connection: close"]
        lines += [name + b": " + value for name, value in (*self.server_state.default_headers, *answer.raw_headers)]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(answer.body)]))
        self.transport.close()

    def _start_timer(self) -> None:
        self._stop_timer()
        self._arrived = 0
        self._timer = self.loop.call_later(REQUEST_SECONDS, self._time_is_up)

    def _time_is_up(self) -> None:
        """For all but a long body that comes along well."""
        if self._head_done and self._arrived >= REQUEST_SECONDS * SLOWEST_BODY:
            self._start_timer()
        else:
            self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
