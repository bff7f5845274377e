"""An interview out of somebody's own browser: taken once, and found again by every later try.

The rows are those that a move of the same session writes, under the same id: whichever comes second finds it there.
A session that grew in the browser meanwhile is taken as far as it is new, unless its interview was gone on with here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from arraigo.apps.interviews.legacy import INTERVIEWS
from arraigo.apps.interviews.legacy import rows as rows_of
from arraigo.apps.interviews.legacy.words import Id
from arraigo.apps.interviews.service import Office
from arraigo.errors import AccessDenied, Conflict, InvalidInput
from arraigo.move.records.jsontext import Json, Unfit, canonical, dump, parse, parse_trusted
from arraigo.move.records.shape import Row, Rows
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store.access import Access

QUERIES = load("arraigo.apps.interviews", "migrating.sql")
_TALK = ("id", "status", "metadata", "last_sequence", "created_at", "completed_at")
_INTERVIEW = ("session_id", "employee_id", "language", "technical_level", "started_at", "turn")


@dataclass(frozen=True, slots=True)
class Migrated:
    """A session that was taken.

    Attributes:
        interview_id: What it is here.
        grown: Whether it was here before, and has grown.
    """

    interview_id: UUID
    grown: bool = False


class AlreadyThere(Conflict):
    """The session was migrated, or moved, before.

    Attributes:
        interview_id: What it is here.
        same: Whether it says the same, apart from what was said here since.
    """

    def __init__(self, interview_id: UUID, *, same: bool) -> None:
        what = "this session" if same else "a session of this name, with other content,"
        super().__init__(f"{what} is there already, as interview {interview_id}", safe="nothing was stored")
        self.interview_id = interview_id
        self.same = same


class Migrating:
    """Takes one employee's sessions.

    Args:
        access: The database, in the name of the user who has that employee's identity.
        employee: Whose sessions.
        office: Who asks here, and what about.
    """

    def __init__(self, access: Access, employee: UUID, office: Office) -> None:
        self._access = access
        self._employee = employee
        self._office = office

    async def migrate(self, body: bytes) -> Migrated:
        """Store a session, all of it or nothing; of one that grew in the browser, what it has not sent before.

        Args:
            body: The session as JSON, as it was sent: what no column holds is kept to the digit.

        Raises:
            InvalidInput: It is damaged, and how. AccessDenied: It is another employee's.
            AlreadyThere: It has been stored before.
            NotFound: The context service knows no such employee. ContextAway: It cannot be asked.
        """
        owner = await self._access.identity()
        if self._office.context is not None:
            await self._office.context.check(self._employee)
        session, found = await asyncio.to_thread(self._read, body, owner, datetime.now(UTC))
        identity: UUID = found["conversations"][0]["id"]
        if await self._access.database.fetch(QUERIES.migrate, _values(found), tuple, identity=owner):
            return Migrated(identity)
        there = await self._stands(identity, owner)
        if there and INTERVIEWS.grew(there, found):
            # What has no date keeps that of its interview.
            begun = there["interviews"][0]["started_at"]
            session, found = await asyncio.to_thread(self._read, body, owner, begun)
            if await self._grow(session, there, found, owner):
                return Migrated(identity, grown=True)
            there = await self._stands(identity, owner)
        raise AlreadyThere(identity, same=there is not None and _same(session, found, there))

    async def _grow(self, session: Json, there: Rows, found: Rows, owner: UUID) -> bool:
        """Append what is new; false where the two together would not give the session, or somebody was quicker."""
        size = len(there["messages"])
        new = found["messages"][size:]
        _, record = INTERVIEWS.to_record(None, {**found, "messages": [*there["messages"], *new]})
        if canonical(record) != canonical(session):
            return False
        values = _values({**found, "messages": new}) | {"had": size, "was": there["conversations"][0]["status"]}
        asked: list[Ask[Any]] = [Ask(QUERIES.unguard, {}, tuple), Ask(QUERIES.grow, values, tuple)]
        _, grown = await self._access.database.fetch_all(asked, identity=owner)
        return bool(grown)

    async def _stands(self, identity: UUID, owner: UUID) -> Rows | None:
        values = {"id": identity, "owner": owner}
        asked: list[Ask[Row]] = [Ask(QUERIES.there, values, _there), Ask(QUERIES.said, values, _said)]
        while True:
            talks, messages = await self._access.database.fetch_all(asked, identity=owner)
            if not talks:
                return None
            if not messages or messages[-1]["sequence_number"] <= talks[0]["last_sequence"]:
                break  # else somebody wrote between the two queries
        interview = {name: talks[0][name] for name in _INTERVIEW}
        return {"conversations": talks, "interviews": [interview], "messages": messages}

    def _read(self, body: bytes, owner: UUID, as_of: datetime) -> tuple[Json, Rows]:
        """The session, and what it becomes."""
        try:
            session = parse(body)
            self._refuse_others(session)
            return session, rows_of(
                session,
                id_key=self._access.key,
                as_of=as_of,
                employee=self._employee,
                owner=owner,
                plan=self._office.plan,
            )
        except Unfit as error:
            raise InvalidInput(f"the session cannot be taken: {error.what}", safe="nothing was stored") from None

    def _refuse_others(self, session: Json) -> None:
        named = session.get("employee_id") if isinstance(session, dict) else None
        if named is not None and Id().read(named) != self._employee:
            raise AccessDenied("the session's employee_id is not the token's", safe="nothing was stored")


def _same(session: Json, source: Rows, there: Rows) -> bool:
    """Whether it is what stands there, apart from what was said since."""
    moved, _ = INTERVIEWS.as_moved(there, INTERVIEWS.parts(source), source)
    _, record = INTERVIEWS.to_record(None, moved)
    return canonical(record) == canonical(session)


def _values(found: Rows) -> dict[str, Any]:
    talk, interview, messages = found["conversations"][0], found["interviews"][0], found["messages"]
    columns = ("id", "title", "status", "language", "metadata", "created_at", "updated_at", "activity_at")
    return {
        **{name: talk[name] for name in columns},
        "owner": talk["owner_id"],
        "last": talk["last_sequence"],
        "completed_at": talk["completed_at"],
        "employee": interview["employee_id"],
        "level": interview["technical_level"],
        "session": interview["session_id"],
        "pending": interview["pending"],
        "state": dump(interview["state"]),
        "summary": None if interview["summary"] is None else dump(interview["summary"]),
        "ids": text_array(str(one["id"]) for one in messages),
        "times": text_array(one["created_at"].isoformat() for one in messages),
        "roles": text_array(one["role"] for one in messages),
        "contents": text_array(one["content"] for one in messages),
        "notes": text_array(None if one["metadata"] is None else dump(one["metadata"]) for one in messages),
    }


def _there(row: Sequence[Any]) -> Row:
    found = dict(zip((*_TALK, *_INTERVIEW), row, strict=True))
    return found | {"metadata": parse_trusted(found["metadata"])}


def _said(row: Sequence[Any]) -> Row:
    id_, number, role, content, at, metadata = row
    held = None if metadata is None else parse_trusted(metadata)
    return {"id": id_, "sequence_number": number, "role": role, "content": content, "created_at": at, "metadata": held}
