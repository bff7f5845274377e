"""Records of an exact shape as they go in where nothing of them is there yet: lines of COPY, and what proves them."""

from collections import Counter
from typing import NamedTuple, TypeAlias

from arraigo.move.records import copytext
from arraigo.move.records.batches import Item
from arraigo.move.records.shape import Shape, anchor_of

Mark: TypeAlias = tuple[str, str, bytes, bytes]
"""A record's key, the anchor of its rows, its digest and that of its rows' lines."""
_LEDGER = 6  # cells of a line


class Ready(NamedTuple):
    """Some records of one unit, or one batch of them; of nothing but what `marshal` can write.

    Attributes:
        marks: What stands for each.
        counts: How many rows they are, by table.
        notes: What had to be decided for them.
        size: Their bytes in the source.
        lines: Their rows, by table.
        ledger: Their lines in the ledger: key, position, hash, target_id, parts, bytes.
    """

    marks: list[Mark]
    counts: dict[str, int]
    notes: dict[str, int]
    size: int
    lines: list[bytes]
    ledger: bytes


class Making:
    """Makes records ready, one after the other.

    Args:
        shape: What they are.
    """

    def __init__(self, shape: Shape) -> None:
        self.size = 0
        self._shape = shape
        self._marks: list[Mark] = []
        self._counts = dict.fromkeys([table.name for table in shape.tables], 0)
        self._notes = Counter[str]()
        self._lines: list[list[bytes]] = [[] for _ in shape.tables]
        self._ledger: list[str] = []

    def add(self, item: Item) -> None:
        """One more."""
        shape, rows = self._shape, item.rows
        anchor = str(anchor_of(shape, rows))
        self._marks.append((item.key, anchor, item.hash, copytext.digest(item.lines)))
        for name, found in rows.items():
            self._counts[name] += len(found)
        for lines, mine in zip(self._lines, item.lines, strict=True):
            lines.append(mine)
        self._ledger += (
            *(item.key, str(item.position), "\\x" + item.hash.hex()),
            *(anchor, str(shape.parts(rows)), str(item.size)),
        )
        self.size += item.size
        if item.notes:
            self._notes.update(item.notes)

    def done(self) -> Ready:
        """All of them."""
        return Ready(
            self._marks,
            self._counts,
            dict(self._notes),
            self.size,
            [b"".join(lines) for lines in self._lines],
            copytext.in_lines(copytext.escaped_each(self._ledger), _LEDGER),
        )
