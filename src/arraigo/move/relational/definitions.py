"""The catalog's rows as text: everything that matters in it, and nothing that differs between two right copies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from arraigo.move.relational.grants import default_grants, grants
from arraigo.move.relational.names import label, quoted

Rows = dict[str, list[Any]]
Comments = dict[tuple[str, int, int], str]
Definitions = dict[str, dict[str, str]]

_ENABLED = {"O": "", "D": "DISABLED", "R": "ENABLED FOR REPLICA", "A": "ENABLED ALWAYS"}
_KINDS = {"r": "table", "p": "partitioned table", "m": "materialized view", "f": "foreign table"}
_STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}
_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a definition that a server has made out of its own form, and that another version may say otherwise.

    Attributes:
        kind: "value" (a default, what generates a column), "constraint", "index", "trigger", "rule", "policy",
            "function", "view", "domain".
        schema: Where the table, function or domain is that it belongs to.
        name: The name of that.
        text: What the server says. A domain's type comes before its check.
    """

    kind: str
    schema: str
    name: str
    text: str


Pieces = dict[tuple[str, str], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    text: str
    class_: str = ""
    oid: int = 0
    pieces: tuple[Piece, ...] = ()


def objects(rows: Rows) -> tuple[Definitions, Pieces]:
    """Every object's definition by its name, by the check that compares it; and by both, the pieces in their order."""
    comments: Comments = {(row.class_, row.oid, row.number): row.description for row in rows["comments"]}
    held: dict[str, list[_Item]] = {
        "tables": list(_tables(rows, comments)),
        "foreign_keys": [_constraint(row) for row in rows["constraints"] if row.kind == "f"],
        "constraints": [_constraint(row) for row in rows["constraints"] if row.kind != "f"],
        "indexes": [*map(_index, rows["indexes"]), *map(_statistics, rows["statistics"])],
        "sequences": [_sequence(row) for row in rows["sequences"]],
        "triggers": [*map(_trigger, rows["triggers"]), *map(_event_trigger, rows["event_triggers"])],
        "functions": [_function(row) for row in rows["functions"]],
        "views": [*(_view(row, comments) for row in rows["views"]), *map(_rule, rows["rules"])],
        "extensions": [_Item(row.name, f"in schema {quoted(row.schema)}") for row in rows["extensions"]],
        "policies": [_policy(row) for row in rows["policies"]],
        "types": [*map(_type, rows["types"]), *map(_other, rows["others"])],
    }
    found: Definitions = {}
    pieces: Pieces = {}
    for check, items in held.items():
        found[check] = {i.name: _lines(i.text, _comment(comments, i.class_, i.oid)) for i in items}
        pieces |= {(check, item.name): item.pieces for item in items if item.pieces}
    found["grants"] = grants(rows["grants"]) | default_grants(rows["default_grants"])
    return found, pieces


def owned_by(row: Any) -> str:
    """The column that a sequence belongs to, or ""."""
    return label(row.table_schema, row.table, row.column) if row.column else ""


def _tables(rows: Rows, comments: Comments) -> Iterator[_Item]:
    columns: dict[int, list[Any]] = {}
    for row in rows["columns"]:
        columns.setdefault(row.oid, []).append(row)
    for row in rows["tables"]:
        if row.kind == "m":  # a view, whose columns its definition says
            continue
        own = columns.get(row.oid, [])
        told = (
            _lines(_column(column, part=row.is_partition), _comment(comments, "pg_class", row.oid, column.number))
            for column in own
        )
        pieces = tuple(Piece("value", row.schema, row.name, c.default) for c in own if c.default is not None)
        text = _lines(_head(row), *told, _flags(row))
        yield _Item(label(row.schema, row.name), text, "pg_class", row.oid, pieces)


def _head(row: Any) -> str:
    parents = ", ".join(label(*names) for names in row.parents or ())
    return _words(
        "unlogged" if row.persistence == "u" else "",
        _KINDS[row.kind],
        f"of {row.of_type}" if row.of_type else "",
        f"partition of {parents} {row.bound}" if row.is_partition else "",
        f"inherits {parents}" if parents and not row.is_partition else "",
        f"partition by {row.partition_key}" if row.partition_key else "",
        f"using {row.method}" if row.method not in {None, "heap"} else "",
        f"server {row.server}" if row.server else "",
    )


def _flags(row: Any) -> str:
    identity = {"n": "nothing", "f": "full", "i": f"index {row.identity_index}"}.get(row.replica_identity)
    return _lines(
        _options("with", row.options),
        _options("toast with", row.toast_options),
        _options("options", row.server_options),
        "row security" if row.row_security else "",
        "row security forced" if row.force_row_security else "",
        f"replica identity {identity}" if identity else "",
    )


def _column(row: Any, *, part: bool) -> str:
    # From 17 on a partition has its table's identity, which that table's definition says.
    identity = "" if part else row.identity
    return _words(
        "column",
        quoted(row.name),
        row.type,
        f"COLLATE {label(*row.collation)}" if row.collation else "",
        "NOT NULL" if row.not_null else "",
        "NOT VALID" if row.not_null_unproved else "",
        default_clause(row.default, row.generated),
        {"a": "GENERATED ALWAYS AS IDENTITY", "d": "GENERATED BY DEFAULT AS IDENTITY"}.get(identity, ""),
        f"STORAGE {_STORAGE[row.storage]}" if row.storage else "",
        f"COMPRESSION {_COMPRESSION[row.compression]}" if row.compression in _COMPRESSION else "",
        f"STATISTICS {row.statistics}" if row.statistics is not None else "",
        _options("WITH", row.options),
        _options("OPTIONS", row.server_options),
    )


def default_clause(default: str | None, generated: str) -> str:
    """A column's default, or what generates it, as a table's definition has it."""
    if default is None:
        return ""
    if generated:
        return f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}"
    return f"DEFAULT {default}"


def _constraint(row: Any) -> _Item:
    text = _lines(row.definition, "its triggers are disabled" if row.asleep else "")
    pieces = (Piece("constraint", row.schema, row.table, row.definition),) if row.kind in {"c", "x"} else ()
    return _Item(label(row.schema, row.table, row.name), text, "pg_constraint", row.oid, pieces)


def _index(row: Any) -> _Item:
    text = _lines(
        row.definition,
        "" if row.valid else "INVALID",
        "clustered" if row.clustered else "",
        f"partition of {label(*row.parent)}" if row.parent else "",
    )
    pieces = (Piece("index", row.table_schema, row.table, row.definition),)
    return _Item(label(row.schema, row.name), text, "pg_class", row.oid, pieces)


def _statistics(row: Any) -> _Item:
    return _Item(f"statistics {label(row.schema, row.name)}", row.definition, "pg_statistic_ext", row.oid)


def _sequence(row: Any) -> _Item:
    text = _lines(
        _words("unlogged" if row.persistence == "u" else "", "sequence as", row.type),
        f"start {row.start} increment {row.increment} minimum {row.minimum} maximum {row.maximum} cache {row.cache}",
        "cycle" if row.cycle else "",
        f"owned by {owned_by(row)}" if row.column else "",
    )
    return _Item(label(row.schema, row.name), text, "pg_class", row.oid)


def _trigger(row: Any) -> _Item:
    name, text = label(row.schema, row.table, row.name), _lines(row.definition, _ENABLED[row.enabled])
    return _Item(name, text, "pg_trigger", row.oid, (Piece("trigger", row.schema, row.table, row.definition),))


def _event_trigger(row: Any) -> _Item:
    text = _lines(
        f"on {row.event}",
        f"when tag in {', '.join(sorted(row.tags))}" if row.tags else "",
        f"execute function {label(row.function_schema, row.function)}()",
        _ENABLED[row.enabled],
    )
    return _Item(f"event trigger {quoted(row.name)}", text, "pg_event_trigger", row.oid)


def _function(row: Any) -> _Item:
    name = f"{label(row.schema, row.name)}({row.arguments})"
    if row.kind == "a":
        return _Item(name, row.aggregate, "pg_proc", row.oid)
    pieces = (Piece("function", row.schema, row.name, row.definition),)
    return _Item(name, row.definition.rstrip("\n"), "pg_proc", row.oid, pieces)


def _view(row: Any, comments: Comments) -> _Item:
    columns = row.columns or []
    text = _lines(
        "materialized view" if row.kind == "m" else "view",
        *(_lines(text, _comment(comments, "pg_class", row.oid, n)) for n, text in enumerate(columns, 1)),
        row.definition,
        _options("with", row.options),
        *(row.defaults or ()),
        "" if row.populated else "not populated",
    )
    pieces = (Piece("view", row.schema, row.name, row.definition),)
    return _Item(label(row.schema, row.name), text, "pg_class", row.oid, pieces)


def _rule(row: Any) -> _Item:
    name, text = f"rule {label(row.schema, row.table, row.name)}", _lines(row.definition, _ENABLED[row.enabled])
    return _Item(name, text, "pg_rewrite", row.oid, (Piece("rule", row.schema, row.table, row.definition),))


def _policy(row: Any) -> _Item:
    text = _lines(
        _words("permissive" if row.permissive else "restrictive", "for", _COMMANDS[row.command]),
        f"to {', '.join(role if role == 'PUBLIC' else quoted(role) for role in row.roles)}",
        f"using ({row.using})" if row.using is not None else "",
        f"with check ({row.with_check})" if row.with_check is not None else "",
    )
    said = (expression for expression in (row.using, row.with_check) if expression is not None)
    pieces = tuple(Piece("policy", row.schema, row.table, expression) for expression in said)
    return _Item(label(row.schema, row.table, row.name), text, "pg_policy", row.oid, pieces)


def _type(row: Any) -> _Item:
    pieces: tuple[Piece, ...] = ()
    if row.kind == "e":
        text = f"enum {', '.join(row.labels or ())}"
    elif row.kind == "d":
        text = _lines(
            _words(
                f"domain over {row.base}",
                f"COLLATE {label(*row.collation)}" if row.collation else "",
                "NOT NULL" if row.not_null else "",
                f"DEFAULT {row.default}" if row.default is not None else "",
            ),
            *(f"{quoted(name)}: {row.base} {check}" for name, check in row.checks or ()),
        )
        pieces = tuple(Piece("domain", row.schema, row.name, f"{row.base} {check}") for _, check in row.checks or ())
    elif row.kind == "r":
        text = f"range {row.range}"
    else:
        text = _lines("composite", *(row.columns or ()))
    return _Item(label(row.schema, row.name), text, "pg_type", row.oid, pieces)


def _other(row: Any) -> _Item:
    return _Item(f"{row.type} {row.identity}", row.definition)


def _options(word: str, options: list[str] | None) -> str:
    return f"{word} ({', '.join(sorted(options))})" if options else ""


def _comment(comments: Comments, class_: str, oid: int, number: int = 0) -> str:
    text = comments.get((class_, oid, number))
    return f"comment: {text}" if text is not None else ""


def _words(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
