"""A whole schema tried on the target: every statement, in a transaction that is rolled back.

Nothing says better what a server will refuse than the server: a missing role, an extension that it does not offer, a
definition that its version does not know, a right that its user lacks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg

from arraigo.move.relational.facts import Facts
from arraigo.move.relational.sessions import Connection
from arraigo.move.relational.statements import Entry

# For the transaction: functions may speak of what comes later or stays behind, as pg_dump has it.
_QUIET = b"SET LOCAL check_function_bodies = off; SET LOCAL client_min_messages = warning"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that the target does not take, with its reason and SQLSTATE."""

    entry: Entry
    reason: str
    state: str


def rehearse(connection: Connection, entries: Sequence[Entry]) -> list[Refusal]:
    """What the target would refuse. Nothing is left of the trial.

    Raises:
        psycopg.Error: The connection is lost, or the user may not even begin.
    """
    with connection.transaction(force_rollback=True):
        return perform(connection, entries)


def perform(connection: Connection, entries: Sequence[Entry]) -> list[Refusal]:
    """Do all of it within the transaction that is open; what is refused, is left out, and told.

    All at once first, since most schemas are taken as they are; one by one where something is refused.
    """
    connection.execute(_QUIET)
    try:
        with connection.transaction():
            connection.execute("\n".join(entry.text for entry in entries).encode())
            return []
    except psycopg.Error as error:
        if error.sqlstate is None or connection.broken:
            raise
    return [refusal for entry in entries if (refusal := _try(connection, entry))]


def with_owners(entries: Iterable[Entry], target: Facts) -> tuple[list[Entry], set[str]]:
    """Each entry with the statement that gives it to its owner, where the target's user may; the roles without."""
    found, without = [], set()
    for entry in entries:
        role = entry.role
        if entry.owner and target.may_act_as(role):
            found.append(entry.with_text(f"{entry.text}\n{entry.owner}") if role != target.user else entry)
            continue
        if entry.owner:
            without.add(role)
        found.append(entry)
    return found, without


def _try(connection: Connection, entry: Entry) -> Refusal | None:
    try:
        with connection.transaction():
            connection.execute(entry.text.encode())
    except psycopg.Error as error:
        if error.sqlstate is None or connection.broken:
            raise
        return Refusal(entry, _reason(error), error.sqlstate)
    return None


def _reason(error: psycopg.Error) -> str:
    """The server's own words on a definition; it quotes names, and there are no rows yet."""
    return (error.diag.message_primary or type(error).__name__).splitlines()[0]
