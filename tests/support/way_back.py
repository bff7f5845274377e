"""Two databases for a way back: changes happen on 18, and go to 15, 16 or 18, where the user is no superuser."""

import hashlib
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import psycopg

from arraigo.move.relational import catalog
from arraigo.move.relational.replication.applying import Applier
from arraigo.postgres.embedded import EmbeddedServer, start
from support import servers
from support.databases import address

KEY = "a key that only this run knows"
SCHEMA = Path(__file__).parents[1] / "move/relational/replication/way_back.sql"
_numbers = itertools.count()
PINNED = (
    "-c search_path= -c row_security=off -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres "
    "-c extra_float_digits=3 -c bytea_output=hex -c client_encoding=UTF8"
)
FENCE = f"""
CREATE SCHEMA arraigo_fence;
CREATE FUNCTION arraigo_fence.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
    IF encode(sha256(convert_to(coalesce(current_setting('arraigo.pass', true), ''), 'UTF8')), 'hex')
        = '{hashlib.sha256(KEY.encode()).hexdigest()}' THEN RETURN NULL; END IF;
    RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction', MESSAGE = 'fenced';
END$$"""


def connect(url: str) -> psycopg.Connection[Any]:
    """As the mover connects: every setting pinned."""
    return psycopg.connect(url, autocommit=True, options=PINNED)


def logical_server() -> EmbeddedServer:
    """The run's server of version 18 whose log can be decoded."""
    home = servers.run_home() / "18-logical"
    with (servers.run_home() / "18-logical.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        server = start(home)
        with psycopg.connect(server.url, autocommit=True) as connection:
            row = connection.execute("SHOW wal_level").fetchone()
            if row == ("logical",):
                return server
            for setting in (
                "wal_level = logical",
                "fsync = off",
                "full_page_writes = off",
                "max_replication_slots = 40",
            ):
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        server.close()
        return start(home)


@dataclass(frozen=True)
class Sides:
    """The two databases, and their owner's addresses."""

    read_url: str
    write_url: str
    owner_url: str
    slot: str

    def read(self) -> psycopg.Connection[Any]:
        """The side where changes happen, as its superuser."""
        return connect(self.read_url)

    def write(self) -> psycopg.Connection[Any]:
        """The side that they go to, as the tables' owner."""
        return connect(self.owner_url)

    def superuser(self) -> psycopg.Connection[Any]:
        """The side that they go to, as its superuser."""
        return connect(self.write_url)

    def applier(self, *, replica: bool = False, **options: Any) -> Applier:
        """One that goes from one to the other."""
        write: Callable[[], psycopg.Connection[Any]] = self.superuser if replica else self.write
        with write() as connection:
            tables = catalog.read(connection, ["shop"]).tables.values()
        found = {"slot": self.slot, "publication": self.slot, "tables": tables, "pass_key": KEY} | options
        return Applier(self.read, write, **found)

    def lsn(self) -> str:
        """A place after all that was committed on the side where changes happen."""
        with self.read() as connection:
            connection.execute("SELECT pg_logical_emit_message(true, 'arraigo', '')")  # flushes all before
            row = connection.execute("SELECT pg_current_wal_flush_lsn()::text").fetchone()
        assert row
        return str(row[0])

    def change(self, *statements: str) -> None:
        """Run these in one transaction where changes happen."""
        with self.read() as connection, connection.transaction():
            for statement in statements:
                connection.execute(statement.encode())

    def definitions(self) -> dict[str, dict[str, str]]:
        """Everything that is defined on the side that changes go to."""
        with self.write() as connection:
            return catalog.read(connection, ["shop"]).objects

    def contents(self, url: str) -> dict[str, list[str]]:
        """Every row of every table, as text, in order."""
        with connect(url) as connection:
            names = connection.execute(
                """SELECT c.oid::regclass::text FROM pg_class c
                    WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r' ORDER BY 1"""
            ).fetchall()
            return {
                name: [row for (row,) in connection.execute(f"SELECT t::text FROM ONLY {name} t ORDER BY 1".encode())]
                for (name,) in names
            }

    def assert_equal(self) -> None:
        """Both sides hold the same rows."""
        here, there = self.contents(self.read_url), self.contents(self.write_url)
        for name, rows in here.items():
            assert there[name] == rows, name
        assert here.keys() == there.keys()


def make_sides(reading: EmbeddedServer, writing: EmbeddedServer, *, vectors: bool) -> Sides:
    """Two databases with the same tables, a publication and a slot on one, the fence on the other."""
    name = f"b_{os.getpid()}_{next(_numbers)}"
    for server, side in ((reading, "r"), (writing, "w")):
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}_{side}".encode())
            connection.execute(
                b"""DO $$BEGIN CREATE ROLE keeper LOGIN NOSUPERUSER;
                       EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END$$"""
            )
            connection.execute(f"GRANT CREATE ON DATABASE {name}_{side} TO keeper".encode())
        with psycopg.connect(address(server, "postgres", f"{name}_{side}"), autocommit=True) as connection:
            connection.execute(SCHEMA.read_bytes())
            if vectors:
                connection.execute(b"CREATE EXTENSION vector")
                connection.execute(
                    b"CREATE TABLE shop.vectors (id integer PRIMARY KEY, v public.vector(3), h public.halfvec(2))"
                )
                connection.execute(b"ALTER TABLE shop.vectors OWNER TO keeper")
    sides = Sides(
        address(reading, "postgres", f"{name}_r"),
        address(writing, "postgres", f"{name}_w"),
        address(writing, "keeper", f"{name}_w"),
        f"arraigo_{name}_back",
    )
    with sides.write() as connection:
        connection.execute(FENCE.encode())
        for (table,) in connection.execute(
            """SELECT oid::regclass::text FROM pg_class
                WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'p')"""
        ).fetchall():
            connection.execute(
                f"CREATE TRIGGER arraigo_run BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "EXECUTE FUNCTION arraigo_fence.refuse()".encode()
            )
    with sides.read() as connection:
        connection.execute(f"CREATE PUBLICATION {sides.slot} FOR TABLES IN SCHEMA shop".encode())
        connection.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", [sides.slot])
    return sides


def drop_sides(sides: Sides, reading: EmbeddedServer, writing: EmbeddedServer) -> None:
    """Take them away."""
    with psycopg.connect(reading.url, autocommit=True) as connection:
        connection.execute("SELECT pg_drop_replication_slot(%s)", [sides.slot])
    for server, url in ((reading, sides.read_url), (writing, sides.write_url)):
        with psycopg.connect(server.url, autocommit=True) as connection:
            name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
