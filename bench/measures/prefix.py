"""Whether a reader ever sees a message appear before one that it has read."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import arraigo
from arraigo.store import Store, UserStore
from bench import peers
from bench.harness import Measure, Outcome
from bench.peers import Talk
from bench.world import CONTENT, WRITERS, World

_STORES = 4  # each with a pool of its own, as four processes would have
_MESSAGES = 960  # of a conversation; a read gives up to 1,000
_PEER, _THEIRS = "openai-agents", 960


async def prefix(world: World) -> Outcome:
    """Reads in which what was read before is no longer a prefix, over so many conversations."""
    reads = broken = gaps = 0
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(arraigo.open(world.settings)) for _ in range(_STORES)]
        for _ in range(world.effort.rounds):
            talk = await world.filled(0)
            writers = asyncio.gather(*(_write(stores[n % _STORES], talk) for n in range(WRITERS)))
            me = world.store.as_user("ana")
            these, wrong = await _poll(me, talk, writers)
            reads += these
            broken += wrong
            numbers = [message.sequence_number for message in await me.messages.list(talk, limit=1000)]
            gaps += numbers != list(range(1, _MESSAGES + 1))
    detail = {"reads": reads, "unit": "reads", "conversations with gaps": gaps}
    return Outcome(broken, world.effort.rounds, detail | await _theirs(world))


async def _write(store: Store, talk: UUID) -> None:
    messages = store.as_user("ana").messages
    for _ in range(_MESSAGES // WRITERS):
        await messages.append(talk, role="user", content=CONTENT)


async def _poll(me: UserStore, talk: UUID, writers: "asyncio.Future[list[None]]") -> tuple[int, int]:
    """Read all there is, again and again while they write: how many reads, and how many broke the one before."""
    reads = broken = 0
    before: list[tuple[int, UUID]] = []
    while True:
        last_one = writers.done()
        now = [(m.sequence_number, m.id) for m in await me.messages.list(talk, limit=1000)]
        reads += 1
        broken += now[: len(before)] != before
        before = now
        if last_one:
            await writers
            return reads, broken


async def _theirs(world: World) -> dict[str, Any]:
    """The same of the peer that has an order of its own: over sixteen writers' sessions of one name, once."""
    async with peers.opened(world, [_PEER]) as others:
        if (peer := others.here.get(_PEER)) is None:
            return {"peers left out": others.left_out}
        name = str(uuid4())
        talks = [await peer.talk(0, name) for _ in range(WRITERS)]

        async def write(talk: Talk, writer: int) -> None:
            for number in range(_THEIRS // WRITERS):
                await talk.say(f"{writer} {number}")

        writers = asyncio.gather(*(write(talk, writer) for writer, talk in enumerate(talks)))
        reads = broken = 0
        before: list[str] = []
        while not writers.done():
            now = await talks[0].everything()
            reads += 1
            broken += now[: len(before)] != before
            before = now
        await writers
    return {"peers": {_PEER: {"what": peer.what, "median": broken, "of": reads}}}


MEASURES = (
    Measure(
        "prefix",
        "reads beside 16 writers in which what was read is no longer a prefix",
        0,
        "at most",
        prefix,
        reliability=True,
    ),
)
