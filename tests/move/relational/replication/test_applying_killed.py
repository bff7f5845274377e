"""An applier in a process of its own: killed at any moment, and given more than it could hold."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from support import way_back_process, workload
from support.way_back import Sides, drop_sides, logical_server, make_sides

TESTS = Path(__file__).parents[3]


@pytest.fixture
def sides() -> Iterator[Sides]:
    server = logical_server()
    found = make_sides(server, server, vectors=False)
    yield found
    drop_sides(found, server, server)
    server.close()


def start(sides: Sides, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, way_back_process.__file__, json.dumps(asdict(sides)), *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([*filter(None, sys.path)])},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_at_any_moment_it_neither_loses_nor_doubles(sides: Sides) -> None:
    r = random.Random(4)  # noqa: S311 - a seed, so that a failure can be seen again
    writers = threading.Thread(target=workload.run, args=(sides.read, 11, 700))
    writers.start()
    for _ in range(6):
        with start(sides) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            time.sleep(r.uniform(0, 0.3))
            process.kill()
    writers.join()
    with sides.applier() as applier:
        assert applier.catch_up(sides.lsn()).transactions > 0
    sides.assert_equal()


def test_a_large_transaction_takes_no_more_memory_than_a_small_one(sides: Sides) -> None:
    peaks = []
    for rows in (10, 100_000):
        sides.change(
            "INSERT INTO shop.bulk SELECT g, repeat(md5(g::text), 6), repeat('x', 200) "
            f"FROM generate_series(1, {rows}) AS g",
            "UPDATE shop.bulk SET a = 'n' || a WHERE id % 3 = 0",
            "DELETE FROM shop.bulk WHERE id % 3 = 1",
        )
        with start(sides, sides.lsn()) as process:
            output, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            peaks.append(int(output.split()[-1]) * 1024)
        sides.assert_equal()
        sides.change("DELETE FROM shop.bulk")
    assert peaks[1] - peaks[0] < 25 << 20  # of 70 MB
