"""How far long work is: bars on a terminal, elsewhere a plain line every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

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
        BarColumn(bar_width=16, complete_style="cyan", finished_style="green"),
        TextColumn("{task.fields[records]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=error_console(),
    ) as drawn:
        bars = _Bars(drawn)
        yield bars
        bars.finish()


class _Bars:
    """One bar for each phase of each unit."""

    def __init__(self, drawn: Progress) -> None:
        self._drawn = drawn
        self._what = ("", "")
        self._since = self._last = time.monotonic()
        self._task: TaskID | None = None

    def __call__(self, now: move.Progress) -> None:
        if not now.unit:  # words alone
            self._drawn.console.print(Text(printable(now.phase), "dim"))
            return
        if (now.phase, now.unit) != self._what:
            self.finish()
            self._what, self._since = (now.phase, now.unit), self._last
            name = printable(f"{now.phase:8} {now.unit}").replace("[", r"\[")
            self._task = self._drawn.add_task(name, total=now.total or None, records="", rate="")
        self._last = time.monotonic()
        if self._task is not None:
            rate = _rate(now.done, self._last - self._since)
            records = f"{now.records:>9,} rows" if now.unit else ""  # without one it is a sentence
            self._drawn.update(self._task, completed=now.done, total=now.total or None, records=records, rate=rate)

    def finish(self) -> None:
        """The last bar has come to its end."""
        if self._task is not None:
            task = self._drawn.tasks[self._task]
            self._drawn.update(self._task, completed=task.total or 1, total=task.total or 1)


class Lines:
    """At most one line in so many seconds; what is said in words, at once.

    Args:
        write: Takes a line.
        clock: Seconds.
    """

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._write = write
        self._clock = clock
        self._what = ("", "")
        self._since = self._last = self._said = clock()

    def __call__(self, now: move.Progress) -> None:
        """Perhaps write a line."""
        if not now.unit:
            self._write(now.phase)
            return
        moment = self._clock()
        if (now.phase, now.unit) != self._what:
            self._what, self._since = (now.phase, now.unit), self._last
        self._last = moment
        if moment - self._said < _SECONDS:
            return
        self._said = moment
        self._write(line(now, moment - self._since))


def line(now: move.Progress, seconds: float) -> str:
    """What a plain line says."""
    if now.phase == "back":  # it has no end, and what is left is all there is to know
        return f"{now.phase} {now.unit}: {now.records:,} rows, {megabytes(now.total)} of log behind"
    if not now.unit:  # a sentence
        return now.phase
    said = [f"{now.phase} {now.unit}: {now.records:,} rows"]
    if now.done or not now.records:
        said.append(f"{megabytes(now.done)}{f' of {megabytes(now.total)}' if now.total else ''}")
    if rate := _rate(now.done, seconds):
        said.append(rate)
        if now.total > now.done:
            said.append(f"{(now.total - now.done) * seconds / now.done:,.0f} s left")
    return ", ".join(said)


def _rate(size: int, seconds: float) -> str:
    return f"{size / seconds / 1e6:,.1f} MB/s" if size and seconds > 0 else ""
