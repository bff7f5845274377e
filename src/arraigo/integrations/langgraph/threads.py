"""The threads of one user in the database, through the query door."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from arraigo.errors import Conflict, InvalidInput
from arraigo.ids import derived
from arraigo.integrations.langgraph.lineage import Lineage
from arraigo.integrations.langgraph.pieces import Blob, Piece
from arraigo.integrations.langgraph.rows import Draft, Place, Saved, Write, in_order
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import load
from arraigo.store import checks
from arraigo.store.access import Access
from arraigo.store.stores import UserStore

QUERIES = load("arraigo.integrations.langgraph")
_PAGE = 100  # checkpoints in one answer of a listing
_STEPS = 128  # ancestors in one answer
_TRIES = 5
_MAX_METADATA = 1 << 20  # bytes of JSON


class AsyncThreads:
    """Checkpoints and what was written on top of them, by the names of threads.

    Args:
        me: Whose.
    """

    def __init__(self, me: UserStore) -> None:
        self._access = door(me)

    async def put(self, place: Place, parent_id: str | None, draft: Draft, metadata: dict[str, Any]) -> None:
        """Keep a checkpoint: in one step, as a whole, and in one round trip where its lists have grown at their ends.

        Raises:
            InvalidInput: A name is too long, or JSON cannot hold the metadata.
        """
        checks.json_text(metadata, "metadata", most=_MAX_METADATA)
        kind, body = draft.blob
        values = await self._values(place) | {
            "parent": parent_id,
            "type": kind,
            "body": body,
            "metadata": metadata,
            "pieces": draft.names,
        }
        pieces = draft.likely()
        for _ in range(_TRIES):
            found = await self._fetch("put", values | _columns(pieces), list)
            missing: list[UUID] = found[0][0]
            if not missing:
                return
            pieces |= draft.below(missing)
        raise Conflict(
            f"thread {place.thread!r:.80} was cleared up again and again while a checkpoint was being put",
            safe="it was not stored",
            remedy="try again",
        )

    async def put_writes(self, place: Place, writes: Sequence[Write], *, replace: bool) -> None:
        """Keep what a task wrote on top of a checkpoint; what is there already stays, unless told to `replace` it."""
        if not writes:
            return
        values = await self._values(place) | {
            "task": checks.text(writes[0].task_id, "task id", most=255, least=1),
            "path": writes[0].task_path,
            "places": [write.place for write in writes],
            "channels": [write.channel for write in writes],
            "types": [write.blob[0] for write in writes],
            "bodies": [write.blob[1] for write in writes],
        }
        query = QUERIES.replace_writes if replace else QUERIES.add_writes
        asked = [Ask(QUERIES.thread, values, tuple), Ask(query, values, tuple)]
        await self._access.database.fetch_all(asked, identity=values["owner"])

    async def get(self, place: Place) -> Saved | None:
        """A checkpoint with all that belongs to it, in one round trip."""
        values = await self._values(place)
        found = await self._fetch("newest_checkpoint", values, tuple)
        return next(iter(_read(found, {values["thread"]: place.thread})), None)

    async def pages(
        self,
        thread: str | None,
        namespace: str | None,
        *,
        id: str | None = None,
        before: str | None = None,
        filter: Mapping[str, Any],
        limit: int | None,
    ) -> AsyncIterator[list[Saved]]:
        """The checkpoints of a thread, or of all, the newest first."""
        owner = await self._access.identity()
        names = await self._names(owner, thread)
        values = {"owner": owner, "threads": list(names), "namespace": namespace, "id": id, "before": before}
        values |= {"filter": dict(filter), "after_id": None, "after_namespace": None, "after_thread": None}
        left = limit
        while names and (left is None or left > 0):
            size = _PAGE if left is None else min(left, _PAGE)
            rows = await self._fetch("list_checkpoints", values | {"limit": size}, tuple)
            page = _read(rows, names)
            yield page
            if len(page) < size:
                return
            left = None if left is None else left - size
            last = page[-1]
            values |= {
                "after_id": last.id,
                "after_namespace": last.namespace,
                "after_thread": self._thread(owner, last.thread),
            }

    async def history(
        self, place: Place, channels: Sequence[str], load: Callable[[Blob], Any]
    ) -> tuple[Lineage, dict[UUID, Piece], dict[tuple[str, str], list[Write]]]:
        """Where the values of these channels come from: the way back, the pieces to begin with, and the writes.

        The writes are those on top of a checkpoint to a channel, in order.
        """
        values = await self._values(place)
        lineage = Lineage(place.namespace, channels)
        await self._walk(values, lineage, load, itself=False)
        seeds = [seed.piece for seed in lineage.seeds.values() if seed.piece is not None]
        asked: list[Ask[Any]] = [
            Ask(QUERIES.pieces, values | {"ids": seeds}, tuple),
            Ask(QUERIES.writes, values | {"ids": list(lineage.visited), "channels": list(channels)}, tuple),
        ]
        pieces, rows = await self._access.database.fetch_all(asked, identity=values["owner"])
        writes: dict[tuple[str, str], list[Write]] = {}
        for id_, task, path, number, channel, *blob in rows:
            writes.setdefault((id_, channel), []).append(Write(task, path, number, channel, (blob[0], blob[1])))
        return (
            lineage,
            {row[0]: Piece(*row[1:]) for row in pieces},
            {key: in_order(found) for key, found in writes.items()},
        )

    async def delete(self, threads: Collection[str]) -> None:
        """Delete threads with everything in them."""
        owner = await self._access.identity()
        values = {"owner": owner, "threads": [self._thread(owner, thread) for thread in threads]}
        await self._fetch("delete_threads", values, tuple)

    async def forget_runs(self, runs: Collection[str]) -> None:
        """Delete the checkpoints of these runs, with what was written on top of them.

        Raises:
            Conflict: Later checkpoints are rebuilt from them; nothing is deleted.
        """
        owner = await self._access.identity()
        found = await self._fetch("forget_runs", {"owner": owner, "runs": list(runs)}, list)
        if found[0][0]:
            raise Conflict(
                f"later checkpoints of thread {found[0][0][0]!r:.80} are rebuilt from these runs, by a DeltaChannel",
                safe="nothing was deleted",
                remedy="delete the thread as a whole, or these runs together with the later ones",
            )

    async def copy(self, thread: str, target: str) -> None:
        """Copy everything of a thread to another one, which keeps what it has."""
        if thread == target:
            return
        owner = await self._access.identity()
        values = {"owner": owner, "thread": self._thread(owner, thread), "target": self._thread(owner, target)}
        if not await self._fetch("newest_checkpoints", values, tuple):
            return
        locks = [
            Ask(QUERIES.thread, {"thread": id_, "owner": owner, "name": name}, tuple)
            for id_, name in sorted([(values["thread"], thread), (values["target"], target)])
        ]
        copies = [QUERIES.copy_checkpoints, QUERIES.copy_writes, QUERIES.copy_pieces]
        asked = [*locks, *(Ask(query, values, tuple) for query in copies)]
        await self._access.database.fetch_all(asked, identity=owner)

    async def keep_latest(self, thread: str, load: Callable[[Blob], Any]) -> None:
        """Delete all but the newest checkpoint of every namespace, and what that is rebuilt from.

        A subgraph's call goes with the checkpoint that it was begun under.

        Raises:
            Conflict: New checkpoints come in so fast that there is no moment for it.
        """
        for _ in range(_TRIES):
            values = await self._values(Place(thread, ""))
            heads = await self._fetch("newest_checkpoints", values, tuple)
            root = next((id_ for namespace, id_, *_ in heads if not namespace), None)
            kept: list[tuple[str, str]] = []
            for namespace, id_, metadata, root_is_there in heads:
                began = (metadata.get("parents") or {}).get("")
                if ":" in namespace and root_is_there and began != root:
                    continue
                kept.append((namespace, id_))
                if changing := metadata.get("counters_since_delta_snapshot"):
                    lineage = Lineage(namespace, changing)
                    await self._walk(values | {"namespace": namespace, "id": id_}, lineage, load, itself=True)
                    kept += [(namespace, ancestor) for ancestor in lineage.visited]
            values |= {
                "newest": [text for namespace, id_, *_ in heads for text in (namespace, id_)],
                "namespaces": [namespace for namespace, _ in kept],
                "ids": [id_ for _, id_ in kept],
            }
            if not heads or (await self._fetch("keep", values, list))[0][0]:
                return
        raise Conflict(
            f"thread {thread!r:.80} has new checkpoints all the time",
            safe="nothing was deleted",
            remedy="prune it when it is at rest",
        )

    async def _walk(
        self, values: dict[str, Any], lineage: Lineage, load: Callable[[Blob], Any], *, itself: bool
    ) -> None:
        """Go back until all values are found; `itself`: a value of the first checkpoint's own is one of them."""
        if values["id"] is None:
            newest = await self._fetch("newest_checkpoint", values, tuple)
            values = values | {"id": next((row[3] for row in newest if row[0] == "checkpoint"), None)}
        first, id_, seen = True, values["id"], set[str]()
        while id_ is not None and lineage.wanted:
            rows = await self._fetch("ancestors", values | {"id": id_, "most": _STEPS}, tuple)
            id_ = None
            for found, parent, *blob, there in rows:
                if found in seen or not lineage.wanted:
                    return
                seen.add(found)
                if not first:
                    lineage.visit(load((blob[0], blob[1])), set(there))
                elif itself:
                    lineage.look(load((blob[0], blob[1])), set(there))
                first, id_ = False, parent

    async def _names(self, owner: UUID, thread: str | None) -> dict[UUID, str]:
        if thread is not None:
            return {self._thread(owner, thread): thread}
        return dict(await self._fetch("list_threads", {"owner": owner}, tuple))

    async def _values(self, place: Place) -> dict[str, Any]:
        owner = await self._access.identity()
        return {
            "owner": owner,
            "thread": self._thread(owner, place.thread),
            "name": place.thread,
            "namespace": checks.text(place.namespace, "checkpoint namespace", most=1500),
            "id": None if place.id is None else checks.text(place.id, "checkpoint id", most=255, least=1),
        }

    def _thread(self, owner: UUID, name: str) -> UUID:
        """A thread's id, which nobody can compute for somebody else's."""
        return derived(self._access.key, "langgraph", str(owner), checks.text(name, "thread id", most=255, least=1))

    async def _fetch(self, query: str, values: dict[str, Any], make: Callable[[Sequence[Any]], Any]) -> list[Any]:
        found: list[Any] = await self._access.database.fetch(
            getattr(QUERIES, query), values, make, identity=values["owner"]
        )
        return found


def door(me: UserStore) -> Access:
    """The database in this user's name.

    Raises:
        InvalidInput: It is a handle of the other kind, with or without await.
    """
    if not isinstance(me, UserStore):
        raise InvalidInput(
            f"{type(me).__module__}.{type(me).__qualname__} is no user's handle that can be used here",
            remedy="take as_user(…) of arraigo.open() for AsyncArraigo…, and of arraigo.sync.open() for Arraigo…",
        )
    return me._access  # noqa: SLF001 - here alone do integrations go through


def _columns(pieces: Mapping[UUID, Piece]) -> dict[str, Any]:
    """Pieces as arrays, one for each column."""
    return {
        "ids": list(pieces),
        "types": [piece.type for piece in pieces.values()],
        "bodies": [piece.body for piece in pieces.values()],
        "children": [
            None if piece.children is None else "{" + ",".join(map(str, piece.children)) + "}"
            for piece in pieces.values()
        ],
    }


def _read(rows: Sequence[Any], names: Mapping[UUID, str]) -> list[Saved]:
    """The checkpoints that these rows are about, the newest first."""
    pieces: dict[UUID, dict[UUID, Piece]] = {id_: {} for id_ in names}
    writes: dict[tuple[UUID, str, str], list[Write]] = {}
    found = []
    for kind, thread, namespace, id_, parent_id, type_, body, metadata, piece, children, task, path, number, to in rows:
        if kind == "piece":
            pieces[thread][piece] = Piece(type_, body, children)
        elif kind == "write":
            writes.setdefault((thread, namespace, id_), []).append(Write(task, path, number, to, (type_, body)))
        else:
            found.append((thread, namespace, id_, parent_id, (type_, body), metadata))
    found.sort(key=lambda row: (row[2], row[1], row[0]), reverse=True)
    return [
        Saved(names[t], namespace, id_, parent, blob, meta, pieces[t], in_order(writes.get((t, namespace, id_), ())))
        for t, namespace, id_, parent, blob, meta in found
    ]
