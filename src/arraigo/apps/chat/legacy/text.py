"""The readable text of a message that is made of parts, and the parts again from the text.

A message of many parts (texts, code, images, calls of tools) is one text in its column: the texts of its parts, and a
few words in brackets in the place of each part that is none. Its parts are kept beside it **without their texts**, each
text replaced by its length: what the column holds comes from the column alone.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from arraigo.move.records.jsontext import Json, Number, Unfit, identical
from arraigo.move.records.kinds import Text

BETWEEN = "\n\n"
_COLUMN = Text(bytes_below=1_000_000)
_WORDS = 60  # characters that tell enough
_DIGITS = 7  # of a length below the column's limit


class Slot(NamedTuple):
    """Where a text stands among the parts: `holder[at]`."""

    holder: Any
    at: Any


Box: TypeAlias = dict[str, Json]
Pieces: TypeAlias = Iterator[Slot | str]
# Goes through the parts in the order of reading: slots, and words for what is no text. The type says what a text looks
# like: `str`, or `Number` where its length stands in its place. It is the same way with both.
Walk: TypeAlias = Callable[[Mapping[str, Json], type], Pieces]


def slot(holder: Any, at: Any, kind: type) -> Pieces:
    """The slot, if there is a text in it, or its length."""
    found = holder.get(at) if isinstance(holder, dict) else holder[at]
    if isinstance(found, kind) and found != "":
        yield Slot(holder, at)


def words(what: str, called: str = "") -> str:
    """What stands in a text for a part of this kind and name."""
    kind = what[:_WORDS].replace("_", " ")
    return f"[{kind}: {called[:_WORDS]}]" if called else f"[{kind}]"


def readable(box: Box, walk: Walk) -> str:
    """The one text of all the parts.

    Raises:
        Unfit: It is too long for its column.
    """
    text = _joined(box, walk)
    try:
        _COLUMN.read(text)
    except Unfit as error:
        raise Unfit(f"'content' {error.what}") from None
    return text


def hollow(box: Box, walk: Walk) -> Box:
    """The parts, each text replaced by its length."""
    copy: Box = _copy(box)
    for piece in list(walk(copy, str)):
        if isinstance(piece, Slot):
            piece.holder[piece.at] = Number(str(len(piece.holder[piece.at])))
    return copy


def filled(box: Box, walk: Walk, text: str) -> Box | None:
    """The parts again, their texts cut out of the column's; None where that has not their form any more.

    A text that is the only one among the parts may have any length: it was edited since.
    """
    copy: Box = _copy(box)
    pieces = list(walk(copy, Number))
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    sizes = [_length(piece.holder[piece.at]) for piece in slots]
    if len(slots) == 1:
        others = sum(len(piece) for piece in pieces if isinstance(piece, str))
        sizes = [max(0, len(text) - others - len(BETWEEN) * (len(pieces) - 1))]
    at = 0
    for number, piece in enumerate(pieces):
        expected = (BETWEEN if number else "") + (piece if isinstance(piece, str) else "")
        if not text.startswith(expected, at):
            return None
        at += len(expected)
        if isinstance(piece, Slot):
            size = sizes.pop(0)
            piece.holder[piece.at] = text[at : at + size]
            at += size
    return copy if at == len(text) else None


def kept(box: Box, walk: Walk, text: str) -> dict[str, Json]:
    """What a legacy has to keep of these parts: `parts`, or where a length would be taken for a text, `whole`."""
    parts = hollow(box, walk)
    back = filled(parts, walk, text)
    return {"parts": parts} if back is not None and identical(back, box) else {"whole": box}


def given(legacy: Mapping[str, Json], walk: Walk, text: str) -> Box | None:
    """The parts that `kept` kept, with the column's text; None where the two do not fit any more."""
    whole, parts = legacy.get("whole"), legacy.get("parts")
    if isinstance(whole, dict) and _joined(whole, walk) == text:
        return whole
    return filled(parts, walk, text) if isinstance(parts, dict) else None


def _joined(box: Box, walk: Walk) -> str:
    return BETWEEN.join(piece if isinstance(piece, str) else piece.holder[piece.at] for piece in walk(box, str))


def _length(found: object) -> int:
    text = found.text if isinstance(found, Number) else ""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
