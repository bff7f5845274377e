"""A file's records on their way: read, checked, made into rows, and handed on a few megabytes at a time."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from arraigo.move.records.fingerprint import digest
from arraigo.move.records.forms import Records
from arraigo.move.records.jsontext import Layout, Unfit, canonical, parse
from arraigo.move.records.layout import Frame, detect
from arraigo.move.records.scan import RawRecord
from arraigo.move.records.shape import Context, Rows, Shape, anchor_of
from arraigo.move.records.window import Place

if TYPE_CHECKING:
    from arraigo.move.records.ready import Ready

BATCH_BYTES = 4 * 1024 * 1024
BATCH_RECORDS = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """One record that can be moved.

    Attributes:
        position: Its number in the file, from 0.
        key: Its name.
        hash: Its digest, the same as what its rows must give back.
        rows: What it becomes.
        size: Its bytes in the file.
        place: Where it begins.
        raw: Its bytes, until its batch is done.
        notes: Counts, by a sentence each, what had to be decided for it.
        lines: Of an exact shape: its rows as lines of COPY, by table.
    """

    position: int
    key: str
    hash: bytes
    rows: Rows
    size: int
    place: Place
    raw: bytes
    notes: Counter[str] = field(default_factory=Counter)
    lines: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that cannot be moved.

    Attributes:
        reason: Why.
        raw: Its bytes; None when they were too many to keep.
        sha256: Of those that were not kept.
        conflict: Whether the target has something else in its place.
    """

    position: int
    key: str | None
    reason: str
    place: Place
    size: int
    raw: bytes | None
    sha256: str | None = None
    conflict: bool = False


@dataclass(slots=True)
class Batch:
    """What is moved, or compared, in one transaction.

    Attributes:
        rejects: What cannot be moved.
        size: Bytes in the source.
        records: How many there are, rejected ones too.
        ready: The others as they are copied, where their shape is exact.
        again: Makes them, where they were made elsewhere and only what is `ready` came here.
    """

    rejects: list[Reject] = field(default_factory=list)
    size: int = 0
    records: int = 0
    ready: "Ready | None" = None
    again: Callable[[], list[Item]] | None = None
    _items: list[Item] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """What can be moved."""
        if self.again is not None:
            self._items, self.again = self.again(), None
        return self._items

    def add(self, found: Item | Reject) -> None:
        """One more."""
        self.size += found.size
        self.records += 1
        if isinstance(found, Item):
            self._items.append(found)
        else:
            self.rejects.append(found)

    @property
    def full(self) -> bool:
        """Whether it is large enough."""
        return self.size >= BATCH_BYTES or self.records >= BATCH_RECORDS


class Reading:
    """One pass over one file.

    Args:
        records: The file's, from its beginning.
        shape: What they are.
        context: Where they go.

    Attributes:
        records: How many there were, rejected ones too.
        bytes: Up to which byte it has come.
    """

    def __init__(self, records: Records, shape: Shape, context: Context) -> None:
        self.records = 0
        self.bytes = 0
        self._records = records
        self._layout: Layout | None = None
        self._shape = shape
        self._context = context
        self._keys: set[int] = set()
        self._anchors: set[int] = set()

    @property
    def frame(self) -> Frame:
        """How the file was written; complete at the end."""
        return Frame.of(self._records.container, self._layout or Layout())

    @property
    def live(self) -> bool:
        """Nobody should."""
        return False

    def has(self, key: str) -> bool:
        """Whether a record with this key was seen."""
        return hash(key) in self._keys

    def tell(self, items: Iterable[Item]) -> None:
        """Count what had to be decided for these, since they are moved."""
        for item in items:
            self._context.notes.update(item.notes)

    def to_copy(self) -> Generator[Batch]:
        """The same as `batches`: what files hold is of no exact shape."""
        return self.batches()

    def batches(self) -> Generator[Batch]:
        """Every record, in order.

        Raises:
            InvalidInput: The file is no container of records.
        """
        batch = Batch()
        for record in self._records:
            self.records += 1
            self.bytes = record.place.byte + record.size
            batch.add(self._take(record))
            if batch.full:
                yield batch
                batch = Batch()
        if batch.records:
            yield batch

    def _take(self, record: RawRecord) -> Item | Reject:
        key, notes = record.key, Counter[str]()
        try:
            if record.trouble:
                raise Unfit(record.trouble)  # noqa: TRY301 - every reason takes the same way out
            value = parse(record.body)
            self._layout = self._layout or detect(record.body)
            key = self._shape.key(value) if key is None else key
            self._claim(self._keys, key, "has the key of an earlier record")
            rows = self._shape.to_rows(key, value, replace(self._context, notes=notes))
            table = self._shape.tables[0]
            self._claim(self._anchors, str(anchor_of(self._shape, rows)), f"has an earlier record's {table.anchor}")
            found = digest(key, canonical(value))
            return Item(record.position, key, found, rows, record.size, record.place, record.raw, notes)
        except Unfit as error:
            raw = None if record.sha256 else record.raw
            return Reject(record.position, key, error.what, record.place, record.size, raw, record.sha256 or None)

    @staticmethod
    def _claim(taken: set[int], name: str, otherwise: str) -> None:
        """Of names only their 64-bit hash is kept: a file of millions fits in memory."""
        if hash(name) in taken:
            raise Unfit(otherwise)
        taken.add(hash(name))
