"""What every part of a user's store shares: the database, who is asking, and finding what a caller names."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from arraigo.errors import AccessDenied, NotFound
from arraigo.postgres.database import AsyncDatabase
from arraigo.postgres.queries import load
from arraigo.store.context import Ref, candidates
from arraigo.store.types import User

T = TypeVar("T")
QUERIES = load("arraigo.store")


class Access:
    """The database in one user's name.

    Args:
        database: Where the user's things are.
        key: The installation's key for derived ids.
        sign_in: Finds or makes the user; asked once, at the first use.
        identity: The user's id, when it is known already.
    """

    def __init__(
        self,
        database: AsyncDatabase,
        key: bytes,
        sign_in: Callable[[], Awaitable[User]],
        identity: UUID | None = None,
    ) -> None:
        self.database = database
        self.key = key
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

    def find(self, ref: Ref, act: Callable[[UUID], Awaitable[T]]) -> Awaitable[T]:
        """Act on the conversation that `ref` names; what looks like an id may be the owner's own name for it.

        Raises:
            NotFound: None of the ids it may mean is there.
        """
        if isinstance(ref, UUID):
            return act(ref)
        return self._search(ref, act)

    async def _search(self, ref: str, act: Callable[[UUID], Awaitable[T]]) -> T:
        for candidate in candidates(self.key, await self.identity(), ref):
            try:
                return await act(candidate)
            except NotFound:
                continue
        raise NotFound(f"there is no conversation {str(ref)!r:.80}")
