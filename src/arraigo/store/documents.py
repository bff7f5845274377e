"""One user's documents: files beside a conversation, their bytes in a folder or a bucket.

Bytes are written first and the row after them, so that a row never lacks its bytes; what a crash leaves in between is
removed by `Store.sweep_blobs` (docs/decisions/0015).
"""

import hashlib
import math
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from mimetypes import guess_type
from typing import Any
from uuid import UUID

from arraigo.errors import ArraigoError, CheckFailed, InvalidInput, NotFound, Unavailable
from arraigo.ids import uuid7
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import Query
from arraigo.store import checks, links
from arraigo.store.access import QUERIES, Access
from arraigo.store.blobs import Blobs, Content, Written
from arraigo.store.context import Ref
from arraigo.store.types import Document, Link, Page

UNKNOWN_TYPE = "application/octet-stream"


def _document(values: Any) -> Document:
    return Document(*values)


class Reading:
    """A document's bytes, in pieces as they come.

    The last piece is given only if all of them are what was added; CheckFailed if not.
    """

    def __init__(self, document: Document, blobs: Blobs) -> None:
        self.document = document
        self._blobs = blobs

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """From the beginning."""
        digest = hashlib.sha256()
        held = b""
        async for piece in self._blobs.read(self.document.storage_key, self.document.file_size):
            digest.update(piece)
            if held:
                yield held
            held = piece
        if digest.hexdigest() != self.document.checksum:
            raise _damaged(self.document, "is not what was added: its checksum differs")
        if held:
            yield held


class Documents:
    """Add, get, list, read, hand out by link, say how processing went, and delete."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def add(
        self,
        conversation: Ref,
        content: Content,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        listed: bool = True,
    ) -> Document:
        """Keep a file beside a conversation, as pending.

        Args:
            conversation: Which, by id or by your external_id.
            content: Bytes, the path of a file, or an iterator of bytes, which is read once.
            filename: What to call it; needed unless `content` is a path. Folders in it are left out.
            content_type: What it is, such as application/pdf; guessed by its filename, when not given.
            listed: Whether `list` shows it; not so for what a program of yours put there as a part of something else.

        Raises:
            InvalidInput: The filename or the type is none, or the content cannot be read.
            NotFound: There is no such conversation.
            TooLarge: It has more bytes than are allowed: 50 MiB, or ARRAIGO_MAX_DOCUMENT_MB.
            Unavailable: The database or the place of the blobs cannot be written; nothing was kept.
        """
        if filename is None and isinstance(content, os.PathLike):
            filename = os.fspath(content)
        name = checks.filename(filename)
        kind = checks.content_type(content_type or guess_type(name)[0] or UNKNOWN_TYPE)
        await self._access.blobs.make_ready()  # before anything is kept of it
        id_ = uuid7()
        where, key = await self._reserve(conversation, id_)
        try:
            written = await self._access.blobs.write(key, content, self._access.max_document)
            made = await self._keep(where, id_, name, kind, written, listed=listed)
        except Unavailable:
            raise  # not asked once more: it will be removed when its time has come
        except BaseException:
            await self._discard(id_)
            raise
        if made is None:
            with suppress(ArraigoError):
                await self._access.blobs.delete([key])
            raise Unavailable("adding the document took more than a day", safe="nothing was kept", remedy="try again")
        return made

    async def _reserve(self, conversation: Ref, id_: UUID) -> tuple[UUID, str]:
        owner = await self._access.identity()

        async def reserve(wanted: UUID) -> tuple[UUID, str]:
            found: list[tuple[UUID, str]] = await self._access.database.fetch(
                QUERIES.reserve_document, {"id": id_, "conversation": wanted}, tuple, identity=owner
            )
            if not found:
                raise NotFound(f"there is no conversation {wanted}")
            return found[0]

        return await self._access.find(conversation, reserve)

    async def _keep(
        self, conversation: UUID, id_: UUID, name: str, kind: str, written: Written, *, listed: bool
    ) -> Document | None:
        values = {
            "conversation": conversation,
            "id": id_,
            "filename": name,
            "size": written.size,
            "content_type": kind,
            "checksum": written.checksum,
            "listed": listed,
        }
        try:
            return await self._one(QUERIES.add_document, **values)
        except NotFound:
            raise NotFound(f"there is no conversation {conversation}", safe="nothing was kept") from None
        except Unavailable:
            made = await self._one(QUERIES.document_by_id, id=id_)  # the answer was lost, perhaps, and nothing else
            if made is None:
                raise
            return made

    async def _discard(self, id_: UUID) -> None:
        """Remove the bytes of what was not added; where that fails, the worker does it."""
        owner = await self._access.identity()
        with suppress(ArraigoError):
            await self._access.remove_blobs(
                await self._access.database.fetch(
                    QUERIES.claim_document_removal, {"id": id_, "owner": owner}, tuple, identity=owner
                )
            )

    async def get(self, document: UUID) -> Document:
        """What is known about it, with what was found in it.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        return self._there(document, await self._one(QUERIES.document_by_id, id=document))

    async def list(self, conversation: Ref, *, limit: int = 50, cursor: str | None = None) -> Page[Document]:
        """A conversation's, the oldest first, `limit` at a time; `cursor` is the last page's `next`.

        Raises:
            NotFound: There is no such conversation.
        """
        owner = await self._access.identity()
        values = {
            "owner": owner,
            "after": None if cursor is None else checks.from_id_cursor(cursor),
            "limit": checks.limit(limit) + 1,
        }

        async def read(wanted: UUID) -> Page[Document]:
            asked = [
                Ask(QUERIES.list_documents, {**values, "conversation": wanted}, _document),
                Ask(QUERIES.conversation_by_id, {"id": wanted}, _nothing),
            ]
            found, talks = await self._access.database.fetch_all(asked, identity=owner)
            if not talks:
                raise NotFound(f"there is no conversation {wanted}")
            if len(found) <= limit:
                return Page(found)
            return Page(found[:limit], checks.to_id_cursor(found[limit - 1].id))

        return await self._access.find(conversation, read)

    async def open(self, document: UUID) -> Reading:
        """Its bytes, as they come: `async for piece in await documents.open(id)`.

        Raises:
            CheckFailed: They are missing, or have another size than what was added.
            NotFound: There is no such document.
            Unavailable: The place of the blobs cannot be read.
        """
        found = await self.get(document)
        size = await self._access.blobs.size(found.storage_key)
        if size is None:
            raise _damaged(found, "is missing")
        if size != found.file_size:
            raise _damaged(found, f"is not what was added: it has {size:,} bytes instead of {found.file_size:,}")
        return Reading(found, self._access.blobs)

    async def read(self, document: UUID) -> bytes:
        """All its bytes, in memory; the errors are those of `open`."""
        whole = bytearray()
        async for piece in await self.open(document):
            whole += piece
        return bytes(whole)

    async def link(self, document: UUID | Document, *, expires: float = 3600) -> Link:
        """A link that gives it to whoever has the link, without a token, for `expires` seconds.

        It works until then, or until the document is deleted. Put your server's address before its path.

        Raises:
            InvalidInput: It cannot be for that long: a week at most.
            NotFound: There is no such document.
        """
        if not 0 < expires <= checks.MAX_LINK:
            raise InvalidInput(f"a link cannot be for {expires:g} seconds: more than 0, at most {checks.MAX_LINK:,}")
        if not isinstance(document, Document):
            document = await self.get(document)
        elif document.owner_id != await self._access.identity():
            raise NotFound(f"there is no document {document.id}")
        until = math.ceil(time.time() + expires)
        grant = links.Grant(document.owner_id, document.conversation_id, document.id, until)
        return Link(links.make(self._access.key, grant, document.filename), datetime.fromtimestamp(until, UTC))

    async def mark_processed(self, document: UUID, extracted_content: str | None = None) -> Document:
        """Say that it was processed, and what was found in it: up to 10 MiB of text.

        Raises:
            NotFound: There is no such document. TooLarge: More text than that.
        """
        if extracted_content is not None:
            checks.long_text(extracted_content, "extracted_content", most=checks.MAX_EXTRACTED)
        return await self._process(document, None, extracted_content)

    async def mark_failed(self, document: UUID, reason: str) -> Document:
        """Say that it could not be processed, and why, in up to 2,000 characters; what was found before is forgotten.

        Raises:
            NotFound: There is no such document.
        """
        return await self._process(document, checks.text(reason, "reason", most=checks.MAX_REASON, least=1), None)

    async def _process(self, document: UUID, error: str | None, content: str | None) -> Document:
        made = await self._one(QUERIES.process_document, id=document, error=error, content=content)
        return self._there(document, made)

    async def delete(self, document: UUID) -> None:
        """Delete it, with its bytes.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()
        values = {"id": document, "owner": owner}
        gone, claimed = await self._access.database.fetch_all(
            [Ask(QUERIES.delete_document, values, tuple), Ask(QUERIES.claim_document_removal, values, tuple)],
            identity=owner,
        )
        if not gone:
            raise NotFound(f"there is no document {document}")
        await self._access.remove_blobs(claimed)

    async def _one(self, query: Query, **values: Any) -> Document | None:
        owner = await self._access.identity()
        found = await self._access.database.fetch(query, {**values, "owner": owner}, _document, identity=owner)
        return found[0] if found else None

    @staticmethod
    def _there(wanted: UUID, found: Document | None) -> Document:
        if found is None:
            raise NotFound(f"there is no document {wanted}")
        return found


def _nothing(_: Any) -> Any:
    return None


def _damaged(document: Document, what: str) -> CheckFailed:
    return CheckFailed(
        f"the file of document {document.id} {what}", remedy="bring it back from a copy of the place of the blobs"
    )
