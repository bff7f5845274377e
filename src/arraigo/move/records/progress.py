"""How far a long piece of work is, for whoever draws it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands now.

    Attributes:
        phase: What is being done: plan, copy, verify or rollback.
        unit: To which file.
        done: Bytes of it that are done.
        total: Its bytes; an estimate while going back.
        records: Records of it that are done.
    """

    phase: str
    unit: str
    done: int
    total: int
    records: int


Tell = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Tell nobody."""
