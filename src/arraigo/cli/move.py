"""`arraigo move`: plan, run, verify, status, rollback, report."""

import json as json_
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from arraigo import move
from arraigo.cli import databases, standing
from arraigo.cli.endings import FAILED
from arraigo.cli.output import as_json, example, megabytes, say, table
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.cli.reports import show
from arraigo.cli.writing import whole
from arraigo.errors import InvalidInput
from arraigo.move.records.opening import check
from arraigo.move.sources.spec import parse

app = typer.Typer(rich_markup_mode=None, help="Move legacy records or a whole PostgreSQL in, prove it, and go back.")

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="postgresql://…, json:PATH, localstorage:PATH, dynamodb://TABLE,TABLE or dynamodb-export:PATH.",
    ),
]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The move, as move status names it.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="URL", help="The database it goes to, or went to.  [default: the environment's]"),
]
User = Annotated[str, typer.Option("--user", metavar="U", help="Who gets what has no user of its own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ReportFile = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write the report there, as JSON.")]
Address = Annotated[
    str | None,
    typer.Option("--source", metavar="URL", help="The source database's address again, where it takes a password."),
]
# Of whole databases alone.
Schemas = Annotated[list[str] | None, typer.Option("--schema", metavar="S", help="Only this schema; may be repeated.")]
Tables = Annotated[
    list[str] | None, typer.Option("--table", metavar="T", help="Only this table (SCHEMA.TABLE, * for any part).")
]
Excluded = Annotated[list[str] | None, typer.Option("--exclude", metavar="T", help="Not this table.")]
Accepted = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="NAME", help="What may stay behind, as move plan names it (* for any part)."),
]
Expected = Annotated[
    Path | None, typer.Option("--expect", metavar="FILE", help="An inventory (TOML) that the source must meet.")
]
Follow = Annotated[bool, typer.Option("--follow", help="Go on with what is written to the source meanwhile.")]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=0, max=32, help="Connections at once; 0: by itself.")]


@app.command(epilog=example("arraigo move plan json:conversations.json"))
def plan(
    source: Source,
    *,
    to: To = None,
    user: User = move.DEFAULT_USER,
    schema: Schemas = None,
    table: Tables = None,
    exclude: Excluded = None,
    accept: Accepted = None,
    expect: Expected = None,
    json: AsJson = False,
) -> None:
    """Say what is there, what cannot move and why, and how long it takes. Writes nothing.

    Exit code 1 where something cannot move, or is not as the inventory says.
    """
    if move.is_database(source):
        databases.plan(source, to, databases.options(schema, table, exclude, accept, expect), json=json)
        return
    check(parse(source))  # before a server is started for it
    _refuse(schema=schema, table=table, exclude=exclude, accept=accept, expect=expect)
    with database(to) as targets, progress() as tell:
        found = move.plan(source, targets.owner, user=user, progress=tell)
    if json:
        as_json(asdict(found))
    else:
        _show_plan(found)
    if found.cannot_move:
        raise typer.Exit(FAILED)


def _show_plan(found: move.Plan) -> None:
    table(
        ("unit", "shape", "records", "size", "cannot move", "there already"),
        [(u.name, u.shape, u.records, megabytes(u.bytes), u.rejected, u.there_already) for u in found.units],
    )
    for name, why in found.ignored.items():
        say(f"left out: {name}: {why}")
    for reject in found.rejects:
        key = f" {reject.key!r}" if reject.key is not None else ""
        say(f"cannot move: {reject.unit}, line {reject.line}, byte {reject.byte}{key}: {reject.reason}")
    for what, count in found.decisions.items():
        say(f"{what}: {count:,}", "dim")
    say(f"about {found.seconds:,.0f} s; nothing was written")


@app.command(epilog=example("arraigo move run json:conversations.json --user ana --report report.json"))
def run(
    source: Source,
    *,
    to: To = None,
    user: User = move.DEFAULT_USER,
    allow_rejects: Annotated[
        bool, typer.Option("--allow-rejects", help="Records that cannot move do not make the move wrong.")
    ] = False,
    schema: Schemas = None,
    table: Tables = None,
    exclude: Excluded = None,
    accept: Accepted = None,
    expect: Expected = None,
    jobs: Jobs = 0,
    follow: Follow = False,
    from_target: Annotated[
        str | None,
        typer.Option(
            "--from-target", metavar="URL", help="The source's address as the target's server reaches it, if another."
        ),
    ] = None,
    report: ReportFile = None,
    json: AsJson = False,
) -> None:
    """Copy every record or row, and compare every one on both sides.

    A difference is exit code 1. What was interrupted or killed goes on with the same command; what is there already is
    not moved twice, and what somebody else wrote is never overwritten.
    """
    if move.is_database(source):
        chosen = databases.options(schema, table, exclude, accept, expect, jobs=jobs, follow=follow)
        _tell(databases.run(source, to, chosen, from_target or ""), report, json=json)
        return
    check(parse(source))
    _refuse(schema=schema, table=table, exclude=exclude, accept=accept, expect=expect, jobs=jobs, follow=follow)
    with database(to) as targets, progress() as tell:
        try:
            found = move.run(source, targets.owner, user=user, allow_rejects=allow_rejects, progress=tell)
        except KeyboardInterrupt as interrupt:
            interrupt.add_note("what was moved so far is kept; run the same command again to go on")
            raise
    _tell(found, report, json=json)


@app.command(epilog=example("arraigo move verify 20260131-1a2b3c4d"))
def verify(
    run: RunId, *, to: To = None, source: Address = None, report: ReportFile = None, json: AsJson = False
) -> None:
    """Compare every record of a move again, as source and database are now. A difference is exit code 1."""
    with database(to) as targets, progress() as tell:
        found = move.verify(run, targets.owner, source=source, progress=tell)
    _tell(found, report, json=json)


@app.command(epilog=example("arraigo move cutover 20260131-1a2b3c4d"))
def cutover(
    run: RunId,
    *,
    to: To = None,
    source: Address = None,
    from_source: Annotated[
        str | None,
        typer.Option(
            "--from-source", metavar="URL", help="The target's address as the source's server reaches it, if another."
        ),
    ] = None,
    report: ReportFile = None,
    json: AsJson = False,
) -> None:
    """Let the target take over: writes stop at the source, both sides are compared, the way back is opened.

    If they differ, the source takes writes again and nothing has changed. How long writes were refused is printed.
    """
    with database(to) as targets, progress() as tell:
        found = move.cutover(run, targets.owner, source=source, seen=from_source or "", progress=tell)
    _tell(found, report, json=json)


@app.command(epilog=example("arraigo move finish 20260131-1a2b3c4d"))
def finish(run: RunId, *, to: To = None, source: Address = None, json: AsJson = False) -> None:
    """After a cut-over that nobody wants to undo, end the way back: no server keeps its log for the other any more.

    The source still refuses writes; what is on the target stays as it is.
    """
    with database(to) as targets:
        found = move.finish(run, targets.owner, source=source)
    _tell(found, None, json=json)


@app.command(epilog=example("arraigo move back 20260131-1a2b3c4d"))
def back(run: RunId, *, to: To = None, source: Address = None) -> None:
    """After a cut-over, apply to the source what is written on the target, until Ctrl-C.

    Only for a source that may not subscribe (Supabase before 17); every other one follows by itself.
    """
    with database(to) as targets, progress() as tell:
        move.back(run, targets.owner, threading.Event(), source=source, progress=tell)


@app.command(epilog=example("arraigo move rollback 20260131-1a2b3c4d --into ./old"))
def rollback(
    run: RunId,
    *,
    to: To = None,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="PATH", help="A file or folder.  [default: where the records came from]"),
    ] = None,
    source: Address = None,
    discard: Annotated[
        bool,
        typer.Option("--discard", help="Of a database without a way back: give up what was written on the target."),
    ] = False,
    report: ReportFile = None,
    json: AsJson = False,
) -> None:
    """Go back with everything added since: write the legacy files again, or let the source database take over.

    What is in PostgreSQL stays. A file that stands there is kept beside it, as NAME.before-rollback-TIME; what was
    written is read again and compared before it takes its place. A database gets what was written on the target
    since the cut-over, both sides are compared, and the target refuses writes from then on.
    """
    with database(to) as targets, progress() as tell:
        found = move.rollback(run, targets.owner, to=into or None, source=source, discard=discard, progress=tell)
    _tell(found, report, json=json)


@app.command(epilog=example("arraigo move status --json"))
def status(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="One move alone, and how far it is.")] = None,
    *,
    to: To = None,
    source: Address = None,
    json: AsJson = False,
) -> None:
    """List the moves of a database, the newest first.

    Of one that follows its source it says how far behind the target is; of one that was cut over, how to go back.
    """
    with database(to) as targets:
        found = move.status(targets.owner, run)
        if json:
            as_json([_facts(one) for one in found])
            return
        if not found:
            say("there are no moves yet; begin with: arraigo move plan SOURCE")
            return
        standing.runs(found)
        if run is not None:
            standing.show(found[0], targets.owner, source)


def _facts(run: move.Run) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "phase": run.phase,
        "source": {"kind": run.source.kind, "location": run.source.location},
        "user": run.owner_name,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "ok": run.report["ok"] if run.report else None,
    }


@app.command(epilog=example("arraigo move report 20260131-1a2b3c4d --html report.html"))
def report(
    run: RunId,
    *,
    to: To = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page for people.")] = None,
    json: AsJson = False,
) -> None:
    """Show the last report of a move. It says what was found then; move verify looks again."""
    with database(to) as targets:
        found = move.report(run, targets.owner)
    if html is not None:
        _write(html, move.report_html(found))
        say(f"written: {html}")
    elif json:
        as_json(found.to_json())
    else:
        show(found)


def _tell(found: move.Report, file: Path | None, *, json: bool) -> None:
    if file is not None:
        _write(file, json_.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n")
    if json:
        as_json(found.to_json())
    else:
        show(found)
    if not found.ok:
        raise typer.Exit(FAILED)


def _write(file: Path, text: str) -> None:
    with whole(file) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def _refuse(**given: object) -> None:
    """Options that a source of records cannot honour."""
    for name, value in given.items():
        if value:
            raise InvalidInput(
                f"--{name} is for moving whole databases, and a source of records has none to choose from",
                safe="nothing was moved",
                remedy="leave it out",
            )
