"""Where an export lies: a folder, or a bucket's prefix. Both are read in pieces, and written by rollback."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.sources.spec import Source

_PIECE = 1 << 20


class Folder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Every file in it, in order."""
        if not self._path.is_dir():
            raise InvalidInput(f"there is no folder {self._path}", safe="nothing was moved")
        return sorted(str(path.relative_to(self._path)) for path in self._path.rglob("*") if path.is_file())

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file's bytes."""
        try:
            with (self._path / name).open("rb") as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise InvalidInput(f"{self._path / name} cannot be read: {why}", safe="nothing was moved") from error

    def write(self, name: str, file: Path) -> None:
        """Put a file there, whole or not at all."""
        path = self._path / name
        draft = path.with_name(f".{path.name}.draft")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(b"")
            with file.open("rb") as source, draft.open("wb") as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            why = (error.strerror or type(error).__name__).lower()
            raise Unavailable(f"{path} cannot be written: {why}", safe="everything is in PostgreSQL") from error


class Bucket:
    """What lies below a prefix in a bucket."""

    def __init__(self, place: str, endpoint: str | None, region: str | None) -> None:
        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        self._place = place
        given = {"endpoint": endpoint, "region": region}
        with self._told("read"):
            self._store = S3Store(
                bucket,
                prefix=prefix.strip("/") or None,
                config={name: value for name, value in given.items() if value} or None,  # type: ignore[arg-type]
                client_options={
                    "allow_http": (endpoint or "").startswith("http://"),
                    "connect_timeout": timedelta(seconds=5),
                    "timeout": timedelta(seconds=120),
                },
                retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=30)},
            )

    def names(self) -> list[str]:
        """Every object below it, in order."""
        with self._told("read"):
            return sorted(one["path"] for page in obstore.list(self._store) for one in page)

    def pieces(self, name: str) -> Iterator[bytes]:
        """An object's bytes."""
        with self._told("read"):
            for piece in obstore.get(self._store, name).stream(min_chunk_size=_PIECE):
                yield bytes(piece)

    def write(self, name: str, file: Path) -> None:
        """Put a file there, whole or not at all."""
        with self._told("written"):
            obstore.put(self._store, name, file)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            kind = type(error).__name__.removesuffix("Error")
            raise Unavailable(
                f"{self._place} cannot be {what}: {kind}",
                safe="nothing was moved" if what == "read" else "everything is in PostgreSQL",
                remedy="check the bucket's name, AWS_REGION and AWS_ENDPOINT, and the right to use it",
            ) from error


def place_of(source: Source) -> Folder | Bucket:
    """The place that a source names."""
    return at(source.location, source.options)


def at(place: str, options: Mapping[str, str]) -> Folder | Bucket:
    """The place of this name."""
    if not place.startswith("s3://"):
        return Folder(Path(place))
    endpoint = options.get("endpoint_url") or os.environ.get("AWS_ENDPOINT") or os.environ.get("AWS_ENDPOINT_URL")
    return Bucket(place, endpoint, options.get("region"))
