"""Appending a message of 200 bytes: one writer, sixteen, and sixteen on one conversation."""

from collections.abc import Sequence
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from arraigo.store import UserStore
from bench import peers
from bench.harness import Call, Measure, Outcome, Side, compared, interleave, p50, rate
from bench.peers import Peers, Talk
from bench.world import CONTENT, WRITERS, World

_LONG, _SHORT = 10_000, 10
_FEWER = 2  # where sixteen of a peer's writers take turns
_PER_WRITER = 3  # sixteen writers make a third of one writer's calls each


def append(me: UserStore, conversation: UUID) -> Call:
    """Our call."""
    messages = me.messages
    return lambda: messages.append(conversation, role="user", content=CONTENT)


def insert(prepared: Any) -> Call:
    """The floor's: one more row of a conversation that has no other writer."""
    conversation, numbers = uuid4(), count(1)
    return lambda: prepared.fetchval(conversation, next(numbers), "user", CONTENT)


async def append_vs_floor(world: World) -> Outcome:
    """Median time of one append over the floor's, one writer."""
    calls = world.effort.calls
    conversation = await world.filled(_SHORT)
    async with world.inserts(1) as (prepared,), peers.opened(world) as others:
        ours, floor = append(world.store.as_user("ana"), conversation), insert(prepared)
        sides: dict[str, Side] = {"ours": lambda: p50(ours, calls), "floor": lambda: p50(floor, calls)}
        for name, talk in (await others.talks()).items():
            sides[name] = others.side(name, partial(p50, talk.append, others.here[name].calls(calls)))
        found = await interleave(world.effort.rounds, sides)
    return others.beside(compared(found, "µs"), found)


async def append_growth(world: World) -> Outcome:
    """The same on a conversation of 10,000 messages, over one of 10."""
    calls = world.effort.calls
    me = world.store.as_user("ana")
    long = await world.filled(_LONG)

    async def short() -> float:
        return await p50(append(me, await world.filled(_SHORT)), calls)  # a fresh one, since it grows

    sides: dict[str, Side] = {"at 10,000": lambda: p50(append(me, long), calls), "at 10": short}
    async with peers.opened(world) as others:
        for name, talk in (await others.talks(_LONG)).items():
            sides[name] = others.side(name, partial(p50, talk.append, others.here[name].calls(calls)))
            sides[f"{name} at 10"] = others.side(name, partial(_short, others, name, calls))
        found = await interleave(world.effort.rounds, sides)
    outcome = compared(found, "µs", ours="at 10,000", floor="at 10")
    return others.beside(outcome, found, {name: found[f"{name} at 10"] for name in others.here})


async def _short(others: Peers, name: str, calls: int) -> float:
    """A peer's append on a fresh conversation."""
    talk = await others.here[name].talk(_SHORT)
    return await p50(talk.append, others.here[name].calls(calls))


async def append_throughput_16(world: World) -> Outcome:
    """Appends a second by sixteen writers, each on a conversation of its own, over sixteen connections' INSERTs."""
    calls = world.effort.calls // _PER_WRITER
    me = world.store.as_user("ana")
    alone = [append(me, await world.filled(_SHORT)) for _ in range(WRITERS)]
    users = [f"writer {number}" for number in range(WRITERS)]
    apart = [append(world.store.as_user(user), await world.filled(_SHORT, user)) for user in users]
    async with world.inserts(WRITERS) as prepared, peers.opened(world) as others:
        floor = [insert(one) for one in prepared]
        sides: dict[str, Side] = {
            "ours": lambda: rate(alone, calls),
            "ours, 16 users": lambda: rate(apart, calls),
            "floor": lambda: rate(floor, calls),
        }
        theirs = [await others.talks() for _ in range(WRITERS)]
        for name in theirs[-1]:
            sides[name] = _together(others, name, [talks[name] for talks in theirs], calls)
        found = await interleave(world.effort.rounds, sides)
    outcome = compared(found, "per second")
    outcome.detail["ratio with 16 users"] = compared(found, "per second", ours="ours, 16 users").value
    return others.beside(outcome, found)


async def append_hot_16(world: World) -> Outcome:
    """Appends a second by sixteen writers on one conversation, over the same floor."""
    calls = world.effort.calls // _PER_WRITER
    me = world.store.as_user("ana")
    conversation = await world.filled(_SHORT)
    async with world.inserts(WRITERS) as prepared, peers.opened(world) as others:
        ours, floor = [append(me, conversation)] * WRITERS, [insert(one) for one in prepared]
        sides: dict[str, Side] = {"ours": lambda: rate(ours, calls), "floor": lambda: rate(floor, calls)}
        for name, talk in (await others.talks(shared=True)).items():
            sides[name] = _together(others, name, [talk] * WRITERS, calls)
        found = await interleave(world.effort.rounds, sides)
    return others.beside(compared(found, "per second"), found)


def _together(others: Peers, name: str, talks: Sequence[Talk], calls: int) -> Side:
    """A peer's appends a second, by as many writers as there are talks."""
    return others.side(
        name, partial(rate, [talk.append for talk in talks], others.here[name].calls(calls // _FEWER, least=2))
    )


MEASURES = (
    Measure("append_vs_floor", "one append, over one prepared INSERT (p50)", 1.4, "at most", append_vs_floor),
    Measure("append_growth", "one append at 10,000 messages, over one at 10", 1.1, "at most", append_growth),
    Measure(
        "append_throughput_16",
        "16 writers, 16 conversations, over 16 connections' INSERTs",
        0.8,
        "at least",
        append_throughput_16,
    ),
    Measure("append_hot_16", "16 writers, one conversation, over the same", 0.8, "at least", append_hot_16),
)
