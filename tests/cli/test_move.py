"""`arraigo move`, end to end."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest

from support.commands import PROGRAM, Command

Sql = Callable[..., list[tuple[object, ...]]]
Hold = Callable[[], AbstractContextManager[None]]


def moved(arraigo: Command, path: Path, *options: str) -> dict[str, object]:
    """Move a file; its report."""
    done = arraigo("move", "run", f"json:{path}", "--user", "ana", "--json", *options)
    assert done.returncode in {0, 1}, done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    assert report["ok"] is (done.returncode == 0)
    return report


def test_a_move_from_plan_to_rollback(arraigo: Command, conversations: Path, tmp_path: Path) -> None:
    planned = arraigo("move", "plan", f"json:{conversations}")
    assert planned.returncode == 0
    assert "nothing was written" in planned.stdout
    assert "there are no moves yet" in arraigo("move", "status").stdout

    report_file = tmp_path / "report.json"
    report = moved(arraigo, conversations, "--report", str(report_file))
    run = str(report["run_id"])
    assert json.loads(report_file.read_text()) == report
    assert {"run_id", "source", "target", "phase", "ok", "lost", "extra", "changed", "units", "checks"} <= set(report)

    [status] = json.loads(arraigo("move", "status", "--json").stdout)
    assert (status["run_id"], status["phase"], status["user"], status["ok"]) == (run, "verified", "ana", True)
    assert arraigo("move", "verify", run).returncode == 0

    page = tmp_path / "report.html"
    assert arraigo("move", "report", run, "--html", page).returncode == 0
    assert "<html" in page.read_text(encoding="utf-8")

    back = tmp_path / "back.json"
    assert arraigo("move", "rollback", run, "--into", back).returncode == 0
    assert json.loads(back.read_text()) == json.loads(conversations.read_text())


def test_moving_again_moves_nothing_twice(arraigo: Command, conversations: Path, superuser: Sql) -> None:
    first, second = moved(arraigo, conversations), moved(arraigo, conversations)
    assert first["run_id"] == second["run_id"]
    assert superuser("SELECT count(*) FROM arraigo.messages") == [(3,)]


def test_a_changed_character_is_exit_code_1_and_the_record_is_named(
    arraigo: Command, conversations: Path, superuser: Sql
) -> None:
    run = str(moved(arraigo, conversations)["run_id"])
    superuser("UPDATE arraigo.messages SET content = 'buenaz' WHERE content = 'buenas'")
    done = arraigo("move", "verify", run)
    assert done.returncode == 1
    assert "uno" in done.stdout
    assert "buena" not in done.stdout + done.stderr


def test_a_record_that_cannot_move_makes_plan_and_run_end_with_1(arraigo: Command, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    good = {"title": "x", "messages": [{"role": "user", "content": "hola"}]}
    bad = {"title": "x", "messages": [{"role": "boss\x1b[2J", "content": "hola"}]}
    path.write_text(json.dumps({"good": good, "bad\x1b[2J": bad}))
    planned = arraigo("move", "plan", f"json:{path}")
    assert planned.returncode == 1
    assert "\x1b" not in planned.stdout
    assert moved(arraigo, path)["ok"] is False
    assert moved(arraigo, path, "--allow-rejects")["ok"] is True


def test_a_password_in_an_address_is_in_no_process_list(
    environment: dict[str, str], conversations: Path, locked: Hold
) -> None:
    address = environment["ARRAIGO_MIGRATION_URL"].replace("postgres@", "postgres:hunter2@")
    with locked():
        process = start(environment, "move", "run", f"json:{conversations}", "--to", address)
        wait_until_blocked(environment)
        shown = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family(process.pid)]
        process.terminate()
    out, err = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert b":***@" in b"".join(shown)
    assert not [words for words in (*shown, out.encode(), err.encode()) if b"hunter2" in words]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_an_interrupted_move_goes_on_with_the_same_command(
    arraigo: Command,
    environment: dict[str, str],
    conversations: Path,
    locked: Hold,
    superuser: Sql,
    number: signal.Signals,
    code: int,
) -> None:
    with locked():
        process = start(environment, "move", "run", f"json:{conversations}", "--user", "ana")
        wait_until_blocked(environment)
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out) == (code, "")
    if number is signal.SIGINT:
        assert err == "arraigo: interrupted; what was moved so far is kept; run the same command again to go on\n"
    else:
        assert err == ""
    assert moved(arraigo, conversations)["ok"] is True
    assert superuser("SELECT count(*), count(DISTINCT run_id) FROM arraigo_move.records") == [(2, 1)]


@pytest.fixture
def locked(environment: dict[str, str]) -> Hold:
    """A context in which nobody can write conversations."""

    @contextmanager
    def hold() -> Iterator[None]:
        with psycopg.connect(environment["ARRAIGO_MIGRATION_URL"]) as connection:
            connection.execute("LOCK TABLE arraigo.conversations IN EXCLUSIVE MODE")
            yield

    return hold


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until_blocked(environment: dict[str, str]) -> None:
    """Until the move waits for the lock."""
    with psycopg.connect(environment["ARRAIGO_MIGRATION_URL"], autocommit=True) as connection:
        asked = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'arraigo.conversations'::regclass"
        until = time.monotonic() + 60
        while connection.execute(asked).fetchone() is None:
            assert time.monotonic() < until
            time.sleep(0.05)


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in family(int(child)))]
