"""One user's conversations about test plans: configured, listed, read whole, changed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from arraigo.apps.testplans import rows
from arraigo.apps.testplans.plan import Configuration, Glossary, Language, PlanType, Requirement
from arraigo.apps.testplans.preset import ADDRESSES
from arraigo.apps.testplans.rows import Talk
from arraigo.apps.testplans.views import PlanRow
from arraigo.errors import AccessDenied, InvalidInput, NotFound
from arraigo.ids import uuid7
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store import checks
from arraigo.store.access import Access
from arraigo.store.context import Ref
from arraigo.store.projects import Projects

QUERIES = load("arraigo.apps.testplans")
PAGE = 50
_BEGUN = "Conversación iniciada para plan de pruebas: {}"
_MOST_NAME = 255


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations to list; None: all of them."""

    plan_type: PlanType | None = None
    status: str | None = None
    date_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list."""

    id: UUID
    title: str
    status: str
    plan_type: PlanType | None
    created_at: datetime
    updated_at: datetime
    total_plans: int
    total_test_cases: int


@dataclass(frozen=True, slots=True)
class Message:
    """What was said."""

    id: UUID
    sequence_number: int
    role: str
    content: str
    metadata: dict[str, Any] | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation with its messages, ascending, and its plans, the newest first."""

    talk: Talk
    messages: Sequence[Message]
    plans: Sequence[PlanRow]


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change; None: it stays."""

    title: str | None = None
    status: str | None = None
    plan_type: PlanType | None = None
    coverage_percentage: int | None = None
    min_test_cases: int | None = None
    max_test_cases: int | None = None
    project_context: str | None = None
    glossary: Glossary | None = None


class Talks:
    """One user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def configure(
        self, configuration: Configuration, *, project: UUID | None = None, language: Language | None = None
    ) -> Talk:
        """Begin one. Without a project, the first line of the project's context names one, which is made if need be.

        Raises:
            NotFound: There is no such project.
        """
        owner = await self._access.identity()
        if project is not None:
            await Projects(self._access).get(project)
        name = next(iter(configuration.project_context.strip().splitlines()), "").strip()[:_MOST_NAME]
        id_ = uuid7()
        values = _settings(configuration) | {
            "id": id_,
            "owner": owner,
            "title": configuration.plan_title,
            "language": language,
            "project": project,
            "project_id": uuid7(),
            "project_name": name,
            "case_fields": dict(ADDRESSES),
            "message_id": uuid7(),
            "message": _BEGUN.format(configuration.plan_title),
        }
        values["project_context"] = configuration.project_context
        asked = [Ask(QUERIES.make_talk, values, tuple)]
        if project is None and name:
            asked.insert(0, Ask(QUERIES.make_project, values, tuple))
        await self._access.database.fetch_all(asked, identity=owner)
        return await self.get(id_)

    async def check_is_me(self, name: str) -> None:
        """Make sure that the caller goes by this name.

        Raises:
            AccessDenied: They do not.
        """
        owner = await self._access.identity()
        found: list[tuple[bool]] = await self._access.database.fetch(
            QUERIES.is_me, {"owner": owner, "name": name}, tuple, identity=owner
        )
        if name == "anonymous" or not found[0][0]:
            raise AccessDenied("this is not the token's user", remedy="leave it out, or name the token's subject")

    async def list(self, filters: Filters, cursor: str | None = None) -> tuple[Sequence[Listed], int, str | None]:
        """Fifty of them, the newest activity first; how many there are in all; and the cursor of what follows."""
        owner = await self._access.identity()
        before, before_id = (None, None) if cursor is None else checks.from_cursor(cursor)
        values = {
            "owner": owner,
            "plan_type": filters.plan_type,
            "status": filters.status,
            "date_from": filters.date_from,
            "before": before,
            "before_id": before_id,
            "limit": PAGE + 1,
        }
        asked: list[Ask[Any]] = [
            Ask(QUERIES.list_talks, values, lambda row: Listed(*row)),
            Ask(QUERIES.count_talks, values, tuple),
        ]
        found, [(total,)] = await self._access.database.fetch_all(asked, identity=owner)
        more = len(found) > PAGE
        last = found[PAGE - 1] if more else None
        return found[:PAGE], total, last and checks.to_cursor(last.updated_at, last.id)

    async def get(self, ref: Ref) -> Talk:
        """One without its messages.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()

        async def read(wanted: UUID) -> Talk:
            found = await self._access.database.fetch(
                QUERIES.talk_by_id, {"id": wanted, "owner": owner}, rows.talk, identity=owner
            )
            return _only(wanted, found)

        return await self._access.find(ref, read)

    async def whole(self, ref: Ref) -> Whole:
        """One with all that was said, and its plans.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()

        async def read(wanted: UUID) -> Whole:
            values = {"id": wanted, "conversation": wanted, "owner": owner}
            asked: list[Ask[Any]] = [
                Ask(QUERIES.talk_by_id, values, rows.talk),
                Ask(QUERIES.messages, values, lambda row: Message(*row)),
                Ask(QUERIES.plans_of_talk, values, rows.plan),
            ]
            talks, messages, plans = await self._access.database.fetch_all(asked, identity=owner)
            return Whole(_only(wanted, talks), messages, plans)

        return await self._access.find(ref, read)

    async def requirements(self, ref: Ref) -> Sequence[Requirement]:
        """What was found in its documents, in their order."""
        talk = await self.get(ref)
        values = {"conversation": talk.id, "owner": talk.owner_id}
        return await self._access.database.fetch(QUERIES.requirements, values, rows.requirement, identity=talk.owner_id)

    async def papers(self, conversation: UUID) -> dict[UUID, tuple[tuple[str, ...], int]]:
        """By document: what a reader should know of it, and how many requirements it gave."""
        owner = await self._access.identity()
        values = {"conversation": conversation, "owner": owner}
        found: list[tuple[UUID, list[str], int]] = await self._access.database.fetch(
            QUERIES.papers, values, tuple, identity=owner
        )
        return {document: (tuple(notes), number) for document, notes, number in found}

    async def change(self, ref: Ref, changes: Changes) -> Talk:
        """Change what is given.

        Raises:
            InvalidInput: The least number of cases is more than the most; or the plan's type is not known.
            NotFound: There is none, or it is somebody else's.
        """
        talk = await self.get(ref)
        had = talk.configuration
        least = changes.min_test_cases if changes.min_test_cases is not None else had.min_test_cases if had else 0
        most = changes.max_test_cases if changes.max_test_cases is not None else had.max_test_cases if had else least
        if least > most:
            raise InvalidInput(f"min_test_cases {least} is more than max_test_cases {most}")
        values: dict[str, Any] = {
            "id": talk.id,
            "owner": talk.owner_id,
            "title": changes.title,
            "status": changes.status,
            "plan_type": changes.plan_type or (had and had.plan_type),
            "coverage_percentage": changes.coverage_percentage,
            "min_test_cases": changes.min_test_cases,
            "max_test_cases": changes.max_test_cases,
            "project_context": changes.project_context,
            "glossary": changes.glossary and changes.glossary.model_dump(mode="json"),
        }
        asked = [Ask(QUERIES.change_talk, values, tuple)]
        if any(values[name] is not None for name in _CONFIGURED) or changes.plan_type is not None:
            if values["plan_type"] is None:
                raise InvalidInput("this conversation has no configuration yet", remedy="give its plan_type too")
            asked.append(Ask(QUERIES.configure, values, tuple))
        changed, *_ = await self._access.database.fetch_all(asked, identity=talk.owner_id)
        if not changed:
            raise NotFound(f"there is no conversation {talk.id}")
        return await self.get(talk.id)


_CONFIGURED = ("coverage_percentage", "min_test_cases", "max_test_cases", "project_context", "glossary")


def _settings(configuration: Configuration) -> dict[str, Any]:
    return configuration.model_dump(mode="json")


def _only(wanted: UUID, found: Sequence[Talk]) -> Talk:
    if not found:
        raise NotFound(f"there is no conversation {wanted}")
    return found[0]
