"""Pure: what a caller is answered, and what a reader is shown, of what is in the journal only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.store.journal.entries import Entry
from arraigo.store.types import Conversation, Message
from arraigo.store.types import Entry as StateEntry


def conversation(entry: Entry) -> Conversation:
    """The conversation that a "create" makes."""
    values = entry.values
    return Conversation(
        id=UUID(values["id"]),
        owner_id=entry.owner,
        project_id=UUID(values["project_id"]) if values["project_id"] else None,
        kind=values["kind"],
        title=values["title"],
        status="active",
        language=values["language"],
        settings=values["settings"],
        metadata=values["metadata"],
        external_id=values["external_id"],
        last_sequence=0,
        created_at=entry.at,
        updated_at=entry.at,
        activity_at=entry.at.replace(second=0, microsecond=0),
        completed_at=None,
        stored="journal",
    )


def messages(entry: Entry) -> list[Message]:
    """The messages of an "append", which have no number yet."""
    return [
        Message(UUID(new["id"]), 0, new["role"], new["content"], new["metadata"], entry.at, None, None)
        for new in entry.values["messages"]
    ]


def tombstone(message: Message, at: datetime) -> Message:
    """A message of which only the number is left."""
    return message._replace(content="", metadata=None, deleted_at=at)


def state(entry: Entry, before: StateEntry | None) -> StateEntry | None:
    """The value behind a change; of an update where nothing is known before it, the fields that it sets."""
    if entry.kind == "delete_state":
        return None
    values = entry.values
    value: Any = values["value"]
    expires = datetime.fromisoformat(values["expires_at"]) if values["expires_at"] else None
    if entry.kind == "update_state" and before is not None and isinstance(before.value, dict):
        value, expires = {**before.value, **value}, before.expires_at
    return StateEntry(
        namespace=values["namespace"],
        key=values["key"],
        value=value,
        version=0,
        expires_at=expires,
        created_at=before.created_at if before else entry.at,
        updated_at=entry.at,
        stored="journal",
    )
