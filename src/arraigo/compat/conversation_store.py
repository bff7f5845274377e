"""`ConversationStore`: the five methods of the chat's old store (seed 2), on this one.

A conversation is saved as a whole, as before, and kept as what it is: saving one that grew by a message appends that
message. What others appended meanwhile stays: what is compared is what this program saw last.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

from arraigo.compat import documents
from arraigo.compat.backup import Backup
from arraigo.compat.changes import Kept, changes
from arraigo.compat.documents import Document, Head
from arraigo.compat.opening import Handle
from arraigo.errors import ArraigoError, Conflict, NotFound, Unavailable, Unreachable
from arraigo.ids import derived
from arraigo.move import DEFAULT_USER
from arraigo.store.types import Conversation, Message, NewMessage, Role
from arraigo.sync import Store

_log = logging.getLogger("arraigo.compat")
_PAGE = 1_000
_MOST_AT_ONCE = 500
_MOST_MESSAGES = 2_000  # in memory beside what is given back
_MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class _Seen:
    """A conversation as this program saw it last.

    Attributes:
        made: When it was made: one that was deleted and made again is another one.
        head: What it has beside its messages.
        messages: Those that are there.
        key: Makes the ids of what is appended to them, so that a second try stores nothing twice.
    """

    made: datetime
    head: Head
    messages: list[Kept] = field(default_factory=list)
    key: bytes = field(default_factory=lambda: uuid4().bytes)


class ConversationStore:
    """Conversations of one user as dicts: title, created_at, updated_at, messages, settings, and what else there is.

    Args:
        user: In whose name they are kept; the same as that of `arraigo move run --user` and `arraigo serve --user`.
        backup: A JSON file that gets a copy of all of them after every change; what stands there before, and the store
            does not have, is kept beside it.
        store: An open `arraigo.sync` store; without one, this process's own, which the environment names.

    Raises:
        BadSetting: A variable has a bad value. A database that cannot be reached is logged, and tried again by every
            call.
    """

    def __init__(
        self, user: str = DEFAULT_USER, backup: str | Path | None = None, *, store: Store | None = None
    ) -> None:
        self._handle = Handle(user, store)
        self._seen: dict[UUID, _Seen] = {}
        self._names: set[str] | None = None  # of all there are, once they have been read
        self._backup = None if backup is None else Backup(Path(backup))
        self._copies: dict[str, Any] | None = None  # what the backup is to hold; None: not read yet
        self._lock = threading.RLock()
        self._announce()

    def is_available(self) -> bool:
        """Whether the database can be used now."""
        try:
            self._handle.store.ping()
        except Unavailable:
            return False
        return True

    def save_conversation(self, conv_id: str, data: Mapping[str, Any]) -> bool:
        """Keep a conversation as it is now; True, since whatever cannot be kept is an error.

        Messages that were added are appended, those that say something else are edited (what they said stays as a
        revision), those that are gone are deleted. Dates may be texts or `datetime`.

        Raises:
            InvalidInput: It cannot be kept as it is: an unknown role, a title over 500 characters, no JSON.
            Unavailable: The database cannot be used; saving again is safe. With a journal, that is so only of
                conversations that this program has not seen, and of messages that are to be changed.
        """
        with self._lock:
            try:
                document = self._save(conv_id, data)
            except (Conflict, NotFound):  # somebody made or deleted it at this moment
                document = self._save(conv_id, data)
            if self._names is not None:
                self._names.add(conv_id)
            self._copy(lambda copies: copies.update({conv_id: document.plain}))
        return True

    def get_conversation(self, conv_id: str) -> dict[str, Any] | None:
        """One conversation, with its dates in the form in which they were given; None where there is none."""
        with self._lock:
            conversation = self._find(conv_id)
            return None if conversation is None else self._read(conversation)[1]

    def get_all_conversations(self) -> dict[str, dict[str, Any]]:
        """All of them by id, the newest activity first."""
        with self._lock:
            return self._read_all()

    def delete_conversation(self, conv_id: str) -> bool:
        """Delete a conversation with all that hangs under it; whether it was there."""
        with self._lock:
            try:
                self._handle().conversations.delete(conv_id)
            except NotFound:
                return False
            self._copy(lambda copies: copies.pop(conv_id, None))
        return True

    def _announce(self) -> None:
        """Say which storage is in use, and how much is in it."""
        try:
            count = self._handle().conversations.count(kind="chat")
        except Unavailable as error:
            _log.warning("the database cannot be used: %s; every call tries again", error)
            return
        _log.info(
            "%d %s of %r in PostgreSQL", count, "conversation" if count == 1 else "conversations", self._handle.user
        )
        self._copy(lambda _: None)

    def _find(self, conv_id: str) -> Conversation | None:
        try:
            return self._handle().conversations.get(conv_id)
        except NotFound:
            return None
        except Unreachable:
            if self._names is None or conv_id in self._names or not self._handle.store.has_journal:
                raise
            return None  # all that there were have been read before the database went away

    def _read_all(self) -> dict[str, dict[str, Any]]:
        """All of them by id; many short ones are read at once, so that it does not take a question for each."""
        found = {}
        there_now = self._handle.store.storage == "postgresql"
        for group in _by_length(self._every()):
            most = max(conversation.last_sequence for conversation in group)
            messages: dict[UUID, list[Message]] = {}
            at_once = there_now and 0 < most <= _PAGE
            if at_once:
                ids = [conversation.id for conversation in group]
                messages = self._handle().messages.list_many(ids, limit=min(most + 1, _PAGE))
            for conversation in group:
                there = messages.get(conversation.id, ()) if at_once else self._messages(conversation)
                name, found[name] = self._keep(conversation, [one for one in there if one.deleted_at is None])
        if there_now:
            self._names = set(found)
        return found

    def _every(self) -> Iterator[Conversation]:
        cursor = None
        while True:
            page = self._handle().conversations.list(kind="chat", limit=_PAGE, cursor=cursor)
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _read(self, conversation: Conversation) -> tuple[str, dict[str, Any]]:
        """What its program calls it, and the conversation."""
        return self._keep(conversation, list(self._messages(conversation)))

    def _keep(self, conversation: Conversation, messages: list[Message]) -> tuple[str, dict[str, Any]]:
        """The same of messages that were read; it counts as seen from now on."""
        name, found, pieces = documents.write(conversation, messages)
        self._seen[conversation.id] = _Seen(
            conversation.created_at,
            Head(conversation.title, conversation.settings, conversation.metadata),
            [Kept(m.sequence_number, m.role, piece.digest) for m, piece in zip(messages, pieces, strict=True)],
        )
        return name, found

    def _messages(self, conversation: Conversation) -> Iterator[Message]:
        """Those that are not deleted."""
        number = 0
        while True:
            page = self._handle().messages.list(conversation.id, after=number, limit=_PAGE)
            yield from (message for message in page if message.deleted_at is None)
            if len(page) < _PAGE or page[-1].stored == "journal":  # those stand behind all others
                return
            number = page[-1].sequence_number

    def _save(self, conv_id: str, data: Mapping[str, Any]) -> Document:
        conversation = self._find(conv_id)
        document = documents.read(conv_id, data, conversation)
        if conversation is None:
            conversation = self._handle().conversations.create(
                title=document.head.title,
                settings=document.head.settings,
                metadata=document.head.metadata,
                external_id=conv_id,
            )
            seen = _Seen(conversation.created_at, document.head)
        else:
            before = self._seen.get(conversation.id)
            if before is None or before.made != conversation.created_at or self._numbered_since(before):
                self._read(conversation)
            seen = self._seen[conversation.id]
        self._change(conversation.id, seen, document)
        return document

    def _numbered_since(self, seen: _Seen) -> bool:
        """Whether messages that were in the journal when they were seen have come in."""
        return any(not kept.number for kept in seen.messages) and self._handle.store.storage == "postgresql"

    def _change(self, id: UUID, seen: _Seen, document: Document) -> None:
        """Bring what is kept to what is given; what goes, goes last."""
        me, pieces = self._handle(), document.pieces
        new, old = vars(document.head), vars(seen.head)
        if changed := {name: new[name] for name in new if new[name] != old[name]}:
            me.conversations.update(id, **changed)
        todo = changes(seen.messages, pieces)
        numbers = self._append(id, seen, document, todo.numbers)
        for place in todo.edits:
            with suppress(Conflict):  # somebody has deleted it
                me.messages.edit(id, numbers[place], content=pieces[place].content, metadata=pieces[place].metadata)
        for number in todo.deletions:
            with suppress(Conflict):
                me.messages.delete(id, number)
        kept = [Kept(number, piece.role, piece.digest) for number, piece in zip(numbers, pieces, strict=True)]
        self._seen[id] = _Seen(seen.made, document.head, kept)

    def _append(self, id: UUID, seen: _Seen, document: Document, numbers: Sequence[int | None]) -> list[int]:
        """Append the messages that have no number yet; all the numbers."""
        new = [
            NewMessage(
                cast("Role", piece.role),
                piece.content,
                derived(seen.key, str(place), piece.digest.hex()),
                piece.metadata or None,
            )
            for place, (piece, number) in enumerate(zip(document.pieces, numbers, strict=True))
            if number is None
        ]
        given = iter(
            [message.sequence_number for group in _groups(new) for message in self._handle().messages.append(id, group)]
        )
        return [next(given) if number is None else number for number in numbers]

    def _copy(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the backup; one that cannot be written is no reason to refuse what is in the database."""
        if self._backup is None:
            return
        try:
            if self._copies is None:
                copies = self._read_all()
                if more := self._backup.keep_other(copies):
                    _log.warning(
                        "%s holds %d that are not in PostgreSQL, and stays as %s: arraigo move run json:%s --user %s",
                        self._backup.path, more, self._backup.kept_at, self._backup.kept_at, self._handle.user,
                    )  # fmt: skip
                self._copies = copies
            change(self._copies)
            self._backup.write(self._copies)
        except (OSError, ArraigoError) as error:
            _log.warning("the backup %s was not written: %s", self._backup.path, error)


def _by_length(conversations: Iterable[Conversation]) -> Iterator[list[Conversation]]:
    """As many as have a few thousand messages together; one that has more alone."""
    group: list[Conversation] = []
    size = 0
    for conversation in conversations:
        if group and (size + conversation.last_sequence > _MOST_MESSAGES or len(group) == _PAGE):
            yield group
            group, size = [], 0
        group.append(conversation)
        size += conversation.last_sequence
    if group:
        yield group


def _groups(messages: Sequence[NewMessage]) -> Iterator[list[NewMessage]]:
    """As many as can go in one call."""
    group: list[NewMessage] = []
    size = 0
    for message in messages:
        if group and (len(group) == _MOST_AT_ONCE or size + len(message.content) > _MOST_CHARACTERS):
            yield group
            group, size = [], 0
        group.append(message)
        size += len(message.content)
    if group:
        yield group
