"""One session as rows, whichever way it comes: out of a file that is moved, or in a request to migrate it.

A session says `session_id` and `conversation_history`, a list of messages with `role`, `content` and perhaps
`timestamp`; it may say `language`, `technical_level`, `employee_id`, `status` or `is_complete`, `started_at` and
`completed_at`. Whatever else it and its messages have is kept as it is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.apps.interviews.legacy.words import LANGUAGES, LEVELS, ROLES, STATUSES, Id
from arraigo.ids import derived
from arraigo.move.records import moments
from arraigo.move.records.fields import Field, part, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Moment, Text
from arraigo.move.records.shape import Person, Row, Rows

PROVIDER = "employee"
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
    Field("technical_level", "technical_level", LEVELS, empty="basic"),
    Field("employee_id", "employee_id", Id()),
    Field("status", "status", STATUSES),
    Field("started_at", "started_at", _DATE),
    Field("completed_at", "completed_at", _DATE, empty=None),
)
_MOST_NAME = 255
_TITLES = {"es": "Entrevista del", "en": "Interview of", "pt": "Entrevista de"}
_NOTES = {
    "language": "sessions without a language were taken as Spanish",
    "technical_level": "sessions without a technical level were taken as basic",
}
_UNDATED = "sessions without a date were given their file's"


def rows(
    session: Json,
    *,
    id_key: bytes,
    as_of: datetime,
    employee: UUID | None = None,
    owner: UUID | None = None,
    name: str = "",
    notes: Counter[str] | None = None,
) -> Rows:
    """The rows of one session: of conversations, interviews and messages.

    Args:
        session: What the browser kept.
        id_key: The installation's key for derived ids.
        as_of: The date of what has none.
        employee: Whose it is, where it does not say so itself.
        owner: The user who has that employee's identity; None: whoever has it when the rows are written.
        name: What it is called where it stands; counts where it has no `session_id`.
        notes: Counts, by a sentence each, what had to be decided.

    Raises:
        Unfit: It cannot be taken, and why.
    """
    counted = Counter[str]() if notes is None else notes
    if not isinstance(session, dict):
        raise Unfit(f"is {kind_of(session)}, not an object")
    called = name_of(session, name)
    history = session.get(HISTORY)
    if not isinstance(history, list):
        raise Unfit(f"{HISTORY!r} is {kind_of(history)}, not a list" if HISTORY in session else f"has no {HISTORY!r}")
    cells, legacy = _take(session, history, called, _empties(session, history, employee, as_of, counted), counted)
    identity = derived(id_key, "interview", str(cells["employee_id"]), called)
    whose = owner or Person(PROVIDER, str(cells["employee_id"]))
    messages = [
        message
        | {
            "id": derived(id_key, "message", str(identity), str(message["sequence_number"])),
            "conversation_id": identity,
            "owner_id": whose,
        }
        for message in _messages(history, legacy, cells["started_at"], counted)
    ]
    talk = _conversation(identity, whose, cells, legacy, messages)
    return {"conversations": [talk], "interviews": [_interview(talk, called, cells, messages)], "messages": messages}


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


def _take(
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


def _empties(
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


def _messages(
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


def _conversation(
    identity: UUID, owner: UUID | Person, cells: Mapping[str, Any], legacy: Mapping[str, Json], messages: Sequence[Row]
) -> Row:
    dates = [cells["started_at"], cells["completed_at"], *(one["created_at"] for one in messages)]
    last = max(date for date in dates if date is not None)
    return {
        "id": identity,
        "owner_id": owner,
        "kind": "interview",
        "title": f"{_TITLES[cells['language']]} {cells['started_at']:%Y-%m-%d}",
        "status": cells["status"],
        "language": cells["language"],
        "metadata": to_metadata(legacy) or {},
        "last_sequence": len(messages),
        "created_at": cells["started_at"],
        "updated_at": last,
        "activity_at": last.replace(second=0, microsecond=0),
        "completed_at": cells["completed_at"],
    }


def _interview(talk: Row, called: str, cells: Mapping[str, Any], messages: Sequence[Row]) -> Row:
    pending = len(messages) if messages and messages[-1]["role"] == "assistant" else None
    return {
        "conversation_id": talk["id"],
        "owner_id": talk["owner_id"],
        "employee_id": cells["employee_id"],
        "language": cells["language"],
        "technical_level": cells["technical_level"],
        "session_id": called,
        "started_at": cells["started_at"],
        "pending": pending if talk["status"] == "active" else None,
        "state": {},
    }
