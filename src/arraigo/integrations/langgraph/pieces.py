"""Pure: a list as a tree of pieces, of which the next version shares all but a few.

LangGraph saves the whole list of messages at every step. Here a list is cut into chunks of about a kilobyte; a chunk's
name is the hash of its content, and lists of such names are cut and named in the same way until few are left. Where to
cut is decided by the elements themselves, not by their position, so that the same elements make the same chunks
wherever they stand: whatever is appended, replaced, removed or put in front, a new version has a few new pieces, as
many as the tree is high, and refers to the others. Nothing need be known of the version before.

Whoever keeps the pieces keeps one promise: where a piece is, all below it are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

Blob = tuple[str, bytes]  # the serde's word for the type, and what it has written
Dump = Callable[[Any], Blob]
Load = Callable[[Blob], Any]

CHUNK = 1024  # bytes, on average
LONGEST = 4 * CHUNK  # of elements that are smaller than a chunk
FANOUT = 16  # names in a node, on average
WIDEST = 4 * FANOUT
TOP = 8  # names at most that need no node above them
LIKELY_NEW = 16 * CHUNK  # bytes at the end of a list that are sent without asking whether they are there
_LOTS = 1 << 64


class Piece(NamedTuple):
    """What the serde wrote, a chunk of a list or a whole value; or without a body the names of pieces."""

    type: str
    body: bytes | None
    children: Sequence[UUID] | None = None


class _Item(NamedTuple):
    """Something that stands in a row to be cut."""

    name: bytes
    size: int

    @property
    def lot(self) -> int:
        """A number that it draws by what it is."""
        return int.from_bytes(self.name[:8], "big")


class Tree:
    """A list, cut.

    Args:
        value: A plain list.
        dump: How the serde writes something; the same thing has to be written the same to be shared.

    Attributes:
        top: The names from which the list can be read.
    """

    def __init__(self, value: list[Any], dump: Dump) -> None:
        self._value = value
        self._dump = dump
        elements = [_element(dump(element)) for element in value]
        self._row: list[tuple[UUID, int]] = []  # every chunk with its size
        self._chunks: dict[UUID, tuple[int, int]] = {}
        for start, end in _cut(elements, CHUNK, longest=LONGEST):
            name = _name(b"chunk", elements[start:end])
            self._row.append((name, sum(element.size for element in elements[start:end])))
            self._chunks[name] = start, end
        self._nodes: dict[UUID, tuple[UUID, ...]] = {}
        self._spine: list[UUID] = []  # the last node of every height
        names = [name for name, _ in self._row]
        while len(names) > TOP:
            items = [_Item(name.bytes, 1) for name in names]
            above = []
            for start, end in _cut(items, FANOUT, longest=WIDEST, least=2):
                node = _name(b"node", items[start:end])
                self._nodes[node] = tuple(names[start:end])
                above.append(node)
            self._spine.append(above[-1])
            names = above
        self.top = tuple(names)

    @property
    def is_one_chunk(self) -> bool:
        """Whether the list is so small that there is nothing to share."""
        return len(self._row) <= 1

    def likely(self) -> dict[UUID, Piece]:
        """What is new when something was appended: the last chunks, and the last node of every height."""
        room = LIKELY_NEW
        found: dict[UUID, Piece] = {}
        for name, size in reversed(self._row):
            if found and size > room:
                break
            room -= size
            found[name] = self._piece(name)
        return found | {name: self._piece(name) for name in self._spine}

    def below(self, names: Iterable[UUID]) -> dict[UUID, Piece]:
        """Those of these pieces that belong to the list, with everything below them."""
        found: dict[UUID, Piece] = {}
        left = list(names)
        while left:
            name = left.pop()
            if name not in found and (name in self._chunks or name in self._nodes):
                found[name] = self._piece(name)
                left += found[name].children or ()
        return found

    def _piece(self, name: UUID) -> Piece:
        if name in self._nodes:
            return Piece("node", None, self._nodes[name])
        start, end = self._chunks[name]
        return Piece(*self._dump(self._value[start:end]))


def read(top: Iterable[UUID], pieces: Mapping[UUID, Piece], load: Load) -> list[Any]:
    """The list again; what stands in it twice is made twice.

    Raises:
        KeyError: A piece is missing.
    """
    value: list[Any] = []
    for name in top:
        piece = pieces[name]
        if piece.body is None:
            value += read(piece.children or (), pieces, load)
        else:
            value += load((piece.type, piece.body))
    return value


def _element(blob: Blob) -> _Item:
    kind, body = blob
    digest = blake2b(kind.encode() + b"\0", digest_size=16, person=b"element")
    digest.update(body)
    return _Item(digest.digest(), len(body) + 1)  # so that there is no end of nothing in a chunk


def _name(what: bytes, items: Sequence[_Item]) -> UUID:
    return UUID(bytes=blake2b(b"".join(item.name for item in items), digest_size=16, person=what).digest())


def _cut(items: Sequence[_Item], size: int, *, longest: int, least: int = 1) -> Iterator[tuple[int, int]]:
    """Where the parts begin and end.

    Behind an item there is a cut when the number that it draws says so, the more likely the larger it is; before and
    behind everything that is as large as a part; and where a part would get too long, as of a thousand equal items.
    """
    if not items:
        return
    start, length = 0, 0
    for number, (item, following) in enumerate(pairwise([*items, _Item(b"", 0)])):
        length += item.size
        ends = item.lot * size < item.size * _LOTS or following.size >= size
        if number + 1 == len(items) or (ends and number + 1 - start >= least) or length + following.size > longest:
            yield start, number + 1
            start, length = number + 1, 0
