"""Reading the end of a conversation."""

from functools import partial

from bench import peers
from bench.harness import Measure, Outcome, Side, compared, interleave, p50
from bench.world import World

_MESSAGES, _LAST = 1_000, 50
_FEWER = 10  # two of the peers read all there is, which takes long
_SELECT = """
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages WHERE conversation_id = $1 ORDER BY sequence_number DESC LIMIT 50
"""


async def read_last_50_vs_floor(world: World) -> Outcome:
    """Median time of reading the last 50 of 1,000 messages, over the same SELECT past row-level security."""
    calls = world.effort.calls
    conversation = await world.filled(_MESSAGES)
    messages = world.store.as_user("ana").messages
    async with world.superuser() as connection, peers.opened(world) as others:
        await connection.execute("VACUUM ANALYZE arraigo.messages")
        select = await connection.prepare(_SELECT)
        sides: dict[str, Side] = {
            "ours": lambda: p50(lambda: messages.list(conversation, last=_LAST), calls),
            "floor": lambda: p50(lambda: select.fetch(conversation), calls),
        }
        for name, talk in (await others.talks(_MESSAGES)).items():
            sides[name] = others.side(name, partial(p50, talk.last, others.here[name].calls(calls // _FEWER)))
        found = await interleave(world.effort.rounds, sides)
    return others.beside(compared(found, "µs"), found)


MEASURES = (
    Measure(
        "read_last_50_vs_floor",
        "the last 50 of 1,000 messages, over the same SELECT (p50)",
        1.3,
        "at most",
        read_last_50_vs_floor,
    ),
)
