"""What every part of a user's store shares: the database, who is asking, and finding what a caller names."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar
from uuid import UUID

from arraigo.errors import AccessDenied, ArraigoError, Conflict, NotFound, Unreachable
from arraigo.postgres.arrays import text_array
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.queries import load
from arraigo.postgres.waiting import aside_async
from arraigo.store.blobs import Blobs
from arraigo.store.context import Ref, candidates
from arraigo.store.journal import Entry, Journal, Subject
from arraigo.store.types import User

T = TypeVar("T")
Removal = tuple[UUID, UUID, str]  # conversation, document, key
QUERIES = load("arraigo.store")


class Access:
    """The database in one user's name.

    Args:
        database: Where the user's things are.
        key: The installation's key for derived ids.
        blobs: Where documents' bytes are.
        max_document: The most bytes that one may have.
        sign_in: Finds or makes the user; asked once, at the first use.
        identity: The user's id, when it is known already.
        journal: Where changes go while the database is away; None: nowhere.
    """

    def __init__(
        self,
        database: AsyncDatabase,
        key: bytes,
        blobs: Blobs,
        max_document: int,
        sign_in: Callable[[], Awaitable[User]],
        identity: UUID | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.database = database
        self.key = key
        self.journal = journal
        self.blobs = blobs
        self.max_document = max_document
        self._sign_in = sign_in
        self._identity = identity

    async def identity(self) -> UUID:
        """Who is asking.

        Raises:
            AccessDenied: The user may not sign in any more.
        """
        if self._identity is None:
            user = await self._sign_in()
            if not user.is_active:
                raise AccessDenied("this user is not active any more", remedy="ask an administrator")
            self._identity = user.id
        return self._identity

    async def keep(self, subject: Subject, act: Callable[[], Awaitable[T]], entry: Callable[[], Entry]) -> T | Entry:
        """Change something in the database; where that is away, write the change to the journal, and answer that.

        What has a change in the journal goes there as well, until that has come in.

        Raises:
            Unavailable: The database is away, and there is no journal, or it cannot be written.
        """
        journal = self.journal
        if journal is None:
            return await act()
        made: Entry | None = None
        while True:
            if not journal.holds(subject):
                try:
                    return await act()
                except Unreachable as error:
                    journal.lost(error)
            made = made or entry()
            if await aside_async(partial(journal.write, made)):
                return made

    async def read(self, subject: Subject, act: Callable[[], Awaitable[T]], recall: Callable[[Journal], T | None]) -> T:
        """Read from the database; where that is away, what this process has seen.

        What has a change in the journal is read there as well, so that nobody misses what they have written.

        Raises:
            Unavailable: The database is away, and this process has not seen it.
        """
        journal = self.journal
        if journal is None:
            return await act()
        if journal.holds(subject):
            known = recall(journal)
            if known is not None:
                return known
        try:
            return await act()
        except Unreachable as error:
            journal.lost(error)
            known = recall(journal)
            if known is None:
                raise
            return known

    def find(self, ref: Ref, act: Callable[[UUID], Awaitable[T]]) -> Awaitable[T]:
        """Act on the conversation that `ref` names; what looks like an id may be the owner's own name for it.

        Raises:
            NotFound: None of the ids it may mean is there.
        """
        if isinstance(ref, UUID):
            return act(ref)
        return self._search(ref, act)

    async def _search(self, ref: str, act: Callable[[UUID], Awaitable[T]]) -> T:
        owner = await self.identity()
        meant = candidates(self.key, owner, ref)
        if self.journal is not None and self.journal.away:  # nobody can say what is not there
            meant = [wanted for wanted in meant if self.journal.talks.knows(owner, wanted)] or meant[:1]
        for candidate in meant:
            try:
                return await act(candidate)
            except NotFound:
                continue
        raise NotFound(f"there is no conversation {str(ref)!r:.80}")

    async def refused(self, conversation: UUID, error: ArraigoError) -> ArraigoError:
        """Why nothing was changed: an app's own conversation is written by that app alone; else it is the error."""
        owner = await self.identity()
        found = await self.database.fetch(QUERIES.is_guarded, {"id": conversation}, tuple, identity=owner)
        if found != [(True,)]:
            return error
        return Conflict(
            f"conversation {conversation} is an interview, and written by its interviewer alone",
            safe="nothing was changed",
            remedy="go on with it at /interviews",
        )

    async def remove_blobs(self, claimed: Sequence[Removal]) -> None:
        """Remove bytes whose removal was claimed a moment ago; where that fails, the worker does it later."""
        if claimed:
            with suppress(ArraigoError):
                await self.blobs.delete([key for _, _, key in claimed])
                await self.database.fetch(QUERIES.finish_removals, finished(claimed), tuple)


def finished(claimed: Sequence[Removal]) -> dict[str, str]:
    """The parameters of `finish_removals`."""
    return {
        "conversations": text_array([str(conversation) for conversation, _, _ in claimed]),
        "documents": text_array([str(document) for _, document, _ in claimed]),
    }
