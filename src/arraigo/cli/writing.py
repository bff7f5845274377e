"""Files that are there whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from arraigo.errors import InvalidInput, Unavailable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A draft beside the path, for its owner's eyes only; it takes the path's place when the block ends well.

    Raises:
        InvalidInput: Nothing can be written there.
        Unavailable: The disk is full.
    """
    place = path.expanduser().resolve()
    if place.exists() and not place.is_file():
        raise InvalidInput(f"{path} is not a file", safe="nothing was written", remedy="name a file")
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    with _explained(path):
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with _explained(path), open(descriptor, "w+b") as stream:  # noqa: PTH123 - a descriptor
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        with _explained(path):
            draft.replace(place)
            _sync_folder(place.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        if error.errno in _FULL:
            raise Unavailable(f"{path} cannot be written: {why}", safe="what stood there is untouched") from error
        raise InvalidInput(f"{path} cannot be written: {why}", remedy="name another file") from error


def _sync_folder(folder: Path) -> None:
    """The new name too shall survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
