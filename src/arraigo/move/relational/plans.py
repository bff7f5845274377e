"""What is asked of a move of a database, and what its plan says: plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from arraigo.move.relational.adapting import Adapted
from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.expectation import Expectation
from arraigo.move.relational.facts import Facts
from arraigo.move.relational.formats import Format
from arraigo.move.relational.statements import Entry
from arraigo.move.reports import Check, Transformation

SLICE_BYTES = 1 << 30  # of a table's heap: what one unit copies, and what a move that was killed does again


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody asked for.

    Attributes:
        schemas, tables, excluded: Names; none: all.
        accepted: Patterns of what may stay behind.
        jobs: Connections at once on each side.
        slice_bytes: Larger tables are copied in ranges of their key.
        expected: An inventory to hold the source against.
    """

    schemas: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    jobs: int = 0
    follow: bool = False
    slice_bytes: int = SLICE_BYTES
    expected: Expectation | None = None


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """A table that moves: its rows as the server estimates them (-1: unknown), bytes without indexes, and its level."""

    name: str
    rows: int
    bytes: int
    level: int
    format: Format
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that cannot be done, why, and the way out."""

    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return "; ".join(
            part for part in (": ".join(part for part in (self.what, self.why) if part), self.remedy) if part
        )


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be made on the target, and how it differs from what the source has."""

    entries: tuple[Entry, ...] = ()
    adapted: Adapted = field(default_factory=lambda: Adapted([], []))
    dropped: tuple[Entry, ...] = ()
    roles_left: frozenset[str] = frozenset()  # owners that the target does not have
    schemas: tuple[str, ...] = ()  # that move
    tables_left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do.

    Attributes:
        cannot_move: What stops it.
        accepted: What stays behind because somebody said so.
        left_out: Schemas and tables that stay behind, each with the reason.
        cannot_follow, cannot_go_back: What stands against moving without a pause, and against going back.
    """

    source: dict[str, str]
    target: dict[str, str]
    tables: tuple[PlannedTable, ...]
    cannot_move: tuple[Hindrance, ...]
    accepted: tuple[str, ...]
    left_out: dict[str, str]
    transformations: tuple[Transformation, ...]
    expected: tuple[Check, ...]
    seconds: float
    cannot_follow: tuple[Hindrance, ...] = ()
    cannot_go_back: tuple[Hindrance, ...] = ()
    cycles: tuple[str, ...] = ()
    script: Script = field(default_factory=Script, repr=False)

    @property
    def differences(self) -> tuple[Transformation, ...]:
        """Everything that is meant to differ, what stays behind among it: as a report has it."""
        left = (Transformation(f"{name} was left out", why, 1) for name, why in self.left_out.items())
        return (*self.transformations, *left)

    @property
    def bytes(self) -> int:
        """Of all tables, without indexes."""
        return sum(table.bytes for table in self.tables)

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {name: value for name, value in asdict(replace(self, script=Script())).items() if name != "script"}


@dataclass(frozen=True, slots=True)
class Sides:
    """Both servers, and the source as it was in one snapshot."""

    source: Facts
    target: Facts | None
    catalog: Catalog
    left: Mapping[str, str]
    schemas: tuple[str, ...]
