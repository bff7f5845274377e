"""The fingerprint of now, told from the one of before and the log, is what measuring everything anew gives."""

import pytest

from arraigo.move.relational.replication import publication, slots
from arraigo.move.relational.replication.tally import Tally, Whole
from support.follow import Pair, connect, pair

CHANGES = [
    "UPDATE shop.items SET price = price * 1.10 WHERE id % 3 = 0",
    "UPDATE shop.items SET name = name || '!' WHERE id = 5",  # its long text stays where it is, and is not told
    "DELETE FROM shop.items WHERE id = 7",  # cascades
    "INSERT INTO shop.items (name, mood) SELECT 'new', 'urgent' FROM generate_series(1, 20)",
    """UPDATE shop.pairs SET "Day" = "Day" + 1000, mood = 'urgent' WHERE n < 10""",
    "UPDATE shop.pairs SET v = 'w' WHERE n = 11",
    "DELETE FROM shop.pairs WHERE n = 12",
    "UPDATE shop.other_key SET code = code || 'x', n = n + 0.5 WHERE id < 5",
    "UPDATE shop.other_key SET id = id + 5000 WHERE id = 6",
    "DELETE FROM shop.other_key WHERE id = 7",
    "UPDATE shop.full_key SET id = -id WHERE id < 5; DELETE FROM shop.full_key WHERE id = 6",
    "UPDATE shop.events SET at = 250 - at WHERE id < 40",  # from one partition to the other
    "DELETE FROM shop.events WHERE at = 11",
    "INSERT INTO shop.notes VALUES (-1, 'x'); DELETE FROM shop.notes; INSERT INTO shop.notes VALUES (-1, 'y')",
    "BEGIN; INSERT INTO shop.notes VALUES (-2, 'x'); ROLLBACK",
]


@pytest.fixture(scope="module", params=[15, 16, 18])
def move(request: pytest.FixtureRequest) -> object:
    with pair(request.param, 18) as found:
        found.execute(found.source, "CREATE TABLE shop.elsewhere (id integer PRIMARY KEY)")
        yield found


def test_it_is_what_measuring_anew_gives(move: Pair) -> None:
    route = move.route
    tables = route.proved(route.source)
    with route.source.connect() as connection:
        publication.publish(connection, "arraigo_tally", route.followed)
    with Tally(route.source, "arraigo_tally", tables) as tally:
        tally.come_close()
        before = tally.now()
        assert before == Whole(route.source, tables).now()
        move.execute(move.source, *CHANGES)
        assert tally.now() == Whole(route.source, tables).now() != before
        move.execute(move.source, "UPDATE shop.items SET price = 1.00 WHERE id = 1")
        tally.come_close()
        move.execute(
            move.source, "UPDATE shop.items SET price = 1.0 WHERE id = 1", "DELETE FROM shop.pairs WHERE n = 20"
        )
        assert tally.now() == Whole(route.source, tables).now()
        for emptied in ("keyless SET a = 9 WHERE a = 1", "keyless SET b = 'w'"):
            move.execute(move.source, f"UPDATE shop.{emptied}")
            assert tally.now() == Whole(route.source, tables).now()
        move.execute(move.source, "TRUNCATE shop.items CASCADE", "INSERT INTO shop.items (name) VALUES ('after')")
        assert tally.now() == Whole(route.source, tables).now()
        tally.come_close()
        move.execute(move.source, "UPDATE shop.items SET name = 'later'")
        assert tally.now() == Whole(route.source, tables).now()


def test_a_slot_of_it_does_not_outlive_it(move: Pair) -> None:
    route = move.route
    with route.source.connect() as connection:
        publication.publish(connection, "arraigo_tally", route.followed)
    with Tally(route.source, "arraigo_tally", route.proved(route.source)) as tally:
        tally.come_close()
        assert move.execute(move.source, "SELECT 1 FROM pg_replication_slots WHERE slot_name LIKE 'arraigo_tally%'")
    for _ in range(100):
        if not move.execute(move.source, "SELECT 1 FROM pg_replication_slots WHERE slot_name LIKE 'arraigo_tally%'"):
            break
    else:
        pytest.fail("the slot is still there")
    move.execute(move.source, "DROP PUBLICATION arraigo_tally")


def test_what_was_committed_without_waiting_for_the_disk_is_told_too(move: Pair) -> None:
    """As an apply worker commits: only what is on the disk is decoded."""
    with connect(move.source) as hasty, connect(move.source) as connection:
        hasty.execute("SET synchronous_commit = off")
        for number in range(20):
            hasty.execute("INSERT INTO shop.notes VALUES (%s, 'hasty')", [1000 + number])
            lsn = slots.settle(connection)
            assert connection.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [lsn]).fetchone() == (True,)
