"""What belongs to no single user: which identifiers are known, and whose a thread is.

Kept as state of a user of the integration's own. No SQL looks past row-level security: who reads a thread that was
shared does it in its owner's name, and only the data layer decides that (docs/decisions).
"""

from contextlib import suppress
from uuid import UUID

import arraigo
from arraigo.errors import Unavailable
from arraigo.integrations.people import People

_USERS = "users"
_THREADS = "threads"


class Directory:
    """The integration's own notes.

    Args:
        people: Where the integration's own user comes from.
        provider: Who vouches for identifiers; those of two providers are two people.
    """

    def __init__(self, people: People, provider: str | None) -> None:
        self._people = people
        self._name = f"chainlit {provider}" if provider else "chainlit"

    async def knows(self, identifier: str) -> bool:
        """Whether somebody has signed in under this identifier."""
        return await (await self._house()).state.get(_USERS, identifier, default=False) is True

    async def note_user(self, identifier: str) -> None:
        """Somebody has."""
        await (await self._house()).state.set(_USERS, identifier, value=True)

    async def note_thread(self, thread_id: str, owner: UUID) -> None:
        """Whose a thread is; it stays the first one's, whoever names it later.

        While the database is away it is left out; a thread that is shared is noted then.
        """
        with suppress(Unavailable):
            await (await self._house()).state.compare_and_set(_THREADS, thread_id, None, str(owner))

    async def owner_of(self, thread_id: str) -> arraigo.UserStore | None:
        """The user whose thread this is."""
        found = await (await self._house()).state.get(_THREADS, thread_id)
        return None if found is None else (await self._people.store()).for_user(UUID(found))

    async def forget_thread(self, thread_id: str, owner: UUID) -> None:
        """It is gone."""
        state = (await self._house()).state
        found = await state.entry(_THREADS, thread_id)
        if found is not None and found.value == str(owner):
            await state.delete(_THREADS, thread_id, expected_version=found.version)

    async def guest(self) -> arraigo.UserStore:
        """Whose the threads of those are who have not signed in: they can be written, and are listed for nobody."""
        return await self._people.house("chainlit, without a user")

    async def _house(self) -> arraigo.UserStore:
        return await self._people.house(self._name)
