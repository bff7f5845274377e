"""A PostgreSQL that takes TLS alone, on a free port of this machine, with a certificate of an authority of its own."""

import datetime as dt
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from psycopg.pq import PGconn, Ping

from arraigo.postgres.embedded import Binaries, start

MARKER = "m4rk3r"  # the password, to be looked for where it must not be


@dataclass(frozen=True)
class Guarded:
    """Where it listens, and the file with its authority."""

    port: int
    authority: Path


def certificates(folder: Path) -> None:
    """ca.pem, server.pem for localhost, and its key."""
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("CA", "localhost"))
    builder = x509.CertificateBuilder().issuer_name(authority).not_valid_before(now - day).not_valid_after(now + day)
    root = builder.subject_name(authority).public_key(authority_key.public_key()).serial_number(1)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    leaf = builder.subject_name(subject).public_key(key.public_key()).serial_number(2)
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    (folder / "ca.pem").write_bytes(root.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "server.pem").write_bytes(leaf.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.key").write_bytes(private)


@contextmanager
def guarded_server(home: Path, binaries: Binaries, password: str, script: str = "") -> Iterator[Guarded]:
    """The server; `ana` may sign in with that password, over TLS, and owns what the script makes."""
    with start(home, binaries=binaries) as server:
        data = server.data_dir
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE ana LOGIN PASSWORD '{password}'".encode())
            if script:
                connection.execute(b"GRANT ALL ON SCHEMA public TO ana; SET ROLE ana")
                connection.execute(script.encode())
    certificates(data)
    owner = data.stat()
    for name in ("ca.pem", "server.pem", "server.key"):
        os.chown(data / name, owner.st_uid, owner.st_gid)
        (data / name).chmod(0o600)
    authority = home / "authority.pem"
    authority.write_bytes((data / "ca.pem").read_bytes())
    (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "logging_collector": "off",
        "ssl": "on",
        "ssl_cert_file": "server.pem",
        "ssl_key_file": "server.key",
    }
    user, group = (owner.st_uid, owner.st_gid) if os.geteuid() == 0 else (None, None)
    process = subprocess.Popen(
        [
            str(binaries.bin_dir / "postgres"),
            "-D",
            str(data),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=data,
        user=user,
        group=group,
    )
    try:
        until = time.monotonic() + 20
        while True:
            assert process.poll() is None, "the server did not start"
            assert time.monotonic() < until, "the server does not answer"
            if PGconn.ping(f"host=127.0.0.1 port={port} sslmode=require".encode()) == Ping.OK:
                break
            time.sleep(0.02)
        yield Guarded(port, authority)
    finally:
        process.terminate()
        process.wait(20)
