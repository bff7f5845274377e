"""A conversation of the store as a list of somebody else's items."""

import re
from collections.abc import Sequence
from contextlib import suppress

from arraigo.errors import Conflict, NotFound, TooLarge, Unavailable, Unreachable
from arraigo.integrations import items
from arraigo.integrations.items import Found, Item
from arraigo.store.checks import MAX_LIST, MAX_MESSAGES
from arraigo.store.stores import UserStore
from arraigo.store.types import Message, NewMessage

_TITLE = 80  # characters
_ID = re.compile("[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


class AsyncHistory:
    """The items of one conversation, oldest first.

    Args:
        me: Whose.
        name: The conversation's external id; it is made at the first item. Also the id of one that is there.
        integration: Who keeps items here; messages of any other origin are read as what they say.
        title: For people; the first words that somebody says in it, when not given.
    """

    def __init__(self, me: UserStore, name: str, integration: str, title: str | None) -> None:
        self._me = me
        self._name = name
        self._integration = integration
        self._title = title
        self._there: bool | None = None  # whether the conversation was there when we last looked

    async def read(self, last: int | None = None) -> list[Found]:
        """All items, or the last so many; none where there is no such conversation."""
        if last is not None and last <= 0:
            return []
        try:
            found = await (self._all() if last is None else self._last(last))
        except NotFound:
            self._there = False
            return []
        self._there = True
        return found

    async def add(self, new: Sequence[Item]) -> None:
        """Append these items in one step: together, or not at all.

        Raises:
            InvalidInput: JSON cannot hold one of them; TooLarge: more than 1,000 messages.
        """
        messages = items.write(self._integration, new)
        if not messages:
            return
        if len(messages) > MAX_MESSAGES:  # before a conversation is made for them
            raise TooLarge(f"{len(messages):,} messages at once; at most {MAX_MESSAGES:,}", safe="nothing was kept")
        if self._there is None:
            await self._look()
        if self._there:
            try:
                await self._me.messages.append(self._name, messages)
            except NotFound:  # deleted since
                self._there = False
            else:
                return
        await self._make(messages)
        await self._me.messages.append(self._name, messages)

    async def pop(self) -> Found | None:
        """Take the last item away; of several who do so at once, each gets another.

        Raises:
            Unavailable: The database is away, and the item is in the journal, where it has no number yet.
        """
        while found := await self.read(last=1):
            own, *parts = map(_numbered, found[0].numbers)
            try:
                await self._me.messages.delete(self._name, own)
            except (Conflict, NotFound):
                continue  # somebody else has it
            for number in parts:
                with suppress(Conflict, NotFound):
                    await self._me.messages.delete(self._name, number)
            return found[0]
        return None

    async def clear(self) -> None:
        """Take all of it away: the conversation, if an integration made it, else all of its messages."""
        with suppress(NotFound):
            conversation = await self._me.conversations.get(self._name)
            if "integration" in conversation.metadata:
                await self._me.conversations.delete(conversation.id)
                return
            for message in await self._messages():
                if message.deleted_at is None:
                    with suppress(Conflict):
                        await self._me.messages.delete(self._name, _numbered(message.sequence_number))

    async def _look(self) -> None:
        """Find out whether the conversation is there; not by appending, since the journal would take that blindly."""
        try:
            await self._me.conversations.get(self._name)
        except NotFound:
            self._there = False
        except Unreachable:
            if _ID.fullmatch(self._name):  # it may be the id of one that is there
                raise
            self._there = False  # or it is: then the journal's "create" finds that out, and the items go there
        else:
            self._there = True

    async def _make(self, messages: Sequence[NewMessage]) -> None:
        words = next((message.content.split() for message in messages if message.role == "user"), [])
        with suppress(Conflict):  # somebody else has made it just now
            await self._me.conversations.create(
                title=self._title or " ".join(words)[:_TITLE] or self._name,
                external_id=self._name,
                metadata={"integration": self._integration},
            )
        self._there = True

    async def _all(self) -> list[Found]:
        return items.read(self._integration, await self._messages())

    async def _messages(self) -> list[Message]:
        messages = page = await self._me.messages.list(self._name, limit=MAX_LIST)
        while len(page) == MAX_LIST and page[-1].sequence_number:
            page = await self._me.messages.list(self._name, after=page[-1].sequence_number, limit=MAX_LIST)
            messages = messages + page
        return messages

    async def _last(self, count: int) -> list[Found]:
        """From the end, further back as long as too few of the messages are items."""
        messages = await self._me.messages.list(self._name, last=min(count, MAX_LIST))
        if messages and not messages[0].sequence_number:  # in the journal: those with a number stand before
            messages = await self._me.messages.list(self._name, last=MAX_LIST)
        while True:
            found = items.read(self._integration, messages)
            before = messages[0].sequence_number - 1 if messages else 0
            if len(found) >= count or before <= 0:
                return found[-count:]
            start = max(before - MAX_LIST, 0)
            earlier = await self._me.messages.list(self._name, after=start, limit=before - start)
            messages = earlier + messages


def _numbered(number: int) -> int:
    if not number:
        raise Unavailable(
            "the last message is in the journal, and has no number yet",
            safe="nothing was changed",
            remedy="try again when the database is back",
        )
    return number
