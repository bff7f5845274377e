"""Pure: LangGraph's operations on its store as questions to the database, and the answers as LangGraph wants them.

A namespace is kept as its labels joined by dots, which labels cannot have.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langgraph.store.base import (
    GetOp,
    Item,
    ListNamespacesOp,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    validate_op_namespace,
)

from arraigo.errors import InvalidInput
from arraigo.store import checks

OPERATORS = {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte"}
_MAX_VALUE = 1 << 24  # bytes of JSON
_MAX_TTL = checks.MAX_TTL / 60  # minutes
_LAST = chr(0x10FFFF)


def plan(ops: Iterable[Op], *, live: bool) -> tuple[list[list[tuple[str, dict[str, Any]]]], list[int]]:
    """For each operation the queries by name with their parameters, the first one's answer counts; and in which order.

    What reads comes first, as in LangGraph's own stores; of several writes to one key the last one is done.

    Args:
        ops: What to do.
        live: Leave out what has expired.

    Raises:
        InvalidNamespaceError: A label is empty, no text, or has a dot; nothing is done of all of them.
        InvalidInput: JSON cannot hold a value, a key is too long, a limit is negative.
        ValueError: There is no such comparison.
    """
    known = list(ops)
    for op in known:
        validate_op_namespace(op)
    queries = [_queries(op, live=live) for op in known]
    last = {(op.namespace, op.key): place for place, op in enumerate(known) if isinstance(op, PutOp)}
    reads = [place for place, op in enumerate(known) if not isinstance(op, PutOp)]
    return queries, [*reads, *sorted(last.values())]


def check(op: Op) -> None:
    """Raise what `plan` would raise for this operation."""
    plan([op], live=False)


def result(op: Op, rows: Sequence[Any]) -> Result:
    """What LangGraph gets for an operation."""
    if isinstance(op, GetOp):
        return next((Item(**_fields(row)) for row in rows), None)
    if isinstance(op, SearchOp):
        return [SearchItem(**_fields(row)) for row in rows]
    if isinstance(op, ListNamespacesOp):
        return [tuple(row[0]) for row in rows]
    return None


def _fields(row: Sequence[Any]) -> dict[str, Any]:
    namespace, key, value, created_at, updated_at = row
    return {
        "namespace": tuple(namespace.split(".")),
        "key": key,
        "value": value,
        "created_at": created_at,
        "updated_at": updated_at,
    }


def _queries(op: Op, *, live: bool) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(op, SearchOp):
        return [("search_items", _search(op, live=live))]
    if isinstance(op, ListNamespacesOp):
        conditions = [{"match": each.match_type, "path": list(each.path)} for each in op.match_conditions or ()]
        values = {"conditions": {"all": conditions}, "depth": op.max_depth, "live": live}
        return [("list_namespaces", values | _part(op.limit, op.offset))]
    where = {
        "namespace": checks.text(".".join(op.namespace), "namespace", most=1500, least=1),
        "key": checks.text(op.key, "key", most=1500),
        "live": live,
    }
    if isinstance(op, GetOp):
        return [("get_item", where), *([("use_item", where)] if op.refresh_ttl else [])]
    if op.value is None:
        return [("delete_item", where)]
    value = checks.mapping(op.value, "value")
    checks.json_text(value, "value", most=_MAX_VALUE)
    if op.ttl is not None and not 0 < op.ttl <= _MAX_TTL:
        raise InvalidInput(f"ttl {op.ttl!r:.30} is no number of minutes above 0")
    return [("put_item", where | {"value": value, "ttl": op.ttl})]


def _search(op: SearchOp, *, live: bool) -> dict[str, Any]:
    namespace = checks.text(".".join(op.namespace_prefix), "namespace", most=1500)
    wanted = dict(op.filter or {})
    _check_filter(wanted)
    checks.json_text(wanted, "filter", most=checks.MAX_METADATA)
    return {
        "namespace": namespace,
        "low": namespace,
        "high": f"{namespace}/" if namespace else _LAST,  # "/" is what follows "."
        "filter": wanted,
        "live": live,
        "refresh": op.refresh_ttl,
    } | _part(op.limit, op.offset)


def _part(limit: int, offset: int) -> dict[str, int]:
    for name, number in (("limit", limit), ("offset", offset)):
        if number < 0:
            raise InvalidInput(f"{name} {number} is negative")
    return {"limit": limit, "offset": offset}


def _check_filter(wanted: Mapping[str, Any]) -> None:
    for condition in wanted.values():
        if isinstance(condition, Mapping):
            signs = {name for name in condition if str(name).startswith("$")}
            if signs and (unknown := set(condition) - OPERATORS):
                raise ValueError(
                    f"there is no comparison {min(map(str, unknown))!r:.60}; there are {', '.join(sorted(OPERATORS))}"
                )
            if not signs:
                _check_filter(condition)
