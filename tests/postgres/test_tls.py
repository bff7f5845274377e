"""TLS against a real server: verified or not connected at all."""

import psycopg
import pytest

from arraigo.errors import Unavailable
from arraigo.postgres import schema
from arraigo.postgres.target import find
from arraigo.settings import load
from support.tls import MARKER, Guarded


def connect(guarded: Guarded, host: str, **environment: str) -> bool:
    """Sign in as the environment says; whether it was over TLS."""
    url = f"postgresql://ana:{MARKER}@{host}:{guarded.port}/postgres"
    target = find(load({"DATABASE_URL": url, **environment})).application
    schema.status(target)
    with psycopg.connect(target.conninfo()) as connection:
        return bool(connection.pgconn.ssl_in_use)


def test_the_server_is_verified_or_refused(guarded: Guarded) -> None:
    trusted = {"PGSSLROOTCERT": str(guarded.authority)}
    full = {"DB_SSLMODE": "verify-full"}
    assert connect(guarded, "localhost", **full, **trusted)
    assert connect(guarded, "localhost", DB_SSLMODE="verify-ca", **trusted)
    assert connect(guarded, "localhost", AWS_RDS_SSL="true", **trusted)
    assert connect(guarded, "127.0.0.1", DB_SSLMODE="verify-ca", **trusted), "the name does not count here"
    assert connect(guarded, "127.0.0.1", DB_SSLMODE="require")
    for host, environment in (
        ("127.0.0.1", {**full, **trusted}),  # another name than the certificate's
        ("localhost", full),  # an authority that this system does not know
        ("localhost", {**full, "PGSSLROOTCERT": "/nonexistent.pem"}),
        ("localhost", {"DB_SSLMODE": "verify-ca", "PGSSLROOTCERT": "/nonexistent.pem"}),
    ):
        with pytest.raises(Unavailable, match=r"certificate of .* could not be verified; .*PGSSLROOTCERT") as caught:
            connect(guarded, host, **environment)
        assert MARKER not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"
    with pytest.raises(Unavailable, match="refused the sign-in"):
        connect(guarded, "localhost", DB_SSLMODE="disable")


def test_the_systems_authorities_are_those_that_the_driver_asks(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libpq's own "system" looks where the driver's wheel was built, which no system has."""
    monkeypatch.setenv("SSL_CERT_FILE", str(guarded.authority))
    assert connect(guarded, "localhost", DB_SSLMODE="verify-full")
