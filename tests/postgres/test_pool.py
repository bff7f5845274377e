"""The pool: how many, how long, and from many threads."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

import arraigo
from arraigo.postgres.sync.pool import Pool
from arraigo.postgres.target import Target
from arraigo.settings import Pool as Sizes
from arraigo.settings import Settings


@pytest.fixture
def fast_switching() -> Iterator[None]:
    """Threads take turns at nearly every instruction, so that a race is not a matter of luck."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def ours(superuser: Callable[..., Any], database: str) -> int:
    found = superuser(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'arraigo'", database
    )
    return int(found[0][0])


@pytest.mark.usefixtures("fast_switching")
def test_threads_share_connections_without_stepping_on_each_other(
    settings: Settings, superuser: Callable[..., Any], database: str
) -> None:
    sizes = Sizes(min_size=0, max_size=3, timeout=30, idle=0)  # the idle ones are let go at once, by any thread
    pool = Pool(Target(str(settings.database_url), sizes))
    busy: set[int] = set()
    guard = threading.Lock()

    def work(_: int) -> None:
        for _ in range(60):
            held = pool.acquire()
            with guard:
                assert id(held) not in busy
                busy.add(id(held))
                assert len(busy) <= 3
            with guard:
                busy.remove(id(held))
            pool.release(held)

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(work, range(12)))
    pool.close()
    assert _soon(lambda: ours(superuser, database) == 0)


def _soon(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_a_connection_is_replaced_when_its_time_has_come(settings: Settings) -> None:
    pool = Pool(Target(str(settings.database_url), Sizes(recycle=0.05)))
    first = pool.acquire()
    pool.release(first)
    assert pool.acquire() is first
    pool.release(first)
    time.sleep(0.06)
    second = pool.acquire()
    assert second is not first
    pool.release(second)
    pool.close()


def test_what_is_given_back_after_the_end_is_closed(
    settings: Settings, superuser: Callable[..., Any], database: str
) -> None:
    pool = Pool(Target(str(settings.database_url)))
    held = pool.acquire()
    pool.close()
    assert ours(superuser, database) == 1
    pool.release(held)
    assert _soon(lambda: ours(superuser, database) == 0)


def test_a_failed_connection_gives_its_place_back() -> None:
    pool = Pool(Target("postgresql://ana@/x?host=/nonexistent", Sizes(max_size=1, timeout=0.1)))
    for _ in range(3):
        with pytest.raises(arraigo.errors.Unavailable, match="nothing listens"):
            pool.acquire()


async def test_the_pool_is_no_larger_than_it_says(
    settings: Settings, superuser: Callable[..., Any], database: str
) -> None:
    async with arraigo.open(replace(settings, pool=Sizes(max_size=3))) as store:
        me = store.as_user("ana")
        await me.id()
        await asyncio.gather(*(me.conversations.list() for _ in range(40)))
        assert ours(superuser, database) <= 3
    assert _soon(lambda: ours(superuser, database) == 0)
