"""Listing one user's conversations, in a table of few and in a table of many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg

import arraigo
from arraigo.postgres import schema
from arraigo.postgres.target import Target
from arraigo.store import UserStore
from bench.harness import Measure, Outcome, compared, interleave, p50
from bench.world import World

_OURS, _FEW, _MANY, _MANY_QUICK = 1_000, 10_000, 1_000_000, 100_000
_PAGE = 50
_PER_USER = 1_000

# As the owner, past the checks of foreign keys, which would take longer than everything else.
_FILL = """
SET session_replication_role = replica;
INSERT INTO arraigo.users (id, username) SELECT arraigo.uuid7(), 'user ' || n FROM generate_series(1, {users}) AS n;
INSERT INTO arraigo.conversations (owner_id, title, activity_at)
SELECT owners.id[1 + n % cardinality(owners.id)], 'Conversation ' || n,
       date_trunc('minute', now() - n % 100000 * interval '1 minute')
  FROM generate_series(1, {others}) AS n, (SELECT array_agg(id) AS id FROM arraigo.users WHERE id <> '{me}') AS owners;
INSERT INTO arraigo.conversations (owner_id, title, activity_at)
SELECT '{me}', 'Mine ' || n, date_trunc('minute', now() - n * interval '1 hour') FROM generate_series(1, {ours}) AS n;
"""


async def list_growth(world: World) -> Outcome:
    """Median time of the first page of a user's 1,000 conversations, 1,000,000 in the table over 10,000."""
    calls, many = world.effort.calls, _MANY_QUICK if world.effort.quick else _MANY
    async with _table(world, "many", many) as in_many, _table(world, "few", _FEW) as in_few:
        sides = {
            f"in {many:,}": lambda: p50(lambda: in_many.conversations.list(limit=_PAGE), calls),
            f"in {_FEW:,}": lambda: p50(lambda: in_few.conversations.list(limit=_PAGE), calls),
        }
        found = await interleave(world.effort.rounds, sides)
    return compared(found, "µs", ours=f"in {many:,}", floor=f"in {_FEW:,}")


@asynccontextmanager
async def _table(world: World, name: str, conversations: int) -> AsyncIterator[UserStore]:
    """A user in a database of its own, with so many conversations in its table."""
    owner = Target(world.targets.owner.as_database(name))
    schema.create_database(owner)
    schema.upgrade(owner)
    settings = replace(world.settings, database_url=world.targets.application.as_database(name))
    async with arraigo.open(settings) as store:
        me = store.as_user("ana")
        others = conversations - _OURS
        connection = await asyncpg.connect(owner.url)
        try:
            fill = _FILL.format(users=max(1, others // _PER_USER), others=others, ours=_OURS, me=await me.id())
            await connection.execute(fill)
            await connection.execute("VACUUM ANALYZE arraigo.conversations")
        finally:
            await connection.close()
        yield me


MEASURES = (
    Measure(
        "list_growth",
        "first page of one's 1,000 conversations, in 1,000,000 over in 10,000",
        1.2,
        "at most",
        list_growth,
    ),
)
