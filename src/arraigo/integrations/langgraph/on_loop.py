"""Calls from a thread into an event loop that runs in another."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class OnLoop:
    """The event loop that somebody's asynchronous methods belong to: the running one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for it in the calling thread.

        Raises:
            InvalidStateError: From within the loop, which would wait for itself.
        """
        try:
            inside = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            inside = False
        if inside:
            work.close()
            raise asyncio.InvalidStateError(
                "called within its event loop, which would wait for itself; use the method with await"
            )
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def each(self, items: AsyncIterator[T]) -> Iterator[T]:
        """Go through them in the calling thread."""

        async def following() -> tuple[T] | None:
            async for item in items:
                return (item,)
            return None

        while (one := self.run(following())) is not None:
            yield one[0]
