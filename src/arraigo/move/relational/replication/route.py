"""Two servers, what moves between them, and the names of what we make there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from arraigo.move.relational.catalog import Table

Connection = psycopg.Connection[Any]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers.

    Attributes:
        name: What a message calls it: `the source at db.example.com:5432`.
        connect: A new connection in autocommit, every setting pinned.
        replicate: The same with `replication=database`: it takes replication commands, and SQL without parameters.
        conninfo: How the other server reaches this one, as libpq takes it; it holds a password, and never shows.
    """

    name: str
    connect: Callable[[], Connection] = field(repr=False, compare=False)
    replicate: Callable[[], Connection] = field(repr=False, compare=False)
    conninfo: str = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Way:
    """One direction: publication and slot stand at the giver, the subscription at the taker, all by one name."""

    name: str
    giver: Side
    taker: Side


@dataclass(frozen=True, slots=True)
class Route:
    """One move.

    Attributes:
        run_id: `20260131-1a2b3c4d`.
        tables: What is moved, as the source's catalog has it.
        target_tables: The same as the target's catalog has it: an extension's types may be in another schema there.
        sequences: The labels of the sequences that are moved.
        any_encoding: Whether the two databases' encodings differ, for the fingerprints.
    """

    run_id: str
    source: Side
    target: Side
    tables: tuple[Table, ...]
    target_tables: tuple[Table, ...]
    sequences: tuple[str, ...] = ()
    any_encoding: bool = False

    @property
    def name(self) -> str:
        """What everything of this run is called on either server."""
        return f"arraigo_{self.run_id.replace('-', '_')}"

    @property
    def forward(self) -> Way:
        """From the source to the target."""
        return Way(self.name, self.source, self.target)

    @property
    def back(self) -> Way:
        """From the target to the source, after the cut-over."""
        return Way(f"{self.name}_back", self.target, self.source)

    @property
    def followed(self) -> tuple[Table, ...]:
        """The tables whose changes can be told from the log: those that hold rows themselves, partitions one by one."""
        return tuple(table for table in self.tables if table.kind == "r" and table.persistence == "p")

    def proved(self, side: Side) -> tuple[Table, ...]:
        """The tables that hold rows, as that side has them: what a proof counts."""
        tables = self.tables if side is self.source else self.target_tables
        return tuple(table for table in tables if table.kind == "r")

    @property
    def fenced(self) -> tuple[Table, ...]:
        """The tables that take statements: a partitioned one and its partitions, each in its own name."""
        return tuple(table for table in self.tables if table.kind in "rp")


def silent(line: str) -> None:
    """Be the default of `tell`."""
