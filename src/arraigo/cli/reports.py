"""A move's report, for people."""

from arraigo import move
from arraigo.cli.gathering import gathered
from arraigo.cli.output import megabytes, on_terminal, paragraph, say, table
from arraigo.move.reports import WAY_BACK

_DIGITS = 8  # of a fingerprint: enough to see that two differ
_TABLES = 24  # that are shown on a terminal; a pipe gets all of them
_LEFT_OUT = " was left out"
_NEXT = {
    "following": "arraigo move cutover",
    "cut_over": "arraigo move rollback",
}


def show(report: move.Report) -> None:
    """The comparison, and everything that is not as it should be."""
    units(report)
    for check in report.checks:
        if check.name == "pause":
            say(f"writes were refused for {check.found}", "bold")
        elif not check.ok:
            _failed(check)
    for reject in report.rejects:
        key = f" {reject.key!r}" if reject.key is not None else ""
        say(f"rejected: {reject.unit}, line {reject.line}, byte {reject.byte}{key}: {reject.reason}")
    transformations(report.transformations)
    say(verdict(report), "green" if report.ok else "bold red")
    ended = any(one.what == WAY_BACK and "finish" in one.why for one in report.transformations)
    if report.ok and report.phase in _NEXT and not ended:
        words = "take over with" if report.phase == "following" else "go back with"
        say(f"{words}: {_NEXT[report.phase]} {report.run_id}", "dim")


def transformations(found: tuple[move.Transformation, ...]) -> None:
    """What is meant to differ; what was left out for the same reason stands together."""
    left = [one for one in found if one.what.endswith(_LEFT_OUT)]
    as_left = [move.Hindrance(one.what.removesuffix(_LEFT_OUT), one.why, "") for one in left]
    for group in gathered(as_left):
        style = "yellow" if group.first.why.endswith("--accept") else "dim"
        paragraph(f"{group.first.what}{_LEFT_OUT} ({group.first.why})", style, group.likewise)
    for told in found:
        if told not in left:
            times = f": {told.count:,}" if told.count != 1 else ""
            paragraph(f"{told.what}{times} ({told.why})", "dim")


def _failed(check: move.Check) -> None:
    """Each difference has a line of its own, and says of which check it is."""
    lines = [line for line in check.detail.splitlines() if line.strip()]
    single = f" ({lines[0]})" if len(lines) == 1 else ""
    paragraph(f"check {check.name}: expected {check.expected}, found {check.found}{single}", "bold red")
    if not single:
        for line in lines:
            paragraph(f"check {check.name}: {line}", "red")


def units(*reports: move.Report) -> None:
    """The table of both sides; on a terminal of many alone those that differ and the largest."""
    found = [unit for report in reports for unit in report.units]
    shown = found
    if on_terminal() and len(found) > _TABLES:
        first = sorted(found, key=lambda unit: (unit.match, -unit.bytes))[:_TABLES]
        shown = [unit for unit in found if unit in first]
    table(
        ("unit", "rows here", "there", "fingerprints", "match", "size"),
        [
            (unit.name, unit.source_rows, unit.target_rows, _fingerprints(unit), unit.match, megabytes(unit.bytes))
            for unit in shown
        ],
    )
    hidden = [unit for unit in found if unit not in shown]
    if hidden:
        wrong = sum(not unit.match for unit in hidden)
        rows = sum(unit.source_rows for unit in hidden)
        what = f"{wrong:,} of them differing" if wrong else "each the same on both sides"
        say(f"and {len(hidden):,} smaller ones with {rows:,} rows, {what}", "dim")


def _fingerprints(unit: move.Unit) -> str:
    sign = "=" if unit.source_fingerprint == unit.target_fingerprint else "≠"
    return f"{unit.source_fingerprint[:_DIGITS]} {sign} {unit.target_fingerprint[:_DIGITS]}"


def verdict(report: move.Report) -> str:
    """One sentence."""
    lost = f"{report.lost:,} lost, {report.extra:,} extra, {report.changed:,} changed"
    return f"move {report.run_id}: {'right' if report.ok else 'NOT right'}, {report.phase}; {lost}"
