"""What `GET /search` takes and answers."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from arraigo.retrieve.query import MAX_QUERY, MAX_WORDS
from arraigo.retrieve.searching import MAX_CONTEXT, MAX_HITS
from arraigo.store.types import Kind, Role


class Searching(BaseModel):
    """What to look for, and where."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        min_length=1,
        max_length=MAX_QUERY,
        description=f'at most {MAX_WORDS} words; "words in a row", -not, or',
        examples=["dirección"],
    )
    conversation_id: str | None = Field(
        None, min_length=1, max_length=255, description="only in this one: its id, or your external_id for it"
    )
    kind: Kind | None = Field(None, description="only in conversations of this kind")
    role: Role | None = Field(None, description="only what this role said; no titles then")
    since: AwareDatetime | None = Field(None, alias="from", description="only what was made then or later")
    until: AwareDatetime | None = Field(None, alias="to", description="only what was made before")
    context: int = Field(0, ge=0, le=MAX_CONTEXT, description="how many messages before and after each hit to give")
    limit: int = Field(20, ge=1, le=MAX_HITS)
    cursor: str | None = Field(None, max_length=100, description="`next` of the page before")


class PieceOut(BaseModel):
    """A part of a snippet, as it was written: show it as text."""

    text: str
    hit: bool = Field(description="whether it is what was looked for")


class NeighbourOut(BaseModel):
    """The beginning of a message beside a hit, at most 500 characters."""

    sequence_number: int
    role: Role
    created_at: datetime
    text: str


class HitOut(BaseModel):
    """A message, or a conversation's title, which has no number, id and role."""

    conversation_id: UUID
    title: str
    external_id: str | None
    kind: Kind
    sequence_number: int | None
    message_id: UUID | None
    role: Role | None
    created_at: datetime
    rank: float = Field(description="how well it fits; to compare within one search only")
    snippet: list[PieceOut]
    before: list[NeighbourOut]
    after: list[NeighbourOut]


class FoundOut(BaseModel):
    """Hits, the best first."""

    hits: list[HitOut]
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")
    similar: bool = Field(description="nothing says it as it was asked: these have words spelled nearly so")
    note: str | None = Field(description="why there is nothing, where that lies in the query")
