"""What a move of a database came to: every check of its report, from both sides as they were read."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from arraigo.move.records import ledger
from arraigo.move.records.ledger import Run
from arraigo.move.relational import catalog, checks, integrity, intended, planning, steps
from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.deparsing import Pair, settle
from arraigo.move.relational.fingerprints import combine
from arraigo.move.relational.moving import Move
from arraigo.move.relational.names import quoted
from arraigo.move.relational.sessions import Connection, connected
from arraigo.move.reports import Check, Report, Transformation, Unit, moment

_FURTHER = frozenset({"following", "cut_over", "rolled_back"})


def judge(move: Move, this: Run, *, fresh: bool) -> Report:
    """Compare what the units and the catalogs came to, keep the report with the run, and say what it is.

    Args:
        move: With the proofs of its units.
        this: The run.
        fresh: Whether the move has just been carried out: the server has validated its keys a moment ago.
    """
    units = _units(move)
    found = catalog.read(move.home, move.plan.script.schemas)
    told = _checks(move, this, found, fresh=fresh)
    ok = all(check.ok for check in told)
    further = this.phase if this.phase in _FURTHER else ""
    phase = (further or "verified") if ok else "failed"
    before = Report.from_json(this.report) if this.report and further else None
    pause = [check for check in before.checks if check.name == "pause"] if before else []
    ways = [one for one in before.transformations if one.of_going_back] if before else []
    report = Report(
        run_id=this.run_id,
        source=move.plan.source,
        target=move.plan.target,
        phase=phase,
        started_at=moment(this.started_at) or "",
        finished_at=moment(datetime.now(UTC)),
        ok=ok,
        lost=sum(max(0, one.source_rows - one.target_rows) for one in units),
        extra=sum(max(0, one.target_rows - one.source_rows) for one in units),
        changed=sum(not one.match and one.source_rows == one.target_rows for one in units),
        units=tuple(units),
        checks=(*told, *pause),
        transformations=(*(Transformation(**one) for one in this.options["told"]), *ways),
    )
    ledger.set_phase(move.home, this.run_id, further or phase, report.to_json())
    ledger.event(move.home, this.run_id, "verified" if ok else "differs", checks=[c.name for c in told if not c.ok])
    return report


class Catalogs:
    """Compares both catalogs as they are now, where the rows are proved otherwise.

    Args:
        home: To the target.
        reading: Gives a connection to the source.
        held: The run's options, with what is meant to differ.
    """

    def __init__(
        self, home: Connection, reading: Callable[[], AbstractContextManager[Connection]], held: Mapping[str, Any]
    ) -> None:
        self._home, self._reading = home, reading
        self._changes, self._before = intended.from_json(held["intended"])
        self._schemas = held["moved_schemas"]
        self.found: list[Check] = []
        self._known: set[Pair] = set()  # settled the first time, so that a second one, in the pause, is quick

    def __call__(self) -> list[Check]:
        """The checks that compare definitions; `found` keeps them."""
        with self._reading() as read:
            was = catalog.read(read, self._schemas)
        found = catalog.read(self._home, self._schemas)
        expected = settle(self._home, self._changes.applied(was), found, self._known)
        self.found = checks.compare(expected, found, allowed=self._before, positions=False)
        return self.found


def _checks(move: Move, this: Run, found: Catalog, *, fresh: bool) -> list[Check]:
    changes, before = intended.from_json(this.options["intended"])
    expected = settle(move.home, changes.applied(move.whole), found)
    behind = integrity.sequences_behind(move.home, found)
    if behind:  # what is behind on the source as well, was not left behind by the move
        there = {one.sequence for one in integrity.sequences_behind(move.read, move.catalog)}
        behind = [one for one in behind if one.sequence not in there]
    told = checks.compare(expected, found, allowed=before, behind=behind)
    told = [_with_news(one, move) if one.name == "tables" else one for one in told]
    told += checks.of_rows({unit.name: move.proofs.get(unit.name, (unit.source, unit.target)) for unit in _parts(move)})
    told.append(_orphans(move, found, fresh=fresh))
    if move.options.expected and (conditions := move.options.expected.critical_rows):
        here = integrity.critical_rows(move.read, move.catalog, conditions)
        told.append(checks.of_critical_rows(here, integrity.critical_rows(move.home, found, conditions)))
    else:
        told.append(Check("critical_rows", ok=True, expected=0, found=0, detail="none are named: --expect FILE does"))
    return sorted(told, key=lambda one: checks.NAMES.index(one.name))


def _orphans(move: Move, found: Catalog, *, fresh: bool) -> Check:
    """Looked for on the target; where both tables of a key are proved equal, the source has the same.

    Of a move that was just carried out the server has looked itself, a moment ago, at every key that is valid.
    """
    keys = [one for one in found.foreign_keys if one.table in move.catalog.tables]
    looked = [one for one in keys if not (fresh and one.valid)]
    there = {f"{one.table}.{quoted(one.name)}": 0 for one in keys}
    there |= integrity.orphans(move.home, found, looked)
    equal = {unit.table for unit in _parts(move)} - {
        unit.table for unit in _parts(move) if unit.source is None or unit.source != unit.target
    }
    differing = [one for one in move.catalog.foreign_keys if not {one.table, one.references} <= equal]
    named = {f"{one.table}.{quoted(one.name)}" for one in move.catalog.foreign_keys}
    here = {name: count for name, count in there.items() if name in named}
    here |= integrity.orphans(move.read, move.catalog, differing)
    here = {name: count for name, count in here.items() if name in there}
    return checks.of_orphans(found, here, there)


def _with_news(check: Check, move: Move) -> Check:
    """Tables that were made on the source since the moment that was copied."""
    with connected(move.source) as read:
        now = planning.moved_catalog(catalog.read(read, move.plan.script.schemas), move.options)
    new = sorted(now.tables.keys() - move.catalog.tables.keys())
    if not new:
        return check
    detail = f"made on the source since the copy began: {', '.join(new)}; run the same command again"
    return replace(check, ok=False, detail=f"{check.detail}\n{detail}".strip())


def _parts(move: Move) -> list[steps.Unit]:
    return [one for one in steps.units(move.home, move.run_id) if one.table in move.catalog.tables]


def _units(move: Move) -> list[Unit]:
    """One for each table, its ranges put together."""
    found = []
    kept = _parts(move)
    for label in move.tables:
        parts = [one for one in kept if one.table == label]
        source = combine(one.source for one in parts if one.source)
        target = combine(one.target for one in parts if one.target)
        whole = bool(parts) and all(one.source and one.target for one in parts)
        found.append(
            Unit(
                name=label,
                source_rows=source.rows,
                target_rows=target.rows,
                source_fingerprint=source.hash,
                target_fingerprint=target.hash,
                match=whole and source == target,
                seconds=round(sum(one.seconds for one in parts), 3),
                bytes=sum(one.bytes for one in parts),
            )
        )
    return found
