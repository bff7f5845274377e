"""Processes that share a home are killed, in the outage and while the journal comes in."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from typing import Any

from arraigo.settings import Settings
from support.gate import Gate

COUNT = 150
WRITE = f"""
    import arraigo, sys
    with arraigo.sync.open() as store:
        me = store.as_user("ana")
        me.conversations.create(title="x", external_id=sys.argv[1])
        print("ready", flush=True)
        sys.stdin.readline()
        for n in range({COUNT}):
            message = me.messages.append(sys.argv[1], role="user", content=f"{{n}} " + "x" * 40_000)
            assert message.stored == "journal"
            print(n, flush=True)
        sys.stdin.readline()
"""
OPEN = """
    import arraigo, time
    with arraigo.sync.open() as store:
        while store.pending:
            time.sleep(0.01)
"""


def child(settings: Settings, script: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "ARRAIGO_HOME": str(settings.home),
        "DATABASE_URL": str(settings.database_url),
        "ARRAIGO_JOURNAL": "on",
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_what_they_acknowledged_comes_in_once_and_in_order(
    behind: Settings, gate: Gate, superuser: Callable[..., list[tuple[Any, ...]]]
) -> None:
    writers = [child(behind, WRITE, name) for name in ("t", "u")]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    gate.shut()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    acknowledged = {}
    for name, writer, count in zip("tu", writers, (COUNT, COUNT // 2), strict=True):
        assert writer.stdout is not None
        acknowledged[name] = [int(writer.stdout.readline()) for _ in range(count)]
    for writer in writers:
        killed(writer)
    gate.open()
    position = 0
    for _ in range(3):
        process = child(behind, OPEN)
        until = time.monotonic() + 30
        while not any(found > position for (found,) in superuser("SELECT position FROM arraigo.journals")):
            if process.poll() is not None:
                break  # all has come in
            assert time.monotonic() < until
        killed(process)
        position = max((found for (found,) in superuser("SELECT position FROM arraigo.journals")), default=0)
    with child(behind, OPEN) as last:
        assert last.wait(60) == 0
    for name, told in acknowledged.items():
        found = superuser(
            "SELECT m.sequence_number, split_part(m.content, ' ', 1)::int FROM arraigo.messages m"
            " JOIN arraigo.conversations c ON c.id = m.conversation_id WHERE c.external_id = %s ORDER BY 1",
            name,
        )
        assert found[: len(told)] == [(n + 1, n) for n in told]
        assert found == [(n + 1, n) for n in range(len(found))]  # one more at most, which was not acknowledged in time
    assert superuser("SELECT count(*) FROM arraigo.quarantine") == [(0,)]
    assert superuser("SELECT count(*) FROM arraigo.journals") == [(0,)]
