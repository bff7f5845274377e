"""LangGraph's checkpointer, for graphs without asyncio."""

import asyncio
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
from arraigo.integrations.langgraph.rows import Draft, Place
from arraigo.integrations.langgraph.sync.threads import Threads
from arraigo.sync import UserStore


class ArraigoSaver(Saver):
    """Keeps the threads of one user.

    A step costs the same on a thread of a thousand messages as on one of ten: lists are kept in pieces that versions
    share. A graph that is run with asyncio can use it too, through threads; `AsyncArraigoSaver` does without them.

    Args:
        me: Whose threads: `store.as_user("ana")` of `arraigo.sync.open()`. Nobody else sees them.
        serde: What serialises values; LangGraph's own, when not given. With an encrypting one nothing can be shared.
    """

    def __init__(self, me: UserStore, *, serde: SerializerProtocol | None = None) -> None:
        super().__init__(serde=serde)
        self._threads = Threads(me)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the newest one of its thread."""
        saved = self._threads.get(place_of(config))
        return None if saved is None else self._tuple(saved)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """The newest first; without a config of all threads."""
        thread, namespace, id_ = searched(config)
        end = None if before is None else get_checkpoint_id(before)
        for page in self._threads.pages(thread, namespace, id=id_, before=end, filter=filter or {}, limit=limit):
            for saved in page:
                yield self._tuple(saved)

    def put(
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
        self._threads.put(place, parent.id, draft, dict(get_serializable_checkpoint_metadata(config, metadata)))
        return config_of(place.thread, place.namespace, checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a task wrote on top of a checkpoint; a second time changes nothing."""
        self._threads.put_writes(place_of(config), self._writes(writes, task_id, task_path), replace=replaces(writes))

    def delete_thread(self, thread_id: str) -> None:
        """Delete a thread with everything in it."""
        self._threads.delete([str(thread_id)])

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Delete the checkpoints of these runs.

        Raises:
            Conflict: Later checkpoints are rebuilt from them, by a DeltaChannel; nothing is deleted.
        """
        self._threads.forget_runs(list(map(str, run_ids)))

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy everything of a thread to another one."""
        self._threads.copy(str(source_thread_id), str(target_thread_id))

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Delete all but the newest checkpoint of every namespace of these threads, or everything.

        What the newest one is rebuilt from, by a DeltaChannel, is kept.

        Raises:
            TypeError: One name instead of a sequence of names.
            ValueError: A strategy that is neither "keep_latest" nor "delete".
        """
        names = to_prune(thread_ids, strategy)
        if strategy == "delete":
            self._threads.delete(names)
            return
        for name in names:
            self._threads.keep_latest(name, self.serde.loads_typed)

    def get_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """What the values of channels that keep changes are rebuilt from."""
        if not channels:
            return {}
        return self._history(*self._threads.history(place_of(config), channels, self.serde.loads_typed))

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """`get_tuple`, in a thread."""
        return await asyncio.to_thread(self.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """`list`, in a thread."""
        found = self.list(config, filter=filter, before=before, limit=limit)
        while (one := await asyncio.to_thread(next, found, None)) is not None:
            yield one

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """`put`, in a thread."""
        return await asyncio.to_thread(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """`put_writes`, in a thread."""
        await asyncio.to_thread(self.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """`delete_thread`, in a thread."""
        await asyncio.to_thread(self.delete_thread, thread_id)

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """`delete_for_runs`, in a thread."""
        await asyncio.to_thread(self.delete_for_runs, run_ids)

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """`copy_thread`, in a thread."""
        await asyncio.to_thread(self.copy_thread, source_thread_id, target_thread_id)

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """`prune`, in a thread."""
        await asyncio.to_thread(self.prune, thread_ids, strategy=strategy)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        """`get_delta_channel_history`, in a thread."""
        return await asyncio.to_thread(self.get_delta_channel_history, config=config, channels=channels)
