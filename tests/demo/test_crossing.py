"""The example moves from older servers while it is written to, is proved, and goes back; and the demo around it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import psycopg
import pytest

from arraigo import move
from arraigo.demo import Crossing, inventory, remember, remembered, there_and_back, two_servers
from arraigo.demo.companion import make_roles
from arraigo.demo.crossing import ACCEPTED
from arraigo.errors import CheckFailed
from arraigo.move.records.progress import silent
from arraigo.move.relational import expectation
from arraigo.postgres.embedded import start
from arraigo.postgres.target import Target
from support.commands import clean_environment, command
from support.databases import Servers, address, drop_database, make_database
from support.example import EXAMPLE, example_on
from support.follow import logical_server

Pair = tuple[Target, Target]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture
def between(all_servers: Servers) -> Iterator[Callable[[int], Pair]]:
    """The example on a server of that version and an empty database on one of 18, both to be followed."""
    with ExitStack() as stack:

        def make(version: int) -> Pair:
            source, target = all_servers.get(version), stack.enter_context(logical_server(18))
            example_on(source)
            name = make_database(source, EXAMPLE)
            stack.callback(drop_database, source, name)
            with psycopg.connect(target.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            stack.callback(drop_database, target, name)
            return Target(address(source, "postgres", name)), Target(address(target, "postgres", name))

        yield make


@pytest.mark.parametrize("version", [15, 16])
def test_the_example_moves_there_and_back_while_it_is_written_to(between: Callable[[int], Pair], version: int) -> None:
    source, target = between(version)
    there = {15: ("uuid-ossp",), 16: ("vector",)}[version]
    done = there_and_back(source, target, replace(inventory(), extensions=there), silent)
    assert done.report.ok
    assert done.report.phase == "rolled_back"
    assert {check.name for check in done.report.checks} >= {"rows", "fingerprints", "grants", "pause", "application"}
    assert (done.tables, done.lost, done.extra) == (40, 0, 0)
    assert len(done.report.units) == 40
    assert done.rows > 75_000
    assert done.away >= 25
    assert done.writes >= 100
    assert {one.removesuffix(" was left out") for one in done.differs} >= {"auth, extensions, storage", *ACCEPTED}
    made = rows(target.url, "SELECT count(*) FROM public.companion_calls WHERE vapi_call_id LIKE 'app-%'")
    assert made != [(0,)]
    defaults = "SELECT string_agg(pg_get_expr(adbin, adrelid), ' ') FROM pg_attrdef"
    [(text,)] = rows(target.url, defaults)
    assert "gen_random_uuid()" in str(text)
    assert "uuid_generate_v4" not in str(text)
    assert ("uuid_generate_v4" in str(rows(source.url, defaults))) == (version == 15)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        rows(target.url, "DELETE FROM public.priority_queue_cache RETURNING 1")
    assert rows(source.url, "DELETE FROM public.priority_queue_cache RETURNING 1")
    assert not rows(source.url, "SELECT 1 FROM pg_replication_slots WHERE database = current_database()")


def test_the_example_moves_while_it_stands_still_and_goes_back(between: Callable[[int], Pair]) -> None:
    source, target = between(16)
    with psycopg.connect(target.url, autocommit=True) as connection:
        make_roles(connection)
    options = move.Options(accepted=ACCEPTED, expected=inventory())
    found = move.run(source.url, target, options=options)
    assert (found.ok, found.phase, len(found.units)) == (True, "verified", 40)
    assert move.verify(found.run_id, target, source=source.url).ok
    assert move.cutover(found.run_id, target, source=source.url).ok
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        rows(source.url, "DELETE FROM public.registrations RETURNING 1")
    back = move.rollback(found.run_id, target, source=source.url)
    assert (back.ok, back.phase) == (True, "rolled_back")
    assert rows(source.url, "UPDATE public.registrations SET status = 'paused' RETURNING 1")


def test_an_inventory_that_is_not_met_stops_the_move_and_says_what_differs(all_servers: Servers) -> None:
    server = all_servers.get(18)
    source = example_on(server)
    name = make_database(server, "template1")
    target = address(server, "postgres", name)
    arraigo = command(clean_environment())
    with as_file(files("arraigo.demo.companion") / "expect-53.toml") as file:
        options = move.Options(accepted=ACCEPTED, expected=expectation.read(file))
        planned = arraigo("move", "plan", source, "--to", target, "--expect", file)
    assert planned.returncode == 1, planned.stderr
    assert "NOT as expected: tables: 53, there: 40\n" in planned.stdout
    with pytest.raises(CheckFailed, match=r"expected tables: 53, and the source has 40; nothing was copied"):
        move.run(source, target, options=options)
    assert rows(target, "SELECT 1 FROM pg_class WHERE relname = 'registrations'") == []
    drop_database(server, name)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the servers' own user can pass through."""
    found = Path(tempfile.mkdtemp(prefix="arraigo-"))
    found.chmod(0o711)
    yield found
    shutil.rmtree(found)


def test_what_was_left_by_somebody_who_was_killed_is_cleared_and_nothing_is_left_in_the_end(folder: Path) -> None:
    with start(folder / "hosted", logical=True) as left, psycopg.connect(left.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE cerca")
    said: list[str] = []
    with two_servers(folder, said.append) as pair:
        for target in pair:
            assert rows(target.url, "SHOW wal_level") == [("logical",)]
            assert rows(target.url, "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
    assert "home: making the database folder" in said
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {"lock"}


def test_what_it_came_to_is_remembered_until_its_file_is_removed(folder: Path) -> None:
    assert remembered(folder) is None
    check = move.Check("rows", ok=True, expected=2, found=2)
    report = move.Report("20260131-1a2b3c4d", {}, {}, "rolled_back", "", "", ok=True, checks=(check,))
    done = Crossing(report, 40, 75_117, 24, {"auth": "why"}, "0.20 s", 100, 30, 7, 0.3, 0, 0)
    assert "20260131-1a2b3c4d" in remember(folder, done).read_text()
    assert remembered(folder) == done
    (folder / "database.json").write_text('{"report": 1}')
    assert remembered(folder) is None
