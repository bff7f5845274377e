"""What the endpoints of documents take and answer."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from arraigo.store.types import ProcessingStatus

MAX_PAGE = 200


class Listing(BaseModel):
    """Whose documents to list, and how many."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: str = Field(min_length=1, max_length=255, description="its id, or your external_id for it")
    limit: int = Field(50, ge=1, le=MAX_PAGE)
    cursor: str | None = Field(None, max_length=64, description="`next` of the page before")


class DocumentOut(BaseModel):
    """A document, without its bytes: `download_url` has them, until `download_expires_at`, for whoever has it."""

    id: UUID
    conversation_id: UUID
    filename: str
    content_type: str = Field(description="as its uploader called it, or guessed by its filename")
    file_size: int = Field(description="bytes")
    checksum: str = Field(description="SHA-256 of its bytes, in hexadecimal digits")
    processing_status: ProcessingStatus
    processing_error: str | None = Field(description="why it has failed; null otherwise")
    processed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    download_url: str
    download_expires_at: datetime


class WholeDocument(DocumentOut):
    """The same, with the text that was found in it."""

    extracted_content: str | None


class DocumentList(BaseModel):
    """Documents of one conversation, the oldest first."""

    documents: list[DocumentOut]
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")
