"""What an iteration generated: rows of a plan, of its cases, and of the requirements that these name.

Iterations that name the same plan (`plan_id`) are one plan, unless they number a case alike; every other iteration is a
plan of its own, as the old assistant saved them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from arraigo.apps.testplans.legacy.cases import columns_of, id_in, links_of, members, number_in, text
from arraigo.apps.testplans.legacy.configuration import configured_in, plan_type_of, whole
from arraigo.apps.testplans.legacy.facts import date_of, title_of
from arraigo.ids import derived
from arraigo.move.records.attributes import Item, number_of, text_of
from arraigo.move.records.jsontext import Json, JsonText, Number, dump, quoted
from arraigo.move.records.shape import Context, Row, Rows, Table

UNTITLED = "Plan de pruebas"
_NO_TYPE = "plans of no known type became UNITARIAS"
_OF_SESSIONS = {"completed": "completed", "archived": "archived"}
_STATUSES = frozenset({"draft", "active", "completed", "archived"})
_OURS = re.compile(r"TC-0*([0-9]{1,9})")
_WHOLE = re.compile(r"[1-9][0-9]{0,14}")
_TICK = timedelta(microseconds=1)

PLANS = Table(
    "test_plans",
    anchor="conversation_id",
    columns=(
        *("conversation_id", "id", "owner_id", "title", "plan_type", "status", "target_coverage", "configuration"),
        *("last_number", "created_at"),
    ),
    json=frozenset({"configuration"}),
    order=("created_at", "id"),
    fixed=("owner_id",),
    key=("id",),
)
REQUIREMENTS = Table(
    "requirements",
    anchor="conversation_id",
    columns=("conversation_id", "code", "owner_id", "document_id", "position", "statement", "kind", "language"),
    json=frozenset(),
    order=("position",),
    fixed=("owner_id", "statement"),
    key=("code",),
)
CASES = Table(
    "test_cases",
    anchor="conversation_id",
    columns=(
        *("conversation_id", "id", "test_plan_id", "owner_id", "testcase_number", "position", "test_case_name"),
        *("test_case_description", "preconditions", "test_data", "test_steps", "expected_results", "requirements"),
        *("technique", "script", "custom_fields", "priority", "status", "created_by", "created_at", "updated_at"),
    ),
    json=frozenset({"test_steps", "script", "custom_fields"}),
    order=("created_at", "position"),
    fixed=("owner_id",),
    key=("id",),
    called="testcase_number",
)
LINKS = Table(
    "test_case_requirements",
    anchor="conversation_id",
    columns=("conversation_id", "test_case_id", "requirement", "owner_id"),
    json=frozenset(),
    order=("test_case_id", "requirement"),
    fixed=("owner_id",),
    key=("test_case_id", "requirement"),
)
TABLES = (PLANS, CASES, REQUIREMENTS, LINKS)
"""In the order in which they refer to each other."""


def held_cases(item: Item) -> list[Json] | None:
    """What the iteration generated; None: nothing is said of that."""
    cases = item.get("generated_cases")
    held = cases.get("L") if isinstance(cases, dict) and len(cases) == 1 else None
    return held if isinstance(held, list) else None


def facts_of(session: Item, item: Item) -> dict[str, Any]:
    """What a plan's columns say of it; of an unknown type: None. The iteration's own word goes before its session's."""
    held = configured_in(session)
    own = plan_type_of(text_of(item.get("plan_type")))
    target = whole(number_of(item.get("coverage_percentage")), 100)
    if target is None:
        target = whole(number_of(held.get("coverage_percentage")), 100)
    status = text_of(item.get("plan_status"))
    title = title_of(text_of(item.get("plan_title"))) or title_of(text_of(held.get("plan_title")))
    return {
        "title": title or UNTITLED,
        "plan_type": own or plan_type_of(text_of(held.get("plan_type"))),
        "status": status if status in _STATUSES else _OF_SESSIONS.get(text_of(session.get("status")) or "", "draft"),
        "target_coverage": 80 if target is None else target,
    }


def noted(item: Item, plan: str, count: int) -> dict[str, Json]:
    """What the metadata of an answer say of its plan, in the order in which `jsonb` has its keys."""
    used, took = text_of(item.get("model_used")), number_of(item.get("processing_time_ms"))
    said: dict[str, Json] = {"plan_id": plan}
    if used is not None:
        said["model_used"] = used
    said |= {"generated_cases": Number(str(count)), "total_test_cases": Number(str(count))}
    if took is not None and _WHOLE.fullmatch(took.text):
        said["processing_time_ms"] = took
    return said


@dataclass(slots=True)
class _Plan:
    row: Row
    numbers: set[str] = field(default_factory=set)
    last: int = 0
    size: int = 0


class Generated:
    """The plans of one session, iteration by iteration.

    Args:
        conversation: Its row, with its dates.
        session: Its item; empty: it is gone.
        configured: Its row of plan_configurations, if it has one.
        context: Where it goes.
    """

    def __init__(self, conversation: Row, session: Item, configured: Row | None, context: Context) -> None:
        self.rows: Rows = {table.name: [] for table in TABLES}
        self._conversation = conversation
        self._session = session
        self._configured = configured or {}
        self._context = context
        self._plans: dict[UUID, _Plan] = {}
        self._cases: set[UUID] = set()
        self._codes: dict[str, Row] = {}
        self._last: datetime | None = None

    def add(self, item: Item) -> tuple[str, str]:
        """Take an iteration's cases; what its answer keeps of that as legacy, and what in its metadata beside it.

        Both are parts of JSON text: `"plan":"…"` and `"plan_id": "…", …`; empty where nothing was generated.
        """
        elements = held_cases(item)
        if elements is None:
            return "", ""
        cases = [members(one) for one in elements]
        own = [number_in(held) for held in cases]
        plan = self._plan(item, own)
        numbers = _numbers(plan, own)
        for held, number in zip(cases, numbers, strict=True):
            self._case(plan, held, number)
        plan.row["last_number"] = plan.last
        name = str(plan.row["id"])
        kept = "" if numbers == own else f'"numbers":{orjson.dumps(numbers).decode()},'
        said = ", ".join(f"{quoted(key)}: {dump(value)}" for key, value in noted(item, name, len(cases)).items())
        return f'"plan":"{name}",{kept}', ", " + said

    def _plan(self, item: Item, numbers: list[str | None]) -> _Plan:
        wanted = id_in(item, ("plan_id",))
        known = self._plans.get(wanted) if wanted else None
        if known is not None and known.numbers.isdisjoint(filter(None, numbers)):
            return known
        conversation = self._conversation
        named = ["plan", str(conversation["id"]), text(item.get("iteration_number"))]
        id_ = derived(self._context.id_key, *named) if known or not wanted else wanted
        while id_ in self._plans:
            named.append("again")
            id_ = derived(self._context.id_key, *named)
        at = date_of(item) or conversation["created_at"]
        if self._last is not None:
            at = max(at, self._last + _TICK)  # the newest is the one that goes on
        self._last = at
        row: Row = {"conversation_id": conversation["id"], "id": id_, "owner_id": conversation["owner_id"]}
        row |= facts_of(self._session, item)
        if row["plan_type"] is None:
            self._context.notes[_NO_TYPE] += 1
            row["plan_type"] = "UNITARIAS"
        row |= {"configuration": self._configuration(row), "last_number": 0, "created_at": at}
        self.rows["test_plans"].append(row)
        self._plans[id_] = plan = _Plan(row)
        return plan

    def _configuration(self, row: Mapping[str, Any]) -> JsonText:
        """In the order in which `jsonb` has its keys."""
        least, most = self._configured.get("min_test_cases", 1), self._configured.get("max_test_cases", 50)
        context = self._configured.get("project_context", "")
        return JsonText(
            f'{{"plan_type": {quoted(row["plan_type"])}, "plan_title": {quoted(row["title"])}, '
            f'"max_test_cases": {most}, "min_test_cases": {least}, "project_context": {quoted(context)}, '
            f'"coverage_percentage": {row["target_coverage"]}}}'
        )

    def _case(self, plan: _Plan, held: Item, number: str) -> None:
        wanted, base, owner = id_in(held), self._conversation["id"], self._conversation["owner_id"]
        if wanted is None or wanted in self._cases:
            wanted = derived(self._context.id_key, "case", str(base), str(plan.row["id"]), number)
        self._cases.add(wanted)
        at = plan.row["created_at"]
        plan.size += 1
        self.rows["test_cases"].append(
            {
                "conversation_id": base,
                "id": wanted,
                "test_plan_id": plan.row["id"],
                "owner_id": owner,
                "testcase_number": number,
                "position": plan.size,
                "created_at": at,
                "updated_at": at,
                **columns_of(held, self._context.notes),
            }
        )
        for code in {self._requirement(code, said): None for code, said in links_of(held)}:
            link = {"conversation_id": base, "test_case_id": wanted, "requirement": code, "owner_id": owner}
            self.rows["test_case_requirements"].append(link)

    def _requirement(self, code: str, said: str) -> str:
        """The code as it was written first; the requirement's words, where any case has them, else its code."""
        known = self._codes.get(code.casefold())
        if known is None:
            known = {
                "conversation_id": self._conversation["id"],
                "code": code,
                "owner_id": self._conversation["owner_id"],
                "document_id": None,
                "position": len(self._codes) + 1,
                "statement": said or code,
                "kind": "functional",
                "language": "es",
            }
            self._codes[code.casefold()] = known
            self.rows["requirements"].append(known)
        elif said and known["statement"] == known["code"]:
            known["statement"] = said
        return str(known["code"])


def _numbers(plan: _Plan, own: list[str | None]) -> list[str]:
    """What cases are called: as they call themselves; a number of ours where they do not, or an earlier one does so."""
    found: list[str] = []
    free = [number is None or number in plan.numbers or number in own[:place] for place, number in enumerate(own)]
    plan.numbers.update(number for number in own if number is not None)
    for known in plan.numbers:
        ours = _OURS.fullmatch(known)
        plan.last = max(plan.last, int(ours[1])) if ours else plan.last
    for number, unnamed in zip(own, free, strict=True):
        if number is None or unnamed:
            plan.last += 1
            number = f"TC-{plan.last:03}"  # noqa: PLW2901 - its own is taken
            plan.numbers.add(number)
        found.append(number)
    return found


def numbers_of(item: Item, legacy: Mapping[str, Json]) -> list[str]:
    """What the cases of a moved iteration are called."""
    kept = legacy.get("numbers")
    if isinstance(kept, list):
        return [one for one in kept if isinstance(one, str)]
    return [number_in(members(one)) or "" for one in held_cases(item) or ()]
