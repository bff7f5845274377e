"""A cut-over and a rollback under writes, on two real servers."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from arraigo.errors import CheckFailed, Conflict, Unavailable
from arraigo.move.relational.replication import fence, following, sequences
from arraigo.move.relational.replication.applying import Applier
from arraigo.move.relational.replication.cutover import cutover
from arraigo.move.relational.replication.rollback import LIFT, rollback
from arraigo.move.relational.replication.subscription import NotSubscribed
from arraigo.move.reports import Check
from support import follow
from support.follow import Pair, Writer, connect, pair


@pytest.fixture(params=[(16, 18), (15, 18)], ids=["16-18", "15-18"])
def move(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with pair(*request.param) as found:
        yield found


@pytest.fixture
def newer() -> Iterator[Pair]:
    with pair(16, 18, rows=50) as found:
        yield found


def refused(url: str) -> bool:
    with connect(url) as connection:
        try:
            connection.execute("UPDATE shop.items SET price = price WHERE id = 1")
        except psycopg.errors.ReadOnlySqlTransaction:
            return True
    return False


def until_equal(move: Pair) -> None:
    for _ in range(200):
        if move.contents(move.source) == move.contents(move.target):
            return
        time.sleep(0.05)
    assert move.contents(move.source) == move.contents(move.target)


def test_nothing_is_lost_or_doubled_there_and_back(move: Pair) -> None:
    said: list[str] = []
    with Writer(move.source) as writer:
        move.copy_and_follow()
        move.execute(move.source, "TRUNCATE shop.keyless", "INSERT INTO shop.keyless VALUES (1, 'a'), (1, 'a')")
        cut = cutover(move.route, move.state, move.save, tell=said.append)
        writer.move_to(move.target)
        time.sleep(0.3)
        assert writer.refused > 0
        move.execute(
            move.target,
            "UPDATE shop.items SET price = price * 1.10 WHERE id < 20",
            "DELETE FROM shop.items WHERE id = 30",
            "INSERT INTO shop.items (name) VALUES ('on the target')",
            "UPDATE shop.keyless SET b = 'b'",
            "UPDATE shop.events SET at = 250 - at WHERE id < 40",
            "TRUNCATE shop.full_key",
        )
        assert refused(move.source)
        rollback(move.route, move.state, move.save, tell=said.append)
        assert refused(move.target)
        writer.move_to(move.source)
        time.sleep(0.2)
    writer.check(move.source)
    assert move.execute(move.source, "SELECT count(*) FROM shop.items WHERE name = 'on the target'") == [(1,)]
    assert move.steps == ["closing", "proved", "cut_over", "returning", "returned", "rolled_back"]
    assert any(f"{cut.pause:.2f} s" in line for line in said)
    assert move.ours(move.source) == []
    assert {what for what, _ in move.ours(move.target)} == {"trigger", "schema"}
    move.execute(move.target, LIFT)
    assert not refused(move.target)


def test_sequences_go_on_ahead(newer: Pair) -> None:
    newer.copy_and_follow()
    cutover(newer.route, newer.state, newer.save)
    found = [
        newer.execute(newer.target, f"SELECT last_value, is_called FROM shop.{name}")[0]
        for name in ("items_id_seq", "events_id_seq", "down", "fresh", "narrow")
    ]
    assert found == [(1050, True), (1050, True), (-2001, True), (1, False), (1, True)]
    newer.execute(newer.target, "INSERT INTO shop.items (name) VALUES ('on the target')")
    rollback(newer.route, newer.state, newer.save)
    assert newer.execute(newer.source, "SELECT last_value FROM shop.items_id_seq") == [(2051,)]


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        ("DELETE FROM shop.pairs WHERE n = 3", r"shop.pairs \(50 rows at the source, 49 at the target\)"),
        ("UPDATE shop.items SET price = 1.00 WHERE id = 7", r"shop.items \(50 rows, other contents\)"),
    ],
)
def test_a_difference_opens_the_source_again_and_following_goes_on(newer: Pair, harm: str, word: str) -> None:
    newer.execute(newer.source, "UPDATE shop.items SET price = 1.0 WHERE id = 7")
    newer.copy_and_follow()
    newer.execute(newer.target, harm)
    with pytest.raises(CheckFailed, match=word):
        cutover(newer.route, newer.state, newer.save)
    assert newer.state == {}
    assert not refused(newer.source)
    assert {what for what, _ in newer.ours(newer.source)} == {"slot", "publication"}
    assert {what for what, _ in newer.ours(newer.target)} == {"subscription"}
    newer.execute(newer.source, "INSERT INTO shop.notes VALUES (5, 'goes on')")
    newer.execute(newer.source, "DELETE FROM shop.pairs WHERE n = 3", "UPDATE shop.items SET price = 3 WHERE id = 7")
    until_equal(newer)
    cutover(newer.route, newer.state, newer.save)


def test_catalogs_are_compared_before_and_again_only_if_something_was_altered(newer: Pair) -> None:
    newer.copy_and_follow()
    asked = []

    def catalogs() -> list[Check]:
        asked.append(newer.steps.copy())
        return [Check("indexes", ok=len(asked) < 3, expected=1, found=0, detail="shop.pairs_pkey")]

    altered = iter([False, True])

    def save(state: dict[str, object]) -> None:
        newer.save(state)
        if state.get("step") == "closing" and next(altered):
            newer.execute(newer.target, "ALTER TABLE shop.notes ALTER body SET DEFAULT 'x'")

    cutover(newer.route, newer.state, save, catalogs=catalogs)
    assert asked == [[]]
    rollback(newer.route, newer.state, newer.save)
    newer.execute(newer.target, LIFT)
    newer.state = {}
    newer.execute(newer.target, "TRUNCATE shop.items CASCADE", *(f"TRUNCATE shop.{t}" for t in (
        "notes", "counters", "pairs", "other_key", "full_key", "keyless", "events")))  # fmt: skip
    newer.copy_and_follow()
    with pytest.raises(CheckFailed, match=r"indexes \(shop.pairs_pkey\)"):
        cutover(newer.route, newer.state, save, catalogs=catalogs)
    assert len(asked) == 3
    assert not refused(newer.source)


# Where the program is killed, by what it has done then, in the order of a cut-over and a rollback.
PLACES = [
    "subscription.subscribe",
    "fence.put_up",
    "proved",
    "subscription.unsubscribe",
    "subscription.enable",
]
PLACES_BACK = ["fence.put_up", "returned", "fence.let_pass", "slots.drop"]
PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from arraigo.move.relational.replication import fence, sequences, slots, subscription
from arraigo.move.relational.replication.cutover import cutover
from arraigo.move.relational.replication.rollback import rollback
from support.follow import Pair

way, place, kept, source, target, run = sys.argv[1:]
kept = Path(kept)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def save(state):
    kept.write_text(json.dumps(state))
    if state.get("step") == place:
        die()

if "." in place:
    room, name = place.split(".")
    work = getattr(globals()[room], name)
    def killed(*args, **options):
        found = work(*args, **options)
        die()
        return found
    setattr(globals()[room], name, killed)
route = Pair(source, target, run).route
state = json.loads(kept.read_text())
{"cutover": cutover, "rollback": rollback}[way](route, state, save)
"""


def run_until_killed(move: Pair, way: str, place: str, kept: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, way, place, str(kept), move.source, move.target, move.run_id]
    paths = os.pathsep.join(sys.path)
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, place


def test_killed_anywhere_it_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "state.json"
    kept.write_text("{}")
    with pair(16, 18, rows=50) as move:
        _there_and_back(move, kept)


def _there_and_back(move: Pair, kept: Path) -> None:
    with Writer(move.source) as writer:
        move.copy_and_follow()
        for place in PLACES:
            run_until_killed(move, "cutover", place, kept)
        move.state = json.loads(kept.read_text())
        cut = cutover(move.route, move.state, move.save)
        assert cut.pause > 0
        writer.move_to(move.target)
        time.sleep(0.2)
        move.execute(move.target, "INSERT INTO shop.notes VALUES (-5, 'on the target')")
        for place in PLACES_BACK:
            run_until_killed(move, "rollback", place, kept)
        move.state = json.loads(kept.read_text())
        rollback(move.route, move.state, move.save)
        writer.move_to(move.source)
        time.sleep(0.2)
    writer.check(move.source)
    assert move.ours(move.source) == []
    assert move.execute(move.source, "SELECT body FROM shop.notes WHERE id = -5") == [("on the target",)]


def test_two_databases_of_one_server_are_followed_at_once() -> None:
    with pair(16, 18, rows=20) as one, pair(16, 18, rows=30) as other:
        for move in (one, other):
            move.copy_and_follow()
        cutover(one.route, one.state, one.save)
        other.execute(other.source, "INSERT INTO shop.notes VALUES (5, 'goes on')")
        until_equal(other)
        assert refused(one.source)
        assert not refused(other.source)
        cutover(other.route, other.state, other.save)
        rollback(one.route, one.state, one.save)
        other.execute(other.target, "INSERT INTO shop.notes VALUES (6, 'goes on')")
        rollback(other.route, other.state, other.save)
        assert other.execute(other.source, "SELECT count(*) FROM shop.notes") == [(2,)]


def test_a_move_that_was_not_followed_goes_back_while_the_target_is_unchanged(newer: Pair) -> None:
    follow.copy(newer.route)
    cut = cutover(newer.route, newer.state, newer.save, followed=False)
    assert cut.back == "none"
    assert refused(newer.source)
    rollback(newer.route, newer.state, newer.save)
    assert not refused(newer.source)
    assert refused(newer.target)
    assert newer.ours(newer.source) == []


def test_what_would_be_given_up_is_listed_first(newer: Pair) -> None:
    follow.copy(newer.route)
    before = newer.contents(newer.source)
    cutover(newer.route, newer.state, newer.save, followed=False)
    newer.execute(
        newer.target,
        "INSERT INTO shop.notes VALUES (5, 'x'), (6, 'y')",
        "DELETE FROM shop.pairs WHERE n = 3",
        "UPDATE shop.pairs SET v = 'w' WHERE n IN (4, 5)",
        "INSERT INTO shop.keyless VALUES (1, 'v')",
    )
    with pytest.raises(Conflict) as caught:
        rollback(newer.route, newer.state, newer.save)
    for word in (
        "shop.notes (2 rows added, 0 removed, 0 changed)",
        "shop.pairs (0 rows added, 1 removed, 2 changed)",
        "shop.keyless (1 rows added, 0 removed, 0 changed)",
    ):
        assert word in str(caught.value)
    assert refused(newer.source)
    assert not refused(newer.target)
    returned = rollback(newer.route, newer.state, newer.save, discard=True)
    assert {found.label for found in returned.discarded} == {"shop.notes", "shop.pairs", "shop.keyless"}
    assert not refused(newer.source)
    assert newer.contents(newer.source) == before


def test_an_offline_move_that_differs_is_not_cut_over(newer: Pair) -> None:
    follow.copy(newer.route)
    newer.execute(newer.source, "INSERT INTO shop.notes VALUES (5, 'too late')")
    with pytest.raises(CheckFailed, match=r"shop.notes"):
        cutover(newer.route, newer.state, newer.save, followed=False)
    assert not refused(newer.source)


def test_who_was_killed_in_the_pause_may_give_up(newer: Pair) -> None:
    newer.copy_and_follow()
    with connect(newer.source) as connection:
        fence.put_up(connection, newer.route.name, newer.route.fenced, message="x", hint="y")
    with pytest.raises(Conflict, match="was not cut over"):
        rollback(newer.route, {"step": "closing"}, newer.save)
    assert not refused(newer.source)


def test_a_target_that_is_not_decoded_is_measured_in_the_pause() -> None:
    with pair(16, 18, rows=20, decoded=False) as move:
        move.copy_and_follow()
        with pytest.raises(Unavailable, match="does not run at wal_level = logical"):
            cutover(move.route, move.state, move.save)
        cut = cutover(move.route, move.state, move.save, back="none")
        assert cut.back == "none"
        assert refused(move.source)
        move.execute(move.target, "INSERT INTO shop.notes VALUES (5, 'x')")
        with pytest.raises(Conflict, match=r"shop.notes \(1 rows added"):
            rollback(move.route, move.state, move.save)
        move.execute(move.target, "DELETE FROM shop.notes")
        rollback(move.route, move.state, move.save)
        assert not refused(move.source)


def test_an_owner_that_is_no_superuser_is_enough_at_the_source(newer: Pair) -> None:
    """As on a managed server: it may replicate, and may not subscribe."""
    database = newer.source.split("/")[3].split("?")[0]
    newer.execute(
        newer.source,
        "DO $$BEGIN CREATE ROLE keeper LOGIN REPLICATION; EXCEPTION WHEN duplicate_object THEN NULL; END$$",
        "ALTER ROLE keeper REPLICATION",
        f"GRANT CREATE ON DATABASE {database} TO keeper",
        "ALTER SCHEMA shop OWNER TO keeper",
        *(f"ALTER TABLE {table.label} OWNER TO keeper" for table in newer.route.tables),
        "ALTER SEQUENCE shop.down OWNER TO keeper; ALTER SEQUENCE shop.fresh OWNER TO keeper",
        "ALTER SEQUENCE shop.narrow OWNER TO keeper",
    )
    keeper = replace(newer, source=newer.source.replace("postgres@", "keeper@"), state={}, steps=[])
    assert not [found for found in following.hindrances(keeper.route) if found.stops]
    (found,) = [found for found in following.hindrances(keeper.route, back=True) if found.stops]
    assert "may not create a subscription" in found.what
    keeper.copy_and_follow()
    with pytest.raises(NotSubscribed):
        cutover(keeper.route, keeper.state, keeper.save)
    key = "known to this run alone"
    cutover(keeper.route, keeper.state, keeper.save, back="own", pass_hash=hashlib.sha256(key.encode()).hexdigest())
    assert refused(newer.source)
    keeper.execute(keeper.target, "INSERT INTO shop.notes VALUES (5, 'on the target')", "DELETE FROM shop.items")
    route, name = keeper.route, keeper.route.back.name
    connections = (route.target.connect, route.source.connect)
    with Applier(*connections, slot=name, publication=name, tables=route.tables, pass_key=key) as applier:
        rollback(route, keeper.state, keeper.save, way_back=applier)
    assert newer.execute(newer.source, "SELECT body FROM shop.notes") == [("on the target",)]
    assert newer.ours(newer.source) == []


def test_there_is_nothing_to_go_back_from_before_a_cutover(newer: Pair) -> None:
    with pytest.raises(Conflict, match="was not cut over"):
        rollback(newer.route, {}, newer.save)


def test_a_writer_that_does_not_end_keeps_the_source_open(newer: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arraigo.move.relational.replication.fence._WAITS", (0.05,))
    newer.copy_and_follow()
    with connect(newer.source) as writer:
        original = newer.save

        def save(state: dict[str, object]) -> None:
            original(state)
            if state.get("step") == "closing":
                writer.execute("BEGIN; INSERT INTO shop.notes VALUES (5, 'x')")

        with pytest.raises(Unavailable, match=r"writes could not be stopped: process"):
            cutover(newer.route, newer.state, save)
        writer.execute("COMMIT")
    assert not refused(newer.source)
    until_equal(newer)


class Lost(Exception):
    """What `save` ends with, when nobody knows whether the commit came through."""


def test_what_may_have_been_kept_is_not_relied_on(newer: Pair) -> None:
    newer.copy_and_follow()
    lose = ["proved", "returned"]

    def save(state: dict[str, object]) -> None:
        newer.save(state)
        if state.get("step") in lose:
            raise Lost

    with pytest.raises(Lost):
        cutover(newer.route, newer.state, save)
    assert not refused(newer.source)
    newer.execute(newer.source, "INSERT INTO shop.notes VALUES (1, 'between')")
    with pytest.raises(Conflict, match="was not cut over"):
        rollback(newer.route, newer.state, newer.save)
    cutover(newer.route, newer.state, newer.save)
    assert newer.execute(newer.target, "SELECT id FROM shop.notes") == [(1,)]
    with pytest.raises(Lost):
        rollback(newer.route, newer.state, save)
    kept = {**newer.state, "step": "returned"}
    assert not refused(newer.target)
    newer.execute(newer.target, "INSERT INTO shop.notes VALUES (2, 'between')")
    with pytest.raises(Conflict, match="on its way back"):
        cutover(newer.route, kept, newer.save)
    rollback(newer.route, kept, newer.save)
    assert newer.execute(newer.source, "SELECT id FROM shop.notes ORDER BY 1") == [(1,), (2,)]


def test_a_target_that_drops_out_in_the_pause_opens_the_source_again(
    newer: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer.copy_and_follow()
    put = sequences.put

    def cut(connection: psycopg.Connection[object], positions: list[sequences.Position]) -> None:
        newer.execute(newer.target, f"SELECT pg_terminate_backend({connection.info.backend_pid})")
        put(connection, positions)

    monkeypatch.setattr(sequences, "put", cut)
    with pytest.raises(Unavailable):
        cutover(newer.route, newer.state, newer.save)
    assert not refused(newer.source)
    monkeypatch.undo()
    cutover(newer.route, newer.state, newer.save)
    assert refused(newer.source)


def test_giving_up_leaves_nothing(newer: Pair) -> None:
    newer.copy_and_follow()
    following.lift(newer.route)
    following.lift(newer.route)
    assert newer.ours(newer.source) == newer.ours(newer.target) == []
