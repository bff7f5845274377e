"""What a shape is: how one legacy record becomes rows, and how those rows become the record again.

Shapes are pure: they know no file and no connection. They are found by the entry-point group `arraigo.shapes`, so that
an app, or anyone's package, brings its own.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import entry_points
from operator import itemgetter
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from arraigo.errors import InvalidInput
from arraigo.move.records.jsontext import Json

Row: TypeAlias = dict[str, Any]
Rows: TypeAlias = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Person:
    """Stands in a row for the id of the user who has this identity; made where there is none yet."""

    provider: str
    subject: str
    name: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table in the schema `arraigo` that a shape fills.

    Attributes:
        name: The table.
        anchor: The column that says to which record a row belongs; of type `anchor_type`.
        columns: Every column that is written and read.
        json: Those of type jsonb.
        person: The column that refers to a user by identity; reading gives the list of subjects, not the id.
        provider: Whose subjects those are.
        order: The columns that put a record's rows in order.
        fixed: Columns that no record tells, and that a moved row must still have as they were written.
        scope: A condition on `t` for rows that may be a record's at all, where the anchor alone does not say it; the
            owner's id is in the setting `arraigo_move.owner`.
        until: The cell (no column) of a source's row that says when the record goes by itself; the column is then
            `expires_at`.
        where: A condition on `t`, for rows that are no longer there in the legacy's sense.
        current: A condition on `t` for going back, where a newer row has taken this one's place.
        added: A condition on `t` for going back: what belongs with the source though it was made here. `%(owner)s` is
            the owner's id, `%(run)s` and `%(unit)s` say what is going back.
        key: The columns that tell a record's rows from each other. Then rows stay the same ones when their record comes
            again changed, with what hangs on them and what their triggers log; without it they are put in anew.
        called: The column by which a report names a row that differs.
        json_places: Where among the columns those of type jsonb stand.
        cells_of: A row's cells, in the order of the columns.
    """

    name: str
    anchor: str
    columns: tuple[str, ...]
    anchor_type: str = "uuid"
    json: frozenset[str] = frozenset({"metadata"})
    person: str = ""
    provider: str = ""
    order: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    scope: str = "true"
    until: str = ""
    where: str = "true"
    current: str = "true"
    added: str = "false"
    key: tuple[str, ...] = ()
    called: str = ""
    json_places: tuple[int, ...] = field(init=False)
    cells_of: Callable[[Row], tuple[Any, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = tuple(place for place, name in enumerate(self.columns) if name in self.json)
        object.__setattr__(self, "json_places", places)
        object.__setattr__(self, "cells_of", itemgetter(*self.columns))


@dataclass(frozen=True, slots=True)
class Context:
    """What a record needs to know of where it goes.

    Attributes:
        owner: The user who gets what has no user of its own.
        id_key: The installation's key for derived ids.
        as_of: When the source was written: the date of what has none.
        notes: Counts, by a sentence each, what had to be decided.
        options: What the source's address says beside its place.
        expiry: By table of DynamoDB: the attribute that says when an item expires.
        now: When it is moved.
    """

    owner: UUID
    id_key: bytes
    as_of: datetime
    notes: Counter[str]
    options: Mapping[str, str] = field(default_factory=dict)
    expiry: Mapping[str, str] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


class Shape(Protocol):
    """One form of legacy record."""

    @property
    def name(self) -> str:
        """For `?shape=`."""

    @property
    def file_names(self) -> tuple[str, ...]:
        """What such files are usually called; a hint where records alone leave a doubt."""

    @property
    def wrappers(self) -> tuple[str, ...]:
        """Keys under which the records may stand, one level down."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """What it fills; the first has one row per record."""

    @property
    def exact(self) -> bool:
        """Whether its rows hold all of a record in a form that is compared as it stands, without building it anew.

        Then rows that are, cell by cell, what a record becomes give that very record back.
        """

    def fits(self, value: Json) -> bool:
        """Whether a record looks like one of these."""

    def key(self, value: Json) -> str:
        """The record's own key, where it stands in an array.

        Raises:
            Unfit: It has none.
        """

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """The rows of one record, by table.

        Raises:
            Unfit: The record cannot be taken, and why.
        """

    def placed(self, rows: Rows, anchor: str) -> Rows | None:
        """The same rows where the record is already, under another id; None: the record itself says where it goes."""

    def parts(self, rows: Rows) -> int:
        """How many rows came from the record that more may follow in their new home (messages)."""

    def as_moved(self, rows: Rows, parts: int, source: Rows | None) -> tuple[Rows, int]:
        """The rows without what was added since, and how many those were.

        Args:
            rows: What stands in the tables now.
            parts: What `parts` said when the record was moved.
            source: The rows that the record gives, where it is at hand.
        """

    def grew(self, rows: Rows, source: Rows) -> bool:
        """Whether what stands in the tables is a beginning of the record, and nobody went on with it there.

        Args:
            rows: What stands there, whoever moved it.
            source: The rows that the record gives.
        """

    def to_record(self, key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The key and the record again.

        Args:
            key: The key under which it was moved; None: it was made here.
            rows: What stands in the tables.
            house: The style of the source's first record, for what was made here and has no legacy of its own.
        """

    def house(self, rows: Rows) -> dict[str, Json]:
        """What of this record's legacy is the style of its source."""


def anchor_of(shape: Shape, rows: Rows) -> Any:
    """What all rows of one record have in common: an id, or a person."""
    table = shape.tables[0]
    return rows[table.name][0][table.anchor]


@cache
def shapes() -> Mapping[str, Shape]:
    """Every shape that is installed, by name."""
    found = (point.load() for point in entry_points(group="arraigo.shapes"))
    return {shape.name: shape for shape in sorted(found, key=lambda shape: str(shape.name))}


@cache
def item_shapes() -> Mapping[str, Any]:
    """Every shape of DynamoDB's items that is installed, by name (`arraigo.move.records.items.ItemShape`)."""
    found = (point.load() for point in entry_points(group="arraigo.item_shapes"))
    return {shape.name: shape for shape in sorted(found, key=lambda shape: str(shape.name))}


def moved_shape(name: str) -> Shape:
    """The shape that the ledger names.

    Raises:
        InvalidInput: There is none.
    """
    return item_shapes()[name] if name in item_shapes() else shape_named(name)


def shape_named(name: str) -> Shape:
    """The shape with this name.

    Raises:
        InvalidInput: There is none.
    """
    if name not in shapes():
        raise InvalidInput(f"there is no shape {name!r}", remedy=f"use one of {', '.join(shapes())}")
    return shapes()[name]
