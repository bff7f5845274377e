"""Servers on which nobody is a superuser, as managed ones are."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from arraigo import move
from support.databases import Servers, address, drop_database, make_database
from support.moves import databases, shop, sql, wrong


@contextmanager
def managed(servers: Servers, version: int) -> Iterator[str]:
    """An empty database that belongs to a user with the rights of a managed server's first one; the address."""
    server = servers.get(version)
    role = f"managed_{os.getpid()}"
    name = make_database(server, "template1")
    with suppress(psycopg.errors.DuplicateObject):
        sql(server.url, f"CREATE ROLE {role} LOGIN NOSUPERUSER CREATEROLE CREATEDB")
    sql(server.url, f'ALTER DATABASE "{name}" OWNER TO {role}')
    for ours in ("arraigo_owner", "arraigo_app"):
        sql(server.url, f"GRANT {ours} TO {role} WITH ADMIN OPTION")
    try:
        yield address(server, role, name)
    finally:
        drop_database(server, name)


def test_a_target_without_a_superuser_takes_a_database(all_servers: Servers) -> None:
    with databases(all_servers, 16, 18, shop) as (here, _), managed(all_servers, 18) as there:
        report = move.run(here, there, options=move.Options(accepted=("comment *",)))
        assert wrong(report) == {}
        assert move.verify(report.run_id, there).ok
        sql(here, "UPDATE public.customers SET credit = 3 WHERE id = 5")
        assert move.run(here, there).ok


def test_a_source_without_a_superuser_is_read_by_its_owner(all_servers: Servers) -> None:
    with managed(all_servers, 15) as here, databases(all_servers, 16, 18, shop) as (_, there):
        with psycopg.connect(here, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA app")
            connection.execute("CREATE TABLE app.notes (id int PRIMARY KEY, body text)")
            connection.execute("INSERT INTO app.notes SELECT n, 'note ' || n FROM generate_series(1, 50) n")
            connection.execute("ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY")
        role = here.split("//")[1].split("@")[0]
        report = move.run(here, there, options=move.Options(schemas=("app",), accepted=(f"role {role}",)))
        assert wrong(report) == {}
        assert report.units[0].target_rows == 50


def test_row_level_security_that_would_keep_the_target_s_user_from_proving_is_named_before(
    all_servers: Servers,
) -> None:
    with databases(all_servers, 16, 18, shop) as (here, _), managed(all_servers, 18) as there:
        sql(here, "ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        found = move.plan_database(here, there, options=move.Options(accepted=("comment *",)))
        [one] = found.cannot_move
        assert one.what == "public.orders"
        assert "binds the target's user managed_" in one.why
        assert one.remedy.endswith("ALTER TABLE public.orders NO FORCE ROW LEVEL SECURITY")
        sql(here, "ALTER TABLE public.orders NO FORCE ROW LEVEL SECURITY")
        report = move.run(here, there, options=move.Options(accepted=("comment *",)))
        assert move.verify(report.run_id, there).ok
