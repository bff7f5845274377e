"""The worker: does in the background what nobody waits for. Several may run beside each other, on several machines."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from procrastinate import App, JobContext, builtin_tasks

import arraigo
from arraigo import retrieve
from arraigo.apps.testplans.exporting import render
from arraigo.apps.testplans.reader import ProcessReader
from arraigo.apps.testplans.work import Work, sweep_exports
from arraigo.errors import ArraigoError, Unavailable
from arraigo.postgres.jobs import connector, opened
from arraigo.postgres.target import Targets, find
from arraigo.settings import Settings, load
from arraigo.store import Store
from arraigo.store.stores import MOST_SWEPT
from arraigo.web import logs

EVERY_MINUTE = "* * * * *"
EVERY_NIGHT = "17 3 * * *"
BLOBS_AT_ONCE = 100
KEEP_FAILED_HOURS = 7 * 24
_INDEXING = 40.0  # seconds in a row, so that other jobs have their turn
_PAUSE = 3.0  # seconds, before the database is tried again

_log = structlog.get_logger()


def run(settings: Settings | None = None, *, ready: Callable[[], None] | None = None) -> None:
    """Work until SIGTERM or SIGINT; then finish what has begun, and return.

    A database that goes away is waited for.

    Args:
        settings: What to work on; the environment's, when not given.
        ready: Called once, when it is at work.

    Raises:
        Unavailable: The database cannot be reached at the start, or only through a pooler.
    """
    chosen = load() if settings is None else settings
    logs.configure()
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # we say ourselves that the database is away
    asyncio.run(_work(chosen, ready))


async def _work(settings: Settings, ready: Callable[[], None] | None) -> None:
    stopped = asyncio.Event()
    targets = find(settings)
    try:
        connector(targets)  # may refuse, before anything is asked
        async with arraigo.open(settings) as store:
            await store.check_isolation()
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, stopped.set)
            _log.info("working")
            if ready is not None:
                ready()
            async with Work(store, ProcessReader(), render).at_hand():
                while not stopped.is_set():
                    await _until_stopped_or_lost(store, targets, stopped)
    finally:
        targets.close()
    _log.info("stopped")


async def _until_stopped_or_lost(store: Store, targets: Targets, stopped: asyncio.Event) -> None:
    try:
        await store.ping()  # which starts our own server again if it has died
        app = jobs(store, targets)
        async with opened(app):
            working = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, delete_jobs="successful"))
            stopping = asyncio.create_task(stopped.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            working.cancel()  # what has begun is finished
            with suppress(asyncio.CancelledError):
                await working
        why = "its connection to the database was lost"
    except ArraigoError as error:
        why = str(error)
    if not stopped.is_set():
        _log.warning("waiting for the database", why=why)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), _PAUSE)


def jobs(store: Store, targets: Targets) -> App:
    """Everything that is done in the background.

    Raises:
        Unavailable: See `arraigo.postgres.jobs.connector`.
    """
    app = App(connector=connector(targets))

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="sweep_state", queueing_lock="sweep_state")
    async def sweep_state(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute
        """Delete what has expired, a batch at a time: state, items of LangGraph's stores, exports of test plans."""
        for sweep in (store.sweep_state, store.sweep_items, partial(sweep_exports, store)):
            while await sweep(limit=MOST_SWEPT) == MOST_SWEPT:
                pass

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="sweep_blobs", queueing_lock="sweep_blobs")
    async def sweep_blobs(timestamp: int) -> None:  # noqa: ARG001
        """Remove the bytes of documents that are gone, or never came to be."""
        try:
            while await store.sweep_blobs(limit=BLOBS_AT_ONCE) == BLOBS_AT_ONCE:
                pass
        except Unavailable as error:  # nothing is lost, and the next minute is not far
            _log.warning("waiting for the blobs", why=str(error))

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name="index_search", queueing_lock="index_search")
    async def index_search(timestamp: int) -> None:  # noqa: ARG001
        """Index what has been said, so that searches need not read it as it stands."""
        await retrieve.index(store, patience=_INDEXING)

    @app.periodic(cron=EVERY_NIGHT)
    @app.task(name="index_search_wholly", queueing_lock="index_search_wholly")
    async def index_search_wholly(timestamp: int) -> None:  # noqa: ARG001
        """The same, also where nothing seems to be left."""
        await retrieve.index(store, thorough=True)

    @app.periodic(cron=EVERY_NIGHT)
    @app.task(name="forget_jobs", queueing_lock="forget_jobs", pass_context=True)
    async def forget_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        """Delete jobs that failed a week ago; those that succeed are deleted at once."""
        await builtin_tasks.remove_old_jobs(
            context, max_hours=KEEP_FAILED_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
        )

    return app
