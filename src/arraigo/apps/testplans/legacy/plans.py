"""What the assistant for test plans kept in DynamoDB: sessions with their configuration, iterations with their cases.

A session and its iterations become one conversation, whether they are items of one table or of two, or the iterations
a list in the session's item. An iteration becomes what was asked (`user_instructions`) and what was answered
(`system_response`), and its cases a plan of that conversation. The columns hold what they can; the whole of each item
stands under `legacy`. What stands there as well as in a column counts while it says the same.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from arraigo.apps.testplans.legacy.configuration import TABLE
from arraigo.apps.testplans.legacy.facts import from_metadata, held_inside, is_iteration, owned_in, place_of
from arraigo.apps.testplans.legacy.generated import TABLES, Generated
from arraigo.apps.testplans.legacy.items import iteration_items, session_item, table_of
from arraigo.apps.testplans.legacy.kept import Kept, since_moved
from arraigo.apps.testplans.legacy.rows import conversation_row, keep_session, message_rows
from arraigo.ids import derived
from arraigo.move.records.attributes import (
    Item,
    canonical_of,
    text_of,
    typed,
)
from arraigo.move.records.fields import part
from arraigo.move.records.items import Facts, Owned
from arraigo.move.records.jsontext import Json, Unfit
from arraigo.move.records.shape import Context, Row, Rows, Table

ORPHANS = "iterations whose session is gone became conversations of their own"
_SESSION = frozenset({"plan_configuration", "iterations", "tester_id"})
_ITERATION = frozenset({"iteration_number", "generated_cases"})


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
        TABLE,
        *TABLES,
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
        places = sorted((place_of(one), number) for number, one in enumerate(items))
        if any(one[0] == other[0] for one, other in pairwise(places)):  # by all that they are
            places = sorted(((*place_of(one), canonical_of(dict(one[1]))), n) for n, one in enumerate(items))
        return [[items[number][0], dict(items[number][1])] for _, number in places]

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages, numbered from 1."""
        owned = owned_in(value)
        sessions = [one for one in owned if not is_iteration(one[1])]
        if len(sessions) > 1:
            raise Unfit(f"has {len(sessions)} items that are its session")
        if len(key) > 255:  # noqa: PLR2004 - the column's limit
            raise Unfit(f"has an id of {len(key)} characters, not 1 to 255")
        session = sessions[0] if sessions else None
        inside, told = held_inside(session[1]) if session else ([], False)
        iterations = [(None, item) for item in inside] + [one for one in owned if is_iteration(one[1])]
        conversation = conversation_row(key, session, [item for _, item in iterations], context)
        configured: list[Row] = []
        if session:
            configured = keep_session(conversation, session, told=told)
        else:
            context.notes[ORPHANS] += 1
        generated = Generated(
            conversation, session[1] if session else {}, configured[0] if configured else None, context
        )
        messages = [row for table, item in iterations for row in message_rows(table, item, conversation, generated)]
        name = str(conversation["id"])
        for number, row in enumerate(messages, 1):
            row["sequence_number"] = number
            row["id"] = derived(context.id_key, "message", name, str(number))
        conversation["last_sequence"] = len(messages)
        return {
            "conversations": [conversation],
            "plan_configurations": configured,
            **generated.rows,
            "messages": messages,
        }

    def placed(self, rows: Rows, anchor: str) -> Rows | None:
        """A conversation that was made here went back under its id, and comes again: it keeps that id."""
        (conversation,), identity = rows["conversations"], UUID(anchor)
        name = None if conversation["external_id"] == anchor else conversation["external_id"]
        below = {table: [row | {"conversation_id": identity} for row in found] for table, found in rows.items()}
        return {**below, "conversations": [conversation | {"id": identity, "external_id": name}]}

    def parts(self, rows: Rows) -> int:
        """How many messages."""
        return len(rows["messages"])

    def as_moved(self, rows: Rows, parts: int, source: Rows | None) -> tuple[Rows, int]:
        """Without what was added here, and the later date that this gave the conversation."""
        conversation, messages = rows["conversations"][0], rows["messages"][:parts]
        last = messages[-1]["sequence_number"] if messages else 0
        if source and conversation["last_sequence"] > last:
            moved_at = source["conversations"][0]["updated_at"]
            conversation = conversation | {"updated_at": min(moved_at, conversation["updated_at"])}
        plans, more = since_moved(rows, messages, source)
        kept = {"conversations": [conversation], "plan_configurations": rows["plan_configurations"], **plans}
        return {**kept, "messages": messages}, more + max(0, len(rows["messages"]) - parts)

    def grew(self, _rows: Rows, _source: Rows, /) -> bool:
        """What another move brought is that one's."""
        return False

    def to_record(self, key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The items of the session as the old program knew them, with the iterations that were added."""
        row = rows["conversations"][0]
        legacy, own = from_metadata(row["metadata"])
        made_here = not legacy
        legacy = legacy or dict(house or {})
        name = key or row["external_id"] or str(row["id"])
        session = part(legacy, "item") if not made_here else {}
        iterations = list(iteration_items(rows["messages"], name, legacy, Kept(rows, session)))
        inside: list[Json] = [{"M": item} for table, item in iterations if table is None]
        owned: list[Owned] = [(table, item) for table, item in iterations if table is not None]
        if "table" in legacy:
            item = session_item(row, session, name, rows["plan_configurations"])
            if inside or legacy.get("inside") is True:
                item["iterations"] = {"L": inside}
            if own:
                item.setdefault("metadata", typed(own))
            owned.append((str(legacy["table"]), item))
        return name, self.arranged(owned)

    def house(self, rows: Rows) -> dict[str, Json]:
        """Which table a session's item is in, and which its iterations are."""
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
        kept = {name: legacy[name] for name in ("table", "inside") if name in legacy}
        where = table_of(rows["messages"])
        return kept | ({"iterations": where} if where else {})


PLANS = Plans()
