"""A database of 1 GB that is written to all the time: followed, cut over, written to, and taken back."""

import asyncio
import os
import threading
import time
from statistics import median
from typing import Any, Self

import psycopg

from arraigo import move
from bench import databases
from bench.databases import Servers
from bench.harness import Measure, Outcome
from bench.measures.moving import with_ledger
from bench.world import World

_SHARE_QUICK = 0.05
_A_SECOND = 200  # writes
_AFTER, _AFTER_QUICK = 60.0, 3.0  # seconds of writes on the target before it goes back
_ROUNDS, _ROUNDS_QUICK = 5, 1
_FREE = 10_000_000  # from here on no activity has a number
_REFUSED = "25006"


async def cutover_pause(world: World) -> Outcome:
    """Seconds in which writes were refused; every acknowledged write is looked for in the end."""
    quick = world.effort.quick
    found = databases.servers(_SHARE_QUICK if quick else 1.0, logical=True)
    return await asyncio.to_thread(_rounds, found, quick)


def _rounds(found: Servers, quick: bool) -> Outcome:  # noqa: FBT001 - of a private function
    pauses, gaps, totals = [], [], {"writes": 0, "lost": 0, "doubled": 0}
    for number in range(_ROUNDS_QUICK if quick else _ROUNDS):
        address = found.empty("taken")
        with_ledger(found, address)
        # The first round stays long on the target; the others measure the pause again.
        after = _AFTER_QUICK if quick or number else _AFTER
        with Writer(found.whence, number) as writer:
            run = move.run(found.whence, address, options=move.Options(follow=True))
            if not run.ok:
                raise AssertionError(f"the move is not right: {run.to_json()}")
            time.sleep(2)
            cut = move.cutover(run.run_id, address)
            writer.address = address
            pauses.append(float(str(_of(cut, "pause")).split()[0]))
            time.sleep(after)
            gaps.append(round(writer.longest, 3))
            move.rollback(run.run_id, address)
            writer.address = found.whence
            time.sleep(1)
        for name, count in writer.judged(found.whence).items():
            totals[name] += count
    if totals["lost"] or totals["doubled"]:
        raise AssertionError(f"writes were lost or doubled: {totals}")
    detail: dict[str, Any] = {"unit": "s", "pauses": pauses, "longest wait of a writer": gaps, **totals}
    detail |= {"load_average after": [round(load, 2) for load in os.getloadavg()]}
    return Outcome(round(median(pauses), 3), len(pauses), detail | found.facts())


def _of(report: move.Report, check: str) -> object:
    return next(one.found for one in report.checks if one.name == check)


class Writer:
    """An application that writes two hundred times a second, and tries again what is refused, wherever it is sent."""

    def __init__(self, address: str, number: int) -> None:
        self.address = address
        self.longest = 0.0
        self._number = number
        self._inserted: list[str] = []
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def judged(self, address: str) -> dict[str, int]:
        """How many of the acknowledged writes there are, and how many times."""
        with psycopg.connect(address) as connection:
            query = "SELECT note, count(*) FROM activity WHERE note LIKE %s GROUP BY 1"
            rows = connection.execute(query, [f"written {self._number}-%"]).fetchall()
        there: dict[str, int] = dict(rows)
        return {
            "writes": len(self._inserted),
            "lost": sum(note not in there for note in self._inserted),
            "doubled": sum(count > 1 for count in there.values()),
        }

    def _run(self) -> None:
        try:
            due = began = time.monotonic()
            serial = 0
            while not self._stop.is_set():
                address = self.address
                with psycopg.connect(address, autocommit=True) as connection:
                    while address == self.address and not self._stop.is_set():
                        if self._taken(connection, serial):
                            self.longest = max(self.longest, time.monotonic() - began)
                            serial, due = serial + 1, max(due + 1 / _A_SECOND, began)
                            time.sleep(max(0.0, due - time.monotonic()))
                            began = time.monotonic()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error

    def _taken(self, connection: psycopg.Connection[Any], serial: int) -> bool:
        try:
            self._write(connection, serial)
        except psycopg.Error as error:
            if error.sqlstate != _REFUSED:
                raise
            time.sleep(0.005)
            return False
        return True

    def _write(self, connection: psycopg.Connection[Any], serial: int) -> None:
        if serial % 4 == 0:
            connection.execute("UPDATE orders SET weight = %s WHERE id = %s", [serial, 1 + serial % 1000])
            return
        note = f"written {self._number}-{serial}"
        connection.execute(
            """INSERT INTO activity (id, account_id, session, kind, note, at)
                    VALUES (%s, 1, gen_random_uuid(), 'kind-1', %s, now())""",
            [_FREE * (1 + self._number) + serial, note],
        )
        self._inserted.append(note)


MEASURES = (
    Measure(
        "cutover_pause",
        "seconds in which writes are refused: 1.17 GB, 200 writes a second, proof included; and back, nothing lost",
        1.0,
        "at most",
        cutover_pause,
    ),
)
