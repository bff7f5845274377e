"""LangChain: a chat message history kept in a conversation.

from arraigo.integrations.langchain import ArraigoChatMessageHistory

history = ArraigoChatMessageHistory(store.as_user("ana"), "thread-1")
await history.aadd_messages([HumanMessage("Hola")])
"""

import json
from collections.abc import Sequence
from typing import Any

from arraigo import sync
from arraigo.errors import InvalidInput
from arraigo.integrations import missing
from arraigo.integrations.history import AsyncHistory
from arraigo.integrations.items import Found, Item
from arraigo.integrations.sync.history import History
from arraigo.store import UserStore
from arraigo.store.types import Role

try:
    from langchain_core.chat_history import BaseChatMessageHistory
    from langchain_core.messages import (
        AIMessage,
        BaseMessage,
        HumanMessage,
        SystemMessage,
        message_to_dict,
        messages_from_dict,
    )
except ModuleNotFoundError as error:
    raise missing(error, "langchain") from error

INTEGRATION = "langchain"
_ROLES: dict[str, Role] = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool"}
_PLAIN: dict[str, type[BaseMessage]] = {"user": HumanMessage, "assistant": AIMessage, "system": SystemMessage}


class ArraigoChatMessageHistory(BaseChatMessageHistory):
    """The messages of one conversation.

    Args:
        me: Whose. With a handle of `arraigo.open()` the methods with an `a` work; with one of `arraigo.sync.open()` all
            of them do.
        session_id: The external id of the conversation, which is made at the first message; or the id of one that is
            there.
        title: For people; the first words that the user says, when not given.
    """

    def __init__(self, me: UserStore | sync.UserStore, session_id: str, *, title: str | None = None) -> None:
        self._async = AsyncHistory(me, session_id, INTEGRATION, title) if isinstance(me, UserStore) else None
        self._sync = None if isinstance(me, UserStore) else History(me, session_id, INTEGRATION, title)

    @property
    def messages(self) -> list[BaseMessage]:
        """All messages, oldest first; what was said in the conversation in another way is among them."""
        return [_from(found) for found in self._now.read()]

    @messages.setter
    def messages(self, messages: list[BaseMessage]) -> None:
        self.clear()
        self.add_messages(messages)

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Append these in one step: together, or not at all.

        Raises:
            InvalidInput: JSON cannot hold one of them; TooLarge: more than 1,000 messages.
        """
        self._now.add([_to(message) for message in messages])

    def clear(self) -> None:
        """Take all of it away; the conversation too, if a history made it."""
        self._now.clear()

    async def aget_messages(self) -> list[BaseMessage]:
        """The same as `messages`."""
        if self._async is None:
            return await super().aget_messages()
        return [_from(found) for found in await self._async.read()]

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """The same as `add_messages`."""
        if self._async is None:
            await super().aadd_messages(messages)
        else:
            await self._async.add([_to(message) for message in messages])

    async def aclear(self) -> None:
        """The same as `clear`."""
        if self._async is None:
            await super().aclear()
        else:
            await self._async.clear()

    @property
    def _now(self) -> History:
        if self._sync is None:
            raise InvalidInput(
                "this history is of arraigo.open(), and was asked without await",
                remedy="call the methods with an a (aget_messages), or give it a handle of arraigo.sync.open()",
            )
        return self._sync


def _to(message: BaseMessage) -> Item:
    text, calls = str(message.text), getattr(message, "tool_calls", None) or []
    role = _ROLES.get(message.type.removesuffix("MessageChunk").lower(), "user")
    if message.type in ("chat", "ChatMessageChunk"):
        role = _role(getattr(message, "role", ""))
    aside = role == "tool" or (bool(calls) and not text)
    if not text:
        text = "\n\n".join(map(_call, calls)) or _kinds(message.content)
    return Item(role, text, message_to_dict(message), aside)


def _role(name: str) -> Role:
    known: dict[str, Role] = {"assistant": "assistant", "ai": "assistant", "system": "system", "tool": "tool"}
    return known.get(name, "user")


def _call(call: Any) -> str:
    return f"{call['name']}({json.dumps(call['args'], ensure_ascii=False, default=str)})"


def _kinds(content: str | list[Any]) -> str:
    """What there is beside text."""
    blocks = content if isinstance(content, list) else []
    return "\n\n".join(f"[{block.get('type', 'block')}]" for block in blocks if isinstance(block, dict))


def _from(found: Found) -> BaseMessage:
    if found.value is None:
        return _PLAIN[found.role](content=found.content)
    return messages_from_dict([found.value])[0]
