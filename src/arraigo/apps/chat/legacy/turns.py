"""The `chat_messages` of a Claude conversation as a row of messages, and the list again.

What follows from the row (`tree`) is not kept. What is kept of a message, beside what `fields.take` and `body` keep:

    without    which of its usual fields it does not have
    parent     whom it answers, where that does not follow

and of the list: `linked`, whether messages say what they answer; `nodes`, their order in the file, where it is not that
of their numbers; `led` and `leaf`, whether the conversation says where it stands, and where, if that does not follow.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arraigo.apps.chat.legacy import body
from arraigo.apps.chat.legacy.rows import ROLES, message_id, message_row, usual_in, usual_of, with_own
from arraigo.apps.chat.legacy.tree import (
    Link,
    give_leaf,
    in_a_row,
    last_of,
    name_of,
    number_in,
    ref,
    take_leaf,
    usual_parents,
)
from arraigo.move.records.fields import Field, from_metadata, give, part, style, take, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, kind_of, shown
from arraigo.move.records.kinds import Cell, Moment
from arraigo.move.records.shape import Context, Row

LEAF = "current_leaf_message_uuid"
PARENT = "parent_message_uuid"
NOBODY = "00000000-0000-4000-8000-000000000000"  # whom a first message answers
DATE = Moment(form="2025-01-27T10:00:00Z")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who said it: whom others call a user is a human here."""

    def read(self, value: Json) -> Cell:
        """The role."""
        return ROLES.read("user" if value == "human" else value)

    def write(self, cell: Cell) -> Json:
        """The sender."""
        return "human" if cell == "user" else str(cell)

    def like(self, cell: Cell, _example: Json, /) -> Json:
        """The same: it has one form."""
        return self.write(cell)


_FIELDS = (Field("sender", "role", Sender()), Field("created_at", "created_at", DATE))
_ORDER = ("uuid", "text", "content", "sender", "created_at", "updated_at", "attachments", "files", PARENT)
Turn = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Turns:
    """A list as a row of messages.

    Attributes:
        messages: By uuid, in the file's order; by a name that no text can be where that is none of their own.
        links: In the order of reading, by name.
        linked: Whether they say what they answer.
    """

    messages: dict[str, Turn]
    links: dict[str, Link]
    linked: bool

    def legacy(self, record: Mapping[str, Json], created_at: Any) -> dict[str, Json]:
        """What is kept of the list."""
        links = list(self.links.values())
        in_order = list(self.messages) == list(self.links)
        kept: dict[str, Json] = {
            "linked": self.linked,
            "led": LEAF in record,
            "leaf": take_leaf(record, LEAF, last_of(links, None), self.links) if LEAF in record else [],
            "nodes": [] if in_order else [ref(name, self.links) for name in self.messages],
            "message": _habits(self.messages[links[0].name], created_at) if links else {},
        }
        return {name: value for name, value in kept.items() if value}

    def rows(self, conversation: Row, habits: Mapping[str, Json], context: Context) -> list[Row]:
        """The messages' rows.

        Raises:
            Unfit: One of them cannot be taken.
        """
        usual = usual_parents(list(self.links.values()), NOBODY) if self.linked else {}
        return [
            _message(link, self.messages[link.name], usual, self.links, habits, conversation, context)
            for link in self.links.values()
        ]


def take_turns(record: Mapping[str, Json]) -> Turns:
    """A conversation's messages as a row.

    Raises:
        Unfit: They are not what they have to be.
    """
    found = record.get("chat_messages")
    if not isinstance(found, list):
        raise Unfit("has no list of chat_messages")
    messages: dict[str, Turn] = {}
    for number, message in enumerate(found, 1):
        if not isinstance(message, dict):
            raise Unfit(f"message {number} is {kind_of(message)}, not an object")
        name = message.get("uuid")
        messages[name if isinstance(name, str) and name not in messages else f"\0{number}"] = message
    links = in_a_row(_parents(messages), (record.get(LEAF), next(reversed(messages), None)), messages)
    linked = any(PARENT in message for message in messages.values())
    return Turns(messages, {link.name: link for link in links}, linked)


def give_turns(rows: list[Row], legacy: Mapping[str, Json]) -> dict[str, Json]:
    """The list, and where the conversation stands if it said so, from the rows and what was kept."""
    links: dict[int, Link] = {}
    parts: dict[int, tuple[Row, Turn, dict[str, Json]]] = {}
    for row in rows:
        kept, own = from_metadata(row["metadata"])
        name = part(kept, "extra").get("uuid")
        number: int = row["sequence_number"]
        links[number] = Link.read(number, name if isinstance(name, str) else str(row["id"]), own)
        parts[number] = row, kept, own
    usual = usual_parents(list(links.values()), NOBODY) if legacy.get("linked") else {}
    habits = part(legacy, "message")
    found: dict[int, Json] = {
        number: with_own(_turn(links[number], row, kept, links, usual, habits), own)
        for number, (row, kept, own) in parts.items()
    }
    order = legacy.get("nodes")
    first = [number_in(place) for place in order] if isinstance(order, list) else []
    numbers = dict.fromkeys([*(number for number in first if number is not None and number in found), *found])
    given: dict[str, Json] = {"chat_messages": [found[number] for number in numbers]}
    return given | (give_leaf(legacy, LEAF, last_of(list(links.values()), None), links) if legacy.get("led") else {})


def _parents(messages: Mapping[str, Turn]) -> dict[str, str | None]:
    """What each answers; the one before it in the file, where it does not say, or names one that is not there."""
    found: dict[str, str | None] = {}
    before: str | None = None
    for name, message in messages.items():
        said = message.get(PARENT)
        if isinstance(said, str) and said in messages:
            found[name] = said
        else:
            found[name] = None if said == NOBODY else before
        before = name
    return found


def _habits(message: Turn, created_at: Any) -> dict[str, Json]:
    """How dates look, and the order of the keys, which a conversation's messages have in common."""
    given = [name for name in body.FIELDS if name in message]
    empties = {"created_at": created_at}
    try:
        _, legacy = take(_FIELDS, message, empties=empties, given=given, order=_ORDER, notes=Counter())
    except Unfit:
        return {}
    return style(_FIELDS, legacy)


def _message(
    link: Link,
    message: Turn,
    usual: Mapping[int, str | None],
    links: Mapping[str, Link],
    habits: Mapping[str, Json],
    conversation: Row,
    context: Context,
) -> Row:
    identity = message_id(link.name, conversation, context)
    expected: dict[str, Json] = {"uuid": str(identity), "updated_at": message.get("created_at")}
    given, without = usual_in(message, expected | ({PARENT: usual[link.number]} if usual else {}))
    answers = message.get(PARENT)
    another = ref(answers, links) if isinstance(answers, str) and answers in links and PARENT not in given else None
    given += [name for name in body.FIELDS if name in message] + ([PARENT] if another else [])
    empties = {"created_at": conversation["created_at"]}
    try:
        cells, legacy = take(
            _FIELDS, message, empties=empties, given=given, order=_ORDER, house=habits, notes=context.notes
        )
        cells["content"], kept, absent = body.take_body(message)
    except Unfit as error:
        raise Unfit(f"message {shown(link.name.lstrip(chr(0)))}: {error.what}") from None
    more: dict[str, Json] = {**kept, "without": without + absent, "parent": another}
    legacy |= {name: value for name, value in more.items() if value}
    return message_row(link.number, identity, cells, to_metadata(legacy, link.mark), conversation, context)


def _turn(
    link: Link,
    row: Row,
    legacy: Turn,
    links: Mapping[int, Link],
    usual: Mapping[int, str | None],
    habits: Mapping[str, Json],
) -> Turn:
    expected: dict[str, Json] = {"uuid": link.name, "updated_at": None}
    if usual:
        expected[PARENT] = name_of(legacy.get("parent"), links) or usual[link.number]
    given = usual_of(legacy, expected) | body.give_body(row["content"], legacy)
    message = give(_FIELDS, row, legacy, given=given, order=_ORDER, house=habits)
    if "updated_at" in given:
        message["updated_at"] = message.get("created_at")
    return message
