"""One user's cases: read, added, changed, decided on, ordered, deleted, and every change of them taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from arraigo.apps.testplans import rows
from arraigo.apps.testplans.linking import links_in
from arraigo.apps.testplans.preset import case_fields
from arraigo.apps.testplans.reading import CASES, Plans
from arraigo.apps.testplans.undoing import way_back
from arraigo.apps.testplans.views import CaseView, Modification
from arraigo.errors import Conflict, InvalidInput, NotFound
from arraigo.ids import uuid7
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import Ask
from arraigo.store import checks
from arraigo.store.access import Access

MOST_MODIFICATIONS = 1000
_EMPTY: Mapping[str, Any] = {
    "test_case_description": "",
    "preconditions": "",
    "test_data": "",
    "test_steps": [],
    "expected_results": "",
    "requirements": "",
    "technique": "manual",
    "script": [],
    "custom_fields": {},
    "priority": "MEDIA",
    "status": "MANUAL",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases of a plan: those that are named, or those that all of this is true of; None: it does not matter."""

    ids: Sequence[UUID] | None = None
    status: str | None = None
    priority: str | None = None
    technique: str | None = None
    created_by: str | None = None
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """What a case stands in: the project's own fields, and the requirements that are known."""

    fields: Mapping[str, str]
    codes: Sequence[str] = field(repr=False)


class Cases:
    """One user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def get(self, case: UUID) -> CaseView:
        """One case.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        return _only(case, await self._read(case))

    async def fields(self, case: CaseView) -> Mapping[str, str]:
        """The fields of the case's project, and what each is called."""
        return (await self._around(case.conversation_id)).fields

    async def add(self, plan: UUID, values: Mapping[str, Any]) -> CaseView:
        """A case made by hand, the last of its plan.

        Args:
            plan: Which.
            values: By field; those of the project beside the others. What is not given is empty.

        Raises:
            InvalidInput: A field is not known. NotFound: There is no such plan.
        """
        owner = await self._access.identity()
        around = await self._around((await Plans(self._access).row(plan)).conversation_id)
        made, links = _checked(values, around)
        id_ = uuid7()
        asked = {"id": id_, "plan": plan, "owner": owner, "case": dict(_EMPTY) | made, "links": links or "{}"}
        found = await self._do(CASES.lock_plan, CASES.add_case, asked)
        return _only(plan, found, "plan")

    async def change(self, case: UUID, values: Mapping[str, Any], version: int | None = None) -> CaseView | None:
        """Change fields; None where `version` is given and the case has another one by now.

        Raises:
            InvalidInput: A field is not known. NotFound: There is no such case.
        """
        had = await self.get(case)
        changes, links = _checked(values, await self._around(had.conversation_id))
        return await self._change(had, changes, links, version)

    async def _change(
        self, had: CaseView, changes: Mapping[str, Any], links: str | None, version: int | None
    ) -> CaseView | None:
        owner = await self._access.identity()
        asked = {"id": had.id, "owner": owner, "changes": dict(changes), "links": links, "version": version}
        found = await self._do(CASES.lock, CASES.change_case, asked)
        if found or version is None:
            return _only(had.id, found)
        await self.get(had.id)  # which says that it is gone, if it is
        return None

    async def delete(self, case: UUID, version: int | None = None) -> bool:
        """Delete one; False where `version` is given and the case has another one by now.

        Raises:
            NotFound: There is no such case.
        """
        owner = await self._access.identity()
        values = {"id": case, "owner": owner, "version": version}
        _, gone = await self._access.database.fetch_all(
            [Ask(CASES.lock, values, tuple), Ask(CASES.delete_case, values, tuple)], identity=owner
        )
        if not gone:
            await self.get(case)
        return bool(gone)

    async def decide(self, plan: UUID, chosen: Chosen, status: str) -> Sequence[UUID]:
        """Give cases a status; those that did not have it.

        Raises:
            NotFound: There is no such plan, or one of the cases is not in it; nothing is changed then.
        """
        await Plans(self._access).row(plan)
        owner = await self._access.identity()
        values = {
            "plan": plan,
            "owner": owner,
            "status": status,
            "ids": _ids(None if chosen.ids is None else tuple(dict.fromkeys(chosen.ids))),
            "of_status": chosen.status,
            "of_priority": chosen.priority,
            "of_technique": chosen.technique,
            "of_created_by": chosen.created_by,
            "of_requirement": chosen.requirement,
        }
        asked: list[Ask[Any]] = [
            Ask(CASES.lock_plan, values, tuple),
            Ask(CASES.decide, values, _first),
            Ask(CASES.how_many, values, _first),
        ]
        _, changed, [there] = await self._access.database.fetch_all(asked, identity=owner)
        if chosen.ids is not None and there != len(set(chosen.ids)):
            raise NotFound(f"a case that is named is not in plan {plan}", safe="nothing was changed")
        return changed

    async def order(self, plan: UUID, cases: Sequence[UUID]) -> Sequence[UUID]:
        """Put cases into this order; they take the places that they have together now. All of the plan's, in order.

        Raises:
            InvalidInput: One is named twice.
            NotFound: There is no such plan, or one of the cases is not in it; nothing is changed then.
        """
        if len(set(cases)) != len(cases):
            raise InvalidInput("a case is named twice", safe="nothing was changed")
        await Plans(self._access).row(plan)
        owner = await self._access.identity()
        values = {"plan": plan, "owner": owner, "ids": _ids(cases)}
        asked: list[Ask[Any]] = [
            Ask(CASES.lock_plan, values, tuple),
            Ask(CASES.order, values, _first),
            Ask(CASES.how_many, values, _first),
            Ask(CASES.ids_of_plan, values, _first),
        ]
        *_, [there], ordered = await self._access.database.fetch_all(asked, identity=owner)
        if there != len(cases):
            raise NotFound(f"a case that is named is not in plan {plan}", safe="nothing was changed")
        return ordered

    async def modifications(self, case: UUID, limit: int = MOST_MODIFICATIONS) -> Sequence[Modification]:
        """What was changed of it, the newest first; also when it is deleted.

        Raises:
            NotFound: There was never such a case, or it is somebody else's.
        """
        owner = await self._access.identity()
        values = {"id": case, "owner": owner, "limit": checks.limit(limit, MOST_MODIFICATIONS)}
        found = await self._access.database.fetch(CASES.modifications, values, rows.modification, identity=owner)
        if not found:
            raise NotFound(f"there is no case {case}")
        return found

    async def undo(self, case: UUID, modification: UUID) -> CaseView | None:
        """Take one change back; the case as it is then, None where it was taken back that it was made.

        Raises:
            Conflict: What was changed then has changed again since. NotFound: The log has no such change.
        """
        log = await self.modifications(case)
        done = next((one for one in log if one.id == modification), None)
        if done is None:
            raise NotFound(f"case {case} has no modification {modification}")
        had = next(iter(await self._read(case)), None)
        way = way_back(done, had, log)
        if had is None:
            owner = await self._access.identity()
            asked = {"id": case, "owner": owner, "case": way.values, "links": text_array(way.links or ())}
            return _only(case, await self._do(CASES.lock_plan, CASES.restore_case, asked | _plan(way.values)))
        if way.act == "delete":
            if not await self.delete(case, had.version):
                raise _meanwhile(had)
            return None
        links = None if way.links is None else text_array(way.links)
        if way.links is None and "requirements" in way.values:
            links = text_array(links_in(way.values["requirements"], (await self._around(had.conversation_id)).codes))
        changed = await self._change(had, way.values, links, had.version)
        if changed is None:
            raise _meanwhile(had)
        return changed

    async def _read(self, case: UUID) -> list[CaseView]:
        owner = await self._access.identity()
        return await self._access.database.fetch(
            CASES.case_by_id, {"id": case, "owner": owner}, rows.case, identity=owner
        )

    async def _do(self, lock: Any, act: Any, values: dict[str, Any]) -> list[CaseView]:
        """Lock, act, and read the case if anything was done."""
        asked: list[Ask[Any]] = [
            Ask(lock, values, tuple),
            Ask(act, values, _first),
            Ask(CASES.case_by_id, values, rows.case),
        ]
        _, done, found = await self._access.database.fetch_all(asked, identity=values["owner"])
        return found if done else []

    async def _around(self, conversation: UUID) -> _Around:
        owner = await self._access.identity()
        found: list[Sequence[Any]] = await self._access.database.fetch(
            CASES.surroundings, {"conversation": conversation, "owner": owner}, tuple, identity=owner
        )
        if not found:
            raise NotFound(f"there is no conversation {conversation}")
        project, own, codes = found[0]
        return _Around(case_fields(own if project else None, "es"), codes)


def _checked(values: Mapping[str, Any], around: _Around) -> tuple[dict[str, Any], str | None]:
    """The case's own columns, with the project's fields where they are kept; and the links that the text names."""
    made = {name: value for name, value in values.items() if name in {*_EMPTY, "test_case_name"}}
    custom = {name: value for name, value in values.items() if name not in made}
    unknown = next((name for name in custom if name not in around.fields), None)
    if unknown is not None:
        raise InvalidInput(
            f"a case has no field {unknown!r:.60}", safe="nothing was changed", remedy="see the project's case_fields"
        )
    if custom or "custom_fields" in made:
        made["custom_fields"] = checks.json_object({**made.get("custom_fields", {}), **custom}, "custom_fields")
    links = text_array(links_in(made["requirements"], around.codes)) if "requirements" in made else None
    return made, links


def _plan(case: Mapping[str, Any]) -> dict[str, Any]:
    return {"plan": case.get("test_plan_id")}


def _ids(ids: Sequence[UUID] | None) -> str | None:
    return None if ids is None else text_array(str(id_) for id_ in ids)


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _meanwhile(case: CaseView) -> Conflict:
    return Conflict(
        f"case {case.testcase_number} was changed meanwhile", safe="nothing was changed", remedy="try again"
    )


def _only(wanted: UUID, found: Sequence[CaseView], what: str = "case") -> CaseView:
    if not found:
        raise NotFound(f"there is no {what} {wanted}")
    return found[0]
