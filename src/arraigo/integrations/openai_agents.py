"""OpenAI Agents SDK: a `Session` whose items are the messages of a conversation.

from arraigo.integrations.openai_agents import ArraigoSession

session = ArraigoSession(store.as_user("ana"), "thread-1")
await Runner.run(agent, "Hola", session=session)
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any, TypeVar, cast

from arraigo import sync
from arraigo.integrations import missing
from arraigo.integrations.history import AsyncHistory
from arraigo.integrations.items import Found, Item
from arraigo.integrations.sync.history import History
from arraigo.store import UserStore
from arraigo.store.types import Role

try:
    from agents import TResponseInputItem
    from agents.memory import SessionABC, SessionSettings
    from agents.memory.session_settings import coerce_session_settings, resolve_session_limit
except ModuleNotFoundError as error:
    raise missing(error, "openai-agents") from error

INTEGRATION = "openai-agents"
_ROLES: dict[str, Role] = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}
T = TypeVar("T")
_CALLED = ("arguments", "input", "action", "operation", "code", "queries")


class ArraigoSession(SessionABC):
    """A session kept in a conversation, each item as one message.

    Args:
        me: Whose: a handle of `arraigo.open()`; or one of `arraigo.sync.open()`, which works in every event loop, and
            so with `Runner.run_sync`.
        session_id: The external id of the conversation, which is made at the first item; or the id of one that exists.
        title: For people; the first words that the user says, when not given.
        session_settings: The SDK's own, with the default limit of what is read.
    """

    def __init__(
        self,
        me: UserStore | sync.UserStore,
        session_id: str,
        *,
        title: str | None = None,
        session_settings: SessionSettings | dict[str, Any] | None = None,
    ) -> None:
        self.session_id = session_id
        self.session_settings = coerce_session_settings(session_settings or SessionSettings())
        self._history: AsyncHistory | _InThread
        if isinstance(me, UserStore):
            self._history = AsyncHistory(me, session_id, INTEGRATION, title)
        else:
            self._history = _InThread(History(me, session_id, INTEGRATION, title))

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """The items, oldest first: the last `limit`, or as many as the settings say, or all.

        What was said in the conversation in another way is among them, as plain messages.
        """
        return [_from(found) for found in await self._history.read(resolve_session_limit(limit, self.session_settings))]

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Append these items in one step: they stay together, and all are kept or none.

        Raises:
            InvalidInput: JSON cannot hold one of them; TooLarge: more than 1,000 messages.
            Unavailable: The database cannot be used.
        """
        await _to_its_end(self._history.add([_to(cast("Mapping[str, Any]", item)) for item in items]))

    async def pop_item(self) -> TResponseInputItem | None:
        """Take the last item away and give it; None where there is none."""
        found = await _to_its_end(self._history.pop())
        return None if found is None else _from(found)

    async def clear_session(self) -> None:
        """Take all items away; the conversation with them, if a session made it."""
        await _to_its_end(self._history.clear())


class _InThread:
    """The same history without await, each call in a thread."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def read(self, last: int | None) -> list[Found]:
        return await asyncio.to_thread(self._history.read, last)

    async def add(self, new: list[Item]) -> None:
        await asyncio.to_thread(self._history.add, new)

    async def pop(self) -> Found | None:
        return await asyncio.to_thread(self._history.pop)

    async def clear(self) -> None:
        await asyncio.to_thread(self._history.clear)


async def _to_its_end(change: Coroutine[Any, Any, T]) -> T:
    """Wait for a change even when the caller is cancelled: the SDK takes it for done or not done after that."""
    task = asyncio.ensure_future(change)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # nobody else looks at it
        raise


def _from(found: Found) -> TResponseInputItem:
    plain = {"role": found.role, "content": found.content}
    return cast("TResponseInputItem", plain if found.value is None else found.value)


def _to(item: Mapping[str, Any]) -> Item:
    """Who says it, and what a person reads of it; items are told apart by their type, messages by their role."""
    kind = str(item.get("type") or "message")
    if kind == "message":
        return Item(_ROLES.get(str(item.get("role")), "user"), _text(item.get("content")), item)
    if "output" in item and kind.endswith("_output"):
        return Item("tool", _text(item["output"]), item, aside=True)
    if kind == "reasoning":
        return Item("assistant", _text(item.get("summary")) or _text(item.get("content")), item, aside=True)
    name = str(item.get("name") or kind)
    called = next((item[key] for key in _CALLED if item.get(key)), "")
    return Item("assistant", f"{name}({_text(called)})", item, aside=True)


def _text(content: Any) -> str:
    """The texts in a content, which is a text or a list of parts; what is no text is named by its type."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        said = next(
            (content[key] for key in ("text", "refusal", "transcript") if isinstance(content.get(key), str)), None
        )
        return f"[{content.get('type', 'object')}]" if said is None else said
    return "\n\n".join(map(_text, content)) if isinstance(content, list | tuple) else ""
