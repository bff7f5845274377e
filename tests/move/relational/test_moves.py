"""A whole database, moved and proved, on every pair of servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from arraigo import move
from arraigo.errors import CheckFailed, Conflict, InvalidInput
from arraigo.move.relational import expectation
from support import every_kind
from support.databases import Servers
from support.moves import databases, shop, sql, wrong

# What the target's build lacks, and what no move brings.
BEHIND = move.Options(accepted=("large objects",))


@pytest.mark.parametrize(("source", "target"), [(15, 18), (16, 18), (18, 16), (18, 15)])
def test_every_kind_of_object_moves(all_servers: Servers, source: int, target: int) -> None:
    both = min(source, target)

    def fill(connection: object) -> None:
        every_kind.make(connection, version=both, without={"icu", "lz4", "xml", "vector"})  # type: ignore[arg-type]

    with databases(all_servers, source, target, fill) as (here, there):
        report = move.run(here, there, options=BEHIND)
        assert wrong(report) == {}
        assert report.ok
        assert {check.name for check in report.checks} >= {"tables", "rows", "fingerprints", "grants", "policies"}
        assert move.verify(report.run_id, there).ok


def test_tables_in_ranges_of_their_key_add_up(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "ANALYZE")
        report = move.run(here, there, options=move.Options(slice_bytes=64_000))
        assert report.ok
        names = [name for (name,) in sql(there, "SELECT unit FROM arraigo_move.units ORDER BY 1")]
        assert sum(name.startswith("public.orders [") for name in names) > 3
        assert {unit.name: unit.target_rows for unit in report.units}["public.orders"] == 5000


@pytest.fixture(scope="module")
def moved(all_servers: Servers) -> Iterator[tuple[str, str, str]]:
    """A shop that was moved; what a test changes, it changes back."""
    with databases(all_servers, 16, 18, shop) as (here, there):
        report = move.run(here, there)
        assert report.ok
        yield here, there, report.run_id


@pytest.mark.parametrize(
    ("change", "undo", "check", "named"),
    [
        (
            "UPDATE public.customers SET name = 'Customer 7' WHERE id = 7",
            "UPDATE public.customers SET name = 'customer 7' WHERE id = 7",
            "fingerprints",
            "public.customers",
        ),
        (
            "UPDATE public.payments SET amount = 1.5 WHERE id = 3",
            "UPDATE public.payments SET amount = 1.50 WHERE id = 3",
            "fingerprints",
            "public.payments",
        ),
        (
            "DELETE FROM public.payments WHERE id = 3",
            """INSERT INTO public.payments (id, order_id, amount) OVERRIDING SYSTEM VALUE
                    SELECT 3, order_id, 1.50 FROM gone""",
            "rows",
            "public.payments",
        ),
        (
            "DROP INDEX public.orders_with_note",
            "CREATE INDEX orders_with_note ON public.orders (note) WHERE note IS NOT NULL",
            "indexes",
            "orders_with_note",
        ),
        (
            "ALTER TABLE public.orders ALTER placed SET DEFAULT '2026-02-01 12:00+00'",
            "ALTER TABLE public.orders ALTER placed SET DEFAULT '2026-01-31 12:00+00'",
            "tables",
            "public.orders",
        ),
        (
            "ALTER TABLE public.customers DISABLE TRIGGER customers_touched",
            "ALTER TABLE public.customers ENABLE TRIGGER customers_touched",
            "triggers",
            "customers_touched",
        ),
        (
            "SELECT setval('public.customers_id_seq', 3)",
            "SELECT setval('public.customers_id_seq', 500)",
            "sequences",
            "customers_id_seq",
        ),
        (
            "GRANT SELECT ON public.orders TO kinds_reader",
            "REVOKE SELECT ON public.orders FROM kinds_reader",
            "grants",
            "kinds_reader",
        ),
    ],
)
def test_a_change_on_the_target_is_found_and_named(
    moved: tuple[str, str, str], change: str, undo: str, check: str, named: str
) -> None:
    _, there, run = moved
    quiet = "SET session_replication_role = replica; CREATE TEMP TABLE gone AS TABLE public.payments; "
    sql(there, "CREATE TABLE IF NOT EXISTS arraigo.gone AS TABLE public.payments")
    sql(there, quiet + change)
    try:
        report = move.verify(run, there)
        assert not report.ok
        assert named in wrong(report)[check]
    finally:
        sql(there, quiet.replace("TABLE public.payments", "SELECT * FROM arraigo.gone WHERE id = 3") + undo)
    assert move.verify(run, there).ok


def test_what_is_on_the_target_already_is_neither_touched_nor_compared(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(there, "CREATE TABLE public.mine (id int); INSERT INTO public.mine VALUES (1)")
        assert move.run(here, there).ok
        assert sql(there, "SELECT * FROM public.mine") == [(1,)]


def test_a_table_that_stands_in_the_way_stops_the_move_before_it_begins(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(there, "CREATE TABLE public.orders (mine int)")
        with pytest.raises(CheckFailed, match=r"public\.orders cannot move: .* already exists"):
            move.run(here, there)
        assert sql(there, "SELECT to_regclass('public.customers')") == [(None,)]


def test_parts_of_a_database_move_by_themselves(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        report = move.run(here, there, options=move.Options(tables=("public.customers",)))
        assert [unit.name for unit in report.units] == ["public.customers"]
        assert wrong(report) == {}
        with pytest.raises(InvalidInput, match=r"began with --table public\.customers"):
            move.run(here, there)


def test_without_the_table_that_it_refers_to_a_key_stays_behind_only_when_accepted(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        without = move.Options(excluded=("public.customers",))
        with pytest.raises(CheckFailed, match="orders_customer_id_fkey"):
            move.run(here, there, options=without)
        accepted = move.Options(excluded=("public.customers",), accepted=("foreign key public.orders *",))
        report = move.run(here, there, options=accepted)
        assert wrong(report) == {}
        assert any("orders_customer_id_fkey" in one.what for one in report.transformations)


def test_an_inventory_that_is_not_met_stops_the_move(all_servers: Servers, tmp_path: Path) -> None:
    file = tmp_path / "expect.toml"
    with databases(all_servers, 16, 18, shop) as (here, there):
        file.write_text("tables = 53\n[critical_rows]\norders = 'note IS NOT NULL'\n")
        with pytest.raises(CheckFailed, match="expected tables: 53, and the source has 3"):
            move.run(here, there, options=move.Options(expected=expectation.read(file)))
        file.write_text("tables = 3\ntriggers = '>= 1'\n[critical_rows]\norders = 'note IS NOT NULL'\n")
        report = move.run(here, there, options=move.Options(expected=expectation.read(file)))
        assert report.ok
        check = next(one for one in report.checks if one.name == "critical_rows")
        assert (check.expected, check.found) == ({"orders": "1666 of 5000"}, {"orders": "1666 of 5000"})


def test_a_plan_writes_nothing(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        objects = "SELECT oid, relname, xmin FROM pg_class WHERE relname NOT LIKE 'pg_%' ORDER BY oid"
        before = sql(here, objects), sql(there, objects)
        found = move.plan_database(here, there)
        assert [one.name for one in found.tables] == ["public.customers", "public.orders", "public.payments"]
        assert [one.level for one in found.tables] == [0, 1, 2]
        assert found.cannot_move == ()
        assert (sql(here, objects), sql(there, objects)) == before


def test_after_the_cut_over_the_same_move_is_refused(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        report = move.run(here, there)
        assert move.cutover(report.run_id, there).phase == "cut_over"
        with pytest.raises(Conflict, match="is cut over"):
            move.run(here, there)
        assert move.rollback(report.run_id, there).phase == "rolled_back"
        sql(here, "UPDATE public.customers SET credit = 1")


def test_what_was_written_on_the_target_since_is_not_written_over(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        assert move.run(here, there).ok
        sql(there, "UPDATE public.payments SET amount = 9.99 WHERE id = 3")
        for _ in range(2):  # looking, and being refused, does not make it the move's own
            report = move.verify(move.status(there)[0].run_id, there)
            assert not report.ok
            with pytest.raises(Conflict, match=r"public\.payments was changed on the target since it was moved"):
                move.run(here, there)
        assert sql(there, "SELECT amount::text FROM public.payments WHERE id = 3") == [("9.99",)]


def test_every_loss_is_in_the_report_for_good_and_is_accepted_once(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "SELECT lo_create(0)")
        accepted = ("large objects", "foreign key public.payments *")
        chosen = move.Options(excluded=("public.orders",), accepted=accepted)
        with pytest.raises(CheckFailed, match="cannot move"):
            move.run(here, there, options=move.Options(excluded=("public.orders",)))
        assert move.run(here, there, options=chosen).ok
        report = move.run(here, there, options=move.Options(excluded=("public.orders",)))
        assert report.ok
        told = {one.what for one in move.verify(report.run_id, there).transformations}
        assert {"public.orders was left out", "large objects were left out"} <= told
        assert any("payments_order_id_fkey was left out" in one for one in told)


def test_a_condition_that_cannot_be_asked_is_found_before_the_first_row(all_servers: Servers, tmp_path: Path) -> None:
    file = tmp_path / "expect.toml"
    file.write_text("[critical_rows]\norders = 'bogus = 1'\n")
    asked = move.Options(expected=expectation.read(file))
    with databases(all_servers, 16, 18, shop) as (here, there):
        with pytest.raises(InvalidInput, match="bogus"):
            move.plan_database(here, there, options=asked)
        with pytest.raises(InvalidInput, match="bogus"):
            move.run(here, there, options=asked)
        assert sql(there, "SELECT to_regclass('public.orders')") == [(None,)]
