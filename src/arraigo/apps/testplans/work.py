"""What is done in the background: documents are read, large exports are written.

The server does it as soon as it comes in, and `arraigo worker` beside it. Both claim what they do in the database, one
thing at a time, and hold it while they are at it: what a process leaves behind when it is killed is taken up by another
within a minute, and is done once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from arraigo.apps.testplans.exporting import WORK, Exports, Render
from arraigo.apps.testplans.plan import Extraction
from arraigo.apps.testplans.reader import Reader
from arraigo.errors import ArraigoError, CheckFailed, InvalidInput, NotFound
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import Query
from arraigo.store import Store, UserStore, checks

CLAIMED_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 20.0  # for what other processes left behind
MOST_ATTEMPTS = 3

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing to do."""

    conversation: UUID
    id: UUID
    owner: UUID
    kind: str
    attempts: int


class Work:
    """All of it, of everybody's.

    Args:
        store: Whose.
        reader: Reads documents.
        write: Writes plans as files.
    """

    def __init__(self, store: Store, reader: Reader, write: Render) -> None:
        self._store = store
        self._reader = reader
        self._write = write
        self._come = asyncio.Event()

    def come(self) -> None:
        """There is something to do."""
        self._come.set()

    async def off(self) -> int:
        """Do what there is to do; how much that was.

        Raises:
            ArraigoError: The database, or the place of the blobs, cannot be used now; what was begun is taken up later.
        """
        done = 0
        while claimed := await self._database(WORK.claim_work, seconds=CLAIMED_SECONDS):
            await self._held(Claim(*claimed[0]))
            done += 1
        return done

    async def soon(self, seconds: float) -> None:
        """Do what has come in, if anything has, for at most so long; what is not done then is left to others."""
        if not self._come.is_set():
            return
        self._come.clear()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.off()
        except ArraigoError as error:
            _log.warning("test plans' work waits", why=str(error))

    @asynccontextmanager
    async def at_hand(self) -> AsyncIterator["Work"]:
        """Do what comes in, while this is open; what is not done then is left to others."""
        working = asyncio.create_task(self._on_and_on())
        try:
            yield self
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working

    async def _on_and_on(self) -> None:
        while True:
            self._come.clear()
            try:
                await self.off()
            except ArraigoError as error:
                _log.warning("test plans' work waits", why=str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, the next thing may well be done
                _log.error("failed", error=type(error).__name__)  # its words may be a document's
            with suppress(TimeoutError):
                await asyncio.wait_for(self._come.wait(), LOOK_AGAIN_SECONDS)

    async def _held(self, claim: Claim) -> None:
        holding = asyncio.create_task(self._hold(claim))
        try:
            await self._do(claim)
        except asyncio.CancelledError:
            with suppress(ArraigoError):
                await asyncio.shield(self._own(claim, WORK.release_work))
            raise
        finally:
            holding.cancel()

    async def _hold(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(CLAIMED_SECONDS / 3)
            with suppress(ArraigoError):
                await self._own(claim, WORK.hold_work, seconds=CLAIMED_SECONDS)

    async def _do(self, claim: Claim) -> None:
        mine = self._store.for_user(claim.owner)
        acts: dict[str, Callable[[UserStore, Claim], Awaitable[None]]] = {
            "document": self._read,
            "export": self._export,
        }
        try:
            await acts[claim.kind](mine, claim)
        except NotFound:  # deleted meanwhile
            await self._own(claim, WORK.finish_work)

    async def _read(self, mine: UserStore, claim: Claim) -> None:
        document = await mine.documents.get(claim.id)
        try:
            if claim.attempts > MOST_ATTEMPTS:
                raise InvalidInput(f"reading it was begun {MOST_ATTEMPTS} times and never came to its end")  # noqa: TRY301
            data = await mine.documents.read(claim.id)
            found = await self._reader.read(data, document.filename, document.content_type)
            values = {
                "owner": claim.owner,
                "conversation": claim.conversation,
                "document": claim.id,
                "text": _cut(_clean(found.text)),
                "found": _found(found),
            }
            await self._store._database.call(WORK.keep_requirements, values, tuple)  # noqa: SLF001 - it sets the identity
        except (InvalidInput, CheckFailed) as error:
            reason = _clean(str(error))[: checks.MAX_REASON] or "it cannot be read"
            await self._own(claim, WORK.fail_document, WORK.finish_work, reason=reason)

    async def _export(self, mine: UserStore, claim: Claim) -> None:
        exports = mine.part(lambda access: Exports(access, self._write))
        if claim.attempts > MOST_ATTEMPTS:
            never = InvalidInput(f"writing it was begun {MOST_ATTEMPTS} times and never came to its end")
            await exports.fail(await exports.get(claim.id), never)
        else:
            await exports.write(claim.id)

    async def _own(self, claim: Claim, *queries: Query, **values: Any) -> None:
        values |= {"conversation": claim.conversation, "id": claim.id}
        asked = [Ask(query, values, tuple) for query in queries]
        await self._store._database.fetch_all(asked, identity=claim.owner)  # noqa: SLF001 - in its owner's name

    async def _database(self, query: Query, **values: Any) -> list[tuple[Any, ...]]:
        return await self._store._database.fetch(query, values, tuple)  # noqa: SLF001 - the worker's own question


async def sweep_exports(store: Store, limit: int = 100) -> int:
    """Delete exports whose time is over, everybody's, at most so many; how many those were."""
    found: list[tuple[int]] = await store._database.fetch(WORK.sweep_exports, {"limit": limit}, tuple)  # noqa: SLF001
    return found[0][0]


def _found(found: Extraction) -> dict[str, Any]:
    requirements = [
        {
            "code": _clean(one.id),
            "statement": _clean(one.text),
            "kind": one.kind,
            "language": one.language,
            # With what stands around it there.
            "place": _plain(one.place.model_dump() | one.model_dump(include={"row", "lead", "beside"})),
            "testable": one.testable,
            "why_not": _clean(one.why_not),
        }
        for one in found.requirements
    ]
    return {"requirements": requirements, "notes": [_clean(note) for note in found.notes]}


def _plain(value: Any) -> Any:
    """JSON with every text in it clean."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, dict):
        return {_clean(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _clean(text: str) -> str:
    """Without what PostgreSQL cannot keep: NUL characters and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _cut(text: str) -> str:
    """At most so many bytes as a document's text may have."""
    return text.encode()[: checks.MAX_EXTRACTED].decode("utf-8", "ignore")
