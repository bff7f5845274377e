"""The commands that move a whole PostgreSQL."""

from collections.abc import Sequence
from pathlib import Path

import typer

from arraigo import move
from arraigo.cli.endings import FAILED
from arraigo.cli.gathering import gathered
from arraigo.cli.output import as_json, megabytes, paragraph, say, table
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.cli.reports import transformations
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


def run(source: str, to: str | None, chosen: move.Options, seen: str) -> move.Report:
    """Move it, and prove it."""
    with database(to, current=False) as targets, progress() as tell:
        try:
            return move.run(source, targets.owner, options=chosen, seen=seen, progress=tell)
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
    _left_out(found.left_out)
    if found.cycles:
        paragraph(f"refer to each other in a circle: {', '.join(found.cycles)}")
    transformations(found.transformations)
    for check in found.expected:
        sign = "as expected" if check.ok else "NOT as expected"
        detail = f" ({check.detail})" if check.detail else ""
        style = "" if check.ok else "bold red"
        name = check.name.removeprefix("expected ")
        paragraph(f"{sign}: {name}: {check.expected}, there: {check.found}{detail}", style)
    names = [one.name for one in found.tables]
    _hindrances("cannot move", found.cannot_move, names, "bold red")
    _hindrances("cannot follow", found.cannot_follow, names, "yellow")
    back = [one for one in found.cannot_go_back if one not in found.cannot_follow]
    _hindrances("cannot go back", [one for one in back if one.what], names, "yellow")
    for one in back:
        if not one.what:
            paragraph(f"what is left: {one}", "yellow")
    where = f"{found.source['location']}/{found.source['database']} (PostgreSQL {found.source['version']})"
    say(f"{len(found.tables)} tables, {megabytes(found.bytes)} of {where}; about {found.seconds:,.0f} s")
    say("nothing was written")


def _left_out(names: dict[str, str]) -> None:
    """What stays behind, by the reason."""
    reasons: dict[str, list[str]] = {}
    for name, why in names.items():
        reasons.setdefault(why, []).append(name)
    for why, group in reasons.items():
        paragraph(f"left out: {', '.join(group)}: {why}")


def _hindrances(lead: str, found: Sequence[move.Hindrance], tables: Sequence[str], style: str) -> None:
    for group in gathered(found, tables):
        one = group.first
        said = ": ".join(filter(None, (lead, one.what, one.why)))
        paragraph(said, style, one.remedy, group.likewise)
