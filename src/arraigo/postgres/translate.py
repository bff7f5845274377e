"""The one place where the driver's errors become ours: by SQLSTATE, most specific first, never by the prose.

PostgreSQL 18 manual, appendix A. The server's message is left out wherever it may quote somebody's words. Only for a
connection that did not come about does libpq give no SQLSTATE, so that there the words must do, with a fallback for
servers that speak another language.
"""

import re

import psycopg

from arraigo.errors import ArraigoError, Conflict, InvalidInput, NotFound, Unavailable, Unreachable

_NOTHING_CHANGED = "nothing was changed"
_BY_STATE: dict[str, tuple[type[ArraigoError], str, str]] = {
    "08P01": (Unavailable, "the server speaks another protocol than PostgreSQL's", "check the address and the port"),
    "22P05": (InvalidInput, "a text has a character that the database cannot keep", "remove NUL characters"),
    "22021": (InvalidInput, "a text has a character that the database cannot keep", "remove NUL characters"),
    "23503": (NotFound, "something that this refers to is not there", "check the ids"),
    "23505": (Conflict, "it is there already", "use another name or id"),
    "23514": (InvalidInput, "a value is outside what its column allows", "check the lengths and the lists of values"),
    "25006": (Unreachable, "the database only allows reading now", "wait for its failover or cut-over to end"),
    "26000": (Unavailable, "a pooler gave this transaction another connection", "set DB_POOLER=transaction"),
    "42P05": (Unavailable, "a pooler gave this transaction another connection", "set DB_POOLER=transaction"),
    "28000": (Unavailable, "the database refused the sign-in", "check the user name and its rights"),
    "28P01": (Unavailable, "the database refused the password", "check the user name and the password"),
    "3D000": (Unavailable, "the server has no database of that name", "create it, or correct the address"),
    "3F000": (Unavailable, "the database has no Arraigo schema", "run: arraigo db upgrade"),
    "42P01": (Unavailable, "the database lacks a table that this version needs", "run: arraigo db upgrade"),
    "42703": (Unavailable, "the database lacks a column that this version needs", "run: arraigo db upgrade"),
    "42883": (Unavailable, "the database lacks a function that this version needs", "run: arraigo db upgrade"),
    "42501": (Unavailable, "the database user has no right to do this", "run: arraigo doctor --database"),
    "53100": (Unreachable, "the database's disk is full", "free some space on the server"),
    "53300": (Unreachable, "the server has no free connections", "lower DB_POOL_SIZE or raise max_connections"),
    "55P03": (Unavailable, "somebody else holds a lock on it", "try again"),
    "57014": (Unavailable, "the database stopped the statement because it took too long", "try again"),
    "57P03": (Unreachable, "the server is starting up or shutting down", "try again in a few seconds"),
}
_BY_CLASS: dict[str, tuple[type[ArraigoError], str, str]] = {
    "08": (Unreachable, "the connection to the database was lost", "try again"),
    "22": (InvalidInput, "a value has the wrong form for its column", "check the values"),
    "40": (Unavailable, "two transactions stood in each other's way", "try again"),
    "53": (Unavailable, "the server is out of resources", "look at its memory, disk and connections"),
    "57": (Unreachable, "the server ended the connection", "try again in a few seconds"),
    "58": (Unreachable, "the server could not read or write its files", "look at its log and its disk"),
}
# What PostgreSQL and PgBouncer say when they refuse a connection, as the SQLSTATE that they do not give.
_STATE_BY_WORDS = (
    (r"database \S* ?does not exist|no such database", "3D000"),
    (r"password authentication failed|no password supplied|SASL authentication failed", "28P01"),
    (r"role \S* ?does not exist|no such user|pg_hba\.conf|not permitted to log in|authentication failed", "28000"),
    (r"too many (clients|connections)|remaining connection slots|no more connections", "53300"),
    (r"the database system is|not yet accepting connections", "57P03"),
    (r"permission denied for database", "42501"),
)
# libpq's and the driver's own words.
_BY_WORDS = (
    ("resolve host|translate host name", "no host is called {where}", "correct the address"),
    ("Connection refused|No such file", "nothing listens at {where}", "start the server, or correct the address"),
    ("startup parameter", "{where} is a pooler that takes no start-up options", "set DB_POOLER=transaction"),
    ("certificate", "the certificate of {where} could not be verified", "set PGSSLROOTCERT to the authority's file"),
    ("does not support SSL", "{where} does not offer TLS", "switch it on, or set DB_SSLMODE for a private network"),
    ("timeout", "{where} did not answer in time", "check the address, the port and the firewall"),
    ("", "{where} refused the connection", "the server's log says why"),
)
_NOT_CONNECTED = ("connection failed", "connection is bad", "connection timeout", "failed to resolve host")
# Whether it was done before the connection ended, nobody knows; 40003 says so of a commit.
_UNSURE = {"57P01", "57P02", "40003"}
_QUOTED = re.compile(r'"[^"]*"')  # names, which may hold any of these words


def translate(error: psycopg.Error, *, where: str = "the database") -> ArraigoError:
    """Our error for a driver's error; `where` is host and port, never the whole address."""
    state = error.sqlstate
    if state is None:
        text = _QUOTED.sub("", str(error))
        if not text.startswith(_NOT_CONNECTED):
            return _without_state(error, where)
        state = next((state for words, state in _STATE_BY_WORDS if re.search(words, text)), None)
        if state is None:
            what, remedy = next((what, remedy) for words, what, remedy in _BY_WORDS if re.search(words, text))
            return Unreachable(what.format(where=where), safe=_NOTHING_CHANGED, remedy=remedy)
    found = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    if found is None:
        return ArraigoError(f"the database refused the statement (SQLSTATE {state})", safe=_NOTHING_CHANGED)
    kind, what, remedy = found
    return kind(what, safe="" if state in _UNSURE or state[:2] == "08" else _NOTHING_CHANGED, remedy=remedy)


def _without_state(error: psycopg.Error, where: str) -> ArraigoError:
    if isinstance(error, psycopg.OperationalError):
        return Unreachable(f"the connection to {where} was lost", remedy="try again")
    if isinstance(error, psycopg.DataError):
        return InvalidInput("a text has a character that the database cannot keep", remedy="remove NUL characters")
    return ArraigoError(f"the driver failed with {type(error).__name__}")


def not_connected(error: ArraigoError) -> ArraigoError:
    """The same error, of a connection that did not come about: whatever the reason, the database cannot be reached."""
    if isinstance(error, Unavailable) and not isinstance(error, Unreachable):
        return Unreachable(error.what, safe=error.safe, remedy=error.remedy)
    return error


def connection_was_lost(error: psycopg.Error) -> bool:
    """Whether the server may or may not have done what was asked: safe to ask again only for what is idempotent."""
    return error.sqlstate is None or error.sqlstate[:2] in {"08", "57"}


def rolled_back(error: psycopg.Error) -> bool:
    """Whether nothing is left of the transaction, and the same statements may well succeed now.

    A deadlock or a serialisation failure; a prepared statement whose result a new schema version changed.
    """
    return error.sqlstate is not None and (error.sqlstate[:2] == "40" or error.sqlstate in {"0A000", "26000"})
