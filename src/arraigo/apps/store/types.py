"""What the store's endpoints take and answer. The store itself checks sizes; here stand the shapes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from arraigo.store.types import Kind, Role, Status
from arraigo.store.types import Stored as Where

MAX_PAGE = 200
MAX_MESSAGES = 1_000
MAX_BIGINT = 2**63 - 1

JSONObject = dict[str, Any]


class Strict(BaseModel):
    """Takes no fields that it does not know."""

    model_config = ConfigDict(extra="forbid")


class NewConversation(Strict):
    """A conversation to make."""

    title: str = Field(max_length=500)
    kind: Kind = "chat"
    project_id: UUID | None = None
    language: str | None = Field(None, min_length=2, max_length=35, description="BCP 47, such as es-CO")
    settings: JSONObject | None = None
    metadata: JSONObject | None = None
    external_id: str | None = Field(
        None, min_length=1, max_length=255, description="what you call it; unique among your conversations"
    )


class ConversationChanges(Strict):
    """What is to be different; what is not given stays as it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    # Factories, since these defaults are never used and shall not stand in the description either.
    title: str = Field(default_factory=str, max_length=500)
    status: Status = Field(default_factory=lambda: "active")
    project_id: UUID | None = Field(default_factory=lambda: None)
    language: str | None = Field(default_factory=lambda: None, min_length=2, max_length=35)
    settings: JSONObject = Field(default_factory=dict)
    metadata: JSONObject = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> "ConversationChanges":
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed: give any of its fields")
        return self


class NewMessage(Strict):
    """A message to append. With an id of your own it can be sent again, and is stored once."""

    role: Role
    content: str = Field(description="at most 999,999 bytes of UTF-8")
    id: UUID | None = None
    metadata: JSONObject | None = None


class NewMessages(Strict):
    """Messages that are stored together, in this order, or not at all."""

    messages: list[NewMessage] = Field(min_length=1, max_length=MAX_MESSAGES)


def _one_or_many(body: Any) -> str:
    many = "messages" in body if isinstance(body, dict) else isinstance(body, NewMessages)
    return "many" if many else "one"


OneOrMany = Annotated[
    Annotated[NewMessage, Tag("one")] | Annotated[NewMessages, Tag("many")], Discriminator(_one_or_many)
]


class MessageChanges(Strict):
    """What the message is to say."""

    content: str = Field(description="at most 999,999 bytes of UTF-8")
    metadata: JSONObject | None = Field(None, description="stays as it is when not given")


class Listing(Strict):
    """How to list conversations."""

    status: Status | None = None
    kind: Kind | None = None
    limit: int = Field(50, ge=1, le=MAX_PAGE)
    cursor: str | None = Field(None, max_length=100, description="`next` of the page before")
    total: bool = Field(False, description="count them all, too")


class Reading(Strict):
    """Which messages to read: the last ones, those behind a number, or those before one."""

    last: int | None = Field(None, ge=1, le=MAX_MESSAGES, description="the last so many; 50 if nothing else is asked")
    after: int | None = Field(None, ge=0, le=MAX_BIGINT, description="those behind this sequence_number")
    before: int | None = Field(None, ge=1, le=MAX_BIGINT, description="those just before this sequence_number")
    limit: int | None = Field(None, ge=1, le=MAX_MESSAGES, description="at most so many, with after or before; 50")

    @model_validator(mode="after")
    def _one_way(self) -> "Reading":
        if sum(way is not None for way in (self.last, self.after, self.before)) > 1:
            raise ValueError("give one of last, after and before")
        if self.limit is not None and self.after is None and self.before is None:
            raise ValueError("limit goes with after or before; use last alone")
        return self


class MessageOut(BaseModel):
    """A message. A deleted one keeps its number, and its content is empty."""

    id: UUID
    sequence_number: int | None = Field(description="null while the message is in the journal")
    role: Role
    content: str
    metadata: JSONObject
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class ConversationOut(BaseModel):
    """A conversation; conversation_id is what an older client called it: its external id, or else its id."""

    id: UUID
    conversation_id: str
    project_id: UUID | None
    kind: Kind
    title: str
    status: Status
    language: str | None
    settings: JSONObject
    metadata: JSONObject
    external_id: str | None
    last_sequence: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    stored: Where


class WholeConversation(ConversationOut):
    """A conversation with its last 1,000 messages."""

    messages: list[MessageOut]
    cursor: int | None = Field(description="`before` for reading older messages; null where these are all")


class Stored(BaseModel):
    """What was appended, and where it is now: the database, or the journal while that is away."""

    stored: Where
    messages: list[MessageOut]


class MessageList(BaseModel):
    """Messages, ascending."""

    messages: list[MessageOut]


class ConversationList(BaseModel):
    """Conversations, the newest activity first."""

    conversations: list[ConversationOut]
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")
    total: int | None = Field(None, description="how many there are, where total=true asked for it")
