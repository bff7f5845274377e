"""`arraigo journal`: what was written while the database was away, and what it refused afterwards."""

from pathlib import Path
from typing import Annotated

import typer

from arraigo.cli import quarantine
from arraigo.cli.endings import FAILED
from arraigo.cli.output import as_json, counted, example, say, table
from arraigo.cli.places import database

app = typer.Typer(
    rich_markup_mode=None, help="What the database refused of the journal: show it, write it to a file, try it again."
)


@app.callback()
def _options() -> None:
    """What the database refused of the journal: show it, write it to a file, try it again."""


@app.command("list", epilog=example("arraigo journal list --to refused.jsonl"))
def list_(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write all of it there, what was said included (0600).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what is in quarantine: what kind, whose, when and why; never what was said."""
    with database() as targets:
        found = quarantine.entries(targets.owner)
        if to is not None:
            quarantine.write(targets.owner, to)
    if json:
        as_json({"entries": [entry._asdict() for entry in found]})
        return
    table(
        ("id", "kind", "user", "written at", "reason"),
        [(str(e.id), e.kind, e.user, e.written_at.isoformat(timespec="seconds"), e.reason) for e in found],
    )
    say(f"{counted(len(found), 'change')} in quarantine" if to is None else f"written: {len(found)} to {to}")


@app.command(epilog=example("arraigo journal retry"))
def retry(*, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Try again what is in quarantine, in its order; what is refused again stays. Exit code 1 while something does."""
    with database() as targets:
        done, left = quarantine.retry(targets.owner)
    if json:
        as_json({"came_in": done, "left": left})
    else:
        say(f"{counted(done, 'change')} came in, {left} still in quarantine")
    if left:
        raise typer.Exit(FAILED)
