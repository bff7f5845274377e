"""What a column holds, and how that stands for a value of a legacy record.

Each kind reads a value into a cell and writes a cell as a value. Where the cell cannot hold how the value was written
(a date's text, `1e2` in jsonb), `like` writes the cell as an example is written.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias, cast

from arraigo.move.records import moments
from arraigo.move.records.jsontext import Json, Number, Unfit, identical, kind_of

Cell: TypeAlias = "Json | datetime"
_MAX_DIGITS = 1000


class Kind(Protocol):
    """How values of a legacy record and cells of a column stand for each other."""

    def read(self, value: Json) -> Cell:
        """The cell for a value.

        Raises:
            Unfit: The column cannot hold it.
        """

    def write(self, cell: Cell) -> Json:
        """The value for a cell, in the usual form."""

    def like(self, cell: Cell, example: Json, /) -> Json:
        """The value for a cell, written as the example is."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text, within the column's limits.

    Attributes:
        most: The most characters.
        least: The fewest.
        bytes_below: It has fewer bytes than this as UTF-8.
        among: The only texts that are taken.
    """

    most: int | None = None
    least: int = 0
    bytes_below: int | None = None
    among: frozenset[str] | None = None

    def read(self, value: Json) -> Cell:
        """The text itself."""
        if not isinstance(value, str):
            raise Unfit(f"is {kind_of(value)}, not a text")
        if self.among is not None and value not in self.among:
            raise Unfit(f"is none of {', '.join(sorted(self.among))}")
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            raise Unfit(f"has {len(value)} characters, not {self.least} to {self.most}")
        if self.bytes_below is not None and len(value) * 4 >= self.bytes_below:
            size = len(value.encode())
            if size >= self.bytes_below:
                raise Unfit(f"has {size} bytes, not fewer than {self.bytes_below}")
        return value

    def write(self, cell: Cell) -> Json:
        """The text itself."""
        return cast("Json", cell)

    def like(self, cell: Cell, _example: Json, /) -> Json:
        """The text itself: it has one form."""
        return self.write(cell)


@dataclass(frozen=True, slots=True)
class Moment:
    """A `timestamptz`.

    Attributes:
        form: An example of how the source usually writes dates; None: as the seed's own program does.
    """

    form: Json = None

    def read(self, value: Json) -> Cell:
        """The moment in UTC."""
        return moments.read(value)

    def write(self, cell: Cell) -> Json:
        """In the usual form."""
        return self.like(cell, self.form)

    def like(self, cell: Cell, example: Json, /) -> Json:
        """In the example's form."""
        return moments.write_like(cell, example) if isinstance(cell, datetime) else None


@dataclass(frozen=True, slots=True)
class Jsonb:
    """An object, or a list of texts, in a `jsonb` column: PostgreSQL sorts keys and writes numbers its own way."""

    of: Literal["object", "texts"] = "object"

    def read(self, value: Json) -> Cell:
        """What PostgreSQL will give back."""
        if self.of == "object" and not isinstance(value, dict):
            raise Unfit(f"is {kind_of(value)}, not an object")
        if self.of == "texts" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise Unfit("is not a list of texts")
        return stored(value)

    def write(self, cell: Cell) -> Json:
        """As PostgreSQL holds it."""
        return cast("Json", cell)

    def like(self, cell: Cell, example: Json, /) -> Json:
        """With the example's order of keys, and its digits wherever the number is still the same."""
        return _alike(cast("Json", cell), example)


def stored(value: Json) -> Json:
    """What a `jsonb` column gives back for this value (PostgreSQL 18 manual, section 8.14)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: stored(value[key]) for key in keys}
    if isinstance(value, list):
        return [stored(item) for item in value]
    return _numeric(value) if isinstance(value, Number) else value


def _numeric(number: Number) -> Number:
    """As the type `numeric` writes it: no exponent, no negative zero, no leading zeros, trailing ones kept."""
    try:
        exact = Decimal(number.text)
        size = exact.as_tuple()
        too_long = len(size.digits) + abs(int(size.exponent)) > _MAX_DIGITS
    except ArithmeticError:  # an exponent that not even Decimal can hold
        too_long = True
    if too_long:
        raise Unfit(f"has a number with more than {_MAX_DIGITS} digits")
    return Number(f"{exact or exact.copy_abs():f}")


def _alike(value: Json, example: Json) -> Json:
    if identical(value, stored(example)):
        return example
    if isinstance(value, dict) and isinstance(example, dict):
        known = [key for key in example if key in value]
        return {key: _alike(value[key], example.get(key)) for key in [*known, *(k for k in value if k not in example)]}
    if isinstance(value, list) and isinstance(example, list):
        return [_alike(item, example[i] if i < len(example) else None) for i, item in enumerate(value)]
    return value
