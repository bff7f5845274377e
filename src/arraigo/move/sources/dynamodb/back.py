"""The way back for DynamoDB: items again, into an export's files or into the live tables, compared before it counts."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg

from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.records import going_back, ledger
from arraigo.move.records.fingerprint import Fingerprint
from arraigo.move.records.going_back import Back
from arraigo.move.records.items import ItemShape
from arraigo.move.records.ledger import Run
from arraigo.move.records.progress import Progress, Tell
from arraigo.move.records.rollback import Done, alike, report_of
from arraigo.move.records.shape import moved_shape
from arraigo.move.records.target import connected, exclusively, sign
from arraigo.move.reports import Report
from arraigo.move.sources.dynamodb.folders import folder
from arraigo.move.sources.dynamodb.lines import LineFrame, Returned, Way
from arraigo.move.sources.dynamodb.returning import into_tables
from arraigo.move.sources.dynamodb.writing import into_export
from arraigo.move.sources.spec import DYNAMODB
from arraigo.postgres.target import Target

Connection = psycopg.Connection[Any]


def rollback(run_id: str, target: Target, to: str | None, tell: Tell) -> Report:
    """Write the items again. What is in PostgreSQL stays there.

    Args:
        run_id: Which move.
        target: Where it went.
        to: A folder or `s3://…` for an export of it all; None: where the items were.
        tell: Is told how far it is.

    Raises:
        NotFound: There is no such run.
        InvalidInput: It was not copied to its end, or lies in a bucket, which is not written over.
        Unavailable: The target, the folder or the tables cannot be used.
    """
    with connected(target) as connection, exclusively(connection):
        run = ledger.run_by_id(connection, run_id)
        sign(connection, run_id)
        units = ledger.units(connection, run_id)
        if not units or any(unit.layout is None for unit in units):
            raise InvalidInput(
                f"the move {run_id} was not copied to its end",
                safe="nothing was written",
                remedy="run the same move again first",
            )
        frame = LineFrame.from_json(units[0].layout or {})
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with (
            _way(run, frame, target, to) as (place, way),
            folder() as home,
            connection.transaction(),
        ):
            parts = {unit.unit: home / unit.unit for unit in units}
            done = [_write(connection, run, unit, frame, parts[unit.unit], tell) for unit in units]
            returned = way({_shape(one): parts[one.back.unit] for one in done}, tell)
            done = [_done(one, place, returned) for one in done]
            report = report_of(run, target, connection, done, "rolled_back" if to is None else run.phase)
            if alike(done):
                kept = returned.settle()
                if to is None:  # elsewhere it is a copy: the move stands as it was
                    ledger.set_phase(connection, run_id, "rolled_back", report.to_json())
                what = "rolled_back" if to is None else "written"
                ledger.event(connection, run_id, what, place=place, kept=kept, **returned.counts)
    return report


@contextmanager
def _way(run: Run, frame: LineFrame, target: Target, to: str | None) -> Iterator[tuple[str, Way]]:
    """Where the items go."""
    source = run.source
    if to is None and source.kind == DYNAMODB:
        with connected(target) as other:  # sees the ledger as it was before this
            yield f"{source}", into_tables(run, frame, other)
        return
    if to is None and source.location.startswith("s3://"):
        raise InvalidInput(
            f"{source.location} is a bucket, and what lies there is not written over",
            safe="nothing was written",
            remedy="write elsewhere with --into FOLDER or --into s3://BUCKET/PREFIX, and import that",
        )
    place = source.location if to is None else to if to.startswith("s3://") else str(Path(to).expanduser().resolve())
    beside = None if place.startswith("s3://") else Path(place).parent
    try:
        with tempfile.TemporaryDirectory(prefix=".arraigo-", suffix=".draft", dir=beside) as draft:
            yield place, into_export(place, source.options, frame, Path(draft))
    except FileNotFoundError as error:
        raise InvalidInput(f"there is no folder {beside}", safe="nothing was written", remedy="make it") from error
    except OSError as error:
        raise Unavailable(
            f"{place} cannot be written: {(error.strerror or type(error).__name__).lower()}",
            safe="everything is in PostgreSQL",
            remedy="make room or give the right, or write elsewhere with --into",
        ) from error


def _write(connection: Connection, run: Run, unit: ledger.Unit, frame: LineFrame, path: Path, tell: Tell) -> Done:
    total = unit.bytes or 0

    def told(done: int, records: int) -> None:
        tell(Progress("rollback", unit.unit, done, max(total, done), records))

    started = time.monotonic()
    back = Back(connection, run.run_id, unit.unit, run.owner_id, moved_shape(unit.shape), frame, told)
    with path.open("wb") as stream:
        written = going_back.write(back, stream)
    return Done(back, "", written, Fingerprint(), path.stat().st_size, time.monotonic() - started)


def _shape(one: Done) -> ItemShape:
    return cast("ItemShape", one.back.shape)


def _done(one: Done, place: str, returned: Returned) -> Done:
    """With what was read again."""
    for name in returned.left_out.get(_shape(one), ()):
        one.written.left_out.add(name)
    one.written.fingerprint = returned.expected.get(_shape(one), one.written.fingerprint)
    found = returned.found.get(_shape(one), Fingerprint())
    return Done(one.back, place, one.written, found, one.size, one.seconds)
