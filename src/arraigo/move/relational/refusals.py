"""What a target refused in the rehearsal: what may stay behind, what stops the move, and the way out."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.facts import Facts
from arraigo.move.relational.names import label, quoted
from arraigo.move.relational.plans import Hindrance
from arraigo.move.relational.rehearsal import Refusal
from arraigo.move.relational.statements import roles_in

# What others name in their refusal when it was refused itself, and the SQLSTATEs that say so.
_NAMED_BY_OTHERS = frozenset({"TABLE", "FUNCTION", "TYPE", "DOMAIN", "VIEW", "COLLATION", "MATERIALIZED VIEW"})
_MISSING = frozenset({"42P01", "42883", "42704"})
_THERE_ALREADY = frozenset({"42P07", "42710", "42723", "42P06"})
# Without these nothing else stands, so that they do not stay behind whatever somebody says.
_ESSENTIAL = frozenset(
    {"TABLE", "DEFAULT", "SEQUENCE", "SCHEMA", "TYPE", "DOMAIN", "TABLE ATTACH", "SEQUENCE OWNED BY"}
)
_NAMED = 3


def judged(refused: Sequence[Refusal], patterns: Sequence[str], target: Facts) -> tuple[list[Refusal], list[Hindrance]]:
    """What was refused and may stay behind, and what stops the move; of a missing role once for all that name it."""
    accepted: list[Refusal] = []
    cannot: list[Hindrance] = []
    naming: dict[str, Counter[str]] = {}
    follows: dict[str, list[str]] = {}
    for one in refused:
        root = _root(one, refused)
        if root is not None and root in accepted:
            accepted.append(one)
            continue
        if root is not None:
            follows.setdefault(root.entry.label, []).append(one.entry.label)
            continue
        role = _missing_role(one, target)
        names = [one.entry.label, *([f"role {role}"] if role else [])]
        if one.entry.kind not in _ESSENTIAL and any(fits(name, pattern) for name in names for pattern in patterns):
            accepted.append(one)
        elif role:
            naming.setdefault(role, Counter())["policies" if one.entry.kind == "POLICY" else "grants"] += 1
        else:
            cannot.append(Hindrance(one.entry.label, one.reason, _way_out(one)))
    cannot = [replace(one, why=f"{one.why}{_and_more(follows.get(one.what, []))}") for one in cannot]
    for role, counts in naming.items():
        told = " and ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        make = f"on the target: CREATE ROLE {quoted(role)} NOLOGIN (LOGIN, if it signs in)"
        way = f"{make}; or do without: --accept {_shell(f'role {role}')}"
        cannot.insert(0, Hindrance(f"role {role}", f"the target does not have it, and {told} name it", way))
    return accepted, cannot


def with_extension(one: Refusal, moved: Catalog, left: Collection[str]) -> Refusal:
    """A table that needs an extension is refused for want of its type; the extension is what is missing."""
    table = moved.tables.get(label(one.entry.schema, one.entry.name)) if one.entry.kind == "TABLE" else None
    needed = next((c.extension for c in table.columns if c.extension in left), "") if table else ""
    return replace(one, reason=f"it needs the extension {needed}, which the target does not offer") if needed else one


def _root(one: Refusal, refused: Sequence[Refusal]) -> Refusal | None:
    """What was refused before, and is named in this refusal's reason: it is not there."""
    if one.state not in _MISSING:
        return None
    for other in refused:
        if other is one:
            return None
        place = f"{other.entry.schema}.{other.entry.name}"
        if other.entry.kind in _NAMED_BY_OTHERS and (f'"{place}"' in one.reason or f" {place} " in one.reason):
            return other
    return None


def _and_more(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    return f" (needed by {', '.join(labels[:_NAMED])}{more})"


def _way_out(one: Refusal) -> str:
    if one.state in _THERE_ALREADY:
        return "nothing on the target is written over: drop it there, or move into another database"
    if one.entry.kind in _ESSENTIAL:
        return "leave out with --exclude the tables that need it"
    return f"do without it: --accept {_shell(one.entry.label)}"


def fits(name: str, pattern: str) -> bool:
    """Whether a name is meant, in so many words or by a pattern."""
    return name == pattern or fnmatchcase(name, pattern)


def _missing_role(one: Refusal, target: Facts) -> str:
    """The role that the target lacks, where that is the reason (SQLSTATE 42704)."""
    if one.state != "42704" or one.entry.kind not in {"ACL", "POLICY", "DEFAULT ACL"}:
        return ""
    return next((name for name in roles_in(one.entry) if name not in target.roles | {"PUBLIC"}), "")


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
