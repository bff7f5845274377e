"""What a message of a ChatGPT export says, as a row, and the message again.

Its content is an object: of texts and pointers to images and recordings (`parts`), or of code, the output of a program,
a page, thoughts, each with fields of its own. Beside what `fields.take` and `text` keep, a legacy has `without`, the
usual fields that are not there, `name`, the node's where that is no UUID, and `node`, what `nodes` keeps of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arraigo.apps.chat.legacy import text
from arraigo.apps.chat.legacy.nodes import Held
from arraigo.apps.chat.legacy.rows import ROLES, message_id, message_row, usual_in, usual_of
from arraigo.apps.chat.legacy.tree import Link
from arraigo.move.records.fields import Field, give, take, to_metadata
from arraigo.move.records.jsontext import Json, Number, Unfit, identical, kind_of, shown
from arraigo.move.records.kinds import Cell, Moment
from arraigo.move.records.shape import Context, Row

SECONDS = Moment(form=Number("0.0"))


@dataclass(frozen=True, slots=True)
class Author:
    """Who said it: a role, and perhaps a tool's name."""

    def read(self, value: Json) -> Cell:
        """The role."""
        role = value.get("role") if isinstance(value, dict) else None
        if not isinstance(role, str):
            raise Unfit(f"is {kind_of(value)} without a role")
        return ROLES.read(role)

    def write(self, cell: Cell) -> Json:
        """An author with this role, and no name."""
        return self.like(cell, {"role": None, "name": None, "metadata": {}})

    def like(self, cell: Cell, example: Json, /) -> Json:
        """The example with this role."""
        author = example if isinstance(example, dict) else {}
        return {**author, "role": str(cell)}


_FIELDS = (
    Field("author", "role", Author()),
    Field("create_time", "created_at", SECONDS),
)
_ORDER = (
    *("id", "author", "create_time", "update_time", "content", "status", "end_turn", "weight", "metadata"),
    *("recipient", "channel"),
)
_USUAL: dict[str, Json] = {
    "update_time": None,
    "status": "finished_successfully",
    "end_turn": None,
    "weight": Number("1.0"),
    "metadata": {},
    "recipient": "all",
    "channel": None,
}
# Where a content without `parts` has its text.
_TEXTS = ("text", "result", "content", "user_profile", "user_instructions", "model_set_context")
_WORDS = {
    "image_asset_pointer": "image",
    "audio_asset_pointer": "audio",
    "video_container_asset_pointer": "video",
    "real_time_user_audio_video_asset_pointer": "audio and video",
}


def walk(box: Mapping[str, Json], kind: type) -> text.Pieces:
    """Through what a message says."""
    content = box.get("content")
    if not isinstance(content, dict):
        yield from text.slot(box, "content", kind)
        return
    parts = content.get("parts")
    if isinstance(parts, list):
        for place, found in enumerate(parts):
            yield from _part(found, kind) if isinstance(found, dict) else text.slot(parts, place, kind)
        return
    slots = [found for name in _TEXTS for found in text.slot(content, name, kind)]
    yield from slots
    what = content.get("content_type")
    if not slots and isinstance(what, str):
        yield text.words(what)


def _part(found: dict[str, Json], kind: type) -> text.Pieces:
    texts = list(text.slot(found, "text", kind))
    what = found.get("content_type")
    yield from texts or [text.words(_WORDS.get(what, what) if isinstance(what, str) else "part")]


def _usual_content(said: str) -> Json:
    return {"content_type": "text", "parts": [said]}


def habits_of(messages: list[dict[str, Json]], created_at: Any) -> dict[str, Json]:
    """The order of the keys, which a conversation's messages have in common."""
    if not messages:
        return {}
    try:
        _, legacy = _take(messages[0], "", {"created_at": created_at}, {}, Counter())
    except Unfit:
        return {}
    return {name: value for name, value in legacy.items() if name == "order"}


def _take(
    message: dict[str, Json], name: str, empties: Mapping[str, Any], habits: Mapping[str, Json], notes: Counter[str]
) -> tuple[dict[str, Any], dict[str, Json]]:
    usual, without = usual_in(message, {"id": name, **_USUAL})
    if "content" not in message:
        without.append("content")
    given = [*usual, "content"]
    cells, legacy = take(_FIELDS, message, empties=empties, given=given, order=_ORDER, house=habits, notes=notes)
    return cells, legacy | ({"without": without} if without else {})


def take_message(
    link: Link, message: dict[str, Json], node: Held, habits: Mapping[str, Json], conversation: Row, context: Context
) -> Row:
    """The message's row.

    Raises:
        Unfit: It has no known role, or something of it does not fit its column.
    """
    identity = message_id(link.name, conversation, context)
    box: text.Box = {"content": message["content"]} if "content" in message else {}
    try:
        empties = {"created_at": conversation["created_at"]}
        cells, legacy = _take(message, link.name, empties, habits, context.notes)
        cells["content"] = text.readable(box, walk)
    except Unfit as error:
        raise Unfit(f"message {shown(link.name)}: {error.what}") from None
    if box and not identical(message["content"], _usual_content(cells["content"])):
        legacy |= text.kept(box, walk, cells["content"])
    legacy |= ({"name": link.name} if str(identity) != link.name else {}) | ({"node": node} if node else {})
    return message_row(link.number, identity, cells, to_metadata(legacy, link.mark), conversation, context)


def give_message(
    name: str, row: Mapping[str, Any], legacy: Mapping[str, Json], habits: Mapping[str, Json]
) -> dict[str, Json]:
    """The message again, from its row and its legacy; one that was made here looks like the others."""
    box = text.given(legacy, walk, row["content"]) or {"content": _usual_content(row["content"])}
    given = usual_of(legacy, {"id": name, **_USUAL, **box})
    if row["content"] and "content" not in given:  # it had none, and was given one here
        given |= box
    return give(_FIELDS, row, legacy, given=given, order=_ORDER, house=habits)
