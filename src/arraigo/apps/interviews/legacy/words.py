"""How old front ends say what our columns hold: roles, languages, levels, states, and whose an interview is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import UUID

from arraigo.move.records.jsontext import Json, Unfit, kind_of
from arraigo.move.records.kinds import Cell

_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Words:
    """A closed list, and the ways in which it is written.

    Attributes:
        cells: What each word stands for, in lower case.
        habits: How a source writes what stands in a column, where it is not as we do.
        regional: Whether a word may go on behind a hyphen or underscore: `es-CO`.
    """

    cells: Mapping[str, str]
    habits: Mapping[str, str] = field(default_factory=dict)
    regional: bool = False

    @classmethod
    def of(cls, *, regional: bool = False, **spellings: str) -> "Words":
        """The words for each cell, the cell's own first; parted by blanks."""
        return cls({word: cell for cell, words in spellings.items() for word in words.split()}, regional=regional)

    def read(self, value: Json) -> Cell:
        """What the word stands for."""
        if not isinstance(value, str):
            raise Unfit(f"is {kind_of(value)}, not a text")
        word = value.strip().casefold()
        if self.regional:
            word = re.split("[-_]", word, maxsplit=1)[0]
        if word not in self.cells:
            raise Unfit(f"is none of {', '.join(sorted({self.write(cell) for cell in self._all}))}")
        return self.cells[word]

    def write(self, cell: Cell) -> str:
        """As the source writes it."""
        name = str(cell)
        return self.habits.get(name) or next((word for word, found in self.cells.items() if found == name), name)

    def like(self, cell: Cell, _example: Json, /) -> Json:
        """The same: a word for another cell says nothing of this one."""
        return self.write(cell)

    def as_written(self, habits: Mapping[str, str]) -> "Words":
        """The same, written as a source does."""
        return replace(self, habits=habits)

    def habits_in(self, values: Sequence[Json]) -> dict[str, str]:
        """How a source writes these, by cell, where that is not our own way; the first way counts."""
        found: dict[str, str] = {}
        for value in values:
            if isinstance(value, str) and value.strip().casefold() in self.cells:
                found.setdefault(self.cells[value.strip().casefold()], value)
        return {cell: word for cell, word in found.items() if word != self.write(cell)}

    @property
    def _all(self) -> set[str]:
        return set(self.cells.values())


@dataclass(frozen=True, slots=True)
class Id:
    """A UUID, whatever its case."""

    def read(self, value: Json) -> Cell:
        """The id."""
        if not isinstance(value, str):
            raise Unfit(f"is {kind_of(value)}, not a UUID as text")
        if _UUID.fullmatch(value) is None:
            raise Unfit("is no UUID")
        return cast("Cell", UUID(value))

    def write(self, cell: Cell) -> Json:
        """In the usual form."""
        return None if cell is None else str(cell)

    def like(self, cell: Cell, _example: Json, /) -> Json:
        """The usual form."""
        return self.write(cell)


ROLES = Words.of(
    user="user human participant interviewee employee client usuario empleado",
    assistant="assistant ai bot agent interviewer model asistente agente entrevistador",
    system="system",
    tool="tool function",
)
LANGUAGES = Words.of(
    regional=True,
    es="es spa spanish español espanol castellano",
    en="en eng english inglés ingles",
    pt="pt por portuguese português portugues",
)
LEVELS = Words.of(
    basic="basic beginner básico basico",
    intermediate="intermediate medium intermedio intermediário intermediario",
    advanced="advanced expert avanzado avançado avancado",
)
# An interview's state is its conversation's.
STATUSES = Words.of(
    active="in_progress in-progress active started open paused pending",
    completed="completed complete finished done ended",
    cancelled="cancelled canceled abandoned aborted",
)
