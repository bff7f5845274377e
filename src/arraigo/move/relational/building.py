"""What is made behind the data, and in which order: indexes as soon as their table is in, keys, then the rest."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from arraigo.move.relational.names import label
from arraigo.move.relational.statements import Entry

NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_TABLE = rf"(?P<table>{NAME}\.{NAME})"
_INDEX = re.compile(rf"CREATE (?:UNIQUE )?INDEX .*? ON {_TABLE} USING ", re.DOTALL)
_PARENT_INDEX = re.compile(rf"CREATE (?:UNIQUE )?INDEX .*? ON ONLY {_TABLE} USING ", re.DOTALL)
_STATISTICS = re.compile(rf"CREATE STATISTICS .* FROM {_TABLE};", re.DOTALL)
_CONSTRAINT = re.compile(
    rf"""ALTER\ TABLE\ ONLY\ {_TABLE}\s+ADD\ CONSTRAINT\ (?P<name>{NAME})
        \ (?P<kind>PRIMARY\ KEY|UNIQUE)(?P<nulls>\ NULLS\ NOT\ DISTINCT)?
        \ (?P<rest>\((?:[^;"]|"(?:[^"]|"")*")*);(?P<more>.*)""",
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r" (?:NOT )?DEFERRABLE.*", re.DOTALL)
_KEY = re.compile(rf"ALTER TABLE ONLY {_TABLE}\s+ADD CONSTRAINT (?P<name>{NAME}) FOREIGN KEY ")


@dataclass(frozen=True, slots=True)
class Step:
    """A statement behind the data.

    Attributes:
        name: In the ledger.
        table: The label of the table that it is about; empty: of none, or of several.
        text: The statement.
        unique: Whether rows are looked up by it: it goes first.
    """

    name: str
    table: str
    text: str
    unique: bool = False


@dataclass(slots=True)
class Order:
    """The steps behind the data.

    Attributes:
        indexes: By table, side by side as soon as its rows are in.
        seals: By table: constraints out of indexes that stand, when its indexes are done.
        early: Of partitioned tables and materialized views, and what binds partitions' indexes together; in order.
        keys: Foreign keys, not yet valid.
        validations: By table: the keys to validate.
        rest: Everything else, in order; triggers among it, so that none fires on moved rows.
    """

    indexes: dict[str, list[Step]] = field(default_factory=dict)
    seals: dict[str, list[Step]] = field(default_factory=dict)
    early: list[Step] = field(default_factory=list)
    keys: list[Step] = field(default_factory=list)
    validations: dict[str, list[Step]] = field(default_factory=dict)
    rest: list[Step] = field(default_factory=list)

    def steps(self) -> Iterable[Step]:
        """All of them."""
        for by_table in (self.indexes, self.seals, self.validations):
            for steps in by_table.values():
                yield from steps
        yield from (*self.early, *self.keys, *self.rest)


def order(entries: Sequence[Entry], copied: frozenset[str], filled: frozenset[str], done: frozenset[str]) -> Order:
    """Put what is behind the data in order.

    Args:
        entries: Of a script; of what stands before the data, materialized views alone are of interest.
        copied: The labels of the tables that rows are copied into.
        filled: The labels of the materialized views that have rows.
        done: The names of steps that were done before.
    """
    found = Order()
    for entry in entries:
        if entry.kind == "MATERIALIZED VIEW" and (name := label(entry.schema, entry.name)) in filled:
            found.early.append(Step(f"refresh {name}", name, f"REFRESH MATERIALIZED VIEW {name};"))
        if not entry.after_data:
            continue
        if entry.kind == "FK CONSTRAINT":
            _add_key(found, entry)
        elif entry.kind in {"INDEX", "CONSTRAINT", "STATISTICS", "INDEX ATTACH"}:
            _add_index(found, entry, copied)
        else:
            found.rest.append(Step(entry.step, "", entry.text))
    return _open(found, done)


def _open(found: Order, done: frozenset[str]) -> Order:
    def left(steps: list[Step]) -> list[Step]:
        return [step for step in steps if step.name not in done]

    return Order(
        {table: left(steps) for table, steps in found.indexes.items()},
        {table: left(steps) for table, steps in found.seals.items()},
        left(found.early),
        left(found.keys),
        {table: left(steps) for table, steps in found.validations.items()},
        left(found.rest),
    )


def _add_index(found: Order, entry: Entry, copied: frozenset[str]) -> None:
    constraint = _CONSTRAINT.match(entry.text)
    index = constraint or _INDEX.match(entry.text) or _STATISTICS.match(entry.text)
    table = index["table"] if index else ""
    if table not in copied:
        found.early.append(Step(entry.step, table, entry.text))
    elif constraint and "WITHOUT OVERLAPS" not in entry.text:
        first, then = _in_two(constraint)
        found.indexes.setdefault(table, []).append(Step(f"{entry.step} index", table, first, unique=True))
        found.seals.setdefault(table, []).append(Step(entry.step, table, then))
    else:
        unique = entry.text.startswith("CREATE UNIQUE")
        found.indexes.setdefault(table, []).append(Step(entry.step, table, entry.text, unique))


def _in_two(constraint: re.Match[str]) -> tuple[str, str]:
    """A unique index, which others may be built beside, and the constraint that takes it over in no time."""
    rest, table, name = constraint["rest"], constraint["table"], constraint["name"]
    masked = re.sub(r'"(?:[^"]|"")*"', lambda match: "x" * len(match[0]), rest)
    deferrable = _INCLUDE.search(masked)
    shape = rest[: deferrable.start()] if deferrable else rest
    when = rest[deferrable.start() :] if deferrable else ""
    close = masked.index(")") + 1
    nulls = constraint["nulls"] or ""
    include = re.match(r" INCLUDE \([^)]*\)", masked[close : len(shape)])
    end = close + (include.end() if include else 0)
    index = f"CREATE UNIQUE INDEX {name} ON {table} USING btree {shape[:end]}{nulls}{shape[end:]};"
    then = f"ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {constraint['kind']} USING INDEX {name}{when};"
    return index, then + constraint["more"]


def _add_key(found: Order, entry: Entry) -> None:
    key = _KEY.match(entry.text)
    if key is None or entry.text.endswith((" NOT VALID;", " NOT ENFORCED;")):
        # Of a partitioned table, which takes no NOT VALID before 18; or never checked on the source either.
        found.keys.append(Step(entry.step, "", entry.text))
        return
    table = key["table"]
    found.keys.append(Step(entry.step, table, f"{entry.text.removesuffix(';')} NOT VALID;"))
    text = f"ALTER TABLE ONLY {table} VALIDATE CONSTRAINT {key['name']};"
    found.validations.setdefault(table, []).append(Step(f"{entry.step} valid", table, text))
