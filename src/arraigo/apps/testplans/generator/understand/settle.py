"""After all sentences are read: which quantity an operation gives back, kinds of fields, transitions made whole."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from arraigo.apps.testplans.generator.creators import parts
from arraigo.apps.testplans.generator.evaluate import leaves, names_in
from arraigo.apps.testplans.generator.model import (
    VALUE,
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Condition,
    Const,
    Every,
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
from arraigo.apps.testplans.generator.synonyms import alike
from arraigo.apps.testplans.generator.understand.balances import bounded
from arraigo.apps.testplans.generator.understand.lifecycle import whole
from arraigo.apps.testplans.generator.understand.others import retell
from arraigo.apps.testplans.generator.words import stem


def settle(system: System, instead: Sequence[tuple[str, str]] = ()) -> None:
    """Make the model whole; `instead`: operations that are done where another one is."""
    _owners(system)
    kept = {rule.target for rule in system.rules if isinstance(rule, Remember)}
    system.rules[:] = [
        new
        for rule in system.rules
        for new in (bounded(rule, system) if isinstance(rule, Check) and _about(rule, kept) else [rule])
    ]
    _values(system)
    _kinds(system)
    _returns(system)
    whole.settle(system, instead)
    retell(system)
    _fixed(system)


def _fixed(system: System) -> None:
    """A fixed charge and then one per unit: the second is added."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for i, rule in enumerate(system.rules):
        if not isinstance(rule, Compute) or rule.how != "set":
            continue
        others = [
            r
            for r in system.rules
            if isinstance(r, Compute)
            and r.target == rule.target
            and r.how == "set"
            and not r.extra
            and names_in(r.when) != names_in(rule.when)
        ]
        if rule.extra and others and rule.when != Every():
            system.rules[i] = replace(rule, how="add")
        if rule.when != Every():
            continue
        at = (rule.target, rule.operations)
        if at in seen and (isinstance(rule.by, Binary) or rule.extra):
            system.rules[i] = replace(rule, how="add")
        seen.add(at)


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


def _owners(system: System) -> None:
    """A price that hangs on a computed quantity belongs to the operations that compute it."""
    owners: dict[str, set[str]] = {}
    for rule in system.rules:
        if isinstance(rule, Compute) and not rule.target.startswith(VALUE):
            owners.setdefault(rule.target, set()).update(rule.operations)
    for i, rule in enumerate(system.rules):
        if not isinstance(rule, Compute):
            continue
        needed = [
            owners[name] for name in names_in(rule.when) | names_in(rule.by) if name in owners and name != rule.target
        ]
        if needed and not set(rule.operations) & _joined(needed):
            system.rules[i] = replace(rule, operations=tuple(sorted(_joined(needed))))


def _joined(sets: list[set[str]]) -> set[str]:
    return {name for one in sets for name in one}


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


def _returns(system: System) -> None:
    """Quantities that nothing else uses are what is given back; loose prices change the one there is."""
    computed = [rule for rule in system.rules if isinstance(rule, Compute)]
    used = {name for rule in system.rules for condition in conditions_of(rule) for name in names_in(condition)} | {
        name for rule in computed for name in names_in(rule.by) if name != rule.target
    }
    returns: dict[str, str] = dict(system.returns)
    for operation in system.operations:
        own = [rule for rule in computed if not rule.operations or operation in rule.operations]
        quantities = {
            n for n in system.operations[operation] if any(alike(stem(part), "quantit") >= 0.8 for part in parts(n))
        }
        sets = [rule for rule in own if rule.how == "set" and not rule.extra]
        if quantities and sets and not any(quantities & names_in(rule.by) for rule in own if not rule.extra):
            system.doubtful.add(operation)  # of one or of all of them? nobody has said
        bases = list(dict.fromkeys(rule.target for rule in own if not rule.target.startswith(VALUE)))
        if any(rule.target == VALUE and rule.how == "set" and not rule.extra for rule in own) or not bases:
            continue
        fixed = {rule.target for rule in own if rule.how == "set"}
        last = [name for name in bases if name not in used and name in fixed]
        if operation in returns:
            continue
        if len(last) > 1:
            made = [name for name in last if any(r.target == name and isinstance(r.by, Binary) for r in own)]
            last = made if len(made) == 1 else last
        if len(last) > 1:
            system.doubtful.add(operation)
        if last:
            returns[operation] = last[-1]
    system.returns = returns
    settled: list[Rule] = []
    for rule in system.rules:
        if isinstance(rule, Compute) and rule.target.startswith(VALUE):
            given = {returns.get(name, VALUE) for name in rule.operations or system.operations}
            settled.append(replace(rule, target=given.pop() if len(given) == 1 else VALUE))
        else:
            settled.append(rule)
    system.rules[:] = settled
