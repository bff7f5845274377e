"""The tests' database with every kind of object has every kind, on every server."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from support import every_kind
from support.databases import Servers, address, drop_database

SERVERS_OWN = {"gtsvector", "pg_node_tree"}  # no table has columns of these
UNUSED_TYPES = """
SELECT t.typname FROM pg_type t
 WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm') AND t.typelem = 0
   AND t.typname !~ '^pg_(brin|mcv|ndis|dep)'
   AND NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    WHERE a.atttypid = t.oid AND c.relkind IN ('r', 'p') AND c.relnamespace = 'kinds'::regnamespace)
"""
EVERY = {  # the letters that PostgreSQL's catalogs have for kinds
    "relkind FROM pg_class WHERE relnamespace = 'kinds'::regnamespace": set("rpvmciIS"),
    "relpersistence FROM pg_class WHERE relnamespace = 'kinds'::regnamespace": set("pu"),
    "relreplident FROM pg_class WHERE relnamespace = 'kinds'::regnamespace": set("dfin"),
    "typtype FROM pg_type WHERE typnamespace = 'kinds'::regnamespace": set("bcdermp"),
    "prokind FROM pg_proc WHERE pronamespace = 'kinds'::regnamespace": set("fap"),
    "partstrat FROM pg_partitioned_table": set("rlh"),
    "tgenabled FROM pg_trigger WHERE NOT tgisinternal": set("ODRA"),
    "evtenabled FROM pg_event_trigger": set("OD"),
    "attidentity FROM pg_attribute WHERE attnum > 0": {"", "a", "d"},
    "amname FROM pg_am a JOIN pg_class ON a.oid = relam WHERE relnamespace = 'kinds'::regnamespace AND relkind = 'i'": {
        *("btree", "hash", "gist", "spgist", "gin", "brin")
    },
}


@pytest.fixture(params=[15, 16, 18])
def kinds(request: pytest.FixtureRequest, all_servers: Servers) -> Iterator[Callable[..., psycopg.Connection]]:
    """Makes that database, and connects to it."""
    server = all_servers.get(request.param)
    opened: list[psycopg.Connection] = []
    name = f"kinds_{os.getpid()}"

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
    lacking = {"xml"} if connection.info.server_version >= 160_000 else set()  # as those wheels are built
    assert names(connection, UNUSED_TYPES) == SERVERS_OWN | lacking
    for query, letters in EVERY.items():
        # a server's pgvector may bring another access method
        assert names(connection, f"SELECT DISTINCT {query}") - {"hnsw"} == letters, query
    constraints = "SELECT DISTINCT contype FROM pg_constraint WHERE connamespace = 'kinds'::regnamespace"
    assert names(connection, constraints) >= set("cfptux")  # and from 18 on, n
    assert names(connection, "SELECT count(*) FROM pg_largeobject_metadata") == {"3"}


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
