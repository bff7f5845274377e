"""`arraigo export`: what is in the store, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from arraigo.cli import exporting, sessions
from arraigo.cli.output import as_json, counted, example, megabytes, say
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.errors import InvalidInput

app = typer.Typer(rich_markup_mode=None, help="Write what is in the store to a file.")


@app.callback()
def _options() -> None:
    """Write what is in the store to a file."""


To = Annotated[Path, typer.Option("--to", metavar="PATH", help="Where to; what stands there is replaced.")]
Everything = Annotated[bool, typer.Option("--all", help="Everything of everybody.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog=example("arraigo export json --user ana --to ana.json"))
def json(
    to: To,
    *,
    conversation: Annotated[
        str | None, typer.Option("--conversation", metavar="ID", help="One conversation, by id or external id.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Everything of one user.")] = None,
    everything: Everything = False,
    as_json_: AsJson = False,
) -> None:
    """Write conversations as JSON: {"conversations": [...]}, each as GET /conversations/{id} answers it, one a line.

    All their messages are in it, and the name of their owner. The file is there whole or not at all, for your eyes
    only (0600); it is read again and counted before the command says that it is done.
    """
    _chosen(conversation, user, everything=everything)
    with database() as targets, progress() as tell:
        done = exporting.export(targets.owner, to, conversation=conversation, user=user, tell=tell)
    if as_json_:
        as_json({"file": str(to), "bytes": done.size, "conversations": done.conversations, "messages": done.messages})
    else:
        what = f"{counted(done.conversations, 'conversation')} with {counted(done.messages, 'message')}"
        say(f"written: {what}, {megabytes(done.size)}, {to}")


@app.command(epilog=example("arraigo export localstorage --all --to interviews.json"))
def localstorage(
    to: To,
    *,
    conversation: Annotated[
        str | None, typer.Option("--conversation", metavar="ID", help="One interview, by id or session id.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", metavar="U", help="One user's, or one employee's by UUID.")
    ] = None,
    everything: Everything = False,
    as_json_: AsJson = False,
) -> None:
    """Write interviews as browsers kept them: {"sessions": [...]}, which POST /interviews/migrate takes one by one.

    move run localstorage:PATH reads the same file. It is there whole or not at all, for your eyes only (0600); it is
    read again and compared with the database before the command says that it is done.
    """
    _chosen(conversation, user, everything=everything)
    with database() as targets, progress() as tell:
        done = sessions.export(targets.owner, to, interview=conversation, user=user, tell=tell)
    if as_json_:
        as_json({"file": str(to), "bytes": done.size, "interviews": done.interviews, "messages": done.messages})
    else:
        what = f"{counted(done.interviews, 'interview')} with {counted(done.messages, 'message')}"
        say(f"written: {what}, {megabytes(done.size)}, {to}")


def _chosen(conversation: str | None, user: str | None, *, everything: bool) -> None:
    if everything == (conversation is not None or user is not None):
        raise InvalidInput(
            "--all goes alone" if everything else "it is not said which conversations to write",
            safe="nothing was written",
            remedy="give one of --conversation ID, --user U, --all",
        )
