"""Puts a new file in the place of an old one: whole or not at all, and the old one is kept beside it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from arraigo.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is written beside the one whose place it will take."""

    path: Path
    destination: Path


@contextmanager
def drafting(destination: Path, name: str) -> Iterator[tuple[Draft, BinaryIO]]:
    """A draft to write; it is on the disk when this ends, and gone when something went wrong.

    Raises:
        Unavailable: The folder cannot be written, or its disk is full.
    """
    draft = Draft(destination.with_name(f".{destination.name}.{name}.draft"), destination)
    try:
        with draft.path.open("wb") as stream:
            if destination.exists():
                shutil.copymode(destination, draft.path)
            yield draft, stream
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        discard(draft)
        raise _unwritable(destination, error) from error
    except BaseException:
        discard(draft)
        raise


def discard(draft: Draft) -> None:
    """Take a draft away that nobody wants any more."""
    draft.path.unlink(missing_ok=True)


def swap(draft: Draft) -> Path | None:
    """Let a draft take its place; where the file that stood there is now, if there was one.

    Raises:
        Unavailable: The folder cannot be written.
    """
    destination = draft.destination
    try:
        kept = _keep(destination) if destination.exists() else None
        draft.path.replace(destination)
        folder = os.open(destination.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _unwritable(destination, error) from error
    return kept


def _keep(path: Path) -> Path:
    """Give the file a second name, so that there is no moment without it."""
    stamp = f"{path.name}.before-rollback-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    number = 1
    while True:
        kept = path.with_name(stamp if number == 1 else f"{stamp}-{number}")
        try:
            kept.hardlink_to(path)
        except FileExistsError:
            number += 1
        except OSError:  # a file system without hard links
            path.rename(kept)
            return kept
        else:
            return kept


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{path} cannot be written: {(error.strerror or type(error).__name__).lower()}",
        safe="the file that stood there is untouched, and everything is in PostgreSQL",
        remedy="make room or give the right, or write elsewhere with --into",
    )
