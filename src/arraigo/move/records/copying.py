"""Copies one file's records into their tables, a batch to a transaction, its ledger with it.

Safe to be killed anywhere and run again: ids are derived, and what the ledger says was moved is not moved twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from uuid import UUID

import psycopg

from arraigo.move.records import entries, ledger, rejected, tables
from arraigo.move.records.ahead import ahead
from arraigo.move.records.batches import Batch, Item, Reject
from arraigo.move.records.entries import Entry
from arraigo.move.records.expected import Expected
from arraigo.move.records.fingerprint import digest
from arraigo.move.records.found import Pass
from arraigo.move.records.jsontext import Json, canonical
from arraigo.move.records.ready import Making, Ready
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
        source: The rows that it becomes there.
        entry: What the ledger says was moved for this record before.
        rows: What stands there now.
        old_rows: What stands now where the ledger has it, when that is another place (its thread has another id).
    """

    target: str
    source: Rows
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
    if entry is None:  # not moved by anybody, but perhaps there already, and grown since
        moved, since = shape.as_moved(rows, shape.parts(standing.source), standing.source)
    else:
        moved, since = shape.as_moved(rows, entry.parts, None)
    house = entry.house if entry else None
    hashes = {hash_of(shape, item.key, rows, house), hash_of(shape, item.key, moved, house)}
    if item.hash in hashes:
        return Decision(Action.ADOPT)
    if standing.rows is not None and shape.grew(standing.rows, standing.source):
        return Decision(Action.REPLACE)
    if entry is None or (elsewhere and standing.rows is not None):
        return Decision(Action.REJECT, "is on the target already, with other content, and was not moved there")
    if since == 0 and entry.hash in hashes:
        return Decision(Action.REPLACE)
    return Decision(Action.REJECT, "was changed on both sides since it was moved")


def hash_of(shape: Shape, key: str, rows: Rows, house: Mapping[str, Json] | None) -> bytes:
    """The digest of the record that these rows give back."""
    found, record = shape.to_record(key, rows, house)
    return digest(found, canonical(record))


def target_id(shape: Shape, item: Item, people: People) -> str:
    """The anchor of a record's rows, as text."""
    anchor = anchor_of(shape, item.rows)
    return str(people[anchor]) if isinstance(anchor, Person) else str(anchor)


class Copier:
    """Copies one unit.

    Args:
        connection: To the target.
        run_id: For which run.
        unit: Which one.
        shape: What its records are.
        expected: Is told what the rows must be, where they say all of a record.
    """

    def __init__(self, connection: Connection, run_id: str, unit: str, shape: Shape, expected: Expected) -> None:
        self._connection = connection
        self._place = run_id, unit
        self._shape = shape
        self._expected = expected
        expected.whole = shape.exact

    def copy(self, reading: Pass, tell: Callable[[int, int], None]) -> Counter[str]:
        """Copy it; how many records were what of `Action`."""
        connection, outcome = self._connection, Counter[str]()
        ledger.open_unit(connection, *self._place, self._shape.name)
        new = not entries.before(connection, self._shape.name, *self._place)
        position = 0
        # A batch and its ledger are one transaction: a server that dies loses both, and the last of all is waited for.
        connection.execute("SET synchronous_commit TO off")
        with closing(reading.to_copy()) as batches:
            for batch in ahead(batches):
                span = position, position + batch.records
                with connection.transaction():
                    outcome += (self._put(batch, span) if new else None) or self._sort(batch, span)
                position = span[1]
                tell(reading.bytes, reading.records)
        connection.execute("RESET synchronous_commit")
        with connection.transaction():  # what an earlier pass rejected behind the end of a file that is shorter now
            rejected.replace(connection, *self._place, (position, 2**62), ())
        self._expected.records = reading.records
        return outcome

    def _put(self, batch: Batch, span: tuple[int, int]) -> Counter[str] | None:
        """Put a batch in of which nothing is there; None: something is, or it is not ready, and nothing was done."""
        connection, shape, ready = self._connection, self._shape, batch.ready
        if ready is None or tables.hold(connection, shape, [anchor for _, anchor, _, _ in ready.marks]):
            return None
        if ready.marks:
            tables.put(connection, shape, ready.lines)
            entries.note_new(connection, *self._place, ready.ledger)
        rejected.replace(connection, *self._place, span, batch.rejects)
        self._expect(ready, len(batch.rejects))
        return Counter({Action.INSERT.value: len(ready.marks), Action.REJECT.value: len(batch.rejects)})

    def _sort(self, batch: Batch, span: tuple[int, int]) -> Counter[str]:
        """Decide for each record of a batch, and do it."""
        connection, shape = self._connection, self._shape
        known = entries.known(connection, *self._place, [item.key for item in batch.items])
        same, open_ = _parted(batch, known)
        people = self._people(open_)
        earlier = entries.earlier(connection, shape.name, *self._place, [item.key for item in open_])
        standings = _look(connection, shape, open_, people, earlier, hold=True)
        chosen: dict[Action, list[Item]] = {action: [] for action in Action}
        rejects = list(batch.rejects)
        decisions = {item.key: decide(shape, item, standings[item.key]) for item in open_}
        for item in open_:
            decision = decisions[item.key]
            chosen[decision.action].append(item)
            if decision.action is Action.REJECT:
                rejects.append(reject(item, decision.reason))
        _write(connection, shape, chosen, standings, people)

        moved = [item for action in (Action.INSERT, Action.ADOPT, Action.REPLACE) for item in chosen[action]]
        shifted = [item for item in same if known[item.key].position != item.position]
        noted = [_entry(shape, item, standings[item.key], decisions[item.key].action) for item in moved]
        noted += [replace(known[item.key], position=item.position) for item in shifted]
        entries.note(connection, *self._place, noted)
        rejected.replace(connection, *self._place, span, rejects)
        if shape.exact:
            making = Making(shape)
            for item in (*same, *moved):
                making.add(item)
            self._expect(making.done(), len(rejects))
        outcome = Counter({action.value: len(items) for action, items in chosen.items()})
        return outcome + Counter({Action.SKIP.value: len(same), Action.REJECT.value: len(batch.rejects)})

    def _people(self, items: Sequence[Item]) -> People:
        wanted = (person for item in items for person in tables.people_in(self._shape, item.rows))
        return tables.resolve(self._connection, wanted, make=True)

    def _expect(self, ready: Ready, rejects: int) -> None:
        self._expected.rejected += rejects
        self._expected.add(ready)


def foresee(
    connection: Connection,
    shape: Shape,
    batch: Batch,
    known: Mapping[str, Entry],
    earlier: Mapping[str, Entry],
) -> dict[str, Decision]:
    """What would become of a batch, by key, and nothing is written; of somebody who is not there yet, nothing is."""
    same, open_ = _parted(batch, known)
    people = tables.resolve(
        connection, (person for item in open_ for person in tables.people_in(shape, item.rows)), make=False
    )
    new = [item for item in open_ if isinstance(one := anchor_of(shape, item.rows), Person) and one not in people]
    decisions = {item.key: Decision(Action.SKIP) for item in same}
    decisions |= {item.key: Decision(Action.INSERT) for item in new}
    rest = [item for item in open_ if item.key not in decisions]
    standings = _look(connection, shape, rest, people, earlier)
    return decisions | {item.key: decide(shape, item, standings[item.key]) for item in rest}


def _parted(batch: Batch, known: Mapping[str, Entry]) -> tuple[list[Item], list[Item]]:
    """What was moved already as it is, and what is still to be decided."""
    same = [item for item in batch.items if item.key in known and known[item.key].hash == item.hash]
    done = {item.key for item in same}
    return same, [item for item in batch.items if item.key not in done]


def _look(
    connection: Connection,
    shape: Shape,
    items: Sequence[Item],
    people: People,
    earlier: Mapping[str, Entry],
    *,
    hold: bool = False,
) -> dict[str, Standing]:
    """How each record's place on the target is now; with `hold`, until the transaction ends: nobody appends then."""
    if not items:
        return {}
    targets = {item.key: target_id(shape, item, people) for item in items}
    places = [*targets.values(), *(entry.target_id for entry in earlier.values())]
    if hold:
        tables.hold(connection, shape, places)
    there = tables.read(connection, shape, places)
    standings = {}
    for item in items:
        target, entry = targets[item.key], earlier.get(item.key)
        rows, old, source = there.get(target), there.get(entry.target_id) if entry else None, item.rows
        if entry and old and target != entry.target_id and (placed := shape.placed(item.rows, entry.target_id)):
            target, rows, source = entry.target_id, old, placed
        standings[item.key] = Standing(target, source, entry, rows, old)
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
            replaced.append(standing.source)
        elif standing.entry is not None:
            inserted.append(item)
            left.append(standing.entry.target_id)
    if left:
        tables.delete(connection, shape, left)
    if inserted:
        tables.insert(connection, shape, [standings[item.key].source for item in inserted], people)
    if replaced:
        tables.replace(connection, shape, replaced, people)


def _entry(shape: Shape, item: Item, standing: Standing, action: Action) -> Entry:
    # What stays as it was made here is still to be read in the style in which it went back.
    house = standing.entry.house if standing.entry and action is Action.ADOPT else None
    return Entry(item.key, item.position, item.hash, standing.target, shape.parts(item.rows), item.size, house)


def reject(item: Item, reason: str) -> Reject:
    """A record that cannot be moved, since the target has something else in its place."""
    return Reject(item.position, item.key, reason, item.place, item.size, item.raw, conflict=True)
