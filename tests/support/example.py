"""The companion database, built once on a server and test run."""

from fcntl import LOCK_EX, flock

import psycopg

from arraigo.demo.companion import build, extensions_of
from arraigo.postgres.embedded import EmbeddedServer
from support import servers
from support.databases import address

EXAMPLE = "companion_example"
"""To make copies of: nobody is connected to it, or there would be none."""
_READ = "companion_example_to_read"


def example_on(server: EmbeddedServer) -> str:
    """The address of the example on that server, for reading."""
    read = address(server, "postgres", _READ)
    name = "-".join(server.data_dir.parts[-4:-1])  # its home, and its version
    with (servers.run_home() / f"companion-{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        with psycopg.connect(server.url, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_READ]).fetchone():
                return read
            connection.execute(f"CREATE DATABASE {EXAMPLE}".encode())
            with psycopg.connect(address(server, "postgres", EXAMPLE), autocommit=True) as there:
                build(there, uuid_ossp=extensions_of(there).uuid_ossp)
            connection.execute(f"CREATE DATABASE {_READ} TEMPLATE {EXAMPLE} STRATEGY file_copy".encode())
    return read
