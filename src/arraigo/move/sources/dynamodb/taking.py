"""Records of DynamoDB's items: gathered from the spool, checked, made into rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from arraigo.move.records import copytext
from arraigo.move.records.attributes import canonical_of
from arraigo.move.records.batches import Item, Reject
from arraigo.move.records.fingerprint import digest
from arraigo.move.records.items import ItemShape
from arraigo.move.records.jsontext import Unfit
from arraigo.move.records.shape import Context
from arraigo.move.sources.dynamodb.lines import row_of
from arraigo.move.sources.dynamodb.spool import Line, Part, Spool, gathered, place_of

_NONE = Counter[str]()


class Taking:
    """Makes the records of one shape.

    Args:
        spool: Where they are.
        shape: What they are.
        context: Where they go.
        position: The number of the first of them.
    """

    def __init__(self, spool: Spool, shape: ItemShape, context: Context, position: int = 0) -> None:
        self.position = position
        self._spool = spool
        self._shape = shape
        self._context = replace(context, notes=Counter())
        self._tables = [table.name for table in spool.tables]
        self._begins = [row_of(name, b"") for name in self._tables]

    def taken(self, part: Part) -> Iterator[Item | Reject]:
        """The records of one of the spool's files, in order."""
        for name, lines in gathered(part):
            yield self._take(name, lines)
            self.position += 1

    def _take(self, key: str | None, lines: list[Line]) -> Item | Reject:
        shape, tables, notes = self._shape, self._tables, self._context.notes
        first, position, size = lines[0], self.position, sum([len(line.raw) + 1 for line in lines])
        raw = b"\n".join([self._begins[line.piece] + line.raw for line in lines])
        try:
            value = shape.arranged([(tables[line.piece], line.item) for line in lines])
            if key is None:
                raise Unfit("is no item")  # noqa: TRY301 - every reason takes the same way out
            rows = shape.to_rows(key, value, self._context)
            return Item(
                position=position,
                key=key,
                hash=digest(key, canonical_of(value)),
                rows=rows,
                size=size,
                place=place_of(first),
                raw=raw,
                notes=Counter(notes) if notes else _NONE,
                lines=copytext.by_table(shape.tables, rows) if shape.exact else (),
            )
        except Unfit as error:
            reason = f"{error.what} ({self._spool.pieces[first.piece]})"
            return Reject(position, key, reason, place_of(first), size, raw)
        finally:
            notes.clear()
