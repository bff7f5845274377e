"""One session as rows, whichever way it comes: out of a file that is moved, or in a request to migrate it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from arraigo.apps.interviews.interview import Language, Level, Said
from arraigo.apps.interviews.legacy.said import HISTORY, empties_of, name_of, take_messages, take_session
from arraigo.ids import derived
from arraigo.move.records.fields import to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of, parse
from arraigo.move.records.shape import Person, Row, Rows

if TYPE_CHECKING:
    from pydantic import BaseModel

    from arraigo.apps.interviews.interviewer.types import Plan, Situation

PROVIDER = "employee"
_MOST_READ = 200  # messages; an interview has at most some fifty, and reading costs half a millisecond each
_TITLES = {"es": "Entrevista", "en": "Interview", "pt": "Entrevista"}


def rows(
    session: Json,
    *,
    id_key: bytes,
    as_of: datetime,
    employee: UUID | None = None,
    owner: UUID | None = None,
    name: str = "",
    plan: "Plan | None" = None,
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
        plan: What it would have been about here; None: the shipped topics.
        notes: Counts, by a sentence each, what had to be decided.

    Raises:
        Unfit: It cannot be taken, and why.
    """
    counted = Counter[str]() if notes is None else notes
    if not isinstance(session, dict):
        way_out = ": save that list as a file of its own, and move that" if isinstance(session, list) else ""
        raise Unfit(f"is {kind_of(session)}, not an object{way_out}")
    called = name_of(session, name)
    history = session.get(HISTORY)
    if not isinstance(history, list):
        raise Unfit(f"{HISTORY!r} is {kind_of(history)}, not a list" if HISTORY in session else f"has no {HISTORY!r}")
    cells, legacy = take_session(
        session, history, called, empties_of(session, history, employee, as_of, counted), counted
    )
    identity = derived(id_key, "interview", str(cells["employee_id"]), called)
    whose = owner or Person(PROVIDER, str(cells["employee_id"]))
    messages = [
        message
        | {
            "id": derived(id_key, "message", str(identity), str(message["sequence_number"])),
            "conversation_id": identity,
            "owner_id": whose,
        }
        for message in take_messages(history, legacy, cells["started_at"], counted)
    ]
    talk = _conversation(identity, whose, cells, legacy, messages)
    return {
        "conversations": [talk],
        "interviews": [_interview(talk, called, cells, messages, plan)],
        "messages": messages,
    }


def _conversation(
    identity: UUID, owner: UUID | Person, cells: Mapping[str, Any], legacy: Mapping[str, Json], messages: Sequence[Row]
) -> Row:
    dates = [cells["started_at"], cells["completed_at"], *(one["created_at"] for one in messages)]
    last = max(date for date in dates if date is not None)
    return {
        "id": identity,
        "owner_id": owner,
        "kind": "interview",
        "title": _TITLES[cells["language"]],
        "status": cells["status"],
        "language": cells["language"],
        "metadata": to_metadata(legacy) or {},
        "last_sequence": len(messages),
        "created_at": cells["started_at"],
        "updated_at": last,
        "activity_at": last.replace(second=0, microsecond=0),
        "completed_at": cells["completed_at"],
    }


def _interview(talk: Row, called: str, cells: Mapping[str, Any], messages: Sequence[Row], plan: "Plan | None") -> Row:
    situation, pending = _standing(messages, cells["language"], cells["technical_level"], plan or _shipped())
    over = talk["status"] == "completed"
    return {
        "conversation_id": talk["id"],
        "owner_id": talk["owner_id"],
        "employee_id": cells["employee_id"],
        "language": cells["language"],
        "technical_level": cells["technical_level"],
        "session_id": called,
        "started_at": cells["started_at"],
        "turn": 0,
        "pending": None if over else pending,
        "state": _json(situation.state),
        "summary": _summary(situation) if over else None,
    }


def _standing(
    messages: Sequence[Row], language: Language, level: Level, plan: "Plan"
) -> "tuple[Situation, int | None]":
    """Where the interviewer takes it up, and the number of the question that waits."""
    from arraigo.apps.interviews.interviewer import history  # noqa: PLC0415 - as in _shipped
    from arraigo.apps.interviews.interviewer.types import Situation  # noqa: PLC0415 - as in _shipped

    said = [
        Said(one["id"], one["sequence_number"], one["role"], one["content"], one["created_at"])
        for one in messages[-_MOST_READ:]
    ]
    state, pending = history.resume(plan, language, said)
    return Situation(plan, state, language, level, said), pending


def _summary(situation: "Situation") -> Json:
    """What it came to, as far as that can be told without a model; None: nobody answered."""
    from arraigo.apps.interviews.interviewer import rules, summary  # noqa: PLC0415 - as in _shipped

    if not any(said.role == "user" for said in situation.messages):
        return None
    ended = rules.cut(situation.plan, situation.state)
    return _json(summary.write(replace(situation, state=ended)))


def _json(value: "BaseModel") -> Json:
    return parse(value.model_dump_json().encode())


@cache
def _shipped() -> "Plan":
    # Every move loads every shape, and all but this one have no use for an interviewer.
    from arraigo.apps.interviews.interviewer import topics  # noqa: PLC0415

    return topics.load()
