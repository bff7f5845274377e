"""Records of DynamoDB's items on their way: gathered, checked, made into rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from arraigo.move.records import copytext
from arraigo.move.records.attributes import canonical_of
from arraigo.move.records.batches import Batch, Item, Reject
from arraigo.move.records.fingerprint import digest
from arraigo.move.records.items import ItemShape
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.shape import Context
from arraigo.move.sources.dynamodb.lines import LineFrame, row_of
from arraigo.move.sources.dynamodb.spool import Line, Spool, gathered, place_of


_NONE: Counter[str] = Counter()


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
        self._notes = context.notes
        self._context = replace(context, notes=Counter())
        self._tables = [table.name for table in spool.tables]
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
                self._notes.update(item.notes)

    def batches(self) -> Iterator[Batch]:
        """Every record, in order."""
        batch = Batch()
        for part in self._spool.parts[self._shape]:
            for name, lines in gathered(part):
                found = self._take(name, lines)
                self.records += 1
                self.bytes += found.size
                batch.size += found.size
                if isinstance(found, Item):
                    batch.items.append(found)
                else:
                    batch.rejects.append(found)
                if batch.full:
                    yield batch
                    batch = Batch()
        if batch.items or batch.rejects:
            yield batch

    def _take(self, key: str | None, lines: list[Line]) -> Item | Reject:
        shape, tables, notes = self._shape, self._tables, self._context.notes
        first, position, size = lines[0], self.records, sum([len(line.raw) + 1 for line in lines])
        raw = b"\n".join([row_of(tables[line.piece], line.raw) for line in lines])
        try:
            value = shape.arranged([(tables[line.piece], line.item) for line in lines])
            if key is None:
                raise Unfit("is no item")  # noqa: TRY301 - every reason takes the same way out
            rows = shape.to_rows(key, value, self._context)
            said = copytext.by_table(shape.tables, rows) if shape.exact else ()
            found = digest(key, canonical_of(value))
            self._keys.add(hash(key))
            return Item(
                position, key, found, rows, size, place_of(first), raw, Counter(notes) if notes else _NONE, said
            )
        except Unfit as error:
            reason = f"{error.what} ({self._spool.pieces[first.piece]})"
            return Reject(position, key, reason, place_of(first), size, raw)
        finally:
            notes.clear()


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
