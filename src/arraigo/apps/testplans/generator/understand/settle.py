"""After all sentences are read: which quantity an operation gives back, kinds of fields, transitions made whole."""

from collections.abc import Sequence
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import leaves
from arraigo.apps.testplans.generator.model import (
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Condition,
    Const,
    Expression,
    Length,
    Multiple,
    Not,
    OneOf,
    Ref,
    Remember,
    Rounded,
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.balances import bounded
from arraigo.apps.testplans.generator.understand.lifecycle import whole
from arraigo.apps.testplans.generator.understand.others import retell


def settle(system: System, instead: Sequence[tuple[str, str]] = ()) -> None:
    """Make the model whole; `instead`: operations that are done where another one is."""
    kept = {rule.target for rule in system.rules if isinstance(rule, Remember)}
    system.rules[:] = [
        new
        for rule in system.rules
        for new in (bounded(rule, system) if isinstance(rule, Check) and _about(rule, kept) else [rule])
    ]
    _values(system)
    _kinds(system)
    whole.settle(system, instead)
    retell(system)


def conditions_of(rule: Rule) -> list[Condition]:
    """The conditions of a rule, those inside of what it computes too."""
    when = getattr(rule, "when", None)
    by = getattr(rule, "by", None)
    return [*([when] if when is not None else []), *(_inside(by) if by is not None else [])]


def _inside(expression: Expression) -> list[Condition]:
    match expression:
        case Binary(_, left, right):
            return [*_inside(left), *_inside(right)]
        case Rounded(inner, _, _):
            return _inside(inner)
        case Choose(cases, otherwise):
            found = [one for condition, by in cases for one in (condition, *_inside(by))]
            return [*found, *(_inside(otherwise) if otherwise is not None else [])]
    return []


def _about(rule: Check, kept: set[str]) -> bool:
    part = rule.when.part if isinstance(rule.when, Not) else None
    return (
        isinstance(part, Compare)
        and isinstance(part.left, Ref)
        and part.left.name in kept
        and isinstance(part.right, Const)
    )


def _values(system: System) -> None:
    for rule in system.rules:
        for leaf in [leaf for condition in conditions_of(rule) for leaf in leaves(condition)]:
            if isinstance(leaf, OneOf) and leaf.name in system.fields:
                field = system.fields[leaf.name]
                field.values += [value for value in leaf.values if value not in field.values and field.kind != "flag"]


def _kinds(system: System) -> None:
    for rule in system.rules:
        for leaf in [leaf for condition in conditions_of(rule) for leaf in leaves(condition)]:
            match leaf:
                case Compare(Ref(name), _, other) | Compare(other, _, Ref(name)) if name in system.fields:
                    _seen(system, name, other)
                case OneOf(name, values) if name in system.fields and all(isinstance(v, Decimal) for v in values):
                    system.fields[name].kind = system.fields[name].kind or "number"
                case Compare(Length(name), _, _) if name in system.fields:
                    system.fields[name].kind = "text"
                case Multiple(name, unit) if name in system.fields:
                    whole = unit == unit.to_integral_value()
                    system.fields[name].kind = "integer" if whole else "number"
        if isinstance(rule, Compute):
            for name in _factors(rule.by):
                if name in system.fields and system.fields[name].kind == "":
                    system.fields[name].kind = "number"


def _seen(system: System, name: str, other: Expression) -> None:
    field = system.fields[name]
    if isinstance(other, Const) and isinstance(other.value, str):
        field.kind = "time" if len(other.value) == 5 else "date"
    elif field.kind in {"", "choice"} and not (field.kind == "choice" and isinstance(field.values[0], str)):
        field.kind = "number"


def _factors(expression: Expression) -> set[str]:
    match expression:
        case Ref(name):
            return {name}
        case Binary(_, left, right):
            return _factors(left) | _factors(right)
        case Rounded(inner, _, _):
            return _factors(inner)
        case Choose(cases, otherwise):
            return {name for by in [*(by for _, by in cases), otherwise] if by is not None for name in _factors(by)}
    return set()
