"""The places of blobs that have to behave the same: a folder, and a bucket of an S3 on this machine."""

from dataclasses import dataclass
from pathlib import Path

from support.s3 import S3

PREFIX = "some/prefix"


@dataclass
class Place:
    """One place, and ways behind the store's back."""

    address: str
    folder: Path | None = None
    s3: S3 | None = None

    @property
    def bucket(self) -> str:
        """Its name."""
        return self.address.removeprefix("s3://").partition("/")[0]

    def keys(self) -> set[str]:
        """Everything in it, half-written things included."""
        if self.s3 is not None:
            return {key.removeprefix(f"{PREFIX}/") for key in self.s3.keys(self.bucket)}
        if self.folder is None or not self.folder.exists():
            return set()
        return {str(file.relative_to(self.folder)) for file in self.folder.rglob("*")}

    def files(self) -> set[str]:
        """Without a folder's folders."""
        return {key for key in self.keys() if self.folder is None or not (self.folder / key).is_dir()}

    def replace(self, key: str, content: bytes | None) -> None:
        """Damage a blob; None takes it away."""
        if self.folder is not None:
            if content is None:
                (self.folder / key).unlink()
            else:
                (self.folder / key).write_bytes(content)
        elif self.s3 is not None:
            store = self.s3.store(self.bucket)
            if content is None:
                store.delete(f"{PREFIX}/{key}")
            else:
                store.put(f"{PREFIX}/{key}", content)
