"""Where the files of elements are: any of Chainlit's storage clients, or this one on obstore."""

import asyncio
import mimetypes
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from chainlit.data.storage_clients.base import BaseStorageClient, storage_expiry_time
from obstore import delete_async, get_async, put_async, sign_async
from obstore.store import LocalStore, S3Store

MOST_INLINE = 16 * 1024 * 1024  # bytes


class ObstoreStorage(BaseStorageClient):
    """Files in a folder or a bucket.

    A bucket gives links that are signed and expire (Chainlit's `STORAGE_EXPIRY_TIME`, an hour). A folder has nobody who
    could serve it: the file itself stands in the answer as a `data:` address, so only who may read the thread gets it.

    Args:
        place: A folder, made when something is first written, or `s3://bucket/prefix`.
        options: What `obstore.store.S3Store` takes: `endpoint`, `region`, keys.
    """

    def __init__(self, place: str | Path, options: Mapping[str, Any] | None = None) -> None:
        self._folder = None if str(place).startswith("s3://") else Path(place)
        self._options = dict(options or {})
        self._place = str(place)
        self._opened: LocalStore | S3Store | None = None

    async def upload_file(
        self,
        object_key: str,
        data: bytes | str,
        mime: str = "application/octet-stream",
        overwrite: bool = True,  # noqa: FBT001, FBT002 - Chainlit's own signature
        content_disposition: str | None = None,
    ) -> dict[str, Any]:
        """Write a file; its key has an ending that says what it is."""
        key = object_key + (mimetypes.guess_extension(mime) or "")
        content = data.encode() if isinstance(data, str) else data
        headers: dict[str, str] = {"Content-Type": mime}
        if content_disposition:
            headers["Content-Disposition"] = content_disposition
        await put_async(
            await self._store(),
            key,
            content,
            attributes=None if self._folder else headers,
            mode="overwrite" if overwrite else "create",
        )
        return {"object_key": key, "url": None}

    async def delete_file(self, object_key: str) -> bool:
        """Delete a file; one that is gone already is well."""
        try:
            await delete_async(await self._store(), object_key)
        except FileNotFoundError:
            return False
        return True

    async def get_read_url(self, object_key: str) -> str:
        """An address that gives the file.

        Raises:
            FileNotFoundError: It is not there.
        """
        store = await self._store()
        if isinstance(store, S3Store):
            return await sign_async(store, "GET", object_key, timedelta(seconds=storage_expiry_time))
        found = await get_async(store, object_key)
        if found.meta["size"] > MOST_INLINE:
            return ""
        mime = mimetypes.guess_type(object_key)[0] or "application/octet-stream"
        return f"data:{mime};base64,{b64encode(bytes(await found.bytes_async())).decode()}"

    async def close(self) -> None:
        """Let go of it."""
        self._opened = None

    async def _store(self) -> LocalStore | S3Store:
        if self._opened is None:
            self._opened = await asyncio.to_thread(self._open)
        return self._opened

    def _open(self) -> LocalStore | S3Store:
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(self._folder, automatic_cleanup=True)
        bucket, _, prefix = self._place.removeprefix("s3://").partition("/")
        return S3Store(bucket, prefix=prefix or None, **self._options)
