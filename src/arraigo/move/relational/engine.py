"""A move of a whole database from end to end: schema, rows, indexes and keys, and the proof.

Killed anywhere, the same command goes on: each step and each unit is noted in the transaction that made it, and of what
was copied only that is kept whose fingerprint is still the source's.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from psycopg import sql

from arraigo.errors import CheckFailed, Conflict
from arraigo.move.relational import loading, rehearsal, slicing, steps
from arraigo.move.relational.building import NAME, order
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.lanes import Task, perform
from arraigo.move.relational.moving import Move
from arraigo.move.relational.statements import Entry

_NAMES = re.compile(rf"{NAME}\.{NAME}")


def carry_out(move: Move) -> None:
    """Make the schema, copy the rows, build what stands behind them, and compare every table on both sides.

    Raises:
        ArraigoError, psycopg.Error: Something stopped it; the same command goes on from there.
    """
    _make_schema(move)
    units = steps.units(move.home, move.run_id)
    pieces = {one.name: Slice(move.tables[one.table], one.number, one.of, one.where) for one in units}
    before = [pieces[one.name] for one in units if one.copied]
    if before:
        _prove(move, before, "compare")
    kept = {one.name for one in before if move.alike(one)}
    _demand_untouched(move, {one.name: one.moved for one in units}, [one for one in before if one.name not in kept])
    for label in sorted({one.table.label for one in before if one.name not in kept}):
        _strip(move, move.tables[label])
    again = [piece for name, piece in pieces.items() if name not in kept]
    if again:  # what is made from the rows is made anew
        steps.forget(move.home, move.run_id, [f"refresh {name}" for name in move.filled])
    made = steps.done(move.home, move.run_id)
    behind = order(move.plan.script.entries, frozenset(move.tables), move.filled, made)
    move.meter.begin("copy", sum(one.bytes for one in again))
    _perform(move, loading.tasks(move, again, behind))
    _set_sequences(move)


def _demand_untouched(move: Move, recorded: Mapping[str, Fingerprint | None], differing: Sequence[Slice]) -> None:
    """What somebody wrote on the target since it was proved is not written over.

    Raises:
        Conflict: Somebody did.
    """
    for one in differing:
        then, now = recorded[one.name], move.proofs[one.name][1]
        if then is not None and then != now:
            raise Conflict(
                f"{one.name} was changed on the target since it was moved ({then.rows:,} rows then, {now.rows:,} now)",
                safe="nothing was written over",
                remedy="take that back there, or move into another database; arraigo move verify shows all of it",
            )


def compare(move: Move) -> None:
    """Compare every unit of a run again, as both sides are now."""
    units = steps.units(move.home, move.run_id)
    pieces = [Slice(move.tables[one.table], one.number, one.of, one.where) for one in units if one.table in move.tables]
    _prove(move, pieces, "verify")


def _prove(move: Move, pieces: list[Slice], phase: str) -> None:
    move.meter.begin(phase, sum(one.bytes for one in pieces))
    move.proving = True
    _perform(move, [Task(one.name, partial(loading.prove, move, one), weight=one.bytes) for one in pieces])
    move.proving = False


def _perform(move: Move, tasks: list[Task]) -> None:
    lanes = move.lanes()
    try:
        perform(tasks, lanes)
    finally:
        for lane in lanes:
            lane.close()


def _make_schema(move: Move) -> None:
    """What stands before the data, in one transaction with its steps and the units that it makes room for."""
    done = steps.done(move.home, move.run_id)
    entries = [one for one in move.plan.script.entries if not one.after_data and one.step not in done]
    units = steps.units(move.home, move.run_id)
    known = {unit.table for unit in units}
    with move.home.transaction():
        if entries and (refused := rehearsal.perform(move.home, entries)):
            raise CheckFailed(
                f"the target refused {refused[0].entry.label}: {refused[0].reason}",
                safe="nothing was changed",
                remedy="see: arraigo move plan",
            )
        steps.note(move.home, move.run_id, (entry.step for entry in entries))
        steps.drop_units(move.home, move.run_id, [unit.name for unit in units if unit.table not in move.tables])
        for table in move.tables.values():
            if table.label not in known:
                steps.open_units(move.home, move.run_id, slicing.slices(move.read, table, move.options.slice_bytes))


def _strip(move: Move, table: Table) -> None:
    """Take off a table what would stand in the way of its rows, all of which is made again behind them."""
    forgotten = []
    with move.home.transaction():
        for entry in move.plan.script.entries:
            if entry.kind == "FK CONSTRAINT" and table.label in _NAMES.findall(entry.text):
                key = next(k for k in move.catalog.foreign_keys if _is(entry, k.table, k.name, move.tables))
                drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}")
                move.home.execute(drop.format(move.tables[key.table].sql, sql.Identifier(key.name)))
                forgotten += [entry.step, f"{entry.step} valid"]
            elif entry.kind == "TRIGGER" and (name := entry.own(table.schema, table.name)):
                drop = sql.SQL("DROP TRIGGER IF EXISTS {} ON {}")
                move.home.execute(drop.format(sql.Identifier(name), table.sql))
                forgotten.append(entry.step)
            elif entry.kind == "ROW SECURITY" and (entry.schema, entry.name) == (table.schema, table.name):
                open_ = sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
                move.home.execute(open_.format(table.sql))
                forgotten.append(entry.step)
        steps.forget(move.home, move.run_id, forgotten)


def _is(entry: Entry, label: str, name: str, tables: Mapping[str, Table]) -> bool:
    return label in tables and entry.own(tables[label].schema, tables[label].name) == name


def _set_sequences(move: Move) -> None:
    """Each stands where the source's does."""
    with move.home.transaction():
        for one in move.catalog.sequences.values():
            move.home.execute("SELECT setval(%s::regclass, %s, %s)", [one.name, one.last_value, one.is_called])
