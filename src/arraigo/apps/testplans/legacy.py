"""What the assistant for test plans kept in DynamoDB: sessions with their configuration, iterations with their cases.

A session and its iterations become one conversation, whether they are items of one table or of two, or the iterations
a list in the session's item. An iteration becomes what was asked (`user_instructions`) and what was answered
(`system_response`), with its cases in the answer's metadata. The columns hold what they can; the rest of each item
stands under `legacy`. What stands there as well as in a column counts while it says the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

import orjson

from arraigo.ids import derived
from arraigo.move.records import moments
from arraigo.move.records.attributes import (
    Item,
    canonical_of,
    check,
    number_of,
    plain,
    stored_text,
    stored_value,
    text_of,
    typed,
)
from arraigo.move.records.fields import part
from arraigo.move.records.items import Facts, Owned
from arraigo.move.records.jsontext import Json, JsonText, Unfit, canonical, quoted
from arraigo.move.records.shape import Context, Row, Rows, Table

_STATUSES = frozenset({"active", "completed", "archived", "cancelled"})
_TITLE = 500  # characters
_ORPHANS = "iterations whose session is gone became conversations of their own"
_UNDATED = "sessions without a date were given their source's"
_SESSION = frozenset({"plan_configuration", "iterations", "tester_id"})
_ITERATION = frozenset({"iteration_number", "generated_cases"})
_DATES = ("created_at", "timestamp")


class Plans:
    """One session becomes one row of conversations, and one or two of messages for each of its iterations."""

    name = "plans"
    exact = True
    file_names: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    tables = (
        Table(
            "conversations",
            anchor="id",
            columns=(
                *("id", "owner_id", "kind", "title", "settings", "metadata", "external_id", "last_sequence"),
                *("created_at", "updated_at", "activity_at", "status"),
            ),
            json=frozenset({"settings", "metadata"}),
            fixed=("owner_id", "kind"),
            added="t.kind = 'test_plan' AND t.owner_id = %(owner)s",
        ),
        Table(
            "messages",
            anchor="conversation_id",
            columns=(
                *("conversation_id", "sequence_number", "id", "owner_id", "created_at", "role", "content"),
                "metadata",
            ),
            order=("sequence_number",),
            fixed=("owner_id",),
            where="t.deleted_at IS NULL",
        ),
    )

    def fits(self, _value: Json, /) -> bool:
        """No record of a JSON file is one."""
        return False

    def key(self, _value: Json, /) -> str:
        """Its items have one; a JSON file has none."""
        raise Unfit("has no session_id")

    def group(self, _table: Facts, item: Item, /) -> str | None:
        """The session to which an item belongs."""
        name = text_of(item.get("session_id"))
        return name if name and not (_SESSION | _ITERATION).isdisjoint(item) else None

    def arranged(self, items: Sequence[Owned]) -> Json:
        """The session's item, then its iterations by their number."""
        if len(items) == 1:
            return [[items[0][0], dict(items[0][1])]]
        places = sorted((_place(one), number) for number, one in enumerate(items))
        if any(one[0] == other[0] for one, other in pairwise(places)):  # by all that they are
            places = sorted(((*_place(one), canonical_of(dict(one[1]))), n) for n, one in enumerate(items))
        return [[items[number][0], dict(items[number][1])] for _, number in places]

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages, numbered from 1."""
        owned = _owned(value)
        sessions = [one for one in owned if not _is_iteration(one[1])]
        if len(sessions) > 1:
            raise Unfit(f"has {len(sessions)} items that are its session")
        if len(key) > 255:  # noqa: PLR2004 - the column's limit
            raise Unfit(f"has an id of {len(key)} characters, not 1 to 255")
        session = sessions[0] if sessions else None
        inside, told = _inside(session[1]) if session else ([], False)
        iterations = [(None, item) for item in inside] + [one for one in owned if _is_iteration(one[1])]
        conversation = _conversation(key, session, [item for _, item in iterations], context)
        if session:
            _keep_session(conversation, session, told=told)
        else:
            context.notes[_ORPHANS] += 1
        messages = [row for table, item in iterations for row in _messages(table, item, conversation)]
        name = str(conversation["id"])
        for number, row in enumerate(messages, 1):
            row["sequence_number"] = number
            row["id"] = derived(context.id_key, "message", name, str(number))
        conversation["last_sequence"] = len(messages)
        return {"conversations": [conversation], "messages": messages}

    def placed(self, rows: Rows, anchor: str) -> Rows | None:
        """A conversation that was made here went back under its id, and comes again: it keeps that id."""
        (conversation,), identity = rows["conversations"], UUID(anchor)
        name = None if conversation["external_id"] == anchor else conversation["external_id"]
        return {
            "conversations": [conversation | {"id": identity, "external_id": name}],
            "messages": [message | {"conversation_id": identity} for message in rows["messages"]],
        }

    def parts(self, rows: Rows) -> int:
        """How many messages."""
        return len(rows["messages"])

    def as_moved(self, rows: Rows, parts: int, source: Rows | None) -> tuple[Rows, int]:
        """Without the messages that were appended here, and the later date that these gave the conversation."""
        conversation, messages = rows["conversations"][0], rows["messages"][:parts]
        last = messages[-1]["sequence_number"] if messages else 0
        if source and conversation["last_sequence"] > last:
            moved_at = source["conversations"][0]["updated_at"]
            conversation = conversation | {"updated_at": min(moved_at, conversation["updated_at"])}
        return {"conversations": [conversation], "messages": messages}, max(0, len(rows["messages"]) - parts)

    def to_record(self, key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The items of the session as the old program knew them, with the iterations that were added."""
        row = rows["conversations"][0]
        legacy, own = _from_metadata(row["metadata"])
        made_here = not legacy
        legacy = legacy or dict(house or {})
        name = key or row["external_id"] or str(row["id"])
        iterations = list(_iterations(rows["messages"], name, legacy))
        inside: list[Json] = [{"M": item} for table, item in iterations if table is None]
        owned: list[Owned] = [(table, item) for table, item in iterations if table is not None]
        if "table" in legacy:
            item = _session(row, {} if made_here else part(legacy, "item"), name)
            if inside or legacy.get("inside") is True:
                item["iterations"] = {"L": inside}
            if own:
                item.setdefault("metadata", typed(own))
            owned.append((str(legacy["table"]), item))
        return name, self.arranged(owned)

    def house(self, rows: Rows) -> dict[str, Json]:
        """Which table a session's item is in, and which its iterations are."""
        legacy, _ = _from_metadata(rows["conversations"][0]["metadata"])
        kept = {name: legacy[name] for name in ("table", "inside") if name in legacy}
        where = _table_of(rows["messages"])
        return kept | ({"iterations": where} if where else {})


def _place(owned: Owned) -> tuple[object, ...]:
    table, item = owned
    number = number_of(item.get("iteration_number"))
    try:
        value = float(number.text) if number else 0.0
    except ValueError:
        value = 0.0
    return _is_iteration(item), value, table


def _is_iteration(item: Item) -> bool:
    return not _ITERATION.isdisjoint(item)


def _owned(value: Json) -> list[Owned]:
    return [(table, item) for table, item in cast("list[Owned]", value)]


def _inside(session: Item) -> tuple[list[Item], bool]:
    """The iterations that stand in the session's item, and whether all of them are such."""
    held = session.get("iterations")
    found = held.get("L") if isinstance(held, dict) and len(held) == 1 else None
    items = (
        [one.get("M") for one in found if isinstance(one, dict) and len(one) == 1] if isinstance(found, list) else []
    )
    whole = isinstance(found, list) and len(items) == len(found) and all(isinstance(one, dict) for one in items)
    return ([one for one in items if isinstance(one, dict)], True) if whole else ([], False)


def _moment(value: Json) -> datetime | None:
    try:
        return moments.read(text_of(value) or number_of(value))
    except Unfit:
        return None


def _date(item: Item) -> datetime | None:
    return next((at for name in _DATES if name in item and (at := _moment(item[name]))), None)


def _conversation(key: str, session: Owned | None, iterations: Sequence[Item], context: Context) -> Row:
    item = session[1] if session else {}
    dates = [at for one in iterations if (at := _date(one))]
    created_at = _moment(item.get("created_at")) or min(dates, default=None)
    if created_at is None:
        context.notes[_UNDATED] += 1
        created_at = context.as_of
    updated_at = _moment(item.get("updated_at")) or max([created_at, *dates])
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
        "status": status if status in _STATUSES else "active",
    }


def _keep_session(row: Row, session: Owned, *, told: bool) -> None:
    """The session's configuration into its columns; the whole item beside them."""
    table, item = session
    check(item)
    configuration = item.get("plan_configuration")
    held = configuration.get("M") if isinstance(configuration, dict) else None
    if isinstance(held, dict):
        row["settings"] = JsonText(stored_text(held)[0])
        row["title"] = _title(text_of(held.get("plan_title")))
    if told:
        item = {name: value for name, value in item.items() if name != "iterations"}
    inside = '"inside":true,' if told else ""
    row["metadata"] = _kept(f'{{{inside}"table":{quoted(table)},"item":{_dumped(item)}}}')


def _from_metadata(metadata: Json) -> tuple[dict[str, Json], dict[str, Json]]:
    """The legacy in `metadata`, and what else is there; a legacy that somebody broke counts as none."""
    own = dict(metadata) if isinstance(metadata, dict) else {}
    legacy: Json = None
    if isinstance(text := own.get("legacy"), str):
        try:
            legacy = orjson.loads(text)  # texts alone, which it keeps as they are
        except orjson.JSONDecodeError:
            legacy = None
    if not isinstance(legacy, dict):
        return {}, own
    del own["legacy"]
    return legacy, own


def _dumped(item: Item) -> str:
    return orjson.dumps(item).decode()


def _kept(legacy: str, own: str = "") -> JsonText:
    """What `metadata` holds, as PostgreSQL gives it back."""
    return JsonText(f'{{"legacy": {quoted(legacy)}{own}}}')


def _title(found: object) -> str:
    return found[:_TITLE] if isinstance(found, str) else ""


def _messages(table: str | None, item: Item, conversation: Row) -> Iterator[Row]:
    """What was asked, where it was, and what was answered, with the whole item beside it."""
    check(item, but="generated_cases")
    row: Row = {
        "conversation_id": conversation["id"],
        "owner_id": conversation["owner_id"],
        "created_at": _date(item) or conversation["created_at"],
    }
    asked = text_of(item.get("user_instructions"))
    if asked is not None:
        yield row | {"role": "user", "content": asked, "metadata": None}
    cases = item.get("generated_cases")
    held = cases.get("L") if isinstance(cases, dict) else None
    own, count = "", 0
    if isinstance(held, list):
        own, count = f', "generated_cases": {stored_value("generated_cases", cases)}', len(held)
    answered = text_of(item.get("system_response"))
    where = "" if table is None else f'"table":{quoted(table)},'
    metadata = _kept(f'{{{where}"item":{_dumped(item)}}}', own)
    yield row | {
        "role": "assistant",
        "content": _summary(count) if answered is None else answered,
        "metadata": metadata,
    }


def _summary(count: int) -> str:
    return f"Plan generado con {count} casos de prueba"


def _session(row: Mapping[str, Any], item: dict[str, Json], name: str) -> dict[str, Json]:
    """The session's item as it was, with what its columns say otherwise; of one made here, from its columns."""
    found = dict(item) or {"session_id": typed(name)}
    settings: dict[str, Json] = row["settings"]
    written = item.get("plan_configuration")
    held = written.get("M") if isinstance(written, dict) else None
    configured = isinstance(held, dict)
    title = _title(settings.get("plan_title"))
    if title != row["title"]:
        settings = settings | {"plan_title": row["title"]}
    if configured or settings:
        found["plan_configuration"] = _either(written if configured else None, settings)
    for field in ("created_at", "updated_at"):
        _put_date(found, field, row[field], fresh=not item)
    status = text_of(found.get("status"))
    if (status if status in _STATUSES else "active") != row["status"] or not item:
        found["status"] = typed(row["status"])
    return found


def _put_date(item: dict[str, Json], field: str, at: datetime, *, fresh: bool = False) -> None:
    """The column's date, where the item says another, in the item's style."""
    if field not in item:
        if fresh:
            item[field] = typed(moments.write(at))
        return
    said = text_of(item[field]) or number_of(item[field])
    read = _moment(item[field])
    if read is not None and read != at:
        item[field] = typed(moments.write_like(at, said))


def _iterations(
    messages: Sequence[Mapping[str, Any]], name: str, habits: Mapping[str, Json]
) -> Iterator[tuple[str | None, dict[str, Json]]]:
    """Each iteration with the table that it is in; None: in its session's item."""
    table = _table_of(messages) or habits.get("iterations")
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
        legacy, own = _from_metadata(message["metadata"])
        if legacy:
            item = _moved(legacy, own, asked, message)
            found = legacy.get("table")
            yield (found if isinstance(found, str) else None), item
            said = number_of(item.get("iteration_number"))
            number = max(number + 1, int(said.text) if said and said.text.isdecimal() else 0)
        else:
            number += 1
            yield where, _made_here(number, asked, message, name)
        asked = None
    if asked is not None:
        yield where, _made_here(number + 1, asked, None, name)


def _moved(
    legacy: Mapping[str, Json],
    own: Mapping[str, Json],
    asked: Mapping[str, Any] | None,
    row: Mapping[str, Any],
) -> dict[str, Json]:
    """An iteration that was moved, with what its columns say otherwise."""
    item = dict(part(legacy, "item"))
    said = text_of(item.get("user_instructions"))
    if asked is not None:
        item["user_instructions"] = typed(asked["content"])
    elif said is not None:  # its message was deleted
        del item["user_instructions"]
    cases = own.get("generated_cases")
    if isinstance(cases, list):
        item["generated_cases"] = _either(item.get("generated_cases"), cases)
    answered = text_of(item.get("system_response"))
    if row["content"] != (_summary(len(cases) if isinstance(cases, list) else 0) if answered is None else answered):
        item["system_response"] = typed(row["content"])
    more = {key: value for key, value in own.items() if key != "generated_cases"}
    if more:
        item.setdefault("metadata", typed(more))
    field = next((field for field in _DATES if field in item and _moment(item[field])), None)
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
        _, own = _from_metadata(answered["metadata"])
        if own:
            item["metadata"] = typed(own)
        if answered["role"] != "assistant":
            item["role"] = typed(answered["role"])
    last = answered or asked
    if last is not None:
        item["created_at"] = typed(moments.write(last["created_at"].astimezone(UTC)))
    return item


def _table_of(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """The table of the first iteration that was moved."""
    for message in messages:
        legacy, _ = _from_metadata(message["metadata"])
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


PLANS = Plans()
