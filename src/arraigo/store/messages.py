"""The messages of one user's conversations."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, overload
from uuid import UUID

from arraigo.errors import Conflict, InvalidInput, NotFound, TooLarge, Unavailable, Unreachable
from arraigo.ids import uuid7
from arraigo.postgres.arrays import text_array
from arraigo.store import checks
from arraigo.store.access import QUERIES, Access
from arraigo.store.appending import AsyncAppender, Item
from arraigo.store.context import Ref
from arraigo.store.journal import Entry, Journal, results
from arraigo.store.types import Message, NewMessage, Revision, Stored

# Not Message._make: that is Python, and twice as slow as all the rest of a row.
_message: Callable[[Sequence[Any]], Message] = partial(tuple.__new__, Message)


class Messages:
    """Append, read, edit and delete. Numbers are given in order, without gaps, and are never used again."""

    def __init__(self, access: Access, appender: AsyncAppender) -> None:
        self._access = access
        self._appender = appender

    @overload
    async def append(
        self,
        conversation: Ref,
        *,
        role: str,
        content: str,
        id: UUID | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Message: ...

    @overload
    async def append(self, conversation: Ref, messages: Sequence[NewMessage | tuple[str, str]]) -> list[Message]: ...

    async def append(
        self,
        conversation: Ref,
        messages: Sequence[NewMessage | tuple[str, str]] | None = None,
        *,
        role: str = "",
        content: str = "",
        id: UUID | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Message | list[Message]:
        """Append one message, or several that stay together, in one round trip.

        A message with an `id` of yours can be sent again: it is stored once, and answered the same.

        Raises:
            Conflict: A message of that id is there with other content.
            InvalidInput: A role is unknown or a text cannot be kept; TooLarge: 1 MB of content, 1,000 messages.
            NotFound: There is no such conversation, or it is somebody else's.
            Unavailable: The database is away, and so is the journal. With a journal, the messages have no number yet.
        """
        if messages is None:
            return (await self._append(conversation, [NewMessage(role, content, id, metadata)]))[0]  # type: ignore[arg-type] # checked there
        if len(messages) > checks.MAX_MESSAGES:
            raise TooLarge(f"{len(messages):,} messages at once; at most {checks.MAX_MESSAGES:,}")
        if not messages:
            raise InvalidInput("there is no message to append")
        return await self._append(
            conversation,
            [m if isinstance(m, NewMessage) else NewMessage(m[0], m[1]) for m in messages],  # type: ignore[arg-type] # checked there
        )

    async def _append(self, conversation: Ref, messages: list[NewMessage]) -> list[Message]:
        for place, message in enumerate(messages, start=1):
            checks.new_message(message, place)
        owner = await self._access.identity()
        fresh = all(message.id is None for message in messages)
        ids = [message.id or uuid7() for message in messages]
        if len(ids) > 1 and len(set(ids)) < len(ids):
            raise InvalidInput("two messages of one call have the same id", remedy="give each an id of its own")

        async def append(wanted: UUID) -> list[Message]:
            items = [
                Item(owner, wanted, id_, m.role, m.content, dict(m.metadata) if m.metadata else None)
                for m, id_ in zip(messages, ids, strict=True)
            ]
            return await self._put(items, fresh=fresh)

        return await self._access.find(conversation, append)

    async def _put(self, items: list[Item], *, fresh: bool) -> list[Message]:
        """Into the database; where that is away, into the journal."""
        owner, wanted, *_ = items[0]
        journal = self._access.journal

        try:
            outcomes = await self._access.keep(
                wanted, lambda: self._appender.append(items, fresh=fresh), lambda: _entry(items, journal)
            )
        except _Repeated as repeated:
            return repeated.messages
        except (NotFound, Unavailable) as error:  # one that is not ours to change looks missing, or locked
            if isinstance(error, Unreachable):
                raise
            raise await self._access.refused(wanted, error) from None
        if isinstance(outcomes, Entry):
            return results.messages(outcomes)
        stored = [
            _message(
                (item.id, done.sequence_number, item.role, item.content, item.metadata, done.created_at, None, None)
            )
            for item, done in zip(items, outcomes, strict=True)
        ]
        if journal is not None:
            journal.talks.appended(owner, wanted, stored)
        return stored

    async def get(self, conversation: Ref, id: UUID) -> Message:
        """One message, by its id; a deleted one without what it said.

        Raises:
            NotFound: There is none of that id, or no such conversation, or it is somebody else's.
            Unavailable: The database is away, and this process has not seen it.
        """
        owner = await self._access.identity()

        async def ask(wanted: UUID) -> Message:
            where = {"id": wanted, "message": id}
            found = await self._access.database.fetch(QUERIES.message_by_id, where, _message, identity=owner)
            if not found:
                raise NotFound(f"conversation {wanted} has no message {id}")
            return found[0]

        def recall(journal: Journal, wanted: UUID) -> Message | None:
            seen = journal.talks.messages(owner, wanted) or ()
            return next((message for message in seen if message.id == id), None)

        async def read(wanted: UUID) -> Message:
            return await self._access.read(wanted, lambda: ask(wanted), lambda journal: recall(journal, wanted))

        return await self._access.find(conversation, read)

    async def revisions(self, conversation: Ref, sequence_number: int) -> list[Revision]:
        """What a message said before its edits, oldest first."""
        owner = await self._access.identity()

        async def read(wanted: UUID) -> list[Revision]:
            where = {"id": wanted, "number": sequence_number}
            if not await self._access.database.fetch(QUERIES.one_message, where, tuple, identity=owner):
                raise NotFound(f"conversation {wanted} has no message {sequence_number}")
            return await self._access.database.fetch(QUERIES.revisions, where, Revision._make, identity=owner)

        return await self._access.find(conversation, read)

    async def edit(
        self,
        conversation: Ref,
        sequence_number: int,
        *,
        content: str,
        metadata: Mapping[str, Any] | None = None,
    ) -> Message:
        """Replace what a message says; what it said before is kept as a revision.

        Raises:
            Conflict: It has been deleted. NotFound: There is none of that number.
        """
        checks.new_message(NewMessage("user", content, None, metadata), sequence_number)
        values = {
            "number": sequence_number,
            "content": content,
            "set_metadata": metadata is not None,
            "metadata": dict(metadata) if metadata else None,
        }
        return await self._change(QUERIES.edit_message, conversation, values)

    async def delete(self, conversation: Ref, sequence_number: int) -> Stored:
        """Take away what a message and its revisions say, and leave its number; where the deletion is kept.

        Raises:
            Conflict: It has been deleted already. NotFound: There is none of that number.
            Unavailable: The database is away, and this process has not seen the message.
        """
        owner = await self._access.identity()

        async def delete(wanted: UUID) -> Stored:
            deleted = await self._access.keep(
                wanted,
                lambda: self._change(QUERIES.delete_message, wanted, {"number": sequence_number}),
                lambda: _deletion(self._seen(owner, wanted, sequence_number), owner, wanted),
            )
            return "journal" if isinstance(deleted, Entry) else "database"

        return await self._access.find(conversation, delete)

    def _seen(self, owner: UUID, conversation: UUID, number: int) -> Message:
        """A message that this process has seen, while the database is away."""
        journal = self._access.journal
        for message in (journal and journal.talks.messages(owner, conversation)) or ():
            if message.sequence_number == number:
                return message
        raise Unreachable(
            f"the database is away, and this process has not seen message {number} of conversation {conversation}",
            safe="nothing was changed",
            remedy="try again",
        )

    async def _change(self, query: Any, conversation: Ref, values: dict[str, Any]) -> Message:
        owner = await self._access.identity()

        async def change(wanted: UUID) -> Message:
            where = {"id": wanted, "number": values["number"]}
            changed = await self._access.database.fetch(query, {**values, **where}, _message, identity=owner)
            if changed:
                if self._access.journal is not None:
                    self._access.journal.talks.changed(owner, wanted, changed[0])
                return changed[0]
            if await self._access.database.fetch(QUERIES.one_message, where, _message, identity=owner):
                gone = Conflict(f"message {values['number']} of conversation {wanted} has been deleted")
                raise await self._access.refused(wanted, gone)
            raise NotFound(f"conversation {wanted} has no message {values['number']}")

        return await self._access.find(conversation, change)

    async def list_many(self, conversations: Sequence[UUID], *, limit: int = 50) -> dict[UUID, list[Message]]:
        """The first `limit` messages of each of several conversations, ascending, in one round trip.

        What has no messages, is not there, or is somebody else's, is not in the answer. All of it is in memory at once:
        ask for few long conversations, or for many short ones.

        Raises:
            TooLarge: More than 1,000 conversations. InvalidInput: The limit is not 1 to 1,000.
        """
        if len(conversations) > checks.MAX_LIST:
            raise TooLarge(f"{len(conversations):,} conversations at once; at most {checks.MAX_LIST:,}")
        limit = checks.limit(limit)
        journal = self._access.journal
        if journal is None:
            return await self._ask_many(conversations, limit)
        if not (journal.away or any(map(journal.holds, conversations))):
            try:
                return await self._ask_many(conversations, limit)
            except Unreachable as error:
                journal.lost(error)
        found: dict[UUID, list[Message]] = {}
        for conversation in conversations:  # what has changes in the journal knows them
            with suppress(NotFound):
                if messages := await self.list(conversation, limit=limit):
                    found[conversation] = messages
        return found

    async def _ask_many(self, conversations: Sequence[UUID], limit: int) -> dict[UUID, list[Message]]:
        owner = await self._access.identity()
        values = {"ids": text_array(map(str, conversations)), "owner": owner, "limit": limit}
        found: dict[UUID, list[Message]] = {}
        for row in await self._access.database.fetch(QUERIES.messages_of_many, values, tuple, identity=owner):
            found.setdefault(row[0], []).append(_message(row[1:]))
        for conversation, messages in found.items():
            if self._access.journal is not None and len(messages) < limit:
                self._access.journal.talks.saw_tail(owner, conversation, messages)
        return found

    async def list(
        self, conversation: Ref, *, last: int | None = None, after: int | None = None, limit: int = 50
    ) -> list[Message]:
        """The `last` N, or up to `limit` behind the number `after`; ascending. Without either, the first `limit`.

        Raises:
            NotFound: There is no such conversation, or it is somebody else's.
        """
        if last is not None and after is not None:
            raise InvalidInput("last and after are given together", remedy="give one of them")
        if last is not None:
            query, values = QUERIES.last_messages, {"limit": checks.limit(last)}
        else:
            query, values = QUERIES.messages_after, {"after": max(after or 0, 0), "limit": checks.limit(limit)}
        owner = await self._access.identity()
        journal = self._access.journal

        async def ask(wanted: UUID) -> list[Message]:
            asked = {**values, "id": wanted, "owner": owner}
            found = await self._access.database.fetch(query, asked, _message, identity=owner)
            if not found and not await self._access.database.fetch(
                QUERIES.conversation_by_id, {"id": wanted}, tuple, identity=owner
            ):
                raise NotFound(f"there is no conversation {wanted}")
            if last is not None:
                found.reverse()
            if journal is None:
                return found
            if last is not None or 0 < len(found) < limit:
                journal.talks.saw_tail(owner, wanted, found)
            waiting = journal.talks.waiting(owner, wanted)
            return found if not waiting else _behind(found, waiting, last, limit)

        def read(wanted: UUID) -> Awaitable[list[Message]]:
            return self._access.read(
                wanted,
                lambda: ask(wanted),
                lambda journal: _part(journal.talks.messages(owner, wanted, partly=journal.away), last, after, limit),
            )

        return await self._access.find(conversation, read)


def _behind(found: list[Message], waiting: list[Message], last: int | None, limit: int) -> list[Message]:
    """What the database gave, and behind it what is still in the journal, unless it has come in just now."""
    there = {message.id for message in found}
    both = [*found, *(message for message in waiting if message.id not in there)]
    return both[:limit] if last is None else both[-last:]


def _part(seen: list[Message] | None, last: int | None, after: int | None, limit: int) -> list[Message] | None:
    """What a listing gives of the messages that were seen here; None, where it would want more of them.

    Those in the journal have no number yet: they stand behind all others.
    """
    if seen is None or last is not None:
        return seen and seen[-last:] if last is not None else None
    first = (after or 0) + 1
    if seen and 0 < seen[0].sequence_number > first:
        return None
    return [m for m in seen if not 0 < m.sequence_number < first][:limit]


class _Repeated(Exception):
    """These messages are here already; there is nothing to write."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__()
        self.messages = messages


def _entry(items: Sequence[Item], journal: Journal | None) -> Entry:
    new = [{"id": str(i.id), "role": i.role, "content": i.content, "metadata": i.metadata} for i in items]
    values = {"conversation": str(items[0].conversation), "messages": new}
    entry = Entry("append", items[0].owner, datetime.now(UTC), values)
    repeated = None if journal is None else journal.talks.repeated(entry)
    if repeated is not None:
        raise _Repeated(repeated)
    return entry


def _deletion(message: Message, owner: UUID, conversation: UUID) -> Entry:
    if message.deleted_at is not None:
        raise Conflict(f"message {message.sequence_number} of conversation {conversation} has been deleted")
    values = {"conversation": str(conversation), "sequence_number": message.sequence_number}
    return Entry("delete", owner, datetime.now(UTC), values)
