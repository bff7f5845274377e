"""Appending over HTTP: sixteen clients that keep their connections, in a third process."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from arraigo.web.tokens import issue
from bench.harness import Measure, Outcome, compared, interleave
from bench.world import WRITERS, World

_SECONDS, _SECONDS_QUICK = 3.0, 1.0


async def http_append_vs_floor(world: World) -> Outcome:
    """Requests a second of POST …/messages, over a FastAPI route that does the floor's INSERT."""
    talks = [await world.filled(10) for _ in range(WRITERS)]
    token = issue(world.settings, "ana")
    async with serving(world, "ours") as ours, serving(world, "floor") as floor:
        sides = {
            "ours": lambda: _load(world, ours, talks, token),
            "floor": lambda: _load(world, floor, talks, token),
        }
        return compared(await interleave(world.effort.rounds, sides), "requests per second")


@asynccontextmanager
async def serving(world: World, side: str) -> AsyncIterator[str]:
    """A server process of that side; gives its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.http_server", side),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ
        | {
            "ARRAIGO_HOME": str(world.settings.home),
            "DATABASE_URL": world.targets.application.url,
            "ARRAIGO_JWT_SECRET": world.settings.jwt_secret or "",
        },
    )
    assert process.stdout
    try:
        address = (await process.stdout.readline()).decode().strip()
        if not address:
            raise RuntimeError(f"the server of {side} did not start")
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _load(world: World, address: str, talks: Sequence[UUID], token: str) -> float:
    """Requests a second that one round of the client's process got answered."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.http_client"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    order = {
        "address": address,
        "paths": [f"/conversations/{talk}/messages" for talk in talks],
        "token": token,
        "seconds": _SECONDS_QUICK if world.effort.quick else _SECONDS,
    }
    said, _ = await process.communicate(json.dumps(order).encode())
    if process.returncode:
        raise RuntimeError(f"the client of {address} failed")
    return float(said)


MEASURES = (
    Measure(
        "http_append_vs_floor",
        "POST …/messages by 16 clients, over a bare FastAPI route's INSERT",
        0.6,
        "at least",
        http_append_vs_floor,
    ),
)
