"""A move's report, for people."""

from arraigo import move
from arraigo.cli.output import megabytes, say, table

_DIGITS = 8  # of a fingerprint: enough to see that two differ


def show(report: move.Report) -> None:
    """The comparison, and everything that is not as it should be."""
    units(report)
    for check in report.checks:
        if check.name == "pause":
            say(f"writes were refused for {check.found}", "bold")
        elif not check.ok:
            detail = f" ({check.detail})" if check.detail else ""
            say(f"check {check.name}: expected {check.expected}, found {check.found}{detail}", "bold red")
    for reject in report.rejects:
        key = f" {reject.key!r}" if reject.key is not None else ""
        say(f"rejected: {reject.unit}, line {reject.line}, byte {reject.byte}{key}: {reject.reason}")
    for told in report.transformations:
        say(f"{told.what}: {told.count:,} ({told.why})", "dim")
    say(verdict(report), "green" if report.ok else "bold red")


def units(*reports: move.Report) -> None:
    """The table of both sides."""
    table(
        ("unit", "rows here", "there", "fingerprints", "match", "size"),
        [
            (unit.name, unit.source_rows, unit.target_rows, _fingerprints(unit), unit.match, megabytes(unit.bytes))
            for report in reports
            for unit in report.units
        ],
    )


def _fingerprints(unit: move.Unit) -> str:
    sign = "=" if unit.source_fingerprint == unit.target_fingerprint else "≠"
    return f"{unit.source_fingerprint[:_DIGITS]} {sign} {unit.target_fingerprint[:_DIGITS]}"


def verdict(report: move.Report) -> str:
    """One sentence."""
    lost = f"{report.lost:,} lost, {report.extra:,} extra, {report.changed:,} changed"
    return f"move {report.run_id}: {'right' if report.ok else 'NOT right'}, {report.phase}; {lost}"
