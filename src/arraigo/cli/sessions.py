"""Interviews out of the database as the sessions that browsers kept, in one snapshot."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from arraigo import move
from arraigo.apps.interviews.legacy import INTERVIEWS
from arraigo.cli.writing import whole
from arraigo.errors import CheckFailed, InvalidInput, NotFound
from arraigo.move.records import tables
from arraigo.move.records.fingerprint import Fingerprint, digest
from arraigo.move.records.forms import Form
from arraigo.move.records.jsontext import Json, canonical, dump, parse
from arraigo.move.records.target import connected
from arraigo.postgres.queries import load
from arraigo.postgres.target import Target

_QUERIES = load("arraigo.cli")
_PAGE = 100  # in memory at once
_FORM = Form(wrapper="sessions")


@dataclass(frozen=True)
class Exported:
    """What a file has in it."""

    size: int
    interviews: int
    messages: int


def export(target: Target, to: Path, *, interview: str | None, user: str | None, tell: move.Tell) -> Exported:
    """Write the interviews of one id, of one user, or all, and read them again.

    Raises:
        NotFound: There is no such user, or interview.
        InvalidInput: Several have this session id, or nothing can be written there.
        CheckFailed: The file does not say what the database does; it is not kept.
        Unavailable: The database or the disk cannot be used.
    """
    with whole(to) as stream, connected(target) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        ids = _ids(connection, interview, user)
        messages = 0
        there = Fingerprint()
        stream.write(b'{"sessions": [')
        for number, session in enumerate(_sessions(connection, ids)):
            stream.write((b",\n" if number else b"\n") + dump(session).encode())
            messages += len(_history(session))
            there = _with(there, session)
            tell(move.Progress("export", to.name, stream.tell(), 0, number + 1))
        stream.write(b"\n]}\n" if ids else b"]}\n")
        stream.flush()
        if _reread(stream, to.name) != there:
            raise CheckFailed(f"{to} does not say what the database does", safe="it was not kept")
        return Exported(os.fstat(stream.fileno()).st_size, there.rows, messages)


def _ids(connection: Any, interview: str | None, user: str | None) -> list[str]:
    owner = None if user is None else _owner(connection, user)
    found = connection.execute(_QUERIES.interviews.sql, {"owner": owner, "ref": interview})
    ids = [identity for (identity,) in found]
    if interview is not None and not ids:
        raise NotFound(f"there is no interview {interview!r:.80}", safe="nothing was written")
    if interview is not None and len(ids) > 1:
        raise InvalidInput(
            f"several employees have a session {interview!r:.80}",
            safe="nothing was written",
            remedy="say whose: --user U",
        )
    return ids


def _owner(connection: Any, user: str) -> UUID:
    for query in (_QUERIES.user_of_employee, _QUERIES.user_by_name):
        found = connection.execute(query.sql, {"name": user}).fetchone()
        if found is not None:
            owner: UUID = found[0]
            return owner
    raise NotFound(f"there is no user {user!r:.80}", safe="nothing was written")


def _sessions(connection: Any, ids: list[str]) -> Iterator[dict[str, Json]]:
    """Each as it came, with what was said since; and whose it is, so that the file says it by itself."""
    for begin in range(0, len(ids), _PAGE):
        page = ids[begin : begin + _PAGE]
        there = tables.read(connection, INTERVIEWS, page)
        for identity in page:
            rows = there[identity]
            name, session = INTERVIEWS.to_record(None, rows)
            if not isinstance(session, dict):
                raise CheckFailed(f"interview {identity} gives no session", safe="nothing was kept")
            employee = str(rows["interviews"][0]["employee_id"])
            yield {"session_id": name, **session, "employee_id": session.get("employee_id") or employee}


def _history(session: dict[str, Json]) -> list[Json]:
    history = session["conversation_history"]
    return history if isinstance(history, list) else []


def _with(found: Fingerprint, session: Json) -> Fingerprint:
    return found.add(digest(INTERVIEWS.key(session), canonical(session)))


def _reread(stream: BinaryIO, name: str) -> Fingerprint:
    """What the file says, as a move reads it."""
    stream.seek(0)
    found = Fingerprint()
    for record in _FORM.records(stream, name):
        if record.trouble:
            raise CheckFailed(f"{name}, {record.place}: {record.trouble}", safe="it was not kept")
        found = _with(found, parse(record.body))
    return found
