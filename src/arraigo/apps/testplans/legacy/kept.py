"""Whose are the cases that stand in the tables now: each iteration's own, and those that were added since."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from arraigo.apps.testplans.legacy.cases import written
from arraigo.apps.testplans.legacy.facts import from_metadata
from arraigo.apps.testplans.legacy.generated import facts_of, held_cases, numbers_of
from arraigo.move.records.attributes import Item, typed
from arraigo.move.records.fields import part
from arraigo.move.records.jsontext import Json
from arraigo.move.records.shape import Row, Rows

_AS_WRITTEN = {"title": "plan_title", "plan_type": "plan_type", "status": "plan_status"}


def plan_of(message: Mapping[str, Any]) -> str | None:
    """The plan that an answer speaks of."""
    legacy, own = from_metadata(message["metadata"])
    found = legacy.get("plan") if legacy else own.get("plan_id")
    return found if isinstance(found, str) else None


@dataclass(slots=True)
class _Told:
    """One message that speaks of a plan."""

    message: Mapping[str, Any]
    elements: dict[str, Json] | None
    rows: list[Row] = field(default_factory=list)


class Kept:
    """What stands in the tables of one conversation.

    Args:
        rows: All of it.
        session: Its session's item as it was moved; empty: there is none.
    """

    def __init__(self, rows: Rows, session: Item) -> None:
        self._session = session
        self._plans = {str(row["id"]): row for row in rows["test_plans"]}
        self._links: dict[Any, list[str]] = defaultdict(list)
        for link in rows["test_case_requirements"]:
            self._links[link["test_case_id"]].append(link["requirement"])
        self._told: dict[str, list[_Told]] = {name: [] for name in self._plans}
        for message in rows["messages"]:
            if message["role"] != "user" and (name := plan_of(message)) in self._told:
                self._told[name].append(_Told(message, elements_of(message)))
        for row in sorted(rows["test_cases"], key=lambda row: (row["position"], row["id"])):
            if (told := self._told_of(row)) is not None:
                told.rows.append(row)
        self._silent = [row for name, row in self._plans.items() if not self._told[name]]
        self._by_message = {told.message["sequence_number"]: told for some in self._told.values() for told in some}
        self._cases = rows["test_cases"]

    def put(self, message: Mapping[str, Any], item: dict[str, Json]) -> None:
        """Put the plan of an answer, and its cases as they are now, into its iteration."""
        name = plan_of(message)
        if name is None:
            return
        told = self._by_message.get(message["sequence_number"])
        if told is None:  # the plan was deleted
            item.pop("generated_cases", None)
            return
        elements = told.elements or {}
        cases = [self._written(elements.get(row["testcase_number"]), row) for row in told.rows]
        if told.elements is None or cases != held_cases(item):
            item["generated_cases"] = {"L": cases}
        self._put_facts(item, self._plans[name], first=self._told[name][0] is told)

    def silent(self) -> Iterator[dict[str, Json]]:
        """Plans of which no message speaks any more, as iterations without words."""
        for plan in self._silent:
            cases = sorted((row for row in self._cases if row["test_plan_id"] == plan["id"]), key=_place)
            item: dict[str, Json] = {
                "plan_id": typed(str(plan["id"])),
                "generated_cases": {"L": [self._written(None, row) for row in cases]},
            }
            self._put_facts(item, plan, first=True)
            yield item

    def _written(self, element: Json, row: Row) -> Json:
        return written(element, row, self._links[row["id"]])

    def _put_facts(self, item: dict[str, Json], plan: Row, *, first: bool) -> None:
        """What the plan's columns say otherwise than the iteration with which it began, and its session."""
        said = facts_of(self._session, item)
        said["plan_type"] = said["plan_type"] or "UNITARIAS"
        for name, attribute in _AS_WRITTEN.items():
            if first and said[name] != plan[name]:
                item[attribute] = typed(plan[name])
        if first and said["target_coverage"] != plan["target_coverage"]:
            item["coverage_percentage"] = {"N": str(plan["target_coverage"])}

    def _told_of(self, row: Row) -> _Told | None:
        """The message with which a case came; of one that was added, the last of its plan before it."""
        found = self._told.get(str(row["test_plan_id"]))
        if not found:
            return None
        for one in found:
            if one.elements is not None and row["testcase_number"] in one.elements:
                return one
        before = [one for one in found if one.elements is None and one.message["created_at"] <= row["created_at"]]
        moved = [one for one in found if one.elements is not None]
        return (before or moved or found)[-1]


def elements_of(message: Mapping[str, Any]) -> dict[str, Json] | None:
    """The cases of a moved iteration by their numbers; None: it was made here."""
    legacy, _ = from_metadata(message["metadata"])
    if not legacy:
        return None
    item = part(legacy, "item")
    return dict(zip(numbers_of(item, legacy), held_cases(item) or (), strict=False))


def since_moved(rows: Rows, messages: Sequence[Mapping[str, Any]], source: Rows | None) -> tuple[Rows, int]:
    """Plans and cases without what was added, and how much that was.

    Args:
        rows: What stands in the tables.
        messages: Those that were moved.
        source: The rows that the record gives, where it is at hand.
    """
    if source is not None:
        plans = {str(row["id"]) for row in source["test_plans"]}
        cases = {(str(row["test_plan_id"]), row["testcase_number"]) for row in source["test_cases"]}
        moved = [row for row in rows["test_cases"] if (str(row["test_plan_id"]), row["testcase_number"]) in cases]
    else:
        named = [(name, elements_of(one)) for one in messages if one["role"] != "user" and (name := plan_of(one))]
        plans = {name for name, _ in named}
        cases = {(name, number) for name, elements in named for number in elements or ()}
        here = {name: elements is None for name, elements in named}
        moved = [
            row
            for row in rows["test_cases"]
            if (name := str(row["test_plan_id"])) in plans and (here[name] or (name, row["testcase_number"]) in cases)
        ]
    kept = [row for row in rows["test_plans"] if str(row["id"]) in plans]
    ids = {row["id"] for row in moved}
    found = {
        "test_plans": kept,
        "requirements": _requirements(rows["requirements"], source),
        "test_cases": moved,
        "test_case_requirements": [row for row in rows["test_case_requirements"] if row["test_case_id"] in ids],
    }
    return found, len(rows["test_plans"]) - len(kept) + len(rows["test_cases"]) - len(moved)


def _requirements(rows: list[Row], source: Rows | None) -> list[Row]:
    """Those that the record names; as it names them, where a document has them by now."""
    if source is None:
        return rows
    named = {row["code"]: row for row in source["requirements"]}
    return [named[row["code"]] if row["document_id"] else row for row in rows if row["code"] in named]


def _place(row: Row) -> Any:
    return row["position"], row["id"]
