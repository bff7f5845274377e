"""The program: every command under its name, and how each ends."""

import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import arraigo
from arraigo.cli import db, doctor, export, journal, move
from arraigo.cli.demo import demo
from arraigo.cli.endings import BAD_INPUT, ended_by
from arraigo.cli.output import err, example, raw, tolerate_encodings
from arraigo.cli.serve import serve
from arraigo.cli.token import token
from arraigo.cli.worker import worker

DEBUG = "--debug"

app = typer.Typer(
    name="arraigo",
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    help="One durable home in PostgreSQL for what AI assistants remember, and the proved move into it.",
    epilog=example("arraigo demo"),
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature
    if wanted:
        raw(f"arraigo {arraigo.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    _debug: Annotated[bool, typer.Option(DEBUG, help="Show where in the program an error came from.")] = False,
) -> None:
    """Without DATABASE_URL, everything works on the embedded PostgreSQL in ARRAIGO_HOME."""
    if context.invoked_subcommand is None:
        err(context.get_help())
        raise typer.Exit(BAD_INPUT)


app.command(epilog=example("arraigo demo --no-serve --report report.json"))(demo)
app.command(epilog=example("arraigo serve --port 8080 --adopt data/conversations.json"))(serve)
app.command(epilog=example("arraigo worker"))(worker)
app.command(epilog=example("arraigo token --user ana --hours 2"))(token)
app.command(epilog=example("arraigo doctor --database"))(doctor.doctor)
app.add_typer(db.app, name="db", epilog=example("arraigo db status"))
app.add_typer(move.app, name="move", epilog=example("arraigo move plan json:conversations.json"))
app.add_typer(journal.app, name="journal", epilog=example("arraigo journal list"))
app.add_typer(export.app, name="export", epilog=example("arraigo export json --all --to everything.json"))


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Errors become a sentence on standard error."""
    rest, debug = _without_debug(arguments)
    # What the driver says to itself while a move is stopped is for no terminal; errors come as exceptions.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    try:
        tolerate_encodings()
        try:
            command = typer.main.get_command(app)
            with command.make_context("arraigo", rest) as context:
                command.invoke(context)
        finally:
            sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - every way to end passes here
        return ended_by(error, debug=debug)
    return 0


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """`--debug` may stand anywhere: one adds it to a command that has just failed."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [argument for argument in arguments[:end] if argument != DEBUG]
    return [*kept, *arguments[end:]], len(kept) < end
