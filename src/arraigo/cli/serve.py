"""`arraigo serve`: the API."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from arraigo import move
from arraigo.cli.output import note, say
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.cli.reports import show
from arraigo.errors import CheckFailed
from arraigo.move.sources.spec import parse
from arraigo.postgres.target import Targets
from arraigo.settings import load


def serve(
    host: Annotated[str, typer.Option("--host", metavar="H", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", min=0, max=65535, help="0: any free one.")] = 8080,
    adopt: Annotated[
        Path | None,
        typer.Option("--adopt", metavar="PATH", help="A legacy JSON file or folder to move in at the first start."),
    ] = None,
    user: Annotated[
        str, typer.Option("--user", metavar="U", help="Who gets the conversations that --adopt brings.")
    ] = move.DEFAULT_USER,
) -> None:
    """Serve the API until Ctrl-C or SIGTERM.

    What is being answered then is finished first. --adopt moves a file in before the first request is taken, proves
    it, and keeps the file; at later starts it is
    left alone. Where the proof fails, nothing is served (exit code 1).
    """
    from arraigo import server  # noqa: PLC0415 - the web takes half a second, and only serving wants it

    settings = load()
    with ExitStack() as held:  # of the embedded server, which would stop in between
        if adopt is not None:
            _adopt(held.enter_context(database()), adopt, user)
        server.run(settings, host=host, port=port, ready=announce)


def announce(address: str) -> None:
    """Say where the server is, at once: whoever waits for it may read a pipe."""
    say(f"Arraigo is at {address}; Ctrl-C ends it")
    sys.stdout.flush()


def _adopt(targets: Targets, path: Path, user: str) -> None:
    """Move it in, once."""
    source = f"json:{path}"
    for run in move.status(targets.owner):
        if run.source == parse(source) and run.owner_name == user and run.phase == "verified":
            note(f"{path} was adopted before, by move {run.run_id}")
            return
    with progress() as tell:
        report = move.run(source, targets.owner, user=user, progress=tell)
    show(report)
    if not report.ok:
        wrong = ", ".join(check.name for check in report.checks if not check.ok)
        raise CheckFailed(
            f"{path} was not adopted whole: {wrong} not right",
            safe="the file is as it was, and nothing is served",
            remedy=f"correct it, or settle it with: arraigo move run {source} --user {user} --allow-rejects",
        )
