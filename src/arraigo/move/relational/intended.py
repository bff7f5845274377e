"""What of a plan is meant to differ on the target, in a form that is kept with the run and held against both sides."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.changes import Changes
from arraigo.move.relational.facts import Facts
from arraigo.move.relational.names import label, quoted
from arraigo.move.relational.plans import Plan
from arraigo.move.relational.statements import Entry

_CHECKS = {
    "POLICY": "policies", "TRIGGER": "triggers", "FK CONSTRAINT": "foreign_keys", "CONSTRAINT": "constraints",
    "CHECK CONSTRAINT": "constraints", "INDEX": "indexes", "VIEW": "views", "MATERIALIZED VIEW": "views",
    "RULE": "views", "FUNCTION": "functions", "PROCEDURE": "functions", "AGGREGATE": "functions",
    "EXTENSION": "extensions", "EVENT TRIGGER": "triggers", "STATISTICS": "indexes", "COLLATION": "types",
}  # fmt: skip
# What the checks put before a name.
_WORDS = {
    "RULE": "rule ", "EVENT TRIGGER": "event trigger ", "STATISTICS": "statistics ", "COLLATION": "collation ",
}  # fmt: skip
_ON_TABLES = frozenset({"POLICY", "TRIGGER", "FK CONSTRAINT", "CONSTRAINT", "CHECK CONSTRAINT", "RULE"})
_GRANT = re.compile(r"(?P<kind>[A-Z ]+?) (?P<object>.*) to (?P<role>\S+)")


def of(plan: Plan, source: Facts, target: Facts, moved: Catalog) -> Changes:
    """The changes that a plan has stated."""
    gone = (*plan.script.dropped, *plan.script.adapted.dropped)
    roles = dict.fromkeys(plan.script.roles_left, target.user)
    roles |= {role: "" for role in source.roles if role not in target.roles and role not in roles}
    return Changes(
        tables=frozenset(plan.script.tables_left),
        dropped=frozenset(name for entry in gone for name in _names(entry, moved)),
        extensions=plan.script.adapted.extensions_left,
        replaced=tuple(plan.script.adapted.replaced),
        roles=roles,
    )


def to_json(changes: Changes, before: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """As the run keeps them, with what was on the target before it."""
    return {
        "tables": sorted(changes.tables),
        "dropped": sorted(changes.dropped),
        "extensions": sorted(changes.extensions),
        "replaced": [[pattern.pattern, stand_in] for pattern, stand_in in changes.replaced],
        "roles": dict(changes.roles),
        "owner": changes.owner,
        "before": sorted(before),
    }


def from_json(held: dict[str, Any]) -> tuple[Changes, frozenset[tuple[str, str]]]:
    """What `to_json` gave."""
    changes = Changes(
        tables=frozenset(held["tables"]),
        dropped=frozenset((check, name) for check, name in held["dropped"]),
        extensions=frozenset(held["extensions"]),
        replaced=tuple((re.compile(pattern), stand_in) for pattern, stand_in in held["replaced"]),
        roles=held["roles"],
        owner=held["owner"],
    )
    return changes, frozenset((check, name) for check, name in held["before"])


def there(found: Catalog) -> frozenset[tuple[str, str]]:
    """Everything that a catalog has, as checks name it."""
    return frozenset((check, name) for check, names in found.objects.items() for name in names)


def _names(entry: Entry, moved: Catalog) -> Iterator[tuple[str, str]]:
    """How the checks call what an entry makes."""
    check = _CHECKS.get(entry.kind)
    if entry.kind == "ACL" and (grant := _GRANT.fullmatch(entry.name)):
        bare = grant["object"]
        name = f"schema {bare}" if grant["kind"] == "SCHEMA" else f"{quoted(entry.schema)}.{bare}"
        yield "grants", f"{name} to {grant['role']}"
    elif entry.kind in _ON_TABLES and check:
        for table in moved.tables.values():
            if own := entry.own(table.schema, table.name):
                yield check, _WORDS.get(entry.kind, "") + label(table.schema, table.name, own)
                yield "indexes", label(table.schema, own)
    elif check:
        names = [entry.schema, entry.name] if entry.schema else [entry.name]
        bare = f"{quoted(entry.schema)}.{entry.name}" if check == "functions" else label(*names)
        yield check, _WORDS.get(entry.kind, "") + (entry.name if check == "extensions" else bare)
