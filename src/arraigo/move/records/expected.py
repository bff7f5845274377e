"""What a unit's rows must be, as it was copied: a digest for each record, kept on the disk until the proof.

Where every record's rows are in the target, in one snapshot and to the last character, what its source becomes, nothing
needs to be read from the source a second time. Where one differs, the records are looked at one by one (`proving`).
"""

import marshal
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeAlias

from arraigo.move.records import copytext
from arraigo.move.records.batches import Item
from arraigo.move.records.shape import Shape


Page: TypeAlias = tuple[list[tuple[str, str, bytes, bytes]], dict[str, int], int]
"""Of each record its key, its anchor, its hash and the digest of its rows; of all the rows by table, and the bytes."""


class Expected:
    """The digests of one unit.

    Attributes:
        records: How many records the source has, rejected ones too.
        rejected: How many of them were not moved.
        notes: Counts what had to be decided for those that were.
        whole: Whether each that was moved stands where its source says, as it says: only then there is a digest of it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.records = 0
        self.rejected = 0
        self.notes = Counter[str]()
        self.whole = True
        self._stream = stream
        self._pages = 0

    def add(self, shape: Shape, moved: Iterable[tuple[Item, str]]) -> None:
        """Expect these records, each with the anchor of its rows."""
        page, size = [], 0
        counts = dict.fromkeys([table.name for table in shape.tables], 0)
        for item, target in moved:
            page.append((item.key, target, item.hash, copytext.digest(item.lines)))
            size += item.size
            for name, rows in item.rows.items():
                counts[name] += len(rows)
            if item.notes:
                self.notes.update(item.notes)
        marshal.dump((page, counts, size), self._stream)
        self._pages += 1

    def pages(self) -> Iterator[Page]:
        """Everything that is expected, a batch at a time."""
        self._stream.seek(0)
        for _ in range(self._pages):
            yield marshal.load(self._stream)  # noqa: S302 - written by this process


@contextmanager
def expecting() -> Iterator[Expected]:
    """Expect nothing yet."""
    with tempfile.TemporaryFile(prefix="arraigo-move-") as stream:
        yield Expected(stream)
