"""Bringing the journal's file into the database: in its order, each entry once, while others go on writing to it."""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from arraigo.errors import Unavailable
from arraigo.postgres.arrays import text_array
from arraigo.postgres.jsonb import dumps
from arraigo.postgres.queries import load
from arraigo.postgres.sync.database import Database
from arraigo.store.journal.entries import Entry
from arraigo.store.journal.file import Head, JournalFile, Line

QUERIES = load("arraigo.store")
_log = logging.getLogger("arraigo.journal")
_MOST_BYTES = 1_000_000  # in one transaction
_MOST_PASSES = 4  # before writers have to wait for the rest
_LITTLE = 64_000  # bytes, for which they may wait

Settled = Callable[[Line, int | None, str | None], None]  # a line, its number, why it was refused


class Outcome(NamedTuple):
    """What arraigo.replay gives: whether it moved on, and for each entry its number and why it was refused."""

    moved: bool
    numbers: list[int | None]
    reasons: list[str | None]


def replay(file: JournalFile, database: Database, settled: Settled) -> bool:
    """Bring in everything; False: another process is at it.

    Writers go on meanwhile. Only what they have written by the end is brought in while they wait, and then the file is
    empty: from there on they go to the database, behind all that was in the journal.

    Raises:
        Unavailable: The database has gone again; what is left stays for the next time.
        BadSetting: The journal was written with another key.
    """
    with file.replaying() as mine:
        if not mine:
            return False
        head = file.head()
        if head is None:
            return True
        found: list[tuple[int]] = database.fetch(QUERIES.journal_position, {"journal": head.id}, tuple)
        position = found[0][0]
        for _ in range(_MOST_PASSES):
            until = file.settled()
            position = _bring(file, head, database, position, until, settled)
            if file.size - position < _LITTLE:
                break
        with file.locked():
            _bring(file, head, database, position, file.whole(), settled)
            file.empty()
        database.fetch(QUERIES.journal_end, {"journal": head.id}, tuple)
    return True


def _bring(file: JournalFile, head: Head, database: Database, position: int, until: int, settled: Settled) -> int:
    """Bring in what lies between two places; where that ended."""
    while lines := file.read(head, position, until, most=_MOST_BYTES):
        damaged = [line.raw for line in lines if line.entry is None]
        if damaged:
            _log.error(
                "%d lines of the journal are damaged; they are kept in %s", len(damaged), file.folder / "damaged"
            )
            file.set_aside(damaged)
        entries = [line.entry for line in lines if line.entry is not None]
        outcome = database.call(
            QUERIES.replay, _columns(head, position, lines[-1].end, entries), lambda row: Outcome(*row)
        )
        if not outcome.moved:
            raise Unavailable("the journal has moved on meanwhile", remedy="try again")
        position = lines[-1].end
        answers = iter(zip(outcome.numbers, outcome.reasons, strict=True))
        for line in lines:
            settled(line, *(next(answers) if line.entry else (None, "damaged")))
    return position


def _columns(head: Head, start: int, end: int, entries: list[Entry]) -> dict[str, Any]:
    return {
        "journal": head.id,
        "start": start,
        "end": end,
        "owners": text_array([str(entry.owner) for entry in entries]),
        "kinds": text_array([entry.kind for entry in entries]),
        "times": text_array([entry.at.isoformat() for entry in entries]),
        "entries": text_array([dumps(entry.values) for entry in entries]),
    }
