"""Copies one file's records into their tables, a batch to a transaction, its ledger with it.

Safe to be killed anywhere and run again: ids are derived, and what the ledger says was moved is not moved twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from uuid import UUID

import psycopg

from arraigo.move.records import ledger, tables
from arraigo.move.records.batches import Batch, Item, Reading, Reject
from arraigo.move.records.fingerprint import digest
from arraigo.move.records.jsontext import canonical
from arraigo.move.records.ledger import Entry
from arraigo.move.records.shape import Person, Rows, Shape, anchor_of

Connection = psycopg.Connection[Any]
People = Mapping[Person, UUID]


class Action(Enum):
    """What becomes of one record; the value is what the report calls it."""

    SKIP = "unchanged"
    INSERT = "moved"
    ADOPT = "there already"
    REPLACE = "updated"
    REJECT = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """An action, and for a rejection the reason."""

    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a record's place on the target.

    Attributes:
        target: The anchor of its rows.
        entry: What the ledger says was moved for this record before, by this run or another.
        rows: What stands there now.
        old_rows: What stands now where the ledger has it, when that is another place (its thread has another id).
    """

    target: str
    entry: Entry | None
    rows: Rows | None
    old_rows: Rows | None = None


def decide(shape: Shape, item: Item, standing: Standing) -> Decision:
    """What becomes of a record; nothing that somebody else wrote is ever overwritten."""
    entry, rows = standing.entry, standing.rows
    elsewhere = entry is not None and entry.target_id != standing.target
    if elsewhere and rows is None:
        rows = standing.old_rows
    if rows is None:
        gone = entry is not None
        return (
            Decision(Action.REJECT, "was deleted on the target since it was moved") if gone else Decision(Action.INSERT)
        )
    moved, since = (rows, 0) if entry is None else shape.as_moved(rows, entry.parts, None)
    hashes = {hash_of(shape, item.key, rows), hash_of(shape, item.key, moved)}
    if item.hash in hashes:
        return Decision(Action.ADOPT)
    if entry is None or (elsewhere and standing.rows is not None):
        return Decision(Action.REJECT, "is on the target already, with other content, and was not moved there")
    if since == 0 and entry.hash in hashes:
        return Decision(Action.REPLACE)
    return Decision(Action.REJECT, "was changed on both sides since it was moved")


def hash_of(shape: Shape, key: str | None, rows: Rows) -> bytes:
    """The digest of the record that these rows give back."""
    found, record = shape.to_record(key, rows)
    return digest(found, canonical(record))


def target_id(shape: Shape, item: Item, people: People) -> str:
    """The anchor of a record's rows, as text."""
    anchor = anchor_of(shape, item.rows)
    return str(people[anchor]) if isinstance(anchor, Person) else str(anchor)


def copy_unit(
    connection: Connection, run_id: str, unit: str, shape: Shape, reading: Reading, tell: Callable[[int, int], None]
) -> Counter[str]:
    """Copy one file; how many records were what of `Action`."""
    outcome: Counter[str] = Counter()
    ledger.open_unit(connection, run_id, unit, shape.name)
    position = 0
    for batch in reading.batches():
        with connection.transaction():
            span = (position, position + len(batch.items) + len(batch.rejects))
            outcome += _copy_batch(connection, run_id, unit, shape, batch, span)
        position = span[1]
        tell(reading.bytes, reading.records)
    with connection.transaction():  # what an earlier pass rejected behind the end of a file that is shorter now
        ledger.replace_rejects(connection, run_id, unit, (position, 2**62), ())
    return outcome


def _copy_batch(
    connection: Connection, run_id: str, unit: str, shape: Shape, batch: Batch, span: tuple[int, int]
) -> Counter[str]:
    known = ledger.entries(connection, run_id, unit, [item.key for item in batch.items])
    same = [item for item in batch.items if item.key in known and known[item.key].hash == item.hash]
    open_ = [item for item in batch.items if item.key not in known or known[item.key].hash != item.hash]
    people = tables.resolve(
        connection, (person for item in open_ for person in tables.people_in(shape, item.rows)), make=True
    )
    standings = _look(connection, shape, open_, known, people)
    chosen: dict[Action, list[Item]] = {action: [] for action in Action}
    rejects = list(batch.rejects)
    for item in open_:
        decision = decide(shape, item, standings[item.key])
        chosen[decision.action].append(item)
        if decision.action is Action.REJECT:
            rejects.append(_reject(item, decision.reason))
    _write(connection, shape, chosen, standings, people)

    moved = [item for action in (Action.INSERT, Action.ADOPT, Action.REPLACE) for item in chosen[action]]
    shifted = [item for item in same if known[item.key].position != item.position]
    entries = [_entry(shape, item, standings[item.key].target) for item in moved]
    entries += [replace(known[item.key], position=item.position) for item in shifted]
    ledger.write_entries(connection, run_id, unit, entries)
    ledger.replace_rejects(connection, run_id, unit, span, rejects)
    outcome = Counter({action.value: len(items) for action, items in chosen.items()})
    return outcome + Counter({Action.SKIP.value: len(same), Action.REJECT.value: len(batch.rejects)})


def _look(
    connection: Connection, shape: Shape, items: Sequence[Item], known: Mapping[str, Entry], people: People
) -> dict[str, Standing]:
    """How each record's place on the target is now."""
    targets = {item.key: target_id(shape, item, people) for item in items}
    old = [entry.target_id for entry in known.values()]
    there = tables.read(connection, shape, [*targets.values(), *old]) if items else {}
    earlier = ledger.entries_by_target(connection, list(there))
    standings = {}
    for key, target in targets.items():
        entry = known.get(key) or earlier.get(target)
        if entry is not None and entry.key != key:
            entry = None  # another record's: that it was moved says nothing about this one
        standings[key] = Standing(target, entry, there.get(target), there.get(entry.target_id) if entry else None)
    return standings


def _write(
    connection: Connection,
    shape: Shape,
    chosen: Mapping[Action, list[Item]],
    standings: Mapping[str, Standing],
    people: People,
) -> None:
    replaced, inserted, left = [], list(chosen[Action.INSERT]), []
    for item in chosen[Action.REPLACE]:
        standing = standings[item.key]
        if standing.rows is not None:
            replaced.append(item.rows)
        elif standing.entry is not None:
            inserted.append(item)
            left.append(standing.entry.target_id)
    if left:
        tables.delete(connection, shape, left)
    if inserted:
        tables.insert(connection, shape, [item.rows for item in inserted], people)
    if replaced:
        tables.replace(connection, shape, replaced, people)


def _entry(shape: Shape, item: Item, target: str) -> Entry:
    return Entry(item.key, item.position, item.hash, target, shape.parts(item.rows), item.size)


def _reject(item: Item, reason: str) -> Reject:
    return Reject(item.position, item.key, reason, item.place, item.size, item.raw, conflict=True)
