"""One employee's interviews: begun, gone on with, listed, ended. The interviewer's state is the server's alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from arraigo.apps.interviews.context import ContextService
from arraigo.apps.interviews.interview import Interview, Language, Level, Said, Status, Whole
from arraigo.apps.interviews.interviewer import agent
from arraigo.apps.interviews.interviewer.types import Interviewer, Plan, Situation, State
from arraigo.apps.interviews.turns import Answer, Answered, attention, following, otherwise, over, pending_question, put
from arraigo.apps.interviews.turns import repeated as repeated_answer
from arraigo.errors import AccessDenied, Conflict, InvalidInput, NotFound
from arraigo.ids import derived, uuid7
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store import UserStore, checks
from arraigo.store.access import Access

QUERIES = load("arraigo.apps.interviews")
_log = structlog.get_logger()
MAX_ANSWER = 20_000  # characters

# What each status is called in the conversation's row; "archived" comes from elsewhere.
_KEPT: Mapping[Status, tuple[str, ...]] = {
    "in_progress": ("active",),
    "completed": ("completed",),
    "cancelled": ("cancelled", "archived"),
}
_STATUS: Mapping[str, Status] = {kept: status for status, names in _KEPT.items() for kept in names}
_WAYS: Mapping[Status, tuple[Status, ...]] = {
    "in_progress": ("completed", "cancelled"),
    "cancelled": ("in_progress",),
    "completed": (),
}
TITLES: Mapping[Language, str] = {"es": "Entrevista", "en": "Interview", "pt": "Entrevista"}


@dataclass(frozen=True, slots=True)
class Office:
    """What all interviews of one server share: what is asked about, who asks, who knows the employees."""

    plan: Plan
    interviewer: Interviewer
    context: ContextService | None = None
    turns: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which interviews to list; None: all of them.

    Attributes:
        start: Begun then or later.
        end: Begun before then.
    """

    status: Status | None = None
    language: Language | None = None
    start: datetime | None = None
    end: datetime | None = None


class Interviews:
    """One employee's interviews.

    Args:
        access: The database, in the name of the user whose they are.
        employee: Whose.
        office: Who asks, and what about.
    """

    def __init__(self, access: Access, employee: UUID, office: Office) -> None:
        self._access = access
        self._employee = employee
        self._office = office

    async def start(self, language: Language, level: Level, *, once: str | None = None) -> Answered:
        """Begin one; with the same `once` it is the same one.

        Raises:
            NotFound: The context service knows no such employee. ContextAway: It cannot be asked.
        """
        owner = await self._access.identity()
        id_ = uuid7() if once is None else derived(self._access.key, "interview once", str(self._employee), once)
        if self._office.context is not None:
            await self._office.context.check(self._employee)
        opening = agent.begin(self._office.plan, language, level)
        values = {
            "id": id_,
            "owner": owner,
            "employee": self._employee,
            "title": TITLES[language],
            "language": language,
            "level": level,
            "state": opening.state.model_dump(mode="json"),
            "question_id": uuid7(),
            "question": opening.text,
            "metadata": {"topic": opening.state.topic, "asked_by": agent.OFFLINE.name},
        }
        made = await self._access.database.fetch(QUERIES.start, values, tuple, identity=owner)
        whole, _ = await self._read(id_)
        had = whole.interview
        if (had.language, had.technical_level) != (language, level):
            raise Conflict(
                f"interview {id_} was begun with this key in another language or at another level",
                safe="nothing was stored",
                remedy="give another interview another Idempotency-Key",
            )
        return put(whole, 0, repeated=not made)

    async def get(self, id: UUID) -> Whole:
        """One with its messages.

        Raises:
            AccessDenied: It is somebody else's. NotFound: There is none.
        """
        return (await self._read(id))[0]

    async def list(self, filters: Filters, *, page: int = 1, page_size: int = 20) -> tuple[list[Interview], int]:
        """A page of them, from 1, the newest first; and how many there are in all."""
        owner = await self._access.identity()
        values = {
            "owner": owner,
            "employee": self._employee,
            "statuses": None if filters.status is None else text_array(_KEPT[filters.status]),
            "language": filters.language,
            "start": filters.start,
            "end": filters.end,
            "limit": page_size,
            "offset": (page - 1) * page_size,
        }
        asked: list[Ask[Any]] = [Ask(QUERIES.list, values, _interview), Ask(QUERIES.count, values, _first)]
        found, (total,) = await self._access.database.fetch_all(asked, identity=owner)
        return found, total

    async def change_status(self, id: UUID, status: Status) -> Interview:
        """End one, or take a cancelled one up again.

        Raises:
            Conflict: It cannot come from its status to this one, or went on meanwhile.
        """
        whole = await self.get(id)
        had = whole.interview
        if had.status == status:
            return had
        if status not in _WAYS[had.status]:
            ways = " or ".join(_WAYS[had.status])
            raise Conflict(
                f"interview {id} is {had.status} and cannot become {status}",
                safe="nothing was changed",
                remedy=f"it can become {ways}" if ways else "start another one",
            )
        summary = None
        if status == "completed" and any(said.role == "user" for said in whole.messages):
            summary = await agent.close(self._office.interviewer, self._situation(whole))
        values = {
            "owner": had.owner_id,
            "id": id,
            "turn": had.turn,
            "from": _KEPT[had.status][0],
            "to": _KEPT[status][0],
            "summary": None if summary is None else summary.model_dump(mode="json"),
        }
        if not await self._access.database.call(QUERIES.change_status, values, _first):
            raise Conflict(f"interview {id} went on meanwhile", safe="nothing was changed", remedy="read it again")
        return (await self.get(id)).interview

    async def answer(
        self, id: UUID, text: str, *, message_id: str | None = None, arrived: float | None = None
    ) -> Answered:
        """Take an answer, and say what comes next. The same answer again is answered the same (see `turns`).

        Args:
            id: Which interview.
            text: What the participant says.
            message_id: The client's own name for this answer; with it, it can be sent again at any time.
            arrived: When it came, in seconds of the event loop's clock; None: now.

        Raises:
            Conflict: The interview is over; or the question was answered otherwise; or this message_id was.
        """
        clock = asyncio.get_running_loop().time
        arrived = clock() if arrived is None else arrived
        checks.text(text, "user_response", most=MAX_ANSWER, least=1)
        if not text.strip():
            raise InvalidInput("user_response is empty", remedy="say something, if only that you do not know")
        if message_id is not None:
            checks.text(message_id, "message_id", most=255, least=1)
        late = False
        async with self._office.turns.setdefault(id, asyncio.Lock()):
            while True:
                waited = timedelta(seconds=clock() - arrived)
                whole, now = await self._read(id)
                answer = Answer(text, message_id, now - waited, late)
                name = answer.name(self._access.key, whole.interview)
                done = repeated_answer(whole, answer, name) or await self._take(whole, answer, name, now)
                if done is not None:
                    return done
                if late:
                    raise otherwise(whole.interview)
                late = True  # another server was quicker: once more

    async def note_delivery(self, asked: Answered, *, delivered: bool) -> None:
        """Whether what follows an answer without a message_id reached its client, who may send it again if not."""
        one = asked.interview
        if asked.answer is None or (delivered and one.undelivered is None):
            return
        values = {"id": one.id, "turn": one.turn, "undelivered": None if delivered else asked.answer}
        await self._access.database.fetch(QUERIES.note_delivery, values, tuple, identity=one.owner_id)

    async def resume(self, id: UUID) -> Answered:
        """The question that waits; a new one only where none does, as an interview may come from a browser.

        Raises:
            Conflict: It is over.
        """
        async with self._office.turns.setdefault(id, asyncio.Lock()):
            whole, _ = await self._read(id)
            had = whole.interview
            if had.status != "in_progress":
                raise over(had)
            pending = pending_question(whole)
            if pending is not None:
                return put(whole, whole.messages.index(pending), repeated=True)
            turn = await agent.pick_up(self._office.interviewer, self._situation(whole))
            outcome, number = await self._keep(had, None, turn)
            if outcome != "stored":
                raise otherwise(had)
            whole, _ = await self._read(id)
            return put(whole, next(place for place, said in enumerate(whole.messages) if said.number == number))

    async def _take(self, whole: Whole, answer: Answer, name: UUID, now: datetime) -> Answered | None:
        """Think, outside any transaction, then keep both sides; None: somebody else was quicker."""
        had = whole.interview
        if had.status != "in_progress":
            raise over(had)
        turn = await agent.turn(
            self._office.interviewer,
            self._situation(whole, answer.text),
            number=had.messages + 1,
            seconds=attention(whole, now),
        )
        message = {"id": str(name), "content": answer.text, "metadata": answer.note()}
        if turn.asked_by != self._office.interviewer.name:
            _log.warning(
                "the model did not answer, and the interview went on without it", model=self._office.interviewer.name
            )
        outcome, number = await self._keep(had, message, turn)
        if outcome not in {"stored", "repeated"}:
            return None
        after, _ = await self._read(had.id)
        place = next(place for place, said in enumerate(after.messages) if said.number == number)
        return following(after, place, repeated=outcome == "repeated")

    async def _keep(self, had: Interview, answer: dict[str, Any] | None, turn: agent.Turn) -> tuple[str, int]:
        values = {
            "owner": had.owner_id,
            "id": had.id,
            "turn": had.turn,
            "answer": answer,
            "question": {"id": str(uuid7()), "content": turn.text, "metadata": _note(turn)},
            "state": turn.state.model_dump(mode="json"),
            "summary": None if turn.summary is None else turn.summary.model_dump(mode="json"),
            "final": turn.final,
        }
        outcome, number = await self._access.database.call(QUERIES.take_turn, values, tuple)
        return outcome, number

    def _situation(self, whole: Whole, answer: str = "") -> Situation:
        had = whole.interview
        state = State.model_validate(had.state)
        return Situation(self._office.plan, state, had.language, had.technical_level, whole.messages, answer)

    async def _read(self, id: UUID) -> tuple[Whole, datetime]:
        """One interview, its messages, and the database's time."""
        owner = await self._access.identity()
        values = {"id": id, "owner": owner, "employee": self._employee}
        asked: list[Ask[Any]] = [
            Ask(QUERIES.interview_by_id, values, _interview),
            Ask(QUERIES.messages, values, _said),
            Ask(QUERIES.clock, {}, _first),
        ]
        found, messages, (now,) = await self._access.database.fetch_all(asked, identity=owner)
        if not found:
            raise await self._missing(id, owner)
        return Whole(found[0], tuple(messages)), now

    async def _missing(self, id: UUID, owner: UUID) -> AccessDenied | NotFound:
        """Row-level security hides whether it is somebody else's: asked only after a miss."""
        (level,) = await self._access.database.fetch(QUERIES.access, {"id": id}, _first, identity=owner)
        if level == "none":
            return NotFound(f"there is no interview {id}")
        return AccessDenied(f"interview {id} is somebody else's")


async def of_employee(mine: UserStore, employee: UUID) -> tuple[UUID, bool]:
    """The user whose an employee's interviews are (the caller, the first time), and whether they are active."""

    async def link(access: Access) -> tuple[UUID, bool]:
        values, caller = {"employee": str(employee)}, await access.identity()
        (found,) = await access.database.fetch(QUERIES.link_employee, values, tuple, identity=caller)
        return found

    return await mine.part(link)


def _note(turn: agent.Turn) -> dict[str, str]:
    """What is kept beside a question."""
    return {"topic": turn.state.topic, "asked_by": turn.asked_by}


def _interview(row: Sequence[Any]) -> Interview:
    id_, owner, employee, language, level, status, *rest = row
    return Interview(id_, owner, employee, language, level, _STATUS[status], *rest)


def _said(row: Sequence[Any]) -> Said:
    id_, number, role, content, at, metadata = row
    return Said(id_, number, role, content, at.astimezone(UTC), metadata)


def _first(row: Sequence[Any]) -> Any:
    return row[0]
