"""Reads ahead: what comes next is made ready while the database is busy with what came before."""

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

_T = TypeVar("_T")
_AHEAD = 1  # batches that wait, beside the one that is made and the one that is worked on


def ahead(found: Iterator[_T]) -> Iterator[_T]:
    """The same, one after the other, made in a thread of its own. What it raises is raised here."""
    ready: Queue[tuple[str, _T | BaseException | None]] = Queue(_AHEAD)
    stop = Event()

    def put(what: str, one: _T | BaseException | None) -> None:
        while not stop.is_set():
            try:
                ready.put((what, one), timeout=0.5)
            except Full:
                continue
            return

    def make() -> None:
        try:
            for one in found:
                put("one", one)
                if stop.is_set():
                    return
            put("end", None)
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            put("error", error)

    maker = Thread(target=make, name="arraigo-reads-ahead", daemon=True)
    maker.start()
    try:
        while True:
            what, one = ready.get()
            if what == "end":
                return
            if isinstance(one, BaseException):
                raise one
            yield one  # type: ignore[misc]
    finally:
        stop.set()
        maker.join()
