"""`arraigo demo`: the real thing, on made-up data."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import Annotated

import typer

from arraigo.cli import reports
from arraigo.cli.crossing import cross
from arraigo.cli.endings import FAILED
from arraigo.cli.output import megabytes, note, raw, say
from arraigo.cli.places import database
from arraigo.cli.progress import progress
from arraigo.cli.writing import whole
from arraigo.demo import USER, Back, Moved, Returned, make_files, move_file, out_and_back, rehearse_rollback
from arraigo.errors import InvalidInput, Unavailable
from arraigo.move import Report
from arraigo.postgres.target import Targets
from arraigo.settings import Settings, load
from arraigo.web.tokens import issue

HOST, FIRST_PORT, PORTS = "127.0.0.1", 8080, 20


def demo(
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the report.")] = False,
    scale: Annotated[int, typer.Option("--scale", metavar="N", min=1, max=1000, help="So many times the records.")] = 1,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the moves' reports there, as JSON.")
    ] = None,
) -> None:
    """Move made-up data into a real PostgreSQL, prove it, serve it.

    It shows the way back, too. The legacy files are made in ARRAIGO_HOME/demo, the same ones each time. A whole
    database moves between two servers of its own while it is written to, and back; and tables of DynamoDB, for which
    moto stands, are moved and written back. Running it again moves nothing twice.
    """
    settings = load()
    with database() as targets:
        paths = make_files(settings.home, scale)
        say(f"{len(paths)} legacy files, {megabytes(sum(path.stat().st_size for path in paths))}: {paths[0].parent}")
        moved, back = _move(targets, paths)
        right = _tell(moved, back)
        tables = _from_dynamodb(targets, scale)
        crossing = cross(paths[0].parent, scale)
        if report is not None:
            _write(report, [*(one.report for one in moved), *(one.report for one in tables), crossing.report])
        if not no_serve:
            _serve(settings, moved[0].report.run_id)
    if not (right and all(one.ok for one in tables) and crossing.report.ok):
        raise typer.Exit(FAILED)


def _move(targets: Targets, paths: tuple[Path, ...]) -> tuple[list[Moved], list[Back]]:
    with progress() as tell:
        try:
            moved = [move_file(path, targets.owner, tell) for path in paths]
            return moved, [rehearse_rollback(one, targets.owner, tell) for one in moved if one.new]
        except KeyboardInterrupt as interrupt:
            interrupt.add_note("what was moved so far is kept; run the same command again to go on")
            raise


def _tell(moved: list[Moved], back: list[Back]) -> bool:
    """Show both sides; whether everything is right."""
    reports.units(*(one.report for one in moved))
    for one in moved:
        say(f"{one.path.name}: {one.new:,} new, {one.unchanged:,} unchanged (move {one.report.run_id})")
        if not one.report.ok:
            reports.show(one.report)
    for way in back:
        say(_words(way))
    right = all(report.ok for report in (*(one.report for one in moved), *(way.report for way in back)))
    if right:
        say("Every record is the same on both sides.", "bold green")
    else:
        say(
            "Something differs: it was changed or deleted on one side since it was moved; see above.",
            "bold red",
        )
    return right


def _from_dynamodb(targets: Targets, scale: int) -> list[Returned]:
    """Move tables out of DynamoDB and write them back; nothing, where there is no moto to stand for it."""
    try:
        with progress() as tell:
            found = out_and_back(targets.owner, scale, tell)
    except InvalidInput as error:
        note(f"{error}")
        return []
    items = ", ".join(f"{count:,} of {name}" for name, count in found.items.items())
    say(f"\nOut of DynamoDB (moto's): {items}", "bold")
    reports.units(found.report)
    say(f"in PostgreSQL: {found.plans:,} test plans with {found.cases:,} cases (move {found.report.run_id})")
    for one in (found.report, found.back):
        if not one.ok:
            reports.show(one)
    if found.ok:
        say("the way back: the emptied tables were written out of PostgreSQL, item for item as they were")
    else:
        say("Something differs between the tables and what was moved; see above.", "bold red")
    return [found]


def _words(back: Back) -> str:
    if back.same:
        return f"the way back: {back.path} was written out of PostgreSQL, byte for byte the file that was moved"
    told = ", ".join(f"{one.count:,} {one.what}" for one in back.report.transformations)
    return f"the way back: {back.path} was written out of PostgreSQL, with what changed since: {told}"


def _write(file: Path, moves: list[Report]) -> None:
    text = json.dumps({"moves": [one.to_json() for one in moves]}, ensure_ascii=False, indent=2)
    with whole(file) as stream:
        stream.write(text.encode("utf-8", "backslashreplace") + b"\n")
    note(f"written: {file}")


def _serve(settings: Settings, run: str) -> None:
    from arraigo import server  # noqa: PLC0415 - the web takes half a second, and only serving wants it

    port = _free_port(server.listen)
    if port != FIRST_PORT:
        note(f"port {FIRST_PORT} is taken, so it is {port}")
    server.run(settings, host=HOST, port=port, ready=lambda address: _what_next(settings, run, address))


def _free_port(listen: Callable[[str, int], socket]) -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        try:
            listen(HOST, port).close()
        except Unavailable:
            continue
        return port
    raise Unavailable(
        f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free", remedy="run: arraigo serve --port P"
    )


def _what_next(settings: Settings, run: str, address: str) -> None:
    program = _program()
    say(f"\nArraigo is at {address}; Ctrl-C ends it. What to try:", "bold")
    say(f"  the API, described           {address}/docs")
    try:
        token = issue(settings, USER)
    except InvalidInput as error:  # JWKS alone
        say(f"  a token                      {error}")
    else:
        say("  the newest conversations:")
        raw(f"curl -H 'Authorization: Bearer {token}' '{address}/conversations?limit=3'")
        say("  a token of your own:")
        raw(f"{program} token --user {USER}")
    say("  the moves, and one proved again:")
    raw(f"{program} move status")
    raw(f"{program} move verify {run}")
    sys.stdout.flush()


def _program() -> str:
    """How this program is called from where we are."""
    if shutil.which("arraigo"):
        return "arraigo"
    called = Path(sys.argv[0])
    if called.name == "arraigo":
        return shlex.quote(os.path.relpath(called))
    return f"{shlex.quote(sys.executable)} -m arraigo"
