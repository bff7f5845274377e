"""LangGraph's checkpointer, for graphs that are run with asyncio."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
    get_checkpoint_id,
    get_serializable_checkpoint_metadata,
)
from langgraph.checkpoint.serde.base import SerializerProtocol

from arraigo.integrations.langgraph.common import Saver, config_of, place_of, replaces, searched, to_prune
from arraigo.integrations.langgraph.on_loop import OnLoop
from arraigo.integrations.langgraph.rows import Draft, Place
from arraigo.integrations.langgraph.threads import AsyncThreads
from arraigo.store import UserStore


class AsyncArraigoSaver(Saver):
    """Keeps the threads of one user; made within the event loop that it is used in.

    A step costs the same on a thread of a thousand messages as on one of ten: lists are kept in pieces that versions
    share. The methods without await can be called from other threads, as nodes without await do.

    Args:
        me: Whose threads: `store.as_user("ana")`. Nobody else sees them.
        serde: What serialises values; LangGraph's own, when not given. With an encrypting one nothing can be shared.
    """

    def __init__(self, me: UserStore, *, serde: SerializerProtocol | None = None) -> None:
        super().__init__(serde=serde)
        self._threads = AsyncThreads(me)
        self._loop = OnLoop()

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the newest one of its thread."""
        saved = await self._threads.get(place_of(config))
        return None if saved is None else self._tuple(saved)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """The newest first; without a config of all threads."""
        thread, namespace, id_ = searched(config)
        end = None if before is None else get_checkpoint_id(before)
        pages = self._threads.pages(thread, namespace, id=id_, before=end, filter=filter or {}, limit=limit)
        async for page in pages:
            for saved in page:
                yield self._tuple(saved)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint, as a whole or not at all; the config that names it."""
        parent = place_of(config)
        place = Place(parent.thread, parent.namespace, checkpoint["id"])
        draft = Draft(self.serde, place.namespace, checkpoint, new_versions)
        await self._threads.put(place, parent.id, draft, dict(get_serializable_checkpoint_metadata(config, metadata)))
        return config_of(place.thread, place.namespace, checkpoint["id"])

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a task wrote on top of a checkpoint; a second time changes nothing."""
        kept = self._writes(writes, task_id, task_path)
        await self._threads.put_writes(place_of(config), kept, replace=replaces(writes))

    async def adelete_thread(self, thread_id: str) -> None:
        """Delete a thread with everything in it."""
        await self._threads.delete([str(thread_id)])

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete the checkpoints of these runs.

        Raises:
            Conflict: Later checkpoints are rebuilt from them, by a DeltaChannel; nothing is deleted.
        """
        await self._threads.forget_runs(list(map(str, run_ids)))

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy everything of a thread to another one."""
        await self._threads.copy(str(source_thread_id), str(target_thread_id))

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Delete all but the newest checkpoint of every namespace of these threads, or everything.

        What the newest one is rebuilt from, by a DeltaChannel, is kept.

        Raises:
            TypeError: One name instead of a sequence of names.
            ValueError: A strategy that is neither "keep_latest" nor "delete".
        """
        names = to_prune(thread_ids, strategy)
        if strategy == "delete":
            await self._threads.delete(names)
            return
        for name in names:
            await self._threads.keep_latest(name, self.serde.loads_typed)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """What the values of channels that keep changes are rebuilt from."""
        if not channels:
            return {}
        return self._history(*await self._threads.history(place_of(config), channels, self.serde.loads_typed))

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """`aget_tuple`, from another thread."""
        return self._loop.run(self.aget_tuple(config))

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """`alist`, from another thread."""
        return self._loop.each(self.alist(config, filter=filter, before=before, limit=limit))

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """`aput`, from another thread."""
        return self._loop.run(self.aput(config, checkpoint, metadata, new_versions))

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """`aput_writes`, from another thread."""
        self._loop.run(self.aput_writes(config, writes, task_id, task_path))

    def delete_thread(self, thread_id: str) -> None:
        """`adelete_thread`, from another thread."""
        self._loop.run(self.adelete_thread(thread_id))

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        """`adelete_for_runs`, from another thread."""
        self._loop.run(self.adelete_for_runs(run_ids))

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """`acopy_thread`, from another thread."""
        self._loop.run(self.acopy_thread(source_thread_id, target_thread_id))

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """`aprune`, from another thread."""
        self._loop.run(self.aprune(thread_ids, strategy=strategy))

    def get_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """`aget_delta_channel_history`, from another thread."""
        return self._loop.run(self.aget_delta_channel_history(config=config, channels=channels))
