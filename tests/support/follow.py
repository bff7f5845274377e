"""Two databases with the same tables, one to be followed by the other, and somebody who writes without rest."""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from arraigo.move.relational import catalog
from arraigo.move.relational.replication import following
from arraigo.move.relational.replication.route import Route, Side
from arraigo.postgres.embedded import Binaries, EmbeddedServer, start
from support import servers
from support.databases import address

Connection = psycopg.Connection[Any]
SCHEMA = Path(__file__).parents[1] / "move/relational/replication/followed.sql"
PASSWORD = "tell-nobody-4711"
PINNED = (
    "-c search_path= -c row_security=off -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres "
    "-c extra_float_digits=3 -c bytea_output=hex"
)
_numbers = itertools.count()


def logical_server(version: int) -> EmbeddedServer:
    """The run's server of that version whose log can be decoded."""
    home = servers.run_home() / f"{version}-logical"
    binaries = None if version == 18 else Binaries.at(servers.installed(version) or Path())
    with (servers.run_home() / f"{version}-logical.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        server = start(home, binaries=binaries)
        with psycopg.connect(server.url, autocommit=True) as connection:
            if connection.execute("SHOW wal_level").fetchone() == ("logical",):
                return server
            for setting in (
                "wal_level = logical", "fsync = off", "full_page_writes = off", "max_replication_slots = 40",
                "max_wal_senders = 40", "max_logical_replication_workers = 30", "max_worker_processes = 40",
                "log_statement = 'all'", "log_min_duration_statement = 0", "log_parameter_max_length = -1",
                "log_min_error_statement = 'error'", "log_min_messages = 'warning'", "log_error_verbosity = 'default'",
                "wal_retrieve_retry_interval = '100ms'",
            ):  # fmt: skip
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        server.close()
        return start(home, binaries=binaries)


@dataclass
class Pair:
    """A source and a target, and the move between them."""

    source: str
    target: str
    run_id: str
    state: dict[str, Any] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)

    @property
    def route(self) -> Route:
        """The move, with both catalogs as they are now."""
        found = [_catalog(url) for url in (self.source, self.target)]
        source, target = (
            Side(name, _connector(url), _connector(url, replication="database"), f"{url}&password={PASSWORD}")
            for name, url in (("the source", self.source), ("the target", self.target))
        )
        return Route(
            self.run_id,
            source,
            target,
            tables=tuple(found[0].tables.values()),
            target_tables=tuple(found[1].tables.values()),
            sequences=tuple(found[0].sequences),
        )

    def save(self, state: dict[str, Any]) -> None:
        """As the ledger keeps it."""
        self.state = dict(state)
        self.steps.append(state.get("step", ""))

    def copy_and_follow(self) -> None:
        """What the engine does: slot, copy in its snapshot, subscription."""
        route = self.route
        with following.begin_following(route) as held:
            copy(route, held.snapshot)
        following.subscribe(route)

    def execute(self, url: str, *statements: str) -> list[tuple[Any, ...]]:
        """On either side, as its superuser; the rows of the last one."""
        with connect(url) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def contents(self, url: str) -> dict[str, list[str]]:
        """Every row of every table, as text, in order."""
        with connect(url) as connection:
            return {
                table.label: [
                    row
                    for (row,) in connection.execute(
                        sql.SQL("SELECT t::text FROM ONLY {} t ORDER BY 1").format(table.sql)
                    )
                ]
                for table in self.route.tables
                if table.kind == "r"
            }

    def ours(self, url: str) -> list[tuple[Any, ...]]:
        """What of the move is left on a side."""
        return self.execute(
            url,
            f"""SELECT 'slot', slot_name::text FROM pg_replication_slots WHERE slot_name LIKE '{self.route.name}%'
                UNION ALL SELECT 'publication', pubname FROM pg_publication
                UNION ALL SELECT 'subscription', subname FROM pg_subscription WHERE subname LIKE '{self.route.name}%'
                UNION ALL SELECT 'trigger', tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'arraigo%'
                UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspname LIKE 'arraigo%'""",
        )


def connect(url: str, **options: Any) -> Connection:
    """As the mover connects: every setting pinned."""
    return psycopg.connect(url, autocommit=True, **({"options": PINNED} | options))


def _connector(url: str, **options: Any) -> Callable[[], Connection]:
    return lambda: connect(url, **options)


def _catalog(url: str) -> catalog.Catalog:
    with connect(url) as connection:
        return catalog.read(connection, ["shop"])


def copy(route: Route, snapshot: str | None = None) -> None:
    """All rows, as they are in a snapshot."""
    with route.source.connect() as source, route.target.connect() as target, source.transaction():
        source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if snapshot:
            source.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
        target.execute("SET session_replication_role = replica")
        for table in route.tables:
            if table.kind == "r":
                _copy_table(source, target, table)


def _copy_table(source: Connection, target: Connection, table: catalog.Table) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns if not c.generated)
    give = sql.SQL("COPY (SELECT {} FROM ONLY {}) TO STDOUT (FORMAT binary)").format(columns, table.sql)
    take = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table.sql, columns)
    with source.cursor().copy(give) as given, target.cursor().copy(take) as taken:
        for piece in given:
            taken.write(piece)


@contextmanager
def pair(older: int, newer: int, rows: int = 200, *, decoded: bool = True) -> Iterator[Pair]:
    """A database on each server, the first with rows."""
    number = f"{os.getpid()}_{next(_numbers)}"
    with logical_server(older) as old, logical_server(newer) if decoded else servers.start_server(newer) as new:
        urls = []
        for server, side in ((old, "s"), (new, "t")):
            name = f"follow_{number}_{side}"
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            urls.append(address(server, "postgres", name))
            with connect(urls[-1]) as connection:
                connection.execute(SCHEMA.read_bytes())
        found = Pair(urls[0], urls[1], f"20260131-{os.getpid():04x}{next(_numbers):04x}")
        found.execute(urls[0], f"SELECT shop.fill({rows})")
        try:
            yield found
        finally:
            following.lift(found.route)
            for server, side in ((old, "s"), (new, "t")):
                with psycopg.connect(server.url, autocommit=True) as connection:
                    connection.execute(f"DROP DATABASE follow_{number}_{side} WITH (FORCE)".encode())


class Writer:
    """Writes in a thread, some two hundred times a second, and remembers what was acknowledged.

    Refused writes (SQLSTATE 25006) are tried again where `url` says, until they are taken: as an application that is
    pointed elsewhere.
    """

    def __init__(self, url: str, *, seed: int = 1, pause: float = 0.005) -> None:
        self.url = url
        self.done: dict[int, str | None] = {}
        self.refused = 0
        self.longest = 0.0
        self.failure: BaseException | None = None
        self._random, self._pause = random.Random(seed), pause  # noqa: S311 - no secret
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Write no more."""
        self._stop.set()
        self._thread.join()

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self.failure is not None:
            raise self.failure

    def move_to(self, url: str) -> None:
        """Write there from now on."""
        self.url = url

    def _run(self) -> None:
        try:
            number = 0
            while not self._stop.is_set():
                self._one(number)
                number += 1
                time.sleep(self._pause)
        except BaseException as error:  # noqa: BLE001 - raised where the test sees it
            self.failure = error

    def _one(self, number: int) -> None:
        kind, victim, text = self._random.random(), self._random.choice([*self.done, -1]), f"{number} ñ"
        begun = last = time.monotonic()
        while True:
            url = self.url
            try:
                with connect(url) as connection:
                    while True:
                        self._write(connection, (kind, victim, number, text))
                        self.longest = max(self.longest, time.monotonic() - begun)
                        return
            except psycopg.errors.ReadOnlySqlTransaction:
                self.refused += 1
                if self._stop.is_set() and time.monotonic() - last > 5:
                    return
                time.sleep(0.002)

    def _write(self, connection: Connection, what: tuple[float, int, int, str]) -> None:
        kind, victim, number, text = what
        if kind < 0.6 or self.done.get(victim) is None:
            with connection.transaction():
                connection.execute("INSERT INTO shop.notes (id, body) VALUES (%s, %s)", [number, text])
                connection.execute("INSERT INTO shop.events (at, what) VALUES (%s, %s)", [number % 300, text])
                connection.execute("UPDATE shop.counters SET n = n + 1 WHERE name = 'notes'")
            self.done[number] = text
        elif kind < 0.85:
            connection.execute("UPDATE shop.notes SET body = %s WHERE id = %s", [text, victim])
            self.done[victim] = text
        else:
            connection.execute("DELETE FROM shop.notes WHERE id = %s", [victim])
            self.done[victim] = None

    def check(self, url: str) -> None:
        """Every acknowledged write is there, once, and nothing else is."""
        with connect(url) as connection:
            found = dict(connection.execute("SELECT id, body FROM shop.notes WHERE id >= 0").fetchall())
            count = connection.execute("SELECT n FROM shop.counters WHERE name = 'notes'").fetchone()
        assert found == {number: text for number, text in self.done.items() if text is not None}
        assert count == (len(self.done),)
