"""The files of elements: in a folder, and in a bucket of moto's S3."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from obstore.exceptions import AlreadyExistsError

from integrations.chainlit.apps import free_port
from integrations.chainlit.chats import ObstoreStorage


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    """How to reach a bucket named "files"."""
    pytest.importorskip("moto", reason="moto is not installed (the extra dev)")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.put(f"{address}/files")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield {
            "endpoint": address,
            "region": "us-east-1",
            "access_key_id": "a",
            "secret_access_key": "b",
            "client_options": {"allow_http": True},
        }
    finally:
        server.kill()
        server.wait()


async def test_a_bucket_gives_links_that_are_signed_and_expire(bucket: dict[str, Any]) -> None:
    storage = ObstoreStorage("s3://files/chats", bucket)
    made = await storage.upload_file("a/b", "¡hola! 🥑", mime="text/plain", content_disposition="inline")
    assert made["object_key"] == "a/b.txt"
    link = await storage.get_read_url("a/b.txt")
    assert "X-Amz-Expires=3600" in link
    async with httpx.AsyncClient() as client:
        answer = await client.get(link)
        assert (answer.content.decode(), answer.headers["Content-Type"]) == ("¡hola! 🥑", "text/plain")
        await storage.delete_file("a/b.txt")
        assert (await client.get(link)).status_code == 404
    await storage.close()


async def test_a_folder_gives_the_file_itself_up_to_a_size(tmp_path: Path) -> None:
    storage = ObstoreStorage(tmp_path / "files")
    made = await storage.upload_file("a/b", b"\x00\xff", mime="application/octet-stream")
    assert await storage.get_read_url(made["object_key"]) == "data:application/octet-stream;base64,AP8="
    large = await storage.upload_file("a/c", bytes(17 * 1024 * 1024))
    assert await storage.get_read_url(large["object_key"]) == ""
    with pytest.raises(AlreadyExistsError):
        await storage.upload_file("a/b", b"x", mime="application/octet-stream", overwrite=False)
    assert await storage.delete_file(made["object_key"]) is True
    assert await storage.delete_file(made["object_key"]) is False
    with pytest.raises(FileNotFoundError):
        await storage.get_read_url(made["object_key"])
