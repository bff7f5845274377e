"""What `arraigo move status` says."""

from urllib.parse import parse_qs, urlsplit

from arraigo import move
from arraigo.cli.output import megabytes, paragraph, say, table
from arraigo.errors import ArraigoError
from arraigo.move.reports import WAY_BACK
from arraigo.postgres.target import Target


def runs(found: list[move.Run]) -> None:
    """A line for each."""
    named = any(one.owner_name for one in found)
    heads = ("run", "phase", "started", "source", *(("user",) if named else ()))
    table(
        heads,
        [
            (
                one.run_id,
                one.phase,
                f"{one.started_at:%Y-%m-%d %H:%M:%S}",
                place(one),
                *((one.owner_name,) if named else ()),
            )
            for one in found
        ],
    )


def show(run: move.Run, owner: Target, source: str | None) -> None:
    """How far one is, and what comes next."""
    if run.phase == "following":
        _behind(run, owner, source, "the target")
        say(f"take over with: arraigo move cutover {run.run_id}", "dim")
    elif run.phase == "cut_over":
        report = move.Report.from_json(run.report) if run.report else None
        ways = [one.why for one in report.transformations if one.what == WAY_BACK] if report else []
        for why in ways:
            paragraph(f"the way back: {why}")
        if run.options.get("cutover", {}).get("back") == "native":
            _behind(run, owner, source, "the source")
        if not any("finish" in why for why in ways):
            say(f"go back with: arraigo move rollback {run.run_id}", "dim")


def place(run: move.Run) -> str:
    """Where it came from: of an address the server and the database."""
    if "://" not in run.source.location:
        return str(run.source)
    parts = urlsplit(run.source.location)
    asked = parse_qs(parts.query)
    host = asked.get("host", [parts.hostname or ""])[0]
    port = asked.get("port", [str(parts.port or "")])[0]
    server = f"{host}:{port}" if port and not host.startswith("/") else host
    return f"{parts.path.lstrip('/')} at {server or 'localhost'}"


def _behind(run: move.Run, owner: Target, source: str | None, who: str) -> None:
    try:
        lag = move.lag(run.run_id, owner, source=source)
    except ArraigoError as error:
        paragraph(f"how far behind {who} is, cannot be seen now: {error}", "yellow")
        return
    if lag is None:
        return
    far = "an unknown way" if lag.bytes is None else f"{megabytes(lag.bytes)} of log"
    work = "it is being followed" if lag.working else "NOBODY is at work on it: see that server's log"
    failed = f", after {lag.errors:,} failed attempts" if lag.errors else ""
    paragraph(f"{who} is {far} behind, and {work}{failed}", "" if lag.working else "bold red")
