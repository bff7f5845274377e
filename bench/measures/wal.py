"""What an append writes to the write-ahead log: what replication, backups and the disk have to carry."""

from functools import partial
from typing import Any

from bench import peers
from bench.harness import Call, Measure, Outcome, Side, compared, interleave, rate
from bench.measures.appending import append, insert
from bench.world import World

_FEWER = 4  # a peer's bytes need no more to be known
_WARM = 200  # after a checkpoint the first change of a page logs the whole page: those shall not decide


async def append_wal_bytes(world: World) -> Outcome:
    """Bytes per append over the floor's, one writer."""
    calls = 400 if world.effort.quick else 2_000
    conversation = await world.filled(10)
    async with world.superuser() as connection, world.inserts(1) as (prepared,), peers.opened(world) as others:
        ours, floor = append(world.store.as_user("ana"), conversation), insert(prepared)

        async def written(call: Call, calls: int) -> float:
            await connection.execute("CHECKPOINT")
            await rate([call], min(_WARM, calls))
            start = await position(connection)
            await rate([call], calls)
            return (await position(connection) - start) / calls

        sides: dict[str, Side] = {"ours": partial(written, ours, calls), "floor": partial(written, floor, calls)}
        for name, talk in (await others.talks()).items():
            sides[name] = others.side(name, partial(written, talk.append, others.here[name].calls(calls // _FEWER)))
        found = await interleave(world.effort.rounds, sides)
    return others.beside(compared(found, "bytes of WAL per append"), found)


async def position(connection: Any) -> int:
    """How much has been written so far, in bytes."""
    return int(await connection.fetchval("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))


MEASURES = (
    Measure("append_wal_bytes", "write-ahead log per append, over the INSERT's", 1.7, "at most", append_wal_bytes),
)
