"""What the endpoints of state take and answer."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from arraigo.store.checks import MAX_TTL

MAX_PAGE = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewState(_Strict):
    """A value to keep: anything that JSON has, up to 256 KiB."""

    value: Any
    ttl_seconds: float | None = Field(
        None, gt=0, le=MAX_TTL, strict=True, description="for how long; for good when not given"
    )


class Listing(_Strict):
    """How to list a namespace."""

    prefix: str = Field("", max_length=255, description="keys that begin so")
    limit: int = Field(50, ge=1, le=MAX_PAGE)
    cursor: str | None = Field(None, max_length=1360, description="`next` of the page before")


class StateOut(BaseModel):
    """A value, and when it will be gone; null: never."""

    value: Any
    expires_at: datetime | None


class StateEntry(StateOut):
    """A value with its key. Its ETag is the version in quotes."""

    key: str
    version: int
    updated_at: datetime


class StateList(BaseModel):
    """Values by key, in the order of code points."""

    entries: list[StateEntry]
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")
