"""`arraigo db`: the schema's versions, backups, and a way in by hand."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from arraigo.cli import backups
from arraigo.cli.output import as_json, example, megabytes, note, say, table
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.errors import Unavailable
from arraigo.postgres import programs, schema
from arraigo.postgres.relay import reaching
from arraigo.postgres.target import Targets

app = typer.Typer(rich_markup_mode=None, help="The database: its schema, backups, a way in by hand.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog=example("ARRAIGO_MIGRATION_URL=postgresql://owner@db.example.com/arraigo arraigo db upgrade"))
def upgrade(*, json: AsJson = False) -> None:
    """Make roles and schema, or bring them to this program's version. Running it again changes nothing."""
    with database(current=False) as targets:
        _tell(targets, schema.upgrade(targets.owner, tell=note), json=json)


@app.command(epilog=example("arraigo db downgrade 0002"))
def downgrade(
    revision: Annotated[str, typer.Argument(metavar="REV", help='The version to go back to; "base": to nothing.')],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Take the schema back to an older version. What its newer tables hold goes with them.

    On a terminal it asks first. The embedded server's schema is brought up to date again by the next command that
    uses it.
    """
    with database(current=False) as targets:
        if not yes and sys.stdin.isatty():
            what = f"Go back to {revision} on {targets.owner.where}, and lose what newer tables hold?"
            typer.confirm(what, abort=True, err=True)
        _tell(targets, schema.downgrade(targets.owner, revision), json=json)


@app.command(epilog=example("arraigo db status --json"))
def status(*, json: AsJson = False) -> None:
    """Say which version the schema has, and which this program wants. Changes nothing."""
    with database(current=False) as targets:
        _tell(targets, schema.status(targets.owner), json=json)


def _tell(targets: Targets, found: schema.Status, *, json: bool) -> None:
    where = {"server": targets.owner.where, "database": targets.owner.database}
    if json:
        as_json(where | asdict(found) | {"current": found.current})
        return
    say(f"{where['database']} at {where['server']}: schema version {found.found or 'none'}")
    if not found.current:
        say(f"this program wants {found.newest}; to do: {', '.join(found.pending)}")


@app.command(epilog=example("arraigo db backup arraigo-2026-01-31.dump"))
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; what stands there is replaced at the end.")],
    *,
    json: AsJson = False,
) -> None:
    """Write everything to a file that pg_restore reads too, and count what is in it.

    The file is there whole or not at all, and for your eyes only (0600). Rows are counted in the database and in the
    file, in one snapshot; a difference is exit code 1.
    """
    with database() as targets, progress() as tell:
        made = backups.backup(targets, file, tell)
    _tell_rows(made, "backed up", json=json)


@app.command(epilog=example("ARRAIGO_HOME=/srv/new arraigo db restore arraigo-2026-01-31.dump"))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What db backup wrote.")], *, json: AsJson = False
) -> None:
    """Fill an empty database from a backup, and count what is there.

    A database that holds anything is refused and stays as it is. It all happens in one transaction.
    """
    with database(current=False) as targets, progress() as tell:
        found = backups.restore(targets, file, tell)
    _tell_rows(found, "restored", json=json)


def _tell_rows(done: backups.Counted, what: str, *, json: bool) -> None:
    if json:
        as_json({"file": str(done.file), "bytes": done.size, "tables": done.rows})
        return
    table(("table", "rows"), [(name, count) for name, count in sorted(done.rows.items())])
    say(f"{what}: {sum(done.rows.values()):,} rows in {len(done.rows)} tables, {megabytes(done.size)}, {done.file}")


@app.command(
    epilog=example("arraigo db psql -- -c 'SELECT count(*) FROM arraigo.messages'"),
    context_settings={"ignore_unknown_options": True},
)
def psql(
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[-- ARGUMENT]...", help="For psql, as its manual has them.")
    ] = None,
) -> None:
    """Open psql on the database, as its owner."""
    with database(current=False) as targets, reaching(targets.owner) as owner:
        code = _wait(programs.start(owner, "psql", *(arguments or ()), stdin=None, stdout=None))
    if code == 2:  # noqa: PLR2004 - psql: the connection was lost (psql's manual, exit status)
        raise Unavailable("psql lost its connection to the database", remedy="run: arraigo doctor --database")
    raise typer.Exit(min(code, 1))


def _wait(started: subprocess.Popen[bytes]) -> int:
    """Wait for a program that has the terminal: Ctrl-C is for it, a signal to us ends it too."""
    try:
        while True:
            try:
                return started.wait()
            except KeyboardInterrupt:
                continue
    finally:
        if started.poll() is None:
            started.terminate()
            started.wait()
