"""`threads-data.json` and `guest-memory.json`: what the messaging bot kept in files, by WhatsApp number (seed 4).

Each number becomes one user with a WhatsApp identity, whichever file comes first. Each file has a table of its own, so
that either can be written again from what is there.
"""

from collections.abc import Mapping

from arraigo.move.records.fields import Field, from_metadata, give, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Jsonb, Moment, Text
from arraigo.move.records.shape import Context, Person, Row, Rows, Table

_PROVIDER = "whatsapp"
_HAS_NUMBER = "EXISTS (SELECT FROM arraigo.user_identities i WHERE i.user_id = t.user_id AND i.provider = 'whatsapp')"


class _ByNumber:
    """What both files have in common: an object by number, one row for each, fields and a legacy."""

    exact = False
    wrappers: tuple[str, ...] = ()
    fields: tuple[Field, ...]
    tables: tuple[Table, ...]

    def key(self, _value: Json, /) -> str:
        """The number is the key of the object; an array has none."""
        raise Unfit("has no number: the file should be an object by number")

    def placed(self, _rows: Rows, _anchor: str, /) -> Rows | None:
        """A thread's id, and a number's user, are what the record says."""
        return None

    def parts(self, _rows: Rows, /) -> int:
        """One row, to which nothing is appended."""
        return 1

    def as_moved(self, rows: Rows, _parts: int, _source: Rows | None, /) -> tuple[Rows, int]:
        """The row itself."""
        return rows, 0

    def grew(self, _rows: Rows, _source: Rows, /) -> bool:
        """Nothing is appended to a row."""
        return False

    def to_record(self, key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """Under the number that the user has, or one of them."""
        row = rows[self.tables[0].name][0]
        legacy, own = from_metadata(row["metadata"])
        legacy = legacy or dict(house or {})
        record = give(self.fields, row, legacy)
        if own:
            record.setdefault("metadata", own)
        numbers: list[str] = row["user_id"] or [""]
        return (key if key is not None and key in numbers else numbers[0]), record

    def house(self, rows: Rows) -> dict[str, Json]:
        """How dates look, and the order of the keys."""
        legacy, _ = from_metadata(rows[self.tables[0].name][0]["metadata"])
        return style(self.fields, legacy)

    def _row(self, key: str, value: Json, context: Context) -> Row:
        if not isinstance(value, dict):
            raise Unfit(f"is {kind_of(value)}, not an object")
        if not 1 <= len(key) <= 200:  # noqa: PLR2004 - leaves room for the provider in a username
            raise Unfit(f"has a number of {len(key)} characters, not 1 to 200")
        cells, legacy = take(self.fields, value, notes=context.notes)
        return {**cells, "metadata": to_metadata(legacy) or {}, "created_at": context.as_of}


class Threads(_ByNumber):
    """One number's thread with the model: threadId, chatId, userName."""

    name = "threads"
    file_names = ("threads-data.json",)
    fields = (
        Field("threadId", "thread_id", Text(least=1, most=255)),
        Field("chatId", "chat_id", Text(most=255), empty=None),
        Field("userName", "user_name", Text(most=500), empty=None),
    )
    tables = (
        Table(
            "bot_threads",
            anchor="thread_id",
            anchor_type="text",
            columns=("thread_id", "user_id", "chat_id", "user_name", "metadata", "created_at"),
            person="user_id",
            provider=_PROVIDER,
            # A number has one thread in the file: the active one, the latest of them.
            current="""NOT EXISTS (
                SELECT FROM arraigo.bot_threads n WHERE n.user_id = t.user_id
                   AND (n.is_active, coalesce(n.last_message_at, n.created_at), n.thread_id)
                     > (t.is_active, coalesce(t.last_message_at, t.created_at), t.thread_id))""",
            added=_HAS_NUMBER,
        ),
    )

    def fits(self, value: Json) -> bool:
        """It has a thread."""
        return isinstance(value, dict) and isinstance(value.get("threadId"), str)

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One thread of the user with this number."""
        row = self._row(key, value, context)
        return {"bot_threads": [row | {"user_id": Person(_PROVIDER, key, row["user_name"])}]}


class Guests(_ByNumber):
    """What is known of one number: name, labels, lastInteraction."""

    name = "guests"
    file_names = ("guest-memory.json",)
    fields = (
        Field("name", "name", Text(most=500), empty=None),
        Field("labels", "labels", Jsonb(of="texts"), empty=[]),
        Field("lastInteraction", "last_activity", Moment(), empty=None),
    )
    tables = (
        Table(
            "bot_users",
            anchor="user_id",
            columns=("user_id", "channel", "name", "labels", "last_activity", "metadata", "created_at"),
            json=frozenset({"labels", "metadata"}),
            person="user_id",
            provider=_PROVIDER,
            fixed=("channel",),
            added=f"t.channel = 'whatsapp' AND {_HAS_NUMBER}",
        ),
    )

    def fits(self, value: Json) -> bool:
        """It has labels, or a last interaction."""
        return isinstance(value, dict) and ("lastInteraction" in value or isinstance(value.get("labels"), list))

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """What the bot knows of the user with this number."""
        row = self._row(key, value, context)
        return {"bot_users": [row | {"user_id": Person(_PROVIDER, key, row["name"]), "channel": "whatsapp"}]}


THREADS = Threads()
GUESTS = Guests()
