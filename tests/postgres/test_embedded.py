"""One server, many users: who starts it, who shares it, who stops it, and what a kill leaves."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from arraigo.errors import Unavailable
from arraigo.postgres.embedded import start
from arraigo.postgres.embedded.postmaster import alive, read_pid_file

Child = subprocess.Popen[str]

USER = """
import os, sys
from pathlib import Path
from arraigo.errors import Unavailable
from arraigo.postgres.embedded import start
server = start(Path(sys.argv[1]), tell=lambda line: print(line, flush=True))
print(server.url, flush=True)
sys.stdin.readline()
"""

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def ask(url: str, query: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def do(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def url_of(child: Child) -> str:
    assert child.stdout
    return next(line.strip() for line in child.stdout if line.startswith("postgresql:"))


def running(home: Path) -> int | None:
    data = next(home.glob("postgres/*/data"))
    found = read_pid_file(data)
    return found.pid if found and alive(found, data) else None


def crash(home: Path) -> None:
    pid = running(home)
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: running(home) is None)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, "it did not happen within 30 s"
        time.sleep(0.02)


def test_a_first_start_makes_a_server_and_a_second_finds_its_data(home: Path) -> None:
    said: list[str] = []
    with start(home, tell=said.append) as server:
        do(server.url, "create table kept as select 42 as answer")
        assert (server.bin_dir / "pg_dump").exists()
        assert ask(server.url, "show data_directory") == str(server.data_dir)
    assert said == ["making the database folder", "starting the database"]
    assert running(home) is None
    with start(home) as server:
        assert ask(server.url, "select answer from kept") == "42"


def test_the_last_to_close_stops_the_server(used_home: Path) -> None:
    first, second = start(used_home), start(used_home)
    assert first.url == second.url
    first.close()
    first.close()
    assert ask(second.url, "select 1") == "1"
    second.close()
    assert running(used_home) is None


def test_threads_and_processes_that_start_at_once_share_one_server(home: Path, child: Callable[..., Child]) -> None:
    children = [child(USER, home) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(lambda _: start(home), range(4)))
    urls = [server.url for server in servers] + [url_of(one) for one in children]
    assert len({ask(url, "select pg_postmaster_start_time()") for url in urls}) == 1
    for server in servers:
        server.close()
    for one in children[:-1]:
        one.communicate("\n")
    assert ask(urls[-1], "select 1") == "1"
    children[-1].communicate("\n")
    assert running(home) is None


def test_a_process_that_ends_without_closing_stops_its_server(used_home: Path, child: Callable[..., Child]) -> None:
    user = child(USER, used_home)
    url_of(user)
    user.communicate("\n")
    assert user.returncode == 0
    assert running(used_home) is None


def test_a_killed_user_does_not_keep_the_server_up(used_home: Path, child: Callable[..., Child]) -> None:
    killed = child(USER, used_home)
    url_of(killed)
    with start(used_home):
        killed.kill()
        killed.wait()
    assert running(used_home) is None


def test_a_server_whose_only_user_was_killed_is_adopted_and_then_stopped(
    used_home: Path, child: Callable[..., Child]
) -> None:
    killed = child(USER, used_home)
    url = url_of(killed)
    began = ask(url, "select pg_postmaster_start_time()")
    killed.kill()
    killed.wait()
    assert running(used_home)
    with start(used_home) as server:
        assert ask(server.url, "select pg_postmaster_start_time()") == began
    assert running(used_home) is None


def test_a_start_that_meets_a_stop_gets_a_living_server(used_home: Path) -> None:
    server = start(used_home)
    for _ in range(10):
        closing = threading.Thread(target=server.close)
        closing.start()
        server = start(used_home)
        closing.join()
        assert ask(server.url, "select 1") == "1"
    server.close()
    assert running(used_home) is None


def test_a_server_that_somebody_else_is_stopping_is_waited_for(used_home: Path) -> None:
    first = start(used_home)
    pid = running(used_home)
    assert pid
    with psycopg.connect(first.url):
        os.kill(pid, signal.SIGTERM)  # smart shutdown: it waits for this session
        data = first.data_dir
        wait_for(lambda: (found := read_pid_file(data)) is not None and found.status == "stopping")
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(start, used_home)
            os.kill(pid, signal.SIGINT)
            server = second.result()
    assert ask(server.url, "select 1") == "1"
    assert running(used_home) != pid
    first.close()
    server.close()
    assert running(used_home) is None


def test_a_forked_child_neither_stops_nor_holds_the_server(used_home: Path, child: Callable[..., Child]) -> None:
    forks = USER.replace(
        "print(server.url, flush=True)",
        "ends = os.fork()\n"
        "if not ends: sys.exit()\n"
        "os.waitpid(ends, 0)\n"
        "stays = os.fork()\n"
        "if not stays: __import__('time').sleep(60)\n"
        "print(stays, server.url, sep='\\n', flush=True)",
    )
    parent = child(forks, used_home)
    assert parent.stdout
    stays = int(next(line for line in parent.stdout if line.strip().isdigit()))
    try:
        assert ask(url_of(parent), "select 1") == "1"
        parent.kill()
        parent.wait()
        start(used_home).close()
        assert running(used_home) is None
    finally:
        os.kill(stays, signal.SIGKILL)


@linux
def test_the_server_has_its_own_session_and_none_of_our_locks(used_home: Path) -> None:
    with start(used_home):
        pid = running(used_home)
        assert pid
        assert os.getsid(pid) == pid
        held = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert not held & {"lock", "users"}


def test_a_killed_server_comes_back_with_what_it_acknowledged(used_home: Path) -> None:
    said: list[str] = []
    first = start(used_home)
    do(first.url, "create table kept (answer int)")
    do(first.url, "insert into kept select generate_series(1, 50000)")
    crash(used_home)
    with start(used_home, tell=said.append) as second:
        assert "recovering after a crash" in said
        assert second.url == first.url
        assert ask(first.url, "select count(*) from kept") == "50000"
        first.close()
        assert ask(second.url, "select count(*) from kept") == "50000"
    assert running(used_home) is None


@linux
def test_a_pid_file_that_names_another_process_is_seen_through(used_home: Path) -> None:
    server = start(used_home)
    do(server.url, "create table kept as select 42 as answer")
    pid_file = server.data_dir / "postmaster.pid"
    crash(used_home)
    owner = server.data_dir.stat()
    other = subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid)  # noqa: S607 - the system's
    try:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        with start(used_home) as again:
            assert ask(again.url, "select answer from kept") == "42"
        server.close()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
    assert running(used_home) is None


def test_an_empty_pid_file_of_a_full_disk_is_no_obstacle(used_home: Path) -> None:
    with start(used_home) as server:
        data = server.data_dir
    (data / "postmaster.pid").touch()
    with start(used_home) as server:
        assert ask(server.url, "select 1") == "1"


def test_a_folder_whose_maker_was_killed_is_made_again(home: Path, child: Callable[..., Child]) -> None:
    killed = child(USER, home)
    assert killed.stdout
    assert killed.stdout.readline() == "making the database folder\n"
    base = next(home.glob("postgres/*"))
    wait_for((base / "data.new" / "base").exists)
    killed.kill()
    killed.wait()
    assert not (base / "data").exists()
    with start(home) as server:
        assert ask(server.url, "select 1") == "1"
        assert not (base / "data.new").exists()


def test_a_start_that_is_interrupted_leaves_no_server(used_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bool:
        assert running(used_home)
        raise KeyboardInterrupt

    monkeypatch.setattr("arraigo.postgres.embedded.postmaster._is_ready", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start(used_home)
    assert running(used_home) is None


def test_a_server_that_is_to_be_followed_starts_with_a_log_that_can_be_decoded(used_home: Path) -> None:
    with start(used_home, logical=True) as server:
        assert ask(server.url, "show wal_level") == "logical"
        began = ask(server.url, "select pg_postmaster_start_time()")
        with start(used_home) as other, start(used_home, logical=True) as third:
            assert {ask(one.url, "select pg_postmaster_start_time()") for one in (other, third)} == {began}
    with start(used_home) as server:
        assert ask(server.url, "show wal_level") == "replica"


def test_a_server_nobody_uses_is_started_again_to_be_followed(used_home: Path, child: Callable[..., Child]) -> None:
    left = child(USER, used_home)
    url_of(left)
    left.kill()
    left.wait()
    assert running(used_home)
    with start(used_home, logical=True) as server:
        assert ask(server.url, "show wal_level") == "logical"
    assert running(used_home) is None


def test_a_server_that_others_use_is_not_started_again_to_be_followed(used_home: Path) -> None:
    with start(used_home) as server:
        with pytest.raises(Unavailable, match=r"others use it so; nothing was changed; end what else uses it"):
            start(used_home, logical=True)
        assert ask(server.url, "show wal_level") == "replica"


def test_a_server_with_a_slot_left_starts_whoever_asks(used_home: Path) -> None:
    with start(used_home, logical=True) as server:
        do(server.url, "select pg_create_logical_replication_slot('kept', 'pgoutput')")
    with start(used_home) as server:
        assert ask(server.url, "select slot_name from pg_replication_slots") == "kept"


def test_a_followed_server_that_died_is_revived_as_it_was(used_home: Path) -> None:
    with start(used_home, logical=True) as server:
        crash(used_home)
        server.revive()
        assert ask(server.url, "show wal_level") == "logical"


def test_a_discarded_server_leaves_nothing_and_the_next_start_begins_empty(used_home: Path) -> None:
    server = start(used_home)
    do(server.url, "create table kept ()")
    server.discard()
    server.close()
    assert [path.name for path in used_home.rglob("*") if path.is_file()] == ["lock"]
    with start(used_home) as server:
        assert ask(server.url, "select count(*) from pg_class where relname = 'kept'") == "0"


def test_a_server_that_others_use_is_not_discarded(used_home: Path) -> None:
    with start(used_home) as other:
        with pytest.raises(Unavailable, match=r"is used by others; nothing was removed"):
            start(used_home).discard()
        assert ask(other.url, "select 1") == "1"
