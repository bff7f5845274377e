"""Row-level security that binds a table's owner does not bind who follows."""

from contextlib import suppress

import psycopg

from arraigo import move
from support.moves import sql
from support.pairs import two_that_follow

TABLE = """
CREATE TABLE public.secret (id int PRIMARY KEY, what text);
ALTER TABLE public.secret OWNER TO kinds_keeper;
ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
INSERT INTO public.secret VALUES (1, 'x')
"""


def test_a_table_that_binds_its_owner_is_followed_there_and_back() -> None:
    with two_that_follow() as (here, there):
        for url in (here, there):
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                sql(url, "CREATE ROLE kinds_keeper")
        sql(here, TABLE)
        run = move.run(here, there, options=move.Options(follow=True)).run_id
        sql(here, "INSERT INTO public.secret VALUES (2, 'y')")
        assert move.cutover(run, there).ok
        sql(there, "UPDATE public.secret SET what = 'z' WHERE id = 2")
        assert move.rollback(run, there).ok
        assert sql(here, "SELECT what FROM public.secret WHERE id = 2") == [("z",)]
