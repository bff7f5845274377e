"""Small changes of the model, one at a time, as programmers make them: what good cases have to notice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from re import error as BadPattern  # noqa: N812 - an exception by its kind
from re import fullmatch, sub

from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    At,
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
    Missing,
    Move,
    Multiple,
    Not,
    OneOf,
    Piece,
    Plain,
    Remember,
    Rounded,
    Rule,
    Shape,
    Some,
    Strikes,
    System,
    Told,
    Typed,
    Vague,
)

_NEXT = {"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",), "!=": ("==",)}
_OTHER = {"+": "-", "-": "+", "*": "+", "/": "*", "^": "*", "max": "min", "min": "max"}
_LARGE = 1000


@dataclass(frozen=True, slots=True)
class Begin(Rule):
    """What is kept before any step; no rule of the model, but wrong as easily."""

    name: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Fault:
    """Another rule (or none) in a rule's place.

    Attributes:
        place: Of the rule in the system.
        was: The rule.
        rule: What stands there instead.
        operations: In whose steps it can show.
    """

    place: int
    was: Rule
    rule: Rule | None
    operations: tuple[str, ...]


def faults(system: System) -> list[Fault]:
    """All of a system, rule by rule."""
    made: list[Fault] = []
    for place, rule in enumerate(system.rules):
        if isinstance(rule, Vague):
            continue
        freed = {*getattr(rule, "frees", ()), *getattr(rule, "freed", ())}
        others = list(dict.fromkeys(other for other in _changed(rule, system) if other != rule))
        for operation in rule.operations or tuple(system.operations):  # each has code of its own
            operations = tuple(dict.fromkeys([operation, *sorted(freed)]))
            made += [Fault(place, rule, other, operations) for other in others]
    for name, value in system.begin.items():
        touched = [rule for rule in system.rules if isinstance(rule, Remember) and rule.target == name]
        of = touched[0].requirement if touched else ""
        made += [Fault(-1, Begin(of, (), name, value), Begin(of, (), name, other), ()) for other in _begun(value)]
    return made


def _begun(value: Plain) -> tuple[Plain, ...]:
    if isinstance(value, bool):
        return (not value,)
    return (value + 1, value - 1) if isinstance(value, Decimal) else ()


def _changed(rule: Rule, system: System) -> Iterator[Rule | None]:
    yield None
    match rule:
        case Check(when=when) | Told(when=when) | Compute(when=when) | Move(when=when) | Remember(when=when):
            for other in _conditions(when):
                yield replace(rule, when=other)
    if isinstance(rule, (Check, Told, Move, Barred, Limit)) and rule.message:
        yield replace(rule, message=f"{rule.message} @")
    if isinstance(rule, (Check, Strikes)) and rule.target:
        yield replace(rule, target=None)
    if isinstance(rule, (Compute, Remember)):
        for by in _expressions(rule.by):
            yield replace(rule, by=by)
        for how in _HOW.get(rule.how, ()):
            yield replace(rule, how=how)
    if isinstance(rule, (Move, Barred)):
        yield from _moved(rule, system)
    if isinstance(rule, (Limit, Strikes)):
        yield replace(rule, count=rule.count + 1)
        yield replace(rule, count=rule.count - 1)
    if isinstance(rule, Strikes):
        yield replace(rule, resets=not rule.resets)
        yield replace(rule, floor=1)
        for name in rule.freed:
            yield replace(rule, freed=tuple(other for other in rule.freed if other != name))


_HOW = {
    "plus": ("minus", "set"),
    "minus": ("plus", "set"),
    "add": ("cut",),
    "cut": ("add",),
    "raise": ("lower",),
    "lower": ("raise",),
    "least": ("most",),
    "most": ("least",),
    "near": ("up", "down"),
    "up": ("down", "near"),
    "down": ("up", "near"),
}


def _moved(rule: Move | Barred, system: System) -> Iterator[Rule]:
    for source in rule.sources:
        yield replace(rule, sources=tuple(other for other in rule.sources if other != source) or ("@none",))
    for state in system.states if rule.sources else ():
        if state not in rule.sources:
            yield replace(rule, sources=(*rule.sources, state))
    if isinstance(rule, Move) and rule.target:
        for state in [*system.states, "@other"]:
            if state != rule.target:
                yield replace(rule, target=state)
                break
        if rule.target != SAME:
            yield replace(rule, target=SAME)


def _conditions(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Compare(left, op, right):
            for other in _NEXT[op]:
                yield Compare(left, other, right)
            for near in _expressions(right):
                yield Compare(left, op, near)
            for near in _expressions(left):
                yield Compare(near, op, right)
        case OneOf(name, values):
            for value in values:
                yield OneOf(name, tuple(v for v in values if v != value))
        case Multiple(name, unit):
            yield Multiple(name, unit / 10)
        case Shape(name, pattern, called):
            for looser in _looser(pattern):
                yield Shape(name, looser, called)
        case Typed() | Missing():
            yield Not(ALWAYS) if isinstance(condition, Missing) else ALWAYS
        case Not(part):
            yield part
            for inner in _conditions(part):
                yield Not(inner)
        case Every(parts) | Some(parts):
            yield from _joined(type(condition), parts)


def _joined(kind: type[Every] | type[Some], parts: Sequence[Condition]) -> Iterator[Condition]:
    if len(parts) > 1:
        yield (Some if kind is Every else Every)(tuple(parts))
    for i, part in enumerate(parts):
        if len(parts) > 1:
            yield kind((*parts[:i], *parts[i + 1 :]))
        for changed in _conditions(part):
            yield kind((*parts[:i], changed, *parts[i + 1 :]))


def _looser(pattern: str) -> Iterator[str]:
    """Patterns that take more."""
    for pieces in (
        sub(r"\{(\d+)\}", r"{\1,}", pattern),
        sub(r"\{(\d+)\}", lambda found: f"{{{int(found[1]) - 1},{found[1]}}}", pattern),
        f"{pattern}.",
        f".?{pattern}",
        sub(r"\[[^\]]+\]", ".", pattern),
        sub(r"\[[^\]]+\]", ".", pattern, count=1),
        ".*",
    ):
        try:
            fullmatch(pieces, "")
        except BadPattern:
            continue
        yield pieces


def _expressions(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Const(value) if isinstance(value, Decimal):
            yield from (Const(near) for near in _near(value))
        case Const(value) if isinstance(value, bool):
            yield Const(not value)
        case Const(value) if isinstance(value, str):
            yield Const(_late(value))
        case Binary(op, left, right):
            for other in _expressions(left):
                yield Binary(op, other, right)
            for other in _expressions(right):
                yield Binary(op, left, other)
            if op in _OTHER:
                yield Binary(_OTHER[op], left, right)
            yield left
            yield right
        case Choose(cases, otherwise):
            yield from _cases(cases, otherwise)
        case Rounded(inner, how, unit):
            yield inner
            for mode in ("near", "up", "down"):
                if mode != how:
                    yield Rounded(inner, mode, unit)
            for other in _expressions(inner):
                yield Rounded(other, how, unit)
        case Piece(of, start, end):
            yield Piece(of, start + 1, end)
            yield Piece(of, max(0, start - 1), end)
        case At(name, _):
            yield At(name, Const("@"))


def _cases(cases: tuple[tuple[Condition, Expression], ...], otherwise: Expression | None) -> Iterator[Expression]:
    for i, (condition, by) in enumerate(cases):
        before, after = cases[:i], cases[i + 1 :]
        yield Choose((*before, *after), otherwise)
        for changed in _conditions(condition):
            yield Choose((*before, (changed, by), *after), otherwise)
        for other in _expressions(by):
            yield Choose((*before, (condition, other), *after), otherwise)
    for other in _expressions(otherwise) if otherwise is not None else ():
        yield Choose(cases, other)


def _near(value: Decimal) -> Iterator[Decimal]:
    exponent = value.as_tuple().exponent
    last = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    yield value + last
    yield value - last
    if abs(value) >= _LARGE:
        yield (value * Decimal("1.1")).to_integral_value()


def _late(text: str) -> str:
    """Another text of the same kind: a minute or an hour or a day later, else marked."""
    if fullmatch(r"\d\d:\d\d", text):
        minutes = (int(text[:2]) * 60 + int(text[3:]) + 1) % 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}@"
