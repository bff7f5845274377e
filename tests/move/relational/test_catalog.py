"""A catalog says the same of two right copies, whatever servers they are on."""

import os
import subprocess
from itertools import permutations
from typing import Any

import psycopg
import pytest

from arraigo.move.relational import catalog
from arraigo.move.relational.catalog import Catalog, Column, Connection
from arraigo.move.relational.checks import compare
from arraigo.move.relational.deparsing import Pair, settle
from conftest import address, drop_database, make_database
from support.databases import Servers

SCHEMAS = ["shop", "Odd Name"]


def faults(expected: Catalog, found: Catalog) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in compare(expected, found) if not check.ok]


@pytest.mark.parametrize(("source", "target"), list(permutations([15, 16, 18], 2)))
def test_the_same_schema_on_two_versions_is_the_same(everything: Any, source: int, target: int) -> None:
    expected, found = (catalog.read(everything(version), SCHEMAS) for version in (source, target))
    known: set[Pair] = set()
    assert faults(settle(everything(target), expected, found, known), found) == []
    # What is known is not asked for again, and what was settled left no trace.
    with psycopg.connect(everything(target).info.dsn) as gone:
        pass
    assert settle(gone, expected, found, known).objects == found.objects
    assert catalog.read(everything(target), SCHEMAS).objects == found.objects


def test_what_was_made_anew_from_a_dump_is_the_same(all_servers: Servers, everything: Any) -> None:
    """Some definitions are not said as they were once they have been read back, on the same version even."""
    server, source = all_servers.get(18), everything(15)
    everything(18)  # which makes the roles
    programs = server.bin_dir
    name = make_database(server, "template1")
    try:
        target_url = address(server, "postgres", name)
        info = source.info
        source_url = f"postgresql://postgres@/{info.dbname}?host={info.host}&port={info.port}"
        environment = {**os.environ, "PGOPTIONS": "-c client_min_messages=error"}
        dump = subprocess.run([programs / "pg_dump", "--schema-only", source_url], check=True, capture_output=True)
        subprocess.run(
            [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", target_url],
            input=dump.stdout, check=True, env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with psycopg.connect(target_url, autocommit=True) as target:
            target.execute("REFRESH MATERIALIZED VIEW shop.m_counts")
            expected, found = catalog.read(source, SCHEMAS), catalog.read(target, SCHEMAS)
            assert any(
                check.detail.startswith("changed: shop.people.valid_status") for check in compare(expected, found)
            )
            assert faults(settle(target, expected, found), found) == []
    finally:
        drop_database(server, name)


def test_a_table_is_read_as_it_is(everything: Any) -> None:
    found = catalog.read(everything(18), SCHEMAS)
    people, orders = found.tables["shop.people"], found.tables["shop.orders_2025"]
    columns = {column.name: column for column in people.columns}
    assert (people.kind, people.key, people.identity, people.persistence) == ("r", ("id",), ("id",), "p")
    assert columns["email"] == Column(
        "email", "shop.email", "pg_catalog.text", "b", "", not_null=False, default=None, generated="", identity=""
    )
    assert (columns["moods"].base, columns["moods"].kind) == ("shop.mood[]", "e")
    assert (columns["full_name"].generated, columns["id"].identity) == ("s", "d")
    assert (orders.partition_of, orders.key) == ("shop.orders", ("id", "placed"))
    assert found.tables["shop.lines"].identity == ("order_id", "placed", "line", "note")
    assert found.tables["shop.cache"].persistence == "u"
    assert found.tables["shop.base"].identity == ()
    odd = found.tables['"Odd Name"."Table, with.dots"']
    assert [column.name for column in odd.columns] == ["order", 'Ünï "x"']


def test_a_foreign_key_and_a_sequence_are_read_as_they_are(everything: Any) -> None:
    connection: Connection = everything(18)
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT nextval('shop.tickets')")
        found = catalog.read(connection, SCHEMAS)
    keys = {key.name: key for key in found.foreign_keys}
    lines = keys["lines_order_id_placed_fkey"]
    assert (lines.table, lines.columns, lines.references) == ("shop.lines", ("order_id", "placed"), "shop.orders")
    assert (lines.referenced, lines.valid, lines.full) == (("id", "placed"), True, True)
    assert not keys["odd_child_parent_fkey"].valid
    tickets, orders = found.sequences["shop.tickets"], found.sequences["shop.orders_id_seq"]
    assert (tickets.last_value, tickets.is_called, tickets.increment, tickets.owned_by) == (10, True, 5, "")
    assert (orders.last_value, orders.is_called, orders.owned_by) == (1, False, "shop.orders.id")


def test_members_of_extensions_and_what_is_ours_are_not_in_it(empty: Any) -> None:
    connection: Connection = empty(18)
    with connection.transaction(force_rollback=True):
        for statement in (
            "CREATE EXTENSION vector SCHEMA public",
            "CREATE EXTENSION citext SCHEMA public",
            "CREATE TABLE public.held (embedding public.vector(3), name public.citext)",
            "CREATE SCHEMA arraigo_fence",
            "CREATE FUNCTION public.arraigo_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER arraigo_fence BEFORE INSERT ON public.held EXECUTE FUNCTION public.arraigo_refuse()",
            "CREATE TABLE arraigo_fence.progress (a integer)",
        ):
            connection.execute(statement.encode())
        found = catalog.read(connection, ["public", "arraigo_fence"])
    assert list(found.tables) == ["public.held"]
    assert [(c.extension, c.base) for c in found.tables["public.held"].columns] == [
        ("vector", "public.vector"),
        ("citext", "public.citext"),
    ]
    assert not found.objects["functions"]
    assert not found.objects["triggers"]
    assert not found.objects["types"]
    assert set(found.objects["extensions"]) == {"plpgsql", "vector", "citext"}
    assert [name for name in found.objects["grants"] if "arraigo" in name] == []


def test_a_promise_that_is_not_proved_is_none(empty: Any) -> None:
    """18 may promise NOT NULL for the rows to come alone; those there may be NULL."""
    connection: Connection = empty(18)
    with connection.transaction(force_rollback=True):
        connection.execute("""CREATE TABLE public.held (a int, b int NOT NULL,
                              c int GENERATED ALWAYS AS (b * 2) VIRTUAL);
                              INSERT INTO public.held VALUES (NULL, 1);
                              ALTER TABLE public.held ADD CONSTRAINT promised NOT NULL a NOT VALID""")
        found = catalog.read(connection, ["public"])
    columns = found.tables["public.held"].columns
    assert [(c.not_null, c.generated) for c in columns] == [(False, ""), (True, ""), (False, "v")]
    assert found.objects["tables"]["public.held"].split("\n") == [
        "table",
        "column a integer NOT NULL NOT VALID",
        "column b integer NOT NULL",
        "column c integer GENERATED ALWAYS AS ((b * 2)) VIRTUAL",
    ]
    assert found.objects["constraints"] == {}
