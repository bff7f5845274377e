"""`conversations.json`: what the chat's ConversationStore kept in a file (seed 2).

An object of conversations by id, or an array of them. A conversation has a title, created_at, updated_at, messages
and settings; a message a role, content and perhaps a timestamp. Whatever else they have is kept as it is.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from arraigo.apps.chat.legacy.rows import ROLES, OfConversations, conversation_row, dates_of, message_row, record_of
from arraigo.ids import derived
from arraigo.move.records.fields import Field, from_metadata, give, names, part, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Jsonb, Moment, Text
from arraigo.move.records.shape import Context, Row, Rows

_IDS = ("conversation_id", "id")
_ORDER = (*_IDS, "title", "created_at", "updated_at", "messages", "settings")
_FIELDS = (
    Field("title", "title", Text(most=500), empty=""),
    Field("created_at", "created_at", Moment()),
    Field("updated_at", "updated_at", Moment()),
    Field("settings", "settings", Jsonb(), empty={}),
)
_MESSAGE_FIELDS = (
    Field("role", "role", ROLES),
    Field("content", "content", Text(bytes_below=1_000_000)),
    Field("timestamp", "created_at", Moment(), usual=False),
)


class Conversations(OfConversations):
    """One conversation becomes one row of conversations, and one of messages for each of its messages."""

    name = "conversations"
    ids = _IDS

    def fits(self, value: Json) -> bool:
        """It has a list of messages."""
        return isinstance(value, dict) and isinstance(value.get("messages"), list)

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages, numbered from 1."""
        record = record_of(key, value)
        messages = record.get("messages")
        if not isinstance(messages, list):
            raise Unfit("has no list of messages")
        ids = [name for name in _IDS if record.get(name) == key]
        empties = dates_of(record, "created_at", "updated_at", context)
        cells, legacy = take(
            _FIELDS, record, empties=empties, given=[*ids, "messages"], order=_ORDER, notes=context.notes
        )
        house = _house_of_messages(messages, cells["created_at"])
        legacy |= ({"ids": list[Json](ids)} if ids else {}) | ({"message": house} if house else {})
        conversation = conversation_row(key, cells, legacy, len(messages), context)
        return {
            "conversations": [conversation],
            "messages": [
                _message(number, message, conversation, house, context) for number, message in enumerate(messages, 1)
            ],
        }

    def to_record(self, _key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The conversation as the old program knew it; a new one's id is its key."""
        row = rows["conversations"][0]
        legacy, own = from_metadata(row["metadata"])
        legacy = legacy or dict(house or {})
        name = row["external_id"] or str(row["id"])
        habits = part(legacy, "message")
        given: dict[str, Json] = {
            **dict.fromkeys(names(legacy, "ids"), name),
            "messages": [_legacy_message(message, habits) for message in rows["messages"]],
        }
        record = give(_FIELDS, row, legacy, given=given, order=_ORDER)
        if row["status"] != "active":
            record.setdefault("status", row["status"])
        if own:
            record.setdefault("metadata", own)
        return name, record

    def house(self, rows: Rows) -> dict[str, Json]:
        """How dates look, which ids a conversation carries, and how its messages are written."""
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
        kept = {name: legacy[name] for name in ("ids", "message") if name in legacy}
        return style(_FIELDS, legacy) | kept


def _house_of_messages(messages: list[Json], created_at: datetime) -> dict[str, Json]:
    """The first message's style, which the others follow unless they say otherwise."""
    first = messages[0] if messages else None
    if not isinstance(first, dict):
        return {}
    try:
        _, legacy = take(_MESSAGE_FIELDS, first, empties={"created_at": created_at}, notes=Counter())
    except Unfit:
        return {}
    return style(_MESSAGE_FIELDS, legacy)


def _message(number: int, value: Json, conversation: Row, house: Mapping[str, Json], context: Context) -> Row:
    if not isinstance(value, dict):
        raise Unfit(f"message {number} is {kind_of(value)}, not an object")
    empties = {"created_at": conversation["created_at"]}
    try:
        cells, legacy = take(_MESSAGE_FIELDS, value, empties=empties, house=house, notes=context.notes)
    except Unfit as error:
        raise Unfit(f"message {number}: {error.what}") from None
    identity = derived(context.id_key, "message", str(conversation["id"]), str(number))
    return message_row(number, identity, cells, to_metadata(legacy), conversation, context)


def _legacy_message(row: Mapping[str, Any], habits: Mapping[str, Json]) -> dict[str, Json]:
    legacy, own = from_metadata(row["metadata"])
    message = give(_MESSAGE_FIELDS, row, legacy, house=habits)
    if own:
        message.setdefault("metadata", own)
    return message


CONVERSATIONS = Conversations()
