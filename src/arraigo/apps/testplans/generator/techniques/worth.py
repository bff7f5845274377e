"""What a case is worth: which small changes of the model it would notice. Greedy, so that few cases notice much."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import UNKNOWN
from arraigo.apps.testplans.generator.model import (
    Barred,
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Condition,
    Const,
    Every,
    Expression,
    Limit,
    Move,
    Multiple,
    Not,
    OneOf,
    Rounded,
    Rule,
    Some,
    Strikes,
    System,
)
from arraigo.apps.testplans.generator.techniques.solve import Step
from arraigo.apps.testplans.generator.world import Machine, Outcome

_NEXT = {"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",), "!=": ("==",)}
_OTHER = {"+": "-", "-": "+", "*": "/", "/": "*", "^": "*", "max": "min", "min": "max"}
_MOST = 400


@dataclass(frozen=True, slots=True)
class Ran:
    """A script with what the model says of each step."""

    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]


def run(system: System, steps: Sequence[Step]) -> tuple[Outcome, ...]:
    """What each step gives in a fresh world."""
    return Machine(system).run(steps)


def changes(system: System) -> list[tuple[System, tuple[str, ...]]]:
    """The model with one small change each, and the operations that the change can touch."""
    made: list[tuple[System, tuple[str, ...]]] = []
    for i, rule in enumerate(system.rules):
        for other in _changed(rule, system):
            rules = [*system.rules[:i], *([other] if other is not None else []), *system.rules[i + 1 :]]
            made.append((replace(system, rules=rules), rule.operations or tuple(system.operations)))
    return made[:_MOST]


def _changed(rule: Rule, system: System) -> Iterator[Rule | None]:
    yield None
    if isinstance(rule, (Check, Compute)):
        for when in _conditions(rule.when):
            yield replace(rule, when=when)
    if isinstance(rule, Check) and rule.message:
        yield replace(rule, message=rule.message + ".")
    if isinstance(rule, Compute):
        for by in _expressions(rule.by):
            yield replace(rule, by=by)
        if rule.how in {"near", "up", "down"}:
            for how in {"near", "up", "down"} - {rule.how}:
                yield replace(rule, how=how)
    if isinstance(rule, (Move, Barred)):
        for source in rule.sources:
            yield replace(rule, sources=tuple(s for s in rule.sources if s != source) or ("@none",))
        if isinstance(rule, Move) and rule.sources:
            for state in system.states:
                if state not in rule.sources:
                    yield replace(rule, sources=(*rule.sources, state))
        if isinstance(rule, Move) and rule.target:
            yield replace(rule, target="@other")
    if isinstance(rule, (Limit, Strikes)):
        yield replace(rule, count=rule.count + 1)
        yield replace(rule, count=rule.count - 1)
    if isinstance(rule, Strikes):
        yield replace(rule, resets=not rule.resets)


def _conditions(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Compare(left, op, right):
            for other in _NEXT[op]:
                yield Compare(left, other, right)
            for near in _expressions(right):
                yield Compare(left, op, near)
        case OneOf(name, values):
            for value in values:
                yield OneOf(name, tuple(v for v in values if v != value))
        case Multiple(name, _):
            yield Multiple(name, Decimal(1))
        case Not(part):
            yield part
            for inner in _conditions(part):
                yield Not(inner)
        case Every(parts) | Some(parts):
            kind = type(condition)
            for i, part in enumerate(parts):
                yield kind((*parts[:i], *parts[i + 1 :]))
                for changed in _conditions(part):
                    yield kind((*parts[:i], changed, *parts[i + 1 :]))


def _expressions(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Const(value) if isinstance(value, Decimal):
            yield Const(value + 1)
            yield Const(value - 1)
        case Binary(op, left, right):
            for other in _expressions(left):
                yield Binary(op, other, right)
            for other in _expressions(right):
                yield Binary(op, left, other)
            if op in _OTHER:
                yield Binary(_OTHER[op], left, right)
        case Choose(cases, otherwise):
            for i, (condition, by) in enumerate(cases):
                for changed in _conditions(condition):
                    yield Choose((*cases[:i], (changed, by), *cases[i + 1 :]), otherwise)
                for other in _expressions(by):
                    yield Choose((*cases[:i], (condition, other), *cases[i + 1 :]), otherwise)
            for other in _expressions(otherwise) if otherwise is not None else ():
                yield Choose(cases, other)
        case Rounded(inner, how, unit):
            yield inner
            yield Rounded(inner, "down" if how != "down" else "up", unit)


def notices(ran: Ran, changed: System) -> bool:
    """Whether the script would see the change."""
    machine = Machine(changed)
    world = machine.start()
    for (operation, inputs), outcome in zip(ran.steps, ran.outcomes, strict=True):
        other, world = machine.step(world, operation, inputs)
        if other.accepted != outcome.accepted:
            return True
        if outcome.value is not UNKNOWN and outcome.accepted is True and other.value != outcome.value:
            return True
        if (outcome.state or outcome.message) and (other.state, other.message) != (outcome.state, outcome.message):
            return True
    return False
