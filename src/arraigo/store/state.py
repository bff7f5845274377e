"""One user's state: values under a namespace and a key, for good or for a while."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from arraigo.errors import Conflict, TooLarge, Unreachable
from arraigo.postgres.queries import Query
from arraigo.store import checks
from arraigo.store.access import QUERIES, Access
from arraigo.store.journal import Entry as Journalled
from arraigo.store.journal import results
from arraigo.store.journal.entries import Kind
from arraigo.store.journal.states import Place
from arraigo.store.types import Entry, Page


def _entry_of(values: Any) -> Entry:
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
        """The value with its version and its expiry; None where there is none.

        Raises:
            Unavailable: The database is away, and this process has not seen the value.
        """
        owner = await self._access.identity()
        place = owner, *_checked(namespace, key)

        async def ask() -> tuple[Entry | None]:
            return (await self._one(QUERIES.state_entry, *place),)

        found = await self._access.read(
            (owner, namespace), ask, lambda journal: journal.states.at(place, datetime.now(UTC))
        )
        return found[0]

    async def set(self, namespace: str, key: str, value: Any, *, ttl: float | None = None) -> Entry:
        """Keep a value, in the place of the one before and of its expiry.

        Raises:
            InvalidInput: JSON cannot hold it, a name is not 1 to 255 characters long, the ttl is no time.
            TooLarge: It has more than 256 KiB.
        """
        place = await self._access.identity(), *_checked(namespace, key)
        values = _kept(value, ttl)
        made = await self._keep("set_state", place, values, lambda: self._one(QUERIES.set_state, *place, **values))
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

        Raises:
            Unavailable: The database is away: only there is it known what the value is.
        """
        place = await self._access.identity(), *_checked(namespace, key)
        values = _kept(value, ttl)
        self._no_journal(place)
        if expected_version is None:
            return await self._one(QUERIES.add_state, *place, **values)
        return await self._one(QUERIES.replace_state, *place, expected=checks.version(expected_version), **values)

    async def update(self, namespace: str, key: str, change: Mapping[str, Any], *, ttl: float | None = None) -> Entry:
        """Change some fields of an object where it is, in one step, and leave the others and its expiry.

        Where there is none, `change` is kept, and only then the `ttl` counts.

        Raises:
            Conflict: The value is there, and no object.
            TooLarge: It would have more than 256 KiB.
        """
        place = await self._access.identity(), *_checked(namespace, key)
        values: dict[str, Any] = {
            "value": checks.state_value(checks.mapping(change, "change"), "change"),
            "ttl": checks.ttl(ttl),
        }
        made = await self._keep(
            "update_state",
            place,
            values,
            lambda: self._one(QUERIES.update_state, *place, most=checks.MAX_STATE, **values),
        )
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
        """Delete a value; what it was, or None where there was none, or another version than the expected one.

        While the database is away, what it was as far as this process has seen it; None for a value that it has not.
        """
        place = await self._access.identity(), *_checked(namespace, key)
        if expected_version is not None:
            self._no_journal(place)
            return await self._one(QUERIES.delete_state, *place, expected=checks.version(expected_version))
        journal = self._access.journal
        seen = None if journal is None else journal.states.at(place, datetime.now(UTC))
        gone = await self._access.keep(
            place[:2],
            lambda: self._one(QUERIES.delete_state, *place, expected=None),
            lambda: _entry("delete_state", place, {}),
        )
        if not isinstance(gone, Journalled):
            return gone
        was = Entry(namespace, key, None, 0, None, gone.at, gone.at) if seen is None else seen[0]
        return was and replace(was, stored="journal")

    async def clear(self, namespace: str) -> int:
        """Delete everything in a namespace; how many values that were.

        While the database is away, how many that were as far as this process has seen them.
        """
        owner = await self._access.identity()
        checks.text(namespace, "namespace", most=255, least=1)
        journal = self._access.journal
        seen = 0 if journal is None else journal.states.count(owner, namespace)
        cleared = await self._access.keep(
            (owner, namespace),
            lambda: self._count(QUERIES.clear_states, namespace),
            lambda: _entry("clear_states", (owner, namespace, ""), {}),
        )
        if isinstance(cleared, Journalled):
            return seen
        if journal is not None:
            journal.states.cleared(owner, namespace)
        return cleared

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
        found = await self._access.database.fetch(QUERIES.list_states, values, _entry_of, identity=owner)
        if len(found) <= limit:
            return Page(found)
        return Page(found[:limit], checks.to_key_cursor(found[limit - 1].key))

    async def _keep(
        self, kind: Kind, place: Place, values: dict[str, Any], act: Callable[[], Awaitable[Entry | None]]
    ) -> Entry | None:
        """Change a value in the database; where that is away, write the change to the journal."""
        journal = self._access.journal
        seen = None if journal is None else journal.states.at(place, datetime.now(UTC))
        made = await self._access.keep(place[:2], act, lambda: _entry(kind, place, values))
        return results.state(made, seen and seen[0]) if isinstance(made, Journalled) else made

    def _no_journal(self, place: Place) -> None:
        journal = self._access.journal
        if journal is not None and journal.holds(place[:2]):
            raise Unreachable(
                f"{place[1]!r:.80} cannot be compared with anything while the database is away",
                safe="nothing was changed",
                remedy="try again",
            )

    async def _one(self, query: Query, owner: UUID, namespace: str, key: str, **values: Any) -> Entry | None:
        values |= {"owner": owner, "namespace": namespace, "key": key}
        found = await self._access.database.fetch(query, values, _entry_of, identity=owner)
        made = found[0] if found else None
        if self._access.journal is not None:
            gone = query is QUERIES.delete_state
            if made is not None or query is QUERIES.state_entry:
                self._access.journal.states.saw((owner, namespace, key), None if gone else made)
        return made

    async def _count(self, query: Query, namespace: str, **values: Any) -> int:
        owner = await self._access.identity()
        values |= {"owner": owner, "namespace": checks.text(namespace, "namespace", most=255, least=1)}
        found: list[tuple[int]] = await self._access.database.fetch(query, values, tuple, identity=owner)
        return found[0][0]


def _kept(value: Any, ttl: float | None) -> dict[str, Any]:
    return {"value": checks.state_value(value, "value"), "ttl": checks.ttl(ttl)}


def _checked(namespace: str, key: str) -> tuple[str, str]:
    return checks.text(namespace, "namespace", most=255, least=1), checks.text(key, "key", most=255, least=1)


def _entry(kind: Kind, place: Place, values: dict[str, Any]) -> Journalled:
    """A change as arraigo.replay_state takes it: with the moment at which it expires."""
    owner, namespace, key = place
    at = datetime.now(UTC)
    named: dict[str, Any] = {"namespace": namespace, "key": key}
    if "value" in values:
        ttl = values["ttl"]
        expires = None if ttl is None else (at + timedelta(seconds=ttl)).isoformat()
        named |= {"value": json.loads(values["value"]), "expires_at": expires}
    return Journalled(kind, owner, at, named)
