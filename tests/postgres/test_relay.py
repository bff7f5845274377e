"""The wheel's own programs, which know no TLS, on a server that takes nothing else."""

import subprocess

import pytest

from arraigo.postgres import programs
from arraigo.postgres.relay import reaching
from arraigo.postgres.target import Target, find
from arraigo.settings import load
from support.tls import MARKER, Guarded


def ask(target: Target, statement: str) -> subprocess.CompletedProcess[bytes]:
    """What the wheel's psql says, all at once."""
    with reaching(target) as plain:
        started = programs.start(
            plain, "psql", "-XAtc", statement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        with started:
            out, err = started.communicate(timeout=30)
    return subprocess.CompletedProcess([], started.returncode, out, err)


def target(guarded: Guarded, host: str, mode: str) -> Target:
    url = f"postgresql://ana:{MARKER}@{host}:{guarded.port}/postgres"
    return find(load({"DATABASE_URL": url, "DB_SSLMODE": mode, "PGSSLROOTCERT": str(guarded.authority)})).owner


@pytest.mark.parametrize(
    ("host", "mode"), [("localhost", "verify-full"), ("127.0.0.1", "verify-ca"), ("127.0.0.1", "require")]
)
def test_it_reaches_the_server_over_tls(guarded: Guarded, host: str, mode: str) -> None:
    said = ask(target(guarded, host, mode), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    assert (said.stdout, said.stderr) == (b"t\n", b"")
    large = ask(target(guarded, host, mode), "SELECT repeat('x', 3000000)")
    assert len(large.stdout) == 3_000_001


def test_a_server_that_is_not_the_one_named_is_refused(guarded: Guarded) -> None:
    said = ask(target(guarded, "127.0.0.1", "verify-full"), "SELECT 1")  # the certificate is localhost's
    assert said.returncode == 2
    assert said.stdout == b""
    assert MARKER.encode() not in said.stderr


def test_where_no_tls_is_asked_for_the_address_stays(owner_url: str) -> None:
    found = Target(owner_url)
    with reaching(found) as same:
        assert same is found
