"""Pure: what has to be done so that what is kept becomes what is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from arraigo.compat.documents import Piece


@dataclass(frozen=True)
class Kept:
    """One message that is kept: its number, and what tells it from another."""

    number: int
    role: str
    digest: bytes


@dataclass
class Changes:
    """What to do with messages.

    Attributes:
        numbers: For each that is given, the number that it has; None: it is to be appended.
        edits: Of those, which say something else now, by their place in what is given.
        deletions: The numbers of those that are given no more.
    """

    numbers: list[int | None] = field(default_factory=list)
    edits: list[int] = field(default_factory=list)
    deletions: list[int] = field(default_factory=list)


def changes(kept: Sequence[Kept], given: Sequence[Piece]) -> Changes:
    """The way from the one to the other that leaves the most messages as they are.

    What is new behind everything kept is appended. What says something else in its place, with the same role, is
    edited. What is gone is deleted. Since numbers only grow, what comes behind something inserted is appended anew.
    """
    start = next(
        (n for n, (old, new) in enumerate(zip(kept, given, strict=False)) if old.digest != new.digest),
        min(len(kept), len(given)),
    )
    found = Changes(numbers=[old.number for old in kept[:start]])
    matcher = SequenceMatcher(
        None, [old.digest for old in kept[start:]], [new.digest for new in given[start:]], autojunk=False
    )
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        _replace(found, kept[start + i1 : start + i2], given[start + j1 : start + j2])
    return found


def _replace(found: Changes, old: Sequence[Kept], new: Sequence[Piece]) -> None:
    pairs = 0
    if None not in found.numbers[-1:]:  # nothing was inserted before them
        while pairs < min(len(old), len(new)) and old[pairs].role == new[pairs].role:
            if old[pairs].digest != new[pairs].digest:
                found.edits.append(len(found.numbers))
            found.numbers.append(old[pairs].number)
            pairs += 1
    found.deletions += [one.number for one in old[pairs:]]
    found.numbers += [None] * (len(new) - pairs)
