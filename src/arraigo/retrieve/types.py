"""What a search gives, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from arraigo.store.types import Kind, Role


class Piece(NamedTuple):
    """A part of a snippet; `hit` is True for what was looked for. The text is as it was written: nothing is escaped."""

    text: str
    hit: bool


class Neighbour(NamedTuple):
    """A message right before or after a hit; `text` is its beginning, at most 500 characters."""

    sequence_number: int
    role: Role
    created_at: datetime
    text: str

    def __repr__(self) -> str:
        """Without what it says, which shall not get into a log."""
        return f"Neighbour(sequence_number={self.sequence_number}, role={self.role!r})"


@dataclass(frozen=True)
class Hit:
    """Something found: a message, or a conversation's title.

    Attributes:
        sequence_number: The message's; None, as its id and its role, when it is the title that says it.
        created_at: When the message, or the conversation, was made.
        rank: How well it fits; to compare within one search only.
        snippet: The part of the text where it is; None of its pieces is a hit where that stands behind the first
            100,000 characters.
        before, after: The messages around it, where they were asked for; ascending, without those deleted.
    """

    conversation_id: UUID
    title: str = field(repr=False)
    external_id: str | None
    kind: Kind
    sequence_number: int | None
    message_id: UUID | None
    role: Role | None
    created_at: datetime
    rank: float
    snippet: tuple[Piece, ...] = field(repr=False)
    before: tuple[Neighbour, ...] = ()
    after: tuple[Neighbour, ...] = ()

    @property
    def text(self) -> str:
        """The snippet without its marks."""
        return "".join(piece.text for piece in self.snippet)


@dataclass(frozen=True)
class Found:
    """A page of hits, the best first.

    Attributes:
        next: The cursor of the page behind it; None at the end.
        similar: Whether nothing says it as it was asked, and these have words that are spelled nearly so.
        note: Why there is nothing, where that is to be said: one sentence.
    """

    hits: list[Hit] = field(default_factory=list)
    next: str | None = None
    similar: bool = False
    note: str | None = None
