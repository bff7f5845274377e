"""Pure: where in a piece of text the hits are."""

from collections.abc import Iterator

from arraigo.retrieve.types import Piece

_BEGIN, _END = "\x02", "\x03"
_CUT = "…"


def pieces(text: str, marked: str, *, cut_before: bool, cut_behind: bool) -> tuple[Piece, ...]:
    """A snippet, from a text and the same without accents, in which hits stand between U+0002 and U+0003.

    Both have the same length, but for those marks.
    """
    found = list(_pieces(text, marked))
    if cut_before:
        found.insert(0, Piece(_CUT, hit=False))
    if cut_behind:
        found.append(Piece(_CUT, hit=False))
    return tuple(_joined(found))


def _pieces(text: str, marked: str) -> Iterator[Piece]:
    start = 0
    for number, part in enumerate(marked.replace(_END, _BEGIN).split(_BEGIN)):
        yield Piece(text[start : start + len(part)], hit=number % 2 == 1)
        start += len(part)


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one, and none that is empty."""
    whole = Piece("", hit=False)
    for piece in found:
        if piece.hit == whole.hit:
            whole = Piece(whole.text + piece.text, whole.hit)
        elif piece.text:
            if whole.text:
                yield whole
            whole = piece
    if whole.text:
        yield whole
