"""A password in an address: over TLS, and in nothing that anybody may read."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from arraigo.postgres.embedded import Binaries
from support.commands import PROGRAM, clean_environment
from support.databases import Servers
from support.moves import SHOP, databases, sql
from support.servers import installed
from support.tls import MARKER, Guarded, guarded_server


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    programs = installed(15)
    if programs is None:
        pytest.skip("PostgreSQL 15 is not installed (make system)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        home.mkdir(mode=0o711)
        with guarded_server(home, Binaries.at(programs), MARKER, SHOP) as found:
            yield found


def test_a_password_shows_nowhere_while_a_database_moves_over_tls(
    all_servers: Servers, guarded: Guarded, tmp_path: Path
) -> None:
    source = f"postgresql://ana:{MARKER}@localhost:{guarded.port}/postgres"
    with databases(all_servers, 18, 18, lambda _: None) as (_, there):
        environment = clean_environment() | {"PGSSLROOTCERT": str(guarded.authority), "DB_SSLMODE": "verify-full"}
        report, shown = tmp_path / "report.json", []
        arguments = ["move", "run", source, "--to", there, "--report", str(report), "--accept", "role ana", "--debug"]
        with subprocess.Popen(
            [*PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            while "***" not in _called(process.pid) and process.poll() is None:  # until it has hidden what was typed
                time.sleep(0.01)
            while process.poll() is None:
                shown.append(_everybodys())
                time.sleep(0.02)
            said = process.stdout.read() if process.stdout else ""
        assert process.returncode == 0, said
        ledger = sql(
            there, "SELECT r::text FROM arraigo_move.runs r UNION ALL SELECT e::text FROM arraigo_move.events e"
        )
        assert "postgresql://ana@localhost" in report.read_text() + str(ledger)
        assert MARKER not in said + report.read_text() + str(ledger)
        assert any("pg_dump" in one or "arraigo" in one for one in shown)
        assert not any(MARKER in one for one in shown)
        run = json.loads(report.read_text())["run_id"]
        again = [*PROGRAM, "move", "verify", run, "--to", there, "--source", source.replace(MARKER, "wrong")]
        refused = subprocess.run(again, env=environment, capture_output=True, text=True, check=False)
        assert refused.returncode == 3
        assert "refused the password" in refused.stderr
        assert "wrong" not in refused.stderr


def _everybodys() -> str:
    """What every process was called with, as `ps` shows it."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return "\n".join(_called(number) for number in numbers if number != os.getpid())


def _called(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:  # it has ended
        return ""
