"""What a move of a database came to: every check of its report, from both sides as they were read."""

from datetime import UTC, datetime

from arraigo.move.records import ledger
from arraigo.move.records.ledger import Run
from arraigo.move.relational import steps
from arraigo.move.relational.fingerprints import combine
from arraigo.move.relational.moving import Move
from arraigo.move.reports import Check, Report, Unit, moment


def judge(move: Move, this: Run) -> Report:
    """Compare what the units and the catalogs came to, keep the report with the run, and say what it is.

    Args:
        move: With the proofs of its units.
        this: The run.
    """
    units = _units(move)
    checks: list[Check] = []
    lost = sum(max(0, one.source_rows - one.target_rows) for one in units)
    extra = sum(max(0, one.target_rows - one.source_rows) for one in units)
    changed = sum(not one.match and one.source_rows == one.target_rows for one in units)
    ok = all(check.ok for check in checks) and bool(units)
    phase = "verified" if ok else "failed"
    report = Report(
        run_id=this.run_id,
        source=move.plan.source,
        target=move.plan.target,
        phase=phase,
        started_at=moment(this.started_at) or "",
        finished_at=moment(datetime.now(UTC)),
        ok=ok,
        lost=lost,
        extra=extra,
        changed=changed,
        units=tuple(units),
        checks=tuple(checks),
        transformations=move.plan.transformations,
    )
    ledger.set_phase(move.home, this.run_id, phase, report.to_json())
    return report


def _units(move: Move) -> list[Unit]:
    """One for each table, its ranges put together."""
    found = []
    kept = steps.units(move.home, move.run_id)
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
