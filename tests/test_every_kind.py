"""The tests' database with every kind of object has every kind, on every server."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from support import every_kind
from support.databases import Servers, address, drop_database

SERVERS_OWN = {"gtsvector", "pg_node_tree"}  # no table has columns of these


@pytest.fixture(params=[15, 16, 18])
def kinds(request: pytest.FixtureRequest, all_servers: Servers) -> Iterator[Callable[..., psycopg.Connection]]:
    """Makes that database, and connects to it."""
    server = all_servers.get(request.param)
    opened: list[psycopg.Connection] = []
    name = f"kinds_{request.param}"

    def make(**wishes: object) -> psycopg.Connection:
        drop_database(server, name)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        opened.append(psycopg.connect(address(server, "postgres", name), autocommit=True))
        every_kind.make(opened[-1], **wishes)  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()
    drop_database(server, name)


def names(connection: psycopg.Connection, query: str) -> set[str]:
    return {str(row[0]) for row in connection.execute(query.encode()).fetchall()}


def test_every_type_has_a_column_and_every_kind_of_object_is_there(
    kinds: Callable[..., psycopg.Connection],
) -> None:
    connection = kinds()
    ours = "kinds'::regnamespace"
    unused = names(
        connection,
        "SELECT t.typname FROM pg_type t"
        " WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm') AND t.typelem = 0 AND NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        f" WHERE a.atttypid = t.oid AND c.relkind IN ('r', 'p') AND c.relnamespace = '{ours})",
    )
    lacking = {"xml"} if connection.info.server_version >= 160_000 else set()  # as those wheels are built
    assert {
        name for name in unused if not name.startswith(("pg_brin", "pg_mcv", "pg_ndis", "pg_dep"))
    } == SERVERS_OWN | lacking
    assert names(connection, f"SELECT DISTINCT relkind FROM pg_class WHERE relnamespace = '{ours}") == set("rpvmciIS")
    assert names(connection, f"SELECT DISTINCT typtype FROM pg_type WHERE typnamespace = '{ours}") == set("bcdermp")
    assert names(connection, f"SELECT DISTINCT prokind FROM pg_proc WHERE pronamespace = '{ours}") == set("fap")
    assert names(connection, f"SELECT DISTINCT contype FROM pg_constraint WHERE connamespace = '{ours}") >= set(
        "cfptux"
    )
    assert names(connection, "SELECT DISTINCT tgenabled FROM pg_trigger WHERE NOT tgisinternal") == set("ODRA")
    assert names(connection, "SELECT DISTINCT evtenabled FROM pg_event_trigger") == set("OD")
    assert names(
        connection,
        f"SELECT DISTINCT partstrat FROM pg_partitioned_table JOIN pg_class ON oid = partrelid WHERE relnamespace = '{ours}",
    ) == set("rlh")
    assert names(connection, f"SELECT DISTINCT relreplident FROM pg_class WHERE relnamespace = '{ours}") == set("dfin")
    assert names(connection, f"SELECT DISTINCT relpersistence FROM pg_class WHERE relnamespace = '{ours}") == set("pu")
    assert names(connection, "SELECT DISTINCT attidentity FROM pg_attribute WHERE attnum > 0") == {"", "a", "d"}
    assert names(connection, "SELECT count(*) FROM pg_largeobject_metadata") == {"3"}
    access = names(
        connection, "SELECT DISTINCT amname FROM pg_class c JOIN pg_am a ON a.oid = relam WHERE relkind = 'i'"
    )
    assert access >= {"btree", "hash", "gist", "spgist", "gin", "brin"}


def test_what_another_server_does_not_know_can_be_left_out(kinds: Callable[..., psycopg.Connection]) -> None:
    connection = kinds(version=13, without=("icu", "lz4", "vector", "xml"))
    tables = names(connection, "SELECT relname FROM pg_class WHERE relnamespace = 'kinds'::regnamespace")
    assert (
        tables & {"multiranges", "nulls_alike", "virtual_columns", "documents", "compressed", "collated", "vectors"}
        == set()
    )
    assert "every_type" in tables


def test_conditions_take_lines_and_leave_them() -> None:
    text = "a\n-- if from 16\nb\n-- end\n-- if xml\nc\n-- end\nd\n"
    assert every_kind.wanted(text, 15, {"xml"}) == "a\nc\nd\n"
    assert every_kind.wanted(text, 16, set()) == "a\nb\nd\n"
