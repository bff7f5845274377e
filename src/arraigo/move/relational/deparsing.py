"""What two servers say in other words: settled by letting the target say both.

A view, a check or a default is kept in a form of the server's own, and said again when it is asked for; versions differ
in how (16 qualifies fewer columns than 15), and what was read back from a dump is not always said as it was before.
Where nothing but such pieces differs, the target makes a temporary object of each, in a transaction that is rolled
back, and what it says of the two is compared.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import psycopg
from psycopg import sql

from arraigo.move.relational.catalog import Catalog, Connection
from arraigo.move.relational.definitions import Piece
from arraigo.move.relational.names import label, quoted

Pair = tuple[Piece, Piece]
Statements = tuple[str, str, str]
"""What makes room for an object, what makes it, and what asks how the server says it."""

_MAINTAIN = 17  # the version that brought this privilege
_TABLES = ("DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")
_ALL_BUT = {", ".join(_TABLES): "ALL", ", ".join(f"{name}*" for name in _TABLES): "ALL WITH GRANT OPTION"}
_BUT = f" with {', '.join(_TABLES)}"
# One call makes objects one after the other, asks what the server says of each, and takes it away again with the
# savepoint of the exception that ends its making. What cannot be made is said as NULL.
_PREPARE = b"""
SELECT set_config(name, value, true) FROM (VALUES ('search_path', ''), ('jit', 'off'), ('check_function_bodies', 'off'),
    ('client_min_messages', 'error'), ('quote_all_identifiers', 'off')) s (name, value);
DO $do$ BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);  -- no event trigger shall hear of it
EXCEPTION WHEN insufficient_privilege THEN NULL; END $do$;
CREATE FUNCTION pg_temp.arraigo_said(room text, made text[], asked text[]) RETURNS text[] LANGUAGE plpgsql AS $do$
DECLARE
    said text[] := array_fill(NULL::text, ARRAY[cardinality(made)]);
    one text;
BEGIN
    EXECUTE room;
    FOR n IN 1 .. cardinality(made) LOOP
        BEGIN
            EXECUTE made[n]; EXECUTE asked[n] INTO one;
            RAISE EXCEPTION USING ERRCODE = 'AR000';
        EXCEPTION WHEN SQLSTATE 'AR000' THEN said[n] := one; WHEN OTHERS THEN NULL; END;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'AR000';
EXCEPTION WHEN OTHERS THEN RETURN said; END $do$
"""
_ASK = b"SELECT pg_temp.arraigo_said($1, $2, $3)"
_NO_ROOM = "SELECT 1"
_CHECK = re.compile(r"CHECK \((.*)\)", re.DOTALL)  # and nothing after it: no NOT VALID, no NO INHERIT


def settle(connection: Connection, expected: Catalog, found: Catalog, known: set[Pair] | None = None) -> Catalog:
    """What is expected, in the target's words wherever it means what was found.

    Args:
        connection: The target's, on which temporary objects may be made; all is rolled back.
        expected: The source's catalog, with what is meant to differ applied.
        found: The target's.
        known: What was found to mean the same before; such pairs are not asked for again, new ones are added.

    Raises:
        psycopg.Error: The target refuses temporary objects, or is gone.
    """
    known = set() if known is None else known
    expected = _in_older_words(expected, found)
    differing = {key: pairs for key in expected.pieces if (pairs := _pairs(expected, found, *key))}
    asked = list(dict.fromkeys(pair for pairs in differing.values() for pair in pairs if pair not in known))
    known.update(_same(connection, asked))
    objects = {check: dict(names) for check, names in expected.objects.items()}
    pieces = dict(expected.pieces)
    for (check, name), pairs in differing.items():
        if known.issuperset(pairs):
            objects[check][name] = found.objects[check][name]
            pieces[check, name] = found.pieces[check, name]
    return replace(expected, objects=objects, pieces=pieces)


def _pairs(expected: Catalog, found: Catalog, check: str, name: str) -> list[Pair]:
    """The pieces that differ, where all else is the same."""
    was, is_ = expected.objects[check].get(name), found.objects.get(check, {}).get(name)
    if was is None or is_ is None or was == is_:
        return []
    pieces, others = expected.pieces[check, name], found.pieces.get((check, name), ())
    if len(pieces) != len(others) or _without(was, pieces) != _without(is_, others):
        return []
    return [(a, b) for a, b in zip(pieces, others, strict=True) if a.text != b.text]


def _without(text: str, pieces: tuple[Piece, ...]) -> str:
    rest = []
    for piece in pieces:
        before, found, text = text.partition(piece.text.rstrip("\n"))
        rest += [before, found and "\0"]
    return "".join([*rest, text])


def _same(connection: Connection, pairs: list[Pair]) -> list[Pair]:
    """The pairs whose two pieces the server says alike."""
    if not pairs:
        return []
    by_table: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        if all(_expression(piece) for piece in pair):
            by_table.setdefault((pair[0].schema, pair[0].name), []).append(pair)
    groups = list(by_table.values())
    with connection.transaction(force_rollback=True):
        connection.execute(_PREPARE)
        said = _said(
            connection, [(_together([a for a, _ in group]), _together([b for _, b in group])) for group in groups]
        )
        alike = {pair for group, same in zip(groups, said, strict=True) if same for pair in group}
        rest = [pair for pair in pairs if pair not in alike]
        said = _said(connection, [(_statements(a), _statements(b)) for a, b in rest])
    return [*alike, *(pair for pair, same in zip(rest, said, strict=True) if same)]


def _said(connection: Connection, asked: list[tuple[Statements, Statements]]) -> list[bool]:
    """Whether the server says each two alike; those that need the same room are made in it one after the other."""
    rooms: dict[str, list[tuple[int, Statements]]] = {}
    for n, statements in enumerate(one for two in asked for one in two):
        rooms.setdefault(statements[0], []).append((n, statements))
    found: dict[int, str | None] = {}
    with connection.pipeline():
        cursors = [
            psycopg.RawCursor(connection).execute(
                _ASK, [room, [one[1] for _, one in made], [one[2] for _, one in made]]
            )
            for room, made in rooms.items()
        ]
        for cursor, made in zip(cursors, rooms.values(), strict=True):
            ((answers,),) = cursor.fetchall()
            found |= {n: answer for (n, _), answer in zip(made, answers, strict=True)}
    return [found[n] is not None and found[n] == found[n + 1] for n in range(0, 2 * len(asked), 2)]


def _statements(piece: Piece) -> Statements:
    return _MAKERS[piece.kind](piece, f"pg_temp.{quoted(piece.name)}")


def _like(piece: Piece) -> str:
    return f"CREATE TEMP TABLE {quoted(piece.name)} (LIKE {label(piece.schema, piece.name)})"


def _expression(piece: Piece) -> str:
    """The expression over a table's columns that it is, or "" for what is more than that."""
    if piece.kind in {"value", "policy"}:
        return piece.text
    match = _CHECK.fullmatch(piece.text) if piece.kind == "constraint" else None
    return match[1] if match else ""


def _together(pieces: list[Piece]) -> Statements:
    """Expressions over one table, in one view."""
    columns = ", ".join(f"({_expression(piece)}) AS c{n}" for n, piece in enumerate(pieces))
    table = sql.Identifier(pieces[0].schema, pieces[0].name)
    made = sql.SQL("CREATE TEMP VIEW arraigo_said AS SELECT {} FROM {}").format(sql.SQL(columns), table)
    return _NO_ROOM, made.as_string(), _OF_VIEW


def _value(piece: Piece, _: str) -> Statements:
    return _together([piece])


def _constraint(piece: Piece, place: str) -> Statements:
    return _like(piece), f"ALTER TABLE {place} ADD CONSTRAINT arraigo_said {piece.text}", _asked(_OF_CONSTRAINT, place)


def _index(piece: Piece, place: str) -> Statements:
    head, _, rest = piece.text.partition(" USING ")
    unique = "UNIQUE " if head.startswith("CREATE UNIQUE ") else ""
    made = f"CREATE {unique}INDEX arraigo_said ON {place} USING {rest}"
    return _like(piece), made, "SELECT pg_get_indexdef('pg_temp.arraigo_said'::regclass)"


def _trigger(piece: Piece, place: str) -> Statements:
    first = _like(piece)
    if " INSTEAD OF " in piece.text:
        first = f"CREATE TEMP VIEW {quoted(piece.name)} AS TABLE {label(piece.schema, piece.name)}"
    return first, _moved(piece, " ON ", place), _asked(_OF_TRIGGER, place)


def _rule(piece: Piece, place: str) -> Statements:
    return _like(piece), _moved(piece, " TO ", place), _asked(_OF_RULE, place)


def _function(piece: Piece, place: str) -> Statements:
    return _NO_ROOM, _moved(piece, " ", place), _asked(_OF_FUNCTION, piece.name)


def _view(piece: Piece, _: str) -> Statements:
    made = f"CREATE TEMP VIEW arraigo_said AS {piece.text.rstrip().rstrip(';')}"
    return _NO_ROOM, made, _OF_VIEW


def _domain(piece: Piece, _: str) -> Statements:
    return _NO_ROOM, f"CREATE DOMAIN pg_temp.arraigo_said AS {piece.text}", _OF_DOMAIN


_OF_CONSTRAINT = """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                     WHERE conrelid = {}::regclass AND contype IN ('c', 'x')"""
_OF_DOMAIN = """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                 WHERE contypid = 'pg_temp.arraigo_said'::regtype AND contype = 'c'"""
_OF_TRIGGER = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = {}::regclass"
_OF_RULE = "SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class = {}::regclass"
_OF_VIEW = "SELECT pg_get_viewdef('pg_temp.arraigo_said'::regclass)"
_OF_FUNCTION = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = pg_my_temp_schema() AND proname = {}"
_MAKERS: dict[str, Callable[[Piece, str], Statements]] = {
    "value": _value,
    "constraint": _constraint,
    "index": _index,
    "trigger": _trigger,
    "rule": _rule,
    "policy": _value,
    "function": _function,
    "view": _view,
    "domain": _domain,
}


def _asked(question: str, name: str) -> str:
    return sql.SQL(question).format(sql.Literal(name)).as_string()


def _moved(piece: Piece, before: str, place: str) -> str:
    """The definition, of the same in the temporary schema; a server quotes the words that its own version knows."""
    names = (re.escape(name.replace('"', '""')) for name in (piece.schema, piece.name))
    pattern = re.escape(before) + "(?:ONLY )?" + r"\.".join(f'"?{name}"?' for name in names)
    return re.sub(pattern, lambda _: before + place, piece.text, count=1)


def _in_older_words(expected: Catalog, found: Catalog) -> Catalog:
    """All privileges on a table but MAINTAIN, which 17 brought, are all to a server that does not know it.

    An owner who had some taken away on such a server has it on one that knows it.
    """
    if (expected.version < _MAINTAIN) == (found.version < _MAINTAIN):
        return expected
    grants = {}
    for name, was in expected.objects["grants"].items():
        now = found.objects["grants"].get(name, was)
        older, newer = (was, now) if expected.version < _MAINTAIN else (now, was)
        owner = name.endswith(" owner")
        same = _ALL_BUT.get(newer) == older or (owner and newer.replace("MAINTAIN, ", "") == older)
        same = same or (owner and newer.removesuffix(_BUT) == older)
        grants[name] = now if same else was
    return replace(expected, objects=expected.objects | {"grants": grants})
