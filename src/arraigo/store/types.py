"""What the store keeps, as values: frozen, typed, and free of I/O.

`Message` is a named tuple: fifty of them are made in a quarter of the time that fifty frozen dataclasses take, and a
read is mostly that (docs/decisions/0007).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

Kind = Literal["chat", "test_plan", "interview", "messaging"]
Status = Literal["active", "completed", "archived", "cancelled"]
ProcessingStatus = Literal["pending", "processed", "failed"]
Role = Literal["user", "assistant", "system", "tool"]
Stored = Literal["database", "journal"]
T = TypeVar("T")


@dataclass(frozen=True)
class User:
    """Somebody with an identity; `is_active` is False for those who may not sign in any more."""

    id: UUID
    is_active: bool


@dataclass(frozen=True)
class Conversation:
    """One conversation of one owner; its messages are numbered 1 to `last_sequence`.

    Attributes:
        stored: Where it is: the database, or the local journal while the database is away.
    """

    id: UUID
    owner_id: UUID
    project_id: UUID | None
    kind: Kind
    title: str
    status: Status
    language: str | None
    settings: dict[str, Any]
    metadata: dict[str, Any]
    external_id: str | None
    last_sequence: int
    created_at: datetime
    updated_at: datetime
    activity_at: datetime
    completed_at: datetime | None
    stored: Stored = "database"


class Message(NamedTuple):
    """One message; a deleted one keeps its number and has no content.

    While it is in the local journal, its number is 0: the database gives it one when it is back.
    """

    id: UUID
    sequence_number: int
    role: Role
    content: str
    metadata: dict[str, Any] | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None

    @property
    def stored(self) -> Stored:
        """Where it is."""
        return "database" if self.sequence_number else "journal"

    def __repr__(self) -> str:
        """Without what it says, which shall not get into a log."""
        return (
            f"Message(sequence_number={self.sequence_number}, id={self.id}, role={self.role!r}, stored={self.stored!r})"
        )


class NewMessage(NamedTuple):
    """A message to append; with an `id` of your own, sending it again stores it once."""

    role: Role
    content: str
    id: UUID | None = None
    metadata: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Without what it says."""
        return f"NewMessage(role={self.role!r}, id={self.id})"


class Revision(NamedTuple):
    """What a message said before an edit; `revision` counts from 1."""

    revision: int
    content: str
    metadata: dict[str, Any] | None
    replaced_at: datetime


@dataclass(frozen=True)
class Project:
    """What conversations may belong to."""

    id: UUID
    name: str
    description: str | None
    context: str | None
    is_active: bool
    case_fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Entry:
    """One value of somebody's state; `version` grows with every change, also across a deletion.

    A change that is in the local journal has version 0, and `stored` says so.
    """

    namespace: str
    key: str
    value: Any = field(repr=False)  # which shall not get into a log
    version: int
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    stored: Stored = "database"


@dataclass(frozen=True)
class Document:
    """A file beside a conversation, without its bytes.

    Attributes:
        file_size: Bytes.
        checksum: SHA-256 of its bytes, in hexadecimal digits.
        processing_error: Why it could not be processed; None unless it has failed.
        extracted_content: What was found in it; a listing leaves it out.
    """

    id: UUID
    conversation_id: UUID
    owner_id: UUID
    filename: str = field(repr=False)  # which shall not get into a log
    storage_key: str
    file_size: int
    content_type: str
    checksum: str
    processing_status: ProcessingStatus
    processing_error: str | None
    extracted_content: str | None = field(repr=False)  # the same
    processed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Link:
    """A way to a document for whoever has it, until then; its path is for behind a server's address."""

    path: str = field(repr=False)  # which shall not get into a log
    expires_at: datetime


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a listing; `next` is the cursor of the part behind it, None at the end."""

    items: list[T] = field(default_factory=list)
    next: str | None = None
