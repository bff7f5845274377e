"""What the endpoints of interviews take and answer; the names are those that seed 1's clients know."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from arraigo.apps.interviews.interview import Language, Level, Role, Status
from arraigo.apps.interviews.service import MAX_ANSWER

MAX_PAGE = 100
MOST_PAGES = 100_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:.*")
Format = Literal["json", "markdown", "csv", "docx"]


class Lenient(BaseModel):
    """Ignores what it does not know: older front ends send more than is wanted."""

    model_config = ConfigDict(extra="ignore")


def _without_region(given: Any) -> Any:
    """es-CO is Spanish."""
    return re.split("[-_]", given, maxsplit=1)[0].lower() if isinstance(given, str) else given


class Start(Lenient):
    """An interview to begin."""

    language: Annotated[Language, BeforeValidator(_without_region)] = "es"
    technical_level: Level = "intermediate"
    employee_id: UUID | None = Field(None, description="the token's own; another one's is a 403")


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty: say something, if only that you do not know")
    return text


class Continue(Lenient):
    """An answer. With a message_id of the client's own it can be sent again at any time, and is taken once."""

    interview_id: UUID
    user_response: Annotated[str, AfterValidator(_something)] = Field(min_length=1, max_length=MAX_ANSWER)
    message_id: str | None = Field(None, min_length=1, max_length=255)


class StatusChange(BaseModel):
    """The one thing of an interview that its employee changes."""

    model_config = ConfigDict(extra="forbid")

    status: Status


class Export(Lenient):
    """Which interview to export, and as what."""

    interview_id: UUID
    format: Format = "json"


class Migrate(BaseModel):
    """A session as a browser kept it; what else it and its messages have is kept with them.

    `status` (or `is_complete`), `technical_level`, `started_at` and `completed_at` count where they are given.
    """

    model_config = ConfigDict(extra="allow")

    session_id: str = Field(min_length=1, max_length=255, description="what the browser calls it")
    conversation_history: list[dict[str, Any]] = Field(description="messages: role, content, and perhaps timestamp")
    language: str | None = Field(None, description="es, en or pt, or one of their regions; es when not given")


def _day_or_moment(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    with suppress(ValueError):
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
        if _MOMENT.fullmatch(given):
            return datetime.fromisoformat(given)
    raise ValueError("is no date: write it as 2026-03-02 or 2026-03-02T14:05:00Z")


DayOrMoment = Annotated[datetime | date, BeforeValidator(_day_or_moment)]


class Listing(BaseModel):
    """Which interviews to list."""

    model_config = ConfigDict(extra="forbid")  # a filter that is misspelt would list everything

    status: Status | None = None
    language: Language | None = None
    start_date: DayOrMoment | None = Field(None, description="begun then or later; without a zone, UTC")
    end_date: DayOrMoment | None = Field(None, description="begun until then; of a date, all of it")
    employee_id: UUID | None = Field(None, description="the token's own; another one's is a 403")
    page: int = Field(1, ge=1, le=MOST_PAGES)
    page_size: int = Field(20, ge=1, le=MAX_PAGE)

    def start(self) -> datetime | None:
        """The first moment that counts."""
        return None if self.start_date is None else _moment(self.start_date)

    def end(self) -> datetime | None:
        """The first moment that does not count any more."""
        if self.end_date is None:
            return None
        whole_day = not isinstance(self.end_date, datetime)
        try:
            return _moment(self.end_date) + (timedelta(days=1) if whole_day else timedelta(microseconds=1))
        except OverflowError:
            return None


def _moment(given: date) -> datetime:
    moment = given if isinstance(given, datetime) else datetime.combine(given, time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class MessageOut(BaseModel):
    """One message."""

    id_message: UUID
    role: Role
    content: str
    sequence_number: int
    created_at: datetime


class Question(BaseModel):
    """A question that waits for its answer."""

    content: str
    sequence_number: int


class Progress(BaseModel):
    """How far an interview is."""

    questions: int
    topics_done: int
    topics: int


class InterviewOut(BaseModel):
    """An interview without its messages."""

    id_interview: UUID
    interview_id: UUID = Field(description="the same")
    employee_id: UUID
    session_id: str | None
    language: Language
    technical_level: Level
    status: Status
    started_at: datetime
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    total_messages: int


class WholeInterview(InterviewOut):
    """An interview with everything that was said."""

    pending_question: Question | None
    progress: Progress
    summary: dict[str, Any] | None
    messages: list[MessageOut]


class Asked(BaseModel):
    """What the interviewer says next.

    `is_final`: these are the closing words, and `summary` is there.
    """

    interview_id: UUID
    question: str
    sequence_number: int = Field(description="the question's number")
    is_final: bool
    repeated: bool = Field(description="whether this was answered before: the same answer came again")
    status: Status
    language: Language
    technical_level: Level
    progress: Progress
    summary: dict[str, Any] | None
