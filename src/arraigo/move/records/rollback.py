"""The way back: every file of a move is written again from the rows, compared, and put in its old place."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from arraigo.errors import InvalidInput
from arraigo.move.records import ledger
from arraigo.move.records.fingerprint import Fingerprint
from arraigo.move.records.going_back import Back, Written, reread, write
from arraigo.move.records.layout import Frame
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.shape import moved_shape
from arraigo.move.records.swapping import Draft, discard, drafting, swap
from arraigo.move.records.target import connected, exclusively, sign
from arraigo.move.reports import Check, Report, Transformation, Unit, moment
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Done:
    """One unit that was written and read again, and is perhaps not in its place yet.

    Attributes:
        place: Where it goes.
        found: What was read again.
        size: Its bytes.
        as_read: Whether it is byte for byte what was moved.
    """

    back: Back
    place: str
    written: Written
    found: Fingerprint
    size: int
    seconds: float
    as_read: bool = False


def rollback(run_id: str, target: Target, to: str | None, tell: Tell) -> Report:
    """Write the legacy files again. What is in PostgreSQL stays there.

    Args:
        run_id: Which move.
        target: Where it went.
        to: A file, or a folder; None: where the files were. Anywhere else it is a copy, and the move stands.
        tell: Is told how far it is.

    Raises:
        NotFound: There is no such run.
        InvalidInput: It was not copied to its end.
        CheckFailed: What was written could not be read again.
        Unavailable: The target or the folder cannot be used.
    """
    with connected(target) as connection, exclusively(connection):
        run = ledger.run_by_id(connection, run_id)
        sign(connection, run_id)
        units = ledger.units(connection, run_id)
        if not units:
            raise InvalidInput(f"the move {run_id} has copied nothing yet", safe="nothing was written")
        places = _places(run, units, to)
        home = to is None or set(places.values()) == {_source_of(run, unit) for unit in units}
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            done: list[Done] = []
            drafts: list[Draft] = []
            try:
                for unit in units:
                    found, draft = _write(connection, run, unit, places[unit.unit], tell)
                    done.append(found)
                    drafts.append(draft)
                report = report_of(run, target, connection, done, "rolled_back" if home else run.phase)
                kept = [swap(draft) for draft in drafts] if alike(done) else []
            finally:
                for draft in drafts:
                    discard(draft)
            if alike(done):
                names = [path.name for path in kept if path]
                if home:  # elsewhere it is a copy: the move stands as it was
                    ledger.set_phase(connection, run_id, "rolled_back", report.to_json())
                what = "rolled_back" if home else "written"
                ledger.event(connection, run_id, what, files=[str(p) for p in places.values()], kept=names)
    return report


def _places(run: Run, units: list[ledger.Unit], to: str | None) -> dict[str, Path]:
    """Where each file goes: one file to one place, or all under their names in a folder."""
    base = Path(run.source.location if to is None else to).expanduser().resolve()
    if base.is_dir():
        return {unit.unit: base / unit.unit for unit in units}
    several = len(units) > 1 or (to is None and base.name != units[0].unit)
    if several or not base.parent.is_dir():
        missing = base if several else base.parent
        raise InvalidInput(
            f"there is no folder {missing}", safe="nothing was written", remedy="make it, or name another place"
        )
    return {units[0].unit: base}


def _source_of(run: Run, unit: ledger.Unit) -> Path:
    """Where a file of the move was."""
    base = Path(run.source.location).resolve()
    return base if base.name == unit.unit else base / unit.unit


def _write(connection: Connection, run: Run, unit: ledger.Unit, place: Path, tell: Tell) -> tuple[Done, Draft]:
    if unit.layout is None:
        raise InvalidInput(
            f"{unit.unit} was not copied to its end", safe="nothing was written", remedy="run the same move again first"
        )
    total = unit.bytes or 0

    def told(done: int, records: int) -> None:
        tell(Progress("rollback", unit.unit, done, max(total, done), records))

    started = time.monotonic()
    shape, frame = moved_shape(unit.shape), Frame.from_json(unit.layout)
    back = Back(connection, run.run_id, unit.unit, run.owner_id, shape, frame, told)
    with drafting(place, run.run_id) as (draft, stream):
        written = write(back, stream)
    try:
        found = reread(back, draft.path, written)
        size = draft.path.stat().st_size
    except BaseException:
        discard(draft)
        raise
    seconds, same = time.monotonic() - started, written.sha256 == unit.sha256
    return Done(back, str(place), written, found, size, seconds, same), draft


def alike(done: list[Done]) -> bool:
    """Whether everything was read again as it was written."""
    return all(one.found == one.written.fingerprint for one in done)


def report_of(run: Run, target: Target, connection: Connection, done: list[Done], phase: str) -> Report:
    """As a move has it, source and target in the same places: what was written, as it was read again, and the rows."""
    left = "; ".join(f"{one.back.unit}: {one.written.left_out}" for one in done if one.written.left_out.count)
    left_out = sum(one.written.left_out.count for one in done)
    rows = sum(one.written.fingerprint.rows for one in done)
    found = sum(one.found.rows for one in done)
    same = ", ".join(one.back.unit for one in done if one.as_read)
    matching = sum(one.found == one.written.fingerprint for one in done)
    checks = (
        Check("records", rows == found, rows, found),
        Check("fingerprints", alike(done), len(done), matching, f"byte for byte as it was: {same}" if same else ""),
        Check(
            "rejected",
            not left_out or bool(run.options.get("allow_rejects")),
            0,
            left_out,
            f"kept in arraigo_move.rejected, and not written: {left}" if left else "",
        ),
    )
    return Report(
        run_id=run.run_id,
        source={"kind": run.source.kind, "location": ", ".join(dict.fromkeys(one.place for one in done))},
        target={"kind": "postgresql", "location": target.where, "database": connection.info.dbname},
        phase=phase if alike(done) else run.phase,
        started_at=moment(run.started_at) or "",
        finished_at=moment(datetime.now(UTC)),
        ok=all(check.ok for check in checks),
        units=tuple(_unit(one) for one in done),
        checks=checks,
        transformations=_told(done),
    )


def _unit(one: Done) -> Unit:
    return Unit(
        name=one.back.unit,
        source_rows=one.found.rows,
        target_rows=one.written.fingerprint.rows,
        source_fingerprint=one.found.hash,
        target_fingerprint=one.written.fingerprint.hash,
        match=one.found == one.written.fingerprint,
        seconds=round(one.seconds, 3),
        bytes=one.size,
        shape=one.back.shape.name,
    )


def _told(done: list[Done]) -> tuple[Transformation, ...]:
    counts = (
        ("records were added", "they were made since the move", sum(one.written.added for one in done)),
        ("records were left out", "they were deleted since the move", sum(one.written.gone for one in done)),
        (
            "records were put back word for word",
            "the move had rejected them",
            sum(len(o.written.verbatim) for o in done),
        ),
    )
    return tuple(Transformation(what, why, count) for what, why, count in counts if count)
