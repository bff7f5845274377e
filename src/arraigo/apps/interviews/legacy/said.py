"""What a session says: its own fields, and those of its messages.

A session has `session_id` and `conversation_history`, a list of messages with `role`, `content` and perhaps
`timestamp`; it may have `language`, `technical_level`, `employee_id`, `status` or `is_complete`, `started_at` and
`completed_at`. Whatever else it and its messages have is kept as it is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.apps.interviews.legacy.words import LANGUAGES, LEVELS, ROLES, STATUSES, Id
from arraigo.move.records import moments
from arraigo.move.records.fields import Field, part, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Moment, Text
from arraigo.move.records.shape import Row

HISTORY = "conversation_history"
NAME = "session_id"
COMPLETE = "is_complete"
ORDER = (
    *(NAME, HISTORY, "language", "technical_level", "employee_id"),
    *("status", COMPLETE, "started_at", "completed_at"),
)
_DATE = Moment(form="2025-01-01T00:00:00.000Z")  # as a browser's toISOString() writes it
FIELDS = (
    Field("language", "language", LANGUAGES, empty="es"),
    Field("technical_level", "technical_level", LEVELS, empty="intermediate"),
    Field("employee_id", "employee_id", Id()),
    Field("status", "status", STATUSES),
    Field("started_at", "started_at", _DATE),
    Field("completed_at", "completed_at", _DATE, empty=None),
)
_MOST_NAME = 255
_NOTES = {
    "language": "sessions without a language were taken as Spanish",
    "technical_level": "sessions without a technical level were taken as intermediate",
}
_UNDATED = "sessions without a date were given their file's"


def name_of(session: Mapping[str, Json], otherwise: str = "") -> str:
    """Its `session_id`, or what it is called where it stands.

    Raises:
        Unfit: It has none that can be kept.
    """
    name = session.get(NAME)
    if name is None:
        name = otherwise
    if not isinstance(name, str):
        raise Unfit(f"{NAME!r} is {kind_of(name)}, not a text")
    if not name:
        raise Unfit(f"has no {NAME!r}")
    if len(name) > _MOST_NAME:
        raise Unfit(f"{NAME!r} has {len(name)} characters, not 1 to {_MOST_NAME}")
    return name


def message_fields(session: Mapping[str, Json]) -> tuple[Field, ...]:
    """What a message says; roles in the words of its session's legacy."""
    words = {cell: word for cell, word in part(session, "roles").items() if isinstance(word, str)}
    return (
        Field("role", "role", ROLES.as_written(words)),
        Field("content", "content", Text(bytes_below=1_000_000)),
        Field("timestamp", "created_at", _DATE),
    )


def take_session(
    session: Mapping[str, Json],
    history: Sequence[Json],
    called: str,
    empties: Mapping[str, Any],
    notes: Counter[str],
) -> tuple[dict[str, Any], dict[str, Json]]:
    """What the session says beside its messages: its cells, and the legacy that they cannot hold."""
    for name, sentence in _NOTES.items():
        if session.get(name) is None:
            notes[sentence] += 1
    follows = session.get(COMPLETE) is (empties["status"] == "completed")
    named = session.get(NAME) == called
    given = [*([NAME] if named else []), HISTORY, *([COMPLETE] if follows else [])]
    cells, legacy = take(FIELDS, session, empties=empties, given=given, order=ORDER, notes=notes)
    roles = ROLES.habits_in([one.get("role") for one in history if isinstance(one, dict)])
    habits: dict[str, Json] = {
        "unnamed": not named,
        "complete": follows,
        "roles": {**roles},
        "message": _house(history, cells["started_at"]),
    }
    return cells, legacy | {name: value for name, value in habits.items() if value}


def empties_of(
    session: Mapping[str, Json], history: Sequence[Json], employee: UUID | None, as_of: datetime, notes: Counter[str]
) -> dict[str, Any]:
    """What stands in for what it does not say: its beginning is its first date, its end the last one.

    Raises:
        Unfit: It is nobody's.
    """
    if employee is None and session.get("employee_id") is None:
        raise Unfit("names no employee: say whose it is, as localstorage:PATH?employee=UUID or in its 'employee_id'")
    dates = [found for one in history if isinstance(one, dict) and (found := _date(one.get("timestamp")))]
    started = _date(session.get("started_at")) or (dates[0] if dates else _date(session.get("completed_at")))
    if started is None:
        notes[_UNDATED] += 1
        started = as_of
    status = _status(session)
    ended = max([started, *dates]) if status == "completed" else None
    return {"employee_id": employee, "status": status, "started_at": started, "completed_at": ended}


def _status(session: Mapping[str, Json]) -> str:
    """What it says of itself, one way or another."""
    said = session.get("status")
    if said is not None:
        try:
            return f"{STATUSES.read(said)}"
        except Unfit:
            return ""  # and it is refused for that
    return "completed" if session.get(COMPLETE) is True or session.get("completed_at") is not None else "active"


def _date(value: Json) -> datetime | None:
    try:
        return None if value is None else moments.read(value)
    except Unfit:
        return None  # whoever takes the field refuses it


def _house(history: Sequence[Json], started_at: datetime) -> dict[str, Json]:
    """The first message's style, which the others follow unless they say otherwise."""
    first = history[0] if history else None
    if not isinstance(first, dict):
        return {}
    fields = message_fields({})
    try:
        _, legacy = take(fields, first, empties={"created_at": started_at}, notes=Counter())
    except Unfit:
        return {}
    return style(fields, legacy)


def take_messages(
    history: Sequence[Json], session: Mapping[str, Json], started_at: datetime, notes: Counter[str]
) -> list[Row]:
    """Numbered from 1; one without a date has that of the one before it."""
    fields, house = message_fields(session), part(session, "message")
    messages: list[Row] = []
    before = started_at
    for number, value in enumerate(history, 1):
        if not isinstance(value, dict):
            raise Unfit(f"message {number} is {kind_of(value)}, not an object")
        try:
            cells, legacy = take(fields, value, empties={"created_at": before}, house=house, notes=notes)
        except Unfit as error:
            raise Unfit(f"message {number}: {error.what}") from None
        before = cells["created_at"]
        messages.append({**cells, "sequence_number": number, "metadata": to_metadata(legacy)})
    return messages
