"""How many may hold a connection at once: the one primitive that asyncio and threads spell differently."""

import asyncio
import threading


class AsyncSlots:
    """A semaphore whose wait has an end."""

    def __init__(self, count: int) -> None:
        self._semaphore = asyncio.Semaphore(count)

    async def acquire(self, timeout: float) -> bool:  # noqa: ASYNC109 - the twin has no asyncio.timeout
        """Take a slot; False when none came free within `timeout` seconds."""
        if not self._semaphore.locked():  # the common case, without a timer
            return await self._semaphore.acquire()
        try:
            async with asyncio.timeout(timeout):
                return await self._semaphore.acquire()
        except TimeoutError:
            return False

    def release(self) -> None:
        """Give the slot back."""
        self._semaphore.release()


class Slots:
    """The same between threads."""

    def __init__(self, count: int) -> None:
        self._semaphore = threading.BoundedSemaphore(count)

    def acquire(self, timeout: float) -> bool:
        """Take a slot; False when none came free within `timeout` seconds."""
        return self._semaphore.acquire(timeout=timeout)

    def release(self) -> None:
        """Give the slot back."""
        self._semaphore.release()
