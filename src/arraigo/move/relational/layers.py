"""In what order tables hang together: levels from their foreign keys, cycles and self-references told apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arraigo.move.relational.catalog import ForeignKey


@dataclass(frozen=True, slots=True)
class Level:
    """Where a table stands: 0 refers to nothing; cyclic: it refers to itself by way of others."""

    number: int
    cyclic: bool = False


def levels(tables: Iterable[str], foreign_keys: Iterable[ForeignKey]) -> dict[str, Level]:
    """The level of each table; those of one cycle share theirs."""
    names = list(tables)
    refers: dict[str, set[str]] = {name: set() for name in names}
    for key in foreign_keys:
        if key.table != key.references and key.table in refers and key.references in refers:
            refers[key.table].add(key.references)
    found: dict[str, Level] = {}
    while open_ := [name for name in names if name not in found]:
        free = [name for name in open_ if refers[name] <= found.keys()]
        for name in free:
            found[name] = Level(_above(name, refers, found))
        if not free:
            ring = _ring(open_, refers)
            number = max(_above(name, refers, found) for name in ring)
            found |= {name: Level(number, cyclic=True) for name in ring}
    return found


def _above(name: str, refers: Mapping[str, set[str]], found: Mapping[str, Level]) -> int:
    return max((found[other].number + 1 for other in refers[name] if other in found), default=0)


def _ring(names: list[str], refers: Mapping[str, set[str]]) -> set[str]:
    """A cycle that refers to nothing outside but what is placed: the smallest set that is closed in itself."""
    return min((_reached(name, refers, set(names)) for name in names), key=len)


def _reached(start: str, refers: Mapping[str, set[str]], within: set[str]) -> set[str]:
    seen, rest = {start}, [start]
    while rest:
        for other in refers[rest.pop()] & within - seen:
            seen.add(other)
            rest.append(other)
    return seen
