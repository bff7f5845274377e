"""How many may hold a connection at once: the one primitive that asyncio and threads spell differently."""

import asyncio
import threading
from collections import deque


class AsyncSlots:
    """A semaphore whose wait has an end."""

    def __init__(self, count: int) -> None:
        self._free = count  # none while somebody waits
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self, timeout: float) -> bool:  # noqa: ASYNC109 - the twin has no asyncio.timeout
        """Take a slot; False when none came free within `timeout` seconds."""
        if self._free:
            self._free -= 1
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(timeout):
                await turn
        except (TimeoutError, asyncio.CancelledError) as gone:
            if not turn.cancelled():  # a slot came at the same moment
                self.release()
            if isinstance(gone, TimeoutError):
                return False
            raise
        return True

    def release(self) -> None:
        """Give the slot to who has waited longest, or back."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


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
