"""What the tests of HTTP share: the application in process, a real server in a process of its own, and tokens."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from fastapi import FastAPI

import arraigo
from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.web.tokens import issue

SECRET = "a-secret-for-tests-that-is-long-enough"
_PROGRAM = """
import sys
from arraigo import server
server.run(host=sys.argv[1], port=0, ready=lambda address: print(address, flush=True))
"""


def bearer(settings: Settings, user: str, employee: str | None = None) -> dict[str, str]:
    """The header of a good token."""
    return {"Authorization": f"Bearer {issue(settings, user, employee=employee)}"}


@asynccontextmanager
async def client_of(app: FastAPI, host: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to the application without a socket."""
    transport = httpx.ASGITransport(app, client=(host, 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client,
    ):
        yield client


@asynccontextmanager
async def signed_in(
    settings: Settings, store: arraigo.Store, user: str, employee: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a user's token."""
    async with client_of(create_app(settings, store=store)) as client:
        client.headers.update(bearer(settings, user, employee))
        yield client


@dataclass
class Serving:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    address: str
    log: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def serving(settings: Settings, log: Path, host: str = "127.0.0.1") -> Iterator[Serving]:
    """`arraigo.server.run` as a command would call it, on a free port; its log goes to `log`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ARRAIGO_JWT", "DB_"))}
    environment |= {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, host], env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield Serving(process, _first_line(process.stdout, log), log)
    finally:
        process.kill()
        process.communicate()


def _first_line(output: IO[str] | None, log: Path) -> str:
    line = output.readline().strip() if output else ""
    if not line:
        raise RuntimeError(f"the server did not start: {log.read_text()}")
    return line
