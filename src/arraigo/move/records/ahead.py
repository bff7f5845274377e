"""Reads ahead: what comes next is made ready while the database is busy with what came before."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")


def ahead(found: Iterator[_T]) -> Iterator[_T]:
    """The same, one after the other, each made in another thread while the one before is worked on.

    What making it raises is raised here.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="arraigo-reads-ahead") as pool:
        following = pool.submit(next, found, None)
        while (one := following.result()) is not None:
            following = pool.submit(next, found, None)
            yield one
