"""Pure: what takes a change of the log back, and which links a case had."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from arraigo.apps.testplans.rows import step
from arraigo.apps.testplans.views import CaseView, Modification
from arraigo.errors import Conflict

LINK = "requirement_link"
_JSON = ("test_steps", "script", "custom_fields")


@dataclass(frozen=True, slots=True)
class Way:
    """What to do: change fields (and links, unless None), restore all of a case, or delete it."""

    act: Literal["change", "restore", "delete"]
    values: dict[str, Any]
    links: tuple[str, ...] | None = None


def way_back(done: Modification, case: CaseView | None, log: Iterable[Modification]) -> Way:
    """What takes it back.

    Args:
        done: The change.
        case: As it is now; None: it was deleted.
        log: All of the case's changes, the newest first.

    Raises:
        Conflict: It has changed again since, or is deleted, or is there.
    """
    if done.field_name == "test_case" and done.action == "DELETE":
        if case is not None:
            raise _since(done, "is there")
        return Way("restore", json.loads(done.old_value or "{}"), links_before(done, log))
    if case is None:
        raise _since(done, "is deleted")
    if done.field_name == "test_case":
        return Way("delete", {})
    if done.field_name == LINK:
        return Way("change", {}, _links(done, case))
    if now(case, done.field_name) != _value(done.field_name, done.new_value):
        raise _since(done, f"has another {done.field_name}")
    before = _value(done.field_name, done.old_value)
    if done.field_name == "custom_fields":
        before = dict.fromkeys(case.custom_fields) | before  # null: it goes
    return Way("change", {done.field_name: before})


def links_before(deletion: Modification, log: Iterable[Modification]) -> tuple[str, ...]:
    """The links that a case had when it was deleted."""
    had: set[str] = set()
    for one in reversed([one for one in log if (one.created_at, one.id) <= (deletion.created_at, deletion.id)]):
        if one.field_name == LINK:
            had.discard(one.old_value or "")
            had |= {one.new_value} if one.new_value else set()
        elif one.action == "DELETE" and one.id != deletion.id:
            had.clear()  # restored later, with links of its own in the log
    return tuple(sorted(had))


def now(case: CaseView, field: str) -> Any:
    """What a field has now, as the log would write it, parsed."""
    if field == "script":
        return [step(one) for one in case.script]
    value = getattr(case, field, None)
    return list(value) if isinstance(value, tuple) else value


def _value(field: str, text: str | None) -> Any:
    if text is not None and (field in _JSON or field == "position"):
        return json.loads(text)
    return text


def _links(done: Modification, case: CaseView) -> tuple[str, ...]:
    links = set(case.links)
    if (done.new_value and done.new_value not in links) or (done.old_value and done.old_value in links):
        raise _since(done, "has other links")
    return tuple(sorted(links - {done.new_value} | ({done.old_value} if done.old_value else set())))


def _since(done: Modification, how: str) -> Conflict:
    return Conflict(f"case {done.testcase_number} {how} since", safe="nothing was changed", remedy="read its log again")
