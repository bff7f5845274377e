"""Pure: a checkpoint as the rows that it is kept in, and the rows as the checkpoint again.

A value stands in a piece named by its channel and version, and every checkpoint with that version has it; a list that
is longer than a chunk stands in a tree of pieces. What is small enough to be no more than a name stands in the
checkpoint itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple, cast
from uuid import UUID

from langgraph.checkpoint.base import ChannelVersions, Checkpoint, writes_sort_key
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.types import _DeltaSnapshot

from arraigo.integrations.langgraph.pieces import Blob, Piece, Tree, read

_INLINE = 64  # characters
_LIST, _SNAPSHOT = "list", "snapshot"  # what a tree is the value of


@dataclass(frozen=True)
class Place:
    """Which checkpoint of which thread; without an id the newest one."""

    thread: str
    namespace: str
    id: str | None = None


class Write(NamedTuple):
    """What a task wrote to a channel."""

    task_id: str
    task_path: str
    place: int
    channel: str
    blob: Blob


@dataclass(frozen=True)
class Saved:
    """A checkpoint as it was read.

    Attributes:
        thread: The thread's name.
        pieces: Those of its thread, its own among them.
        writes: What was written on top of it, in the order in which it was done.
    """

    thread: str
    namespace: str
    id: str
    parent_id: str | None
    blob: Blob
    metadata: dict[str, Any]
    pieces: Mapping[UUID, Piece] = field(repr=False)
    writes: Sequence[Write] = field(repr=False)


class Draft:
    """A checkpoint on its way in.

    Args:
        serde: LangGraph's serialiser.
        namespace: The checkpoint's.
        checkpoint: What to keep.
        new: The versions of the channels that have changed: their values are kept, the others are kept already.

    Attributes:
        blob: The checkpoint without the values that stand in pieces.
        names: The pieces with its values.
    """

    def __init__(self, serde: SerializerProtocol, namespace: str, checkpoint: Checkpoint, new: ChannelVersions) -> None:
        values = checkpoint["channel_values"]
        inline = {channel: value for channel, value in values.items() if _is_small(value)}
        self.blob = serde.dumps_typed({**checkpoint, "channel_values": inline})
        versions = checkpoint["channel_versions"]
        self.names = [name_of(namespace, channel, versions[channel]) for channel in versions if channel not in inline]
        self._trees: list[Tree] = []
        self._values: dict[UUID, Piece] = {}
        for channel, version in new.items():
            if channel in values and channel not in inline:
                self._values[name_of(namespace, channel, version)] = self._value(serde, values[channel])

    def _value(self, serde: SerializerProtocol, value: Any) -> Piece:
        kind, inner = (_SNAPSHOT, value.value) if type(value) is _DeltaSnapshot else (_LIST, value)
        # Encrypted twice, the same thing is not the same: nothing could be shared.
        if type(inner) is list and not isinstance(serde, EncryptedSerializer):
            tree = Tree(inner, serde.dumps_typed)
            if not tree.is_one_chunk:
                self._trees.append(tree)
                return Piece(kind, None, tree.top)
        return Piece(*serde.dumps_typed(value))

    def likely(self) -> dict[UUID, Piece]:
        """The new values, with those pieces of lists that are new when something was appended to them."""
        found = dict(self._values)
        for tree in self._trees:
            found |= tree.likely()
        return found

    def below(self, names: Iterable[UUID]) -> dict[UUID, Piece]:
        """These pieces of the new values, and all below them."""
        found: dict[UUID, Piece] = {}
        wanted = list(names)
        for tree in self._trees:
            found |= tree.below(wanted)
        return found


def name_of(namespace: str, channel: str, version: float | str) -> UUID:
    """What the piece with a channel's value of this version is called."""
    text = repr((namespace, channel, version)).encode()
    return UUID(bytes=blake2b(text, digest_size=16, person=b"value").digest())


def checkpoint_of(serde: SerializerProtocol, saved: Saved) -> Checkpoint:
    """The checkpoint with its values."""
    checkpoint = cast("Checkpoint", serde.loads_typed(saved.blob))
    values = {}
    for channel, version in checkpoint["channel_versions"].items():
        name = name_of(saved.namespace, channel, version)
        if name in saved.pieces:
            values[channel] = value_of(serde, name, saved.pieces)
    return {**checkpoint, "channel_values": values | checkpoint["channel_values"]}


def value_of(serde: SerializerProtocol, name: UUID, pieces: Mapping[UUID, Piece]) -> Any:
    """The value that a piece is, or that it is the top of."""
    piece = pieces[name]
    if piece.body is not None:
        return serde.loads_typed((piece.type, piece.body))
    value = read(piece.children or (), pieces, serde.loads_typed)
    return _DeltaSnapshot(value) if piece.type == _SNAPSHOT else value


def pending(serde: SerializerProtocol, writes: Iterable[Write]) -> list[tuple[str, str, Any]]:
    """Writes as LangGraph wants them."""
    return [(write.task_id, write.channel, serde.loads_typed(write.blob)) for write in writes]


def in_order(writes: Iterable[Write]) -> list[Write]:
    """Writes on top of one checkpoint in the order in which LangGraph does them."""
    return sorted(writes, key=lambda write: writes_sort_key(write.task_path, write.task_id, write.place))


def _is_small(value: Any) -> bool:
    return value is None or type(value) in {bool, int, float} or (type(value) is str and len(value) <= _INLINE)
