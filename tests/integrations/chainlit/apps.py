"""A Chainlit app in a process of its own, and people who talk to it as the browser's page does."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

if find_spec("chainlit") is None:
    pytest.skip("chainlit is not installed (make integrations)", allow_module_level=True)

import socketio

EXAMPLE = Path(__file__).parents[3] / "examples" / "chainlit" / "app.py"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(environment: dict[str, str], folder: Path, app: Path = EXAMPLE) -> Iterator[str]:
    """The app's address; it is killed in the end, without a word."""
    port, more = free_port(), {"CHAINLIT_AUTH_SECRET": "s" * 64, "CHAINLIT_APP_ROOT": str(folder)}
    command = [
        sys.executable,
        "-m",
        "chainlit",
        "run",
        str(app),
        "--headless",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment | more, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert process.poll() is None, (folder / "log").read_text()
            try:
                httpx.get(f"{address}/auth/config")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def signed_in(address: str, name: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's cookies."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        answer = await client.post("/login", data={"username": name, "password": "casa"})
        assert answer.status_code == 200, answer.text
        yield client


class Page:
    """One open page: what it says and what it is shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Any]] = []
        self.thread_id = ""
        self._socket = socketio.AsyncClient(reconnection=False)
        self._done = asyncio.Event()
        self._resumed = asyncio.Event()
        self._socket.on("*", self._see)

    async def _see(self, name: str, value: Any = None) -> None:
        self.shown.append((name, value))
        if name == "first_interaction":
            self.thread_id = value["thread_id"]
        if name == "task_end":
            self._done.set()
        if name in {"resume_thread", "resume_thread_error"}:
            self._resumed.set()

    async def open(self, client: httpx.AsyncClient, thread_id: str) -> None:
        """Connect, and wait until the thread is shown, or is said not to be there."""
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        auth = {"sessionId": str(uuid4()), "clientType": "webapp", "userEnv": "{}", "threadId": thread_id}
        await self._socket.connect(
            str(client.base_url), socketio_path="/ws/socket.io", headers={"Cookie": cookies}, auth=auth
        )
        await self._end_of(self._socket.emit("connection_successful"))
        if thread_id:
            await asyncio.wait_for(self._resumed.wait(), 30)

    async def say(self, text: str) -> None:
        """Say something, and wait for the end of the answer."""
        message = {
            "id": str(uuid4()),
            "threadId": "",
            "name": "user",
            "type": "user_message",
            "output": text,
            "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }
        await self._end_of(self._socket.emit("client_message", {"message": message, "fileReferences": None}))

    async def _end_of(self, doing: Any) -> None:
        self._done.clear()
        await doing
        await asyncio.wait_for(self._done.wait(), 30)

    async def close(self) -> None:
        """Leave."""
        await self._socket.disconnect()


@asynccontextmanager
async def page(client: httpx.AsyncClient, thread_id: str = "") -> AsyncIterator[Page]:
    """A page that is open, on a thread or on a new one."""
    opened = Page()
    await opened.open(client, thread_id)
    try:
        yield opened
    finally:
        await opened.close()


async def thread_of(client: httpx.AsyncClient, thread_id: str, steps: int) -> dict[str, Any]:
    """The thread, as soon as it has so many steps, all at their ends: Chainlit keeps them behind its answers."""
    for _ in range(100):
        answer = await client.get(f"/project/thread/{thread_id}")
        found = dict(answer.json())
        there = answer.status_code == 200 and len(found["steps"]) >= steps and found["metadata"]
        if there and all(step["end"] for step in found["steps"]):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(answer.text)
