"""Where documents' bytes are: a folder or a bucket, both through obstore.

A blob is written once, under a key that is made of ids of ours, and never changed. In a folder it is on the disk
(fsync) before it counts as written, and readable by its user alone.
"""

import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from obstore import delete_async, get_range_async, head_async, put_async
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from arraigo.errors import ArraigoError, InvalidInput, TooLarge, Unavailable
from arraigo.postgres.waiting import aside_async

Content = bytes | os.PathLike[str] | AsyncIterable[bytes]

_PART = 5 * 1024 * 1024  # bytes: the least that S3 takes as a part
_AT_ONCE = 2  # parts in memory, beside the one that is filled
_PIECE = 1024 * 1024  # bytes read of a file at once
_RANGE = 4 * 1024 * 1024  # bytes asked of a blob at once
_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_S3_SAYS = re.compile(r"<Code>(\w+)</Code>|status code: (\d+)(?!.*<Code>)", re.DOTALL)


class Written(NamedTuple):
    """What was written: its bytes, and their SHA-256 in hexadecimal digits."""

    size: int
    checksum: str


class Blobs:
    """A place for blobs.

    Args:
        place: A folder, which is made when something is first written, or `s3://bucket/prefix`.
        endpoint: Where the bucket's S3 answers; Amazon's, when not given.
    """

    def __init__(self, place: str, endpoint: str | None = None) -> None:
        self.place = place
        self._endpoint = endpoint
        self._folder = None if place.startswith("s3://") else Path(place)
        self._store: LocalStore | S3Store | None = None

    async def make_ready(self) -> None:
        """Make the folder, where there is none yet; a bucket has to be there.

        Raises:
            Unavailable: It cannot be made.
        """
        await aside_async(partial(self._ready, ""))

    async def write(self, key: str, content: Content, most: int) -> Written:
        """Write a blob, a few parts in memory at a time; where it fails, nothing is left under the key.

        Raises:
            InvalidInput: The content is no bytes, or its file cannot be read.
            TooLarge: It has more than `most` bytes.
            Unavailable: The place cannot be written.
        """
        counted = _Counted(content, most)
        pieces = counted.pieces()
        first = bytearray()
        async for piece in pieces:
            first += piece
            if len(first) > _PART:
                break
        store = await aside_async(partial(self._ready, key))
        with self._translated("written", counted):
            if len(first) > _PART:
                await put_async(store, key, _rejoined(first, pieces), chunk_size=_PART, max_concurrency=_AT_ONCE)
            else:
                await put_async(store, key, bytes(first), use_multipart=False)
        await aside_async(partial(self._settle, key))
        return Written(counted.size, counted.digest.hexdigest())

    async def size(self, key: str) -> int | None:
        """How many bytes a blob has; None: it is not there.

        Raises:
            Unavailable: The place cannot be read.
        """
        store = self._there()
        with self._translated("read"):
            try:
                return (await head_async(store, key))["size"]
            except FileNotFoundError:
                return None

    async def read(self, key: str, size: int) -> AsyncIterator[bytes]:
        """The first `size` bytes of a blob, in pieces; fewer where it has fewer.

        Each piece is a request of its own: whoever takes them slowly keeps no connection open.
        """
        store = self._there()
        done = 0
        while done < size:
            with self._translated("read"):
                piece = await get_range_async(store, key, start=done, length=min(_RANGE, size - done))
            if not piece:
                return
            done += len(piece)
            yield bytes(piece)

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete blobs, with what a crash may have left of writing them; those that are gone are left out.

        Raises:
            Unavailable: The place cannot be written.
        """
        store = self._there()
        with self._translated("removed"):
            if self._folder is None:
                await delete_async(store, list(keys))  # a thousand in one request
                return
            for key in keys:
                await aside_async(partial(self._delete_drafts, key))
                with suppress(FileNotFoundError):
                    await delete_async(store, key)

    async def probe(self) -> None:
        """Write something and delete it again.

        Raises:
            Unavailable: The place cannot be written.
        """
        key = f"probe-{uuid4()}"
        store = await aside_async(partial(self._ready, key))
        with self._translated("written"):
            await put_async(store, key, b"probe", use_multipart=False)
            await delete_async(store, key)

    def _ready(self, key: str) -> LocalStore | S3Store:
        """The store, with the folders that the blob will be in: ours alone."""
        if self._folder is not None:
            with self._translated("written"):
                _make_folders(self._folder, key.split("/")[:-1])
        return self._there()

    def _there(self) -> LocalStore | S3Store:
        if self._store is None:
            with self._translated("read"):
                self._store = self._open()
        elif self._folder is not None and not self._folder.is_dir():
            raise self._missing_folder()
        return self._store

    def _open(self) -> LocalStore | S3Store:
        if self._folder is not None:
            if not self._folder.is_dir():
                raise self._missing_folder()
            return LocalStore(self._folder, automatic_cleanup=True)
        bucket, _, prefix = self.place.removeprefix("s3://").partition("/")
        return S3Store(
            bucket,
            prefix=prefix or None,
            config={"endpoint": self._endpoint} if self._endpoint else None,
            # Where options are given, the environment cannot switch the check of certificates off.
            client_options={
                "allow_http": (self._endpoint or "").startswith("http://"),  # which arraigo.settings has allowed
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=120),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=10)},
        )

    def _missing_folder(self) -> Unavailable:
        return Unavailable(
            f"the folder of the blobs, {self.place}, is not there",
            safe="nothing was changed",
            remedy="mount it, or correct ARRAIGO_BLOBS",
        )

    def _settle(self, key: str) -> None:
        """Make it outlast a crash of the machine, and readable by us alone."""
        if self._folder is None:
            return
        with self._translated("written"):
            file = self._folder / key
            file.chmod(0o600)
            for path in (file, *file.parents):
                descriptor = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                if path == self._folder:
                    return
                if path != file:
                    path.chmod(0o700)

    def _delete_drafts(self, key: str) -> None:
        """What obstore writes into KEY#1 and renames, where it did not come to that."""
        if self._folder is not None:
            file = self._folder / key
            for draft in file.parent.glob(f"{file.name}#*"):
                draft.unlink(missing_ok=True)

    @contextmanager
    def _translated(self, done: str, counted: "_Counted | None" = None) -> Iterator[None]:
        """Errors of obstore and the system as ours; those of the content's own giver as they are."""
        try:
            yield
        except ArraigoError:
            raise
        except (BaseError, OSError) as error:
            if counted is not None and counted.error is not None:
                raise counted.error from None
            raise Unavailable(
                f"the blobs at {self.place} cannot be {done}: {_why(error)}",
                safe="nothing was changed",
                remedy="run: arraigo doctor",
            ) from error


class _Counted:
    """Content on its way: in pieces, counted, and not more than is allowed."""

    def __init__(self, content: Content, most: int) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self.error: Exception | None = None
        self._content = content
        self._most = most

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its pieces; what goes wrong with them is kept in `error`, since it comes back through obstore."""
        try:
            async for piece in _pieces(self._content):
                self._count(piece)
                if piece:
                    yield bytes(piece)
        except Exception as error:
            self.error = error
            raise

    def _count(self, piece: object) -> None:
        if not isinstance(piece, bytes | bytearray | memoryview):
            raise InvalidInput(f"the content is made of {type(piece).__name__}, not of bytes")
        self.size += len(piece)
        if self.size > self._most:
            raise TooLarge(f"the file has more than {self._most:,} bytes", safe="nothing was kept")
        self.digest.update(piece)


def _make_folders(folder: Path, names: Sequence[str]) -> None:
    """Ours alone. Another process may just be deleting them, since they were empty."""
    for last in (False, False, False, True):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for depth in range(len(names)):
                folder.joinpath(*names[: depth + 1]).mkdir(mode=0o700, exist_ok=True)
        except FileNotFoundError:
            if last:
                raise
        else:
            return


async def _pieces(content: Content) -> AsyncIterator[bytes]:
    if isinstance(content, bytes | bytearray | memoryview):
        whole = memoryview(content).cast("B")
        for start in range(0, len(whole), _PIECE):
            yield bytes(whole[start : start + _PIECE])
    elif isinstance(content, os.PathLike):
        try:
            with await aside_async(lambda: Path(content).open("rb")) as file:
                while piece := await aside_async(partial(file.read, _PIECE)):
                    yield piece
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise InvalidInput(f"{os.fspath(content)!r:.200} cannot be read: {why}") from error
    elif isinstance(content, AsyncIterable):
        async for part in content:
            yield part
    else:
        raise InvalidInput(
            f"the content is {type(content).__name__}", remedy="give bytes, a Path, or an iterator of bytes"
        )


async def _rejoined(first: bytearray, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield bytes(first)
    async for piece in rest:
        yield piece


def _why(error: BaseError | OSError) -> str:
    """In words of ours: theirs are long, and name addresses.

    obstore gives its errors as texts; the system's number and S3's code in them are what can be relied on.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    said = str(error)
    if found := _OS_ERROR.search(said):
        return os.strerror(int(found[1])).lower()
    if found := _S3_SAYS.search(said):
        return f"S3 says {found[1] or found[2]}"
    if "/latest/" in said:  # it went to ask for the role of the machine
        return "no AWS credentials were found"
    return "nobody answers there"
