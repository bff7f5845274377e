"""A server on this machine that speaks OpenAI's two interfaces, and says what it is told to say."""

import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from arraigo import llm
from arraigo.settings import load

KEY = "k3y-of-the-test"

# An answer of the type that is wanted, in JSON or as it would be garbled; an HTTP status; None: nothing ever comes.
Reply = dict[str, Any] | str | int | None


@dataclass
class Provider:
    """What was asked, and what is said to it: one reply each, the last one again and again."""

    address: str
    replies: Sequence[Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


def _responses(name: str, arguments: str) -> dict[str, Any]:
    call = {"type": "function_call", "id": "f1", "call_id": "c1", "name": name, "arguments": arguments}
    return {
        "id": "r1",
        "object": "response",
        "created_at": 1767225600,
        "status": "completed",
        "model": "model-of-the-test",
        "output": [{**call, "status": "completed"}],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 10,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 5,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 15,
        },
    }


def _chat(name: str, arguments: str) -> dict[str, Any]:
    call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {
        "id": "r1",
        "object": "chat.completion",
        "created": 1767225600,
        "model": "model-of-the-test",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = provider.replies[min(len(provider.asked), len(provider.replies) - 1)]
            provider.asked.append(body)
            provider.keys.append(self.headers["Authorization"])
            if reply is None:
                provider.stopped.wait()
                return
            if isinstance(reply, int):
                # As some do: what was sent comes back in the error.
                self._send(reply, {"error": {"message": json.dumps([body, self.headers["Authorization"]])}})
                return
            arguments = reply if isinstance(reply, str) else json.dumps(reply)
            tool = body["tools"][0]
            if self.path.endswith("/responses"):
                self._send(200, _responses(tool["name"], arguments))
            else:
                self._send(200, _chat(tool["function"]["name"], arguments))

        def _send(self, status: int, answer: dict[str, Any]) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Retry-After-Ms", "1")
            self.end_headers()
            self.wfile.write(data)

    return Handler


@contextmanager
def provider(*replies: Reply) -> Iterator[Provider]:
    """Such a server, for a while; its `address` is what OPENAI_BASE_URL takes."""
    said = Provider("", replies)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(said))
    said.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield said
    finally:
        said.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


@asynccontextmanager
async def opened(*replies: Reply, name: str = "openai:model-of-the-test") -> AsyncIterator[tuple[llm.Model, Provider]]:
    """A model as `serve` opens it, that such a server answers for."""
    with provider(*replies) as said, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", said.address)
        patch.setenv("OPENAI_API_KEY", KEY)
        model = llm.open(load({"ARRAIGO_MODEL": name}))
        assert model is not None
        try:
            yield model, said
        finally:
            await model.close()
