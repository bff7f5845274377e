"""Pure: what a journal's entry says, and what it is about."""

import json
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from arraigo.postgres.jsonb import dumps

Kind = Literal["append", "create", "delete", "set_state", "update_state", "delete_state", "clear_states"]
# What keeps its order: a conversation, or somebody's namespace.
Subject = UUID | tuple[UUID, str]


class Entry(NamedTuple):
    """One change, as arraigo.replay_entry takes it.

    Attributes:
        kind: What was done.
        owner: In whose name.
        at: When.
        values: With what; the keys are those of the function's own.
    """

    kind: Kind
    owner: UUID
    at: datetime
    values: dict[str, Any]

    @property
    def subject(self) -> Subject:
        """What it is about: entries of one subject come in in their order, and before newer changes of it."""
        if self.kind == "create":
            return UUID(self.values["id"])
        if self.kind in {"append", "delete"}:
            return UUID(self.values["conversation"])
        return self.owner, self.values["namespace"]

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Entry(kind={self.kind!r}, owner={self.owner}, at={self.at.isoformat()})"


def to_json(entry: Entry) -> bytes:
    """The entry as one line of JSON; numbers as jsonb gives them back."""
    return dumps(
        {"kind": entry.kind, "owner": str(entry.owner), "at": entry.at.isoformat(), "values": entry.values}
    ).encode()


def from_json(text: bytes) -> Entry:
    """The entry of such a line.

    Raises:
        ValueError, KeyError, TypeError: It is none.
    """
    found = json.loads(text)
    return Entry(found["kind"], UUID(found["owner"]), datetime.fromisoformat(found["at"]), dict(found["values"]))
