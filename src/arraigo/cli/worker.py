"""`arraigo worker`: what is done in the background."""

import sys

from arraigo.cli.output import say
from arraigo.settings import load


def worker() -> None:
    """Do what has to be done in the background until Ctrl-C or SIGTERM.

    Every minute: delete state that has expired, and the files of documents that are gone (for that, it needs the same
    ARRAIGO_BLOBS as the servers). Several may run beside each other and beside `serve`; each job is done once. What
    has begun is finished first. A database that goes away is waited for. It listens to the database, so that with
    DB_POOLER=transaction it wants ARRAIGO_MIGRATION_URL (exit code 3 without).
    """
    from arraigo import worker as background  # noqa: PLC0415 - as for serve

    background.run(load(), ready=announce)


def announce() -> None:
    """Say that it is at work, at once: whoever waits for it may read a pipe."""
    say("Arraigo's worker is at work; Ctrl-C ends it")
    sys.stdout.flush()
