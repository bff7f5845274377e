"""A database that is followed, cut over under writes, and taken back, as the commands do it."""

import itertools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from arraigo import move
from arraigo.errors import CheckFailed, Conflict
from support.databases import address
from support.follow import SCHEMA, Writer, logical_server
from support.moves import sql, wrong

_numbers = itertools.count()
SLOTS = "FROM pg_replication_slots WHERE database = current_database()"
SUBSCRIPTIONS = """SELECT subname FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid
                    WHERE datname = current_database()"""
FOLLOW = move.Options(follow=True)


@contextmanager
def sides(older: int, newer: int, user: str = "postgres") -> Iterator[tuple[str, str]]:
    """A database with rows, as a user who owns it, and an empty one, on servers whose logs are decoded."""
    name = f"takeover_{os.getpid()}_{next(_numbers)}"
    with logical_server(older) as old, logical_server(newer) as new:
        if user != "postgres":
            with suppress(psycopg.errors.DuplicateObject):
                sql(old.url, f"CREATE ROLE {user} LOGIN REPLICATION")
            with suppress(psycopg.errors.DuplicateObject):
                sql(new.url, f"CREATE ROLE {user} LOGIN")
        sql(old.url, f"CREATE DATABASE {name}_s OWNER {user}")
        sql(new.url, f"CREATE DATABASE {name}_t")
        here, there = address(old, user, f"{name}_s"), address(new, "postgres", f"{name}_t")
        sql(here, SCHEMA.read_text())
        sql(here, "SELECT shop.fill(300); INSERT INTO shop.notes SELECT -n, 'note ' || n FROM generate_series(1, 9) n")
        try:
            yield here, there
        finally:
            for server, side in ((new, "t"), (old, "s")):
                url = address(server, "postgres", f"{name}_{side}")
                for (sub,) in sql(url, SUBSCRIPTIONS):
                    sql(url, f"ALTER SUBSCRIPTION {sub} DISABLE")
                    sql(url, f"ALTER SUBSCRIPTION {sub} SET (slot_name = NONE)")
                    sql(url, f"DROP SUBSCRIPTION {sub}")
                sql(url, f"SELECT pg_drop_replication_slot(slot_name) {SLOTS}")
            for server, side in ((new, "t"), (old, "s")):
                sql(server.url, f"DROP DATABASE {name}_{side} WITH (FORCE)")


def notes(url: str) -> dict[int, str]:
    return dict(sql(url, "SELECT id, body FROM shop.notes"))


def left(url: str) -> list[tuple[object, ...]]:
    """What of a move is left in a database."""
    return sql(
        url,
        f"""SELECT 'slot', slot_name::text {SLOTS}
           UNION ALL SELECT 'publication', pubname FROM pg_publication
           UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE tgname LIKE 'arraigo%'""",
    )


@pytest.mark.parametrize("older", [15, 16])
def test_under_writes_nothing_is_lost_on_the_way_there_and_back(older: int) -> None:
    with sides(older, 18) as (here, there), Writer(here) as writer:
        report = move.run(here, there, options=FOLLOW)
        assert wrong(report) == {}
        assert report.phase == "following"
        time.sleep(0.5)
        cut = move.cutover(report.run_id, there)
        writer.move_to(there)
        assert cut.phase == "cut_over"
        assert any(check.name == "pause" for check in cut.checks)
        time.sleep(0.5)
        back = move.rollback(report.run_id, there)
        writer.move_to(here)
        assert back.phase == "rolled_back"
        time.sleep(0.3)
        writer.stop()
        assert writer.refused
        mine = {key: body for key, body in notes(here).items() if key in writer.done}
        assert mine == {key: body for key, body in writer.done.items() if body is not None}
        assert left(here) == []


def test_where_the_source_may_not_subscribe_its_way_back_is_ours() -> None:
    with sides(15, 18, "takeover_owner") as (here, there):
        report = move.run(here, there, options=FOLLOW)
        assert wrong(report) == {}
        cut = move.cutover(report.run_id, there)
        assert "may not subscribe" in next(one.why for one in cut.transformations if one.what == "the way back")
        sql(there, "UPDATE shop.notes SET body = 'there' WHERE id = -1; INSERT INTO shop.notes VALUES (9001, 'new')")
        stop = threading.Event()
        helper = threading.Thread(target=lambda: move.back(report.run_id, there, stop))
        helper.start()
        until = time.monotonic() + 20
        while notes(here).get(9001) != "new" and time.monotonic() < until:
            time.sleep(0.1)
        stop.set()
        helper.join()
        assert notes(here)[9001] == "new"
        sql(there, "DELETE FROM shop.notes WHERE id = 9001; INSERT INTO shop.notes VALUES (9002, 'last')")
        assert move.rollback(report.run_id, there).phase == "rolled_back"
        found = notes(here)
        assert 9001 not in found
        assert (found[-1], found[9002]) == ("there", "last")
        sql(here, "UPDATE shop.notes SET body = 'here' WHERE id = -1")
        assert left(here) == []


def test_a_row_that_differs_on_the_target_stops_the_cut_over_and_opens_the_source_again() -> None:
    with sides(16, 18) as (here, there):
        report = move.run(here, there, options=FOLLOW)
        sql(there, "SET session_replication_role = replica; UPDATE shop.notes SET body = 'mine' WHERE id = -3")
        with pytest.raises(CheckFailed, match=r"shop\.notes"):
            move.cutover(report.run_id, there)
        sql(here, "UPDATE shop.notes SET body = 'still written' WHERE id = -4")
        sql(there, "SET session_replication_role = replica; UPDATE shop.notes SET body = 'note 3' WHERE id = -3")
        assert move.status(there, report.run_id)[0].phase == "following"
        move.rollback(report.run_id, there)
        assert left(here) == []


def test_after_an_offline_move_changes_on_the_target_are_given_up_only_when_asked() -> None:
    with sides(16, 18) as (here, there):
        report = move.run(here, there)
        move.cutover(report.run_id, there)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            sql(here, "UPDATE shop.notes SET body = 'x' WHERE id = -1")
        sql(there, "UPDATE shop.notes SET body = 'x' WHERE id = -1")
        with pytest.raises(Conflict, match=r"shop\.notes .*1 changed"):
            move.rollback(report.run_id, there)
        assert move.rollback(report.run_id, there, discard=True).phase == "rolled_back"
        sql(here, "UPDATE shop.notes SET body = 'y' WHERE id = -1")


def test_a_move_that_follows_is_run_again_without_harm_and_refused_otherwise() -> None:
    with sides(16, 18) as (here, there):
        report = move.run(here, there, options=FOLLOW)
        assert move.run(here, there, options=FOLLOW).run_id == report.run_id
        with pytest.raises(Conflict, match="follows its source"):
            move.run(here, there)
        move.rollback(report.run_id, there)
        assert left(here) == []


def test_a_way_back_that_nobody_wants_is_ended_and_keeps_no_log() -> None:
    with sides(16, 18) as (here, there):
        report = move.run(here, there, options=FOLLOW)
        with pytest.raises(Conflict, match="not cut over"):
            move.finish(report.run_id, there)
        move.cutover(report.run_id, there)
        assert any(kind == "slot" for kind, _ in left(there))
        found = move.finish(report.run_id, there)
        assert [one.why for one in found.transformations if one.what == "the way back"] == [
            "it was ended with arraigo move finish"
        ]
        assert left(there) == []
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            sql(here, "DELETE FROM shop.notes")
        sql(there, "DELETE FROM shop.notes WHERE id = -1")
        with pytest.raises(Conflict, match=r"shop\.notes"):
            move.rollback(report.run_id, there)
