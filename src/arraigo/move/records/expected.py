"""What a unit's rows must be, as it was copied: a digest for each record, kept on the disk until the proof.

Where every record's rows are in the target, in one snapshot and to the last character, what its source becomes, nothing
needs to be read from the source a second time. Where one differs, the records are looked at one by one (`proving`).
"""

import marshal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeAlias

from arraigo.move.records.ready import Mark, Ready

Page: TypeAlias = tuple[list[Mark], dict[str, int], int]
"""What stands for each record, how many rows they are, by table, and how many bytes of the source."""


class Expected:
    """The digests of one unit.

    Attributes:
        records: How many records the source has, rejected ones too.
        rejected: How many of them were not moved.
        notes: Counts what had to be decided for those that were.
        whole: Whether there is a digest of each that was moved.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.records = 0
        self.rejected = 0
        self.notes = Counter[str]()
        self.whole = True
        self._stream = stream
        self._pages = 0

    def add(self, ready: Ready) -> None:
        """Expect these records."""
        self.notes.update(ready.notes)
        marshal.dump((ready.marks, ready.counts, ready.size), self._stream)
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
