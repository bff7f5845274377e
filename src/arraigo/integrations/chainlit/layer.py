"""Chainlit's `BaseDataLayer`: a thread is a conversation, a step is a message."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from chainlit.data.base import BaseDataLayer
from chainlit.data.storage_clients.base import BaseStorageClient
from chainlit.data.utils import queue_until_user_message
from chainlit.element import Element, ElementDict
from chainlit.logger import logger
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from arraigo.errors import AccessDenied, InvalidInput, NotFound
from arraigo.integrations.chainlit import steps
from arraigo.integrations.chainlit.caller import caller, current_thread, remember
from arraigo.integrations.chainlit.directory import Directory
from arraigo.integrations.chainlit.storage import ObstoreStorage
from arraigo.integrations.chainlit.thread import Thread
from arraigo.integrations.chainlit.threads import Threads
from arraigo.integrations.cleaning import storable
from arraigo.integrations.people import People
from arraigo.settings import load
from arraigo.store import Store, UserStore

_MOST_SEEN = 10_000
_NAMESPACE, _USER = "chainlit", "user"  # where a user's own state has what Chainlit knows of them


class Who(NamedTuple):
    """In whose name something is done; without an identifier: whoever has not signed in."""

    user: UserStore
    identifier: str | None


class ArraigoDataLayer(BaseDataLayer):
    """Chats that outlive the process, each visible to its own user like any other conversation.

    Args:
        store: An open store; without one, the environment's is opened at the first use, and closed by `close`.
        storage: Where the files of elements are; a folder in ARRAIGO_HOME, when not given.
        provider: Who vouches for the users' identifiers; without it they are the store's local users.
    """

    def __init__(
        self, store: Store | None = None, *, storage: BaseStorageClient | None = None, provider: str | None = None
    ) -> None:
        self._people = People(store, provider)
        self._directory = Directory(self._people, provider)
        self._storage = storage
        # Chainlit writes each step in a task of its own; what is asked for first is written first.
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._seen: set[UUID] = set()  # threads that are there, as far as this process knows

    # ---- users

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """The user of this identifier; None where nobody has signed in under it."""
        if not await self._directory.knows(identifier):
            return None
        remember(identifier)
        return await self._persisted(identifier)

    async def create_user(self, user: User) -> PersistedUser | None:
        """Make a user, or bring what is known of one up to date."""
        handle = await self._people.user(user.identifier)
        known = {"identifier": user.identifier, "display_name": user.display_name, "metadata": user.metadata}
        await handle.state.update(_NAMESPACE, _USER, storable(known))
        await self._directory.note_user(user.identifier)
        remember(user.identifier)
        return await self._persisted(user.identifier)

    async def _persisted(self, identifier: str) -> PersistedUser | None:
        handle = await self._people.user(identifier)
        found = await handle.state.entry(_NAMESPACE, _USER)
        if found is None:
            return None
        return PersistedUser(
            id=str(await handle.id()),
            createdAt=found.created_at.isoformat(),
            identifier=identifier,
            display_name=found.value.get("display_name"),
            metadata=found.value.get("metadata") or {},
        )

    async def _who(self, user_id: str | None = None) -> Who:
        """In whose name: the caller's; where there is none, the user's whom the program itself names.

        Raises:
            AccessDenied: The caller names somebody else.
        """
        name = caller()
        if name is not None:
            who = Who(await self._people.user(name), name)
        elif user_id is not None:
            who = await self._named(user_id)
        else:
            return Who(await self._directory.guest(), None)
        if user_id is not None and str(await who.user.id()) != user_id:
            raise AccessDenied("this is somebody else's", safe="nothing was read or changed")
        return who

    async def _named(self, user_id: str) -> Who:
        try:
            user = (await self._people.store()).for_user(UUID(user_id))
        except ValueError:
            raise InvalidInput(f"{user_id!r:.60} is no user's id") from None
        known = await user.state.get(_NAMESPACE, _USER, default={})
        return Who(user, known.get("identifier"))

    # ---- threads

    async def get_thread_author(self, thread_id: str) -> str:
        """The caller's identifier, if the thread is the caller's; else nothing, which Chainlit answers with 404."""
        who = await self._who()
        found = await self._thread(who.user, thread_id)
        return who.identifier or "" if await found.exists() else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """A thread of the caller's, or one that its author shares."""
        who = await self._who()
        found = await (await self._thread(who.user, thread_id)).read(str(await who.user.id()), who.identifier)
        if found is None:
            owner = await self._directory.owner_of(thread_id)
            if owner is None or await owner.id() == await who.user.id():
                return None
            known = await owner.state.get(_NAMESPACE, _USER, default={})
            theirs = await self._thread(owner, thread_id)
            found = await theirs.read(str(await owner.id()), known.get("identifier"), shared=True)
        if found is not None:
            for element in found["elements"] or []:
                await self._with_address(element)
        return found

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """A user's threads, the newest activity first, without their steps."""
        if filters.userId is None and caller() is None:
            raise InvalidInput("no user is named, and nobody has signed in", remedy="filter by userId")
        who = await self._who(filters.userId)
        user_id = str(await who.user.id())
        found = await who.user.part(Threads).page(
            search=filters.search or None,
            feedback=filters.feedback,
            cursor=pagination.cursor,
            limit=pagination.first + 1,
        )
        page = found[: pagination.first]
        return PaginatedResponse(
            pageInfo=PageInfo(
                hasNextPage=len(found) > len(page),
                startCursor=page[0].cursor if page else None,
                endCursor=page[-1].cursor if page else None,
            ),
            data=[
                ThreadDict(
                    id=row.external_id,
                    createdAt=row.created_at.isoformat(),
                    name=row.title or None,
                    userId=user_id,
                    userIdentifier=who.identifier,
                    tags=row.metadata["chainlit"].get("tags"),
                    metadata=row.metadata["chainlit"].get("metadata") or {},
                    steps=[],
                    elements=[],
                )
                for row in page
            ],
        )

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Make a thread, or change what is named of it; a field of the metadata that is None goes.

        Raises:
            AccessDenied: It is to be somebody else's.
        """
        who = await self._who(user_id)
        thread = await self._thread(who.user, thread_id)
        async with self._lock(thread):
            made = await thread.update(name, metadata, tags)
            if made or (metadata or {}).get("is_shared"):
                await self._directory.note_thread(thread_id, await who.user.id())

    async def delete_thread(self, thread_id: str) -> None:
        """Delete a thread of the caller's with all that hangs on it, files included."""
        who = await self._who()
        thread = await self._thread(who.user, thread_id)
        keys = await thread.files()
        if await thread.delete():
            await self._directory.forget_thread(thread_id, await who.user.id())
            await self._delete_files(keys)

    async def _thread(self, user: UserStore, thread_id: str) -> Thread:
        return Thread(user, thread_id, await user.part(Threads).id(thread_id))

    def _lock(self, thread: Thread) -> asyncio.Lock:
        return self._locks.get(thread.id) or self._locks.setdefault(thread.id, asyncio.Lock())

    async def _in(self, thread: Thread, act: Callable[[], Awaitable[None]]) -> None:
        """Do something in a thread, which is made where there is none.

        Looked for once, before anything is written into it: while the database is away nobody can say it is missing.
        """
        async with self._lock(thread):
            for again in (False, True):
                if again or thread.id not in self._seen:
                    if await thread.update(None, None, None):
                        await self._directory.note_thread(thread.thread_id, await thread.user.id())
                    if len(self._seen) >= _MOST_SEEN:
                        self._seen.clear()
                    self._seen.add(thread.id)
                try:
                    return await act()
                except NotFound:
                    if again:
                        raise
        raise AssertionError("unreachable")

    # ---- steps

    @queue_until_user_message()
    async def create_step(self, step_dict: StepDict) -> None:
        """Keep a step; its thread is made where there is none."""
        await self._keep(step_dict, first=True)

    @queue_until_user_message()
    async def update_step(self, step_dict: StepDict) -> None:
        """Change a step: what it said before is kept as a revision of its message."""
        await self._keep(step_dict, first=False)

    async def _keep(self, step_dict: StepDict, *, first: bool) -> None:
        who = await self._who()
        thread = await self._thread(who.user, step_dict.get("threadId") or current_thread() or "")
        step = steps.clean(cast("steps.Step", step_dict))
        await self._in(thread, lambda: thread.keep(step, first=first))

    @queue_until_user_message()
    async def delete_step(self, step_id: str) -> None:
        """Delete a step of the caller's with its elements and feedback; nothing where there is none."""
        who = await self._who()
        thread = await self._of_step(who.user, step_id, current_thread())
        if thread is not None:
            async with self._lock(thread):
                await self._delete_files(await thread.delete_step(step_id))

    async def _of_step(self, user: UserStore, step_id: str, thread_id: str | None) -> Thread | None:
        """The thread of the user's that has this step; most likely this one."""
        if thread_id is not None:
            thread = await self._thread(user, thread_id)
            if await thread.has(step_id):
                return thread
        found = await user.part(Threads).of_step(step_id, steps.uuid_of(step_id))
        return None if found is None else Thread(user, "", found)

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """A user's favorite steps, the last to become one first."""
        who = await self._who(user_id)
        return [
            steps.shown(steps.step_of(found.message, found.whole), found.thread_id, None)
            for found in await who.user.part(Threads).favorites()
        ]

    # ---- feedback

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep what somebody thinks of a step of a thread of theirs; the feedback's id.

        Slack, which says in which thread but not who, gives it in the name of the thread's owner.

        Raises:
            NotFound: The caller has no such step.
        """
        who = await self._who()
        if who.identifier is None and feedback.threadId:
            owner = await self._directory.owner_of(feedback.threadId)
            who = who if owner is None else Who(owner, None)
        thread = await self._of_step(who.user, feedback.forId, feedback.threadId or current_thread())
        if thread is None:
            raise NotFound(f"there is no step {feedback.forId!r:.80}", safe="the feedback was not kept")
        id_: str = feedback.id or str(uuid4())
        value = {"id": id_, "forId": feedback.forId, "value": feedback.value, "comment": feedback.comment}
        await thread.parts.put(thread.id, "feedback", id_, storable(value), feedback.forId)
        return id_

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Delete feedback of the caller's; False where there is none."""
        who = await self._who()
        return bool(await who.user.part(Threads).delete("feedback", feedback_id))

    # ---- elements

    @queue_until_user_message()
    async def create_element(self, element: Element) -> None:
        """Keep an element, and its file in the storage; one that belongs to no step is left out."""
        if not element.for_id:
            return
        who = await self._who()
        thread = await self._thread(who.user, element.thread_id or current_thread() or "")
        value = storable(dict(element.to_dict()))
        content = await _content(element)
        if content is not None:
            key = f"chainlit/{await who.user.id()}/{thread.id}/{steps.uuid_of(element.id)}"
            made = await self._files().upload_file(key, content, mime=element.mime or "application/octet-stream")
            if not made:
                raise InvalidInput(f"the storage has not taken the file of element {element.id!r:.80}")
            value |= {"objectKey": made.get("object_key") or key, "url": made.get("url")}
        await self._in(thread, lambda: thread.parts.put(thread.id, "element", element.id, value, element.for_id))

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """An element of a thread of the caller's."""
        who = await self._who()
        thread = await self._thread(who.user, thread_id)
        found = await thread.parts.part(thread.id, "element", element_id)
        return None if found is None else await self._with_address(cast("ElementDict", found.value))

    @queue_until_user_message()
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Delete an element of the caller's with its file; nothing where there is none."""
        who = await self._who()
        rows = who.user.part(Threads)
        gone = await rows.delete("element", element_id, await rows.id(thread_id) if thread_id else None)
        await self._delete_files([part.value["objectKey"] for part in gone if part.value.get("objectKey")])

    def _files(self) -> BaseStorageClient:
        if self._storage is None:
            self._storage = ObstoreStorage(load().home / "chainlit")
        return self._storage

    async def _with_address(self, element: ElementDict) -> ElementDict:
        key = element.get("objectKey")
        if key:
            try:
                element["url"] = await self._files().get_read_url(key)
            except Exception as error:  # noqa: BLE001 - a storage client may raise anything; the thread is readable
                logger.warning("the file of element %s cannot be read: %s", element["id"], error)
        return element

    async def _delete_files(self, keys: list[str]) -> None:
        for key in keys:
            await self._files().delete_file(key)

    # ---- the rest

    async def build_debug_url(self) -> str:
        """None: there is no page about a thread yet."""
        return ""

    async def close(self) -> None:
        """Close the storage, and the store if it was opened here."""
        if self._storage is not None:
            await self._storage.close()
        await self._people.close()


async def _content(element: Element) -> bytes | str | None:
    """What is to be stored of an element; nothing of one that is elsewhere, or made of its properties."""
    if element.type == "custom":
        return None
    if element.path:
        return await asyncio.to_thread(Path(element.path).read_bytes)
    return element.content or None
