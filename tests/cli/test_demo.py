"""`arraigo demo`, with the embedded server in a home of its own."""

import json
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx

from arraigo.demo import Crossing, remember
from arraigo.move import Report
from support.commands import PROGRAM, clean_environment, command

DONE = Crossing(
    Report("20260131-1a2b3c4d", {}, {}, "rolled_back", "2026-01-31T12:00:00", "2026-01-31T12:00:09", ok=True),
    40, 75_117, 24_000_000, {}, "0.20 s", 100, 30, 7, 0.3, 0, 0,
)  # fmt: skip


def test_the_demo_moves_proves_and_goes_back_and_a_second_one_finds_it_all(home: Path, tmp_path: Path) -> None:
    arraigo = command(clean_environment() | {"ARRAIGO_HOME": str(home)})
    report = tmp_path / "report.json"
    first = arraigo("demo", "--no-serve", "--report", report)
    assert first.returncode == 0, first.stderr
    moves = json.loads(report.read_text(encoding="utf-8"))["moves"]
    *files, tables, database = moves
    units = {unit["name"]: unit for move in files for unit in move["units"]}
    assert set(units) == {"conversations.json", "threads-data.json", "guest-memory.json"}
    assert all(move["ok"] and move["lost"] == move["extra"] == move["changed"] == 0 for move in moves)
    assert all(unit["match"] and unit["source_rows"] > 100 for unit in units.values())
    for name in units:
        assert (home / "demo" / "rolled-back" / name).read_bytes() == (home / "demo" / name).read_bytes()
    assert first.stdout.count("byte for byte the file that was moved") == 3
    assert (tables["source"]["kind"], tables["phase"]) == ("dynamodb", "verified")
    assert {unit["name"]: unit["source_rows"] for unit in tables["units"]} == {"plans": 40, "items": 20}
    assert "80 test plans with 359 cases" in first.stdout
    assert first.stdout.count("item for item as they were") == 1
    assert database["source"]["kind"] == "postgresql"
    assert database["phase"] == "rolled_back"
    assert len(database["units"]) == 40
    assert all(unit["match"] for unit in database["units"])
    assert {"rows", "fingerprints", "pause", "application"} <= {check["name"] for check in database["checks"]}
    assert all(check["ok"] for check in database["checks"])
    assert re.search(r"writes were refused for \d\.\d\d s", first.stdout)
    assert re.search(r"\d+ made, 0 lost, 0 doubled", first.stdout)
    assert database["run_id"] in (home / "demo" / "database.html").read_text(encoding="utf-8")
    assert "\x1b" not in first.stdout + first.stderr

    second = arraigo("demo", "--no-serve", "--report", report)
    assert second.returncode == 0, second.stderr
    assert second.stdout.count(": 0 new, ") == 3
    assert second.stdout.count("item for item as they were") == 1
    assert "to see it again, remove " in second.stdout
    assert json.loads(report.read_text(encoding="utf-8"))["moves"][4] == database

    arraigo("db", "psql", "--", "-c", "UPDATE arraigo.bot_users SET name = 'otro' WHERE name LIKE 'Nuria%'")
    third = arraigo("demo", "--no-serve")
    assert third.returncode == 1
    assert "guest-memory.json" in third.stdout
    assert not list(home.rglob("postmaster.pid"))


def test_the_demo_serves_what_it_moved_and_its_curl_works_when_pasted(home: Path) -> None:
    (home / "demo").mkdir()
    remember(home / "demo", DONE)  # the move of a database takes longer than the rest
    environment = clean_environment() | {"ARRAIGO_HOME": str(home)}
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        except OSError:
            pass  # somebody else has it: just as well
        process = subprocess.Popen(
            [*PROGRAM, "demo"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            assert process.stdout is not None
            pasted = next((line for line in process.stdout if line.startswith("curl ")), "")
            found = re.fullmatch(r"curl -H '(\w+): (Bearer \S+)' '(http://127\.0\.0\.1:\d+/\S+)'\n", pasted)
            assert found is not None
            assert ":8080/" not in found[3]
            answer = httpx.get(found[3], headers={found[1]: found[2]}).json()
            assert len(answer["conversations"]) == 3
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
            assert process.returncode == 0
        finally:
            process.kill()
            process.communicate()
    assert not list(home.rglob("postmaster.pid"))


def test_a_demo_that_is_interrupted_leaves_no_server_and_says_that_it_can_be_run_again(home: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "demo", "--no-serve"],
        env=clean_environment() | {"ARRAIGO_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 60
        while not list(home.glob("demo/home/postgres/*/data/postmaster.pid")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    assert said.endswith(
        "arraigo: interrupted; the database that was being moved is thrown away; the same command begins it anew\n"
    )
    assert not list(home.rglob("postmaster.pid"))
    assert [path.name for path in (home / "demo" / "home").rglob("*") if path.is_file()] == ["lock"]
