"""A page of another origin includes the snippet; its browser's interviews come in, in a real Chromium."""

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page

import arraigo
from arraigo import move
from arraigo.server import create_app
from arraigo.settings import Settings
from arraigo.web.tokens import issue
from support import legacy_files as files
from support.chromium import chromium, pages
from support.commands import PROGRAM, clean_environment
from support.http import client_of

Superuser = Callable[..., list[tuple[Any, ...]]]
EMPTY = '<!doctype html><meta charset=utf-8><title>Interviews</title><link rel=icon href="data:,">'
TOLD = f"""{EMPTY}
<script>
  window.told = [];
  for (const what of ["moved", "failed"])
    addEventListener("arraigo:" + what, (event) => told.push({{ what, ...event.detail }}));
</script>"""


class Serve:
    """`arraigo serve` on one port, to be stopped and started again."""

    def __init__(self, settings: Settings, log: Path, origin: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._environment = clean_environment() | {
            "ARRAIGO_HOME": str(settings.home),
            "DATABASE_URL": settings.database_url or "",
            "ARRAIGO_CORS_ORIGINS": origin,
        }
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Until it answers."""
        with self._log.open("a") as errors:
            self._process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self.port)],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        line = self._process.stdout.readline() if self._process.stdout else ""
        assert self.address in line, self._log.read_text()

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


@contextmanager
def site(settings: Settings, tmp_path: Path, attributes: str) -> Iterator[tuple[Serve, str]]:
    """A running server, and the origin of a page that includes its snippet."""
    html = {"/empty": EMPTY}
    with pages(html) as origin:
        served = Serve(settings, tmp_path / "log", origin)
        html["/"] = f'{TOLD}<script src="{served.address}/move/snippet.js" {attributes} defer></script>'
        served.start()
        try:
            yield served, origin
        finally:
            served.kill()


@pytest.fixture
def browser() -> Iterator[BrowserContext]:
    with chromium() as found:
        yield found


def keep(page: Page, origin: str, items: dict[str, str]) -> None:
    """Put this into the page's localStorage, as the old front end did."""
    page.goto(f"{origin}/empty")
    page.evaluate("items => Object.entries(items).forEach(([key, text]) => localStorage.setItem(key, text))", items)


def kept(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("() => ({ ...localStorage })")
    found.pop("arraigo:moved", None)
    return found


def texts(sessions: list[dict[str, Any]]) -> dict[str, str]:
    return {f"interview_{one['session_id']}": json.dumps(one, ensure_ascii=False) for one in sessions}


def moved(page: Page) -> dict[str, int]:
    """What a run comes to."""
    found: dict[str, int] = page.evaluate("() => arraigoMove()")
    return found


def summary(**counts: int) -> dict[str, int]:
    return {"moved": 0, "grown": 0, "there": 0, "differs": 0, "failed": 0, "waiting": 0} | counts


def test_interviews_arrive_once_and_nothing_of_the_browsers_is_changed(
    settings: Settings, superuser: Superuser, tmp_path: Path, owner_url: str, browser: BrowserContext
) -> None:
    sessions = files.sessions(12, employee=None)
    token = issue(settings, "ana", employee=files.EMPLOYEE)
    page = browser.new_page()
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    with site(settings, tmp_path, 'data-keys="interview_*" data-token-key="access_token"') as (served, origin):
        items = {**texts(sessions), "access_token": token, "theme": "dark", "interview_draft": "{}"}
        keep(page, origin, items)
        page.goto(origin)
        page.wait_for_function("() => told.length === 12")
        assert {one["outcome"] for one in page.evaluate("() => told")} == {"moved"}
        assert posts == [f"{served.address}/interviews/migrate"] * 12
        assert moved(page) == summary(there=12)
        page.goto(origin)
        assert moved(page) == summary(there=12)
        assert page.evaluate("() => told") == []
        assert len(posts) == 12
        assert kept(page) == items
        assert lines == []
        words = {one["content"] for session in sessions for one in session["conversation_history"]}
        noted = page.evaluate("() => localStorage.getItem('arraigo:moved')")
        assert not any(word in noted for word in words)
    assert superuser("SELECT count(*), count(DISTINCT owner_id) FROM arraigo.interviews") == [(12, 1)]
    saved = files.write(tmp_path / "saved.json", sessions)
    report = move.run(f"localstorage:{saved}?employee={files.EMPLOYEE}", owner_url)
    assert report.ok
    assert report.units[0].outcome == {"there already": 12}


def test_an_outage_in_between_loses_nothing(
    settings: Settings, superuser: Superuser, tmp_path: Path, browser: BrowserContext
) -> None:
    sessions = files.sessions(30, employee=None)
    token = issue(settings, "ana", employee=files.EMPLOYEE)
    page = browser.new_page()
    with site(settings, tmp_path, f'data-keys="interview_*" data-token="{token}"') as (served, origin):
        keep(page, origin, texts(sessions))
        page.goto(origin)
        page.wait_for_function("() => told.length >= 3")
        served.kill()
        page.wait_for_function("() => told.some(one => one.what === 'failed' && one.retry)")
        before = page.evaluate("() => told.filter(one => one.what === 'moved').length")
        served.start()
        page.wait_for_function("() => told.filter(one => one.what === 'moved').length === 30")
        told = page.evaluate("() => told")
        assert 3 <= before < 30
        assert [one["what"] for one in told].count("failed") == 1
        assert len({one["interview_id"] for one in told if one["what"] == "moved"}) == 30
        assert moved(page) == summary(there=30)
        assert kept(page) == texts(sessions)
    assert superuser("SELECT count(*) FROM arraigo.interviews") == [(30,)]
    assert superuser("SELECT count(*) FROM arraigo.messages") == [
        (sum(len(one["conversation_history"]) for one in sessions),)
    ]


def test_what_cannot_be_taken_is_told_and_the_rest_is_moved(
    settings: Settings, superuser: Superuser, tmp_path: Path, browser: BrowserContext
) -> None:
    sessions = files.sessions(3, employee=None)
    page = browser.new_page()
    with site(settings, tmp_path, 'data-keys="one two interview_* list"') as (_, origin):
        wizard = {"session_id": "w", "conversation_history": [{"role": "wizard", "content": "geheim"}]}
        unnamed = {"conversation_history": [{"role": "user", "content": "hola"}]}
        items = {
            "one": '{"conversation_history": [{"ro',
            "interview_x": '{"session_id": "interview_x',
            "interview_theme": "dark",
            "two": json.dumps(unnamed),
            "list": json.dumps([sessions[0] | {"session_id": "l-0"}, sessions[1] | {"session_id": "l-1"}]),
            **texts([*sessions, wizard]),
        }
        keep(page, origin, items)
        page.goto(origin)
        page.wait_for_function("() => told.length === 1")
        assert page.evaluate("() => told.map(one => [one.what, one.reason])") == [["failed", "there is no token"]]
        assert moved(page) == summary(waiting=9)
        page.evaluate("() => { window.arraigoToken = async () => 'Bearer nonsense'; }")
        assert moved(page) == summary(waiting=9)
        assert page.evaluate("() => told.map(one => one.reason)") == [
            "there is no token",
            "the token is not taken",
        ]
        good = issue(settings, "ana", employee=files.EMPLOYEE)
        page.evaluate("token => { window.arraigoToken = async () => token; told.length = 0; }", good)
        assert moved(page) == summary(moved=6, failed=3)
        failed = page.evaluate("() => told.filter(one => one.what === 'failed')")
        assert [(one["key"], one["status"]) for one in failed] == [
            ("interview_w", 422),
            ("interview_x", 0),
            ("one", 0),
        ]
        assert (failed[1]["reason"], failed[2]["reason"]) == ("damaged", "damaged")
        assert "message 1: 'role' is none of" in failed[0]["reason"]
        assert "geheim" not in json.dumps(failed)
        # What changed since it was acknowledged is told as different, once.
        page.evaluate(
            """() => {
                 const session = JSON.parse(localStorage.interview_w.replace("wizard", "user"));
                 session.session_id = "s-0001";
                 localStorage.setItem("interview_s-0001", JSON.stringify(session));
                 told.length = 0;
               }"""
        )
        assert moved(page) == summary(there=5, differs=1, failed=3)
        assert [one["outcome"] for one in page.evaluate("() => told.filter(one => one.what === 'moved')")] == [
            "differs"
        ]
        assert moved(page) == summary(there=5, differs=1, failed=3)
        # What grew is taken as far as it is new.
        page.evaluate(
            """() => {
                 const session = JSON.parse(localStorage["interview_s-0002"]);
                 session.conversation_history.push({ role: "user", content: "facturas" });
                 localStorage.setItem("interview_s-0002", JSON.stringify(session));
                 told.length = 0;
               }"""
        )
        assert moved(page) == summary(grown=1, there=4, differs=1, failed=3)
        assert [one["outcome"] for one in page.evaluate("() => told.filter(one => one.what === 'moved')")] == ["grown"]
        assert moved(page) == summary(there=5, differs=1, failed=3)
    assert superuser("SELECT count(*) FROM arraigo.messages WHERE content = 'facturas'") == [(1,)]
    assert superuser("SELECT session_id FROM arraigo.interviews ORDER BY 1") == [
        ("l-0",), ("l-1",), ("s-0000",), ("s-0001",), ("s-0002",), ("two",)
    ]  # fmt: skip


async def test_the_snippet_is_a_script_for_every_origin_and_is_cached(settings: Settings, store: arraigo.Store) -> None:
    app: FastAPI = create_app(settings, store=store)
    async with client_of(app) as client:
        found = await client.get("/move/snippet.js")
        assert found.status_code == 200
        assert found.headers["content-type"] == "text/javascript; charset=utf-8"
        assert found.headers["cross-origin-resource-policy"] == "cross-origin"
        assert found.headers["cache-control"] == "public, max-age=3600"
        assert found.headers["x-content-type-options"] == "nosniff"
        for known in (found.headers["etag"], f'"x", W/{found.headers["etag"]}', "*"):
            again = await client.get("/move/snippet.js", headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", found.headers["etag"])
        other = await client.get("/move/snippet.js", headers={"If-None-Match": '"x"'})
        assert other.content == found.content
