"""A record of items as rows of text, `TABLE<tab>{"Item": …}` each.

So rejects are kept, and so going back writes what it then puts into files or tables.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, cast

import orjson

from arraigo.move.records.attributes import canonical_of, read_line
from arraigo.move.records.fingerprint import Fingerprint, digest
from arraigo.move.records.items import Facts, ItemShape, Owned
from arraigo.move.records.jsontext import Json, Unfit
from arraigo.move.records.progress import Tell
from arraigo.move.records.shape import Shape


@dataclass(slots=True)
class Returned:
    """What is there after items were written again, by shape.

    Attributes:
        found: As it was read again.
        expected: What should be there, where that is not all that was to be written.
        left_out: The keys of what was not written, since something else stands in its place.
        counts: What was done, for the ledger.
        settle: Puts it in its place; what is kept of what stood there.
    """

    found: dict[ItemShape, Fingerprint]
    expected: dict[ItemShape, Fingerprint] = field(default_factory=dict)
    left_out: dict[ItemShape, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    settle: Callable[[], list[str]] = list


Way: TypeAlias = "Callable[[Mapping[ItemShape, Path], Tell], Returned]"
"""Writes rows somewhere, and reads them again."""


def row_of(table: str, raw: bytes) -> bytes:
    """One item's row."""
    return table.encode() + b"\t" + raw


def parted(row: bytes) -> tuple[str, bytes]:
    """The table and the line of a row."""
    table, _, raw = row.partition(b"\t")
    return table.decode(), raw


def rows_in(path: Path) -> Iterator[bytes]:
    """The rows of a file."""
    with path.open("rb") as stream:
        for row in stream:
            if len(row) > 1:
                yield row.removesuffix(b"\n")


def digest_of(shape: ItemShape, key: str | None, rows: Sequence[bytes]) -> bytes:
    """The digest of the record that these rows are; of what is no record, that of the rows themselves."""
    try:
        if key is not None:
            owned = [(table, read_line(raw)) for table, raw in map(parted, rows)]
            return digest(key, canonical_of(shape.arranged(owned)))
    except Unfit:
        pass
    return sha256(b"\n".join(sorted(rows))).digest()


@dataclass(frozen=True, slots=True)
class LineFrame:
    """How a source of items was written, and what going back needs of it.

    Attributes:
        tables: Each table's name, its keys and its attribute of expiry.
        exports: Of an export: its manifests, as `export.kept` has them.
    """

    tables: tuple[Mapping[str, Any], ...]
    exports: tuple[Mapping[str, Any], ...] = ()
    kind: str = field(default="lines", init=False)

    head = tail = empty = ""
    between = "\n"

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "LineFrame":
        """From what `to_json` gave."""
        return cls(tuple(value["tables"]), tuple(value["exports"]))

    def to_json(self) -> dict[str, Any]:
        """For the ledger."""
        return asdict(self)

    @property
    def facts(self) -> dict[str, Facts]:
        """The tables by name."""
        return {one["name"]: Facts(one["name"], tuple(one["keys"]), one["ttl"]) for one in self.tables}

    def holding(self, _records: int) -> "LineFrame":
        """The same for any number of records."""
        return self

    def member(self, _key: str, value: Json) -> str:
        """One record's rows."""
        owned: Iterable[Owned] = cast("list[Owned]", value)
        return "\n".join(f"{table}\t{orjson.dumps({'Item': item}).decode()}" for table, item in owned)

    def named(self, _shape: Shape, key: str, _value: Json) -> str:
        """Its items bear the key that it has."""
        return key

    def verbatim(self, _key: str | None, raw: bytes) -> bytes:
        """One record whose bytes are kept."""
        return raw

    def as_read(self, shape: Any, text: bytes) -> bytes:
        """The digest of what will be read where this stands."""
        rows = text.split(b"\n")
        table, raw = parted(rows[0])
        try:
            key = shape.group(self.facts[table], read_line(raw))
        except (Unfit, KeyError):
            key = None
        return digest_of(shape, key, rows)
