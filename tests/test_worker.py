"""The worker, in a process of its own: it sweeps, as whoever it may be, through whatever it may, and it stays."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.errors import Unavailable
from arraigo.postgres import jobs, schema
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.postgres.target import Target
from arraigo.settings import Settings
from support.commands import PROGRAM, Command, clean_environment, command
from support.databases import address, drop_database, make_database
from support.servers import make_migrator

SWEPT = "SELECT count(*) FROM arraigo.states"
QUEUED = "SELECT count(*) FROM arraigo_jobs.procrastinate_jobs"
LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"


@contextmanager
def at_work(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*PROGRAM, "worker"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert "at work" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    home, database, owner = str(settings.home), settings.database_url or "", settings.migration_url or ""
    return clean_environment() | {"ARRAIGO_HOME": home, "DATABASE_URL": database, "ARRAIGO_MIGRATION_URL": owner}


@pytest.fixture
async def expired(store: arraigo.Store, superuser: Any) -> None:
    """Three entries: two whose time is over, one that is kept."""
    for name in ("ana", "bea"):
        await store.as_user(name).state.set("n", "k", name, ttl=60)
    superuser("UPDATE arraigo.states SET expires_at = now()")
    await store.as_user("ana").state.set("n", "kept", 1, ttl=3600)


@pytest.mark.parametrize("user", ["arraigo_app", "migrator", "postgres", "a pooler"])
def test_it_sweeps_and_ends_well(
    server: EmbeddedServer,
    database: str,
    environment: dict[str, str],
    expired: None,  # noqa: ARG001
    superuser: Any,
    user: str,
    request: pytest.FixtureRequest,
) -> None:
    if user == "a pooler":
        url = address(server, "arraigo_app", database, request.getfixturevalue("bouncer"))
        environment |= {"DATABASE_URL": url, "DB_POOLER": "transaction"}
    else:
        make_migrator(server.url)
        environment |= {"DATABASE_URL": address(server, user, database)}
    with at_work(environment) as process:
        eventually(lambda: superuser(SWEPT) == [(1,)] and superuser(QUEUED) == [(0,)])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert '"stopped"' in (process.communicate()[1])
    assert superuser("SELECT key FROM arraigo.states") == [("kept",)]
    assert superuser(QUEUED) == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo_jobs.procrastinate_workers") == [(0,)]


async def test_it_indexes_what_was_said(environment: dict[str, str], store: arraigo.Store, superuser: Any) -> None:
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    await me.messages.append(talk.id, [("user", "uno"), ("assistant", "dos")])
    with at_work(environment):
        eventually(lambda: superuser("SELECT count(*) FROM arraigo.message_search") == [(3,)])


def test_two_do_each_job_once_and_one_that_lost_its_connections_goes_on(
    environment: dict[str, str], superuser: Any
) -> None:
    with at_work(environment), at_work(environment) as second:
        eventually(lambda: len(superuser(LISTENING)) == 2)
        superuser(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'arraigo' AND pid <> pg_backend_pid()"
        )
        eventually(lambda: len(superuser(LISTENING)) == 2)
        second.send_signal(signal.SIGINT)
        assert second.wait(20) == 0
    ticks = superuser("SELECT task_name, defer_timestamp FROM arraigo_jobs.procrastinate_periodic_defers")
    assert len(ticks) == len(set(ticks))
    assert "sweep_state" in dict(ticks)


async def test_it_removes_the_files_of_documents_that_are_gone(
    environment: dict[str, str], settings: Settings, store: arraigo.Store, superuser: Any
) -> None:
    """Deleted by SQL alone, and one that was never added to its end, a day ago."""
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    gone, kept = [await me.documents.add(talk.id, b"x", filename="a") for _ in range(2)]
    superuser("DELETE FROM arraigo.documents WHERE id = %s", gone.id)
    blobs = Path(settings.blob_place)
    with at_work(environment):
        eventually(lambda: not (blobs / gone.storage_key).exists())
        eventually(lambda: superuser("SELECT count(*) FROM arraigo.blob_removals") == [(0,)])
    assert (blobs / kept.storage_key).exists()


async def test_without_the_folder_of_the_blobs_it_forgets_nothing(
    environment: dict[str, str], settings: Settings, store: arraigo.Store, superuser: Any
) -> None:
    me = store.as_user("ana")
    talk = await me.conversations.create(title="x")
    added = await me.documents.add(talk.id, b"x", filename="a")
    superuser("DELETE FROM arraigo.documents")
    with at_work(environment | {"ARRAIGO_BLOBS": "/nowhere/blobs"}) as process:
        eventually(lambda: superuser("SELECT claimed FROM arraigo.blob_removals") == [(True,)])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        log = process.communicate()[1]
    assert "the folder of the blobs, /nowhere/blobs, is not there" in log
    assert superuser("SELECT count(*) FROM arraigo.blob_removals") == [(1,)]
    assert (Path(settings.blob_place) / added.storage_key).exists()


def test_behind_a_pooler_it_wants_the_servers_own_address(tmp_path: Path) -> None:
    """Said before anything is asked: there is nothing at this address."""
    run: Command = command(clean_environment())
    done = run(
        "worker",
        ARRAIGO_HOME=str(tmp_path),
        DATABASE_URL="postgresql://u:hunter2@127.0.0.1:1/d",
        DB_POOLER="transaction",
    )
    assert done.returncode == 3
    assert "set ARRAIGO_MIGRATION_URL to the server's own address" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_package_with_another_schema_is_refused_and_nothing_is_changed(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_database(server, "template1")
    target = Target(address(server, "postgres", name))
    schema.upgrade(target, "0005")
    monkeypatch.setattr(jobs, "_SHA256", "another")
    try:
        with pytest.raises(Unavailable, match="pip install"):
            schema.upgrade(target)
        assert schema.status(target).found == "0005"
    finally:
        drop_database(server, name)
