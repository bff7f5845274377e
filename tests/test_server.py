import asyncio
import contextlib
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

import arraigo
from arraigo.errors import InvalidInput, Unavailable
from arraigo.postgres.embedded import EmbeddedServer
from arraigo.server import create_app, listen, opened, url
from arraigo.settings import Settings
from conftest import address
from support.http import bearer, serving


async def write(client: httpx.AsyncClient, path: str, acknowledged: list[str], enough: asyncio.Event) -> None:
    """Append until the server goes away; every append has its own words."""
    n = 0
    with contextlib.suppress(httpx.TransportError):
        while True:
            n += 1
            words = f"{id(acknowledged)}-{n}"
            answer = await client.post(path, json={"role": "user", "content": words})
            assert answer.status_code == 201
            acknowledged.append(words)
            if n == 10:
                enough.set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_under_load_ends_it_with_0_and_nothing_acknowledged_is_lost(
    settings: Settings, store: arraigo.Store, tmp_path: Path, number: signal.Signals
) -> None:
    ana = store.as_user("ana")
    talk = await ana.conversations.create(title="x")
    acknowledged: list[list[str]] = [[] for _ in range(8)]
    with serving(settings, tmp_path / "log") as found:
        async with httpx.AsyncClient(base_url=found.address, headers=bearer(settings, "ana")) as client:
            path = f"/conversations/{talk.id}/messages"
            enough = asyncio.Event()
            writers = [asyncio.create_task(write(client, path, mine, enough)) for mine in acknowledged]
            await asyncio.wait_for(enough.wait(), 30)
            found.process.send_signal(number)
            await asyncio.gather(*writers)
        assert await asyncio.to_thread(found.process.wait, 20) == 0
    stored: list[str] = []
    while part := await ana.messages.list(talk.id, after=len(stored), limit=1000):
        stored += [message.content for message in part]
    assert set().union(*map(set, acknowledged)) <= set(stored)
    assert len(stored) == len(set(stored))
    log = (tmp_path / "log").read_text()
    assert '"event":"stopped"' in log
    assert '"failed"' not in log


async def test_a_request_that_has_begun_is_finished(settings: Settings, tmp_path: Path) -> None:
    body = b'{"title": "slow"}'
    with serving(settings, tmp_path / "log") as found:
        reader, writer = await asyncio.open_connection("127.0.0.1", found.port)
        token = bearer(settings, "ana")["Authorization"]
        writer.write(
            f"POST /conversations HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:5]
        )
        await writer.drain()
        await asyncio.sleep(0.3)
        found.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        async with httpx.AsyncClient() as late:
            with pytest.raises(httpx.TransportError):  # nobody new is let in
                await late.get(f"{found.address}/health/live")
        writer.write(body[5:])
        assert (await reader.readline()).startswith(b"HTTP/1.1 201")
        assert b"connection: close" in (await reader.read()).lower()
        writer.close()
        assert await asyncio.to_thread(found.process.wait, 20) == 0


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with (
        listen("127.0.0.1", 0) as taken,
        pytest.raises(Unavailable, match=r"in use.*another --port"),
        listen("127.0.0.1", taken.getsockname()[1]),
    ):
        pass


@pytest.mark.parametrize(
    ("host", "port"), [("no such host", 0), ("host.invalid", 0), ("127.0.0.1", 70000), ("x" * 300, 0)]
)
def test_an_address_that_cannot_be_is_one_sentence(host: str, port: int) -> None:
    with pytest.raises((InvalidInput, Unavailable)), listen(host, port):
        pass


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")],  # noqa: S104 - that is the test
)
def test_the_address_it_tells_can_be_opened(host: str, shown: str) -> None:
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("there is no IPv6")
    with listen(host, 0) as listener:
        assert url(listener) == f"{shown}{listener.getsockname()[1]}"


def test_beyond_loopback_it_warns(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path / "quiet"):
        pass
    with serving(settings, tmp_path / "loud", host="0.0.0.0"):  # noqa: S104 - that is the test
        pass
    assert "TLS" not in (tmp_path / "quiet").read_text()
    assert "TLS" in (tmp_path / "loud").read_text()


async def test_where_row_level_security_is_off_nothing_is_served(settings: Settings, superuser: Any) -> None:
    superuser("ALTER TABLE arraigo.messages DISABLE ROW LEVEL SECURITY")
    with pytest.raises(Unavailable, match="row-level security"):
        async with opened(settings):
            pass


async def test_a_user_whom_row_level_security_does_not_bind_is_refused(
    server: EmbeddedServer, database: str, superuser: Any, tmp_path: Path
) -> None:
    role = f"{database}_bypass"
    superuser(f"CREATE ROLE {role} LOGIN BYPASSRLS")
    try:
        superuser(f"GRANT USAGE ON SCHEMA arraigo TO {role}")
        superuser(f"GRANT SELECT ON ALL TABLES IN SCHEMA arraigo TO {role}")
        with pytest.raises(Unavailable):
            async with opened(Settings(home=tmp_path, database_url=address(server, role, database))):
                pass
    finally:
        superuser(f"DROP OWNED BY {role}")
        superuser(f"DROP ROLE {role}")


async def test_the_application_opens_its_own_store_where_it_is_given_none(settings: Settings) -> None:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        assert (await client.get("/health/ready")).status_code == 200
        assert (await client.get("/conversations", headers=bearer(settings, "ana"))).status_code == 200


async def test_a_large_body_gets_its_413_before_the_connection_closes(settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path / "log") as found:
        async with httpx.AsyncClient(base_url=found.address, headers=bearer(settings, "ana")) as client:
            answer = await client.post("/conversations", content=b"x" * 5_000_000)
            assert answer.status_code == 413
            assert (await client.get("/conversations")).status_code == 200
