"""A database that cannot be used: one sentence that says why and what to do, and never the password."""

import asyncio
import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

import arraigo
from arraigo.errors import ArraigoError, BadSetting, Unavailable
from arraigo.postgres import schema
from arraigo.postgres.embedded import EmbeddedServer, start
from arraigo.postgres.target import Target, find
from arraigo.settings import load
from support.databases import address, drop_database, make_database

MARKER = "m4rk3r"


def everything_said(error: BaseException) -> str:
    """All that a log could show of an error: itself and what it came of."""
    said, seen = "", [error]
    for one in seen:
        said += "".join(traceback.format_exception(one)) + repr(one)
        seen += [other for other in (one.__cause__, one.__context__) if other is not None and other not in seen]
    return said


async def refusal(url: str, **more: str) -> ArraigoError:
    """The error of both doors, which is the same."""
    settings = load({"ARRAIGO_HOME": "/nonexistent", "DATABASE_URL": url, **more})

    async def without() -> None:
        async with arraigo.open(settings):
            pass

    def twin() -> None:
        with arraigo.sync.open(settings):
            pass

    with pytest.raises(ArraigoError) as caught:
        await without()
    with pytest.raises(type(caught.value)) as again:
        await asyncio.to_thread(twin)
    assert str(again.value) == str(caught.value)
    said = str(caught.value)
    assert "\n" not in said
    assert said[0] == said[0].lower()
    for error in (caught.value, again.value):
        assert MARKER not in everything_said(error)
    return caught.value


@pytest.fixture
def guarded(used_home: Path) -> Iterator[EmbeddedServer]:
    """A server that wants passwords of everybody but postgres."""
    with start(used_home) as server:
        (server.data_dir / "pg_hba.conf").write_text(
            "local all postgres trust\nlocal postgres barred reject\nlocal all all scram-sha-256\n", encoding="utf-8"
        )
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE ROLE ana LOGIN PASSWORD '{MARKER}'".encode())
            connection.execute("CREATE ROLE barred LOGIN")
            connection.execute("CREATE ROLE sleeper NOLOGIN PASSWORD 'x'")
        yield server


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        error = await refusal(f"postgresql://ana:{MARKER}@127.0.0.1:{port}/x")
    assert isinstance(error, Unavailable)
    assert str(error) == (
        f"nothing listens at 127.0.0.1:{port}; nothing was changed; start the server, or correct the address"
    )
    error = await refusal(f"postgresql://ana:{MARKER}@/x?host=/nonexistent")
    assert "nothing listens at /nonexistent" in str(error)


async def test_no_such_host() -> None:
    error = await refusal(f"postgresql://ana:{MARKER}@no-such-host.invalid/x")
    assert "no host is called no-such-host.invalid" in str(error)


async def test_a_server_that_does_not_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        error = await refusal(f"postgresql://ana:{MARKER}@127.0.0.1:{port}/x", AWS_RDS_CONNECTION_TIMEOUT="2000")
    assert f"127.0.0.1:{port} did not answer in time" in str(error)


async def test_no_such_database_or_user(server: EmbeddedServer, database: str) -> None:
    error = await refusal(address(server, "arraigo_app", quote("certificate timeout")))
    assert "no database of that name" in str(error)
    error = await refusal(address(server, quote("no such user"), database))
    assert "refused the sign-in" in str(error)


async def test_a_wrong_password_or_none(guarded: EmbeddedServer) -> None:
    for user in (f"ana:{MARKER}x", "ana", f"sleeper:{MARKER}"):
        error = await refusal(address(guarded, user, "postgres"))
        assert "refused the password" in str(error), user
    assert "refused the sign-in" in str(await refusal(address(guarded, f"barred:{MARKER}", "postgres")))
    assert "schema version none" in str(await refusal(address(guarded, f"ana:{MARKER}", "postgres")))


async def test_a_database_that_somebody_may_not_enter(server: EmbeddedServer) -> None:
    name = make_database(server)
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM public, arraigo_app".encode())
        error = await refusal(address(server, "arraigo_app", name))
        assert "no right" in str(error)
        schema.upgrade(Target(address(server, "postgres", name)))
        async with arraigo.open(load({"DATABASE_URL": address(server, "arraigo_app", name)})) as store:
            await store.ping()
    finally:
        drop_database(server, name)


async def test_a_schema_that_is_missing_older_or_newer(server: EmbeddedServer) -> None:
    name = make_database(server, "template1")
    try:
        owner = Target(address(server, "postgres", name))
        url = address(server, "arraigo_app", name)
        assert "schema version none" in str(await refusal(url))
        assert str(await refusal(url)).endswith("run: arraigo db upgrade")
        schema.upgrade(owner, "0001")
        assert "schema version 0001" in str(await refusal(url))
        assert str(await refusal(url)).endswith("run: arraigo db upgrade")
        schema.upgrade(owner)
        with psycopg.connect(owner.url, autocommit=True) as connection:
            connection.execute("UPDATE arraigo.schema_version SET version_num = '9999'")
        assert "schema version 9999" in str(await refusal(url))
        assert str(await refusal(url)).endswith("run a newer version of arraigo")
        schema_only = "DELETE FROM arraigo.schema_version"
        with psycopg.connect(owner.url, autocommit=True) as connection:
            connection.execute(schema_only)
        assert "schema version none" in str(await refusal(url))
    finally:
        drop_database(server, name)


async def test_a_table_that_went_away_is_the_schemas_fault(store: arraigo.Store, superuser: Callable[..., Any]) -> None:
    await store.as_user("ana").id()
    superuser("ALTER TABLE arraigo.projects RENAME TO gone")
    with pytest.raises(Unavailable, match=r"lacks a table .*arraigo db upgrade"):
        await store.as_user("ana").projects.list()
    superuser("ALTER TABLE arraigo.gone RENAME TO projects")
    assert await store.as_user("ana").projects.list() == []


async def test_a_pooler_that_nobody_told_us_of(bouncer: str, server: EmbeddedServer, database: str) -> None:
    error = await refusal(address(server, "arraigo_app", database, bouncer))
    assert str(error).endswith("set DB_POOLER=transaction")


async def test_a_pooler_in_front_of_nothing(bouncer: str, server: EmbeddedServer) -> None:
    url = address(server, "arraigo_app", quote("no such"), bouncer)
    with pytest.raises(Unavailable, match="no database of that name"):
        async with arraigo.open(load({"DATABASE_URL": url, "DB_POOLER": "transaction"})):
            pass


async def test_a_database_that_only_reads(settings: Any, superuser: Callable[..., Any], database: str) -> None:
    """As a replica, or during a cut-over."""
    async with arraigo.open(replace(settings, journal="off")) as store:
        me = store.as_user("ana")
        await me.conversations.create(title="x", external_id="t")
        superuser(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
        superuser(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'arraigo'"
            " AND datname = current_database()"
        )
        await asyncio.sleep(0)
        for attempt in (me.conversations.create(title="y"), me.messages.append("t", role="user", content="x")):
            with pytest.raises(Unavailable, match="only allows reading"):
                await attempt
        assert (await me.conversations.get("t")).last_sequence == 0


async def test_too_many_connections(server: EmbeddedServer, database: str, superuser: Callable[..., Any]) -> None:
    superuser(f"ALTER DATABASE {database} CONNECTION LIMIT 0")
    assert "no free connections" in str(await refusal(address(server, "arraigo_app", database)))


async def test_a_role_that_passes_row_level_security_by_is_refused(used_home: Path) -> None:
    with start(used_home) as server:
        owner = Target(address(server, "postgres", "house"))
        schema.create_database(owner)
        schema.upgrade(owner)
        for user in ("arraigo_app", "postgres"):
            async with arraigo.open(load({"DATABASE_URL": address(server, user, "house")})) as store:
                await store.check_isolation()
                with psycopg.connect(owner.url, autocommit=True) as connection:
                    connection.execute("ALTER ROLE arraigo_app BYPASSRLS")
                    with pytest.raises(Unavailable, match="row-level security would be bypassed"):
                        await store.check_isolation()
                    connection.execute("ALTER ROLE arraigo_app NOBYPASSRLS")


async def test_a_closed_store_says_so(settings: Any) -> None:
    async with arraigo.open(settings) as store:
        me = store.as_user("ana")
        await me.id()
    with pytest.raises(Unavailable, match="closed"):
        await me.conversations.list()


def test_nothing_that_is_printed_has_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = load(
        {
            "DATABASE_URL": f"postgresql://ana:{MARKER}@127.0.0.1:1/x",
            "ARRAIGO_MIGRATION_URL": f"postgresql://ana:{MARKER}@127.0.0.1:1/x?password={MARKER}",
            "ARRAIGO_JWT_SECRET": MARKER * 8,
            "ARRAIGO_METRICS_TOKEN": MARKER,
        }
    )
    targets = find(settings)
    printed = [repr(settings), str(settings), repr(targets), repr(targets.owner), targets.owner.where]
    with pytest.raises(Unavailable) as caught:
        schema.status(targets.application)
    printed += [everything_said(caught.value), caplog.text]
    assert MARKER not in "".join(printed)


def test_an_address_that_libpq_cannot_read_is_not_repeated() -> None:
    for url in (
        f"postgresql://ana:%{MARKER}@host/x",
        f"postgresql://ana@host/x?pasword={MARKER}",
        f"postgresql://ana@host/x?{MARKER}",
        f"host=x password='{MARKER}",
        MARKER,
    ):
        target = Target(url)
        with pytest.raises(BadSetting) as caught:
            target.conninfo()
        assert MARKER not in everything_said(caught.value)
