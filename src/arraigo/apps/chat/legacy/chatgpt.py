"""`conversations.json` of a ChatGPT account's export (large ones come as `conversations-000.json` and so on).

An array of conversations; OpenAI describes it nowhere, so this is what such files were seen to hold up to 2026. The
messages of a conversation are nodes of a tree (`mapping`), which has a branch for every question that was edited and
every answer that was asked for again; `current_node` says where the conversation stands. Dates are seconds since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from arraigo.apps.chat.legacy.messages import SECONDS, give_message, habits_of, take_message
from arraigo.apps.chat.legacy.nodes import LEAF, Held, give_nodes, take_nodes
from arraigo.apps.chat.legacy.rows import OfConversations, conversation_row, dates_of, own_of, record_of, with_own
from arraigo.apps.chat.legacy.tree import Link
from arraigo.move.records.fields import Field, from_metadata, give, names, part, take
from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Cell, Text
from arraigo.move.records.shape import Context, Rows


@dataclass(frozen=True, slots=True)
class Archived:
    """True for the status `archived`, false for any other."""

    def read(self, value: Json) -> Cell:
        """The status."""
        if not isinstance(value, bool):
            raise Unfit(f"is {kind_of(value)}, not true or false")
        return "archived" if value else "active"

    def write(self, cell: Cell) -> Json:
        """Whether it is archived."""
        return cell == "archived"

    def like(self, cell: Cell, _example: Json, /) -> Json:
        """The same: it has one form."""
        return self.write(cell)


_FIELDS = (
    Field("title", "title", Text(most=500), empty=""),
    Field("create_time", "created_at", SECONDS),
    Field("update_time", "updated_at", SECONDS),
    Field("is_archived", "status", Archived(), empty="active"),
)
_ORDER = (
    *("title", "create_time", "update_time", "mapping", "moderation_results", LEAF, "plugin_ids"),
    *("conversation_id", "conversation_template_id", "gizmo_id", "gizmo_type", "is_archived", "is_starred"),
    *("safe_urls", "blocked_urls", "default_model_slug", "conversation_origin", "voice", "async_status"),
    *("disabled_tool_ids", "is_do_not_remember", "memory_scope", "id"),
)


class ChatGPT(OfConversations):
    """One conversation becomes one row of conversations, and one of messages for each node that has a message."""

    name = "chatgpt"
    ids = ("conversation_id", "id")

    def fits(self, value: Json) -> bool:
        """It has a mapping of nodes with parents and children."""
        mapping = value.get("mapping") if isinstance(value, dict) else None
        if not isinstance(mapping, dict):
            return False
        nodes = list(mapping.values())[:3]
        return all(isinstance(node, dict) and {"message", "children", "parent"} & set(node) for node in nodes)

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages: the active branch from 1, then the others."""
        record = record_of(key, value)
        nodes = take_nodes(record)
        ids = [name for name in self.ids if record.get(name) == key]
        empties = dates_of(record, "create_time", "update_time", context)
        given = [*ids, "mapping", LEAF]
        cells, legacy = take(_FIELDS, record, empties=empties, given=given, order=_ORDER, notes=context.notes)
        messages = [_source(record, link) for link in nodes.links]
        habits = habits_of(messages, cells["created_at"])
        legacy |= nodes.legacy | ({"ids": list[Json](ids)} if ids else {}) | ({"message": habits} if habits else {})
        conversation = conversation_row(key, cells, legacy, len(messages), context)
        return {
            "conversations": [conversation],
            "messages": [
                take_message(link, message, nodes.held[link.name], habits, conversation, context)
                for link, message in zip(nodes.links, messages, strict=True)
            ],
        }

    def to_record(self, _key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The conversation as the export has it; what was added here goes on from the active branch."""
        row = rows["conversations"][0]
        legacy, own = from_metadata(row["metadata"])
        legacy = legacy or dict(house or {})
        name = row["external_id"] or str(row["id"])
        links: list[Link] = []
        held: dict[str, Held] = {}
        messages: dict[str, Json] = {}
        for message in rows["messages"]:
            kept, said = from_metadata(message["metadata"])
            node = kept.get("name")
            link = Link.read(message["sequence_number"], node if isinstance(node, str) else str(message["id"]), said)
            links.append(link)
            held[link.name] = part(kept, "node")
            messages[link.name] = with_own(give_message(link.name, message, kept, part(legacy, "message")), said)
        given: dict[str, Json] = dict.fromkeys(names(legacy, "ids"), name)
        given |= give_nodes(links, held, messages, legacy)
        record = give(_FIELDS, row, legacy, given=given, order=_ORDER)
        return name, with_own(record, own_of(row, own, {"active", "archived"}))

    def house(self, rows: Rows) -> dict[str, Json]:
        """Which ids a conversation carries, and the order of keys."""
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
        return {name: legacy[name] for name in ("ids", "order", "node", "message") if name in legacy}


def _source(record: Mapping[str, Json], link: Link) -> dict[str, Json]:
    return part(part(part(record, "mapping"), link.name), "message")


CHATGPT = ChatGPT()
