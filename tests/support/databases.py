"""The databases of one test run: a template per server, and copies of it."""

import itertools
import os
from fcntl import LOCK_EX, flock
from urllib.parse import urlsplit

import psycopg
import pytest

from arraigo.postgres import schema
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.target import Target
from support import servers

TEMPLATE = "arraigo_template"
_numbers = itertools.count()


class Servers:
    """The servers that this worker holds, each with its template database."""

    def __init__(self) -> None:
        self._held: dict[int, EmbeddedServer] = {}

    def get(self, version: int) -> EmbeddedServer:
        """The server of that version; its first user in this run makes the template."""
        if version not in self._held:
            if version != 18 and servers.installed(version) is None:
                pytest.skip(f"PostgreSQL {version} is not installed (make system)")
            with (servers.run_home() / f"template-{version}.lock").open("w") as lock:
                flock(lock, LOCK_EX)
                self._held[version] = servers.start_server(version)
                target = Target(address(self._held[version], "postgres", TEMPLATE))
                if schema.create_database(target):
                    schema.upgrade(target)
        return self._held[version]

    def close(self) -> None:
        """Let go of them."""
        for server in self._held.values():
            server.close()


def address(server: EmbeddedServer, user: str, database: str, query: str | None = None) -> str:
    return f"postgresql://{user}@/{database}?{query or urlsplit(server.url).query}"


def make_database(server: EmbeddedServer, template: str = TEMPLATE) -> str:
    """A fresh database out of the template; its name."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'.encode())
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO arraigo_app'.encode())
    return name


def drop_database(server: EmbeddedServer, name: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
