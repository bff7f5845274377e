"""The proof: every record of a source against what its rows give back, one by one.

A record that was moved and a record that was read must have the same digest. What was added in the new home since is
counted, and is no difference.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from arraigo.move.records import copytext, entries, rejected, tables
from arraigo.move.records.ahead import ahead
from arraigo.move.records.batches import Batch, Item
from arraigo.move.records.copying import People, hash_of, target_id
from arraigo.move.records.entries import Entry
from arraigo.move.records.fingerprint import Fingerprint
from arraigo.move.records.found import Pass
from arraigo.move.records.jsontext import JsonText, canonical, parse_trusted
from arraigo.move.records.shape import Person, Row, Rows, Shape, Table, anchor_of

Connection = psycopg.Connection[Any]
NAMED = 20  # differences that a report names one by one
_ROWS_NAMED = 5  # of one record


@dataclass(slots=True)
class Names:
    """The first names of many, and how many there were."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(name)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more} more" if more else "")


@dataclass(slots=True)
class Proof:
    """What comparing one unit found.

    Attributes:
        records: How many records the source has, rejected ones too.
        source: The fingerprint of those that could be moved.
        target: The fingerprint of what the rows gave back.
        expected: Rows that the source's records become, by table.
        found: Rows that are there, by table.
        rejected: Records that were not moved, with the reason where the ledger has one.
        kept: How many of them the ledger keeps.
        lost, extra, changed: The differences.
        grown: What differs where something was added; without its source nobody can say whether by that alone.
        since: How much was added in the new home.
        expired: Records that went by themselves, since their time had come.
        since_read: Records of a live source that nobody has moved: they were written after it was read.
    """

    records: int = 0
    source: Fingerprint = field(default_factory=Fingerprint)
    target: Fingerprint = field(default_factory=Fingerprint)
    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    kept: int = 0
    lost: Names = field(default_factory=Names)
    extra: Names = field(default_factory=Names)
    changed: Names = field(default_factory=Names)
    grown: Names = field(default_factory=Names)
    since: int = 0
    expired: int = 0
    since_read: Names = field(default_factory=Names)

    @property
    def match(self) -> bool:
        """Whether both sides are the same."""
        differing = (self.lost, self.extra, self.changed, self.since_read)
        return self.source == self.target and not any(names.count for names in differing)


def prove(
    connection: Connection, run_id: str, unit: str, shape: Shape, reading: Pass, tell: Callable[[int, int], None]
) -> Proof:
    """Compare one file with its rows, in the transaction's snapshot."""
    proof = Proof()
    for batch in ahead(reading.batches()):
        reading.tell(_compare(connection, run_id, unit, shape, batch, proof, live=reading.live))
        tell(reading.bytes, reading.records)
    proof.records = reading.records
    for entry in [entry for entry in entries.every(connection, run_id, unit) if not reading.has(entry.key)]:
        if _gone(connection, shape, entry):
            proof.expired += 1
            proof.records += 1
        else:
            proof.extra.add(entry.key)
    proof.kept = rejected.count(connection, run_id, unit)
    return proof


def prove_against_ledger(connection: Connection, run_id: str, unit: str, shape: Shape) -> Proof:
    """Compare the rows with what the ledger recorded, where there is no source to read any more."""
    proof = Proof()
    page: list[Entry] = []
    for entry in entries.every(connection, run_id, unit):
        page.append(entry)
        if len(page) == 500:  # noqa: PLR2004 - records of ordinary size
            _compare_entries(connection, shape, page, proof)
            page = []
    _compare_entries(connection, shape, page, proof)
    proof.kept = proof.rejected = rejected.count(connection, run_id, unit)
    proof.records = proof.source.rows + proof.kept
    proof.expected = Counter(proof.found)
    return proof


def _compare(
    connection: Connection, run_id: str, unit: str, shape: Shape, batch: Batch, proof: Proof, *, live: bool
) -> list[Item]:
    """Compare a batch; what of it was moved, and has not gone by itself since."""
    refused = rejected.conflicts(connection, run_id, unit, [item.key for item in batch.items])
    items = [item for item in batch.items if item.key not in refused]
    proof.rejected += len(batch.rejects) + len(batch.items) - len(items)
    people = tables.resolve(
        connection, (person for item in items for person in tables.people_in(shape, item.rows)), make=False
    )
    known = entries.known(connection, run_id, unit, [item.key for item in items])
    same = _alike(connection, shape, items, known) if shape.exact else set()
    there = tables.read(connection, shape, [entry.target_id for key, entry in known.items() if key not in same])
    expired = set()
    for item in items:
        entry = known.get(item.key)
        if item.key in same:
            proof.source, proof.target = proof.source.add(item.hash), proof.target.add(item.hash)
            counts = {name: len(found) for name, found in item.rows.items()}
            proof.expected.update(counts)
            proof.found.update(counts)
            continue
        rows = there.get(entry.target_id) if entry else None
        if entry is not None and rows is None and _expired(shape, item, entry):
            proof.expired += 1
            expired.add(item.key)
            continue
        proof.source = proof.source.add(item.hash)
        proof.expected.update({name: len(found) for name, found in item.rows.items()})
        if entry is None or rows is None:
            (proof.since_read if live and entry is None else proof.lost).add(item.key)
            continue
        moved, since = shape.as_moved(rows, entry.parts, item.rows)
        _weigh(shape, item, entry, moved, people, proof)
        proof.since += since
    return [item for item in items if item.key in known and item.key not in expired]


def _alike(connection: Connection, shape: Shape, items: list[Item], known: Mapping[str, Entry]) -> set[str]:
    """Which records have in their rows, cell by cell, what their source becomes: those say the same."""
    found = tables.digests(connection, shape, [entry.target_id for entry in known.values()])
    return {
        item.key
        for item in items
        if (entry := known.get(item.key))
        and found.get(copytext.escaped(entry.target_id)) == copytext.digest(item.lines)
    }


def _expired(shape: Shape, item: Item, entry: Entry) -> bool:
    """Whether the record was moved with a time to go, which has come since."""
    table = shape.tables[0]
    until = item.rows[table.name][0][table.until] if table.until else None
    return until is not None and entry.hash == item.hash and entry.moved_at < until <= datetime.now(UTC)


def _gone(connection: Connection, shape: Shape, entry: Entry) -> bool:
    """Whether a record that its source has no more was to go by itself, on both sides."""
    table = shape.tables[0]
    if not table.until:
        return False
    rows = tables.read(connection, shape, [entry.target_id]).get(entry.target_id)
    expires_at = rows[table.name][0]["expires_at"] if rows else entry.moved_at
    return expires_at is not None and expires_at <= datetime.now(UTC)


def _weigh(shape: Shape, item: Item, entry: Entry, moved: Rows, people: People, proof: Proof) -> None:
    found = hash_of(shape, item.key, moved, entry.house)
    proof.target = proof.target.add(found)
    proof.found.update({name: len(rows) for name, rows in moved.items()})
    if found == item.hash and _in_place(shape, item, entry, moved, people):
        return
    moved_since = found == entry.hash and entry.hash != item.hash
    which = "in the source, since it was moved" if moved_since else ", ".join(_differing(shape, item.rows, moved))
    proof.changed.add(f"{item.key} ({which})" if which else item.key)


def _differing(shape: Shape, source: Rows, moved: Rows) -> list[str]:
    """What the first rows are called that differ, where rows have names."""
    named = []
    for table in shape.tables:
        if table.called:
            sides = [{_key(table, row): row for row in rows[table.name]} for rows in (source, moved)]
            for key in {**sides[0], **sides[1]}:
                one, other = sides[0].get(key), sides[1].get(key)
                if one is None or other is None or not _same_row(table, one, other):
                    named.append(str((one or other or {})[table.called]))
    return named[:_ROWS_NAMED]


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(str(row[name]) for name in table.key)


def _same_row(table: Table, one: Row, other: Row) -> bool:
    """Whether two rows say the same; when one was changed last is not among that."""
    return all(_cell(one[name]) == _cell(other[name]) for name in table.columns if name != "updated_at")


def _cell(value: Any) -> Any:
    """A cell in a form that is compared: JSON as the value that it is."""
    value = parse_trusted(value) if isinstance(value, JsonText) else value
    return canonical(value) if isinstance(value, dict | list) else value


def _in_place(shape: Shape, item: Item, entry: Entry, moved: Rows, people: People) -> bool:
    """Whether it stands where it belongs: under its owner, as its kind."""
    if not all(person in people for person in tables.people_in(shape, item.rows)):
        return False
    if isinstance(anchor_of(shape, item.rows), Person) and entry.target_id != target_id(shape, item, people):
        return False
    for table in shape.tables:
        like = {_key(table, row): row for row in item.rows[table.name]}  # without a key: any of them
        if like and not all(_stands(table, row, like.get(_key(table, row))) for row in moved[table.name]):
            return False
    return True


def _stands(table: Table, found: Row, source: Row | None) -> bool:
    """Whether a row belongs to whom it should, and what no record tells is as it was written."""
    if source is None:
        return False
    person = source[table.person] if table.person else None
    if isinstance(person, Person) and person.subject not in (found[table.person] or ()):
        return False
    return all(found[name] == source[name] for name in table.fixed)


def _compare_entries(connection: Connection, shape: Shape, page: list[Entry], proof: Proof) -> None:
    there = tables.read(connection, shape, [entry.target_id for entry in page])
    for entry in page:
        proof.source = proof.source.add(entry.hash)
        rows = there.get(entry.target_id)
        if rows is None:
            proof.lost.add(entry.key)
            continue
        moved, since = shape.as_moved(rows, entry.parts, None)
        found = hash_of(shape, entry.key, moved, entry.house)
        proof.target = proof.target.add(found)
        proof.found.update({name: len(rows) for name, rows in moved.items()})
        proof.since += since
        if found != entry.hash:
            (proof.grown if since else proof.changed).add(entry.key)
