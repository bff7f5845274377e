"""The way in: `open()` gives a store, a store gives each user a handle of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal, TypeVar
from uuid import UUID

from arraigo.errors import Unavailable, Unreachable
from arraigo.postgres import schema
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.queries import Query
from arraigo.postgres.target import Targets, find
from arraigo.settings import Settings, load
from arraigo.store import checks, links
from arraigo.store.access import QUERIES, Access, Removal, finished
from arraigo.store.appending import AsyncAppender
from arraigo.store.blobs import Blobs
from arraigo.store.conversations import Conversations
from arraigo.store.documents import Documents, Reading
from arraigo.store.journal import Journal
from arraigo.store.journal.places import journal, recall, remember
from arraigo.store.messages import Messages
from arraigo.store.projects import Projects
from arraigo.store.state import State
from arraigo.store.types import User

T = TypeVar("T")
LOCAL_PROVIDER = "arraigo"
MOST_SWEPT = 10_000  # at once, so that no lock is held for long


class UserStore:
    """Everything of one user's; bound to that identity, and to no other."""

    def __init__(self, access: Access, appender: AsyncAppender) -> None:
        self._access = access
        self.conversations = Conversations(access)
        self.documents = Documents(access)
        self.messages = Messages(access, appender)
        self.projects = Projects(access)
        self.state = State(access)

    async def id(self) -> UUID:
        """The user's id; makes the user at first use."""
        return await self._access.identity()

    def part(self, make: Callable[[Access], T]) -> T:
        """What an app or an integration adds with queries of its own, made with this user's access."""
        return make(self._access)


class Store:
    """One database, open."""

    def __init__(
        self, database: AsyncDatabase, key: bytes, blobs: Blobs, max_document: int, journal: Journal | None = None
    ) -> None:
        self._database = database
        self._key = key
        self._journal = journal
        self._blobs = blobs
        self._max_document = max_document
        self._appender = AsyncAppender(database)

    @property
    def storage(self) -> Literal["postgresql", "journal"]:
        """Where what is written now goes: the journal while the database is away, and until it has come in."""
        journal = self._journal
        return "journal" if journal is not None and (journal.away or journal.pending) else "postgresql"

    @property
    def has_journal(self) -> bool:
        """Whether changes are kept while the database is away."""
        return self._journal is not None

    @property
    def pending(self) -> int:
        """How many changes are in the journal, and not in the database yet."""
        return 0 if self._journal is None else self._journal.pending

    def as_user(self, name: str) -> UserStore:
        """The handle of the local user of this name, who is made at first use."""
        checks.text(name, "user name", most=255, least=1)

        async def sign_in() -> User:
            return await self.sign_in(provider=LOCAL_PROVIDER, subject=name, username=name)

        return UserStore(self._access(sign_in), self._appender)

    def for_user(self, user_id: UUID) -> UserStore:
        """The handle of a user who has signed in already."""

        async def known() -> User:
            return User(user_id, is_active=True)

        return UserStore(self._access(known, user_id), self._appender)

    def _access(self, sign_in: Callable[[], Awaitable[User]], user_id: UUID | None = None) -> Access:
        return Access(
            self._database, self._key, self._blobs, self._max_document, sign_in, user_id, journal=self._journal
        )

    async def sign_in(
        self,
        *,
        provider: str,
        subject: str,
        username: str | None = None,
        email: str | None = None,
        full_name: str | None = None,
    ) -> User:
        """Whose identity this is; the first time, a user is made for it.

        Args:
            provider: Who vouches: a token's issuer, "whatsapp", or "arraigo" for local names.
            subject: What they are called there.
            username: What to call them here; the subject, when not given.
            email: Their address, kept when nobody else has it.
            full_name: For people to read.

        Raises:
            Unavailable: The database is away, and this home has not seen them.
        """
        values = {
            "provider": checks.text(provider, "provider", most=500, least=1),
            "subject": checks.text(subject, "subject", most=255, least=1),
            "username": checks.text(username or subject, "user name", most=255, least=1),
            "email": None if email is None else checks.text(email, "email", most=320, least=3),
            "full_name": None if full_name is None else checks.text(full_name, "full name", most=500),
        }
        journal = self._journal
        try:
            user = (await self._database.fetch(QUERIES.sign_in, values, lambda row: User(*row)))[0]
        except Unreachable as error:
            known = None if journal is None else journal.users.find(provider, subject)
            if journal is None or known is None:
                raise
            journal.lost(error)
            return known
        if journal is not None:
            journal.users.saw(provider, subject, user)
        return user

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            Unavailable: It gives none.
        """
        try:
            await self._database.fetch(QUERIES.ping, {}, tuple)
        except Unreachable as error:
            if self._journal is not None:
                self._journal.lost(error)
            raise

    async def sweep_state(self, *, limit: int = 1000) -> int:
        """Delete state that has expired, everybody's, at most `limit` entries; how many those were.

        Nobody sees them any more as it is; this gives their room back. `arraigo worker` does it every minute.
        """
        return await self._sweep(QUERIES.sweep_states, limit)

    async def sweep_items(self, *, limit: int = 1000) -> int:
        """Delete items of LangGraph's stores that have expired, everybody's, as `sweep_state` does; how many."""
        return await self._sweep(QUERIES.sweep_langgraph_items, limit)

    async def _sweep(self, query: Query, limit: int) -> int:
        found: list[tuple[int]] = await self._database.fetch(query, {"limit": checks.limit(limit, MOST_SWEPT)}, tuple)
        return found[0][0]

    async def open_link(self, token: str, filename: str) -> Reading:
        """The document that a link of `documents.link` gives; the link is checked before anything is looked up.

        Args:
            token: The part of its path behind /downloads.
            filename: The part behind that, decoded.

        Raises:
            AccessDenied: The link was not made here, or has been changed. Expired: Its time is over.
            NotFound: The document has been deleted. CheckFailed, Unavailable: See `documents.open`.
        """
        grant = links.check(self._key, token, filename, datetime.now(UTC))
        return await self.for_user(grant.owner).documents.open(grant.document)

    async def sweep_blobs(self, *, limit: int = 100) -> int:
        """Remove bytes that are due, everybody's, at most so many blobs; how many those were.

        They are those of documents that were deleted while the place of the blobs was away, or that were never added
        to their end. `arraigo worker` does it every minute.

        Raises:
            Unavailable: The place of the blobs cannot be written; what is due is tried again in five minutes.
        """
        due: list[Removal] = await self._database.fetch(
            QUERIES.claim_removals, {"limit": checks.limit(limit, MOST_SWEPT)}, tuple
        )
        if due:
            await self._blobs.delete([key for _, _, key in due])
            await self._database.fetch(QUERIES.finish_removals, finished(due), tuple)
        return len(due)

    async def check_isolation(self) -> None:
        """Make sure that row-level security binds this store.

        Raises:
            Unavailable: It would be passed by.
        """
        found: list[tuple[bool]] = await self._database.fetch(QUERIES.isolation, {}, tuple)
        if not found[0][0]:
            raise Unavailable(
                "row-level security would be bypassed by this database user",
                safe="nothing was served",
                remedy="connect as arraigo_app, or as a user who may SET ROLE to it",
            )


@asynccontextmanager
async def open(  # noqa: A001 - arraigo.open() is the contract's name
    settings: Settings | None = None, *, tell: Callable[[str], None] | None = None
) -> AsyncIterator[Store]:
    """Open the store: `DATABASE_URL`, or the embedded server, which is started and brought up to date.

    Args:
        settings: What to open; the environment's, when not given.
        tell: Hears one line when something takes long: making the database, recovering it.

    Raises:
        BadSetting: A variable has a bad value.
        Unavailable: The database cannot be reached, or its schema is not this program's. Where this home has a journal
            for it, the store opens all the same, and keeps what is written there.
    """
    chosen = settings or load()
    targets = find(chosen, tell=tell)
    try:
        async with AsyncDatabase(targets.application) as database:
            away: Unreachable | None = None
            try:
                ready(targets, tell)
                found: list[tuple[bytes]] = await database.fetch(QUERIES.installation, {}, tuple)
                key = found[0][0]
                remember(chosen, targets.application, key)
            except Unreachable as error:
                known = recall(chosen, targets.application)
                if known is None:
                    raise
                away, key = error, known
            with journal(chosen, targets.application, key, tell) as kept:
                if kept is not None and away is not None:
                    kept.lost(away)
                blobs = Blobs(chosen.blob_place, chosen.s3_endpoint)
                yield Store(database, key, blobs, chosen.max_document, kept)
    finally:
        targets.close()


def ready(targets: Targets, tell: Callable[[str], None] | None = None) -> None:
    """The embedded server's schema is brought up to date; anybody else's is only looked at.

    Raises:
        Unavailable: The schema is older or newer than this program.
    """
    if targets.server is not None:
        schema.create_database(targets.owner)
        if not schema.status(targets.owner).current:
            schema.upgrade(targets.owner, tell=tell)
        return
    found = schema.status(targets.application)
    if found.unknown:
        raise schema.newer(found)
    if not found.current:
        raise Unavailable(
            f"the database at {targets.application.where} has schema version {found.found or 'none'}, "
            f"and this program wants {found.newest}",
            safe="nothing was changed",
            remedy="run: arraigo db upgrade",
        )
