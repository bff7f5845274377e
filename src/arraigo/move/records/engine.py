"""A move of records from end to end: copy and prove, and prove again."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import psycopg

from arraigo.errors import InvalidInput
from arraigo.move.records import ledger, tables
from arraigo.move.records.batches import Reading
from arraigo.move.records.copying import copy_unit
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.proving import NAMED, Proof, prove, prove_against_ledger
from arraigo.move.records.shape import Context, shape_named
from arraigo.move.records.target import connected, exclusively, id_key, owner_of, sign
from arraigo.move.reports import Check, Rejected, Report, Unit, checks_of, moment, transformations_of
from arraigo.move.sources import jsonfile
from arraigo.move.sources.jsonfile import Found, SourceFile
from arraigo.move.sources.spec import Source
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]


@dataclass(slots=True)
class Work:
    """What a move knows while it is at it."""

    connection: Connection
    run: Run
    target: dict[str, str]
    context: Context
    tell: Tell
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def run(source: Source, target: Target, user: str, tell: Tell, *, allow_rejects: bool) -> Report:
    """Copy and prove. A run that was killed goes on with the same command.

    Raises:
        InvalidInput: The source is not there, or holds no records of a known shape.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    found = jsonfile.find(source)
    with connected(target) as connection, exclusively(connection):
        owner = owner_of(connection, user)
        this = ledger.last_run(connection, source, owner) or ledger.start_run(connection, source, user, owner)
        sign(connection, this.run_id)
        with connection.transaction():
            ledger.set_options(connection, this.run_id, {"allow_rejects": allow_rejects})
            ledger.set_phase(connection, this.run_id, "planned")
            ledger.event(connection, this.run_id, "started", files=[file.name for file in found.files])
        tables.prepare(connection, [file.shape for file in found.files])
        work = _work(connection, ledger.run_by_id(connection, this.run_id), target, tell)
        for file in found.files:
            _copy(work, file)
        ledger.set_phase(connection, this.run_id, "copied")
        return _prove_all(work, found)


def verify(run_id: str, target: Target, tell: Tell) -> Report:
    """Prove a run again, from its source and the tables as they are now.

    Raises:
        NotFound: There is no such run.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    with connected(target) as connection, exclusively(connection):
        this = ledger.run_by_id(connection, run_id)
        sign(connection, run_id)
        return _prove_all(_work(connection, this, target, tell), None)


def _work(connection: Connection, this: Run, target: Target, tell: Tell) -> Work:
    context = Context(this.owner_id, id_key(connection), datetime.now(UTC), Counter())
    where = {
        "kind": "postgresql",
        "location": target.where,
        "database": connection.info.dbname,
        "user": this.owner_name,
    }
    return Work(connection, this, where, context, tell)


@contextmanager
def _reading(work: Work, file: SourceFile) -> Iterator[tuple[Reading, jsonfile.HashingReader]]:
    with jsonfile.reading(file.path) as stream:
        context = replace(work.context, as_of=file.modified)
        yield Reading(stream, str(file.path), file.shape, file.wrapper, context), stream


def _copy(work: Work, file: SourceFile) -> None:
    started = time.monotonic()
    run_id = work.run.run_id
    with _reading(work, file) as (reading, stream):
        work.outcomes[file.name] = copy_unit(
            work.connection, run_id, file.name, file.shape, reading, _teller(work, "copy", file)
        )
        if not reading.records:
            raise InvalidInput(f"{file.path} holds no records", safe="nothing was moved")
    work.seconds[file.name] = time.monotonic() - started
    work.context.notes.clear()  # proving reads everything once more, and counts it
    with work.connection.transaction():
        ledger.update_unit(
            work.connection, run_id, file.name, bytes=file.size, seconds=work.seconds[file.name],
            sha256=stream.sha256(), layout=reading.frame.to_json(),
        )  # fmt: skip
        ledger.event(work.connection, run_id, "copied", unit=file.name, **work.outcomes[file.name])


def _prove_all(work: Work, found: Found | None) -> Report:
    """Prove every unit in one snapshot, and write down what was found."""
    connection, run_id = work.connection, work.run.run_id
    missing = ""
    if found is None:
        try:
            found = jsonfile.find(work.run.source)
        except InvalidInput as error:
            found, missing = Found(()), error.what
    files = {file.name: file for file in found.files}
    proofs: dict[str, Proof] = {}
    gone: list[str] = []
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        for unit in ledger.units(connection, run_id):
            if file := files.get(unit.unit):
                with _reading(work, file) as (reading, _):
                    tell = _teller(work, "verify", file)
                    proofs[unit.unit] = prove(connection, run_id, unit.unit, file.shape, reading, tell)
            else:
                gone.append(unit.unit)
                proofs[unit.unit] = prove_against_ledger(connection, run_id, unit.unit, shape_named(unit.shape))
        rejects = tuple(_rejects(connection, run_id, list(proofs)))
        facts = _facts(connection, run_id)
    connection.isolation_level = None
    checks = checks_of(proofs, allow_rejects=bool(work.run.options.get("allow_rejects")))
    if gone:
        why = missing or "not in the folder any more"
        names = ", ".join(gone)
        detail = f"{names}: {why}; what was recorded when it was read was compared instead"
        checks = (Check("source", False, len(proofs), len(proofs) - len(gone), detail), *checks)
    ok = bool(checks) and all(check.ok for check in checks)
    units = tuple(_unit(name, proof, work, *facts[name]) for name, proof in proofs.items())
    with connection.transaction():
        for unit_report in units:
            ledger.update_unit(
                connection, run_id, unit_report.name,
                source_rows=unit_report.source_rows, source_fingerprint=unit_report.source_fingerprint,
                target_rows=unit_report.target_rows, target_fingerprint=unit_report.target_fingerprint,
            )  # fmt: skip
        phase = "rolled_back" if work.run.phase == "rolled_back" else "verified" if ok else "failed"
        report = Report(
            run_id=run_id,
            source={"kind": work.run.source.kind, "location": work.run.source.location},
            target=work.target,
            phase=phase,
            started_at=moment(work.run.started_at) or "",
            finished_at=moment(datetime.now(UTC)),
            ok=ok,
            lost=sum(proof.lost.count for proof in proofs.values()),
            extra=sum(proof.extra.count for proof in proofs.values()),
            changed=sum(proof.changed.count for proof in proofs.values()),
            units=units,
            checks=checks,
            transformations=transformations_of(
                work.context.notes, sum(work.outcomes.values(), Counter()), dict(found.ignored)
            ),
            rejects=rejects,
        )
        ledger.set_phase(connection, run_id, phase, report.to_json())
        ledger.event(connection, run_id, "proved", ok=ok, lost=report.lost, extra=report.extra, changed=report.changed)
    return report


def _unit(name: str, proof: Proof, work: Work, shape: str, size: int, seconds: float) -> Unit:
    return Unit(
        name=name,
        source_rows=proof.source.rows,
        target_rows=proof.target.rows,
        source_fingerprint=proof.source.hash,
        target_fingerprint=proof.target.hash,
        match=proof.match,
        seconds=round(seconds, 3),
        bytes=size,
        shape=shape,
        outcome=dict(work.outcomes.get(name, {})),
    )


def _facts(connection: Connection, run_id: str) -> dict[str, tuple[str, int, float]]:
    rows = connection.execute(
        "SELECT unit, shape, coalesce(bytes, 0), coalesce(seconds, 0) FROM arraigo_move.units WHERE run_id = %s",
        [run_id],
    )
    return {unit: (shape, size, seconds) for unit, shape, size, seconds in rows}


def _rejects(connection: Connection, run_id: str, names: list[str]) -> Iterator[Rejected]:
    """The first of them, over all units."""
    rows = connection.execute(
        """SELECT unit, key, line, byte_offset, reason FROM arraigo_move.rejected
            WHERE run_id = %s AND unit = ANY (%s) ORDER BY unit, position LIMIT %s""",
        [run_id, names, NAMED],
    )
    for row in rows:
        yield Rejected(*row)


def _teller(work: Work, phase: str, file: SourceFile) -> Any:
    def tell(done: int, records: int) -> None:
        work.tell(Progress(phase, file.name, done, file.size, records))

    return tell
