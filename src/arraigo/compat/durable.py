"""`DurableDict` and `DurableSet`: they take the place of a dict, a Map or a Set in a program without asyncio."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping, MutableSet, ValuesView
from typing import Any

from arraigo.compat.opening import Handle
from arraigo.compat.sync.entries import Entries
from arraigo.move import DEFAULT_USER
from arraigo.sync import Store

_MISSING = object()
_USUAL: Any = object()


class _Durable:
    """One namespace of one user."""

    def __init__(
        self, namespace: str, user: str = DEFAULT_USER, ttl: float | None = None, *, store: Store | None = None
    ) -> None:
        self._handle = Handle(user, store)
        self._entries = Entries(lambda: self._handle().state, namespace, ttl)

    def __contains__(self, key: object) -> bool:
        return self._entries.find(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (entry.key for page in self._entries.pages() for entry in page)

    def __len__(self) -> int:
        return self._entries.count()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._entries.namespace!r}, user={self._handle.user!r})"

    def clear(self) -> None:
        """Delete everything."""
        self._entries.clear()


class DurableDict(_Durable, MutableMapping[str, Any]):
    """A dict that survives the process, is shared by all of them, and forgets what has expired (seed 4).

    Keys are texts of 1 to 255 characters, values what JSON can hold; a tuple comes back as a list. Keys come in the
    order of their code points. A value that was read is a copy: to change what is kept, set it again, or `merge`.

    Args:
        namespace: What tells it from other dicts of this user.
        user: In whose name it is kept.
        ttl: For how many seconds a value is kept; for good, when not given.
        store: An open `arraigo.sync` store; without one, this process's own, which the environment names.

    Raises:
        InvalidInput: A key is no text, JSON cannot hold a value, or either is too long.
        Unavailable: The database cannot be used.
    """

    def __getitem__(self, key: str) -> Any:
        if (found := self._entries.find(key)) is None:
            raise KeyError(key)
        return found.value

    def __setitem__(self, key: str, value: Any) -> None:
        self.put(key, value)

    def put(self, key: str, value: Any, *, ttl: float | None = _USUAL) -> None:
        """Set a value that is kept for a time of its own; None: for good."""
        self._entries.keep(key, value, self._entries.ttl if ttl is _USUAL else ttl)

    def merge(self, key: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Change some fields of a value that is a dict, in one step, and keep its expiry; the whole value.

        Where there is none, the fields are all of it, with the expiry that a new value has.

        Raises:
            Conflict: The value is no dict.
        """
        return self._entries.merge(key, change)

    def __delitem__(self, key: str) -> None:
        if self._entries.take(key) is None:
            raise KeyError(key)

    def items(self) -> ItemsView[str, Any]:
        """Keys with their values, read in pages."""
        return _Items(self, self._entries)

    def values(self) -> ValuesView[Any]:
        """The values, read in pages."""
        return _Values(self, self._entries)

    def copy(self) -> dict[str, Any]:
        """What is there now, as a plain dict."""
        return dict(self.items())

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or `default`."""
        found = self._entries.find(key)
        return default if found is None else found.value

    def pop(self, key: str, default: Any = _MISSING) -> Any:
        """Take a value out; of several who take it, one gets it."""
        if (taken := self._entries.take(key)) is not None:
            return taken.value
        if default is _MISSING:
            raise KeyError(key)
        return default

    def popitem(self) -> tuple[str, Any]:
        """Take out the value with the first key; of several who take it, one gets it."""
        if (taken := self._entries.take_any()) is None:
            raise KeyError("the dict is empty")
        return taken.key, taken.value

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The value of a key; `default` is kept, and is the value, where there is none."""
        return self._entries.find_or_keep(key, default)


class _Items(ItemsView[str, Any]):
    """Pairs in pages, instead of one question for each key."""

    def __init__(self, mapping: DurableDict, entries: Entries) -> None:
        super().__init__(mapping)
        self._entries = entries

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return ((entry.key, entry.value) for page in self._entries.pages() for entry in page)


class _Values(ValuesView[Any]):
    """The same for values."""

    def __init__(self, mapping: DurableDict, entries: Entries) -> None:
        super().__init__(mapping)
        self._entries = entries

    def __iter__(self) -> Iterator[Any]:
        return (entry.value for page in self._entries.pages() for entry in page)

    def __contains__(self, value: object) -> bool:
        return any(found == value for found in self)


class DurableSet(_Durable, MutableSet[str]):
    """A set of texts that survives the process, is shared by all of them, and forgets what has expired (seed 4).

    Its arguments are those of `DurableDict`. What `|`, `&`, `-` and `^` give is a plain set.
    """

    # What operators make is kept nowhere.
    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:
        return set(it)

    def add(self, value: str) -> None:
        """Add a text; its time begins anew where it is there already."""
        self.put(value)

    def put(self, value: str, *, ttl: float | None = _USUAL) -> None:
        """Add a text that is kept for a time of its own; None: for good."""
        self._entries.keep(value, True, self._entries.ttl if ttl is _USUAL else ttl)

    def discard(self, value: str) -> None:
        """Take a text out if it is there."""
        self._entries.take(value)

    def remove(self, value: str) -> None:
        """Take a text out; of several who take it, one gets it, and the others a KeyError."""
        if self._entries.take(value) is None:
            raise KeyError(value)

    def pop(self) -> str:
        """Take the first one out; of several who take it, one gets it."""
        if (taken := self._entries.take_any()) is None:
            raise KeyError("the set is empty")
        return taken.key

    def copy(self) -> set[str]:
        """What is there now, as a plain set."""
        return set(self)
