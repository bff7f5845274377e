"""What a shape of DynamoDB's items says beside what every shape says: which items are one record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from arraigo.move.records.attributes import Item
from arraigo.move.records.jsontext import Json
from arraigo.move.records.shape import Shape, item_shapes

Owned: TypeAlias = tuple[str, Item]
"""A table's name, and one of its items."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a table.

    Attributes:
        name: Its name.
        keys: The attributes that its keys may be made of, the partition's first.
        ttl: The attribute that says when an item expires.
    """

    name: str
    keys: tuple[str, ...]
    ttl: str


class ItemShape(Shape, Protocol):
    """One form of record that is made of items, perhaps of several tables. Its JSON is `[[TABLE, ITEM], …]`."""

    def group(self, table: Facts, item: Item) -> str | None:
        """The key of the record to which an item belongs; None: it is none of this shape."""

    def arranged(self, items: Sequence[Owned]) -> Json:
        """The record of these items, in an order that does not depend on the one in which they were read.

        Raises:
            Unfit: They are no record.
        """


def by_precedence() -> tuple[ItemShape, ...]:
    """Every such shape; the one that takes whatever there is comes last."""
    return tuple(sorted(item_shapes().values(), key=lambda shape: bool(shape.name == "items")))
