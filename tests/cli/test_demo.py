"""`arraigo demo`, with the embedded server in a home of its own."""

import json
import re
import signal
import socket
import subprocess
from pathlib import Path

import httpx

from support.commands import PROGRAM, clean_environment, command


def test_the_demo_moves_proves_and_goes_back_and_a_second_one_finds_it_all(home: Path, tmp_path: Path) -> None:
    arraigo = command(clean_environment() | {"ARRAIGO_HOME": str(home)})
    report = tmp_path / "report.json"
    first = arraigo("demo", "--no-serve", "--report", report)
    assert first.returncode == 0, first.stderr
    moves = json.loads(report.read_text(encoding="utf-8"))["moves"]
    units = {unit["name"]: unit for move in moves for unit in move["units"]}
    assert set(units) == {"conversations.json", "threads-data.json", "guest-memory.json"}
    assert all(move["ok"] and move["lost"] == move["extra"] == move["changed"] == 0 for move in moves)
    assert all(unit["match"] and unit["source_rows"] > 100 for unit in units.values())
    for name in units:
        assert (home / "demo" / "rolled-back" / name).read_bytes() == (home / "demo" / name).read_bytes()
    assert first.stdout.count("byte for byte the file that was moved") == 3
    assert "\x1b" not in first.stdout + first.stderr

    second = arraigo("demo", "--no-serve")
    assert second.returncode == 0, second.stderr
    assert second.stdout.count(": 0 new, ") == 3

    arraigo("db", "psql", "--", "-c", "UPDATE arraigo.bot_users SET name = 'otro' WHERE name LIKE 'Nuria%'")
    third = arraigo("demo", "--no-serve")
    assert third.returncode == 1
    assert "guest-memory.json" in third.stdout
    assert not list(home.glob("postgres/*/data/postmaster.pid"))


def test_the_demo_serves_what_it_moved_and_its_curl_works_when_pasted(home: Path) -> None:
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
    assert not list(home.glob("postgres/*/data/postmaster.pid"))
