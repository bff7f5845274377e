"""The schema's versions: up from everywhere, down again, at once, by whom, and what stands in schema.sql."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import arraigo
from arraigo.errors import InvalidInput, Unavailable
from arraigo.postgres import schema
from arraigo.postgres.alembic_runner import SCRIPTS
from arraigo.postgres.embedded import Binaries, EmbeddedServer, start
from arraigo.postgres.target import Target
from arraigo.settings import load
from support import servers
from support.databases import address, drop_database, make_database
from support.schemas import ROOT, dumped

REVISIONS = ["base", *schema._revisions()]


def test_the_versions_follow_each_other_as_their_files_are_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    assert schema._revisions() == chain


@pytest.fixture
def empty(server: EmbeddedServer) -> Iterator[Target]:
    """A database without anything in it."""
    name = make_database(server, "template1")
    yield Target(address(server, "postgres", name))
    drop_database(server, name)


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def left(target: Target) -> list[tuple[Any, ...]]:
    """What is in our schemas, Alembic's own table apart."""
    return run(
        target.url,
        "SELECT relname::text FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'arraigo%'"
        " AND relname NOT LIKE 'schema\\_version%' UNION ALL"
        " SELECT proname::text FROM pg_proc WHERE pronamespace::regnamespace::text LIKE 'arraigo%' UNION ALL"
        " SELECT typname::text FROM pg_type WHERE typnamespace::regnamespace::text LIKE 'arraigo%'"
        " AND typname !~ 'schema_version'",
    )


def test_schema_sql_is_what_the_versions_make(server: EmbeddedServer, owner_url: str) -> None:
    file = ROOT / "src" / "arraigo" / "postgres" / "schema.sql"
    assert dumped(server, owner_url) == file.read_text(encoding="utf-8"), "run: make generate"


def test_a_database_made_from_schema_sql_is_the_same(server: EmbeddedServer, empty: Target) -> None:
    file = ROOT / "src" / "arraigo" / "postgres" / "schema.sql"
    text = file.read_text(encoding="utf-8")
    run(empty.url, text)
    assert dumped(server, empty.url) == text


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_version_goes_up_to_the_newest_and_back_to_nothing(
    server: EmbeddedServer, empty: Target, owner_url: str, revision: str
) -> None:
    if revision != "base":
        assert schema.upgrade(empty, revision).found == revision
    before = dumped(server, empty.url) if revision != "base" else ""
    assert schema.upgrade(empty).current
    newest = dumped(server, empty.url)
    assert newest == dumped(server, owner_url)
    back = schema.downgrade(empty, revision)
    assert back.found == (None if revision == "base" else revision)
    assert back.pending == tuple(REVISIONS[REVISIONS.index(revision) + 1 :])
    if revision != "base":
        assert dumped(server, empty.url) == before
    schema.downgrade(empty, "base")
    assert left(empty) == []
    assert schema.upgrade(empty).current
    assert dumped(server, empty.url) == newest


def test_an_upgrade_that_has_nothing_to_do_does_nothing(server: EmbeddedServer, owner_url: str) -> None:
    said: list[str] = []
    before = dumped(server, owner_url)
    assert schema.upgrade(Target(owner_url), tell=said.append).current
    assert (said, dumped(server, owner_url)) == ([], before)


def test_what_is_pending_is_said(empty: Target) -> None:
    assert schema.status(empty) == schema.Status(None, schema.newest(), tuple(REVISIONS[1:]))
    said: list[str] = []
    schema.upgrade(empty, REVISIONS[2], tell=said.append)
    assert said == [f"bringing the schema from nothing to {REVISIONS[2]}"]
    assert schema.status(empty).pending == tuple(REVISIONS[3:])


def test_two_upgrades_of_one_database_at_once_do_it_once(empty: Target) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: schema.upgrade(empty), range(4)))
    assert all(status.current for status in found)
    assert run(empty.url, "SELECT count(*) FROM arraigo.installation") == [(1,)]


def test_a_failed_upgrade_changes_nothing(empty: Target) -> None:
    schema.upgrade(empty, REVISIONS[1])
    run(empty.url, "CREATE TABLE arraigo.messages ()")  # in the way
    before = left(empty)
    with pytest.raises(arraigo.ArraigoError, match="nothing was changed"):
        schema.upgrade(empty)
    assert left(empty) == before
    assert schema.status(empty).found == REVISIONS[1]
    run(empty.url, "DROP TABLE arraigo.messages")
    assert schema.upgrade(empty).current


def test_an_unknown_version_is_refused(empty: Target) -> None:
    schema.upgrade(empty, REVISIONS[1])
    for step in (schema.upgrade, schema.downgrade):
        with pytest.raises(InvalidInput, match="nope"):
            step(empty, "nope")
    run(empty.url, "UPDATE arraigo.schema_version SET version_num = '9999'")
    for step in (schema.upgrade, schema.downgrade):
        with pytest.raises(Unavailable, match=r"9999.*newer version of arraigo"):
            step(empty, REVISIONS[1])
    assert schema.status(empty).unknown


def test_a_downgrade_without_a_schema_says_so(new_home: Callable[[], Path]) -> None:
    with start(new_home()) as fresh, pytest.raises(Unavailable, match="no role arraigo_owner"):
        schema.downgrade(Target(fresh.url), "base")


def test_somebody_without_rights_is_told_who_has_them(empty: Target, superuser: Any, database: str) -> None:
    superuser(f"CREATE ROLE nobody_{database} LOGIN")
    try:
        with pytest.raises(Unavailable, match=r"may not make the roles and the schema.*ARRAIGO_MIGRATION_URL"):
            schema.upgrade(Target(empty.url.replace("postgres@", f"nobody_{database}@")))
    finally:
        superuser(f"DROP ROLE nobody_{database}")


def test_a_pooler_is_no_way_to_upgrade(empty: Target) -> None:
    """A lock or a role that outlives the transaction would be left with somebody else's connection."""
    behind = Target(empty.url, pooler="transaction")
    with pytest.raises(Unavailable, match="ARRAIGO_MIGRATION_URL"):
        schema.upgrade(behind)
    with pytest.raises(Unavailable, match="ARRAIGO_MIGRATION_URL"), schema.owner_connection(behind):
        pass


# As on RDS: an administrator who may make roles and owns the database, but is no superuser.


@pytest.mark.parametrize("version", [15, 16, 18])
def test_an_administrator_without_superuser_sets_everything_up(
    version: int, new_home: Callable[[], Path], tmp_path: Path
) -> None:
    """From nothing, in several databases of one cluster at once; roles belong to the cluster."""
    if version != 18 and servers.installed(version) is None:
        pytest.skip(f"PostgreSQL {version} is not installed (make system)")
    binaries = None if version == 18 else Binaries.at(servers.installed(version) or Path())
    with start(new_home(), binaries=binaries) as fresh:
        run(fresh.url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        run(fresh.url, "CREATE ROLE administrator LOGIN CREATEROLE CREATEDB NOSUPERUSER")
        names = [f"house_{n}" for n in range(4)]
        targets = [Target(address(fresh, "administrator", name)) for name in names]
        with ThreadPoolExecutor(4) as threads:
            assert all(threads.map(schema.create_database, targets))
            assert all(status.current for status in threads.map(schema.upgrade, targets))
        for target in targets:
            assert schema.downgrade(target, "base").found is None
            assert schema.upgrade(target).current
        settings = load({"ARRAIGO_HOME": str(tmp_path), "DATABASE_URL": address(fresh, "administrator", names[0])})
        with arraigo.sync.open(settings) as store:
            store.check_isolation()
            me = store.as_user("ana")
            talk = me.conversations.create(title="x")
            assert me.messages.append(talk.id, role="user", content="Hola").sequence_number == 1
            me.conversations.delete(talk.id)
        roles = run(
            fresh.url,
            "SELECT rolname::text, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'arraigo%' ORDER BY 1",
        )
        assert roles == [
            ("arraigo_admin", False, False),
            ("arraigo_app", True, False),
            ("arraigo_clinical", False, False),
            ("arraigo_owner", False, False),
        ]
        _deputy_upgrades(fresh, names[0])


@pytest.mark.parametrize("user", ["administrator", "postgres"])
@pytest.mark.parametrize("version", [15, 16, 18])
def test_the_roles_are_made_once_however_many_come_at_once(
    version: int, user: str, new_home: Callable[[], Path]
) -> None:
    if version != 18 and servers.installed(version) is None:
        pytest.skip(f"PostgreSQL {version} is not installed (make system)")
    roles = files("arraigo.postgres").joinpath("roles.sql").read_text(encoding="utf-8")
    binaries = None if version == 18 else Binaries.at(servers.installed(version) or Path())
    with start(new_home(), binaries=binaries) as fresh:
        run(fresh.url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        run(fresh.url, "CREATE ROLE administrator LOGIN CREATEROLE")
        gate = Barrier(6)

        def make(_: int) -> None:
            with psycopg.connect(address(fresh, user, "postgres"), autocommit=True) as connection:
                gate.wait()
                connection.execute(roles.encode())

        with ThreadPoolExecutor(6) as threads:
            for _ in range(12):
                list(threads.map(make, range(6)))
                assert run(fresh.url, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'arraigo%'") == [(4,)]
                if version == 15:  # later versions give whoever made a role the right to grant it
                    run(fresh.url, f"REVOKE arraigo_owner, arraigo_app FROM {user}")
                    list(threads.map(make, range(6)))
                run(fresh.url, "DROP ROLE arraigo_owner, arraigo_app, arraigo_admin, arraigo_clinical")


def _deputy_upgrades(fresh: EmbeddedServer, name: str) -> None:
    """Once it is set up, a member of the owner's role upgrades without any right on the database."""
    run(fresh.url, "CREATE ROLE migrator LOGIN NOSUPERUSER IN ROLE arraigo_owner, arraigo_app")
    deputy = Target(address(fresh, "migrator", name))
    assert schema.upgrade(deputy).current
    assert schema.downgrade(deputy, REVISIONS[1]).found == REVISIONS[1]
    assert schema.upgrade(deputy).current
