"""Conversations out of the database into a JSON file, one at a time, in one snapshot."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from arraigo import move
from arraigo.cli.writing import whole
from arraigo.errors import CheckFailed, InvalidInput, NotFound
from arraigo.move.records.scan import Scanner
from arraigo.postgres.queries import load
from arraigo.postgres.schema import owner_connection
from arraigo.postgres.target import Target

_QUERIES = load("arraigo.cli")
_MOST_MESSAGES = 2_000  # in memory at once
_NAMES = (
    *("id", "owner", "project_id", "kind", "title", "status", "language", "settings", "metadata"),
    *("external_id", "last_sequence", "created_at", "updated_at", "completed_at"),
)
_LARGEST = 1 << 40  # bytes of one conversation that are read back: as many as there are


@dataclass(frozen=True)
class Exported:
    """What a file has in it."""

    size: int
    conversations: int
    messages: int


def export(target: Target, to: Path, *, conversation: str | None, user: str | None, tell: move.Tell) -> Exported:
    """Write the conversations of one id, of one user, or all, and read them again.

    Raises:
        NotFound: There is no such user, or conversation.
        InvalidInput: Several have this external id, or nothing can be written there.
        CheckFailed: The file does not say what the database does; it is not kept.
        Unavailable: The database or the disk cannot be used.
    """
    with whole(to) as stream, owner_connection(target) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        count = messages = 0
        stream.write(b'{"conversations": [')
        for talk in _conversations(connection, conversation, user):
            if conversation is not None and count:
                raise InvalidInput(
                    f"several users have a conversation {conversation!r:.80}",
                    safe="nothing was written",
                    remedy="say whose: --user U",
                )
            stream.write((b",\n" if count else b"\n") + orjson.dumps(talk, option=orjson.OPT_UTC_Z))
            count += 1
            messages += len(talk["messages"])
            tell(move.Progress("export", to.name, stream.tell(), 0, messages))
        if conversation is not None and not count:
            raise NotFound(f"there is no conversation {conversation!r:.80}", safe="nothing was written")
        stream.write(b"\n]}\n" if count else b"]}\n")
        stream.flush()
        written = Exported(os.fstat(stream.fileno()).st_size, count, messages)
        found = _reread(stream, to.name, tell)
        if found != written:
            raise CheckFailed(f"{to} has {found}, and the database {written}", safe="it was not kept")
        return written


def _conversations(connection: Any, conversation: str | None, user: str | None) -> Iterator[dict[str, Any]]:
    owner = None
    if user is not None:
        found = connection.execute(_QUERIES.user_by_name.sql, {"name": user}).fetchone()
        if found is None:
            raise NotFound(f"there is no user {user!r:.80}", safe="nothing was written")
        owner = found[0]
    with connection.cursor(name="conversations") as cursor:
        cursor.execute(_QUERIES.conversations.sql, {"owner": owner, "ref": conversation})
        for talks in _groups(dict(zip(_NAMES, row, strict=True)) for row in cursor):
            messages = _messages(connection, [talk["id"] for talk in talks])
            for talk in talks:
                yield _conversation(talk) | {"messages": messages.pop(talk["id"], [])}


def _groups(talks: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Conversations whose messages are read at once: some thousands together, or one alone that has more."""
    group: list[dict[str, Any]] = []
    size = 0
    for talk in talks:
        if group and size + talk["last_sequence"] > _MOST_MESSAGES:
            yield group
            group, size = [], 0
        group.append(talk)
        size += talk["last_sequence"] + 1
    if group:
        yield group


def _conversation(talk: dict[str, Any]) -> dict[str, Any]:
    """As GET /conversations/{id} answers it, with its owner's name."""
    as_is = {name: orjson.Fragment(talk[name]) for name in ("settings", "metadata")}
    return {"id": talk["id"], "conversation_id": talk["id"]} | talk | as_is


def _messages(connection: Any, conversations: list[object]) -> dict[object, list[dict[str, Any]]]:
    """By conversation."""
    names = ("id", "sequence_number", "role", "content", "metadata", "created_at", "edited_at", "deleted_at")
    found: dict[object, list[dict[str, Any]]] = {}
    for conversation, *row in connection.execute(_QUERIES.messages.sql, {"conversations": conversations}):
        message = dict(zip(names, row, strict=True))
        message["metadata"] = orjson.Fragment(message["metadata"] or "{}")
        found.setdefault(conversation, []).append(message)
    return found


def _reread(stream: BinaryIO, name: str, tell: move.Tell) -> Exported:
    """What the file says."""
    stream.seek(0)
    count = messages = size = 0
    for record in Scanner(stream, name, wrapper="conversations", limit=_LARGEST):
        if record.trouble:
            raise CheckFailed(f"{name}, {record.place}: {record.trouble}", safe="it was not kept")
        count += 1
        messages += len(json.loads(record.raw)["messages"])
        size += len(record.raw)
        tell(move.Progress("count", name, size, 0, messages))
    return Exported(os.fstat(stream.fileno()).st_size, count, messages)
