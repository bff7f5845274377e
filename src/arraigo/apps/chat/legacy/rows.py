"""What every file of chats becomes: a row of conversations, and a row of messages for each message."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.ids import derived
from arraigo.move.records import moments
from arraigo.move.records.fields import names, part, to_metadata
from arraigo.move.records.jsontext import Json, Number, Unfit, identical, kind_of
from arraigo.move.records.kinds import Text
from arraigo.move.records.shape import Context, Row, Rows, Table

ROLES = Text(among=frozenset({"user", "assistant", "system", "tool"}))
_UNDATED = "conversations without a date were given their file's"


class OfConversations:
    """What the shapes of chats have in common: where they go, and what becomes of them there."""

    file_names = ("conversations.json",)
    exact = False
    wrappers = ("conversations",)
    ids: tuple[str, ...]
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
                *("conversation_id", "sequence_number", "id", "owner_id", "created_at", "role", "content"),
                "metadata",
            ),
            order=("sequence_number",),
            fixed=("owner_id",),
            where="t.deleted_at IS NULL",
        ),
    )

    def key(self, value: Json) -> str:
        """The first of its ids."""
        record = value if isinstance(value, dict) else {}
        for name in self.ids:
            found = record.get(name)
            if isinstance(found, str | Number):
                return found if isinstance(found, str) else found.text
        raise Unfit(f"has no {' or '.join(map(repr, self.ids))}")

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

    def grew(self, _rows: Rows, _source: Rows, /) -> bool:
        """What another move brought is that one's."""
        return False


def record_of(key: str, value: Json) -> dict[str, Json]:
    """The record, when it and its key are what they have to be.

    Raises:
        Unfit: They are not.
    """
    if not isinstance(value, dict):
        raise Unfit(f"is {kind_of(value)}, not an object")
    if not 1 <= len(key) <= 255:  # noqa: PLR2004 - the column's limit, seed 2
        raise Unfit(f"has an id of {len(key)} characters, not 1 to 255")
    return value


def conversation_row(
    key: str, cells: Mapping[str, object], legacy: Mapping[str, Json], messages: int, context: Context
) -> Row:
    """The conversation with this key in its source; `cells` are what its fields became."""
    updated_at = cells["updated_at"]
    return {
        "status": "active",
        "settings": {},
        **cells,
        "id": derived(context.id_key, "conversation", str(context.owner), key),
        "owner_id": context.owner,
        "kind": "chat",
        "metadata": to_metadata(legacy) or {},
        "external_id": key,
        "last_sequence": messages,
        "activity_at": updated_at.replace(second=0, microsecond=0) if isinstance(updated_at, datetime) else None,
    }


def message_row(
    number: int, identity: UUID, cells: Mapping[str, object], metadata: Json, conversation: Row, context: Context
) -> Row:
    """The message with this number."""
    return {
        **cells,
        "conversation_id": conversation["id"],
        "sequence_number": number,
        "id": identity,
        "owner_id": context.owner,
        "metadata": metadata,
    }


def dates_of(record: Mapping[str, Json], first: str, last: str, context: Context) -> dict[str, datetime]:
    """What stands in for a date of the conversation that is not there: the other one, or the file's.

    Args:
        record: The conversation.
        first: What it calls the date when it was made.
        last: What it calls the date of its last change.
        context: Says the file's date, and counts where that was needed.

    Raises:
        Unfit: The one date that is there is none.
    """
    created, updated = record.get(first), record.get(last)
    if created is not None and updated is not None:
        return {}
    if created is None and updated is None:
        context.notes[_UNDATED] += 1
        return {"created_at": context.as_of, "updated_at": context.as_of}
    there = first if updated is None else last
    try:
        moment = moments.read(record[there])
    except Unfit as error:
        raise Unfit(f"{there!r} {error.what}") from None
    return {"created_at": moment, "updated_at": moment}


def message_id(name: str, conversation: Row, context: Context) -> UUID:
    """The source's own id where that is a UUID, else one derived from it: ids are unique within a conversation."""
    try:
        identity = UUID(name)
    except ValueError:
        identity = None
    if identity is None or str(identity) != name:
        return derived(context.id_key, "message", str(conversation["id"]), name)
    return identity


def usual_in(record: Mapping[str, Json], usual: Mapping[str, Json]) -> tuple[list[str], list[Json]]:
    """Which fields without a column say what they usually do, and which are not there at all."""
    said = [name for name, value in usual.items() if name in record and identical(record[name], value)]
    return said, [name for name in usual if name not in record]


def usual_of(legacy: Mapping[str, Json], usual: Mapping[str, Json]) -> dict[str, Json]:
    """These fields again; `without` names those that were not there."""
    unusual = {*part(legacy, "extra"), *names(legacy, "without")}
    return {name: value for name, value in usual.items() if name not in unusual}


def with_own(record: dict[str, Json], own: Mapping[str, Json]) -> dict[str, Json]:
    """The record, and what was said of it here that its form has no field for."""
    return record | {"arraigo": dict(own)} if own else record


def own_of(row: Mapping[str, Any], own: Mapping[str, Json], statuses: Container[str]) -> dict[str, Json]:
    """What was said here of a conversation whose form has these statuses, and no settings."""
    said = dict(own)
    if row["settings"]:
        said["settings"] = row["settings"]
    if row["status"] not in statuses:
        said["status"] = row["status"]
    return said
