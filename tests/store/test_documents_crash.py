"""Crashes between the first byte and the row, and two processes at one place: nothing lost, nothing left."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest

import arraigo
from arraigo import sync
from arraigo.settings import Settings
from support.commands import clean_environment
from support.places import Place
from support.s3 import ENVIRONMENT

PROGRAM = """
import sys
from arraigo import sync
from uuid import UUID

def pieces(size):
    yield b"x" * size
    print("begun", flush=True)
    if sys.argv[3] == "hang":
        sys.stdin.read()

with sync.open() as store:
    me = store.as_user("ana")
    for _ in range(int(sys.argv[4])):
        added = me.documents.add(UUID(sys.argv[1]), pieces(int(sys.argv[2])), filename="a.txt")
        print(added.id, flush=True)
"""
SWEEP = """
from arraigo import sync
with sync.open() as store:
    print(sum(iter(lambda: store.sweep_blobs(limit=3), 0)))
"""
NOW = "UPDATE arraigo.blob_removals SET due_at = now()"
REMOVALS = "SELECT count(*) FROM arraigo.blob_removals"
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%add_document%'"
END_WAITING = WAITING.replace("SELECT pid", "SELECT pg_terminate_backend(pid)")
BIG = 11 * 1024 * 1024


@pytest.fixture
def chosen(settings: Settings, place: Place) -> Settings:
    return replace(settings, blobs=place.address, s3_endpoint=place.s3.endpoint if place.s3 else None)


@pytest.fixture
def store(chosen: Settings) -> Iterator[sync.Store]:
    with sync.open(chosen) as found:
        yield found


@pytest.fixture
def talk(store: sync.Store) -> arraigo.Conversation:
    return store.as_user("ana").conversations.create(title="x")


@pytest.fixture
def environment(chosen: Settings) -> dict[str, str]:
    there = {"AWS_ENDPOINT": chosen.s3_endpoint, **ENVIRONMENT} if chosen.s3_endpoint else {}
    return clean_environment() | {
        "ARRAIGO_HOME": str(chosen.home),
        "ARRAIGO_BLOBS": chosen.blob_place,
        "DATABASE_URL": chosen.database_url or "",
        **there,
    }


@contextmanager
def adding(
    environment: dict[str, str], talk: arraigo.Conversation, size: int, *, hang: bool = False, times: int = 1
) -> Iterator[subprocess.Popen[str]]:
    """Another process that adds documents."""
    command = [sys.executable, "-c", PROGRAM, str(talk.id), str(size), "hang" if hang else "-", str(times)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("size", [1000, BIG])
def test_killed_in_the_middle_of_its_bytes(
    store: sync.Store,
    environment: dict[str, str],
    talk: arraigo.Conversation,
    place: Place,
    superuser: Any,
    size: int,
) -> None:
    with adding(environment, talk, size, hang=True) as process:
        process.kill()
        process.wait()
    assert superuser(REMOVALS) == [(1,)]
    assert store.sweep_blobs() == 0, "it may still be coming"
    superuser(NOW)
    assert store.sweep_blobs() == 1
    assert superuser(REMOVALS) == [(0,)]
    if place.folder is not None:  # what S3 has of parts, a rule of the bucket's lifecycle removes
        assert place.files() == set()
    assert store.as_user("ana").documents.list(talk.id).items == []


def test_killed_between_its_bytes_and_its_row(
    store: sync.Store,
    environment: dict[str, str],
    talk: arraigo.Conversation,
    place: Place,
    superuser: Any,
    owner_url: str,
) -> None:
    with psycopg.connect(owner_url) as blocking:
        blocking.execute("SELECT FROM arraigo.conversations WHERE id = %s FOR UPDATE", [talk.id])
        with adding(environment, talk, BIG) as process:
            eventually(lambda: bool(superuser(WAITING)))
            assert len(place.files()) == 1, "its bytes are all there"
            process.kill()
            process.wait()
        superuser(END_WAITING)
    assert store.as_user("ana").documents.list(talk.id).items == []
    assert (store.sweep_blobs(), len(place.files())) == (0, 1)
    superuser(NOW)
    assert (store.sweep_blobs(), place.files(), superuser(REMOVALS)) == (1, set(), [(0,)])


def test_killed_between_deleting_the_row_and_the_bytes(
    store: sync.Store, talk: arraigo.Conversation, place: Place, superuser: Any
) -> None:
    """The row went with its transaction; whoever did it claimed the bytes, and came to nothing more."""
    me = store.as_user("ana")
    added = [me.documents.add(talk.id, b"x", filename="a") for _ in range(3)]
    superuser("DELETE FROM arraigo.conversations WHERE id = %s", talk.id)
    superuser("UPDATE arraigo.blob_removals SET claimed = true, due_at = now() + interval '5 minutes'")
    assert (store.sweep_blobs(), len(place.files())) == (0, len(added))
    superuser(NOW)
    assert (store.sweep_blobs(), place.files(), superuser(REMOVALS)) == (3, set(), [(0,)])


def test_the_answer_is_lost_and_the_document_is_not(
    chosen: Settings, talk: arraigo.Conversation, place: Place, superuser: Any, owner_url: str
) -> None:
    """The connection ends while the row is being made: either there is a document, or nothing is left in the end."""
    with sync.open(chosen) as store, psycopg.connect(owner_url) as blocking:
        me = store.as_user("ana")
        blocking.execute("SELECT FROM arraigo.conversations WHERE id = %s FOR UPDATE", [talk.id])
        ended: list[Any] = []

        def add() -> None:
            try:
                ended.append(me.documents.add(talk.id, b"x", filename="a"))
            except arraigo.errors.Unavailable as error:
                ended.append(error)

        thread = threading.Thread(target=add)
        thread.start()
        eventually(lambda: bool(superuser(END_WAITING)))
        thread.join()
        blocking.rollback()
        assert isinstance(ended[0], arraigo.errors.Unavailable)
        assert me.documents.list(talk.id).items == []
        superuser(NOW)
        assert (store.sweep_blobs(), place.files()) == (1, set())


def test_two_processes_share_a_place(
    store: sync.Store, environment: dict[str, str], talk: arraigo.Conversation, place: Place, superuser: Any
) -> None:
    me = store.as_user("ana")
    with adding(environment, talk, 1000, times=5) as process:
        mine = [me.documents.add(talk.id, b"mine", filename="b.txt") for _ in range(5)]
        told = process.communicate()[0].split()
    theirs = [document for document in me.documents.list(talk.id).items if str(document.id) in told]
    assert len(theirs) == 5
    assert [me.documents.read(document.id) for document in theirs] == [b"x" * 1000] * 5
    assert len(place.files()) == 10
    superuser("DELETE FROM arraigo.documents WHERE id <> %s", mine[0].id)
    sweeps = [
        subprocess.Popen([sys.executable, "-c", SWEEP], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sum(int(sweep.communicate()[0]) for sweep in sweeps) == 9, "each by one of them"
    assert (place.files(), superuser(REMOVALS)) == ({mine[0].storage_key}, [(0,)])
