"""How far long work is: bars on a terminal, elsewhere a plain line every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from arraigo import move
from arraigo.cli.output import error_console, megabytes, note, printable

_SECONDS = 5.0  # between two plain lines


@contextmanager
def progress() -> Iterator[move.Tell]:
    """A function that is told how far the work is."""
    if not error_console().is_terminal:
        yield Lines(note, time.monotonic)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[records]:>9,} rows"),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        console=error_console(),
    ) as drawn:
        yield _Bars(drawn)


class _Bars:
    """One bar for each phase of each unit."""

    def __init__(self, drawn: Progress) -> None:
        self._drawn = drawn
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __call__(self, now: move.Progress) -> None:
        key = (now.phase, now.unit)
        if key not in self._tasks:
            name = printable(f"{now.phase:8} {now.unit}").replace("[", r"\[")
            self._tasks[key] = self._drawn.add_task(name, total=now.total or None, records=0)
        self._drawn.update(self._tasks[key], completed=now.done, total=now.total or None, records=now.records)


class Lines:
    """At most one line in so many seconds.

    Args:
        write: Takes a line.
        clock: Seconds.
    """

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._write = write
        self._clock = clock
        self._what = ("", "")
        self._since = self._said = clock()

    def __call__(self, now: move.Progress) -> None:
        moment = self._clock()
        if (now.phase, now.unit) != self._what:
            self._what, self._since = (now.phase, now.unit), moment
        if moment - self._said < _SECONDS:
            return
        self._said = moment
        self._write(line(now, moment - self._since))


def line(now: move.Progress, seconds: float) -> str:
    """What a plain line says."""
    said = [f"{now.phase} {now.unit}: {now.records:,} rows"]
    of = f" of {megabytes(now.total)}" if now.total else ""
    said.append(f"{megabytes(now.done)}{of}")
    if seconds > 0 and now.done:
        rate = now.done / seconds
        said.append(f"{rate / 1e6:,.1f} MB/s")
        if now.total > now.done:
            said.append(f"{(now.total - now.done) / rate:,.0f} s left")
    return ", ".join(said)
