"""A round of generating: what is there is read, cases are made outside of any transaction, then all is kept.

Two rounds at once on one conversation: here they wait for each other; on two servers the later one begins again with
what the first one made, so that neither is lost and nothing is made twice.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from arraigo.apps.testplans import rows
from arraigo.apps.testplans.generators import Generator, Situation
from arraigo.apps.testplans.plan import Case, Configuration, Generation, Kept, Language, Requirement
from arraigo.apps.testplans.reading import CASES, Plans, language_of
from arraigo.apps.testplans.rows import Talk
from arraigo.apps.testplans.talks import QUERIES, Talks
from arraigo.apps.testplans.views import CaseView, PlanRow, PlanView
from arraigo.errors import Conflict, NotFound
from arraigo.ids import uuid7
from arraigo.postgres.database import Ask
from arraigo.store.access import Access
from arraigo.store.context import Ref

_MOST_TRIES = 20
_NO_REQUIREMENTS: Mapping[Language, str] = {
    "es": "La conversación no tiene requisitos todavía: suba un documento con ellos y espere a que se procese.",
    "en": "The conversation has no requirements yet: upload a document that has them and wait until it is processed.",
}
_MADE: Mapping[Language, str] = {
    "es": "Plan generado con {} casos de prueba",
    "en": "Plan generated with {} test cases",
}


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to.

    Attributes:
        cases: The new ones.
        response: What the assistant said.
        notes: What there is to know beside it.
    """

    conversation_id: UUID
    view: PlanView
    cases: Sequence[CaseView]
    response: str
    notes: Sequence[str]
    model_used: str
    processing_time_ms: int


@dataclass(frozen=True, slots=True)
class _Before:
    """What is there before a round; plan and cases are of the plan that goes on."""

    talk: Talk
    configuration: Configuration
    requirements: Sequence[Requirement]
    plan: PlanRow | None
    cases: Sequence[CaseView]


class Planning:
    """One user's rounds.

    Args:
        access: The database, in the user's name.
        generator: Who makes the cases.
        turns: One lock for each conversation, shared by all of this process.
    """

    def __init__(self, access: Access, generator: Generator, turns: WeakValueDictionary[UUID, asyncio.Lock]) -> None:
        self._access = access
        self._generator = generator
        self._turns = turns

    async def generate(self, ref: Ref, instruction: str = "", *, new_plan: bool = False) -> Round:
        """Make cases, for the conversation's latest plan or for a new one.

        Args:
            ref: The conversation, by its id or by its external id.
            instruction: What the user says; it is stored with the answer. Empty: nothing is.
            new_plan: Whether to begin another plan.

        Raises:
            Conflict: The conversation was never configured.
            NotFound: There is no such conversation.
        """
        began = time.monotonic()
        wanted = (await Talks(self._access).get(ref)).id
        async with self._turns.setdefault(wanted, asyncio.Lock()):
            for _ in range(_MOST_TRIES):
                before = await self._before(wanted, new_plan=new_plan)
                language = language_of(before.talk, before.requirements)
                kept = tuple(_kept(case) for case in before.cases)
                situation = Situation(before.requirements, before.configuration, language, instruction, kept)
                made, name = await self._generator.generate(situation)
                made = _noted(made, situation)
                took = round((time.monotonic() - began) * 1000)
                said = _said(situation, made, {"processing_time_ms": took, "model_used": name})
                new = [(uuid7(), case) for case in made.cases]
                plan = await self._keep(before, made, new, said)
                if plan is not None:
                    view = await Plans(self._access).get(plan)
                    ids = {id_ for id_, _ in new}
                    cases = [case for case in view.cases if case.id in ids]
                    return Round(wanted, view, cases, said["assistant"]["content"], made.notes, name, took)
        raise Conflict(
            f"others keep generating in conversation {wanted}", safe="nothing was changed", remedy="try again"
        )

    async def _before(self, conversation: UUID, *, new_plan: bool) -> _Before:
        owner = await self._access.identity()
        values = {"id": conversation, "conversation": conversation, "owner": owner}
        asked: list[Ask[Any]] = [
            Ask(QUERIES.talk_by_id, values, rows.talk),
            Ask(QUERIES.requirements, values, rows.requirement),
            Ask(QUERIES.plans_of_talk, values, rows.plan),
        ]
        talks, requirements, plans = await self._access.database.fetch_all(asked, identity=owner)
        if not talks:
            raise NotFound(f"there is no conversation {conversation}")
        configuration = talks[0].configuration
        if configuration is None:
            raise Conflict(
                f"conversation {conversation} has no configuration yet",
                safe="nothing was changed",
                remedy="set its plan_type with PUT first",
            )
        plan = plans[0] if plans and not new_plan else None
        cases: list[CaseView] = []
        if plan is not None:
            cases = await self._access.database.fetch(
                CASES.cases_of_plan, {"plan": plan.id, "owner": owner}, rows.case, identity=owner
            )
        return _Before(talks[0], configuration, requirements, plan, cases)

    async def _keep(
        self, before: _Before, made: Generation, new: Sequence[tuple[UUID, Case]], said: dict[str, Any]
    ) -> UUID | None:
        """Store all of it; None: another round came first."""
        versions = {str(case.id): case.version for case in before.cases}
        values = {
            "owner": before.talk.owner_id,
            "conversation": before.talk.id,
            "rounds": before.talk.rounds,
            "plan": {
                "id": str(before.plan.id if before.plan else uuid7()),
                "title": before.configuration.plan_title,
                "plan_type": before.configuration.plan_type,
                "target": before.configuration.coverage_percentage,
                "configuration": before.configuration.model_dump(mode="json"),
                "reasons": {one.requirement: one.why for one in made.uncovered},
                "notes": list(made.notes),
            },
            "cases": {"cases": [_case(id_, case) for id_, case in new]},
            "dropped": {"cases": [{"id": id_, "version": versions[id_]} for id_ in made.dropped if id_ in versions]},
            "said": said,
        }
        outcome, plan = await self._access.database.call(QUERIES.keep_generation, values, tuple)
        if outcome == "missing":
            raise NotFound(f"there is no conversation {before.talk.id}")
        found: UUID | None = None if outcome == "late" else plan
        return found


def _kept(case: CaseView) -> Kept:
    made = Case.model_construct(
        test_case_name=case.test_case_name,
        test_case_description=case.test_case_description,
        preconditions=case.preconditions,
        test_data=case.test_data,
        test_steps=case.test_steps,
        expected_results=case.expected_results,
        requirements=case.links,
        priority=case.priority,
        technique=case.technique,
        script=case.script,
        custom_fields=case.custom_fields,
    )
    return Kept.model_construct(id=str(case.id), status=case.status, created_by=case.created_by, case=made)


def _noted(made: Generation, situation: Situation) -> Generation:
    if situation.requirements:
        return made
    note = _NO_REQUIREMENTS[situation.language]
    return made.model_copy(update={"notes": (note, *made.notes), "response": made.response or note})


def _said(situation: Situation, made: Generation, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Both sides of the round, as messages."""
    content = made.response or _MADE[situation.language].format(len(made.cases))
    instruction = situation.instruction
    user = {"id": str(uuid7()), "role": "user", "content": instruction} if instruction else None
    return {
        "user": user,
        "assistant": {"id": str(uuid7()), "role": "assistant", "content": content, "metadata": dict(metadata)},
    }


def _case(id_: UUID, case: Case) -> dict[str, Any]:
    return case.model_dump(mode="json", exclude={"script", "requirements"}) | {
        "id": str(id_),
        "script": [rows.step(one) for one in case.script],
        "requirements": ", ".join(case.requirements),
        "links": list(case.requirements),
    }
