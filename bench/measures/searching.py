"""Searching a million messages: of one user's own, and of a thousand users."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, count, product
from typing import Any
from uuid import UUID, uuid4

import asyncpg

import arraigo
from arraigo import retrieve
from arraigo.postgres import schema
from arraigo.postgres.target import Target
from arraigo.store import UserStore
from bench.harness import Call, Measure, Outcome, Side, compared, interleave, p50
from bench.world import World

_MANY, _MANY_QUICK = 1_000_000, 50_000
_PER_TALK, _WORDS, _USERS = 50, 32, 1_000
# Words that no stemmer makes shorter, so that how often each is found is known: the nth in 1.7 / n of the messages.
_SYLLABLES = (
    ("ca", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "bri", "cla", "dro", "fre", "gri", "pla"),
    ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "ju", "cha", "lle", "nto"),
    ("ra", "re", "na", "ne", "no", "ta", "to", "da", "do", "sa", "so", "la", "lo", "ga", "mo", "be", "fu"),
    ("lun", "bin", "pul", "dix", "rot", "gun", "mip", "nul", "fax", "tif"),
)
# As often as in Spanish: two words of five are among these.
_STOP = ("de", "la", "que", "el", "en", "y", "a", "los", "por", "con", "para", "una", "su", "las", "es")
# The rows as arraigo.search_index makes them, and the indexes after them, which takes a third of the time.
_INDEX = """
DROP INDEX arraigo.message_search_keys, arraigo.message_search_grams;
INSERT INTO arraigo.message_search (conversation_id, sequence_number, owner_id, created_at, role, language, words)
SELECT m.conversation_id, m.sequence_number, m.owner_id, m.created_at, m.role, v.language, v.words
  FROM arraigo.messages m, arraigo.search_vector(NULL, m.content) v;
INSERT INTO arraigo.message_search (conversation_id, sequence_number, owner_id, created_at, language, words)
SELECT c.id, 0, c.owner_id, c.created_at, v.language, setweight(v.words, 'A')
  FROM arraigo.conversations c, arraigo.search_vector(NULL, c.title) v;
INSERT INTO arraigo.search_progress (conversation_id, owner_id, indexed, titled)
SELECT id, owner_id, last_sequence, true FROM arraigo.conversations;
INSERT INTO arraigo.search_owners SELECT id, now() FROM arraigo.users;
"""


@dataclass(frozen=True)
class _Place:
    """A filled database: somebody who searches there, and rows to read."""

    me: UserStore
    keys: list[tuple[UUID, int]]
    connection: Any


async def search_1m(world: World) -> Outcome:
    """Median time of a search in one's own million of messages, over asyncpg's read of one row by its key.

    The queries are a third each: a word in some tens of messages, one in three of a thousand, and two words that are
    together in some ninety.
    """
    many, calls = _MANY_QUICK if world.effort.quick else _MANY, max(30, world.effort.calls // 3)
    vocabulary = [a + b + c + d for d, c, b, a in product(*_SYLLABLES[::-1])]
    async with (
        _place(world, "search_one", many, 1, vocabulary) as one,
        _place(world, "search_many", many, _USERS, vocabulary) as among,
    ):
        row = await one.connection.prepare(
            "SELECT content FROM arraigo.messages WHERE conversation_id = $1 AND sequence_number = $2"
        )
        keys = _endlessly(one.keys)
        usual = [f(vocabulary, n) for n in range(calls) for f in (_rare, _frequent, _two)]
        kinds = {
            "ours": (one, usual, calls),
            "a rare word": (one, [_rare(vocabulary, n) for n in range(calls)], calls // 3),
            "two words": (one, [_two(vocabulary, n) for n in range(calls)], calls // 3),
            "a word in 3 of 1,000": (one, [_frequent(vocabulary, n) for n in range(calls)], calls // 3),
            "a word in 6 of 100": (one, [vocabulary[25 + n] for n in range(10)], 5),
            "a slip": (one, [_slip(vocabulary, n) for n in range(calls)], 5),
            "one of 1,000 users": (among, usual, calls),
        }
        sides: dict[str, Side] = {
            name: partial(p50, _search(place.me, queries), times) for name, (place, queries, times) in kinds.items()
        }
        sides["floor"] = lambda: p50(lambda: row.fetchval(*next(keys)), calls)
        found = await interleave(world.effort.rounds, sides)
        sizes = {name: await _sizes(place.connection) for name, place in (("one user", one), ("1,000 users", among))}
    outcome = compared(found, "µs")
    outcome.detail["MB"] = sizes
    return outcome


def _rare(vocabulary: Sequence[str], n: int) -> str:
    return vocabulary[10_000 + 37 * n % 40_000]


def _frequent(vocabulary: Sequence[str], n: int) -> str:
    return vocabulary[500 + n % 100]


def _two(vocabulary: Sequence[str], n: int) -> str:
    return f"{vocabulary[80 + n % 40]} {vocabulary[300 + n % 200]}"


def _slip(vocabulary: Sequence[str], n: int) -> str:
    word = vocabulary[500 + n % 100]
    return f"{word[:3]}w{word[3:]}"


def _search(me: UserStore, queries: Sequence[str]) -> Call:
    turn = _endlessly(queries)
    return lambda: retrieve.search(me, next(turn))


def _endlessly(things: Sequence[Any]) -> Iterator[Any]:
    return (things[n % len(things)] for n in count())


@asynccontextmanager
async def _place(
    world: World, name: str, messages: int, users: int, vocabulary: Sequence[str]
) -> AsyncIterator[_Place]:
    """A database with so many messages, indexed, of so many users."""
    owner = Target(world.targets.owner.as_database(name))
    schema.create_database(owner)
    schema.upgrade(owner)
    settings = replace(world.settings, database_url=world.targets.application.as_database(name))
    connection = await asyncpg.connect(owner.url)
    try:
        keys, somebody = await _fill(connection, messages, users, vocabulary)
        async with arraigo.open(settings) as store:
            yield _Place(store.for_user(somebody), keys, connection)
    finally:
        await connection.close()


async def _fill(
    connection: Any, messages: int, users: int, vocabulary: Sequence[str]
) -> tuple[list[tuple[UUID, int]], UUID]:
    await connection.execute("SET session_replication_role = replica")
    owners = [uuid4() for _ in range(users)]
    await connection.executemany(
        "INSERT INTO arraigo.users (id, username) VALUES ($1, $2)", [(owner, str(owner)) for owner in owners]
    )
    talks = [(uuid4(), owners[n % users]) for n in range(messages // _PER_TALK)]
    await connection.executemany(
        "INSERT INTO arraigo.conversations (id, owner_id, title, last_sequence, activity_at)"
        " VALUES ($1, $2, 'Charla', $3, date_trunc('minute', now() - interval '1 day'))",
        [(*talk, _PER_TALK) for talk in talks],
    )
    chance = random.Random(20_260_302)  # noqa: S311 - texts, not secrets
    weights = list(accumulate(1 / (rank + 1) for rank in range(50_000)))
    common = [0.4 * weights[-1], weights[-1]]

    def text() -> str:
        stops = chance.choices((True, False), cum_weights=common, k=_WORDS)
        words = chance.choices(vocabulary[:50_000], cum_weights=weights, k=_WORDS)
        return " ".join(
            chance.choice(_STOP) if stop else word for stop, word in zip(stops, words, strict=True)
        ).capitalize()

    def rows(part: Sequence[tuple[UUID, UUID]]) -> list[tuple[Any, ...]]:
        return [(talk, n, uuid4(), owner, "user", text()) for talk, owner in part for n in range(1, _PER_TALK + 1)]

    await connection.execute("ALTER TABLE arraigo.messages ALTER created_at SET DEFAULT now()")
    for start in range(0, len(talks), 400):
        await connection.copy_records_to_table(
            "messages",
            schema_name="arraigo",
            columns=["conversation_id", "sequence_number", "id", "owner_id", "role", "content"],
            records=await asyncio.to_thread(rows, talks[start : start + 400]),
        )
    definitions = await connection.fetch(
        "SELECT pg_get_indexdef(c.oid) AS text FROM pg_class c"
        " WHERE c.relname IN ('message_search_keys', 'message_search_grams')"
    )
    await connection.execute(_INDEX)
    await connection.execute("SET maintenance_work_mem = '512MB'")
    for definition in definitions:
        await connection.execute(definition["text"])
    await connection.execute("VACUUM ANALYZE arraigo.messages, arraigo.message_search, arraigo.conversations")
    await connection.execute("CHECKPOINT")
    keys = [(chance.choice(talks)[0], chance.randint(1, _PER_TALK)) for _ in range(10_000)]
    return keys, owners[0]


async def _sizes(connection: Any) -> dict[str, int]:
    names = ("messages", "message_search", "message_search_keys", "message_search_grams")
    return {
        name: await connection.fetchval("SELECT pg_table_size($1::text::regclass) / 1000000", f"arraigo.{name}")
        for name in names
    }


MEASURES = (
    Measure("search_1m", "search one's own 1,000,000 messages, over reading one row (p50)", 50, "at most", search_1m),
)
