"""What stands in the way of following is found before anything is done, and named with its way out."""

from dataclasses import replace

import pytest

from arraigo.move.relational.catalog import Column, Table
from arraigo.move.relational.replication.readiness import Facts, giver_hindrances, taker_hindrances

GOOD = Facts(
    version=16, wal_level="logical", standby=False, slots=5, senders=5, origins=5, workers=4, may_create=True,
    may_replicate=True, may_subscribe=True, foreign=(), always=(), leftovers=(), kept=-1,
)  # fmt: skip


def table(key: tuple[str, ...] = ("id",), identity: tuple[str, ...] = ("id",), **other: str) -> Table:
    columns = tuple(
        Column(name, kind, f"pg_catalog.{kind}", "b", "", not_null=True, default=None, generated="", identity="")
        for name, kind in {"id": "int4", "doc": other.pop("doc", "text")}.items()
    )
    values = {"persistence": "p", "kind": "r", "partition_of": ""} | other
    return Table("shop", "notes", columns=columns, key=key, identity=identity, rows=0, bytes=0, **values)


@pytest.mark.parametrize(
    ("change", "words", "remedy"),
    [
        ({"wal_level": "replica"}, "wal_level = replica", "wal_level = 'logical'"),
        ({"standby": True}, "standby", "primary"),
        ({"slots": 1}, "1 replication slots free", "max_replication_slots"),
        ({"senders": 0}, "0 replication senders free", "max_wal_senders"),
        ({"may_replicate": False}, "no right to replicate", "rds_replication"),
        ({"may_create": False}, "may create nothing", "GRANT CREATE"),
        ({"foreign": ("shop.notes",)}, "somebody else owns shop.notes", "owner"),
        ({"foreign": tuple("abcdefgh")}, "somebody else owns a, b, c, d, e and 3 more", "owner"),
    ],
)
def test_a_giver_that_lacks_something(change: dict[str, object], words: str, remedy: str) -> None:
    (found,) = giver_hindrances(replace(GOOD, **change), [table()], "the source")  # type: ignore[arg-type]
    assert words in found.what
    assert remedy in found.remedy
    assert found.stops


@pytest.mark.parametrize(
    ("change", "words", "remedy"),
    [
        ({"may_subscribe": False}, "may not create a subscription", "pg_create_subscription"),
        ({"may_subscribe": False, "version": 15}, "may not create a subscription", "superuser"),
        ({"workers": 0}, "no apply workers", "max_logical_replication_workers"),
        ({"origins": 0}, "no replication origin", "max_replication_slots"),
        ({"origins": 0, "version": 18}, "no replication origin", "max_active_replication_origins"),
    ],
)
def test_a_taker_that_lacks_something(change: dict[str, object], words: str, remedy: str) -> None:
    (found,) = taker_hindrances(replace(GOOD, **change), "the target")  # type: ignore[arg-type]
    assert words in found.what
    assert remedy in found.remedy
    assert found.stops


@pytest.mark.parametrize(
    ("found", "words", "stops"),
    [
        (table((), ()), "no replica identity", True),
        (table(persistence="u"), "unlogged", True),
        (table((), ("id", "doc"), doc="json"), "cannot be compared by doc", True),
        (table((), ("id", "doc")), "has no key", False),
    ],
)
def test_a_table_that_cannot_be_followed_well(found: Table, words: str, *, stops: bool) -> None:
    (hindrance,) = giver_hindrances(GOOD, [found], "the source")
    assert words in hindrance.what
    assert hindrance.stops is stops


def test_what_is_good_to_know_stops_nothing() -> None:
    facts = replace(GOOD, leftovers=("arraigo_20250101_00000000",), kept=1024, always=("shop.notes.audit",))
    found = [*giver_hindrances(facts, [table()], "the source"), *taker_hindrances(facts, "the target")]
    assert ["arraigo_20250101_00000000" in f.what or "1024 MB" in f.what or "audit" in f.what for f in found] == [
        True
    ] * 3
    assert not any(hindrance.stops for hindrance in found)


def test_nothing_stands_in_the_way_of_a_good_pair() -> None:
    assert giver_hindrances(GOOD, [table(), table((), (), kind="p")], "the source") == []
    assert taker_hindrances(GOOD, "the target") == []
