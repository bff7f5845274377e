"""Whatever is changed in a database, its check fails and names it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.move.relational import catalog
from arraigo.move.relational.catalog import Catalog, Connection
from arraigo.move.relational.changes import Changes
from arraigo.move.relational.checks import NAMES, compare, of_critical_rows, of_orphans, of_rows
from arraigo.move.relational.deparsing import Pair, settle
from arraigo.move.relational.differences import difference
from arraigo.move.relational.fingerprints import Fingerprint
from arraigo.move.relational.integrity import Matching, orphans
from arraigo.move.reports import Check

SCHEMAS = ["shop", "Odd Name"]
_STATEMENTS = re.split(
    r"^-- (\w+): (.+)\n", (Path(__file__).parent / "faults.sql").read_text(encoding="utf-8"), flags=re.MULTILINE
)
FAULTS = list(zip(_STATEMENTS[1::3], _STATEMENTS[2::3], _STATEMENTS[3::3], strict=True))


def failing(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.detail for check in checks if not check.ok}


@pytest.fixture(scope="module")
def source(everything: Any) -> Catalog:
    return catalog.read(everything(18), SCHEMAS)


@pytest.fixture
def target(everything: Any) -> Iterator[Connection]:
    connection: Connection = everything(18)
    with connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture(scope="module")
def older(everything: Any) -> Catalog:
    return catalog.read(everything(15), SCHEMAS)


@pytest.fixture(scope="module")
def known() -> set[Pair]:
    return set()


@pytest.mark.parametrize(
    ("check", "named", "statement"), FAULTS, ids=[f"{check}-{named}" for check, named, _ in FAULTS]
)
def test_a_fault_is_named_by_its_check(
    older: Catalog, target: Connection, known: set[Pair], check: str, named: str, statement: str
) -> None:
    """Held against the same schema on another version, where much is said in other words."""
    target.execute(statement.encode())
    found = catalog.read(target, SCHEMAS)
    told = failing(compare(settle(target, older, found, known), found))
    assert named in told.get(check, ""), told


def test_what_is_as_it_was_passes_every_check_in_the_report_s_order(source: Catalog, target: Connection) -> None:
    checks = compare(source, catalog.read(target, SCHEMAS))
    assert failing(checks) == {}
    names = [check.name for check in checks]
    assert names == [name for name in NAMES if name in names]
    assert set(NAMES) - set(names) == {"rows", "fingerprints", "orphans", "critical_rows"}


def test_a_sequence_may_be_ahead_and_not_behind_its_table(source: Catalog, target: Connection) -> None:
    from arraigo.move.relational.integrity import sequences_behind

    target.execute("SELECT setval('shop.tickets', 50)")
    target.execute("INSERT INTO shop.people (id, code) VALUES (200, 'a'), (100, 'b')")
    target.execute("INSERT INTO shop.orders (id, person, placed) VALUES (1, 100, '2025-05-05')")
    found = catalog.read(target, SCHEMAS)
    behind = sequences_behind(target, found)
    assert [(b.sequence, b.column, b.next, b.highest) for b in behind] == [
        ("shop.orders_id_seq", "shop.orders.id", 1, 1),
        ("shop.people_id_seq", "shop.people.id", 100, 200),
    ]
    told = failing(compare(source, found, behind=behind))
    assert set(told) == {"sequences"}
    assert "behind its table: shop.people_id_seq: next 100, shop.people.id has 200" in told["sequences"]
    target.execute("SELECT setval('shop.people_id_seq', 200), setval('shop.orders_id_seq', 2, false)")
    assert sequences_behind(target, catalog.read(target, SCHEMAS)) == []


def test_only_what_is_allowed_may_be_extra(source: Catalog, target: Connection) -> None:
    target.execute("CREATE TABLE shop.more ()")
    found = catalog.read(target, SCHEMAS)
    allowed = {("tables", "shop.more"), ("grants", "shop.more owner"), ("grants", "shop.more to shop_writer")}
    assert set(failing(compare(source, found))) == {"tables", "grants"}
    assert failing(compare(source, found, allowed=allowed)) == {}


def test_an_extension_s_version_and_one_more_extension_are_told_and_are_no_fault(source: Catalog) -> None:
    found = replace(source, extensions={"plpgsql": "1.1", "more": "1"})
    objects = found.objects | {"extensions": {**found.objects["extensions"], "more": "in schema public"}}
    checks = compare(source, replace(found, objects=objects))
    assert failing(checks) == {}
    (told,) = [check.detail for check in checks if check.name == "extensions"]
    assert told == "extra: more\nplpgsql is 1.1, 1.0 in the source"


def test_a_report_names_the_first_twenty_and_counts_all(source: Catalog) -> None:
    none = replace(source, objects=source.objects | {"grants": {}})
    detail = failing(compare(source, none))["grants"]
    total = len(source.objects["grants"])
    assert detail.count("missing: ") == 20
    assert detail.endswith(f"and {total - 20} more, {total} in all")


def test_tables_that_are_left_out_take_what_is_theirs_with_them(source: Catalog, target: Connection) -> None:
    changes = Changes(
        tables=frozenset({"shop.people", "shop.cache"}), dropped=frozenset({("functions", "shop.watch()")})
    )
    expected = changes.applied(source)
    target.execute("DROP TABLE shop.people, shop.cache CASCADE; DROP EVENT TRIGGER watcher; DROP FUNCTION shop.watch")
    told = failing(compare(expected, catalog.read(target, SCHEMAS)))
    # What was made of them goes with them, and is for the plan to say.
    assert set(told) == {"views", "grants", "triggers", "indexes"}
    assert set(re.findall(r"missing: (?:rule )?([^\n]*)", "\n".join(told.values()))) == {
        "shop.m_counts", "shop.m_counts_status", "shop.v_of_view", "shop.v_recursive", "shop.v_savings",
        "shop.v_simple",
        "shop.v_simple.no_insert", "event trigger watcher", "shop.watch() owner", "shop.watch() to PUBLIC",
        *(f"shop.{view} {grant}" for view in ("m_counts", "v_of_view", "v_recursive", "v_savings", "v_simple")
          for grant in ("owner", "to shop_reader")),
    }  # fmt: skip
    assert all(key.references != "shop.people" for key in expected.foreign_keys)
    assert "shop.people_id_seq" not in expected.sequences


def test_roles_owners_and_texts_that_are_meant_to_differ(source: Catalog, target: Connection) -> None:
    changes = Changes(
        roles={"shop_reader": "", "shop_writer": "shop_owner"},
        owner="shop_owner",
        replaced=((re.compile(r"\bnow\(\)"), "clock_timestamp()"),),
    )
    for statement in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA shop FROM shop_reader, shop_writer",
        "REVOKE UPDATE (price) ON shop.people FROM shop_reader",
        "REVOKE ALL ON SEQUENCE shop.tickets FROM shop_writer",
        "REVOKE ALL ON SCHEMA shop FROM shop_reader, shop_writer",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE ALL ON TABLES FROM shop_writer",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE ALL ON FUNCTIONS FROM shop_reader",
        "ALTER POLICY own ON shop.people TO shop_owner",
        "ALTER POLICY those ON shop.people TO shop_owner",
        "ALTER TABLE shop.people ALTER created_at SET DEFAULT clock_timestamp()",
        "ALTER TABLE shop.people ALTER updated_at SET DEFAULT (clock_timestamp() + '1 day'::interval)",
        """CREATE OR REPLACE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS
           $$BEGIN NEW.updated_at = clock_timestamp(); RETURN NEW; END$$""",
    ):
        target.execute(statement.encode())
    found = catalog.read(target, SCHEMAS)
    assert set(failing(compare(source, found))) == {"tables", "functions", "policies", "grants"}
    told = failing(compare(changes.applied(source), found))
    assert set(told) == {"grants"}
    # Nobody became the owner of anything here, but every grant is where it should be.
    assert re.findall(r"^(?:missing|extra).*", told["grants"], re.MULTILINE) == [
        "missing: default for postgres in shop on tables to shop_owner"
    ]


def test_rows_that_are_not_known_not_there_or_not_the_same_are_faults() -> None:
    same, other = Fingerprint(2, "00000000000000aa"), Fingerprint(2, "00000000000000ab")
    assert [check.ok for check in of_rows({"a": (same, same)})] == [True, True]
    rows, prints = of_rows({"a": (same, same), "b": (same, other)})
    assert (rows.ok, prints.ok, prints.expected, prints.found) == (True, False, 2, 1)
    assert prints.detail == "changed: b: 00000000000000aa expected, 00000000000000ab found"
    rows, prints = of_rows({"a": (same, Fingerprint(1, same.hash))})
    assert (rows.detail, prints.detail) == ("a: 2 expected, 1 found", "changed: a: not as many rows")
    assert [check.ok for check in of_rows({"a": (same, same), "b": (same, None)})] == [False, False]
    assert [check.ok for check in of_rows({})] == [False, False]
    assert not of_rows({"a": (Fingerprint(), Fingerprint())})[0].ok


def test_orphans_are_looked_for_on_every_foreign_key(source: Catalog, target: Connection) -> None:
    for statement in (
        "SET LOCAL session_replication_role = replica",
        "INSERT INTO shop.people (id, code, boss) VALUES (1, 'a', 2), (3, 'b', 3), (4, 'c', NULL)",
        "INSERT INTO shop.orders (id, person, placed) SELECT n, 3 * n * n, '2025-5-5' FROM generate_series(1, 3) n",
        # MATCH FULL: all there, all NULL, some NULL, none there.
        "INSERT INTO shop.lines (order_id, placed) VALUES (1, '2025-5-5'), (NULL, NULL), (1, NULL), (7, '2025-5-5')",
        "INSERT INTO shop.odd_child (parent) VALUES (5), (NULL)",
    ):
        target.execute(statement.encode())
    found = orphans(target, source)
    assert found == {
        "shop.lines.lines_order_id_placed_fkey": 2,
        "shop.odd_child.odd_child_parent_fkey": 1,
        "shop.orders.orders_person_fkey": 2,
        "shop.people.people_boss_fkey": 1,
    }
    none = dict.fromkeys(found, 0)
    assert of_orphans(source, none, none).ok
    check = of_orphans(source, none, found)
    assert (check.ok, check.expected, check.found) == (False, 0, 6)
    assert "shop.orders.orders_person_fkey: 2 rows without a parent, 0 in the source" in check.detail
    # A key that was never validated may have them, as many as in the source; one that was may not.
    child = {"shop.odd_child.odd_child_parent_fkey": 1}
    assert of_orphans(source, none | child, none | child).ok
    assert not of_orphans(source, found, found).ok
    assert not of_orphans(source, none, child).ok


def test_critical_rows_are_counted_on_both_sides_by_the_owner_s_own_condition(
    target: Connection, source: Catalog
) -> None:
    from arraigo.errors import InvalidInput
    from arraigo.move.relational.integrity import critical_rows

    target.execute("INSERT INTO shop.people (code, status) VALUES ('a', 'active'), ('b', 'pending'), ('%s', 'active')")
    conditions = {"people": "status = 'active' AND code LIKE '%' -- those who pay", "shop.base": "a > 0"}
    found = critical_rows(target, source, conditions)
    assert found == {"people": Matching(3, 2), "shop.base": Matching(0, 0)}
    people = {"people": found["people"]}
    check = of_critical_rows(people, people)
    assert (check.ok, check.expected) == (True, {"people": "2 of 3"})
    assert not of_critical_rows(found, found).ok  # a table without a row proves nothing
    assert of_critical_rows(people, {"people": Matching(3, 1)}).detail == "people: 2 of 3 expected, 1 of 3 found"
    assert not of_critical_rows(people, {}).ok
    for bad in ("price = 'x'", "true); DELETE FROM people; SELECT (true", "nextval('tickets') > 0", "no_such = 1"):
        with pytest.raises(InvalidInput, match=r"the condition on shop\.people cannot be asked"):
            critical_rows(target, source, {"people": bad})
    with pytest.raises(InvalidInput, match="nobody, whose rows shall be counted, is not among the tables"):
        critical_rows(target, source, {"nobody": "true"})
    assert critical_rows(target, source, conditions) == found


@given(st.text(st.characters(codec="utf-8"), max_size=400), st.integers(0, 399), st.characters(codec="utf-8"))
def test_the_changed_character_is_shown(text: str, place: int, character: str) -> None:
    place = min(place, len(text))
    changed = text[:place] + character + text[place + 1 :]
    told = difference(text, changed)
    assert bool(told) == (text != changed)
    if text != changed and character.isprintable():
        assert character in told
    assert len(told) < 1200
