"""Pure: ADK's events as messages, and messages as events."""

import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from google.adk.events.event import Event
from google.genai import types

from arraigo.integrations.cleaning import beginning, storable
from arraigo.store.types import Message, Role


def message_id(event_id: str) -> UUID:
    """The message's id: the event's, where that is a UUID, or else one that follows from it."""
    try:
        found = UUID(event_id)
    except ValueError:
        found = None
    return found if found is not None and str(found) == event_id else uuid5(NAMESPACE_URL, f"adk:{event_id!r}")


def kept(event: Event) -> dict[str, Any]:
    """The event, word for word, as a message's metadata."""
    return {"adk": storable(event.model_dump(exclude_none=True, mode="json"))}


def said(event: Event) -> tuple[Role, str]:
    """Who says what in an event, for people, for search and for any other reader of the conversation."""
    parts = (event.content.parts if event.content else None) or []
    lines = [line for part in parts if not part.thought and (line := _line(part))]
    content = beginning(storable("\n".join(lines) or event.error_message or ""))
    if event.author == "user":
        return "user", content
    if any(part.function_response for part in parts):
        return "tool", content
    return "assistant" if parts or content else "system", content


def _line(part: types.Part) -> str:
    if part.function_call:
        return f"{part.function_call.name}({_json(part.function_call.args)})"
    if part.function_response:
        return f"{part.function_response.name}: {_json(part.function_response.response)}"
    file = part.file_data or part.inline_data
    if file:
        return f"[{file.display_name or file.mime_type or 'file'}]"
    code = part.executable_code.code if part.executable_code else None
    output = part.code_execution_result.output if part.code_execution_result else None
    return part.text or code or output or ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def event_of(message: Message, app: str) -> Event:
    """The event that a message keeps; what was said there by another program becomes one too."""
    if message.metadata and "adk" in message.metadata:
        return Event.model_validate(message.metadata["adk"])
    user = message.role == "user"
    return Event(
        id=str(message.id),
        author="user" if user else app,
        timestamp=message.created_at.timestamp(),
        content=types.Content(role="user" if user else "model", parts=[types.Part(text=message.content)]),
    )
