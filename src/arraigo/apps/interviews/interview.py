"""What an interview is, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Language = Literal["es", "en", "pt"]
Level = Literal["basic", "intermediate", "advanced"]
Status = Literal["in_progress", "completed", "cancelled"]
Role = Literal["user", "assistant", "system", "tool"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an interview.

    Attributes:
        id: Its id, unique in its interview.
        number: Its place, from 1.
        metadata: Of an assistant's: what the interviewer noted with it.
    """

    id: UUID
    number: int
    role: Role
    content: str = field(repr=False)  # which shall not get into a log
    created_at: datetime
    metadata: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview, without its messages.

    Attributes:
        employee_id: Whose it is.
        session_id: What the browser called it, where it came from there.
        turn: How many turns it took; changes with every one.
        pending: The number of the question that waits for its answer; None: there is none.
        state: The interviewer's own (`interviewer.types.State`, as JSON).
        summary: What came of it (`interviewer.types.Summary`, as JSON), once it is over.
        undelivered: The number of an answer whose client was gone before it got the next question.
        messages: The number of the last one; those that were deleted are counted.
    """

    id: UUID
    owner_id: UUID
    employee_id: UUID
    language: Language
    technical_level: Level
    status: Status
    session_id: str | None
    started_at: datetime
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    turn: int
    pending: int | None
    state: Mapping[str, Any] = field(repr=False)
    summary: Mapping[str, Any] | None = field(repr=False)
    undelivered: int | None
    messages: int


@dataclass(frozen=True, slots=True)
class Whole:
    """An interview with everything that was said in it, ascending."""

    interview: Interview
    messages: tuple[Said, ...] = field(repr=False)
