"""Pure: what both checkpointers say in the same way."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
    get_checkpoint_id,
)

from arraigo.errors import InvalidInput
from arraigo.integrations.langgraph.lineage import Lineage
from arraigo.integrations.langgraph.pieces import Piece
from arraigo.integrations.langgraph.rows import Place, Saved, Write, checkpoint_of, pending, value_of

_RANDOM_BITS = 40
STRATEGIES = ("keep_latest", "delete")


class Saver(BaseCheckpointSaver[Any]):
    """What needs no database."""

    def get_next_version(self, current: float | str | None, channel: None) -> int | str:  # noqa: ARG002
        """The version that follows: a step's number with chance behind it, so that no two branches have the same one.

        A thread that came from a saver whose versions are texts goes on with texts.
        """
        chance = secrets.randbits(_RANDOM_BITS)
        if isinstance(current, str):
            return f"{int(current.split('.')[0]) + 1:032}.{chance:016}"
        return ((int(current or 0) >> _RANDOM_BITS) + 1) << _RANDOM_BITS | chance

    def _tuple(self, saved: Saved) -> CheckpointTuple:
        return CheckpointTuple(
            config_of(saved.thread, saved.namespace, saved.id),
            checkpoint_of(self.serde, saved),
            cast("CheckpointMetadata", saved.metadata),
            None if saved.parent_id is None else config_of(saved.thread, saved.namespace, saved.parent_id),
            pending(self.serde, saved.writes),
        )

    def _writes(self, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str) -> list[Write]:
        return [
            Write(task_id, task_path, WRITES_IDX_MAP.get(channel, place), channel, self.serde.dumps_typed(value))
            for place, (channel, value) in enumerate(writes)
        ]

    def _history(
        self,
        lineage: Lineage,
        pieces: Mapping[UUID, Piece],
        writes: Mapping[tuple[str, str], Sequence[Write]],
    ) -> dict[str, DeltaChannelHistory]:
        found: dict[str, DeltaChannelHistory] = {}
        for channel, chain in lineage.chains.items():
            kept = [write for id_ in reversed(chain) for write in writes.get((id_, channel), ())]
            found[channel] = {"writes": pending(self.serde, kept)}
            if seed := lineage.seeds.get(channel):
                found[channel]["seed"] = seed.value if seed.piece is None else value_of(self.serde, seed.piece, pieces)
        return found


def place_of(config: RunnableConfig) -> Place:
    """Which checkpoint a config names.

    Raises:
        InvalidInput: It names no thread.
    """
    named = config.get("configurable", {})
    if "thread_id" not in named:
        raise InvalidInput(
            "the config names no thread", remedy='give {"configurable": {"thread_id": "…"}} to whatever runs the graph'
        )
    return Place(str(named["thread_id"]), named.get("checkpoint_ns", ""), get_checkpoint_id(config) or None)


def searched(config: RunnableConfig | None) -> tuple[str | None, str | None, str | None]:
    """The thread, namespace and id that a listing is about; None: all of them."""
    if config is None:
        return None, None, None
    place = place_of(config)
    return place.thread, config["configurable"].get("checkpoint_ns"), place.id


def config_of(thread: str, namespace: str, id_: str) -> RunnableConfig:
    """The config that names a checkpoint."""
    return {"configurable": {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": id_}}


def replaces(writes: Sequence[tuple[str, Any]]) -> bool:
    """Whether these writes take the place of those before: errors, interrupts and the like."""
    return all(channel in WRITES_IDX_MAP for channel, _ in writes)


def to_prune(thread_ids: Sequence[str], strategy: str) -> list[str]:
    """The threads to prune, each once.

    Raises:
        TypeError: One name instead of a sequence of names: its letters would be taken for threads.
        ValueError: There is no such strategy.
    """
    if isinstance(thread_ids, str):
        raise TypeError("thread_ids is one thread's name, not a str each in a sequence")
    if strategy not in STRATEGIES:
        raise ValueError(f"there is no strategy {strategy!r:.60}; there are {' and '.join(STRATEGIES)}")
    return list(dict.fromkeys(map(str, thread_ids)))
