"""Pure: the messages of pydantic-ai as items, and back."""

import json
from collections.abc import Sequence
from typing import Any

from arraigo.errors import InvalidInput
from arraigo.integrations import missing
from arraigo.integrations.items import Found, Item
from arraigo.store.types import Role

try:
    from pydantic_ai.messages import (
        ModelMessage,
        ModelMessagesTypeAdapter,
        ModelRequest,
        ModelResponse,
        SystemPromptPart,
        TextPart,
        UserPromptPart,
    )
    from pydantic_core import PydanticSerializationError
except ModuleNotFoundError as error:
    raise missing(error, "pydantic-ai") from error

__all__ = ["INTEGRATION", "ModelMessage", "from_found", "to_items"]

INTEGRATION = "pydantic-ai"
_SAID = ("user-prompt", "system-prompt", "text")  # parts that are said to somebody, as opposed to calls and thoughts


def to_items(messages: Sequence[ModelMessage]) -> list[Item]:
    """The items that keep these messages.

    Raises:
        InvalidInput: One of them has a value that pydantic cannot write as JSON.
    """
    try:
        values = ModelMessagesTypeAdapter.dump_python(list(messages), mode="json")
    except PydanticSerializationError as error:
        raise InvalidInput("a message has a value that JSON cannot hold", safe="nothing was kept") from error
    return [_item(value) for value in values]


def from_found(found: Sequence[Found]) -> list[ModelMessage]:
    """The messages again; those that were said in another way as plain requests and responses."""
    kept = iter(ModelMessagesTypeAdapter.validate_python([each.value for each in found if each.value is not None]))
    return [_plain(each) if each.value is None else next(kept) for each in found]


def _item(value: dict[str, Any]) -> Item:
    parts = value["parts"]
    said = [part for part in parts if part["part_kind"] in _SAID]
    text = "\n\n".join(filter(None, (_text(part.get("content")) for part in said)))
    return Item(_role(value["kind"], parts), text or "\n\n".join(map(_aside, parts)), value, aside=not text)


def _role(kind: str, parts: Sequence[dict[str, Any]]) -> Role:
    if kind == "response":
        return "assistant"
    kinds = {part["part_kind"] for part in parts}
    if "user-prompt" in kinds:
        return "user"
    return "system" if "system-prompt" in kinds else "tool"


def _aside(part: dict[str, Any]) -> str:
    """What a person reads of a call, an answer or a thought."""
    if "args" in part:
        return f"{part['tool_name']}({_text(part['args'])})"
    return _text(part.get("content")) or f"[{part['part_kind']}]"


def _text(content: Any) -> str:
    """The texts in a content; what is no text is named by its kind."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n\n".join(map(_text, content))
    if isinstance(content, dict) and "kind" in content:
        return _text(content["content"]) if content["kind"] == "text-content" else f"[{content['kind']}]"
    return "" if content is None else json.dumps(content, ensure_ascii=False)


def _plain(found: Found) -> ModelMessage:
    if found.role == "assistant":
        return ModelResponse([TextPart(found.content)])
    part = SystemPromptPart(found.content) if found.role == "system" else UserPromptPart(found.content)
    return ModelRequest([part])
