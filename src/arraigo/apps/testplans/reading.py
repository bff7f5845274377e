"""One user's plans, as they are kept."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from arraigo.apps.testplans import rows
from arraigo.apps.testplans.coverage import coverage_of
from arraigo.apps.testplans.plan import Language, Requirement
from arraigo.apps.testplans.preset import case_fields
from arraigo.apps.testplans.rows import Talk
from arraigo.apps.testplans.talks import QUERIES
from arraigo.apps.testplans.views import PlanRow, PlanStatus, PlanView
from arraigo.errors import NotFound
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store.access import Access

CASES = load("arraigo.apps.testplans", "cases.sql")


class Plans:
    """One user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def row(self, plan: UUID) -> PlanRow:
        """A plan without its cases.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()
        found = await self._access.database.fetch(
            QUERIES.plan_by_id, {"id": plan, "owner": owner}, rows.plan, identity=owner
        )
        if not found:
            raise NotFound(f"there is no plan {plan}")
        return found[0]

    async def get(self, plan: UUID, *, log: bool = False) -> PlanView:
        """A plan with all that belongs to it; with its log, if it is asked for.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        conversation = (await self.row(plan)).conversation_id
        owner = await self._access.identity()
        values = {"id": plan, "plan": plan, "conversation": conversation, "owner": owner}
        asked: list[Ask[Any]] = [
            Ask(QUERIES.plan_by_id, values, rows.plan),
            Ask(QUERIES.talk_by_id, values | {"id": conversation}, rows.talk),
            Ask(QUERIES.requirements, values, rows.requirement),
            Ask(CASES.cases_of_plan, values, rows.case),
        ]
        if log:
            asked.append(Ask(CASES.modifications_of_plan, values, rows.modification))
        plans, talks, requirements, cases, *changes = await self._access.database.fetch_all(asked, identity=owner)
        if not plans or not talks:
            raise NotFound(f"there is no plan {plan}")
        found, talk = plans[0], talks[0]
        language = language_of(talk, requirements)
        return PlanView(
            plan=found,
            configuration=talk.configuration or found.configuration,
            language=language,
            project=talk.project,
            case_fields=case_fields(talk.case_fields, language),
            requirements=tuple(requirements),
            cases=tuple(cases),
            coverage=coverage_of(found.target_coverage, requirements, cases, found.reasons, language),
            modifications=tuple(changes[0]) if changes else (),
        )

    async def change(self, plan: UUID, *, title: str | None = None, status: PlanStatus | None = None) -> PlanRow:
        """Call it otherwise, or say how far it is.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()
        values = {"id": plan, "owner": owner, "title": title, "status": status}
        await self._access.database.fetch(QUERIES.change_plan, values, tuple, identity=owner)
        return await self.row(plan)


def language_of(talk: Talk, requirements: Sequence[Requirement]) -> Language:
    """The conversation's own, else that of most requirements, else Spanish."""
    if talk.language is not None:
        return talk.language
    english = sum(one.language == "en" for one in requirements)
    return "en" if 2 * english > len(requirements) else "es"
