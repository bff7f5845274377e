"""What durable dicts and sets have in common: the entries of one namespace of one user, by key.

Only texts are keys. To look for anything else finds nothing, as in a dict that has texts alone; to keep something under
it is refused.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeGuard

from arraigo.errors import InvalidInput
from arraigo.store import checks
from arraigo.store.state import State
from arraigo.store.types import Entry

_PAGE = 200


class AsyncEntries:
    """The entries of a namespace.

    Args:
        state: Whose; asked each time, since a process may get a store of its own after a fork.
        namespace: Which.
        ttl: For how many seconds each is kept, unless it says otherwise.
    """

    def __init__(self, state: Callable[[], State], namespace: str, ttl: float | None) -> None:
        self._state = state
        self.namespace = checks.text(namespace, "namespace", most=255, least=1)
        self.ttl = checks.ttl(ttl)

    async def find(self, key: object) -> Entry | None:
        """The entry of a key."""
        return await self._state().entry(self.namespace, key) if _possible(key) else None

    async def keep(self, key: str, value: Any, ttl: float | None) -> None:
        """Put a value in the place of the one before."""
        await self._state().set(self.namespace, key, value, ttl=ttl)

    async def find_or_keep(self, key: str, value: Any) -> Any:
        """The value that is there, or this one, which is kept then."""
        while True:
            found = await self.find(key)
            if found is None:
                found = await self._state().compare_and_set(self.namespace, key, None, value, ttl=self.ttl)
            if found is not None:  # nobody was faster, or it is there still
                return found.value

    async def merge(self, key: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Change some fields of a value that is an object; the whole of it."""
        changed: dict[str, Any] = (await self._state().update(self.namespace, key, change, ttl=self.ttl)).value
        return changed

    async def take(self, key: object) -> Entry | None:
        """Delete an entry; what it was. Of several who take it, one gets it."""
        return await self._state().delete(self.namespace, key) if _possible(key) else None

    async def take_any(self) -> Entry | None:
        """Delete the entry with the first key; None where there is none."""
        while found := (await self._state().list(self.namespace, limit=1)).items:
            taken = await self.take(found[0].key)
            if taken is not None:
                return taken
        return None

    async def pages(self) -> AsyncIterator[Sequence[Entry]]:
        """Every entry by key, a page at a time: what changes meanwhile is seen or not."""
        cursor = None
        while True:
            page = await self._state().list(self.namespace, limit=_PAGE, cursor=cursor)
            yield page.items
            cursor = page.next
            if cursor is None:
                return

    async def count(self) -> int:
        """How many there are."""
        return await self._state().count(self.namespace)

    async def clear(self) -> None:
        """Delete them all."""
        await self._state().clear(self.namespace)


def _possible(key: object) -> TypeGuard[str]:
    """Whether something can be kept under it."""
    try:
        checks.text(key, "key", most=255, least=1)
    except InvalidInput:
        return False
    return True
