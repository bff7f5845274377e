"""A session and its iterations into rows: columns for what the tables know, the whole item beside them."""

from collections.abc import Iterator, Sequence

import orjson

from arraigo.apps.testplans.legacy.configuration import TABLE, columns_of, configured_in
from arraigo.apps.testplans.legacy.facts import STATUSES, date_of, moment_of, summary, title_of
from arraigo.apps.testplans.legacy.generated import Generated, held_cases
from arraigo.ids import derived
from arraigo.move.records.attributes import (
    Item,
    check,
    number_of,
    stored_text,
    text_of,
)
from arraigo.move.records.items import Owned
from arraigo.move.records.jsontext import JsonText, quoted
from arraigo.move.records.shape import Context, Row

_CONFIGURED = {name for name in TABLE.columns if not name.endswith("_id")}
_UNDATED = "sessions without a date were given their source's"


def conversation_row(key: str, session: Owned | None, iterations: Sequence[Item], context: Context) -> Row:
    """The conversation with this key, without what its session configures."""
    item = session[1] if session else {}
    dates = [at for one in iterations if (at := date_of(one))]
    created_at = moment_of(item.get("created_at")) or min(dates, default=None)
    if created_at is None:
        context.notes[_UNDATED] += 1
        created_at = context.as_of
    updated_at = moment_of(item.get("updated_at")) or max([created_at, *dates])
    status = text_of(item.get("status"))
    return {
        "id": derived(context.id_key, "conversation", str(context.owner), key),
        "owner_id": context.owner,
        "kind": "test_plan",
        "title": "",
        "settings": {},
        "metadata": {},
        "external_id": key,
        "last_sequence": 0,
        "created_at": created_at,
        "updated_at": updated_at,
        "activity_at": updated_at.replace(second=0, microsecond=0),
        "status": status if status in STATUSES else "active",
    }


def keep_session(row: Row, session: Owned, *, told: bool) -> list[Row]:
    """The session's configuration into its columns; the whole item beside them."""
    table, item = session
    check(item)
    found: Row | None = None
    if held := configured_in(item):
        row["settings"] = JsonText(stored_text(held)[0])
        found = columns_of({name: number_of(one) or text_of(one) for name, one in held.items() if name in _CONFIGURED})
        row["title"] = title_of(text_of(held.get("plan_title")))
    if told:
        item = {name: value for name, value in item.items() if name != "iterations"}
    inside = '"inside":true,' if told else ""
    row["metadata"] = _kept(f'{{{inside}"table":{quoted(table)},"item":{_dumped(item)}}}')
    return [{"conversation_id": row["id"], "owner_id": row["owner_id"], **found}] if found else []


def _dumped(item: Item) -> str:
    return orjson.dumps(item).decode()


def _kept(legacy: str, own: str = "") -> JsonText:
    """What `metadata` holds, as PostgreSQL gives it back."""
    return JsonText(f'{{"legacy": {quoted(legacy)}{own}}}')


def message_rows(table: str | None, item: Item, conversation: Row, generated: Generated) -> Iterator[Row]:
    """What was asked, where it was, and what was answered, with the whole item beside it; its cases are taken."""
    check(item)
    row: Row = {
        "conversation_id": conversation["id"],
        "owner_id": conversation["owner_id"],
        "created_at": date_of(item) or conversation["created_at"],
    }
    asked = text_of(item.get("user_instructions"))
    if asked is not None:
        yield row | {"role": "user", "content": asked, "metadata": None}
    answered = text_of(item.get("system_response"))
    where = "" if table is None else f'"table":{quoted(table)},'
    plan, said = generated.add(item)
    yield row | {
        "role": "assistant",
        "content": summary(len(held_cases(item) or ())) if answered is None else answered,
        "metadata": _kept(f'{{{where}{plan}"item":{_dumped(item)}}}', said),
    }
