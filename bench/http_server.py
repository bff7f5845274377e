"""One side of http_append_vs_floor in a process of its own: prints its address, and serves until SIGTERM.

python -m bench.http_server ours|floor, with DATABASE_URL and the rest of the environment of `arraigo serve`.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from arraigo import server
from bench.world import INSERT, WRITERS


class NewMessage(BaseModel):
    """What the bare route takes."""

    role: str
    content: str


def bare(url: str) -> FastAPI:
    """One route, one INSERT: no token, no limits, no log, no identity."""
    numbers = count(1_000_000)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(url, min_size=WRITERS, max_size=WRITERS) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/conversations/{conversation}/messages", status_code=201)
    async def append(conversation: UUID, message: NewMessage) -> dict[str, int]:
        number = os.getpid() << 32 | next(numbers)
        await app.state.pool.execute(INSERT, conversation, number, message.role, message.content)
        return {"sequence_number": number}

    return app


def main() -> None:
    """Serve the side that the first argument names."""
    if sys.argv[1:] == ["ours"]:
        server.run(port=0, ready=_say)
        return
    listener = server.listen("127.0.0.1", 0)
    config = uvicorn.Config(bare(os.environ["DATABASE_URL"]), log_level="error", access_log=False)
    _say(server.url(listener))  # the socket is bound: who comes early waits
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve([listener]))


def _say(address: str) -> None:
    print(address, flush=True)


if __name__ == "__main__":
    main()
