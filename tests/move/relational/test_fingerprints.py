"""A fingerprint is the same on every server, and another one for any other rows."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from arraigo.move.relational import catalog
from arraigo.move.relational.catalog import Connection, Table
from arraigo.move.relational.fingerprints import Fingerprint, combine, expression, fingerprint, fingerprint_of_keys

# Values that are all different, many of them equal to PostgreSQL, or to a hash that looks at less than all of them.
VALUES: dict[str, list[str | None]] = {
    "int2": ["0", "1", "-1", "32767", "-32768", None],
    "int4": ["0", "1", "-1", "2147483647", "-2147483648", None],
    "int8": ["0", "1", "-1", "4294967296", "4294967295", "4294967297", str(2**63 - 1), str(-(2**63)), None],
    "numeric": ["0", "0.0", "1", "-1", "1.0", "1.00", "10", "1e-5", "12345678901234567890.1", "NaN", None],
    "numeric(8, 2)": ["1.00", "1.10", "-1.00", "0", None],
    "float4": ["0", "-0", "1", "-1", "1.0000001", "NaN", "Infinity", "-Infinity", "1e-40", None],
    "float8": ["0", "-0", "1", "1.0000000000000002", "NaN", "Infinity", "-Infinity", "5e-324", "1e308", None],
    "bool": ["true", "false", None],
    "text": ["", " ", "a", "A", "a ", "á", "a\u0301", "\\x", "NULL", "{}", "ß", "ss", "a\x01b", None],
    "varchar(20)": ["", "a", "a ", "true", None],
    "char(5)": ["", "a", "b", "abcde", None],
    "bpchar": ["a", "a ", "a  ", "", None],
    '"char"': ["", "a", "b", None],
    "name": ["", "a", "b", None],
    "bytea": ["", "\\x00", "\\x0000", "\\x61", "\\x6161", *("\\x" + "00" * n for n in (2047, 2048, 3000)), None],
    "uuid": ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001", None],
    "date": ["2000-01-01", "1999-12-31", "4713-01-01 BC", "5874897-12-31", "infinity", "-infinity", None],
    "time": ["00:00", "24:00", "00:00:00.000001", "12:00", None],
    "timetz": ["12:00+00", "13:00+01", "12:00-05", None],
    "timestamp": ["2000-01-01", "2000-01-01 00:00:00.000001", "4713-01-01 BC", "infinity", "-infinity", None],
    # The first and the third are hashed alike by PostgreSQL: their halves differ by the same bit.
    "timestamptz": ["2000-01-01 00:00+00", "2000-01-01 00:00:00.000001+00", "2000-01-01 01:11:34.967297+00",
                    "294276-12-31 23:59:59.999999+00", "infinity", "-infinity", None],
    "interval": ["1 day", "24:00", "1 mon", "30 days", "0", "-1 day", None],
    "money": ["1.00", "-1.00", "0", "0.01", None],
    "json": ["1", "1.0", '{"a": 1}', '{"a":1}', '{"a": 1, "a": 1}', "null", '""', None],
    "jsonb": ["1", "1.0", '{"a": 1}', '{"a": 1.0}', '{"a": 1, "b": 2}', "null", '"1"', "[]", None],
    "inet": ["10.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "::1", None],
    "cidr": ["10.0.0.0/8", "10.0.0.0/9", None],
    "macaddr": ["08:00:2b:01:02:03", "08:00:2b:01:02:04", None],
    "bit(3)": ["000", "001", None],
    "varbit": ["", "0", "00", None],
    "int4[]": ["{}", "{1}", "{1,2}", "{2,1}", "{{1,2}}", "{NULL}", "[0:1]={1,2}", None],
    "text[]": ["{}", '{""}', "{NULL}", '{"NULL"}', '{"a,b"}', "{a,b}", None],
    "float8[]": ["{0}", "{-0}", None],
    "numeric[]": ["{1}", "{1.0}", None],
    "int4range": ["empty", "[1,2)", "[1,3)", "(,2)", None],
    "numrange": ["[1,2]", "[1,2)", "[1.0,2]", None],
    "tstzrange": ["[2000-01-01,2000-01-02)", "[2000-01-01,infinity)", "[2000-01-01,)", None],
    "point": ["(0,0)", "(-0,0)", "(0,1)", None],
    "tsvector": ["", "a", "a:1", "a:1A", None],
    "pg_lsn": ["0/0", "1/0", "0/1", None],
    "oid": ["0", "1", "4294967295", None],
    "shop.mood": ["calm", "worried", None],
    "shop.mood[]": ["{calm}", "{calm,worried}", None],
    "shop.email": ["a@example.com", "A@example.com", "x@example.com", None],  # one is its default
    "shop.address": ["(a,1,calm)", '("a ",1,calm)', '("",1,calm)', "(,1,calm)", None],
    "shop.span": ["[0,1)", "[-0,1)", "empty", None],
}  # fmt: skip


def made(connection: Connection, columns: str, name: str = "public.held") -> Table:
    connection.execute(f"CREATE TABLE {name} ({columns})".encode())
    return catalog.read(connection, ["public"]).tables[name]


def hashes(connection: Connection, table: Table, *, any_encoding: bool = False) -> list[int]:
    statement = sql.SQL("SELECT {} FROM {} t ORDER BY n").format(
        expression(table, any_encoding=any_encoding), table.sql
    )
    return [row[0] for row in psycopg.RawCursor(connection).execute(statement)]


@pytest.mark.parametrize("any_encoding", [False, True])
def test_values_that_differ_have_hashes_that_differ_and_are_the_same_on_every_server(
    everything: Any, *, any_encoding: bool
) -> None:
    found: dict[int, dict[str, list[int]]] = {}
    for version in (15, 16, 18):
        connection: Connection = everything(version)
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL lc_monetary = 'C'")
            columns = "".join(f", c{n} {type_}" for n, type_ in enumerate(VALUES))
            made(connection, f"n int GENERATED ALWAYS AS IDENTITY{columns}")
            for n, values in enumerate(VALUES.values()):
                statement = f"INSERT INTO public.held (c{n}) VALUES " + ", ".join(["(%s)"] * len(values))
                connection.execute(statement.encode(), values)
            whole = catalog.read(connection, ["public"]).tables["public.held"]
            found[version] = {}
            for n, type_ in enumerate(VALUES):
                only = replace(whole, columns=tuple(c for c in whole.columns if c.name == f"c{n}"))
                found[version][type_] = sorted(set(hashes(connection, only, any_encoding=any_encoding)))
    for type_, values in VALUES.items():
        assert len(found[18][type_]) == len(values), type_
        assert found[15][type_] == found[16][type_] == found[18][type_], type_


def test_vectors_are_told_apart_and_are_the_same_on_both_servers_that_know_them(empty: Any) -> None:
    found = []
    for version in (16, 18):
        connection: Connection = empty(version)
        with connection.transaction(force_rollback=True):
            connection.execute("CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions")
            table = made(connection, "n int, a extensions.vector(2), b extensions.halfvec, c extensions.sparsevec")
            connection.execute("""INSERT INTO public.held VALUES (1, '[0,1]', '[1]', '{1:1}/3'),
                (2, '[-0,1]', '[1]', NULL), (3, '[0,1]', '[2]', '{1:1}/3'), (4, '[0,1]', '[1]', '{1:1}/4'),
                (5, '[0,1]', NULL, '{1:1}/3')""")
            without = replace(table, columns=table.columns[1:])
            found.append(hashes(connection, without))
    assert found[0] == found[1]
    assert len(set(found[0])) == 5


Cell = str | None
_words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
_cells = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1).map(str) | st.sampled_from(["1", "4294967296", "-1"]),
    st.none() | _words,
    st.none() | _words,
    st.none() | st.builds("{:.{}f}".format, st.integers(-1000, 1000), st.integers(0, 4)),
    st.none() | st.sampled_from(["true", "false"]),
    st.none() | st.sampled_from(["true", "false"]),
)
_rows = st.lists(_cells, min_size=1, max_size=6)
Row = tuple[Cell, ...]


@pytest.fixture(scope="module")
def cells(empty: Any) -> list[tuple[Connection, Table]]:
    found = []
    for version in (15, 18):
        connection: Connection = empty(version)
        connection.execute("CREATE SCHEMA IF NOT EXISTS cells")
        columns = "a int8, b text, c text, d numeric, e bool, f bool"
        connection.execute(f"CREATE TABLE IF NOT EXISTS cells.held ({columns})".encode())
        found.append((connection, catalog.read(connection, ["cells"]).tables["cells.held"]))
    return found


def taken(connection: Connection, table: Table, rows: list[Row]) -> Fingerprint:
    with connection.transaction(force_rollback=True):
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO cells.held VALUES (%s, %s, %s, %s, %s, %s)", rows)
        return fingerprint(connection, table)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), rows=_rows)
def test_any_other_rows_have_another_fingerprint(
    cells: list[tuple[Connection, Table]], data: st.DataObject, rows: list[Row]
) -> None:
    (older, there), (connection, table) = cells
    before = taken(connection, table, rows)
    assert before.rows == len(rows)
    assert taken(older, there, data.draw(st.permutations(rows))) == before
    changed = [list(row) for row in rows]
    one = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.integers(0, len(rows) - 1))
    column, second = data.draw(st.sampled_from(list(combinations(range(6), 2))))
    match data.draw(st.sampled_from(["cell", "swap cells", "swap columns", "double", "copy over", "drop"])):
        case "cell":
            changed[one] = list(data.draw(_cells))
        case "swap cells":
            changed[one][column], changed[other][column] = changed[other][column], changed[one][column]
        case "swap columns" if {column, second} in ({1, 2}, {4, 5}):
            changed[one][column], changed[one][second] = changed[one][second], changed[one][column]
        case "double":
            changed.append(changed[one])
        case "copy over":
            changed[one] = changed[other]
        case _:
            del changed[one]
    after = taken(connection, table, [tuple(row) for row in changed])
    same = Counter(map(tuple, changed)) == Counter(rows)
    assert (after == before) == same


@settings(max_examples=15, deadline=None)
@given(rows=_rows, place=st.integers(-5, 5))
def test_parts_add_up_to_the_whole(cells: list[tuple[Connection, Table]], rows: list[Row], place: int) -> None:
    connection, table = cells[1]
    with connection.transaction(force_rollback=True):
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO cells.held VALUES (%s, %s, %s, %s, %s, %s)", rows)
        whole = fingerprint(connection, table)
        low = sql.SQL("t.a < {}").format(place)
        parts = [fingerprint(connection, table, w) for w in (low, sql.SQL("({}) IS NOT TRUE").format(low))]
    assert combine(parts) == whole == parts[1].plus(parts[0])
    assert whole.minus(parts[0]) == parts[1]
    assert whole.minus(whole) == combine([]) == Fingerprint()


def test_what_a_side_knows_of_null_does_not_matter(empty: Any) -> None:
    connection: Connection = empty(18)
    with connection.transaction(force_rollback=True):
        table = made(connection, "n int, a int8, b text, c bool, d date, e numeric, f uuid, g timestamptz, h bytea")
        connection.execute(
            "INSERT INTO public.held VALUES (1, 2, 'b', true, '2020-02-02', 1.50, gen_random_uuid(), now(), '')"
        )
        strict = replace(table, columns=tuple(replace(column, not_null=True) for column in table.columns))
        backwards = replace(table, columns=tuple(reversed(table.columns)))
        assert fingerprint(connection, strict) == fingerprint(connection, table) == fingerprint(connection, backwards)


def test_of_partitions_and_children_each_has_its_own(everything: Any) -> None:
    connection: Connection = everything(18)
    with connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO shop.people (id, code) VALUES (1, 'a')")
        connection.execute("INSERT INTO shop.orders (person, placed) VALUES (1, '2025-05-05'), (1, '2030-01-01')")
        connection.execute("INSERT INTO shop.derived (a) VALUES (1)")
        tables = catalog.read(connection, ["shop"]).tables
        rows = {name: fingerprint(connection, tables[f"shop.{name}"]).rows
                for name in ("orders", "orders_2025", "orders_rest", "base", "derived")}  # fmt: skip
    assert rows == {"orders": 0, "orders_2025": 1, "orders_rest": 1, "base": 0, "derived": 1}


def test_rows_are_found_by_their_keys(everything: Any) -> None:
    connection: Connection = everything(18)
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("""INSERT INTO shop.orders (id, person, placed)
                              SELECT n, n, date '2025-05-05' + n % 2 FROM generate_series(1, 9) n""")
        table = catalog.read(connection, ["shop"]).tables["shop.orders_2025"]
        some = fingerprint(connection, table, sql.SQL("t.id IN (2, 3)"))
        keys = [
            ("2", "2025-05-05"),
            ("3", "2025-05-06"),
            ("2", "2025-05-05"),
            ("5", "2025-05-05"),
            ("99", "2025-05-05"),
        ]
        assert fingerprint_of_keys(connection, table, keys) == some
        assert fingerprint_of_keys(connection, table, []) == Fingerprint()
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            fingerprint_of_keys(connection, table, [("x", "2025-05-05")])


def test_rows_without_a_key_are_found_by_all_they_hold(empty: Any) -> None:
    connection: Connection = empty(18)
    with connection.transaction(force_rollback=True):
        connection.execute('CREATE TABLE public."100%" ("a%s" text, "{b}" json, c float8[])')
        connection.execute('ALTER TABLE public."100%" REPLICA IDENTITY FULL')
        rows: list[tuple[str | None, ...]] = [
            ("x", '{"a":  1}', "{1,-0}"),
            ("x", '{"a":  1}', "{1,-0}"),
            (None, None, None),
        ]
        with connection.cursor() as cursor:
            cursor.executemany('INSERT INTO public."100%%" VALUES (%s, %s, %s)', [*rows, ("", None, "{0}")])
        table = catalog.read(connection, ["public"]).tables['public."100%"']
        some = fingerprint(connection, table, sql.SQL('t."a%s" IS NULL OR t."a%s" = {}').format("x"))
        assert some.rows == 3
        assert fingerprint_of_keys(connection, table, rows) == some


def test_a_table_of_sixteen_hundred_columns_has_one(empty: Any) -> None:
    connection: Connection = empty(15)
    with connection.transaction(force_rollback=True):
        table = made(connection, ", ".join(f"c{n} bool" for n in range(1600)))
        connection.execute("INSERT INTO public.held (c0) VALUES (true); INSERT INTO public.held (c1599) VALUES (true)")
        one, other = (fingerprint(connection, table, sql.SQL(w)) for w in ("t.c0", "t.c1599"))
    assert one.rows == other.rows == 1
    assert one.hash != other.hash
