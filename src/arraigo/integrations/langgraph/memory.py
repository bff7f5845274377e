"""LangGraph's store: what agents remember across threads."""

import asyncio
import time
from collections.abc import Iterable

from langgraph.store.base import BaseStore, IndexConfig, Op, Result, TTLConfig

from arraigo.errors import InvalidInput
from arraigo.integrations.langgraph.items import AsyncItems
from arraigo.integrations.langgraph.on_loop import OnLoop
from arraigo.integrations.langgraph.sync.items import Items
from arraigo.store import UserStore
from arraigo.sync import UserStore as SyncUserStore


class _Times:
    """What a store was told about expiry, and when it was swept last."""

    def __init__(self, ttl: TTLConfig | None, index: IndexConfig | None) -> None:
        if index is not None:
            raise InvalidInput(
                "this store has no vector search, so it takes no index",
                remedy="leave index out; search by namespace and filter",
            )
        self.config = ttl
        self._swept = time.monotonic()

    @property
    def live(self) -> bool:
        """Whether what has expired is left out before it is deleted."""
        return bool(self.config and self.config.get("omit_expired"))

    def is_due(self) -> bool:
        """Whether it is time to sweep."""
        minutes = self.config.get("sweep_interval_minutes") if self.config else None
        if minutes is None or time.monotonic() - self._swept < minutes * 60:
            return False
        self._swept = time.monotonic()
        return True


class ArraigoStore(BaseStore):
    """Keeps the items of one user.

    A graph that is run with asyncio can use it too, through threads; `AsyncArraigoStore` does without them.

    Args:
        me: Whose items: `store.as_user("ana")` of `arraigo.sync.open()`. Nobody else sees them.
        ttl: LangGraph's settings for items that expire. `arraigo worker` deletes them; so does this store, beside what
            it does anyway, where `sweep_interval_minutes` is set.
        index: None; vector search is not there, and asking for it is refused.

    Raises:
        InvalidInput: An index was asked for.
    """

    supports_ttl = True

    def __init__(self, me: SyncUserStore, *, ttl: TTLConfig | None = None, index: IndexConfig | None = None) -> None:
        self._times = _Times(ttl, index)
        self.ttl_config = ttl
        self._items = Items(me)

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do all of them or none, in one round trip; what reads first."""
        return self._items.do(ops, live=self._times.live, sweep=self._times.is_due())

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """`batch`, in a thread."""
        return await asyncio.to_thread(self.batch, ops)

    def sweep_ttl(self) -> int:
        """Delete what has expired; how many items that were."""
        return self._items.sweep()


class AsyncArraigoStore(BaseStore):
    """Keeps the items of one user; made within the event loop that it is used in.

    The methods without await can be called from other threads, as nodes without await do.

    Args:
        me: Whose items: `store.as_user("ana")`. Nobody else sees them.
        ttl: LangGraph's settings for items that expire. `arraigo worker` deletes them; so does this store, beside what
            it does anyway, where `sweep_interval_minutes` is set.
        index: None; vector search is not there, and asking for it is refused.

    Raises:
        InvalidInput: An index was asked for.
    """

    supports_ttl = True

    def __init__(self, me: UserStore, *, ttl: TTLConfig | None = None, index: IndexConfig | None = None) -> None:
        self._times = _Times(ttl, index)
        self.ttl_config = ttl
        self._items = AsyncItems(me)
        self._loop = OnLoop()

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do all of them or none, in one round trip; what reads first."""
        return await self._items.do(ops, live=self._times.live, sweep=self._times.is_due())

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """`abatch`, from another thread."""
        return self._loop.run(self.abatch(ops))

    async def sweep_ttl(self) -> int:
        """Delete what has expired; how many items that were."""
        return await self._items.sweep()
