"""Processes that are killed at some moment, and what stands in the tables afterwards."""

import signal
import subprocess

# Small batches, so that there are many moments to be killed in; a line each time one is done.
CHILD = """
import sys
from arraigo import move
from arraigo.move.records import batches
batches.BATCH_BYTES = 20_000
work = move.rollback if sys.argv[1] == "rollback" else move.run
work(sys.argv[2], sys.argv[3], progress=lambda p: print(p.phase, p.unit, p.records, flush=True))
"""


def killed_after(child: subprocess.Popen[str], lines: int, hesitation: float) -> bool:
    """Kill it a moment after so many lines; False when it came to its end before."""
    assert child.stdout is not None
    with child:
        for _ in range(lines):
            if not child.stdout.readline():
                break
        try:
            child.wait(hesitation)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    return child.returncode == -signal.SIGKILL
