"""Subscribing, and what it says and does when something is wrong; above all, where the password is not."""

import time
import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest

from arraigo.errors import Unavailable
from arraigo.move.relational.replication import following, publication, slots, subscription
from arraigo.move.relational.replication.route import Side, Way
from support.follow import PASSWORD, Pair, connect, logical_server, pair


@pytest.fixture(scope="module", params=[(16, 18), (18, 15)], ids=["16-18", "18-15"])
def server(request: pytest.FixtureRequest) -> Iterator[Pair]:
    older, newer = request.param
    with pair(older, newer, rows=20) as found:
        yield found


@pytest.fixture
def way(server: Pair) -> Iterator[Way]:
    route = server.route
    server.execute(server.target, *(f"TRUNCATE {t.label} CASCADE" for t in route.tables if t.kind == "r"))
    yield route.forward
    following.lift(route)
    assert server.ours(server.source) == server.ours(server.target) == []


def prepared(server: Pair, way: Way) -> None:
    with way.giver.connect() as giver:
        publication.publish(giver, way.name, server.route.followed)
        slots.make(giver, way.name)


def elsewhere(way: Way, conninfo: str) -> Way:
    giver = way.giver
    return replace(way, giver=Side(giver.name, giver.connect, giver.replicate, conninfo))


def logs() -> str:
    found = []
    for version in (15, 16, 18):
        with logical_server(version) as running:
            found += [path.read_text() for path in (running.data_dir.parent / "log").glob("*.log")]
    return "".join(found)


def test_the_password_is_in_the_catalog_for_superusers_and_nowhere_else(server: Pair, way: Way) -> None:
    for url in (server.source, server.target):
        server.execute(url, "ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
    server.copy_and_follow()
    wrong = elsewhere(way, f"host=/nowhere dbname=x password={PASSWORD}")
    with pytest.raises(Unavailable) as caught:
        subscription.subscribe(replace(wrong, name=f"{way.name}_x"))
    assert "cannot reach the other" in str(caught.value)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in repr(server.route)
    assert server.execute(server.target, f"SELECT 1 FROM pg_subscription WHERE subconninfo LIKE '%{PASSWORD}%'")
    activity = server.execute(server.target, "SELECT string_agg(query, ' ') FROM pg_stat_activity")
    assert PASSWORD not in str(activity).replace(f"%{PASSWORD}%", "")
    written = logs().replace(f"%{PASSWORD}%", "")  # the two questions above
    assert "CREATE SUBSCRIPTION" in written
    assert PASSWORD not in written


def test_it_is_dropped_while_the_other_side_is_away(server: Pair, way: Way) -> None:
    prepared(server, way)
    subscription.subscribe(way)
    with way.taker.connect() as taker:
        taker.execute(f"ALTER SUBSCRIPTION {way.name} CONNECTION 'host=/nowhere dbname=x'".encode())
        subscription.unsubscribe(taker, way.name)
        subscription.unsubscribe(taker, way.name)
        assert not subscription.subscribed(taker, way.name)


def test_the_lag_is_told(server: Pair, way: Way) -> None:
    server.copy_and_follow()
    with way.giver.connect() as giver, way.taker.connect() as taker:
        server.execute(server.source, "INSERT INTO shop.notes VALUES (5, 'x')")
        subscription.wait_for(way, taker, slots.settle(giver), patience=20)
        assert server.execute(server.target, "SELECT body FROM shop.notes") == [("x",)]
        found = subscription.lag(way, giver, taker)
        assert found.working
        assert found.bytes is not None
        assert found.bytes < 100_000
    server.execute(server.source, "DELETE FROM shop.notes")


def test_an_apply_worker_that_fails_is_told(server: Pair, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    server.copy_and_follow()
    server.execute(server.target, "INSERT INTO shop.notes VALUES (9, 'in the way')")
    server.execute(server.source, "INSERT INTO shop.notes VALUES (9, 'x')")
    with way.giver.connect() as giver, way.taker.connect() as taker:
        lsn = slots.settle(giver)
        with monkeypatch.context() as impatient:
            impatient.setattr(subscription, "_STALLED", 0.0)
            with pytest.raises(Unavailable, match=r"its apply worker does not run.*see the log of the target"):
                subscription.wait_for(way, taker, lsn, patience=20)
        for _ in range(100):
            if subscription.lag(way, giver, taker).errors:
                break
            time.sleep(0.05)
        assert subscription.lag(way, giver, taker).errors > 0
        assert server.execute(server.target, "DELETE FROM shop.notes RETURNING id") == [(9,)]
        subscription.wait_for(way, taker, lsn, patience=20)
    server.execute(server.source, "DELETE FROM shop.notes")


def test_nothing_stands_in_the_way_of_these_servers(server: Pair) -> None:
    for back in (False, True):
        assert not [found for found in following.hindrances(server.route, back=back) if found.stops]


def test_a_user_without_rights_is_told_what_it_lacks(server: Pair) -> None:
    server.execute(
        server.source, "DO $$BEGIN CREATE ROLE visitor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$"
    )
    route = server.route
    visitor = server.source.replace("postgres@", "visitor@")
    source = Side("the source", lambda: connect(visitor), route.source.replicate, route.source.conninfo)
    found = following.hindrances(replace(route, source=source))
    words = " ".join(hindrance.what for hindrance in found if hindrance.stops)
    for word in ("no right to replicate", "may create nothing", "somebody else owns shop."):
        assert word in words
    back = following.hindrances(replace(route, source=source), back=True)
    assert any("may not create a subscription" in hindrance.what for hindrance in back)


@pytest.mark.usefixtures("way")
def test_a_copy_that_fails_leaves_nothing_that_keeps_the_log(server: Pair) -> None:
    def copy() -> None:
        with following.begin_following(server.route):
            assert {what for what, _ in server.ours(server.source)} == {"slot", "publication"}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        copy()
    assert server.ours(server.source) == []


def test_what_a_killed_run_left_is_taken_away(server: Pair, way: Way) -> None:
    prepared(server, way)
    subscription.subscribe(way)
    with following.begin_following(server.route) as held:
        assert server.ours(server.target) == []
        assert held.snapshot


def test_a_transaction_that_does_not_end_is_named(server: Pair, way: Way) -> None:
    with connect(server.source) as writer:
        writer.execute("BEGIN; INSERT INTO shop.notes VALUES (1, 'x')")
        with (
            pytest.raises(Unavailable, match=rf"begun before \(process {writer.info.backend_pid}, since"),
            slots.hold(way.giver, way.name, patience=0.5),
        ):
            pass
        writer.execute("ROLLBACK")
    with way.giver.connect() as giver:
        assert not slots.exists(giver, way.name)
