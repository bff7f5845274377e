"""Moving into the store: records of legacy programs, or a whole PostgreSQL; and proving that nothing was lost.

`plan` says what a move would do, `run` copies and proves, `verify` proves again, `cutover` takes a database over,
`rollback` goes back; `status` and `report` tell what happened. Each phase is safe to run again. The target is the
owner's connection: an address, or a `Target`.
"""

import threading

from arraigo.errors import InvalidInput, NotFound
from arraigo.move.html import report_html
from arraigo.move.records import engine, ledger, planning
from arraigo.move.records import rollback as files
from arraigo.move.records.ledger import Run
from arraigo.move.records.planning import Plan, PlannedUnit
from arraigo.move.records.progress import Progress, Tell, silent
from arraigo.move.records.target import connected
from arraigo.move.relational import runs as databases
from arraigo.move.relational import standing
from arraigo.move.relational.plans import Hindrance, Options
from arraigo.move.relational.plans import Plan as DatabasePlan
from arraigo.move.relational.replication.subscription import Lag
from arraigo.move.reports import Check, Rejected, Report, Transformation, Unit
from arraigo.move.sources.spec import DYNAMODB, DYNAMODB_EXPORT, POSTGRESQL, is_database, parse
from arraigo.postgres.target import Target

DEFAULT_USER = "legacy"

__all__ = [
    "DEFAULT_USER",
    "Check",
    "DatabasePlan",
    "Hindrance",
    "Lag",
    "Options",
    "Plan",
    "PlannedUnit",
    "Progress",
    "Rejected",
    "Report",
    "Run",
    "Tell",
    "Transformation",
    "Unit",
    "back",
    "cutover",
    "finish",
    "is_database",
    "lag",
    "plan",
    "plan_database",
    "report",
    "report_html",
    "rollback",
    "run",
    "status",
    "verify",
]


def plan(source: str, owner: str | Target | None = None, *, user: str = DEFAULT_USER, progress: Tell = silent) -> Plan:
    """What a move would do: what is there, what cannot move and why, how long. Writes nothing.

    Args:
        source: As on the command line (`json:PATH`).
        owner: The target; None: only the source is looked at.
        user: Who would get what has no user of its own.
        progress: Is told how far it is.

    Raises:
        InvalidInput: The source has no form that works, is not there, or holds no records of a known shape.
        Unavailable: The target cannot be used.
    """
    return planning.plan(parse(source), None if owner is None else _target(owner), user, progress)


def plan_database(source: str, owner: str | Target | None = None, *, options: Options | None = None) -> DatabasePlan:
    """What a move of a whole PostgreSQL would do. The schema is tried on the target, and nothing is left of the trial.

    Args:
        source: Its address.
        owner: The target; None: only the source is looked at.
        options: What of it moves.

    Raises:
        InvalidInput: The address is none, or something that was named is not there.
        Unavailable: One side cannot be used.
    """
    return databases.plan(parse(source), source, None if owner is None else _target(owner), options or Options())


def run(
    source: str,
    owner: str | Target,
    *,
    user: str = DEFAULT_USER,
    allow_rejects: bool = False,
    options: Options | None = None,
    seen: str = "",
    progress: Tell = silent,
) -> Report:
    """Copy and prove. The same command goes on with a run that was killed, and moves what changed since.

    Args:
        source: As on the command line (`json:PATH`, `postgresql://…`).
        owner: The target.
        user: Who gets what has no user of its own; made when there is none.
        allow_rejects: Whether a move with rejected records may be right.
        options: Of a database: what of it moves.
        seen: Of a database that is followed: its address as the target's server reaches it; empty: the same.
        progress: Is told how far it is.

    Returns:
        The report; a move that is not right has `ok` False and never raises for that.

    Raises:
        InvalidInput: The source has no form that works, is not there, or holds no records of a known shape.
        CheckFailed: Something of a database cannot move, and nothing was copied.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    where = parse(source)
    if where.kind == POSTGRESQL:
        return databases.run(where, source, _target(owner), options or Options(), progress, seen=seen)
    return engine.run(where, _target(owner), user, progress, allow_rejects=allow_rejects)


def verify(run_id: str, owner: str | Target, *, source: str | None = None, progress: Tell = silent) -> Report:
    """Prove a move again, from its source and the tables as they are now.

    Args:
        run_id: Which move.
        owner: Where it went.
        source: A database's address, since the ledger keeps no password; None: libpq finds one, or needs none.
        progress: Is told how far it is.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: The address is another one's.
        Unavailable: The target cannot be used, or another move is at work on it.
    """
    this = _run(run_id, owner)
    if this.source.kind == POSTGRESQL:
        return databases.verify(this, _address(this, source), _target(owner), progress)
    return engine.verify(run_id, _target(owner), progress)


def cutover(
    run_id: str, owner: str | Target, *, source: str | None = None, seen: str = "", progress: Tell = silent
) -> Report:
    """Let a database take over from the one that it was copied from, in a short pause, with the way back open.

    Args:
        run_id: Which move.
        owner: Where it went.
        source: The source's address, as for `verify`.
        seen: The target's address as the source's server reaches it; empty: the same.
        progress: Is told how far it is.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: It is a move of records, which has nothing to cut over.
        Conflict: It is not verified yet, or over.
        CheckFailed: The two sides differ; the source takes writes again.
        Unavailable: A side cannot be used; nothing was changed.
    """
    this = _database(run_id, owner)
    return databases.cutover(this, _address(this, source), _target(owner), seen, progress)


def finish(run_id: str, owner: str | Target, *, source: str | None = None) -> Report:
    """End the way back of a cut-over for good: neither server keeps its log for the other any more.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: It is a move of records.
        Conflict: It is not cut over.
        Unavailable: A side is away; the other one is cleared.
    """
    this = _database(run_id, owner)
    return databases.finish(this, _address(this, source), _target(owner))


def back(
    run_id: str, owner: str | Target, stop: threading.Event, *, source: str | None = None, progress: Tell = silent
) -> None:
    """Apply to the source what is written on the target since its cut-over, until `stop` is set.

    For a source that may not subscribe; every other one follows by itself.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: It is a move of records.
        Conflict: It needs no such help; or the source was written to by somebody else.
        Unavailable: A side is away for long.
    """
    this = _database(run_id, owner)
    databases.back(this, _address(this, source), _target(owner), stop, progress)


def rollback(
    run_id: str,
    owner: str | Target,
    *,
    to: str | None = None,
    source: str | None = None,
    discard: bool = False,
    progress: Tell = silent,
) -> Report:
    """Go back with everything added since: write the legacy files again, or let the source database take over.

    Args:
        run_id: Which move.
        owner: Where it went.
        to: A file or a folder; None: where the files were. What stands there is kept under another name.
        source: The source's address, as for `verify`.
        discard: Of a database without a way back: give up what was written on the target.
        progress: Is told how far it is.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: It was not copied to its end.
        Conflict: The target was changed, and there is no way back for that.
        CheckFailed: What was written could not be read again; nothing was put in place.
        Unavailable: The target or the folder cannot be used.
    """
    this = _run(run_id, owner)
    if this.source.kind == POSTGRESQL:
        return databases.rollback(this, _address(this, source), _target(owner), progress, discard=discard)
    if this.source.kind in {DYNAMODB, DYNAMODB_EXPORT}:
        from arraigo.move.sources.dynamodb import back  # noqa: PLC0415 - boto3 is an extra

        return back.rollback(run_id, _target(owner), to, progress)
    return files.rollback(run_id, _target(owner), to, progress)


def status(owner: str | Target, run_id: str | None = None) -> list[Run]:
    """Every move on this target, newest first, or the one that is asked for.

    Raises:
        NotFound: There is no such run.
        Unavailable: The target cannot be used.
    """
    with connected(_target(owner)) as connection:
        return ledger.runs(connection) if run_id is None else [ledger.run_by_id(connection, run_id)]


def lag(run_id: str, owner: str | Target, *, source: str | None = None) -> Lag | None:
    """How far one server is behind the other, of a run that goes on by itself; None of every other.

    Args:
        run_id: Which move.
        owner: Where it went.
        source: The source's address, as for `verify`.

    Raises:
        NotFound: There is no such run on this target.
        InvalidInput: It is a move of records; or the address is another one's.
        Unavailable: A side cannot be used.
    """
    this = _database(run_id, owner)
    return standing.lag(this, _address(this, source), _target(owner))


def report(run_id: str, owner: str | Target) -> Report:
    """The last report of a run.

    Raises:
        NotFound: There is no such run, or it has not come to a report yet.
        Unavailable: The target cannot be used.
    """
    with connected(_target(owner)) as connection:
        found = ledger.run_by_id(connection, run_id).report
    if found is None:
        raise NotFound(f"the move {run_id} has no report yet", remedy="run the same move again to its end")
    return Report.from_json(found)


def _run(run_id: str, owner: str | Target) -> Run:
    with connected(_target(owner)) as connection:
        return ledger.run_by_id(connection, run_id)


def _database(run_id: str, owner: str | Target) -> Run:
    this = _run(run_id, owner)
    if this.source.kind != POSTGRESQL:
        raise InvalidInput(
            f"the move {run_id} is one of records, and has nothing to cut over",
            remedy=f"its way back is: arraigo move rollback {run_id}",
        )
    return this


def _address(this: Run, given: str | None) -> str:
    """The source's address as it was given; without one, as the ledger has it."""
    if given is None:
        return this.source.location
    if parse(given) != this.source:
        raise InvalidInput(
            f"the source of the move {this.run_id} is {this.source.location}, not the one given",
            safe="nothing was changed",
            remedy="give that one, with its password",
        )
    return given


def _target(owner: str | Target) -> Target:
    return owner if isinstance(owner, Target) else Target(owner)
