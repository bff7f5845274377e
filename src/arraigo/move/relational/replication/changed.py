"""Which rows a server's log says were touched: their keys, read from the messages of pgoutput."""

from collections.abc import Iterable, Iterator, Sequence

from arraigo.move.relational.catalog import Table
from arraigo.move.relational.replication.pgoutput import (
    UNCHANGED,
    Delete,
    Insert,
    Relation,
    Row,
    Truncate,
    Update,
    decode,
)

Key = tuple[str, ...]
MANY = 100_000
"""Keys of one table above which the table is rather measured whole: memory stays flat, and it is quicker."""


class Changed:
    """The touched rows by table: keys, or the whole table where keys do not tell (emptied, without a key, too many).

    More than was touched may be in it, and does no harm; less never is.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        self.whole: set[str] = set()
        self.keys: dict[str, set[Key]] = {}
        self._tables = {(table.schema, table.name): table for table in tables}
        self._relations: dict[int, tuple[Table, tuple[int, ...]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self.keys.values()))

    def take(self, messages: Iterable[bytes]) -> None:
        """Note what these messages touched."""
        for data in messages:
            match decode(data):
                case Relation() as relation:
                    self._learn(relation)
                case Insert(relation=oid, new=new):
                    self._touch(oid, (new,))
                case Update(relation=oid, old=old, new=new):
                    self._touch(oid, (new,) if old is None else (new, old))
                case Delete(relation=oid, old=old):
                    self._touch(oid, (old,))
                case Truncate(relations=oids):
                    for oid in oids:
                        if oid in self._relations:
                            self._take_whole(self._relations[oid][0].label)

    def _learn(self, relation: Relation) -> None:
        table = self._tables.get((relation.schema, relation.name))
        if table is not None:
            places = {field.name: place for place, field in enumerate(relation.fields)}
            key = key_columns(table)
            found = tuple(places[name] for name in key) if all(name in places for name in key) else ()
            self._relations[relation.oid] = table, found

    def _touch(self, oid: int, rows: tuple[Row, ...]) -> None:
        known = self._relations.get(oid)
        if known is None:
            return  # not of those that are moved
        table, places = known
        if table.label in self.whole:
            return
        if not places:
            self._take_whole(table.label)
            return
        keys = self.keys.setdefault(table.label, set())
        for row in rows:
            key = tuple(_texts(row, rows[-1], places))
            if len(key) < len(places):
                self._take_whole(table.label)
                return
            keys.add(key)
        if len(keys) > MANY:
            self._take_whole(table.label)

    def _take_whole(self, label: str) -> None:
        self.whole.add(label)
        self.keys.pop(label, None)


def key_columns(table: Table) -> tuple[str, ...]:
    """The columns that a row is found by, and that the log always gives; () when there are none.

    The replica identity is what the log gives of a deleted row: the primary key as a rule, another unique index, or
    with FULL every column, the primary key's among them.
    """
    return table.key if len(table.identity) == len(table.columns) else table.identity


def _texts(row: Row, old: Row, places: tuple[int, ...]) -> Iterator[str]:
    for place in places:
        value = row[place]
        if value is UNCHANGED:  # a long key that stayed where it was is in the old row
            value = old[place]
        if isinstance(value, bytes):
            yield value.decode()
