"""The part of `arraigo demo` that moves a whole database, and how it is shown."""

from contextlib import ExitStack
from pathlib import Path

from arraigo.cli.output import megabytes, say, table
from arraigo.cli.places import patience
from arraigo.cli.progress import progress
from arraigo.cli.reports import show
from arraigo.demo import MEMORY, Crossing, inventory, make, remember, remembered, there_and_back, two_servers


def cross(folder: Path, scale: int) -> Crossing:
    """Move the example there and back, or remember that it was done; show what it came to."""
    if (found := remembered(folder)) is not None:
        _tell(found)
        say(f"That was on {(found.report.finished_at or '')[:10]}; to see it again, remove {folder / MEMORY}")
        return found
    try:
        found = _moved(folder, scale)
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("the database that was being moved is thrown away; the same command begins it anew")
        raise
    _tell(found)
    if found.report.ok:
        say("Every row and every write is where it belongs.", "bold green")
        say(f"The report for people: {remember(folder, found)}")
    else:
        show(found.report)
    return found


def _moved(folder: Path, scale: int) -> Crossing:
    with ExitStack() as stack:
        with patience() as tell:
            source, target = stack.enter_context(two_servers(folder, tell))
        with progress() as bars:
            make(source, scale, bars)
            return there_and_back(source, target, inventory(), bars)


def _tell(found: Crossing) -> None:
    size = f"{found.tables} tables, {found.rows:,} rows, {megabytes(found.size)}"
    say(f"\nA whole database, written to all the time, from one server to another and back: {size}", "bold")
    for what, why in found.differs.items():
        say(f"{what}: {why}", "dim")
    right = sum(check.ok for check in found.report.checks)
    waited = f"{found.refused:,} times refused and tried again, the longest wait {found.waited:.2f} s"
    table(
        ("step", "came to"),
        [
            ("there", f"{right} of {len(found.report.checks)} checks right; what was written meanwhile came along"),
            ("cut over", f"writes were refused for {found.pause}; then {found.away:,} were made in the new home"),
            ("back", "and those came along to the old one"),
            ("writes", f"{found.writes:,} made, {found.lost:,} lost, {found.extra:,} doubled; {waited}"),
        ],
    )
