"""Documents, over a folder and over S3, with asyncio and without: the same in every way."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import arraigo
from arraigo.errors import CheckFailed, InvalidInput, NotFound, TooLarge, Unavailable
from arraigo.ids import uuid7
from arraigo.settings import Settings
from support.places import Place
from support.ways import opened

PART = 5 * 1024 * 1024
MOST = 3 * PART
REMOVALS = "SELECT count(*) FROM arraigo.blob_removals"
Superuser = Any


def content(size: int) -> bytes:
    return (b"Arraigo " * (size // 8 + 1))[:size]


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


@pytest.fixture(params=["async", "sync"])
def twin(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "sync")


@pytest.fixture
def chosen(settings: Settings, place: Place) -> Settings:
    endpoint = place.s3.endpoint if place.s3 else None
    return replace(settings, blobs=place.address, s3_endpoint=endpoint, max_document=MOST)


@pytest.fixture
async def store(chosen: Settings, twin: bool) -> AsyncIterator[arraigo.Store]:  # noqa: FBT001 - a fixture
    async with opened(chosen, twin=twin) as found:
        yield found


@pytest.fixture
def me(store: arraigo.Store) -> arraigo.UserStore:
    return store.as_user("ana")


@pytest.fixture
async def talk(me: arraigo.UserStore) -> arraigo.Conversation:
    return await me.conversations.create(title="Direcciones", external_id="talk-1")


async def add(me: arraigo.UserStore, talk: arraigo.Conversation, data: bytes = b"hola") -> arraigo.Document:
    return await me.documents.add(talk.id, data, filename="a.txt")


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, PART, PART + 1, MOST])
async def test_a_file_comes_back_as_it_was_added(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, tmp_path: Path, size: int
) -> None:
    whole = content(size)
    file = tmp_path / "año.bin"
    file.write_bytes(whole)
    ways: Iterable[Any] = (whole, file, pieces(*(whole[at : at + 700_001] for at in range(0, size, 700_001))))
    for way in ways:
        added = await me.documents.add("talk-1", way, filename="informe.pdf")
        assert (added.file_size, added.checksum) == (size, hashlib.sha256(whole).hexdigest())
        assert added.storage_key == f"{talk.owner_id}/{talk.id}/{added.id}"
        assert await me.documents.read(added.id) == whole
        assert b"".join([piece async for piece in await me.documents.open(added.id)]) == whole
    assert len(place.files()) == 3


async def test_what_is_known_of_a_file(me: arraigo.UserStore, talk: arraigo.Conversation, tmp_path: Path) -> None:
    (tmp_path / "plan de año.md").write_text("hola")
    added = await me.documents.add(talk.id, tmp_path / "plan de año.md")
    assert (added.filename, added.processing_status, added.processing_error) == ("plan de año.md", "pending", None)
    assert (added.conversation_id, added.owner_id, added.processed_at) == (talk.id, talk.owner_id, None)
    assert "plan" not in repr(added)
    assert await me.documents.get(added.id) == added
    guessed = {"a.pdf": "application/pdf", "a.txt": "text/plain", "a": "application/octet-stream"}
    for name, kind in guessed.items():
        assert (await me.documents.add(talk.id, b"", filename=name)).content_type == kind
    told = await me.documents.add(talk.id, b"", filename="a.pdf", content_type="Text/CSV; charset=latin-1")
    assert told.content_type == "text/csv"


async def test_processing_ends_well_or_with_a_reason(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    added = await add(me, talk)
    done = await me.documents.mark_processed(added.id, "lo que dice")
    assert (done.processing_status, done.extracted_content, done.processing_error) == ("processed", "lo que dice", None)
    assert done.processed_at is not None
    assert done.updated_at > added.updated_at
    assert "dice" not in repr(done)
    failed = await me.documents.mark_failed(added.id, "it is encrypted")
    assert (failed.processing_status, failed.processing_error) == ("failed", "it is encrypted")
    assert (failed.extracted_content, failed.processed_at) == (None, None)
    again = await me.documents.mark_processed(added.id)
    assert (again.processing_status, again.processing_error, again.extracted_content) == ("processed", None, None)
    assert await me.documents.get(added.id) == again
    with pytest.raises(TooLarge):
        await me.documents.mark_processed(added.id, "ñ" * 5_242_881)
    for bad in ("", "x" * 2001):
        with pytest.raises(InvalidInput):
            await me.documents.mark_failed(added.id, bad)
    assert await me.documents.get(added.id) == again


async def test_a_conversations_documents_are_listed_in_pages(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    other = await me.conversations.create(title="x")
    await add(me, other)
    added = [await add(me, talk) for _ in range(7)]
    await me.documents.mark_processed(added[0].id, "found")
    seen: list[arraigo.Document] = []
    cursor = None
    while True:
        page = await me.documents.list("talk-1", limit=3, cursor=cursor)
        seen += page.items
        if (cursor := page.next) is None:
            break
    assert [document.id for document in seen] == [document.id for document in added]
    assert (seen[0].processing_status, seen[0].extracted_content) == ("processed", None), "a listing leaves it out"
    assert (await me.documents.list(other.id)).next is None
    with pytest.raises(NotFound):
        await me.documents.list("nobody's")
    with pytest.raises(InvalidInput):
        await me.documents.list(talk.id, cursor="no")


async def test_what_cannot_be_a_document_is_refused_and_leaves_nothing(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, superuser: Superuser, tmp_path: Path
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield content(PART + 1)
        raise FileNotFoundError("the giver's own")

    refused: list[tuple[Any, dict[str, Any], type[Exception]]] = [
        (content(MOST + 1), {}, TooLarge),
        (pieces(content(MOST), b"x"), {}, TooLarge),
        (pieces(content(10), "text"), {}, InvalidInput),  # type: ignore[arg-type]
        ("text", {}, InvalidInput),
        (None, {}, InvalidInput),
        (tmp_path / "missing", {}, InvalidInput),
        (tmp_path, {}, InvalidInput),
        (broken(), {}, FileNotFoundError),
        (b"x", {"filename": None}, InvalidInput),
        (b"x", {"filename": ""}, InvalidInput),
        (b"x", {"filename": "a/"}, InvalidInput),
        (b"x", {"filename": ".."}, InvalidInput),
        (b"x", {"filename": "a\nb"}, InvalidInput),
        (b"x", {"filename": "x" * 256}, InvalidInput),
        (b"x", {"filename": "\ud800"}, InvalidInput),
        (b"x", {"content_type": "pdf"}, InvalidInput),
        (b"x", {"content_type": "text/html\r\nx: y"}, InvalidInput),
    ]
    for given, named, error in refused:
        with pytest.raises(error) as caught:
            await me.documents.add(talk.id, given, **{"filename": "a.txt"} | named)
        assert "the giver's own" in str(caught.value) or error is not FileNotFoundError
    assert (place.files(), superuser(REMOVALS)) == (set(), [(0,)])
    assert superuser("SELECT count(*) FROM arraigo.documents") == [(0,)]


async def test_folders_in_a_filename_are_left_out(me: arraigo.UserStore, talk: arraigo.Conversation) -> None:
    for given, kept in (("../../etc/passwd", "passwd"), ("C:\\x\\informe.pdf", "informe.pdf"), ('a "b" ñ', 'a "b" ñ')):
        assert (await me.documents.add(talk.id, b"", filename=given)).filename == kept


async def test_for_an_unknown_conversation_nothing_is_read(me: arraigo.UserStore, place: Place) -> None:
    asked = False

    async def watched() -> AsyncIterator[bytes]:
        nonlocal asked
        asked = True
        yield b"x"

    for unknown in (uuid7(), "nobody's"):
        with pytest.raises(NotFound, match="there is no conversation"):
            await me.documents.add(unknown, watched(), filename="a")
    assert not asked
    assert place.files() == set()


async def test_a_document_goes_with_its_bytes(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    first, second = await add(me, talk), await add(me, talk)
    await me.documents.delete(first.id)
    assert place.files() == {second.storage_key}
    for attempt in (me.documents.get, me.documents.read, me.documents.delete, me.documents.link):
        with pytest.raises(NotFound):
            await attempt(first.id)
    assert superuser(REMOVALS) == [(0,)]


async def test_a_conversation_goes_with_its_documents(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    other = await me.conversations.create(title="x")
    kept = await add(me, other)
    for _ in range(12):
        await add(me, talk)
    await me.conversations.delete("talk-1")
    assert place.files() == {kept.storage_key}
    assert superuser(REMOVALS) == [(0,)]
    await me.conversations.delete(other.id)
    assert place.keys() == set(), "not even empty folders are left"


async def test_bytes_that_are_missing_or_changed_are_said_and_never_given_whole(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place
) -> None:
    whole = content(9_000_000)
    added = await add(me, talk, whole)
    for bad, words in ((whole[:-1], "8,999,999 bytes instead of 9,000,000"), (whole + b"x", "9,000,001 bytes")):
        place.replace(added.storage_key, bad)
        with pytest.raises(CheckFailed, match=words):
            await me.documents.open(added.id)
    place.replace(added.storage_key, whole[:-1] + b"!")
    given = bytearray()

    async def take() -> None:
        async for piece in await me.documents.open(added.id):
            given.extend(piece)

    with pytest.raises(CheckFailed, match="checksum"):
        await take()
    assert 0 < len(given) < len(whole)
    with pytest.raises(CheckFailed, match="checksum"):
        await me.documents.read(added.id)
    place.replace(added.storage_key, None)
    with pytest.raises(CheckFailed, match=f"{added.id} is missing"):
        await me.documents.read(added.id)
    await me.documents.delete(added.id)
    assert place.files() == set()


@pytest.mark.parametrize("twin", [False])  # a thread cannot be cancelled
async def test_cancelling_leaves_no_row_and_no_bytes(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    reached = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield content(10)
        reached.set()
        await asyncio.sleep(60)
        yield b"x"

    adding = asyncio.create_task(me.documents.add(talk.id, slow(), filename="a"))
    await reached.wait()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert (place.files(), superuser(REMOVALS)) == (set(), [(0,)])
    assert (await me.documents.list(talk.id)).items == []


async def test_what_was_given_up_by_the_worker_is_not_added(
    me: arraigo.UserStore, store: arraigo.Store, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    """A day is over before the last byte has come: the worker has begun to remove it, and no row is made of it."""

    async def late() -> AsyncIterator[bytes]:
        yield content(PART + 1)
        superuser("UPDATE arraigo.blob_removals SET due_at = now()")
        assert await store.sweep_blobs() == 1
        yield b"x"

    with pytest.raises(Unavailable, match=r"more than a day|cannot be written"):
        await me.documents.add(talk.id, late(), filename="a")
    assert (await me.documents.list(talk.id)).items == []
    assert (place.files(), superuser(REMOVALS)) == (set(), [(0,)])


async def test_a_conversation_that_is_deleted_meanwhile_leaves_nothing(
    me: arraigo.UserStore, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    async def meanwhile() -> AsyncIterator[bytes]:
        yield b"x"
        await me.conversations.delete(talk.id)

    with pytest.raises(NotFound, match="there is no conversation"):
        await me.documents.add(talk.id, meanwhile(), filename="a")
    assert (place.files(), superuser(REMOVALS)) == (set(), [(0,)])


async def test_while_the_place_is_away_nothing_is_lost_and_nothing_stays(
    me: arraigo.UserStore,
    store: arraigo.Store,
    chosen: Settings,
    twin: bool,  # noqa: FBT001
    talk: arraigo.Conversation,
    place: Place,
    superuser: Superuser,
) -> None:
    kept, gone = await add(me, talk), await add(me, talk)
    away = (
        replace(chosen, blobs="/dev/null/blobs") if place.folder else replace(chosen, s3_endpoint="http://127.0.0.1:1")
    )
    async with opened(away, twin=twin) as cut_off:
        mine = cut_off.as_user("ana")
        attempts = (mine.documents.add(talk.id, b"x", filename="a"), mine.documents.read(kept.id))
        for attempt in attempts:
            with pytest.raises(Unavailable) as caught:
                await attempt
            told = str(caught.value)
            assert "\n" not in told
            assert len(told) < 250
            assert "hunter2" not in told
            assert place.address in told or "/dev/null" in told
        await mine.documents.delete(gone.id)
        superuser("UPDATE arraigo.blob_removals SET due_at = now()")
        with pytest.raises(Unavailable):
            await cut_off.sweep_blobs()
        assert [document.id for document in (await mine.documents.list(talk.id)).items] == [kept.id]
    assert place.files() == {kept.storage_key, gone.storage_key}
    superuser("UPDATE arraigo.blob_removals SET due_at = now()")
    assert await store.sweep_blobs() >= 1
    assert place.files() == {kept.storage_key}
    assert superuser(REMOVALS) == [(0,)]
    assert await me.documents.read(kept.id) == b"hola"


async def test_a_sweep_takes_what_is_due_and_no_more_than_asked(
    me: arraigo.UserStore, store: arraigo.Store, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    added = [await add(me, talk) for _ in range(5)]
    superuser("DELETE FROM arraigo.documents WHERE id <> %s", added[0].id)
    assert len(place.files()) == 5, "SQL alone removes no bytes"
    assert [await store.sweep_blobs(limit=3), await store.sweep_blobs(limit=3), await store.sweep_blobs()] == [3, 1, 0]
    assert place.files() == {added[0].storage_key}
    with pytest.raises(InvalidInput):
        await store.sweep_blobs(limit=0)


async def test_adders_and_deleters_at_once_leave_what_they_say(
    me: arraigo.UserStore, store: arraigo.Store, talk: arraigo.Conversation, place: Place, superuser: Superuser
) -> None:
    async def busy(number: int) -> arraigo.Document:
        for _ in range(4):
            await me.documents.delete((await add(me, talk, str(number).encode())).id)
            await store.sweep_blobs()
        return await add(me, talk, str(number).encode())

    kept = await asyncio.gather(*(busy(number) for number in range(8)))
    assert place.files() == {document.storage_key for document in kept}
    assert [await me.documents.read(document.id) for document in kept] == [str(n).encode() for n in range(8)]
    assert superuser(REMOVALS) == [(0,)]
