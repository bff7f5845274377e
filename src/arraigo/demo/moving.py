"""The demo's moves: each file into the store and proved, and a rehearsal of the way back."""

from dataclasses import dataclass
from pathlib import Path

from arraigo import move
from arraigo.postgres.target import Target

USER = "demo"


@dataclass(frozen=True)
class Moved:
    """What became of one file.

    Attributes:
        new: How many records this run moved, or moved again because they had changed.
        unchanged: How many were there already.
    """

    path: Path
    report: move.Report
    new: int
    unchanged: int


@dataclass(frozen=True)
class Back:
    """The file that a rollback writes; `same`: byte for byte the one that was moved."""

    path: Path
    same: bool
    report: move.Report


def move_file(path: Path, target: Target, progress: move.Tell) -> Moved:
    """Move one file to the demo's user, and prove it. Moving it again moves nothing twice."""
    report = move.run(f"json:{path}", target, user=USER, progress=progress)
    outcome = report.units[0].outcome
    new = outcome.get("moved", 0) + outcome.get("updated", 0)
    return Moved(path, report, new, outcome.get("unchanged", 0) + outcome.get("there already", 0))


def rehearse_rollback(moved: Moved, target: Target, progress: move.Tell) -> Back:
    """Write the file again out of PostgreSQL, beside the one that was moved, and compare the bytes."""
    folder = moved.path.parent / "rolled-back"
    folder.mkdir(mode=0o700, exist_ok=True)
    place = folder / moved.path.name
    place.unlink(missing_ok=True)
    report = move.rollback(moved.report.run_id, target, to=str(place), progress=progress)
    return Back(place, _same(moved.path, place), report)


def _same(one: Path, other: Path) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        while chunk := first.read(1 << 20):
            if chunk != second.read(len(chunk)):
                return False
        return not second.read(1)
