"""Documents over HTTP: forms of every make, links, and files that are dangerous to hand out."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import arraigo
from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.store import links
from support.http import SECRET, bearer, client_of, serving
from support.s3 import ENVIRONMENT, S3

BOUNDARY = "----example"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
MIB = 1024 * 1024


@pytest.fixture
async def talk(client: httpx.AsyncClient) -> str:
    return str((await client.post("/conversations", json={"title": "x", "external_id": "t"})).json()["id"])


def part(disposition: str, content: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"Content-Disposition: form-data; {disposition}", *headers])
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


FILE = part('name="file"; filename="a.txt"', b"hola", "Content-Type: text/plain")
TALK = part('name="conversation_id"', b"t")


def files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.blob_place).rglob("*") if path.is_file()]


async def post(client: httpx.AsyncClient, body: Any, **headers: str) -> httpx.Response:
    return await client.post("/documents", content=body, headers=MULTIPART | headers)


async def add(client: httpx.AsyncClient, content: bytes, filename: str = "a.txt", **more: Any) -> httpx.Response:
    kind = more.get("kind", "text/plain")
    return await client.post(
        "/documents", data={"conversation_id": more.get("talk", "t")}, files={"file": (filename, content, kind)}
    )


async def test_a_file_is_kept_described_handed_out_and_deleted(
    client: httpx.AsyncClient, talk: str, settings: Settings
) -> None:
    content = b"Arraigo " * 100_000
    added = await add(client, content, "año.txt")
    assert added.status_code == 202
    body = added.json()
    assert added.headers["location"] == f"/documents/{body['id']}"
    assert (body["conversation_id"], body["filename"], body["processing_status"]) == (talk, "año.txt", "pending")
    assert (body["file_size"], body["checksum"]) == (800_000, hashlib.sha256(content).hexdigest())
    assert not {"storage_key", "owner_id"} & set(body)
    shown = (await client.get(f"/documents/{body['id']}")).json()
    changing = ("download_url", "download_expires_at")
    assert {k: v for k, v in shown.items() if k not in changing} == {
        k: v for k, v in body.items() if k not in changing
    } | {"extracted_content": None}
    async with client_of(create_app(settings)) as stranger:
        assert (await stranger.get(f"/documents/{body['id']}")).status_code == 401
        got = await stranger.get(shown["download_url"])
    assert (got.status_code, got.content) == (200, content)
    assert got.headers["content-length"] == "800000"
    assert (await client.delete(f"/documents/{body['id']}")).status_code == 204
    for path in (f"/documents/{body['id']}", shown["download_url"]):
        assert (await client.get(path)).status_code == 404
    assert (await client.delete(f"/documents/{body['id']}")).status_code == 404


@pytest.mark.parametrize("parts", [(TALK, FILE), (FILE, TALK)], ids=["the conversation first", "the file first"])
async def test_the_fields_may_come_in_any_order_and_in_any_pieces(
    client: httpx.AsyncClient,
    talk: str,  # noqa: ARG001
    parts: tuple[bytes, ...],
) -> None:
    body = form(*parts)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 7):
            yield body[at : at + 7]

    for sent in (body, pieces()):
        answer = await post(client, sent)
        assert answer.status_code == 202, answer.text
        assert answer.json()["file_size"] == 4


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (form(FILE), 422, "/conversation_id"),
        (form(TALK), 422, "/file"),
        (form(), 422, "/file"),
        (form(TALK, FILE, FILE), 422, "/file"),
        (form(TALK, TALK, FILE), 422, "/conversation_id"),
        (form(FILE, TALK, TALK), 422, "/conversation_id"),
        (form(TALK, FILE, part('name="colour"', b"red")), 422, "/colour"),
        (form(part('name="colour"', b"red"), TALK, FILE), 422, "/colour"),
        (form(TALK, part('name="file"', b"hola")), 422, "/file"),
        (form(TALK, part('name="file"; filename=""', b"")), 422, None),
        (form(TALK, part('name="file"; filename="/"', b"")), 422, None),
        (form(TALK, part('name="file"; filename="a.txt"', b"", "Content-Type: no type")), 422, None),
        (form(TALK, part('name="file"; filename="\xff"', b"").replace(b"\xc3\xbf", b"\xff")), 422, "/file"),
        (form(part('name="conversation_id"', b"\xff"), FILE), 422, "/conversation_id"),
        (form(part('name="conversation_id"', b""), FILE), 422, None),
        (form(part('name="conversation_id"', b"a\0b"), FILE), 422, None),
        (form(part('name="conversation_id"', b"x" * 256), FILE), 422, None),
        (form(part('name="conversation_id"', b"x" * 5000), FILE), 413, None),
        (form(part('name="conversation_id"', b"nobody's"), FILE), 404, None),
        (form(FILE, part('name="conversation_id"', b"nobody's")), 404, None),
        (TALK + FILE, 400, None),
        (TALK + FILE[:-3], 400, None),
        (b"", 400, None),
        (b"nonsense", 400, None),
        (form(TALK, part('name="file"; filename="a"', b"", "X: " + "x" * 10_000)), 400, None),
        (form(TALK, part('name="file"; filename="a"', b"", *["X: x"] * 50)), 400, None),
    ],
)
async def test_what_is_no_good_form_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient,
    talk: str,
    settings: Settings,
    superuser: Any,
    body: bytes,
    status: int,
    pointer: str | None,
) -> None:
    answer = await post(client, body)
    assert answer.status_code == status, answer.text
    if pointer is not None:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get(f"/documents?conversation_id={talk}")).json()["documents"] == []
    assert superuser("SELECT count(*) FROM arraigo.blob_removals") == [(0,)]
    assert files(settings) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/mixed; boundary=x"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Encoding": "gzip"},
        {"Content-Type": ""},
    ],
)
async def test_what_is_declared_to_be_something_else_is_415(
    client: httpx.AsyncClient, talk: str, headers: dict[str, str]
) -> None:
    assert talk
    assert (await client.post("/documents", content=form(TALK, FILE), headers=MULTIPART | headers)).status_code == 415


async def test_a_file_has_a_limit(settings: Settings, store: arraigo.Store, talk: str) -> None:
    small = replace(settings, max_document=MIB)
    async with arraigo.open(small) as other, client_of(create_app(small, store=other)) as client:
        client.headers.update(bearer(settings, "ana"))
        assert (await add(client, b"x" * MIB)).status_code == 202
        for size, words in ((MIB + 1, "the file has more than 1,048,576 bytes"), (2 * MIB, "the body is larger than")):
            for body in (
                form(TALK, part('name="file"; filename="a"', b"x" * size)),
                form(part('name="file"; filename="a"', b"x" * size), TALK),
            ):
                refused = await post(client, body)
                assert refused.status_code == 413
                assert words in refused.json()["detail"]
        assert len((await client.get("/documents?conversation_id=t")).json()["documents"]) == 1
    assert len((await store.as_user("ana").documents.list(talk)).items) == 1


async def test_before_the_token_nothing_of_the_file_is_read(client: httpx.AsyncClient) -> None:
    del client.headers["authorization"]

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    assert (await post(client, never())).status_code == 401


@pytest.mark.parametrize(
    ("kind", "handed_out"),
    [
        ("text/plain", "text/plain"),
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("text/javascript", "application/octet-stream"),
        ("something/else", "application/octet-stream"),
    ],
)
async def test_what_a_browser_would_run_is_bytes_to_be_saved(
    client: httpx.AsyncClient, talk: str, kind: str, handed_out: str
) -> None:
    added = (await add(client, b"<script>alert(1)</script>", kind=kind, talk=talk)).json()
    assert added["content_type"] == kind
    headers = (await client.get(added["download_url"])).headers
    assert headers["content-type"] == handed_out
    assert headers["content-disposition"].startswith("attachment;")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_type_that_is_not_told_is_guessed_by_the_name(client: httpx.AsyncClient, talk: str) -> None:
    for name, kind in (("a.pdf", "application/pdf"), ("a", "application/octet-stream")):
        added = await add(client, b"x", name, kind="application/octet-stream", talk=talk)
        assert added.json()["content_type"] == kind


async def test_a_link_that_was_changed_is_403_and_one_whose_time_is_over_410(
    client: httpx.AsyncClient, talk: str, store: arraigo.Store, superuser: Any
) -> None:
    added = (await add(client, b"x", talk=talk)).json()
    _, _, token, name = added["download_url"].split("/")
    flipped = token[:50] + ("A" if token[50] != "A" else "B") + token[51:]
    for path in (f"{flipped}/{name}", f"{token}/b.txt", f"{token}/{name}/", f"{token[:-1]}/{name}", f"x/{name}"):
        answer = await client.get(f"/downloads/{path}")
        assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden"), path
    [(key,)] = superuser("SELECT id_key FROM arraigo.installation")
    document = await store.as_user("ana").documents.get(added["id"])
    grant = links.Grant(document.owner_id, document.conversation_id, document.id, int(time.time()))
    over = await client.get(links.make(bytes(key), grant, name))
    assert (over.status_code, over.json()["title"]) == (410, "Gone")
    forged = await client.get(links.make(SECRET.encode(), grant._replace(expires=2**40), name))
    assert forged.status_code == 403
    assert (await client.get(added["download_url"])).status_code == 200


async def test_any_name_can_be_handed_out(client: httpx.AsyncClient, talk: str) -> None:
    for name in ('a "b" %41.txt', "año 🏠.txt", "a;b=c.txt", "x" * 255, "..a", "%2F", "#?&+ .txt", "'"):
        assert talk
        added = (await post(client, form(TALK, part(f'name="file"; filename="{_quoted(name)}"', b"x")))).json()
        assert added["filename"] == name
        got = await client.get(added["download_url"])
        assert (got.status_code, got.content) == (200, b"x"), name


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


async def test_documents_are_listed_in_pages(client: httpx.AsyncClient, talk: str) -> None:
    added = [(await add(client, b"x")).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await client.get(f"/documents?conversation_id={talk}&limit=2{cursor}")).json()
        seen += [document["id"] for document in page["documents"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == added
    for query in ("", "?conversation_id=", "?conversation_id=t&limit=0", "?conversation_id=t&cursor=no", "?x=1"):
        assert (await client.get(f"/documents{query}")).status_code == 422
    assert (await client.get("/documents?conversation_id=nobody's")).status_code == 404


async def test_a_conversation_takes_its_documents_with_it(
    client: httpx.AsyncClient, talk: str, settings: Settings
) -> None:
    added = (await add(client, b"x")).json()
    assert (await client.delete(f"/conversations/{talk}")).status_code == 204
    assert (await client.get(f"/documents/{added['id']}")).status_code == 404
    assert (await client.get(added["download_url"])).status_code == 404
    assert files(settings) == []


async def test_bytes_that_are_missing_or_changed_are_never_an_answer(
    settings: Settings, talk: str, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    added = (await add(client, b"x" * 3_000_000, talk=talk)).json()
    [blob] = files(settings)
    content = blob.read_bytes()
    with serving(settings, tmp_path / "log") as served:
        stranger = httpx.AsyncClient(base_url=served.address)
        url = added["download_url"]
        assert (await stranger.get(url)).content == content
        blob.write_bytes(content[:-1] + b"!")
        with pytest.raises(httpx.RemoteProtocolError):
            await stranger.get(url)
        for damage in (lambda: blob.write_bytes(content[:-1]), blob.unlink):
            damage()
            answer = await stranger.get(url)
            assert answer.status_code == 500
            assert f"the file of document {added['id']} is" in answer.json()["detail"]
            assert str(settings.blob_place) not in answer.text
        await stranger.aclose()


async def test_while_the_place_is_away_it_is_503_and_the_rest_goes_on(
    settings: Settings, store: arraigo.Store, monkeypatch: pytest.MonkeyPatch, s3: S3
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    there = replace(settings, blobs=f"s3://{s3.bucket()}", s3_endpoint=s3.endpoint)
    await store.as_user("ana").conversations.create(title="x", external_id="t")
    async with arraigo.open(there) as other, client_of(create_app(there, store=other)) as client:
        client.headers.update(bearer(settings, "ana"))
        added = (await add(client, b"hola")).json()
        assert (await client.get(added["download_url"])).content == b"hola"
    away = replace(there, s3_endpoint="http://127.0.0.1:1")
    async with arraigo.open(away) as other, client_of(create_app(away, store=other)) as client:
        client.headers.update(bearer(settings, "ana"))
        for answer in (await add(client, b"x"), await client.get(added["download_url"])):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert "127.0.0.1" not in answer.text
        assert len((await client.get("/documents?conversation_id=t")).json()["documents"]) == 1
        assert (await client.delete(f"/documents/{added['id']}")).status_code == 204


async def test_a_client_that_goes_away_leaves_nothing(
    settings: Settings, talk: str, client: httpx.AsyncClient, tmp_path: Path, superuser: Any
) -> None:
    head = form(TALK, part('name="file"; filename="a"', b"x" * 200_000))[:150_000]
    with serving(settings, tmp_path / "log") as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        lines = {**MULTIPART, **bearer(settings, "ana"), "Host": "localhost", "Content-Length": "300000"}
        request = "POST /documents HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(request.encode() + b"\r\n" + head)
        await writer.drain()
        removals = "SELECT count(*) FROM arraigo.blob_removals"
        await _eventually(lambda: superuser(removals) == [(1,)])
        writer.close()
        await _eventually(lambda: superuser(removals) == [(0,)])
        assert await reader.read() == b""
        await _eventually(lambda: '"route":"/documents"' in served.log.read_text())
    assert '"failed"' not in served.log.read_text()
    assert (await client.get(f"/documents?conversation_id={talk}")).json()["documents"] == []
    assert files(settings) == []


async def _eventually(true: Any) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)
