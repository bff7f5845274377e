"""`conversations.json` of a Claude account's export.

An array of conversations; Anthropic describes it nowhere, so this is what such files were seen to hold up to 2026. A
conversation has a uuid, a name and `chat_messages`; a message a sender, dates, a `text`, and `content`: blocks of text,
thinking, calls of tools and their results. `text` repeats what the blocks say, older messages have it alone. Where
messages say what they answer (`parent_message_uuid`), an edited question leaves a branch.
"""

from collections.abc import Mapping

from arraigo.apps.chat.legacy.rows import OfConversations, conversation_row, dates_of, own_of, record_of, with_own
from arraigo.apps.chat.legacy.turns import DATE, LEAF, give_turns, take_turns
from arraigo.move.records.fields import Field, from_metadata, give, names, part, style, take
from arraigo.move.records.jsontext import Json
from arraigo.move.records.kinds import Text
from arraigo.move.records.shape import Context, Rows

_FIELDS = (
    Field("name", "title", Text(most=500), empty=""),
    Field("created_at", "created_at", DATE),
    Field("updated_at", "updated_at", DATE),
)
_ORDER = ("uuid", "name", "summary", "created_at", "updated_at", "account", "chat_messages")


class Claude(OfConversations):
    """One conversation becomes one row of conversations, and one of messages for each of its messages."""

    name = "claude"
    ids = ("uuid",)

    def fits(self, value: Json) -> bool:
        """It has a list of chat_messages."""
        return isinstance(value, dict) and isinstance(value.get("chat_messages"), list)

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One conversation and its messages: the active branch from 1, then the others."""
        record = record_of(key, value)
        turns = take_turns(record)
        ids = [name for name in self.ids if record.get(name) == key]
        empties = dates_of(record, "created_at", "updated_at", context)
        given = [*ids, "chat_messages", LEAF]
        cells, legacy = take(_FIELDS, record, empties=empties, given=given, order=_ORDER, notes=context.notes)
        legacy |= turns.legacy(record, cells["created_at"]) | ({"ids": list[Json](ids)} if ids else {})
        conversation = conversation_row(key, cells, legacy, len(turns.messages), context)
        return {
            "conversations": [conversation],
            "messages": turns.rows(conversation, part(legacy, "message"), context),
        }

    def to_record(self, _key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The conversation as the export has it; what was added here goes on from the active branch."""
        row = rows["conversations"][0]
        legacy, own = from_metadata(row["metadata"])
        legacy = legacy or dict(house or {})
        name = row["external_id"] or str(row["id"])
        given = {**dict.fromkeys(names(legacy, "ids"), name), **give_turns(rows["messages"], legacy)}
        record = give(_FIELDS, row, legacy, given=given, order=_ORDER)
        return name, with_own(record, own_of(row, own, {"active"}))

    def house(self, rows: Rows) -> dict[str, Json]:
        """How dates look, which ids and links a conversation carries, and whose it is."""
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
        kept = {name: legacy[name] for name in ("ids", "linked", "led", "message") if name in legacy}
        account = {name: found for name, found in part(legacy, "extra").items() if name == "account"}
        return style(_FIELDS, legacy) | kept | ({"extra": account} if account else {})


CLAUDE = Claude()
