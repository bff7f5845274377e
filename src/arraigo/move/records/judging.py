"""Proves every unit of a run in one snapshot, and writes down what was found."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from arraigo.errors import InvalidInput
from arraigo.move.records import ledger, opening
from arraigo.move.records.agreeing import prove_expected
from arraigo.move.records.found import Found, SourceUnit
from arraigo.move.records.ledger import Unit as Recorded
from arraigo.move.records.proving import NAMED, Proof, prove, prove_against_ledger
from arraigo.move.records.shape import moved_shape
from arraigo.move.records.work import Work
from arraigo.move.reports import Check, Rejected, Report, Unit, checks_of, moment, transformations_of

Connection = psycopg.Connection[Any]


@dataclass(slots=True)
class _Findings:
    """What comparing found: by unit, the proof, and what the ledger knows of it."""

    proofs: dict[str, Proof] = field(default_factory=dict)
    recorded: dict[str, Recorded] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    rejects: tuple[Rejected, ...] = ()


def judge(work: Work, found: Found | None = None) -> Report:
    """Compare everything that the source holds and everything that was moved.

    Args:
        work: The run.
        found: The source's files; None: they are looked for, and may be gone.
    """
    missing = "not in the folder any more"
    with ExitStack() as stack:
        if found is None:
            try:
                found = stack.enter_context(opening.opened(work.run.source, work.tell))
            except InvalidInput as error:
                found, missing = Found(()), error.what
        return _judge(work, found, missing)


def _judge(work: Work, found: Found, missing: str) -> Report:
    findings = _compare(work, found)
    checks = checks_of(findings.proofs, allow_rejects=bool(work.run.options.get("allow_rejects")))
    if findings.gone:
        names, count = ", ".join(findings.gone), len(findings.proofs)
        detail = f"{names}: {missing}; what was recorded when it was read was compared instead"
        checks = (Check("source", False, count, count - len(findings.gone), detail), *checks)
    report = _report(work, found, findings, checks)
    _record(work.connection, report)
    return report


def _compare(work: Work, found: Found) -> _Findings:
    connection, run_id = work.connection, work.run.run_id
    findings = _Findings()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        # Rows that are only handed on are not sooner there when other processes fetch them.
        connection.execute("SET LOCAL max_parallel_workers_per_gather TO 0")
        findings.recorded = {unit.unit: unit for unit in ledger.units(connection, run_id)}
        for file in found.files:  # those that were never copied, too: a run that was killed has not moved them
            findings.proofs[file.name] = _proof(work, file)
        for name, unit in findings.recorded.items():
            if name not in findings.proofs:
                findings.gone.append(name)
                findings.proofs[name] = prove_against_ledger(connection, run_id, name, moved_shape(unit.shape))
        rejects = connection.execute(
            """SELECT unit, key, line, byte_offset, reason FROM arraigo_move.rejected
                WHERE run_id = %s ORDER BY unit, position LIMIT %s""",
            [run_id, NAMED],
        )
        findings.rejects = tuple(Rejected(*row) for row in rejects)
    connection.isolation_level = None
    return findings


def _proof(work: Work, file: SourceUnit) -> Proof:
    """A unit's proof: by what was expected when it was copied, or, where that says too little, from its source."""
    connection, run_id, tell = work.connection, work.run.run_id, work.teller("verify", file)
    expected = work.expected.get(file.name)
    if expected and (proof := prove_expected(connection, run_id, file.name, file.shape, expected, tell)):
        work.context.notes.update(expected.notes)
        return proof
    with work.reading(file) as (reading, _):
        return prove(connection, run_id, file.name, file.shape, reading, tell)


def _report(work: Work, found: Found, findings: _Findings, checks: tuple[Check, ...]) -> Report:
    proofs = findings.proofs
    ok = all(check.ok for check in checks)
    outcome = sum(work.outcomes.values(), Counter[str]())
    return Report(
        run_id=work.run.run_id,
        source={"kind": work.run.source.kind, "location": work.run.source.location},
        target=work.target,
        phase="rolled_back" if work.run.phase == "rolled_back" else "verified" if ok else "failed",
        started_at=moment(work.run.started_at) or "",
        finished_at=moment(datetime.now(UTC)),
        ok=ok,
        lost=sum(proof.lost.count for proof in proofs.values()),
        extra=sum(proof.extra.count for proof in proofs.values()),
        changed=sum(proof.changed.count for proof in proofs.values()),
        units=tuple(_unit(name, proof, work, findings.recorded.get(name)) for name, proof in proofs.items()),
        checks=checks,
        transformations=transformations_of(work.context.notes, outcome, dict(found.ignored)),
        rejects=findings.rejects,
    )


def _unit(name: str, proof: Proof, work: Work, recorded: Recorded | None) -> Unit:
    return Unit(
        name=name,
        source_rows=proof.source.rows,
        target_rows=proof.target.rows,
        source_fingerprint=proof.source.hash,
        target_fingerprint=proof.target.hash,
        match=proof.match,
        seconds=round((recorded.seconds if recorded else None) or 0, 3),
        bytes=(recorded.bytes if recorded else None) or 0,
        shape=recorded.shape if recorded else "",
        outcome=dict(work.outcomes.get(name, {})),
    )


def _record(connection: Connection, report: Report) -> None:
    with connection.transaction():
        for unit in report.units:
            ledger.update_unit(
                connection, report.run_id, unit.name,
                source_rows=unit.source_rows, source_fingerprint=unit.source_fingerprint,
                target_rows=unit.target_rows, target_fingerprint=unit.target_fingerprint,
            )  # fmt: skip
        ledger.set_phase(connection, report.run_id, report.phase, report.to_json())
        counts = {"lost": report.lost, "extra": report.extra, "changed": report.changed}
        ledger.event(connection, report.run_id, "proved", ok=report.ok, **counts)
