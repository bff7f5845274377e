"""The way back that we apply ourselves, from 18 to every version, as an owner who is no superuser."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from arraigo.errors import ArraigoError, Conflict, NotFound, Unavailable, Unreachable
from arraigo.move.relational import catalog
from arraigo.move.relational.replication import applying, changes, writing
from arraigo.move.relational.replication.changes import ALL, changed_keys
from arraigo.postgres.embedded import EmbeddedServer
from support import workload
from support.way_back import Sides, drop_sides, logical_server, make_sides

Make = Callable[[int], Sides]


@pytest.fixture(scope="module")
def reading() -> Iterator[EmbeddedServer]:
    server = logical_server()
    yield server
    server.close()


@pytest.fixture
def make(reading: EmbeddedServer, all_servers: Any) -> Iterator[Make]:
    made: list[tuple[Sides, EmbeddedServer]] = []

    def one(version: int) -> Sides:
        server = reading if version == 18 else all_servers.get(version)
        made.append((make_sides(reading, server, vectors=version != 15), server))
        return made[-1][0]

    yield one
    for sides, server in made:
        drop_sides(sides, reading, server)


@pytest.fixture
def sides(make: Make) -> Sides:
    return make(18)


@pytest.mark.parametrize(("version", "replica"), [(15, False), (16, False), (18, False), (18, True)])
def test_whatever_overlapping_sessions_commit_arrives(make: Make, version: int, replica: bool) -> None:  # noqa: FBT001
    sides = make(version)
    before = sides.definitions()
    with sides.applier(replica=replica) as applier:
        for seed in range(3):
            workload.run(sides.read, seed, 80)
            applier.catch_up(sides.lsn())
            sides.assert_equal()
        if version != 15:
            sides.change("INSERT INTO shop.vectors VALUES (1, '[1,2.5,-3]', '[0.1,2]'), (2, NULL, NULL)")
            sides.change("UPDATE shop.vectors SET v = '[0.1,0,1e-3]' WHERE id = 1")
            applier.catch_up(sides.lsn())
            sides.assert_equal()
        applier.restore()
    assert sides.definitions() == before


def test_it_follows_while_sessions_write_and_says_how_far_it_is(sides: Sides) -> None:
    told: list[applying.Progress] = []
    stop = threading.Event()
    with sides.applier(tell=told.append) as applier:
        thread = threading.Thread(target=applier.run_forever, args=(stop,))
        thread.start()
        workload.run(sides.read, 7, 100)
        stop.set()
        thread.join()
        progress = applier.catch_up(sides.lsn())
    sides.assert_equal()
    assert progress.transactions >= told[-1].transactions > 50
    assert progress.rows > progress.transactions
    assert (progress.lag_bytes, progress.lag_seconds) == (0, 0.0)


def test_connections_that_are_lost_are_made_again(sides: Sides) -> None:
    stop, lost = threading.Event(), threading.Semaphore(0)

    def trouble(error: ArraigoError) -> None:
        assert isinstance(error, Unreachable)
        lost.release()

    with sides.applier() as applier:
        thread = threading.Thread(target=applier.run_forever, args=(stop,), kwargs={"trouble": trouble})
        thread.start()
        for url in (sides.read_url, sides.write_url):
            workload.run(sides.read, 1, 30)
            while not lost.acquire(timeout=0.1):  # it may be between two attempts, without a connection
                sides.change("INSERT INTO shop.events VALUES ('before')")
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(
                        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
                    )
        stop.set()
        thread.join()
        applier.catch_up(sides.lsn())
    sides.assert_equal()


def test_values_that_were_not_sent_are_left_as_they_are(sides: Sides) -> None:
    sides.change(
        "INSERT INTO shop.rich (vc, big) VALUES ('a', repeat('x', 100000))",
        "INSERT INTO shop.events VALUES ('a', 1, '{}', repeat('y', 100000))",
        "INSERT INTO shop.whole VALUES (1, 'a', repeat('z', 100000))",
    )
    sides.change("UPDATE shop.rich SET vc = 'b'", "UPDATE shop.events SET price = 2", "UPDATE shop.whole SET id = 2")
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
    sides.assert_equal()


def test_a_table_is_emptied_in_the_transaction_that_filled_it(sides: Sides) -> None:
    sides.change(
        "INSERT INTO shop.tree VALUES (1, 2), (2, NULL)", "TRUNCATE shop.tree", "INSERT INTO shop.tree VALUES (3)"
    )
    sides.change("INSERT INTO shop.later VALUES (1, 2)", "TRUNCATE shop.events", "INSERT INTO shop.later VALUES (2, 1)")
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
    sides.assert_equal()


def test_of_rows_that_are_the_same_one_alone_is_taken(sides: Sides) -> None:
    sides.change("INSERT INTO shop.events SELECT 'same', v FROM unnest(ARRAY[1.0, 1.00, 1.0, NULL, NULL]) v")
    sides.change(
        "DELETE FROM shop.events WHERE ctid = (SELECT ctid FROM shop.events WHERE price::text = '1.00')",
        "DELETE FROM shop.events WHERE ctid = (SELECT min(ctid) FROM shop.events WHERE price IS NULL)",
        "UPDATE shop.events SET price = 3 WHERE ctid = (SELECT min(ctid) FROM shop.events WHERE price = 1)",
    )
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
    sides.assert_equal()


def test_a_row_that_is_not_there_stops_it_before_its_transaction_and_is_named_without_values(sides: Sides) -> None:
    sides.change("INSERT INTO shop.bulk VALUES (4711, 'secret'), (2, 'b')")
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
        with sides.superuser() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM shop.bulk WHERE id = 4711")
        sides.change("UPDATE shop.bulk SET a = 'before' WHERE id = 2")
        sides.change("INSERT INTO shop.bulk VALUES (3)", "UPDATE shop.bulk SET a = 'hidden' WHERE id = 4711")
        lsn = sides.lsn()
        for _ in range(2):
            with pytest.raises(Conflict, match=r"shop\.bulk .* \(found by id\); all transactions before") as caught:
                applier.catch_up(lsn)
            assert not any(word in str(caught.value) for word in ("4711", "secret", "hidden"))
            assert sides.contents(sides.write_url)["shop.bulk"] == ["(2,before,)"]
        with sides.superuser() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("INSERT INTO shop.bulk VALUES (4711, 'secret')")
        applier.catch_up(lsn)
        sides.assert_equal()
        with sides.superuser() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM shop.bulk WHERE id = 3")
        sides.change("DELETE FROM shop.bulk")
        with pytest.raises(Conflict, match=r"shop\.bulk"):
            applier.catch_up(sides.lsn())


def test_the_fence_lets_it_pass_with_the_key_alone_and_stays_for_others(sides: Sides) -> None:
    sides.change("INSERT INTO shop.bulk VALUES (1)")
    with sides.applier(pass_key="another") as applier, pytest.raises(Unavailable, match="fence"):
        applier.catch_up(sides.lsn())
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
        with sides.write() as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM shop.bulk")
    sides.assert_equal()


@pytest.mark.parametrize("since", [160000, 10**9])
def test_what_came_by_replication_does_not_go_round(sides: Sides, since: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_ORIGINS_SINCE", since)  # the server leaves it out from 16 on; before, we do
    with sides.read() as connection:
        connection.execute("SELECT pg_replication_origin_create(%s)", [sides.slot])
        connection.execute("SELECT pg_replication_origin_session_setup(%s)", [sides.slot])
        connection.execute("INSERT INTO shop.bulk VALUES (1)")
        connection.execute("SELECT pg_replication_origin_session_reset()")
        connection.execute("INSERT INTO shop.bulk VALUES (2)")
        connection.execute("SELECT pg_replication_origin_drop(%s)", [sides.slot])
        keys = changed_keys(connection, sides.slot, sides.slot, sides.lsn())
    assert keys == {"shop.bulk": {("2",)}}
    with sides.applier() as applier:
        applier.catch_up(sides.lsn())
    assert sides.contents(sides.write_url)["shop.bulk"] == ["(2,,)"]


def test_a_second_applier_is_sent_away(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_LOCKED_BY_A_RIVAL", "50ms")
    with sides.applier(), pytest.raises(Unavailable, match="another process"):
        sides.applier().open()


def test_what_has_no_place_to_go_to_is_named(sides: Sides) -> None:
    sides.change("CREATE TABLE shop.newer (id integer PRIMARY KEY)", "INSERT INTO shop.newer VALUES (1)")
    with sides.applier() as applier, pytest.raises(Conflict, match=r"shop\.newer has no table to go to"):
        applier.catch_up(sides.lsn())
    with sides.write() as connection:
        connection.execute("CREATE TABLE shop.newer (id integer PRIMARY KEY)")
    sides.change("ALTER TABLE shop.newer ADD COLUMN more integer", "INSERT INTO shop.newer VALUES (2, 2)")
    with sides.applier() as applier, pytest.raises(Conflict, match="has no column more"):
        applier.catch_up(sides.lsn())


def test_a_table_that_went_away_is_said_without_naming_values(sides: Sides) -> None:
    with sides.applier() as applier:
        with sides.write() as connection:
            connection.execute("DROP TABLE shop.events")
        sides.change("INSERT INTO shop.events VALUES ('secret')")
        with pytest.raises(Conflict, match=r"does not fit the tables that it goes to \(SQLSTATE 42P01\)"):
            applier.catch_up(sides.lsn())


def test_a_slot_that_is_not_there_is_named(sides: Sides) -> None:
    with sides.applier(slot="arraigo_none") as applier, pytest.raises(NotFound, match="arraigo_none"):
        applier.catch_up(sides.lsn())
    with sides.read() as connection, pytest.raises(NotFound, match="arraigo_none"):
        changed_keys(connection, "arraigo_none", sides.slot, sides.lsn())


def test_a_user_that_does_not_own_the_tables_is_told(sides: Sides) -> None:
    applier = sides.applier()
    with sides.superuser() as connection:
        connection.execute("ALTER TABLE shop.rich OWNER TO postgres")
    with pytest.raises(Unavailable, match="not the owner"):
        applier.open()


def test_keys_that_changed_are_told_and_the_slot_is_left_as_it_is(sides: Sides) -> None:
    sides.change("INSERT INTO shop.parents VALUES (1), (2), (3), (7)", "INSERT INTO shop.guests VALUES (9, 7)")
    start = sides.lsn()
    with sides.read() as connection:
        connection.execute("SELECT pg_replication_slot_advance(%s, %s::pg_lsn)", [sides.slot, start])
        sides.change("UPDATE shop.parents SET name = 'x' WHERE id = 1", "DELETE FROM shop.parents WHERE id = 2")
        sides.change("UPDATE shop.parents SET id = 4 WHERE id = 3", "TRUNCATE shop.tree")
        sides.change("INSERT INTO shop.pairs VALUES (1, 'b', 'ñ')", "INSERT INTO shop.events VALUES ('a')")
        end = sides.lsn()
        sides.change("DELETE FROM shop.parents WHERE id = 7")
        expected: dict[str, object] = {
            "shop.parents": {("1",), ("2",), ("3",), ("4",)},
            "shop.tree": ALL,
            "shop.pairs": {("ñ",)},
            "shop.events": ALL,
            "shop.audit": {("1",), ("2",)},  # of a trigger that always fires
        }
        for _ in range(2):
            assert changed_keys(connection, sides.slot, sides.slot, end) == expected
        assert changed_keys(connection, sides.slot, sides.slot, sides.lsn()) == expected | {
            "shop.parents": {("1",), ("2",), ("3",), ("4",), ("7",)},
            "shop.guests": {("9",)},
            "shop.audit": {("1",), ("2",), ("3",)},  # and of a rule
        }


def test_the_tables_are_as_before_when_it_has_ended(sides: Sides) -> None:
    before = sides.definitions()
    with sides.applier() as applier:
        during = sides.definitions()
        assert during["triggers"] != before["triggers"]
        applier.open()
        with applier.as_it_was() as connection:
            assert catalog.read(connection, ["shop"]).objects == before
    with sides.applier() as applier:  # another process, later
        assert sides.definitions() == during
        sides.change("INSERT INTO shop.bulk VALUES (1)")
        applier.catch_up(sides.lsn())
        applier.restore()
        applier.restore()
    assert sides.definitions() == before
    with sides.write() as connection:
        assert connection.execute("SELECT to_regnamespace('arraigo_back')").fetchone() == (None,)
        assert catalog.read(connection, ["shop"]).tables
