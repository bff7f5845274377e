"""The fence stops whoever writes, and lets through whom it is to let through."""

import hashlib
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from arraigo.errors import Unavailable
from arraigo.move.relational.replication import fence
from support.follow import Pair, connect, pair

WRITES = [
    "INSERT INTO shop.notes VALUES (1, 'x')",
    "UPDATE shop.items SET name = 'x'",
    "DELETE FROM shop.items",
    "TRUNCATE shop.notes",
    "TRUNCATE shop.items CASCADE",
    "INSERT INTO shop.events (at, what) VALUES (1, 'x')",
    "INSERT INTO shop.events_early (at, what) VALUES (1, 'x')",
    "UPDATE shop.keyless SET a = 1 WHERE false",
    "WITH gone AS (DELETE FROM shop.notes RETURNING *) SELECT count(*) FROM gone",
    "COPY shop.notes FROM PROGRAM 'echo 1'",
]
NAME = "arraigo_20260131_1a2b3c4d"


@pytest.fixture(scope="module", params=[15, 18])
def server(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with pair(request.param, 18, rows=20) as found:
        yield found


@pytest.fixture
def move(server: Pair) -> Iterator[Pair]:
    yield server
    with connect(server.source) as connection:
        assert fence.take_down(connection, NAME) == ()
    assert server.ours(server.source) == []


def put_up(move: Pair, pass_hash: str = "") -> float:
    with connect(move.source) as connection:
        return fence.put_up(
            connection, NAME, move.route.fenced, message="it's 100% {moved}", hint="go there", pass_hash=pass_hash
        )


def test_it_stops_a_superuser_whatever_he_writes(move: Pair) -> None:
    with connect(move.source) as open_before:
        open_before.execute("SET default_transaction_read_only = off")
        put_up(move)
        for statement in WRITES:
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match=r"it's 100% \{moved\}") as caught:
                open_before.execute(statement.encode())
            assert caught.value.diag.message_hint == "go there"
        assert open_before.execute("SELECT count(*) FROM shop.items").fetchone() == (20,)


def test_who_has_the_key_passes_and_nobody_else(move: Pair) -> None:
    put_up(move, hashlib.sha256(b"the key").hexdigest())
    with connect(move.source) as connection:
        for key in ("", "another", hashlib.sha256(b"the key").hexdigest()):
            connection.execute("SELECT set_config('arraigo.pass', %s, false)", [key])
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                connection.execute("UPDATE shop.items SET name = 'x'")
        connection.execute("SELECT set_config('arraigo.pass', 'the key', false)")
        connection.execute("UPDATE shop.items SET name = 'y'")


def test_a_replica_passes(move: Pair) -> None:
    put_up(move)
    with connect(move.source) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE shop.items SET name = 'z'")


def test_it_can_be_put_up_and_let_everybody_pass_again_and_again(move: Pair) -> None:
    for _ in range(2):
        put_up(move)
        with connect(move.source) as connection:
            assert fence.stands(connection, NAME)
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                connection.execute("DELETE FROM shop.notes")
            fence.let_pass(connection, NAME)
            fence.let_pass(connection, NAME)
            assert not fence.stands(connection, NAME)
            connection.execute("DELETE FROM shop.notes")


def test_two_runs_have_a_fence_each(move: Pair) -> None:
    put_up(move)
    with connect(move.source) as connection:
        fence.put_up(connection, f"{NAME}_2", move.route.fenced[:1], message="other", hint="")
        fence.take_down(connection, f"{NAME}_2")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="moved"):
            connection.execute("DELETE FROM shop.notes")


def test_it_waits_for_what_was_let_through(move: Pair) -> None:
    with connect(move.source) as writer:
        writer.execute("BEGIN; INSERT INTO shop.notes VALUES (77, 'in time')")
        thread = threading.Timer(0.2, lambda: writer.execute("COMMIT"))
        thread.start()
        put_up(move)
        thread.join()
    assert move.execute(move.source, "SELECT body FROM shop.notes WHERE id = 77") == [("in time",)]


def test_a_transaction_that_does_not_end_is_named_and_nothing_stands(
    move: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fence, "_WAITS", (0.05, 0.05))
    with connect(move.source) as writer:
        writer.execute("BEGIN; INSERT INTO shop.notes VALUES (78, 'x')")
        with pytest.raises(Unavailable, match=rf"process {writer.info.backend_pid} holds shop.notes"):
            put_up(move)
        writer.execute("COMMIT")
    assert move.ours(move.source) == []


def test_maintenance_is_waited_for_while_writes_go_on(move: Pair) -> None:
    with connect(move.source) as vacuum, connect(move.source) as writer:
        vacuum.execute("BEGIN; LOCK TABLE shop.notes IN SHARE UPDATE EXCLUSIVE MODE")
        fencing = threading.Thread(target=put_up, args=[move])
        fencing.start()
        writer.execute("SET statement_timeout = '500ms'")
        for _ in range(100):
            writer.execute("UPDATE shop.notes SET body = body")
            time.sleep(0.005)
        vacuum.execute("COMMIT")
        fencing.join()
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            writer.execute("UPDATE shop.notes SET body = body")


def test_who_reads_does_not_keep_it_from_opening_at_once(move: Pair) -> None:
    put_up(move)
    with connect(move.source) as reader, connect(move.source) as connection:
        reader.execute("BEGIN; SELECT count(*) FROM shop.notes")
        assert fence.take_down(connection, NAME) == ("shop.notes",)
        connection.execute("INSERT INTO shop.notes VALUES (79, 'x')")
        reader.execute("COMMIT")
