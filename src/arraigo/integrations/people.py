"""The users of somebody else's framework as ours, on a store that is given or opened at the first use."""

import asyncio
import time
from contextlib import AsyncExitStack

import arraigo
from arraigo.errors import AccessDenied, InvalidInput, Unavailable
from arraigo.store.stores import LOCAL_PROVIDER

HOUSE_PROVIDER = "arraigo.integrations"
_MOST_HANDLES = 10_000
FRESH = 60.0  # seconds until a user is looked at again: who has been deactivated is out by then


class People:
    """Handles of users, by the names that a framework gives them.

    Args:
        store: An open store; without one, the environment's is opened at the first use, and closed by `close`.
        provider: Who vouches for the names. The local users of `store.as_user`, when not given.
    """

    def __init__(self, store: arraigo.Store | None, provider: str | None) -> None:
        if provider == HOUSE_PROVIDER:
            raise InvalidInput(f"the provider {provider!r} is for the integrations' own users", remedy="name another")
        self._store = store
        self._provider = provider or LOCAL_PROVIDER
        self._opening = asyncio.Lock()
        self._closing = AsyncExitStack()
        self._handles: dict[tuple[str, str], tuple[float, arraigo.UserStore]] = {}

    async def store(self) -> arraigo.Store:
        """The store."""
        async with self._opening:
            if self._store is None:
                self._store = await self._closing.enter_async_context(arraigo.open())
        return self._store

    async def close(self) -> None:
        """Close the store that was opened here."""
        await self._closing.aclose()

    async def user(self, name: str) -> arraigo.UserStore:
        """The user of this name, made at first use.

        Raises:
            AccessDenied: The user may not sign in any more.
        """
        return await self._known(self._provider, name)

    async def house(self, name: str) -> arraigo.UserStore:
        """The user of an integration's own, under whom is kept what belongs to no single user."""
        return await self._known(HOUSE_PROVIDER, name)

    async def _known(self, provider: str, name: str) -> arraigo.UserStore:
        now = time.monotonic()
        since, found = self._handles.get((provider, name), (0.0, None))
        if found is not None and now - since < FRESH:
            return found
        store = await self.store()
        try:
            user = await store.sign_in(provider=provider, subject=name, username=name)
        except Unavailable:  # whoever was in stays in
            if found is None:
                raise
            return found
        if not user.is_active:
            raise AccessDenied(f"user {name!r:.80} is not active any more", remedy="ask an administrator")
        if len(self._handles) >= _MOST_HANDLES:
            self._handles.clear()
        made = store.for_user(user.id)
        self._handles[provider, name] = now, made
        return made
