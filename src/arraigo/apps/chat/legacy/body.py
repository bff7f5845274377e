"""What a message of a Claude export says: blocks, a text that repeats them, and the names of what was attached.

Of one block with nothing but its text, repeated in `text`, nothing is kept beside the column. Else a legacy keeps:

    parts      the fields that say something else, without their texts (`text.hollow`)
    told       how `text` repeats several blocks: a block's number, or what stands between them
    whole      the fields as they are, where their texts could not be put back

and in `without` the names of those that are not there.
"""

from collections.abc import Mapping, Sequence

from arraigo.apps.chat.legacy import text
from arraigo.apps.chat.legacy.tree import number_in
from arraigo.move.records.fields import names, part
from arraigo.move.records.jsontext import Json, Number, identical

FIELDS = ("text", "content", "attachments", "files")
_SILENT = ("text", "token_budget")  # blocks that leave no words behind where they have no text


def take_body(message: Mapping[str, Json]) -> tuple[str, dict[str, Json], list[Json]]:
    """The readable text, what a legacy keeps beside it, and which of the fields are not there.

    Raises:
        Unfit: The text is too long for its column.
    """
    box = {name: message[name] for name in FIELDS if name in message}
    said = text.readable(box, walk)
    parts = text.hollow(box, walk)
    told: list[Json] = []
    repeated, texts = box.get("text"), _texts(box)
    if texts is not None and isinstance(repeated, str):
        del parts["text"]
        told = [] if repeated == text.BETWEEN.join(texts) else _told(repeated, texts)
    usual = _usual(Number(str(len(said))))
    kept: dict[str, Json] = {
        "parts": {name: found for name, found in parts.items() if name == "text" or not identical(found, usual[name])},
        "told": told,
    }
    kept = {name: found for name, found in kept.items() if found}
    without: list[Json] = [name for name in FIELDS if name not in box]
    back = give_body(said, {**kept, "without": without})
    same = set(back) == set(box) and all(identical(back[name], box[name]) for name in box)
    return said, kept if same else {"whole": box}, without


def give_body(said: str, legacy: Mapping[str, Json]) -> dict[str, Json]:
    """These fields again. What was edited, and has not the form of the blocks any more, is one block."""
    if "whole" in legacy and (whole := text.given(legacy, walk, said)) is not None:
        return whole
    without, parts = names(legacy, "without"), part(legacy, "parts")
    usual = {name: found for name, found in _usual(Number("0")).items() if name not in without}
    box = text.filled({**usual, **parts}, walk, said)
    if box is None:
        box = {**usual, **parts, "text": said} | ({"content": _blocks(said)} if "content" in usual else {})
    texts = _texts(box)
    if texts is not None and "text" not in {*box, *without}:
        box["text"] = _repeated(legacy.get("told"), texts)
    return box


def walk(box: Mapping[str, Json], kind: type) -> text.Pieces:
    """Through the blocks, or the text where there are none; then through what was attached."""
    blocks = box.get("content")
    if isinstance(blocks, list) and blocks:
        for block in blocks:
            yield from _block(block, kind) if isinstance(block, dict) else ()
    else:
        yield from text.slot(box, "text", kind)
    for field, what in (("attachments", "attachment"), ("files", "file")):
        for attached in _dicts(box.get(field)):
            called = attached.get("file_name")
            yield text.words(what, called if isinstance(called, str) else "")


def _block(block: dict[str, Json], kind: type) -> text.Pieces:
    texts = list(text.slot(block, "text", kind))
    yield from texts
    what, called = block.get("type"), block.get("name")
    if not texts and isinstance(what, str) and what not in _SILENT:
        yield text.words(what, called if isinstance(called, str) else "")


def _texts(box: Mapping[str, Json]) -> list[str] | None:
    """The texts of the blocks; None where there are no blocks."""
    blocks = box.get("content")
    if not isinstance(blocks, list) or not blocks:
        return None
    return [found for found in (block.get("text") for block in _dicts(blocks)) if isinstance(found, str) and found]


def _usual(said: Json) -> dict[str, Json]:
    return {"content": _blocks(said), "attachments": [], "files": []}


def _blocks(said: Json) -> list[Json]:
    return [{"type": "text", "text": said}]


def _dicts(found: Json) -> list[dict[str, Json]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _told(repeated: str, texts: Sequence[str]) -> list[Json]:
    """The text as numbers of blocks, and what stands between them."""
    told: list[Json] = []
    at = 0
    for number, found in enumerate(texts):
        begin = repeated.find(found, at)
        if begin >= 0:
            told += [*([repeated[at:begin]] if begin > at else []), Number(str(number))]
            at = begin + len(found)
    return [*told, *([repeated[at:]] if at < len(repeated) else [])] or [""]


def _repeated(told: Json, texts: Sequence[str]) -> str:
    """The text that `_told` told, of the blocks as they are now."""
    if not isinstance(told, list):
        return text.BETWEEN.join(texts)
    blocks = dict(enumerate(texts))
    pieces = (piece if isinstance(piece, str) else number_in(piece) for piece in told)
    return "".join(blocks.get(piece, "") if isinstance(piece, int) else piece or "" for piece in pieces)
