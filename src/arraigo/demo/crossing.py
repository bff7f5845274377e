"""The demo's move of a whole database: Cerca's, from a hosted project to a new home and back, written to all the time.

What somebody would do by hand, through the same doors: roles, a plan against an inventory, run with follow, cut-over,
rollback.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from arraigo import move
from arraigo.demo.companion import Application, build, extensions_of, make_roles
from arraigo.errors import Unavailable
from arraigo.move.relational import expectation
from arraigo.move.relational.expectation import Expectation
from arraigo.move.relational.sessions import connected
from arraigo.postgres.embedded import start
from arraigo.postgres.embedded.registry import turn
from arraigo.postgres.target import Target

DATABASE = "cerca"
MEMORY = "database.json"
"""Where it is kept what the move came to."""
ACCEPTED = (
    "foreign key public.user_accounts user_accounts_auth_user_id_fkey",
    "policy public.user_accounts la cuenta propia",
    "policy public.registrations la familia propia",
)
"""What asks the hosting platform who somebody is, and stays behind with it."""
_WRITES = 25  # at least, before and after each step: half a second's


@dataclass(frozen=True)
class Crossing:
    """What the move there and back came to.

    Attributes:
        report: The mover's last, with a check of our own: `application`.
        tables: How many.
        rows: In all of them, when they were copied.
        size: Their bytes, without indexes.
        differs: What stayed behind or is meant to differ, each with the reason.
        pause: How long writes were refused at the cut-over, in words.
        writes: How many the application made, all acknowledged.
        away: How many of them in the new home.
        refused: How often one was refused, and tried again.
        waited: The longest time, in seconds, that it could not write.
        lost: Acknowledged writes that are not there in the end.
        extra: What is there in the end and was never acknowledged, or is there twice.
    """

    report: move.Report
    tables: int
    rows: int
    size: int
    differs: dict[str, str]
    pause: str
    writes: int
    away: int
    refused: int
    waited: float
    lost: int
    extra: int


@contextmanager
def two_servers(folder: Path, tell: Callable[[str], None]) -> Iterator[tuple[Target, Target]]:
    """An empty database on each of two servers, in `hosted` and `home` of a folder; both are removed in the end.

    One at a time. What somebody who was killed left there goes first.

    Raises:
        Unavailable: A server cannot be started or removed.
    """
    folder.chmod(0o711)  # the servers' own user passes through
    with ExitStack() as stack:
        stack.enter_context(turn(folder / "lock", tell))
        with ThreadPoolExecutor(2) as pool:  # both at once
            hosted, home = (pool.submit(_empty, stack, folder / name, tell) for name in ("hosted", "home"))
        yield hosted.result(), home.result()


def inventory() -> Expectation:
    """What the example's people say is there."""
    with as_file(files("arraigo.demo.companion") / "expect.toml") as file:
        return expectation.read(file)


def make(source: Target, scale: int, progress: move.Tell) -> None:
    """Build the example in an empty database."""
    done = 0

    def tell(_table: str, count: int) -> None:
        nonlocal done
        done += count
        progress(move.Progress("make", source.database, 0, 0, done))

    with connected(source) as connection:
        build(connection, scale=scale, uuid_ossp=extensions_of(connection).uuid_ossp, progress=tell)


def there_and_back(source: Target, target: Target, expected: Expectation, progress: move.Tell) -> Crossing:
    """Move the example while it is written to, let the target take over, and go back.

    Args:
        source: Where the example is.
        target: An empty database, on a server whose roles are made here.
        expected: The inventory that the source must meet.
        progress: Is told how far it is.

    Raises:
        CheckFailed: Something cannot move, is not as expected, or differs.
        ArraigoError: A side cannot be used, or the application was refused for another reason than the cut-over.
    """
    with connected(target) as connection:
        make_roles(connection)
    options = move.Options(accepted=ACCEPTED, follow=True, expected=expected)
    plan = move.plan_database(source.url, target, options=options)
    with Application(source) as application:
        application.write(_WRITES)
        copied = move.run(source.url, target, options=options, progress=progress)
        application.write(_WRITES)
        run = copied.run_id
        cut = move.cutover(run, target, source=source.url, progress=progress)
        before = application.made
        application.move_to(target)
        application.write(_WRITES)
        back = move.rollback(run, target, source=source.url, progress=progress)
        away = application.made - before
        application.move_to(source)
        application.write(_WRITES)
    lost, extra = application.missing(source)
    return Crossing(
        report=_with_application(back, application, lost, extra),
        tables=len(plan.tables),
        rows=sum(unit.source_rows for unit in copied.units),
        size=plan.bytes,
        differs=_together(plan.left_out) | {told.what: told.why for told in plan.transformations},
        pause=next(str(check.found) for check in cut.checks if check.name == "pause"),
        writes=application.made,
        away=away,
        refused=application.refused,
        waited=application.waited,
        lost=lost,
        extra=extra,
    )


def remember(folder: Path, crossing: Crossing) -> Path:
    """Keep what it came to, so that it need not be done again; the report as a page for people.

    Raises:
        Unavailable: The folder cannot be written.
    """
    page = folder / "database.html"
    try:
        page.write_text(move.report_html(crossing.report), encoding="utf-8")
        draft = folder / f"{MEMORY}.new"
        draft.write_text(json.dumps(asdict(crossing), ensure_ascii=False), encoding="utf-8")
        draft.replace(folder / MEMORY)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {(error.strerror or 'no').lower()}") from error
    return page


def remembered(folder: Path) -> Crossing | None:
    """What an earlier one came to."""
    try:
        held: dict[str, Any] = json.loads((folder / MEMORY).read_text(encoding="utf-8"))
        return Crossing(**{**held, "report": move.Report.from_json(held["report"])})
    except (OSError, ValueError, KeyError, TypeError):  # none, or another version's
        return None


def _empty(stack: ExitStack, folder: Path, tell: Callable[[str], None]) -> Target:
    def named(line: str) -> None:
        tell(f"{folder.name}: {line}")

    if any(folder.glob("postgres/*/data")):
        start(folder, logical=True, tell=named).discard()
    server = start(folder, logical=True, tell=named)
    stack.callback(server.discard)
    whole = Target(server.url)
    with connected(whole) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}".encode())
    return Target(whole.as_database(DATABASE))


def _together(left: dict[str, str]) -> dict[str, str]:
    """What stays behind for the same reason, in one line."""
    return {", ".join(name for name in left if left[name] == why): why for why in dict.fromkeys(left.values())}


def _with_application(report: move.Report, application: Application, lost: int, extra: int) -> move.Report:
    """The report, with what became of the application's writes."""
    right = not lost and not extra
    detail = f"{application.refused:,} times refused, and tried again; {extra:,} there that should not be"
    check = move.Check("application", right, application.made, application.made - lost, detail)
    return replace(report, ok=report.ok and right, checks=(*report.checks, check))
