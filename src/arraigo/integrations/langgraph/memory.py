"""LangGraph's store: what agents remember across threads."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from langgraph.store.base import (
    NOT_PROVIDED,
    BaseStore,
    GetOp,
    IndexConfig,
    Item,
    NotProvided,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    TTLConfig,
)
from langgraph.store.base.batch import AsyncBatchedBaseStore

from arraigo.errors import InvalidInput
from arraigo.integrations.langgraph.items import AsyncItems
from arraigo.integrations.langgraph.operations import check
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


class AsyncArraigoStore(AsyncBatchedBaseStore):
    """Keeps the items of one user; made within the event loop that it is used in.

    What is asked for at the same time goes to the database in one round trip. The methods without await can be called
    from other threads, as nodes without await do.

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
        super().__init__()
        self._times = _Times(ttl, index)
        self.ttl_config = ttl
        self._items = AsyncItems(me)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do all of them or none, in one round trip; what reads first."""
        return await self._items.do(ops, live=self._times.live, sweep=self._times.is_due())

    async def aput(
        self,
        namespace: tuple[str, ...],
        key: str,
        value: Mapping[str, Any],
        index: Literal[False] | list[str] | None = None,
        *,
        ttl: float | NotProvided | None = NOT_PROVIDED,
    ) -> None:
        """Keep an item; what cannot be kept is refused before it could spoil what others ask at the same time."""
        check(PutOp(namespace, key, value, ttl=None if isinstance(ttl, NotProvided) else ttl))
        await super().aput(namespace, key, value, index, ttl=ttl)

    async def asearch(
        self,
        namespace_prefix: tuple[str, ...],
        /,
        *,
        query: str | None = None,
        filter: dict[str, Any] | None = None,
        limit: int = 10,
        offset: int = 0,
        refresh_ttl: bool | None = None,
    ) -> list[SearchItem]:
        """Items of a namespace and of all below it, the last changed first; a query orders nothing."""
        check(SearchOp(namespace_prefix, filter, limit, offset))
        return await super().asearch(
            namespace_prefix, query=query, filter=filter, limit=limit, offset=offset, refresh_ttl=refresh_ttl
        )

    async def aget(self, namespace: tuple[str, ...], key: str, *, refresh_ttl: bool | None = None) -> Item | None:
        """An item, or None."""
        check(GetOp(namespace, key))
        return await super().aget(namespace, key, refresh_ttl=refresh_ttl)

    async def adelete(self, namespace: tuple[str, ...], key: str) -> None:
        """Delete an item."""
        check(PutOp(namespace, key, None))
        await super().adelete(namespace, key)

    async def sweep_ttl(self) -> int:
        """Delete what has expired; how many items that were."""
        return await self._items.sweep()
