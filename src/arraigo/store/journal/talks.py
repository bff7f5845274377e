"""The conversations that this process has seen, for reading while the database is away: in memory, as much as fits."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from arraigo.errors import Conflict, NotFound
from arraigo.store.journal import results
from arraigo.store.journal.entries import Entry
from arraigo.store.types import Conversation, Message

_MOST_CHARACTERS = 32_000_000  # of messages, over all conversations
_MOST_TALKS = 2_000
_FRESH = 1.0  # seconds in which a tail need not be copied again
_MOST_MESSAGES = 1_000  # of one conversation; as many as one read may ask for


@dataclass
class _Talk:
    """One conversation.

    Attributes:
        head: What it has beside its messages; None: not seen.
        tail: Its last messages, numbered without a gap; None: not seen.
        waiting: Behind them, those that are in the journal, by id.
        size: The characters of the tail.
        fresh: When the tail was read last, by the monotonic clock.
        gone: Whether it was deleted.
    """

    head: Conversation | None = None
    tail: list[Message] | None = None
    waiting: dict[UUID, Message] = field(default_factory=dict)
    size: int = 0
    fresh: float = 0.0
    gone: bool = False

    @property
    def seen(self) -> Conversation | None:
        """The conversation, with the messages that were numbered since."""
        return self.head and replace(self.head, last_sequence=max(self.end, self.head.last_sequence))

    @property
    def end(self) -> int:
        """The last number."""
        return self.tail[-1].sequence_number if self.tail else 0


class Talks:
    """By owner and id; what was used last stays longest. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._talks: OrderedDict[tuple[UUID, UUID], _Talk] = OrderedDict()
        self._size = 0

    def saw(self, owner: UUID, conversation: Conversation) -> None:
        """The database gave this conversation."""
        with self._lock:
            talk = self._at(owner, conversation.id)
            talk.head = conversation
            if not conversation.last_sequence and talk.tail is None:
                talk.tail = []

    def saw_tail(self, owner: UUID, id: UUID, messages: Sequence[Message]) -> None:
        """The database gave these as the last messages."""
        with self._lock:
            talk = self._at(owner, id)
            tail = talk.tail
            if not (tail and messages):
                self._keep(talk, list(messages))
                return
            place, known = messages[0].sequence_number - tail[0].sequence_number, len(tail)
            now = time.monotonic()
            if place >= 0 and messages[-1].sequence_number == talk.end and now - talk.fresh < _FRESH:
                return  # nothing new, but for what somebody else edited in this second
            talk.fresh = now
            if 0 <= place <= known <= place + len(messages):  # in its place: no more work than there are messages
                tail[place:known] = messages[: known - place]
                if known < place + len(messages):
                    self._grow(talk, messages[known - place :])
            elif messages[-1].sequence_number > talk.end:
                self._keep(talk, list(messages))

    def appended(self, owner: UUID, id: UUID, messages: Sequence[Message]) -> None:
        """The database took these."""
        with self._lock:
            talk = self._at(owner, id)
            first = messages[0].sequence_number
            if talk.tail is not None and first == talk.end + 1:
                self._grow(talk, messages)
            elif first > talk.end:  # somebody else wrote in between
                self._keep(talk, list(messages))

    def changed(self, owner: UUID, id: UUID, message: Message) -> None:
        """The database changed this message."""
        with self._lock:
            talk = self._talks.get((owner, id))
            if talk is not None and talk.tail:
                self._keep(talk, [message if m.id == message.id else m for m in talk.tail])

    def deleted(self, owner: UUID, id: UUID) -> None:
        """The database deleted the conversation."""
        with self._lock:
            talk = self._talks.pop((owner, id), None)
            self._size -= talk.size if talk else 0

    def take(self, entry: Entry) -> None:
        """The journal took this."""
        with self._lock:
            talk = self._at(entry.owner, entry.subject)  # type: ignore[arg-type] # a conversation's
            if entry.kind == "create":
                if talk.head is None or talk.gone:
                    talk.head, talk.tail = results.conversation(entry), []
                talk.gone = False
            elif entry.kind == "append":
                for message in results.messages(entry):
                    talk.waiting.setdefault(message.id, message)
            elif (number := entry.values["sequence_number"]) is None:
                self._keep(talk, [])
                talk.head, talk.waiting, talk.gone = None, {}, True
            else:
                old = talk.tail or []
                self._keep(talk, [results.tombstone(m, entry.at) if m.sequence_number == number else m for m in old])

    def settle(self, entry: Entry, number: int | None) -> None:
        """The database took this from the journal; an append's messages are numbered from `number` on."""
        with self._lock:
            talk = self._talks.get((entry.owner, entry.subject))  # type: ignore[arg-type] # a conversation's
            if talk is None or entry.kind != "append":
                return
            settled = [m for new in entry.values["messages"] if (m := talk.waiting.pop(UUID(new["id"]), None))]
            if number is None or not settled:
                return
            numbered = [message._replace(sequence_number=number + place) for place, message in enumerate(settled)]
            if talk.tail is None or number != talk.end + 1:
                self._keep(talk, numbered)
            else:
                self._grow(talk, numbered)

    def come_in(self) -> None:
        """All of the journal has come in; what another process brought in has numbers that are not known here."""
        with self._lock:
            for talk in self._talks.values():
                if talk.waiting:
                    self._keep(talk, [])
                    talk.tail, talk.waiting = None, {}

    def conversation(self, owner: UUID, id: UUID) -> Conversation | None:
        """The conversation; None: not seen here.

        Raises:
            NotFound: It was deleted.
        """
        with self._lock:
            talk = self._there(owner, id)
            return None if talk is None else talk.seen

    def knows(self, owner: UUID, id: UUID) -> bool:
        """Whether the conversation was seen here."""
        with self._lock:
            return (owner, id) in self._talks

    def conversations(self, owner: UUID) -> list[Conversation]:
        """Those of this owner that were seen here, the newest activity first."""
        with self._lock:
            mine = [seen for (whose, _), talk in self._talks.items() if whose == owner and (seen := talk.seen)]
        return sorted(mine, key=lambda talk: (talk.activity_at, talk.id), reverse=True)

    def waiting(self, owner: UUID, id: UUID) -> list[Message]:
        """Those of its messages that are in the journal."""
        talk = self._talks.get((owner, id))
        if talk is None or not talk.waiting:
            return []
        with self._lock:
            return list(talk.waiting.values())

    def messages(self, owner: UUID, id: UUID, *, partly: bool = True) -> list[Message] | None:
        """Its last messages, and behind them those in the journal; None: not seen here.

        Args:
            owner: Whose.
            id: The conversation's.
            partly: Whether those in the journal will do, where none of the others was seen.

        Raises:
            NotFound: It was deleted.
        """
        with self._lock:
            talk = self._there(owner, id)
            if talk is None or (talk.tail is None and not (partly and talk.waiting)):
                return None
            return [*(talk.tail or ()), *talk.waiting.values()]

    def repeated(self, entry: Entry) -> list[Message] | None:
        """The messages of this append, when they are here already: it is a retry; None otherwise.

        Raises:
            Conflict: One of them is here with other content. NotFound: The conversation was deleted.
        """
        here = {m.id: m for m in self.messages(entry.owner, UUID(entry.values["conversation"])) or ()}
        new = results.messages(entry)
        found = [(message, here[message.id]) for message in new if message.id in here]
        for wanted, old in found:
            plain = old.edited_at is None and old.deleted_at is None
            if plain and (old.role, old.content, old.metadata or {}) != (
                wanted.role, wanted.content, wanted.metadata or {}
            ):  # fmt: skip
                raise Conflict(
                    f"message {wanted.id} is there already with other content",
                    safe="nothing of this call was stored",
                    remedy="send new content under a new id",
                )
        return [old for _, old in found] if len(found) == len(new) else None

    def _there(self, owner: UUID, id: UUID) -> _Talk | None:
        talk = self._talks.get((owner, id))
        if talk is not None and talk.gone:
            raise NotFound(f"there is no conversation {id}")
        return talk

    def _at(self, owner: UUID, id: UUID) -> _Talk:
        place = owner, id
        talk = self._talks.get(place)
        if talk is None:
            talk = self._talks[place] = _Talk()
            if len(self._talks) > _MOST_TALKS:
                self._drop_oldest()
        else:
            self._talks.move_to_end(place)
        return talk

    def _keep(self, talk: _Talk, tail: list[Message]) -> None:
        self._size -= talk.size
        talk.tail, talk.size, talk.gone = [], 0, False
        self._grow(talk, tail)

    def _grow(self, talk: _Talk, messages: Sequence[Message]) -> None:
        tail = talk.tail = [] if talk.tail is None else talk.tail
        tail.extend(messages)
        more = sum([len(message.content) for message in messages])
        if len(tail) > 2 * _MOST_MESSAGES:
            del tail[:-_MOST_MESSAGES]
            more = sum([len(message.content) for message in tail]) - talk.size
        talk.size += more
        self._size += more
        while self._size > _MOST_CHARACTERS and len(self._talks) > 1:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        self._size -= self._talks.popitem(last=False)[1].size
