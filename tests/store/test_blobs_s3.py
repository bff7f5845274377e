"""What only a bucket has: whose it is, what S3 says, and TLS."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from arraigo.errors import Unavailable
from arraigo.store.blobs import Blobs
from support.s3 import ENVIRONMENT, S3
from support.tls import certificates

KEY = "owner/talk/document"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


async def said(blobs: Blobs) -> str:
    with pytest.raises(Unavailable) as caught:
        await blobs.write(KEY, b"x", 1)
    assert "hunter2" not in str(caught.value)
    return caught.value.what


async def test_a_bucket_that_is_not_there(s3: S3) -> None:
    blobs = Blobs("s3://no-such-bucket/p", s3.endpoint)
    assert await said(blobs) == "the blobs at s3://no-such-bucket/p cannot be written: S3 says NoSuchBucket"
    with pytest.raises(Unavailable, match="NoSuchBucket"):
        await blobs.delete([KEY])


async def test_nobody_answers() -> None:
    assert (await said(Blobs("s3://bucket", "http://127.0.0.1:1"))).endswith("nobody answers there")


async def test_without_credentials(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")
    assert (await said(Blobs("s3://bucket", s3.endpoint))).endswith("no AWS credentials were found")


async def test_a_prefix_is_all_that_is_touched(s3: S3) -> None:
    bucket = s3.bucket()
    blobs = Blobs(f"s3://{bucket}/a/b", s3.endpoint)
    await blobs.write(KEY, b"x", 1)
    assert s3.keys(bucket) == [f"a/b/{KEY}"]
    await Blobs(f"s3://{bucket}", s3.endpoint).write(KEY, b"other", 5)
    assert await blobs.size(KEY) == 1
    await blobs.probe()
    await blobs.delete([KEY])
    assert s3.keys(bucket) == [KEY]


@pytest.fixture
def with_tls(tmp_path: Path) -> Iterator[str]:
    """An address whose certificate nobody has signed whom this machine trusts."""
    certificates(tmp_path)
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            asked.append(self.path)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", next(tmp_path.glob("*key*")))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    assert asked == []


async def test_a_certificate_of_nobodys_is_refused_whatever_the_environment_says(
    with_tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ALLOW_INVALID_CERTIFICATES", "true")
    assert (await said(Blobs("s3://bucket", with_tls))).endswith("nobody answers there")
