"""`AsyncDurableDict` and `AsyncDurableSet`: the same with asyncio, under the names that dict and set have."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from arraigo.compat.entries import AsyncEntries
from arraigo.errors import Unavailable
from arraigo.move import DEFAULT_USER
from arraigo.store import Store, UserStore, open  # noqa: A004 - arraigo.open() is the contract's name

_MISSING = object()
_USUAL: Any = object()


class _Durable:
    """One namespace of one user, on a given store or, as a context manager, on the one that the environment names."""

    def __init__(
        self, namespace: str, user: str = DEFAULT_USER, ttl: float | None = None, *, store: Store | None = None
    ) -> None:
        self._user = user
        self._me: UserStore | None = store.as_user(user) if store else None
        self._entries = AsyncEntries(lambda: self._open().state, namespace, ttl)
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._me is None:
            self._me = (await self._closing.enter_async_context(open())).as_user(self._user)
            self._closing.callback(self._forget)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    def _forget(self) -> None:
        self._me = None

    def _open(self) -> UserStore:
        if self._me is None:
            raise Unavailable(f"{self!r} is not open", remedy="use it in `async with`, or give it store=")
        return self._me

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._entries.namespace!r}, user={self._user!r})"

    async def contains(self, key: object) -> bool:
        """Whether it is there."""
        return await self._entries.find(key) is not None

    async def count(self) -> int:
        """How many there are."""
        return await self._entries.count()

    async def clear(self) -> None:
        """Delete everything."""
        await self._entries.clear()

    async def __aiter__(self) -> AsyncIterator[str]:
        async for page in self._entries.pages():
            for entry in page:
                yield entry.key


class AsyncDurableDict(_Durable):
    """A dict that survives the process, is shared by all of them, and forgets what has expired (seed 4).

    Keys are texts of 1 to 255 characters, values what JSON can hold; a tuple comes back as a list. Keys come in the
    order of their code points (`async for key in …`). A value that was read is a copy: to change what is kept, put it
    again, or `merge`.

    Args:
        namespace: What tells it from other dicts of this user.
        user: In whose name it is kept.
        ttl: For how many seconds a value is kept; for good, when not given.
        store: An open store; without one, `async with` opens the one that the environment names.

    Raises:
        InvalidInput: A key is no text, JSON cannot hold a value, or either is too long.
        Unavailable: It is not open, or the database cannot be used.
    """

    async def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or `default`."""
        found = await self._entries.find(key)
        return default if found is None else found.value

    async def put(self, key: str, value: Any, *, ttl: float | None = _USUAL) -> None:
        """Set a value; with a `ttl`, for a time of its own; None: for good."""
        await self._entries.keep(key, value, self._entries.ttl if ttl is _USUAL else ttl)

    async def merge(self, key: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Change some fields of a value that is a dict, in one step, and keep its expiry; the whole value.

        Where there is none, the fields are all of it, with the expiry that a new value has.

        Raises:
            Conflict: The value is no dict.
        """
        return await self._entries.merge(key, change)

    async def delete(self, key: str) -> None:
        """Delete a key.

        Raises:
            KeyError: It is not there.
        """
        if await self._entries.take(key) is None:
            raise KeyError(key)

    async def pop(self, key: str, default: Any = _MISSING) -> Any:
        """Take a value out; of several who take it, one gets it."""
        if (taken := await self._entries.take(key)) is not None:
            return taken.value
        if default is _MISSING:
            raise KeyError(key)
        return default

    async def popitem(self) -> tuple[str, Any]:
        """Take out the value with the first key; of several who take it, one gets it."""
        if (taken := await self._entries.take_any()) is None:
            raise KeyError("the dict is empty")
        return taken.key, taken.value

    async def setdefault(self, key: str, default: Any = None) -> Any:
        """The value of a key; `default` is kept, and is the value, where there is none."""
        return await self._entries.find_or_keep(key, default)

    async def update(self, other: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **more: Any) -> None:
        """Set several values, one after the other."""
        for key, value in dict(other, **more).items():
            await self.put(key, value)

    async def items(self) -> AsyncIterator[tuple[str, Any]]:
        """Keys with their values, read in pages."""
        async for page in self._entries.pages():
            for entry in page:
                yield entry.key, entry.value

    async def copy(self) -> dict[str, Any]:
        """What is there now, as a plain dict."""
        return {key: value async for key, value in self.items()}


class AsyncDurableSet(_Durable):
    """A set of texts that survives the process, is shared by all of them, and forgets what has expired (seed 4).

    Its arguments are those of `AsyncDurableDict`; `async for value in …` goes through it.
    """

    async def add(self, value: str, *, ttl: float | None = _USUAL) -> None:
        """Add a text; its time begins anew where it is there already. With a `ttl`, for a time of its own."""
        await self._entries.keep(value, True, self._entries.ttl if ttl is _USUAL else ttl)

    async def discard(self, value: str) -> None:
        """Take a text out if it is there."""
        await self._entries.take(value)

    async def remove(self, value: str) -> None:
        """Take a text out; of several who take it, one gets it, and the others a KeyError."""
        if await self._entries.take(value) is None:
            raise KeyError(value)

    async def pop(self) -> str:
        """Take the first one out; of several who take it, one gets it."""
        if (taken := await self._entries.take_any()) is None:
            raise KeyError("the set is empty")
        return taken.key

    async def copy(self) -> set[str]:
        """What is there now, as a plain set."""
        return {value async for value in self}
