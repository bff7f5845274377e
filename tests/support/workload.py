"""Transactions at random on the tables of a way back, from a seed."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg

Make = Callable[[random.Random], tuple[str, dict[str, Any]]]

# Of two sessions in each other's way; the second of a row that went to another partition.
_LOSERS = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_MOODS = ["calm", "it's urgent", 'wor"ried\\']
_TEXTS = ["", "NULL", "\\N", "a\tb\nc\rd\\", "'quoted' \"twice\"", "{a,b}", "ñandú 🎺", "\\.", "%s $1", " ", "x" * 40]


def _text(r: random.Random) -> str:
    return r.choice(_TEXTS) + r.choice(["", str(r.randrange(9))])


def _big(r: random.Random) -> str:
    return "".join(r.choices("abcdefgh", k=12)) * 400


def _rich(r: random.Random) -> tuple[str, dict[str, Any]]:
    return (
        """INSERT INTO shop.rich (mood, moods, email, price, ratio, small, flag, born, at, plain, clock, clockz, span,
               doc, docb, raw, uid, net, bits, vbits, ch, one, nm, vc, tags, grid, home, homes, during, pt, bx, words,
               path, big)
           SELECT %(mood)s::shop.mood, ARRAY[%(mood)s, NULL]::shop.mood[], 'a@' || %(text)s, %(price)s::numeric,
               (ARRAY['NaN', '-0', 'Infinity', '1e-300', '0.1']::float8[])[1 + %(n)s %% 5], 0.1::real, %(n)s %% 3 = 0,
               (ARRAY['infinity', '0044-03-15 BC', '2025-02-28']::date[])[1 + %(n)s %% 3],
               '2025-01-01 00:00:00.000001+00'::timestamptz + %(n)s * interval '1 day', '-infinity', '24:00',
               '23:59:59.999999-03:30',
               make_interval(months => %(n)s, days => -3, secs => 0.5),
               '{"a" : 1.0, "a": 1.00}', jsonb_build_object('t', %(text)s::text, 'n', %(price)s::numeric),
               decode(md5(%(text)s), 'hex'), md5(%(text)s)::uuid, '10.0.0.1/24', '1010', '11', 'ab', 'z', 'name',
               'abc', ARRAY[%(text)s, NULL, ''], '[2:3][0:1]={{1,2},{3,NULL}}',
               ROW(%(text)s, 3, %(mood)s)::shop.address,
               ARRAY[ROW(%(text)s, NULL, NULL)]::shop.address[],
               tstzrange('2025-01-01', NULL), point(0.1, %(n)s), box(point(0, 0), point(1, 1)),
               to_tsvector('simple', 'a b:3 it''s'), '$.a[*] ? (@ > 1)', %(big)s
             FROM generate_series(1, %(many)s)""",
        {
            "mood": r.choice(_MOODS),
            "text": _text(r),
            "price": r.choice(["1.0", "1.00", "-0.0001", "NaN"]),
            "n": r.randrange(100),
            "big": r.choice([None, "small", _big(r)]),
            "many": r.choice([1, 1, 1, 3]),
        },
    )


def _some(sql: str, many: int = 12) -> Make:
    """A statement with %(a)s, %(b)s numbers below `many` and %(t)s a text."""
    return lambda r: (sql, {"a": r.randrange(many), "b": r.randrange(many), "t": _text(r), "big": _big(r)})


STATEMENTS: list[Make] = [
    _rich,
    _rich,
    _some("UPDATE shop.rich SET vc = 'n' || %(a)s, docb = docb || '{\"new\": null}' WHERE id %% 12 = %(a)s"),
    _some("UPDATE shop.rich SET big = %(big)s WHERE id %% 12 = %(a)s"),
    _some("UPDATE shop.rich SET big = NULL, home = NULL, tags[2] = 'x' WHERE id %% 12 = %(a)s"),
    _some("UPDATE shop.rich SET id = DEFAULT WHERE id %% 40 = %(a)s"),
    _some("DELETE FROM shop.rich WHERE id %% 30 = %(a)s"),
    _some("INSERT INTO shop.parents VALUES (%(a)s, %(t)s) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name"),
    _some("INSERT INTO shop.children SELECT id, %(b)s, %(t)s FROM shop.parents ON CONFLICT DO NOTHING"),
    _some("INSERT INTO shop.guests SELECT %(b)s, id, %(t)s FROM shop.parents LIMIT 1"),
    _some("UPDATE shop.guests SET name = %(t)s WHERE id = %(a)s"),
    _some("UPDATE shop.parents SET id = %(b)s WHERE id = %(a)s"),
    _some("DELETE FROM shop.parents WHERE id = %(a)s"),
    _some("DELETE FROM shop.children WHERE nr = %(a)s"),
    _some("UPDATE shop.children SET nr = %(b)s WHERE nr = %(a)s"),
    # The rows of one statement in an order that their foreign key would refuse one by one.
    _some(
        "INSERT INTO shop.tree VALUES (%(a)s + 100, %(a)s + 200, %(t)s), (%(a)s + 200, NULL, '') ON CONFLICT DO NOTHING"
    ),
    _some("DELETE FROM shop.tree WHERE id IN (%(a)s + 100, %(a)s + 200)"),
    _some("UPDATE shop.tree SET id = id + 1000, parent = parent + 1000 WHERE id IN (%(a)s + 100, %(a)s + 200)"),
    _some("INSERT INTO shop.strict_tree VALUES (%(a)s, %(a)s + 50), (%(a)s + 50, NULL) ON CONFLICT DO NOTHING"),
    _some("DELETE FROM shop.strict_tree WHERE id IN (%(a)s, %(a)s + 50)"),
    _some("INSERT INTO shop.later SELECT g, 1 + g %% 9, g FROM generate_series(1, 9) g ON CONFLICT (id) DO NOTHING"),
    _some("UPDATE shop.later SET place = 10 - place"),
    _some("DELETE FROM shop.later"),
    _some("INSERT INTO shop.events SELECT %(t)s, %(a)s / 2.0, '[1,  2]', %(big)s FROM generate_series(1, 2)"),
    _some("UPDATE shop.events SET price = price + 1.00 WHERE ctid = (SELECT ctid FROM shop.events LIMIT 1)"),
    _some("DELETE FROM shop.events WHERE ctid = (SELECT ctid FROM shop.events LIMIT 1)"),
    _some("INSERT INTO shop.whole VALUES (%(a)s, %(t)s, %(big)s) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name"),
    _some("UPDATE shop.whole SET id = %(b)s, name = 'hidden' WHERE id = %(a)s"),
    _some("DELETE FROM shop.whole WHERE id = %(a)s"),
    _some("INSERT INTO shop.pairs VALUES (%(a)s, %(t)s, %(a)s || %(t)s, %(b)s) ON CONFLICT DO NOTHING"),
    _some("UPDATE shop.pairs SET a = %(b)s, c = %(b)s || %(t)s, d = NULL WHERE a = %(a)s AND b = %(t)s"),
    _some("DELETE FROM shop.pairs WHERE a = %(a)s"),
    _some("INSERT INTO shop.lists VALUES (ARRAY[%(a)s, %(b)s], 1) ON CONFLICT (places) DO UPDATE SET n = lists.n + 1"),
    _some("DELETE FROM shop.lists WHERE places[1] = %(a)s"),
    _some(
        "INSERT INTO shop.parted VALUES (%(a)s, '2025-01-01', %(t)s), (%(a)s, '2026-01-01', '') ON CONFLICT DO NOTHING"
    ),
    _some("UPDATE shop.parted SET at = at + 300 WHERE id = %(a)s"),
    _some(
        'INSERT INTO shop."Odd %%s, name" VALUES (%(t)s, %(t)s) '
        'ON CONFLICT ("key %%s") DO UPDATE SET "val\'ue $1" = \'\''
    ),
    _some('UPDATE shop."Odd %%s, name" SET "key %%s" = "key %%s" || \'!\' WHERE "key %%s" = %(t)s'),
    _some('DELETE FROM shop."Odd %%s, name" WHERE "key %%s" = %(t)s'),
    _some("INSERT INTO shop.shouts VALUES (shop.shout_in(textout(%(t)s::text)), %(a)s)"),
    _some("UPDATE shop.shouts SET n = %(b)s WHERE n = %(a)s"),
    _some("DELETE FROM shop.shouts WHERE n = %(a)s"),
    _some("INSERT INTO shop.bulk SELECT g, 'a', NULL FROM generate_series(%(a)s * 700, %(a)s * 700 + 600) g"),
    _some("UPDATE shop.bulk SET a = %(t)s WHERE id %% 50 = %(a)s"),
    _some("DELETE FROM shop.bulk WHERE id > %(a)s * 700 AND id %% 7 > 0"),
]
RARE: list[Make] = [
    _some("TRUNCATE shop.parents CASCADE"),
    _some("TRUNCATE shop.rich, shop.parted RESTART IDENTITY"),
    _some("TRUNCATE shop.events"),
]


def run(connect: Callable[[], psycopg.Connection[Any]], seed: int, transactions: int, *, sessions: int = 4) -> None:
    """Run so many transactions in each session, all at once; a tenth and the losers of deadlocks roll back."""

    def work(number: int) -> None:
        r = random.Random(f"{seed} {number}")  # noqa: S311 - a seed
        with connect() as connection:
            connection.execute("SET deadlock_timeout = '20ms'")
            for _ in range(transactions):
                with suppress(psycopg.errors.IntegrityError, *_LOSERS):
                    _transaction(connection, r)

    with ThreadPoolExecutor(sessions) as pool:
        list(pool.map(work, range(sessions)))


def _transaction(connection: psycopg.Connection[Any], r: random.Random) -> None:
    with connection.transaction():
        for _ in range(r.choice([1, 1, 2, 5])):
            sql, values = r.choice(STATEMENTS if r.random() < 0.98 else RARE)(r)
            with suppress(psycopg.errors.IntegrityError), connection.transaction():  # a subtransaction that may end
                connection.execute(sql.encode(), values)
        if r.random() < 0.1:
            raise psycopg.Rollback
