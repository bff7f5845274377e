"""Pure: a conversation as its old program holds it, in one dict, and as the store keeps it.

What the store has no place for (dates of the caller's own, further fields) is kept beside it in `metadata.legacy`, as
the mover keeps it, so that going back writes it too. Reading is the mover's shape `conversations` itself.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast

from arraigo.errors import InvalidInput
from arraigo.move.records.fields import Field, from_metadata, names, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, kind_of, parse, parse_trusted
from arraigo.move.records.kinds import Jsonb, Text
from arraigo.move.records.shape import Rows, shape_named
from arraigo.store.checks import ROLES
from arraigo.store.types import Conversation, Message

_IDS = ("conversation_id", "id")
_ORDER = (*_IDS, "title", "created_at", "updated_at", "messages", "settings")
_FIELDS = (Field("title", "title", Text(most=500), empty=""), Field("settings", "settings", Jsonb(), empty={}))
_MESSAGE_FIELDS = (
    Field("role", "role", Text(among=frozenset(ROLES))),
    Field("content", "content", Text(bytes_below=1_000_000)),
)
# Which fields may be a `datetime`; they come back as one.
_DATES, _MESSAGE_DATES = ("created_at", "updated_at"), ("timestamp",)
_AS_DATETIME = "datetimes"


@dataclass(frozen=True)
class Head:
    """What a conversation has beside its messages."""

    title: str
    settings: dict[str, Any]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """One message to keep; equal digests are equal messages."""

    role: str
    content: str
    metadata: dict[str, Any]
    digest: bytes


@dataclass(frozen=True)
class Document:
    """One conversation to keep; `plain` is what was given, as JSON has it."""

    head: Head
    pieces: list[Piece]
    plain: dict[str, Any]


def read(name: str, given: Mapping[str, Any], there: Conversation | None = None) -> Document:
    """What to keep of a conversation.

    Args:
        name: What its program calls it.
        given: The conversation.
        there: The one that is kept under this name already; what others noted in its metadata stays.

    Raises:
        InvalidInput: It has no list of messages, an unknown role, or what JSON or PostgreSQL cannot hold.
    """
    try:
        text = json.dumps(_undated(given), allow_nan=False)
        value = cast("dict[str, Json]", parse(text.encode()))
        pieces = [
            _piece(place, message, _dates_in(before, _MESSAGE_DATES))
            for place, (message, before) in enumerate(zip(_messages(value), given["messages"], strict=True), start=1)
        ]
        return Document(_head(name, value, _dates_in(given, _DATES), there), pieces, json.loads(text))
    except Unfit as error:
        what = error.what
    except (TypeError, ValueError, RecursionError):
        what = "has a value that JSON cannot hold"
    raise InvalidInput(f"conversation {name!r:.80} {what}", safe="nothing of it was changed")


def write(conversation: Conversation, messages: Sequence[Message]) -> tuple[str, dict[str, Any], list[Piece]]:
    """What its program calls a conversation, the conversation, and its messages as pieces.

    Args:
        conversation: As the store has it.
        messages: Those that are not deleted, in order.
    """
    rows: Rows = {
        "conversations": [
            {
                "id": conversation.id,
                "external_id": conversation.external_id,
                "title": conversation.title,
                "status": conversation.status,
                "settings": _json(conversation.settings),
                "metadata": _json(conversation.metadata),
                "created_at": conversation.created_at,
                "updated_at": conversation.updated_at,
            }
        ],
        "messages": [
            {"role": m.role, "content": m.content, "created_at": m.created_at, "metadata": _json(m.metadata)}
            for m in messages
        ],
    }
    name, value = shape_named("conversations").to_record(None, rows)
    found: dict[str, Any] = json.loads(dump(value))
    pieces = [
        Piece(message.role, message.content, message.metadata or {}, _digest(said))
        for message, said in zip(messages, _messages(value), strict=True)
    ]
    _date(found, conversation.metadata)
    for message, said in zip(messages, found["messages"], strict=True):
        _date(said, message.metadata)
    return name, found, pieces


def _undated(given: Any) -> dict[str, Any]:
    """The same with texts for dates."""
    if not isinstance(given, Mapping):
        raise Unfit(f"is {type(given).__name__}, not a dict")
    messages = given.get("messages")
    if not isinstance(messages, list | tuple):
        raise Unfit("has no list of messages")
    for place, message in enumerate(messages, start=1):
        if not isinstance(message, Mapping):
            raise Unfit(f"has {type(message).__name__} as message {place}, not a dict")
    return _with_texts(given, _DATES) | {"messages": [_with_texts(message, _MESSAGE_DATES) for message in messages]}


def _with_texts(given: Mapping[str, Any], dates: Sequence[str]) -> dict[str, Any]:
    return {**given, **{name: given[name].isoformat() for name in _dates_in(given, dates)}}


def _dates_in(given: Mapping[str, Any], dates: Sequence[str]) -> list[str]:
    return [name for name in dates if isinstance(given.get(name), datetime)]


def _date(found: dict[str, Any], metadata: Mapping[str, Any] | None) -> None:
    """Make dates again of what was given as a date."""
    if not metadata:
        return
    for name in names(from_metadata(_json(metadata))[0], _AS_DATETIME):
        if isinstance(found.get(name), str):
            found[name] = datetime.fromisoformat(found[name])


def _head(name: str, value: dict[str, Json], dates: list[str], there: Conversation | None) -> Head:
    before, own = from_metadata(_json(there.metadata)) if there else ({}, {})
    # What `write` told of these is not the caller's own.
    told: dict[str, Json] = {"metadata": own} if own else {}
    if there and there.status != "active":
        told["status"] = there.status
    value = {field: one for field, one in value.items() if field not in told or one != told[field]}
    ids = [field for field in _IDS if value.get(field) == name]
    cells, legacy = take(_FIELDS, value, given=[*ids, "messages"], order=_ORDER, notes=Counter())
    kept: dict[str, Json] = {"ids": list[Json](ids), _AS_DATETIME: list[Json](dates), "message": before.get("message")}
    legacy |= {field: one for field, one in kept.items() if one}
    return Head(cells["title"], _plain(cells["settings"]), _plain(to_metadata(legacy, own) or {}))


def _piece(place: int, value: Json, dates: list[str]) -> Piece:
    if not isinstance(value, dict):
        raise Unfit(f"has {kind_of(value)} as message {place}, not an object")
    try:
        cells, legacy = take(_MESSAGE_FIELDS, value, notes=Counter())
    except Unfit as error:
        raise Unfit(f"has a message {place} that {error.what}") from None
    legacy |= {_AS_DATETIME: list[Json](dates)} if dates else {}
    return Piece(cells["role"], cells["content"], _plain(to_metadata(legacy) or {}), _digest(value))


def _digest(value: Json) -> bytes:
    return blake2b(canonical(value), digest_size=16).digest()


def _messages(value: Json) -> list[Json]:
    return cast("list[Json]", cast("dict[str, Json]", value)["messages"])


def _json(value: Any) -> Json:
    """With exact numbers, as the mover has them."""
    return parse_trusted(json.dumps(value)) if value else value


def _plain(value: Any) -> dict[str, Any]:
    """As Python has it."""
    found: dict[str, Any] = json.loads(dump(value))
    return found
