"""Pure: where a channel's value comes from when a checkpoint does not have it.

A DeltaChannel keeps what changed, with a whole value now and then: its value is that of the nearest ancestor that has
one, with everything that was written from there on.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from langgraph.checkpoint.base import Checkpoint

from arraigo.integrations.langgraph.rows import name_of


class Seed(NamedTuple):
    """The value to begin with: a piece, or without one the value itself."""

    piece: UUID | None
    value: Any = None


class Lineage:
    """The way back from a checkpoint, for some channels at once.

    Args:
        namespace: The checkpoint's.
        channels: Whose values are looked for.

    Attributes:
        seeds: What was found.
        chains: For each channel the checkpoints that its writes are needed of, the newest first.
        visited: All of them.
    """

    def __init__(self, namespace: str, channels: Iterable[str]) -> None:
        self._namespace = namespace
        self.seeds: dict[str, Seed] = {}
        self.chains: dict[str, list[str]] = {channel: [] for channel in channels}
        self.visited: dict[str, None] = {}

    @property
    def wanted(self) -> list[str]:
        """The channels whose values have not been found yet."""
        return [channel for channel in self.chains if channel not in self.seeds]

    def visit(self, checkpoint: Checkpoint, there: Collection[UUID]) -> None:
        """Look at the next ancestor: the checkpoint without what stands in pieces, and the pieces that are there."""
        self.visited[checkpoint["id"]] = None
        for channel in self.wanted:
            self.chains[channel].append(checkpoint["id"])
        self.look(checkpoint, there)

    def look(self, checkpoint: Checkpoint, there: Collection[UUID]) -> None:
        """The same, where nothing that was written on top of it counts."""
        for channel in self.wanted:
            value = checkpoint["channel_values"].get(channel)
            version = checkpoint["channel_versions"].get(channel)
            if value is not None:
                self.seeds[channel] = Seed(None, value)
            elif version is not None and (name := name_of(self._namespace, channel, version)) in there:
                self.seeds[channel] = Seed(name)
