"""Rows handed from one server to the other, by libpq and from socket to socket: the same rows, the same errors."""

from collections.abc import Iterator

import psycopg
import pytest

from arraigo.errors import ArraigoError
from arraigo.move.relational import catalog, copying, sessions
from arraigo.move.relational.catalog import Table
from arraigo.move.relational.copying import Slice
from arraigo.move.relational.formats import Format
from arraigo.move.relational.lanes import Lane
from arraigo.postgres.target import Target
from support.databases import Servers, address, drop_database, make_database

_MADE = """
CREATE TABLE public.rows (n int PRIMARY KEY, text text, more bytea);
CREATE TABLE public.nothing ();
CREATE FUNCTION public.half(n int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN IF n = 5000 THEN RAISE 'no half of %', n; END IF; RETURN n / 2; END $$;
"""
# Short rows, NULLs, empty values, rows larger than any buffer, headers that fall on the end of one.
_FILLED = """
INSERT INTO public.rows SELECT n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE repeat('d' || n, n % 97) END,
  CASE WHEN n % 2000 = 0 THEN decode(repeat(md5(n::text), 40000), 'hex') END FROM generate_series(1, 12000) AS n;
INSERT INTO public.nothing SELECT FROM generate_series(1, 7);
"""
_SUM = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM public.{} AS t"


@pytest.fixture(scope="module")
def addresses(all_servers: Servers) -> Iterator[tuple[str, str]]:
    server = all_servers.get(18)
    names = [make_database(server, "template1") for _ in range(2)]
    source, target = (address(server, "postgres", name) for name in names)
    for url, script in ((source, _MADE + _FILLED), (target, _MADE)):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script.encode())
    yield source, target
    for name in names:
        drop_database(server, name)


@pytest.fixture(params=[True, False], ids=["from socket to socket", "by libpq"])
def lane(request: pytest.FixtureRequest, addresses: tuple[str, str]) -> Iterator[Lane]:
    found = Lane(Target(addresses[0]), Target(addresses[1]), "test", _plain=request.param)
    yield found
    found.close()


def table(lane: Lane, name: str) -> Table:
    return catalog.read(lane.source, ["public"]).tables[f"public.{name}"]


def copy(lane: Lane, slice_: Slice, format_: Format = "binary") -> copying.Copied:
    with lane.target.transaction():
        lane.target.execute(f"TRUNCATE {slice_.table.label}".encode())
        return copying.copy(lane, slice_, format_, lambda _bytes: None)


@pytest.mark.parametrize("format_", ["binary", "text"])
def test_every_row_comes_over(lane: Lane, format_: Format) -> None:
    assert copy(lane, Slice(table(lane, "rows")), format_).rows == 12_000
    sums = [c.execute(_SUM.format("rows").encode()).fetchall() for c in (lane.source, lane.target)]
    assert sums[0] == sums[1]


def test_rows_without_columns_come_over(lane: Lane) -> None:
    assert copy(lane, Slice(table(lane, "nothing"))).rows == 7


def test_a_range_comes_over_alone(lane: Lane) -> None:
    assert copy(lane, Slice(table(lane, "rows"), 1, 2, "n <= 100")).rows == 100


def test_what_is_told_adds_up(lane: Lane) -> None:
    told: list[int] = []
    with lane.target.transaction():
        lane.target.execute("TRUNCATE public.rows")
        done = copying.copy(lane, Slice(table(lane, "rows")), "binary", told.append)
    assert sum(told) == done.bytes > 3_000_000


def test_an_error_of_the_source_amid_the_rows_leaves_nothing(lane: Lane) -> None:
    with pytest.raises(ArraigoError):
        copy(lane, Slice(table(lane, "rows"), 1, 2, "public.half(n) >= 0"))
    lane.source.execute("ROLLBACK")
    assert lane.source.execute("SELECT 1").fetchone() == (1,)


def test_a_row_that_the_target_refuses_stops_the_copy(lane: Lane) -> None:
    lane.target.execute("ALTER TABLE public.rows ADD CONSTRAINT small CHECK (n < 6000) NOT VALID")
    try:
        with pytest.raises(ArraigoError, match=r"public\.rows"):
            copy(lane, Slice(table(lane, "rows")))
    finally:
        lane.target.execute("ALTER TABLE public.rows DROP CONSTRAINT small")


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_server_that_is_gone_is_said(lane: Lane, side: str) -> None:
    slice_, ends = Slice(table(lane, "rows")), {"source": lane.source, "target": lane.target}

    def gone(_bytes: int) -> None:
        with psycopg.connect(lane.source_at.url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [ends[side].info.backend_pid])

    with pytest.raises((ArraigoError, psycopg.OperationalError)), lane.target.transaction():
        copying.copy(lane, slice_, "binary", gone)


def test_a_connection_over_a_socket_file_is_plain(addresses: tuple[str, str]) -> None:
    connection = sessions.connect(Target(addresses[0]))
    assert sessions.plain(connection)
    connection.close()
