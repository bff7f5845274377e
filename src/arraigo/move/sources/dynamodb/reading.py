"""A pass over the records of DynamoDB's items, and the units that they are."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from arraigo.move.records.batches import Batch, Item
from arraigo.move.records.items import ItemShape
from arraigo.move.records.ready import Making
from arraigo.move.records.shape import Context
from arraigo.move.sources.dynamodb import apart
from arraigo.move.sources.dynamodb.lines import LineFrame
from arraigo.move.sources.dynamodb.spool import Spool
from arraigo.move.sources.dynamodb.taking import Taking


class ItemReading:
    """One pass over the records of one shape.

    Attributes:
        records: How many there were, rejected ones too.
        bytes: How many bytes of the source they were.
        frame: What going back needs to know of the source.
    """

    def __init__(self, spool: Spool, shape: ItemShape, context: Context, frame: LineFrame) -> None:
        self.records = 0
        self.bytes = 0
        self.frame = frame
        self._spool = spool
        self._shape = shape
        self._context = context
        self._keys: set[int] = set()

    def sha256(self) -> None:
        """There is not one file that had one."""

    @property
    def live(self) -> bool:
        """An export is not."""
        return not self.frame.exports

    def has(self, key: str) -> bool:
        """Whether a record with this key was seen."""
        return hash(key) in self._keys

    def tell(self, items: Iterable[Item]) -> None:
        """Count what had to be decided for these, since they are moved."""
        for item in items:
            if item.notes:
                self._context.notes.update(item.notes)

    def batches(self) -> Generator[Batch]:
        """Every record, in order."""
        batch, taking = Batch(), Taking(self._spool, self._shape, self._context)
        for part in self._spool.parts[self._shape]:
            for found in taking.taken(part):
                self.records += 1
                self.bytes += found.size
                if isinstance(found, Item):
                    self._keys.add(hash(found.key))
                batch.add(found)
                if batch.full:
                    yield batch
                    batch = Batch()
        if batch.records:
            yield batch

    def to_copy(self) -> Generator[Batch]:
        """The same, made ready; in another process where they are many."""
        spool, shape = self._spool, self._shape
        if shape.exact and spool.size(shape) >= apart.WORTH_IT:
            for batch in apart.batches(spool, shape, self._context):
                self.records += batch.records
                self.bytes += batch.size
                yield batch
            return
        for batch in self.batches():
            if shape.exact:
                making = Making(shape)
                for item in batch.items:
                    making.add(item)
                batch.ready = making.done()
            yield batch


@dataclass(frozen=True, slots=True)
class ItemUnit:
    """The records of one shape in a source."""

    spool: Spool
    shape: ItemShape
    where: str
    modified: datetime
    frame: LineFrame

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return self.shape.name

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.spool.size(self.shape)

    @contextmanager
    def reading(self, context: Context) -> Iterator[tuple[ItemReading, ItemReading]]:
        """One pass over it."""
        facts = {table.name: table.ttl for table in self.spool.tables}
        found = ItemReading(self.spool, self.shape, replace(context, expiry=facts), self.frame)
        yield found, found


def units_of(spool: Spool, where: str, modified: datetime, frame: LineFrame) -> tuple[ItemUnit, ...]:
    """A unit for each shape that has any records."""
    return tuple(ItemUnit(spool, shape, where, modified, frame) for shape in spool.parts if spool.size(shape))
