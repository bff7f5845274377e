"""Sources that are not what they should be: closed by another move, the target itself, without rights."""

import os

import pytest

from arraigo import move
from arraigo.errors import InvalidInput, Unavailable
from support.databases import Servers
from support.moves import databases, shop, sql, wrong


def test_the_fence_of_another_move_does_not_move(all_servers: Servers) -> None:
    with (
        databases(all_servers, 16, 18, shop) as (here, there),
        databases(all_servers, 16, 18, lambda _: None) as (_, elsewhere),
    ):
        assert move.cutover(move.run(here, there).run_id, there).ok
        report = move.run(here, elsewhere)
        assert wrong(report) == {}
        assert sql(elsewhere, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'arraigo%'") == [(0,)]
        assert sql(elsewhere, "UPDATE public.customers SET credit = 1 WHERE id = 1 RETURNING id") == [(1,)]


def test_a_database_does_not_move_into_itself(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, _):
        for refused in (move.plan_database, move.run):
            with pytest.raises(InvalidInput, match="the source and the target are the same database"):
                refused(here, here)
        assert sql(here, "SELECT to_regnamespace('arraigo')") == [(None,)]


def test_a_right_that_is_missing_is_missing_on_the_source(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "DROP ROLE IF EXISTS kinds_guest; CREATE ROLE kinds_guest LOGIN")
        guest = here.replace("postgres@", "kinds_guest@")
        with pytest.raises(Unavailable, match=r"/16/.* refused: permission denied for sequence"):
            move.run(guest, there)
        sql(here, "DROP ROLE kinds_guest")


def test_who_is_no_superuser_gives_tables_to_an_owner_that_the_source_lets_create(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, there):
        sql(here, "GRANT CREATE, USAGE ON SCHEMA public TO kinds_owner; ALTER TABLE public.orders OWNER TO kinds_owner")
        mover = f"kinds_mover_{os.getpid()}"
        sql(there, f"CREATE ROLE {mover} LOGIN CREATEROLE; GRANT kinds_owner, arraigo_owner TO {mover}")
        sql(there, f"ALTER DATABASE {there.partition('?')[0].rpartition('/')[2]} OWNER TO {mover}")
        try:
            assert wrong(move.run(here, there.replace("postgres@", f"{mover}@"))) == {}
            owner = "SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.orders'::regclass"
            assert sql(there, owner) == [("kinds_owner",)]
        finally:
            sql(there, f"REASSIGN OWNED BY {mover} TO postgres; DROP OWNED BY {mover}; DROP ROLE {mover}")
