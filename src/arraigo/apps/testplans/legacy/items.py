"""Rows into items again, as the old assistant knew them, with what was added since."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from arraigo.apps.testplans.legacy.configuration import with_columns
from arraigo.apps.testplans.legacy.facts import DATES, STATUSES, from_metadata, moment_of, summary, title_of
from arraigo.apps.testplans.legacy.generated import held_cases, noted
from arraigo.apps.testplans.legacy.kept import Kept
from arraigo.move.records import moments
from arraigo.move.records.attributes import (
    number_of,
    plain,
    text_of,
    typed,
)
from arraigo.move.records.fields import part
from arraigo.move.records.jsontext import Json, Unfit, canonical, identical
from arraigo.move.records.shape import Row

_OF_A_ROUND = ("plan_id", "model_used", "processing_time_ms")
_COUNTS = frozenset({"generated_cases", "total_test_cases"})


def session_item(row: Mapping[str, Any], item: dict[str, Json], name: str, configured: list[Row]) -> dict[str, Json]:
    """The session's item as it was, with what its columns say otherwise; of one made here, from its columns."""
    found = dict(item) or {"session_id": typed(name)}
    settings = with_columns(row["settings"], configured)
    written = item.get("plan_configuration")
    held = written.get("M") if isinstance(written, dict) else None
    configures = isinstance(held, dict)
    title = title_of(settings.get("plan_title"))
    if title != row["title"]:
        settings = settings | {"plan_title": row["title"]}
    if configures or settings:
        found["plan_configuration"] = _either(written if configures else None, settings)
    for field in ("created_at", "updated_at"):
        _put_date(found, field, row[field], fresh=not item)
    status = text_of(found.get("status"))
    if (status if status in STATUSES else "active") != row["status"] or not item:
        found["status"] = typed(row["status"])
    return found


def _put_date(item: dict[str, Json], field: str, at: datetime, *, fresh: bool = False) -> None:
    """The column's date, where the item says another, in the item's style."""
    if field not in item:
        if fresh:
            item[field] = typed(moments.write(at))
        return
    said = text_of(item[field]) or number_of(item[field])
    read = moment_of(item[field])
    if read is not None and read != at:
        item[field] = typed(moments.write_like(at, said))


def iteration_items(
    messages: Sequence[Mapping[str, Any]], name: str, habits: Mapping[str, Json], kept: Kept
) -> Iterator[tuple[str | None, dict[str, Json]]]:
    """Each iteration with the table that it is in; None: in its session's item."""
    table = table_of(messages) or habits.get("iterations")
    where = table if isinstance(table, str) else None if habits.get("inside") is True else str(habits.get("table", ""))
    asked: Mapping[str, Any] | None = None
    number = 0
    for message in messages:
        if message["role"] == "user":
            if asked is not None:
                number += 1
                yield where, _made_here(number, asked, None, name)
            asked = message
            continue
        legacy, own = from_metadata(message["metadata"])
        if legacy:
            item = _moved(legacy, own, asked, message)
            found = legacy.get("table")
            place = found if isinstance(found, str) else None
            said = number_of(item.get("iteration_number"))
            number = max(number + 1, int(said.text) if said and said.text.isdecimal() else 0)
        else:
            number += 1
            item, place = _made_here(number, asked, message, name), where
        kept.put(message, item)
        yield place, item
        asked = None
    if asked is not None:
        number += 1
        yield where, _made_here(number, asked, None, name)
    for item in kept.silent():
        number += 1
        yield where, _made_here(number, None, None, name) | item


def _moved(
    legacy: Mapping[str, Json],
    own: Mapping[str, Json],
    asked: Mapping[str, Any] | None,
    row: Mapping[str, Any],
) -> dict[str, Json]:
    """An iteration that was moved, with what its columns say otherwise; but its plan."""
    item = dict(part(legacy, "item"))
    said = text_of(item.get("user_instructions"))
    if asked is not None:
        item["user_instructions"] = typed(asked["content"])
    elif said is not None:  # its message was deleted
        del item["user_instructions"]
    answered, cases = text_of(item.get("system_response")), held_cases(item) or ()
    plan = legacy.get("plan")
    usual = noted(item, plan, len(cases)) if isinstance(plan, str) else {}
    if row["content"] != (summary(len(cases)) if answered is None else answered):
        item["system_response"] = typed(row["content"])
    more = {key: value for key, value in own.items() if key not in usual or not identical(usual[key], value)}
    if more or len(own) < len(usual):
        item.setdefault("metadata", typed(more))
    field = next((field for field in DATES if field in item and moment_of(item[field])), None)
    if field:
        _put_date(item, field, row["created_at"])
    return item


def _made_here(
    number: int, asked: Mapping[str, Any] | None, answered: Mapping[str, Any] | None, name: str
) -> dict[str, Json]:
    """An iteration that was added: as the old program would have written it."""
    item: dict[str, Json] = {"session_id": typed(name), "iteration_number": {"N": str(number)}}
    if asked is not None:
        item["user_instructions"] = typed(asked["content"])
    if answered is not None:
        item["system_response"] = typed(answered["content"])
        _, own = from_metadata(answered["metadata"])
        if isinstance(own.get("plan_id"), str):  # its cases say how many they are
            item |= {key: typed(own.pop(key)) for key in _OF_A_ROUND if key in own}
            own = {key: value for key, value in own.items() if key not in _COUNTS}
        if own:
            item["metadata"] = typed(own)
        if answered["role"] != "assistant":
            item["role"] = typed(answered["role"])
    last = answered or asked
    if last is not None:
        item["created_at"] = typed(moments.write(last["created_at"].astimezone(UTC)))
    return item


def table_of(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """The table of the first iteration that was moved."""
    for message in messages:
        legacy, _ = from_metadata(message["metadata"])
        if isinstance(table := legacy.get("table"), str):
            return table
    return None


def _either(written: Json, value: Json) -> Json:
    """An attribute as it was written, while it says what the column says; else the column's."""
    if isinstance(written, dict):
        try:
            if canonical(plain({"": written})[0][""]) == canonical(value):
                return written
        except Unfit:
            pass
    return typed(value)
