"""One user's Chainlit threads in the database: a thread is a conversation with what hangs on it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from arraigo.errors import InvalidInput, NotFound
from arraigo.integrations.chainlit.steps import Step
from arraigo.postgres.queries import load
from arraigo.store import checks
from arraigo.store.access import Access
from arraigo.store.context import conversation_id
from arraigo.store.types import Message

_QUERIES = load("arraigo.integrations.chainlit")


class Part(NamedTuple):
    """What hangs on a thread and is said by nobody: kind, its own id, the step it belongs to."""

    kind: str
    id: str
    step_id: str | None
    value: dict[str, Any]
    created_at: datetime


class Found(NamedTuple):
    """A thread in a listing."""

    id: UUID
    external_id: str
    title: str
    metadata: dict[str, Any]
    created_at: datetime
    activity_at: datetime
    updated_at: datetime

    @property
    def cursor(self) -> str:
        """Where the listing goes on behind it, as an opaque text."""
        text = f"{self.activity_at.isoformat()} {self.updated_at.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode()


class Favorite(NamedTuple):
    """A favorite step, whole where it is too large for its message, and the thread it stands in."""

    thread_id: str
    whole: Step | None
    message: Message


class Threads:
    """One user's threads.

    Args:
        access: The user's (`UserStore.part`).
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    async def id(self, thread_id: str) -> UUID:
        """The id of the conversation that this thread is, or would be."""
        checks.text(thread_id, "the thread's id", most=255, least=1)
        return conversation_id(self._access.key, await self._access.identity(), thread_id)

    async def put(self, thread: UUID, kind: str, part: str, value: Mapping[str, Any], step: str | None = None) -> None:
        """Keep a part, in the place of the one of that kind and id.

        Raises:
            NotFound: There is no such thread.
        """
        checks.text(part, f"the id of a {kind}", most=255, least=1)
        values = {"id": thread, "kind": kind, "part": part, "value": dict(value), "step": step}
        if not await self._ask(_QUERIES.put_part, values, tuple):
            raise NotFound(f"there is no conversation {thread}")

    async def parts(self, thread: UUID) -> list[Part]:
        """All parts of a thread, the oldest first."""
        found: list[Part] = await self._ask(_QUERIES.parts, {"id": thread}, Part._make)
        return found

    async def part(self, thread: UUID, kind: str, part: str) -> Part | None:
        """One part."""
        found: list[Part] = await self._ask(_QUERIES.one_part, {"id": thread, "kind": kind, "part": part}, Part._make)
        return found[0] if found else None

    async def delete(self, kind: str, part: str, thread: UUID | None = None) -> list[Part]:
        """Delete a part of one thread, or of whichever has it; what it was."""
        values = {"kind": kind, "part": part, "id": thread}
        found: list[Part] = await self._ask(_QUERIES.delete_part, values, Part._make)
        return found

    async def delete_of_step(self, thread: UUID, step: str) -> list[Part]:
        """Delete what belongs to a step; what it was."""
        found: list[Part] = await self._ask(_QUERIES.delete_parts_of_step, {"id": thread, "step": step}, Part._make)
        return found

    async def of_step(self, step: str, message: UUID) -> UUID | None:
        """The thread that has this step."""
        found = await self._ask(_QUERIES.thread_of_step, {"step": step, "message": message}, tuple)
        return found[0][0] if found else None

    async def favorites(self) -> list[Favorite]:
        """The favorite steps of all threads, the last to become one first; 1,000 at most."""
        found: list[Favorite] = await self._ask(_QUERIES.favorites, {}, _favorite)
        return found

    async def page(self, *, search: str | None, feedback: int | None, cursor: str | None, limit: int) -> list[Found]:
        """Threads by their activity, the newest first, behind `cursor`."""
        activity, update, id_ = (None, None, None) if cursor is None else _from_cursor(cursor)
        values = {
            "search": search,
            "feedback": feedback,
            "limit": limit,
            "after_activity": activity,
            "after_update": update,
            "after_id": id_,
        }
        found: list[Found] = await self._ask(_QUERIES.threads, values, Found._make)
        return found

    async def _ask(self, query: Any, values: dict[str, Any], make: Any) -> list[Any]:
        owner = await self._access.identity()
        return await self._access.database.fetch(query, {**values, "owner": owner}, make, identity=owner)


def _favorite(values: Sequence[Any]) -> Favorite:
    thread_id, whole, *message = values
    return Favorite(thread_id, whole, Message._make(message))


def _from_cursor(cursor: str) -> tuple[datetime, datetime, UUID]:
    try:
        activity, update, id_ = base64.urlsafe_b64decode(cursor).decode().split(" ")
        return datetime.fromisoformat(activity), datetime.fromisoformat(update), UUID(id_)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            f"{cursor!r:.60} is not a cursor", remedy="take the one that the last page gave as endCursor"
        ) from None
