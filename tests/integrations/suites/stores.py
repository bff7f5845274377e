"""What the plugins share: stores on the database that the environment names, one for each way of asking."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack

import pytest
import pytest_asyncio

import arraigo
from arraigo import sync

_closing = ExitStack()
_shared: list[sync.Store] = []
_by_loop: dict[asyncio.AbstractEventLoop, tuple[asyncio.Future[arraigo.Store], AsyncExitStack]] = {}


def user(*place: object) -> str:
    """The user for what these suites call a database and its tables: whoever names the same ones sees the same."""
    return hashlib.sha256(repr(place).encode()).hexdigest()


def shared() -> sync.Store:
    """The store without await, for every thread and every loop."""
    if not _shared:
        _shared.append(_closing.enter_context(sync.open()))
    return _shared[0]


async def here() -> arraigo.Store:
    """The store of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _by_loop:
        closing = AsyncExitStack()
        _by_loop[loop] = asyncio.ensure_future(closing.enter_async_context(arraigo.open())), closing
    return await _by_loop[loop][0]


@pytest_asyncio.fixture(autouse=True, loop_scope="function")
async def close_the_loops_store() -> AsyncIterator[None]:
    """With the test that opened it."""
    yield
    if found := _by_loop.pop(asyncio.get_running_loop(), None):
        await found[1].aclose()


def pytest_unconfigure() -> None:
    """The shared store is closed with the run."""
    _closing.close()


def leave_out(config: pytest.Config, items: list[pytest.Item], reasons: dict[str, str]) -> None:
    """Deselect the tests of these names; a name that no test has is an error, so that the table stays true."""
    names = {name: [item for item in items if item.nodeid.split("[")[0].endswith(f"::{name}")] for name in reasons}
    if unknown := [name for name, found in names.items() if not found]:
        raise pytest.UsageError(f"there is no test {unknown[0]}")
    out = {item for found in names.values() for item in found}
    config.hook.pytest_deselected(items=list(out))
    items[:] = [item for item in items if item not in out]
