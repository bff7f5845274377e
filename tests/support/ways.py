"""Every way into the store that has to behave the same: whose address, through what, on which server, and the twin."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import arraigo
from arraigo.settings import Settings, load
from arraigo.sync.documents import Reading


@dataclass(frozen=True)
class Way:
    """One way in.

    Attributes:
        version: The server's.
        user: arraigo_app; migrator, who is no superuser and a member of owner and application; postgres.
        pooled: Through a pgbouncer in transaction mode.
        twin: With `arraigo.sync`, in a thread.
    """

    version: int = 18
    user: str = "arraigo_app"
    pooled: bool = False
    twin: bool = False

    def __str__(self) -> str:
        return "-".join([str(self.version), self.user, *["pooled"] * self.pooled, *["sync"] * self.twin])


WAYS = [
    *(Way(user=user, pooled=pooled) for pooled in (False, True) for user in ("arraigo_app", "migrator", "postgres")),
    Way(twin=True),
    Way(twin=True, user="postgres", pooled=True),
    Way(version=16),
    Way(version=15),
]


def way_settings(way: Way, home: Path, url: str, **more: str) -> Settings:
    """The settings for that way in; `url` is the address that it gives."""
    pooler = {"DB_POOLER": "transaction"} if way.pooled else {}
    return load({"ARRAIGO_HOME": str(home), "DATABASE_URL": url, **pooler, **more})


@asynccontextmanager
async def opened(settings: Settings, *, twin: bool = False) -> AsyncIterator[arraigo.Store]:
    """The store, or its twin looking like it."""
    if not twin:
        async with arraigo.open(settings) as store:
            yield store
        return
    manager = arraigo.sync.open(settings)
    store_without_await = await asyncio.to_thread(manager.__enter__)
    try:
        yield cast("arraigo.Store", Awaited(store_without_await))
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


class Awaited:
    """The twin with an await before everything: each method runs in a thread."""

    def __init__(self, twin: Any) -> None:
        self._twin = twin

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._twin, name)
        if name in {"conversations", "documents", "messages", "projects", "state"}:
            return Awaited(found)
        if name in {"as_user", "for_user"}:
            return lambda *given: Awaited(found(*given))
        if not inspect.ismethod(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            made = await asyncio.to_thread(found, *[in_thread(value) for value in given], **named)
            return AwaitedReading(made) if isinstance(made, Reading) else made

        return call


class AwaitedReading:
    """A document's bytes as the twin gives them."""

    def __init__(self, reading: Reading) -> None:
        self.document = reading.document
        self._reading = reading

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self._reading)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece


def in_thread(value: Any) -> Any:
    """An iterator for the twin: each of its pieces is asked of the event loop."""
    if not isinstance(value, AsyncIterator):
        return value
    loop = asyncio.get_running_loop()

    def pieces() -> Iterator[Any]:
        while (piece := asyncio.run_coroutine_threadsafe(_next(value), loop).result()) is not None:
            yield piece

    return pieces()


async def _next(values: AsyncIterator[Any]) -> Any:
    return await anext(values, None)
