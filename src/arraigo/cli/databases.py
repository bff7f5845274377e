"""The commands that move a whole PostgreSQL."""

from pathlib import Path

import typer

from arraigo import move
from arraigo.cli.endings import FAILED
from arraigo.cli.output import as_json, megabytes, say, table
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.move.relational import expectation


def options(
    schemas: list[str] | None,
    tables: list[str] | None,
    excluded: list[str] | None,
    accepted: list[str] | None,
    expected: Path | None,
    *,
    jobs: int = 0,
    follow: bool = False,
) -> move.Options:
    """What the command line asks for."""
    return move.Options(
        schemas=tuple(schemas or ()),
        tables=tuple(tables or ()),
        excluded=tuple(excluded or ()),
        accepted=tuple(accepted or ()),
        jobs=jobs,
        follow=follow,
        expected=expectation.read(expected) if expected else None,
    )


def plan(source: str, to: str | None, chosen: move.Options, *, json: bool) -> None:
    """Show what a move would do."""
    with database(to, current=False) as targets:
        found = move.plan_database(source, targets.owner, options=chosen)
    if json:
        as_json(found.to_json())
    else:
        _show(found)
    if found.cannot_move or not all(check.ok for check in found.expected):
        raise typer.Exit(FAILED)


def run(source: str, to: str | None, chosen: move.Options) -> move.Report:
    """Move it, and prove it."""
    with database(to, current=False) as targets, progress() as tell:
        try:
            return move.run(source, targets.owner, options=chosen, progress=tell)
        except KeyboardInterrupt as interrupt:
            interrupt.add_note("what was moved so far is kept; run the same command again to go on")
            raise


def _show(found: move.DatabasePlan) -> None:
    table(
        ("level", "table", "rows, about", "size", "as", "notes"),
        [
            (one.level, one.name, max(0, one.rows), megabytes(one.bytes), one.format, ", ".join(one.notes))
            for one in found.tables
        ],
    )
    for name, why in found.left_out.items():
        say(f"left out: {name}: {why}")
    if found.cycles:
        say(f"refer to each other in a circle: {', '.join(found.cycles)}")
    for told in found.transformations:
        say(f"{told.what}: {told.count:,} ({told.why})", "dim")
    for check in found.expected:
        sign = "as expected" if check.ok else "NOT as expected"
        detail = f" ({check.detail})" if check.detail else ""
        style = "" if check.ok else "bold red"
        say(f"{sign}: {check.name.removeprefix('expected ')}: {check.expected}, there: {check.found}{detail}", style)
    for one in found.cannot_move:
        say(f"cannot move: {one}", "bold red")
    for one in found.cannot_follow:
        say(f"cannot follow: {one}", "yellow")
    for one in found.cannot_go_back:
        if one not in found.cannot_follow:
            say(f"cannot go back: {one}" if one.what else f"what is left: {one}", "yellow")
    where = f"{found.source['location']}/{found.source['database']} (PostgreSQL {found.source['version']})"
    say(f"{len(found.tables)} tables, {megabytes(found.bytes)} of {where}; about {found.seconds:,.0f} s")
    say("nothing was written")
