r"""Pure: an item of somebody else's (a JSON object) as a message of ours, and exactly the same item again.

What a person reads goes into `content`: there it is found, shown and moved like any message. Everything else goes into
the metadata, as JSON *text*, since jsonb would change the order of keys and the form of numbers and refuses NUL:

    {"integration": "langchain", "item": ["{\"type\":\"human\",\"data\":{\"content\":", ",\"id\":null}}"]}

The hole between the two pieces is the content. An item that has no such text, or more than one, stands there whole, and
one that is larger than metadata may be is cut into parts, which are messages without content right behind it (no search
finds them, and no reader sees base64):

    {"integration": "langchain", "parts": 2}    {"integration": "langchain", "part": "…"}    {…, "part": "…"}
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arraigo.errors import InvalidInput
from arraigo.postgres.jsonb import dumps
from arraigo.store.checks import MAX_CONTENT, MAX_METADATA
from arraigo.store.types import Message, NewMessage, Role

_ROOM = 200  # bytes that are left for what stands beside the item or the part
_PART = 60_000  # characters


@dataclass(frozen=True)
class Item:
    """One item to keep.

    Attributes:
        role: Whose.
        text: What a person reads of it.
        value: The item itself, as JSON can hold it.
        aside: Nothing that is said to anybody: a tool's call, its answer, a thought. Other readers leave it out.
    """

    role: Role
    text: str
    value: Mapping[str, Any]
    aside: bool = False


@dataclass(frozen=True)
class Found:
    """One item that was kept, or a message that came in another way.

    Attributes:
        numbers: The sequence numbers of its messages, its own first.
        role: Whose.
        content: What it says.
        value: The item; None for a message of another origin.
    """

    numbers: tuple[int, ...]
    role: Role
    content: str
    value: dict[str, Any] | None


def write(integration: str, items: Sequence[Item]) -> list[NewMessage]:
    """The messages that keep these items, in their order.

    Raises:
        InvalidInput: JSON cannot hold an item.
    """
    return [
        message
        for place, item in enumerate(items, start=1)
        for message in _messages(integration, item, _json(item, place))
    ]


def read(integration: str, messages: Sequence[Message]) -> list[Found]:
    """The items in these messages, ascending and without gaps; what was said in another way is among them.

    Left out are deleted messages, items of which a part is not there, and what other integrations kept aside.
    """
    return list(_read(integration, messages))


def _json(item: Item, place: int) -> str:
    """The item as JSON text that a text column can hold."""
    try:
        text = json.dumps(item.value, ensure_ascii=False, separators=(",", ":"))
        return text if _storable(text) else json.dumps(item.value, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"item {place} has a value that JSON cannot hold", safe="nothing was kept") from error


def _messages(integration: str, item: Item, text: str) -> Iterator[NewMessage]:
    metadata: dict[str, Any] = {"integration": integration, **({"aside": True} if item.aside else {})}
    content, pieces = item.text, [text]
    literal = json.dumps(content, ensure_ascii=False)
    if text.count(literal) == 1 and _storable(content) and len(content.encode()) <= MAX_CONTENT:
        pieces = text.split(literal)
    else:
        content = _readable(content)
    if _size(pieces) <= MAX_METADATA - _ROOM:
        yield NewMessage(item.role, content, None, metadata | {"item": pieces})
        return
    parts = list(_parts(text))
    yield NewMessage(item.role, content, None, metadata | {"parts": len(parts)})
    yield from (NewMessage(item.role, "", None, {"integration": integration, "part": part}) for part in parts)


def _parts(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        size = _PART
        while _size(text[start : start + size]) > MAX_METADATA - _ROOM:
            size //= 2
        yield text[start : start + size]
        start += size


def _size(value: Any) -> int:
    return len(dumps(value).encode())


def _storable(text: str) -> bool:
    """Whether a text column can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in text and text.encode(errors="ignore").decode() == text


def _readable(text: str) -> str:
    """What can be kept of a text for reading; the item has the whole."""
    kept = text.replace("\0", "\ufffd").encode(errors="replace")
    return kept.decode() if len(kept) <= MAX_CONTENT else kept[: MAX_CONTENT - 3].decode(errors="ignore") + "…"


def _read(integration: str, messages: Sequence[Message]) -> Iterator[Found]:
    for place, message in enumerate(messages):
        metadata = message.metadata or {}
        origin = metadata.get("integration")
        if message.deleted_at is not None or (origin is not None and "part" in metadata):
            continue
        behind, value = messages[:0], None
        if origin == integration:
            pieces = metadata.get("item")
            if isinstance(count := metadata.get("parts"), int):
                behind = messages[place + 1 : place + 1 + count]
                parts = [part.metadata["part"] for part in behind if part.metadata and "part" in part.metadata]
                if len(parts) < count:
                    continue
                pieces = ["".join(parts)]
            value = _value(pieces, message.content)
        if value is not None or (message.role != "tool" and not metadata.get("aside")):
            numbers = tuple(each.sequence_number for each in (message, *behind))
            yield Found(numbers, message.role, message.content, value)


def _value(pieces: Any, content: str) -> dict[str, Any] | None:
    """The item out of its text around the hole; None where somebody else has written what is none."""
    try:
        value = json.loads(json.dumps(content).join(pieces))
    except (TypeError, ValueError):
        return None
    return value if isinstance(value, dict) else None
