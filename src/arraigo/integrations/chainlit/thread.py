"""One thread of one user: a conversation with messages, and what hangs on it."""

from typing import Any, cast
from uuid import UUID

from chainlit.element import ElementDict
from chainlit.types import FeedbackDict, ThreadDict

from arraigo.errors import Conflict, NotFound, Unavailable
from arraigo.integrations.chainlit import steps
from arraigo.integrations.chainlit.steps import Step
from arraigo.integrations.chainlit.threads import Part, Threads
from arraigo.integrations.cleaning import storable
from arraigo.postgres.jsonb import dumps
from arraigo.store import UserStore
from arraigo.store.checks import MAX_LIST
from arraigo.store.types import Conversation, Message

_MOST_TITLE = 500  # characters


class Thread:
    """A thread that may be there or not.

    Args:
        user: Whose.
        thread_id: Chainlit's name for it.
        id: The conversation's.
    """

    def __init__(self, user: UserStore, thread_id: str, id: UUID) -> None:
        self.user = user
        self.thread_id = thread_id
        self.id = id
        self.parts = user.part(Threads)

    async def exists(self) -> bool:
        """Whether it is there."""
        return await self._conversation() is not None

    async def _conversation(self) -> Conversation | None:
        try:
            return await self.user.conversations.get(self.id)
        except NotFound:
            return None

    async def read(self, user_id: str, identifier: str | None, *, shared: bool = False) -> ThreadDict | None:
        """The thread with its steps in their order; None where there is none, or it should be `shared` and is not."""
        found = await self._conversation()
        if found is None:
            return None
        parts = await self.parts.parts(self.id)
        metadata = _metadata(found, parts)
        if shared and metadata.get("is_shared") is not True:
            return None
        return ThreadDict(
            id=self.thread_id,
            createdAt=found.created_at.isoformat(),
            name=found.title or None,
            userId=user_id,
            userIdentifier=identifier,
            tags=found.metadata.get("chainlit", {}).get("tags"),
            metadata=metadata,
            steps=[
                steps.shown(step, self.thread_id, _feedback(parts, str(step["id"])))
                for step in _ordered(await self._messages(), parts)
            ],
            elements=[cast("ElementDict", part.value) for part in parts if part.kind == "element"],
        )

    async def _messages(self) -> list[Message]:
        found: list[Message] = []
        while True:
            page = await self.user.messages.list(self.id, after=len(found), limit=MAX_LIST)  # numbers have no gaps
            found += page
            if len(page) < MAX_LIST:
                return found

    async def update(self, name: str | None, metadata: dict[str, Any] | None, tags: list[str] | None) -> bool:
        """Change what is given, and make the thread where there is none; whether it was made."""
        if name is None and metadata and isinstance(metadata.get("name"), str):
            name = metadata["name"]
        title = None if name is None else storable(name)[:_MOST_TITLE]
        changes = storable(metadata or {})
        try:
            found = await self._conversation()
        except Unavailable:  # and not seen by this process: made in the journal, if there is one
            found = None
        if found is None:
            kept, whole = _thread_metadata({}, changes, tags)
            try:
                await self.user.conversations.create(
                    title=title or "", external_id=self.thread_id, metadata={"chainlit": kept}
                )
            except Conflict:  # another process was quicker
                return False
            if whole is not None:
                await self.parts.put(self.id, "thread", "metadata", whole)
            return True
        if name is None and metadata is None and tags is None:
            return False
        parts = [part] if (part := await self.parts.part(self.id, "thread", "metadata")) else []
        known = found.metadata.get("chainlit", {})
        kept, whole = _thread_metadata(_metadata(found, parts), changes, known.get("tags") if tags is None else tags)
        if whole is not None:
            await self.parts.put(self.id, "thread", "metadata", whole)
        elif parts:
            await self.parts.delete("thread", "metadata", self.id)
        await self.user.conversations.update(
            self.id,
            metadata={**found.metadata, "chainlit": kept},
            **({} if title is None else {"title": title}),
        )
        return False

    async def delete(self) -> bool:
        """Delete it; False where there is none."""
        try:
            await self.user.conversations.delete(self.id)
        except NotFound:
            return False
        return True

    async def files(self) -> list[str]:
        """The storage's keys of its elements' files."""
        return _keys(await self.parts.parts(self.id))

    async def has(self, step_id: str) -> bool:
        """Whether a step of this id is in it."""
        try:
            return (await self.user.messages.get(self.id, steps.uuid_of(step_id))).deleted_at is None
        except NotFound:
            return await self.parts.part(self.id, "run", step_id) is not None

    async def keep(self, step: Step, *, first: bool) -> None:
        """Keep a clean step, new or changed; one that was deleted stays so.

        Raises:
            NotFound: There is no such thread.
        """
        step_id = str(step["id"])
        if first and steps.is_bracket(step):
            await self._keep_unsaid(step_id, step, first=True)
            return
        if first:
            message = steps.kept(step)
            try:
                await self.user.messages.append(self.id, [message.message])
            except Conflict:  # its first update was quicker
                await self._change(await self.user.messages.get(self.id, steps.uuid_of(step_id)), step, first=True)
            else:
                await self._keep_rest(step_id, step, message.whole)
            return
        try:
            found = await self.user.messages.get(self.id, steps.uuid_of(step_id))
        except NotFound:
            await self._keep_unsaid(step_id, step, first=first)
        else:
            await self._change(found, step, first=first)

    async def _keep_unsaid(self, step_id: str, step: Step, *, first: bool) -> None:
        """A step that is no message so far: a bracket, or one whose update comes before it."""
        bracket = await self.parts.part(self.id, "run", step_id)
        whole = steps.merged(bracket.value if bracket else {}, step, first=first)
        if steps.is_bracket(whole):
            await self.parts.put(self.id, "run", step_id, whole)
            return
        message = steps.kept(whole)
        await self.user.messages.append(self.id, [message.message])
        if bracket is not None:
            await self.parts.delete("run", step_id, self.id)
        await self._keep_rest(step_id, whole, message.whole)

    async def _change(self, found: Message, step: Step, *, first: bool) -> None:
        step_id = str(step["id"])
        if found.deleted_at is not None:
            return
        beside = await self.parts.part(self.id, "step", step_id)
        before = steps.step_of(found, beside.value if beside else None)
        after = steps.merged(before, step, first=first)
        if after == before:
            return
        message = steps.kept(after)
        if message.whole is None and beside is not None:
            await self.parts.delete("step", step_id, self.id)
        await self._keep_rest(step_id, after, message.whole)
        try:
            await self.user.messages.edit(
                self.id, found.sequence_number, content=message.message.content, metadata=message.message.metadata
            )
        except Conflict:  # deleted meanwhile
            return

    async def _keep_rest(self, step_id: str, step: Step, whole: Step | None) -> None:
        """What of a step is in no message: all of a large one, and whether it is a favorite."""
        if whole is not None:
            await self.parts.put(self.id, "step", step_id, whole)
        favorite = (step.get("metadata") or {}).get("favorite")
        if favorite:
            await self.parts.put(self.id, "favorite", step_id, {"message": str(steps.uuid_of(step_id))})
        elif favorite is not None:
            await self.parts.delete("favorite", step_id, self.id)

    async def delete_step(self, step_id: str) -> list[str]:
        """Delete a step with what hangs on it; the storage's keys of its files."""
        try:
            found = await self.user.messages.get(self.id, steps.uuid_of(step_id))
            await self.user.messages.delete(self.id, found.sequence_number)
        except (Conflict, NotFound):  # a bracket, or deleted already
            pass
        return _keys(await self.parts.delete_of_step(self.id, step_id))


def _ordered(messages: list[Message], parts: list[Part]) -> list[Step]:
    """The steps by the times they give themselves; of the same time, as they came."""
    large = {part.id: part.value for part in parts if part.kind == "step"}
    found = [(part.created_at, 0, part.value) for part in parts if part.kind == "run"]
    for message in messages:
        if message.deleted_at is None:
            step = steps.step_of(message)
            whole = large.get(str(step["id"]))
            found.append(
                (message.created_at, message.sequence_number, steps.step_of(message, whole) if whole else step)
            )
    return [step for _, _, step in sorted(found, key=lambda row: (steps.moment(row[2], row[0]), row[1]))]


def _metadata(found: Conversation, parts: list[Part]) -> dict[str, Any]:
    whole = next((part.value for part in parts if part.kind == "thread"), None)
    kept: dict[str, Any] = found.metadata.get("chainlit", {}).get("metadata") or {}
    return kept if whole is None else whole


def _thread_metadata(
    old: dict[str, Any], changes: dict[str, Any], tags: list[str] | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What the conversation's metadata keep; and Chainlit's, whole, where they are too large for that."""
    merged = {name: value for name, value in {**old, **changes}.items() if value is not None}
    large = len(dumps(merged).encode()) > steps.LARGE
    return {"metadata": {} if large else merged, "tags": tags}, merged if large else None


def _feedback(parts: list[Part], step_id: str) -> FeedbackDict | None:
    """The last one that was given."""
    found = [part.value for part in parts if part.kind == "feedback" and part.step_id == step_id]
    return cast("FeedbackDict", found[-1]) if found else None


def _keys(parts: list[Part]) -> list[str]:
    return [part.value["objectKey"] for part in parts if part.kind == "element" and part.value.get("objectKey")]
