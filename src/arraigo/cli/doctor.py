"""`arraigo doctor`: what is there, and whether it is as it should be."""

from dataclasses import asdict
from typing import Annotated

import typer

from arraigo.cli.diagnosis import Check, Facts, examine
from arraigo.cli.endings import FAILED, UNAVAILABLE
from arraigo.cli.output import Cell, as_json, say, table


def doctor(
    *,
    database: Annotated[
        bool, typer.Option("--database", help="Look at the server's settings, roles and extensions too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is there, and whether it is as it should be.

    Versions, home, disk, the place of documents, database, schema, row-level security. Changes nothing: what it writes
    to the place of documents, to try it, it deletes again. Exit code 1 where something is not as it should be, 3
    where the database cannot be used.
    """
    found = examine(database=database)
    if json:
        as_json({"ok": found.ok, **asdict(found)})
    else:
        _show(found)
    if not found.ok:
        raise typer.Exit(FAILED if found.reachable else UNAVAILABLE)


def _show(found: Facts) -> None:
    table(("what", "right", "found"), [(check.name, _mark(check), check.found) for check in found.checks])
    if found.settings:
        table(("setting", "value"), list(found.settings.items()))
    if found.roles:
        table(
            ("role", "may sign in", "superuser", "passes row-level security"),
            [(r.name, _word(r.login), _word(r.superuser), _word(r.bypass)) for r in found.roles],
        )
    if found.extensions:
        table(("extension", "there is", "installed"), [(e.name, e.available, e.installed) for e in found.extensions])
    for check in found.checks:
        if check.remedy and not check.ok:
            say(f"{check.name}: {check.remedy}")


def _mark(check: Check) -> Cell:
    return "" if check.ok is None else check.ok


def _word(value: bool) -> str:  # noqa: FBT001 - a value to show, not a switch
    return "yes" if value else "no"
