"""A move of records from end to end: copy and prove, and prove again."""

import time
from contextlib import ExitStack

from arraigo.errors import InvalidInput
from arraigo.move.records import ledger, tables
from arraigo.move.records.copying import Copier
from arraigo.move.records.expected import expecting
from arraigo.move.records.found import SourceUnit
from arraigo.move.records.judging import judge
from arraigo.move.records.opening import opened
from arraigo.move.records.progress import Tell
from arraigo.move.records.target import connected, exclusively, owner_of, sign
from arraigo.move.records.work import Work
from arraigo.move.reports import Report
from arraigo.move.sources.spec import Source
from arraigo.postgres.target import Target


def run(source: Source, target: Target, user: str, tell: Tell, *, allow_rejects: bool) -> Report:
    """Copy and prove. A run that was killed goes on with the same command.

    Raises:
        InvalidInput: The source is not there, or holds no records of a known shape.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    with (
        opened(source, tell) as found,
        connected(target) as connection,
        exclusively(connection),
        ExitStack() as stack,
    ):
        owner = owner_of(connection, user)
        this = ledger.last_run(connection, source, owner) or ledger.start_run(connection, source, user, owner)
        sign(connection, this.run_id)
        with connection.transaction():
            ledger.set_options(connection, this.run_id, this.options | {"allow_rejects": allow_rejects})
            ledger.set_phase(connection, this.run_id, "planned")
            ledger.event(connection, this.run_id, "started", files=[file.name for file in found.files])
        tables.prepare(connection, [file.shape for file in found.files])
        work = Work.on(connection, ledger.run_by_id(connection, this.run_id), target, tell)
        for file in found.files:
            work.expected[file.name] = stack.enter_context(expecting())
            _copy(work, file)
        ledger.set_phase(connection, this.run_id, "copied")
        return judge(work, found)


def verify(run_id: str, target: Target, tell: Tell) -> Report:
    """Prove a run again, from its source and the tables as they are now.

    Raises:
        NotFound: There is no such run.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    with connected(target) as connection, exclusively(connection):
        this = ledger.run_by_id(connection, run_id)
        sign(connection, run_id)
        return judge(Work.on(connection, this, target, tell))


def _copy(work: Work, file: SourceUnit) -> None:
    started = time.monotonic()
    connection, run_id = work.connection, work.run.run_id
    with work.reading(file) as (reading, stream):
        copier = Copier(connection, run_id, file.name, file.shape, work.expected[file.name])
        outcome = copier.copy(reading, work.teller("copy", file))
        if not reading.records:
            raise InvalidInput(f"{file.where} holds no records", safe="nothing was moved")
    work.outcomes[file.name] = outcome
    with connection.transaction():
        ledger.update_unit(
            connection, run_id, file.name, bytes=file.size, seconds=time.monotonic() - started,
            sha256=stream.sha256(), layout=reading.frame.to_json(),
        )  # fmt: skip
        ledger.event(connection, run_id, "copied", unit=file.name, **outcome)
