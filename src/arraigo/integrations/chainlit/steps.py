"""Pure: Chainlit's steps as messages, and messages as steps.

What a step says (`output`) is the message's content; the rest of the step stands word for word in its metadata. What is
too large for a message (`LARGE`, or 1 MB said) stands whole in a part beside it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from chainlit.step import StepDict

from arraigo.integrations.cleaning import beginning, storable
from arraigo.postgres.jsonb import dumps
from arraigo.store.types import Message, NewMessage, Role

LARGE = 60_000  # bytes of JSON; metadata of a message or a conversation has room for 65,536
_ROLES: dict[str, Role] = {"user_message": "user", "assistant_message": "assistant", "system_message": "system"}
_TYPES = {role: type_ for type_, role in _ROLES.items()} | {"tool": "tool"}
# What a step keeps when the whole of it stands beside the message.
_SUMMARY = ("id", "name", "type", "parentId", "createdAt", "start", "end", "isError")
_ELSEWHERE = {"output", "threadId", "feedback"}
Step = dict[str, Any]


class Kept(NamedTuple):
    """A step as a message, and whole where it is too large for one."""

    message: NewMessage
    whole: Step | None


def uuid_of(step_id: str) -> UUID:
    """The message's id: the step's, where that is a UUID, or else one that follows from it."""
    try:
        found = UUID(step_id)
    except ValueError:
        found = None
    return found if found is not None and str(found) == step_id else uuid5(NAMESPACE_URL, f"chainlit:{step_id!r}")


def clean(step: Mapping[str, Any]) -> Step:
    """The step as it is kept: storable, and without what is known from elsewhere."""
    return {name: value for name, value in storable(dict(step)).items() if name not in {"threadId", "feedback"}}


def is_bracket(step: Mapping[str, Any]) -> bool:
    """Whether a step only stands around others: a run says nothing itself, and is no message."""
    return step.get("type") == "run"


def kept(step: Step) -> Kept:
    """A clean step as a message."""
    output = step.get("output") or ""
    output = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, default=str)
    role: Role = _ROLES.get(step.get("type", ""), "tool")
    content = beginning(output)
    details = {name: value for name, value in step.items() if name not in _ELSEWHERE}
    whole = content != output or len(dumps(details).encode()) > LARGE
    if whole:
        details = {name: step[name] for name in _SUMMARY if name in step}
    message = NewMessage(role, content, uuid_of(str(step["id"])), {"chainlit": details})
    return Kept(message, step if whole else None)


def merged(old: Step, new: Step, *, first: bool) -> Step:
    """What becomes of a step: what the new one does not say stays.

    A `first` one that comes late, when the step has been updated already, takes away nothing that is there by an empty
    text (Chainlit issue 2789).
    """
    return old | {
        name: value
        for name, value in new.items()
        if name not in old or (value is not None and not (first and value == "" and old[name]))
    }


def step_of(message: Message, whole: Step | None = None) -> Step:
    """The step that a message keeps; what another program said in the thread becomes one too."""
    details = dict((message.metadata or {}).get("chainlit") or {})
    if whole is not None:
        edited = message.content != beginning(str(whole.get("output") or ""))
        return whole | ({"output": message.content} if edited else {})
    if not details:
        at = message.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        details = {
            "id": str(message.id),
            "name": message.role,
            "type": _TYPES[message.role],
            "parentId": None,
            "createdAt": at,
            "start": at,
            "end": at,
            "metadata": {},
        }
    return details | {"output": message.content}


def shown(step: Step, thread_id: str, feedback: Mapping[str, Any] | None) -> StepDict:
    """A step as Chainlit reads it in a thread."""
    whole = {"input": "", "streaming": False, **step, "threadId": thread_id, "feedback": feedback}
    return cast("StepDict", whole)


def moment(step: Step, otherwise: datetime) -> datetime:
    """When a step was made, by itself; by the store's clock where it does not say."""
    try:
        found = datetime.fromisoformat(str(step.get("createdAt")))
    except ValueError:
        return otherwise
    return found if found.tzinfo else found.replace(tzinfo=UTC)
