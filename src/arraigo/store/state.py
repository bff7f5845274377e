"""One user's state: values under a namespace and a key, for good or for a while."""

from collections.abc import Mapping
from typing import Any

from arraigo.errors import Conflict, TooLarge
from arraigo.postgres.queries import Query
from arraigo.store import checks
from arraigo.store.access import QUERIES, Access
from arraigo.store.types import Entry, Page


def _entry(values: Any) -> Entry:
    return Entry(*values)


class State:
    """Get, set, change, compare and set, delete and list; takes the place of a Map, a Set or a cache (seed 4).

    A value is anything that JSON can hold, up to 256 KiB. With a `ttl`, in seconds, it expires: from then on it is as
    if it were not there, for every method.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    async def get(self, namespace: str, key: str, default: Any = None) -> Any:
        """The value, or `default` where there is none."""
        found = await self.entry(namespace, key)
        return default if found is None else found.value

    async def entry(self, namespace: str, key: str) -> Entry | None:
        """The value with its version and its expiry; None where there is none."""
        return await self._one(QUERIES.state_entry, namespace, key)

    async def set(self, namespace: str, key: str, value: Any, *, ttl: float | None = None) -> Entry:
        """Keep a value, in the place of the one before and of its expiry.

        Raises:
            InvalidInput: JSON cannot hold it, a name is not 1 to 255 characters long, the ttl is no time.
            TooLarge: It has more than 256 KiB.
        """
        made = await self._one(QUERIES.set_state, namespace, key, **_kept(value, ttl))
        if made is None:
            raise AssertionError("unreachable")
        return made

    async def compare_and_set(
        self, namespace: str, key: str, expected_version: int | None, value: Any, *, ttl: float | None = None
    ) -> Entry | None:
        """Keep a value if nobody has changed the one before; None, and nothing is changed, if somebody has.

        Args:
            namespace: Where.
            key: Under which name.
            expected_version: The version that the caller has seen; None: there was none.
            value: What to keep.
            ttl: For how many seconds; for good, when not given.
        """
        values = _kept(value, ttl)
        if expected_version is None:
            return await self._one(QUERIES.add_state, namespace, key, **values)
        return await self._one(
            QUERIES.replace_state, namespace, key, expected=checks.version(expected_version), **values
        )

    async def update(self, namespace: str, key: str, change: Mapping[str, Any], *, ttl: float | None = None) -> Entry:
        """Change some fields of an object where it is, in one step, and leave the others and its expiry.

        Where there is none, `change` is kept, and only then the `ttl` counts.

        Raises:
            Conflict: The value is there, and no object.
            TooLarge: It would have more than 256 KiB.
        """
        values = {"value": checks.state_value(checks.mapping(change, "change"), "change"), "ttl": checks.ttl(ttl)}
        made = await self._one(QUERIES.update_state, namespace, key, most=checks.MAX_STATE, **values)
        if made is not None:
            return made
        found = await self.entry(namespace, key)
        if found is not None and isinstance(found.value, dict):
            raise TooLarge(
                f"the value of {key!r:.80} would have more than {checks.MAX_STATE:,} bytes of JSON",
                safe="it was left as it is",
            )
        raise Conflict(
            f"the value of {key!r:.80} is no object with fields to change",
            safe="it was left as it is",
            remedy="set it as a whole",
        )

    async def delete(self, namespace: str, key: str, *, expected_version: int | None = None) -> Entry | None:
        """Delete a value; what it was, or None where there was none, or another version than the expected one."""
        expected = None if expected_version is None else checks.version(expected_version)
        return await self._one(QUERIES.delete_state, namespace, key, expected=expected)

    async def clear(self, namespace: str) -> int:
        """Delete everything in a namespace; how many values that were."""
        return await self._count(QUERIES.clear_states, namespace)

    async def count(self, namespace: str, *, prefix: str = "") -> int:
        """How many values a namespace has, or those whose keys begin with `prefix`: reads them all."""
        return await self._count(QUERIES.count_states, namespace, prefix=checks.text(prefix, "prefix", most=255))

    async def list(
        self, namespace: str, *, prefix: str = "", limit: int = 50, cursor: str | None = None
    ) -> Page[Entry]:
        """By key, in the order of code points, `limit` at a time; `cursor` is the last page's `next`."""
        owner = await self._access.identity()
        values = {
            "owner": owner,
            "namespace": checks.text(namespace, "namespace", most=255, least=1),
            "prefix": checks.text(prefix, "prefix", most=255),
            "after": "" if cursor is None else checks.from_key_cursor(cursor),
            "limit": checks.limit(limit) + 1,
        }
        found = await self._access.database.fetch(QUERIES.list_states, values, _entry, identity=owner)
        if len(found) <= limit:
            return Page(found)
        return Page(found[:limit], checks.to_key_cursor(found[limit - 1].key))

    async def _one(self, query: Query, namespace: str, key: str, **values: Any) -> Entry | None:
        owner = await self._access.identity()
        values |= {
            "owner": owner,
            "namespace": checks.text(namespace, "namespace", most=255, least=1),
            "key": checks.text(key, "key", most=255, least=1),
        }
        found = await self._access.database.fetch(query, values, _entry, identity=owner)
        return found[0] if found else None

    async def _count(self, query: Query, namespace: str, **values: Any) -> int:
        owner = await self._access.identity()
        values |= {"owner": owner, "namespace": checks.text(namespace, "namespace", most=255, least=1)}
        found: list[tuple[int]] = await self._access.database.fetch(query, values, tuple, identity=owner)
        return found[0][0]


def _kept(value: Any, ttl: float | None) -> dict[str, Any]:
    return {"value": checks.state_value(value, "value"), "ttl": checks.ttl(ttl)}
