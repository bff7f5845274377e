"""`conversations.json`: what the chat's ConversationStore kept in a file (seed 2).

An object of conversations by id, or an array of them. A conversation has a title, created_at, updated_at, messages
and settings; a message a role, content and perhaps a timestamp. Whatever else they have is kept as it is.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.ids import derived
from arraigo.move.records import moments
from arraigo.move.records.fields import Field, from_metadata, give, names, part, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Number, Unfit, kind_of
from arraigo.move.records.kinds import Jsonb, Moment, Text
from arraigo.move.records.shape import Context, Row, Rows, Table

_UNDATED = "conversations without a date were given their file's"
_IDS = ("conversation_id", "id")
_ORDER = (*_IDS, "title", "created_at", "updated_at", "messages", "settings")
_FIELDS = (
    Field("title", "title", Text(most=500), empty=""),
    Field("created_at", "created_at", Moment()),
    Field("updated_at", "updated_at", Moment()),
    Field("settings", "settings", Jsonb(), empty={}),
)
_MESSAGE_FIELDS = (
    Field("role", "role", Text(among=frozenset({"user", "assistant", "system", "tool"}))),
    Field("content", "content", Text(bytes_below=1_000_000)),
    Field("timestamp", "created_at", Moment(), usual=False),
)


class Conversations:
    """One conversation becomes one row of conversations, and one of messages for each of its messages."""

    name = "conversations"
    file_names = ("conversations.json",)
    wrappers = ("conversations",)
    tables = (
        Table(
            "conversations",
            anchor="id",
            columns=(
                *("id", "owner_id", "kind", "title", "settings", "metadata", "external_id", "last_sequence"),
                *("created_at", "updated_at", "activity_at", "status"),
            ),
            json=frozenset({"settings", "metadata"}),
            fixed=("owner_id", "kind"),
            added="t.kind = 'chat' AND t.owner_id = %(owner)s",
        ),
        Table(
            "messages",
            anchor="conversation_id",
            columns=(
                "conversation_id",
                "sequence_number",
                "id",
                "owner_id",
                "created_at",
                "role",
                "content",
                "metadata",
            ),
            order=("sequence_number",),
            fixed=("owner_id",),
            where="t.deleted_at IS NULL",
        ),
    )

    def fits(self, value: Json) -> bool:
        """It has a list of messages."""
        return isinstance(value, dict) and isinstance(value.get("messages"), list)

    def key(self, value: Json) -> str:
        """Its conversation_id or id."""
        record = value if isinstance(value, dict) else {}
        for name in _IDS:
            found = record.get(name)
            if isinstance(found, str | Number):
                return found if isinstance(found, str) else found.text
        raise Unfit("has no 'conversation_id' or 'id'")

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages, numbered from 1."""
        if not isinstance(value, dict):
            raise Unfit(f"is {kind_of(value)}, not an object")
        if not 1 <= len(key) <= 255:  # noqa: PLR2004 - the column's limit, seed 2
            raise Unfit(f"has an id of {len(key)} characters, not 1 to 255")
        messages = value.get("messages")
        if not isinstance(messages, list):
            raise Unfit("has no list of messages")
        ids = [name for name in _IDS if value.get(name) == key]
        cells, legacy = take(
            _FIELDS, value, empties=_dates(value, context), given=[*ids, "messages"], order=_ORDER, notes=context.notes
        )
        identity = derived(context.id_key, "conversation", str(context.owner), key)
        house = _house_of_messages(messages, cells["created_at"])
        legacy |= ({"ids": list[Json](ids)} if ids else {}) | ({"message": house} if house else {})
        conversation: Row = {
            **cells,
            "id": identity,
            "owner_id": context.owner,
            "kind": "chat",
            "status": "active",
            "metadata": to_metadata(legacy) or {},
            "external_id": key,
            "last_sequence": len(messages),
            "activity_at": cells["updated_at"].replace(second=0, microsecond=0),
        }
        return {
            "conversations": [conversation],
            "messages": [
                _message(number, message, conversation, house, context) for number, message in enumerate(messages, 1)
            ],
        }

    def placed(self, rows: Rows, anchor: str) -> Rows | None:
        """A conversation that was made here went back under its id, and comes again: it keeps that id."""
        (conversation,), identity = rows["conversations"], UUID(anchor)
        name = None if conversation["external_id"] == anchor else conversation["external_id"]
        return {
            "conversations": [conversation | {"id": identity, "external_id": name}],
            "messages": [message | {"conversation_id": identity} for message in rows["messages"]],
        }

    def parts(self, rows: Rows) -> int:
        """How many messages."""
        return len(rows["messages"])

    def as_moved(self, rows: Rows, parts: int, source: Rows | None) -> tuple[Rows, int]:
        """Without the messages that were appended here, and the later date that these gave the conversation."""
        conversation, messages = rows["conversations"][0], rows["messages"][:parts]
        last = messages[-1]["sequence_number"] if messages else 0
        if source and conversation["last_sequence"] > last:
            moved_at = source["conversations"][0]["updated_at"]
            conversation = conversation | {"updated_at": min(moved_at, conversation["updated_at"])}
        return {"conversations": [conversation], "messages": messages}, max(0, len(rows["messages"]) - parts)

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


def _dates(record: Mapping[str, Json], context: Context) -> dict[str, datetime]:
    """What stands in for a date that is not there: the other one, or the file's."""
    created, updated = record.get("created_at"), record.get("updated_at")
    if created is not None and updated is not None:
        return {}
    if created is None and updated is None:
        context.notes[_UNDATED] += 1
        return {"created_at": context.as_of, "updated_at": context.as_of}
    there = "created_at" if updated is None else "updated_at"
    try:
        moment = moments.read(record[there])
    except Unfit as error:
        raise Unfit(f"{there!r} {error.what}") from None
    return {"created_at": moment, "updated_at": moment}


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
    identity: UUID = conversation["id"]
    return {
        **cells,
        "conversation_id": identity,
        "sequence_number": number,
        "id": derived(context.id_key, "message", str(identity), str(number)),
        "owner_id": context.owner,
        "metadata": to_metadata(legacy),
    }


def _legacy_message(row: Mapping[str, Any], habits: Mapping[str, Json]) -> dict[str, Json]:
    legacy, own = from_metadata(row["metadata"])
    message = give(_MESSAGE_FIELDS, row, legacy, house=habits)
    if own:
        message.setdefault("metadata", own)
    return message


CONVERSATIONS = Conversations()
