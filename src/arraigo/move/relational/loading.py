"""The tasks of a move: rows, indexes beside them, constraints, keys, and each table's proof as soon as it is in."""

import time
from collections.abc import Iterable
from functools import partial

import psycopg
from psycopg import sql

from arraigo.errors import CheckFailed
from arraigo.move.relational import copying, integrity, steps
from arraigo.move.relational.building import Order, Step
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.fingerprints import fingerprint
from arraigo.move.relational.lanes import Lane, Task
from arraigo.move.relational.moving import Move

_SOON = 1e15  # a weight that no table has in bytes


def tasks(move: Move, units: Iterable[Slice], behind: Order) -> list[Task]:
    """Everything from the first row to the last trigger.

    Args:
        move: Which.
        units: What is to be copied; the rest is there.
        behind: What is to be made behind the rows.
    """
    found: list[Task] = []
    rows: dict[str, set[str]] = {label: set() for label in move.tables}
    for unit in units:
        found.append(Task(f"copy {unit.name}", partial(_copy, move, unit), weight=unit.bytes))
        rows[unit.table.label].add(f"copy {unit.name}")
        found.append(
            Task(f"prove {unit.name}", partial(prove, move, unit), frozenset({f"copy {unit.name}"}), unit.bytes / 2)
        )
    seals = set()
    for label, table in move.tables.items():
        proofs = {name.replace("copy ", "prove ", 1) for name in rows[label]}
        built = set()
        for step in behind.indexes.get(label, []):
            weight = table.bytes * (1.5 if step.unique else 1)
            found.append(Task(step.name, partial(_index, move, step, table), frozenset(rows[label]), weight))
            built.add(step.name)
        if rows[label] or built or behind.seals.get(label):
            seal = partial(_seal, move, label, behind.seals.get(label, []))
            found.append(Task(f"seal {label}", seal, frozenset(rows[label] | proofs | built), _SOON))
            seals.add(f"seal {label}")
    found.append(Task("early", partial(_make, move, behind.early), frozenset(seals)))
    found.append(Task("keys", partial(_make, move, behind.keys), frozenset({"early"})))
    valid = set()
    for label, validations in behind.validations.items():
        name = f"validate {label}"
        weight = move.tables[label].bytes if label in move.tables else 0
        found.append(Task(name, partial(_validate, move, label, validations), frozenset({"keys"}), weight))
        valid.add(name)
    found.append(Task("rest", partial(_make, move, behind.rest), frozenset(valid | {"keys"})))
    return found


def prove(move: Move, unit: Slice, lane: Lane) -> None:
    """Compare a unit on both sides, and keep what they came to."""
    lane.prepare(unit.bytes)
    here = fingerprint(lane.source, unit.table, unit.condition)
    there = fingerprint(lane.target, unit.table, unit.condition)
    move.proofs[unit.name] = here, there
    steps.proved(lane.target, move.run_id, unit.name, here, there)
    if move.proving:
        move.meter.add(unit.bytes, here.rows)


def _copy(move: Move, unit: Slice, lane: Lane) -> None:
    started = time.monotonic()
    format_ = move.formats[unit.table.label]
    with lane.target.transaction():
        if unit.condition is None:
            lane.target.execute(sql.SQL("TRUNCATE ONLY {}").format(unit.table.sql))
        else:
            lane.target.execute(sql.SQL("DELETE FROM ONLY {} WHERE {}").format(unit.table.sql, unit.condition))
        done = copying.copy(lane, unit, format_, move.meter.add)
        steps.copied(lane.target, move.run_id, unit, done.bytes, time.monotonic() - started)
    move.meter.add(0, done.rows)


def _index(move: Move, step: Step, table: Table, lane: Lane) -> None:
    lane.prepare(table.bytes)
    _make(move, [step], lane)


def _make(move: Move, made: list[Step], lane: Lane) -> None:
    for step in made:
        with lane.target.transaction():
            lane.target.execute(step.text.encode())
            steps.note(lane.target, move.run_id, [step.name])


def _validate(move: Move, label: str, made: list[Step], lane: Lane) -> None:
    """Let the server look whether every row finds what it refers to."""
    try:
        _make(move, made, lane)
    except psycopg.errors.ForeignKeyViolation as error:
        keys = [key for key in move.catalog.foreign_keys if key.table == label]
        name, count = max(integrity.orphans(lane.source, move.catalog, keys).items(), key=lambda item: item[1])
        raise CheckFailed(
            f"{name}: {count:,} rows of the source refer to rows that are not there",
            safe="what was copied is kept",
            remedy="mend them on the source (such rows come of triggers that were switched off), then run it again",
        ) from error


def _seal(move: Move, label: str, made: list[Step], lane: Lane) -> None:
    """The constraints take over the indexes that stand, and the planner learns what is there."""
    _make(move, made, lane)
    lane.target.execute(sql.SQL("ANALYZE {}").format(move.tables[label].sql))
