"""The driver's errors as ours."""

import psycopg
import pytest
from psycopg import errors

from arraigo.errors import ArraigoError, Conflict, InvalidInput, NotFound, Unavailable, Unreachable
from arraigo.postgres.translate import connection_was_lost, rolled_back, translate

CODES = sorted(errors._sqlcodes)


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        (errors.UniqueViolation, Conflict),
        (errors.ForeignKeyViolation, NotFound),
        (errors.CheckViolation, InvalidInput),
        (errors.UntranslatableCharacter, InvalidInput),
        (errors.InvalidTextRepresentation, InvalidInput),
        (errors.InsufficientPrivilege, Unavailable),
        (errors.DeadlockDetected, Unavailable),
        (errors.SerializationFailure, Unavailable),
        (errors.AdminShutdown, Unreachable),
        (errors.ReadOnlySqlTransaction, Unreachable),
        (errors.DiskFull, Unreachable),
        (errors.LockNotAvailable, Unavailable),
        (errors.SyntaxError, ArraigoError),
    ],
)
def test_by_its_code(kind: type[psycopg.Error], ours: type[ArraigoError]) -> None:
    found = translate(kind("secreto"))
    assert type(found) is ours
    assert "secreto" not in str(found)


def test_every_code_gives_one_sentence() -> None:
    assert len(CODES) > 200
    for code in CODES:
        said = str(translate(errors.lookup(code)("x")))
        assert said[0].islower()
        assert "\n" not in said
        assert not said.endswith(".")


def test_where_it_may_have_been_done_nobody_says_that_nothing_was() -> None:
    for error in (
        errors.AdminShutdown("x"),
        errors.CrashShutdown("x"),
        errors.ConnectionFailure("x"),
        errors.StatementCompletionUnknown("x"),
        psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly"),
        psycopg.OperationalError("sending query failed: Connection refused"),
    ):
        assert "nothing was changed" not in str(translate(error))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('connection failed: FATAL:  database "certificate" does not exist', "no database of that name"),
        ('connection failed: FATAL:  role "timeout" does not exist', "refused the sign-in"),
        ('connection failed: FATAL:  password authentication failed for user "ana"', "refused the password"),
        ("connection failed: fe_sendauth: no password supplied", "refused the password"),
        ('connection failed: FATAL:  no pg_hba.conf entry for host "h", no encryption', "refused the sign-in"),
        ("connection failed: FATAL:  sorry, too many clients already", "no free connections"),
        ("connection failed: FATAL:  the database system is starting up", "starting up"),
        ("connection failed: FATAL:  unsupported startup parameter: options", "DB_POOLER=transaction"),
        ("connection failed: FATAL:  la base de datos no existe", "here:1 refused the connection"),
        ("connection failed: server closed the connection unexpectedly", "here:1 refused the connection"),
        ("connection failed: SSL error: certificate verify failed", "certificate of here:1"),
        ("connection failed: server does not support SSL, but SSL was required", "does not offer TLS"),
        ("connection timeout expired", "did not answer in time"),
        ("failed to resolve host 'timeout.example.com': [Errno -2] Name or service not known", "no host is called"),
        ("connection is bad: Connection refused", "nothing listens at here:1"),
    ],
)
def test_a_connection_that_did_not_come_about_has_words_only(said: str, expected: str) -> None:
    found = translate(psycopg.OperationalError(said), where="here:1")
    assert isinstance(found, Unavailable)
    assert expected in str(found)
    assert found.remedy


def test_what_may_be_asked_again() -> None:
    assert connection_was_lost(psycopg.OperationalError("x"))
    assert connection_was_lost(errors.AdminShutdown("x"))
    assert not connection_was_lost(errors.UniqueViolation("x"))
    assert rolled_back(errors.DeadlockDetected("x"))
    assert not rolled_back(errors.AdminShutdown("x"))
    assert not rolled_back(psycopg.OperationalError("x"))
