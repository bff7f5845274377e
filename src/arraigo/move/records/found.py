"""What a source holds: its units, each with records of one shape, and a pass over each."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from arraigo.move.records.batches import Batch, Item
from arraigo.move.records.shape import Context, Shape


class Framed(Protocol):
    """How a unit was written, for going back."""

    def to_json(self) -> dict[str, Any]:
        """For the ledger."""


class Pass(Protocol):
    """One pass over one unit."""

    @property
    def records(self) -> int:
        """How many there were, rejected ones too."""

    @property
    def bytes(self) -> int:
        """Up to which byte it has come."""

    @property
    def live(self) -> bool:
        """Whether others write to the source while it is read."""

    @property
    def frame(self) -> Framed:
        """How the unit was written; complete at the end."""

    def batches(self) -> Iterator[Batch]:
        """Every record, in order.

        Raises:
            InvalidInput: It is no container of records.
        """

    def to_copy(self) -> Generator[Batch]:
        """The same; where its shape is exact, each batch is made ready."""

    def has(self, key: str) -> bool:
        """Whether a record with this key was seen."""

    def tell(self, items: Iterable[Item]) -> None:
        """Count what had to be decided for these, since they are moved."""


class Hashed(Protocol):
    """What was read."""

    def sha256(self) -> str | None:
        """Of everything that was read up to now; None where a unit is more than one file."""


class SourceUnit(Protocol):
    """A file's records, or those of one shape in something larger."""

    @property
    def name(self) -> str:
        """What the ledger calls it."""

    @property
    def where(self) -> str:
        """What messages call it."""

    @property
    def size(self) -> int:
        """Its bytes, or about so many."""

    @property
    def modified(self) -> datetime:
        """When it was written."""

    @property
    def shape(self) -> Shape:
        """What its records are."""

    def reading(self, context: Context) -> AbstractContextManager[tuple[Pass, Hashed]]:
        """One pass over it.

        Raises:
            InvalidInput: It cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds: its units, and what else lies there with the reason why it is none."""

    files: tuple[SourceUnit, ...]
    ignored: tuple[tuple[str, str], ...] = ()
