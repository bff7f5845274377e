"""The value of expressions and conditions over concrete data; what cannot be known is UNKNOWN, never guessed.

A comparison with what is not given (None) or is of another type is UNKNOWN: whether that is refused is for the rules
about missing and about types to say.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from enum import Enum
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from arraigo.apps.testplans.generator.model import (
    At,
    Binary,
    Choose,
    Compare,
    Compute,
    Condition,
    Const,
    Count,
    Every,
    Expression,
    Length,
    Missing,
    Multiple,
    Not,
    Number,
    OneOf,
    Piece,
    Plain,
    Ref,
    Rounded,
    Shape,
    Some,
    System,
    Typed,
    Unread,
)
from arraigo.apps.testplans.generator.words import fold


class _Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
Known: TypeAlias = Plain | Literal[_Unknown.UNKNOWN]
Truth: TypeAlias = bool | Literal[_Unknown.UNKNOWN]

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "^": lambda a, b: a**b,
    "max": max,
    "min": min,
}
_ROUND = {"near": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_YES = {"yes": True, "si": True, "sí": True, "true": True, "no": False, "false": False}


class Scope:
    """Names and their values in one step: inputs first, then what is kept, then what `computes` makes of them."""

    __slots__ = (
        "_computed",
        "_open",
        "_so_far",
        "_truths",
        "_values",
        "computes",
        "names",
        "operation",
        "system",
    )

    def __init__(
        self,
        system: System,
        operation: str,
        names: Mapping[str, Known],
        computes: Mapping[str, Sequence[Compute]] | None = None,
    ) -> None:
        self.system = system
        self.operation = operation
        self.names = names
        self.computes = computes if computes is not None else by_target(system, operation)
        self._computed: dict[str, Known] = {}
        self._open: set[str] = set()
        self._so_far: dict[str, Known] = {}
        self._values: dict[int, tuple[Expression, Known]] = {}
        self._truths: dict[int, tuple[Condition, Truth]] = {}

    def value(self, expression: Expression) -> Known:
        """The expression's value."""
        seen = self._values.get(id(expression))
        if seen is None:  # what is kept holds the expression too, so that its id stays its own
            seen = self._values[id(expression)] = expression, _VALUES[type(expression)](self, expression)
        return seen[1]

    def holds(self, condition: Condition) -> Truth:
        """Whether the condition holds."""
        seen = self._truths.get(id(condition))
        if seen is None:
            seen = self._truths[id(condition)] = condition, _TRUTHS[type(condition)](self, condition)
        return seen[1]

    def kept(self, name: str, key: Known) -> Known:
        """What is kept under a name for a key."""
        if key is UNKNOWN or key is None:
            return UNKNOWN
        return self.names.get(keyed(name, key), self.system.begin.get(name, UNKNOWN))

    def named(self, name: str) -> Known:
        """What a name stands for here."""
        if name in self.names and name not in self.computes:
            return self.names[name]
        if ":" in name and not name.startswith("@"):
            return None  # what an operation that was not done was given
        if name not in self._computed:
            if name in self._open:
                return self._so_far.get(name, UNKNOWN)
            self._open.add(name)
            made = self._compute(name)
            self._computed[name] = self.names.get(name, UNKNOWN) if made is UNKNOWN else made
            self._open.discard(name)
        return self._computed[name]

    def _compute(self, name: str) -> Known:
        rules = self.computes.get(name, ())
        result: Known = Decimal(0) if rules and all(rule.how == "add" for rule in rules) else UNKNOWN
        for rule in rules:
            self._so_far[name] = result
            known = self._values, self._truths
            if _goes_on(rule):  # what it came to so far is no more what it was
                self._values, self._truths = {}, {}
            holds = self.holds(rule.when)
            if holds is UNKNOWN:
                result = UNKNOWN
            elif holds:
                result = self.value(rule.by) if rule.how == "set" else self._change(result, rule)
            self._values, self._truths = known
            if holds is UNKNOWN:
                break
        return result

    def _change(self, result: Known, rule: Compute) -> Known:
        by = self.value(rule.by)
        if not isinstance(by, Decimal) or not isinstance(result, Decimal):
            return UNKNOWN
        match rule.how:
            case "add":
                return result + by
            case "cut":
                return result - by
            case "raise":
                return result * (100 + by) / 100
            case "lower":
                return result * (100 - by) / 100
            case "least":
                return max(result, by)
            case "most":
                return min(result, by)
            case "near" | "up" | "down" if by > 0:
                return _rounded(result, rule.how, by)
        return UNKNOWN


def by_target(system: System, operation: str) -> dict[str, list[Compute]]:
    """What is computed in an operation, by the name of the quantity."""
    made: dict[str, list[Compute]] = {}
    for rule in system.rules:
        if isinstance(rule, Compute) and (not rule.operations or operation in rule.operations):
            made.setdefault(rule.target, []).append(rule)
    return made


_SEEN: dict[int, tuple[Compute, bool]] = {}


def _goes_on(rule: Compute) -> bool:
    """Whether a rule speaks of what its own target came to so far."""
    seen = _SEEN.get(id(rule))
    if seen is None or seen[0] is not rule:
        if len(_SEEN) > 10_000:
            _SEEN.clear()
        seen = _SEEN[id(rule)] = rule, rule.target in names_in(rule.by) | names_in(rule.when)
    return seen[1]


def keyed(name: str, key: Plain) -> str:
    """The name under which something is kept for a key."""
    return f"{name}[{key.normalize() if isinstance(key, Decimal) else key}]"


def number_of(how: str, text: str) -> Known:
    """A number out of a text; UNKNOWN where it is not such a text."""
    match how:
        case "digits" if text.isdecimal():
            return Decimal(sum(map(int, text)))
        case "value" if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return Decimal(text)
        case "weekday" if _is_date(text):
            return Decimal(date.fromisoformat(text).weekday())
    return UNKNOWN


def _counted(moment: str) -> Known:
    """Minutes since midnight of HH:MM, days of a date."""
    if found := re.fullmatch(r"(\d\d?):(\d\d)", moment):
        return Decimal(int(found[1]) * 60 + int(found[2]))
    return Decimal(date.fromisoformat(moment).toordinal()) if _is_date(moment) else UNKNOWN


def is_of(kind: str, value: Plain) -> bool:
    """Whether a value that is given is of a kind."""
    if kind in {"integer", "number"}:
        return isinstance(value, Decimal) and (kind == "number" or value == value.to_integral_value())
    if kind == "flag":
        return isinstance(value, bool) or (isinstance(value, str) and value.lower() in _YES)
    if not isinstance(value, str):
        return False
    if kind == "time":
        return _TIME.fullmatch(value) is not None
    if kind == "date":
        return _is_date(value)
    return True


@lru_cache(1000)
def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == len("2026-01-31")
    except ValueError:
        return False


def _combined(op: str, one: Known, other: Known) -> Known:
    if op == "&" and one is not UNKNOWN and other is not UNKNOWN:
        return "".join(format(v.normalize(), "f") if isinstance(v, Decimal) else str(v) for v in (one, other))
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return UNKNOWN
    try:
        return _ARITHMETIC[op](one, other)
    except (DivisionByZero, InvalidOperation):
        return UNKNOWN


def _rounded(number: Known, how: str, unit: Decimal) -> Known:
    if not isinstance(number, Decimal):
        return number
    return (number / unit).to_integral_value(rounding=_ROUND[how]) * unit


def _compared(one: Known, op: str, other: Known) -> Truth:
    if one is UNKNOWN or other is UNKNOWN or one is None or other is None:
        return UNKNOWN
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return _COMPARE[op](one, other)
    if op in {"==", "!="}:
        return _same(one, other) == (op == "==")
    if isinstance(one, str) and isinstance(other, str):  # dates and times of one width
        if len(one) != len(other):
            return UNKNOWN
        return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]
    return UNKNOWN


def _negated(truth: Truth) -> Truth:
    return UNKNOWN if truth is UNKNOWN else not truth


_folded = lru_cache(10_000)(fold)


def _same(one: Plain, other: Plain) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _folded(one) == _folded(other)
    if isinstance(one, str) and isinstance(other, bool):
        return _YES.get(one.lower()) is other
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _chosen(scope: Scope, it: Choose) -> Known:
    for when, then in it.cases:
        holds = scope.holds(when)
        if holds is not False:
            return scope.value(then) if holds is True else UNKNOWN
    return UNKNOWN if it.otherwise is None else scope.value(it.otherwise)


def _length(scope: Scope, it: Length) -> Known:
    text = scope.named(it.name)
    return Decimal(len(text)) if isinstance(text, str) else UNKNOWN if text is UNKNOWN else None


def _piece(scope: Scope, it: Piece) -> Known:
    text = scope.value(it.of)
    return text[it.start : it.end] if isinstance(text, str) else UNKNOWN


def _number(scope: Scope, it: Number) -> Known:
    text = scope.value(it.of)
    return number_of(it.how, text) if isinstance(text, str) else UNKNOWN


def _count(scope: Scope, it: Count) -> Known:
    moment = scope.named(it.name)
    return _counted(moment) if isinstance(moment, str) else UNKNOWN


def _one_of(scope: Scope, it: OneOf) -> Truth:
    value = scope.named(it.name)
    return UNKNOWN if value is UNKNOWN or value is None else any(_same(value, one) for one in it.values)


def _typed(scope: Scope, it: Typed) -> Truth:
    value = scope.named(it.name)
    return UNKNOWN if value is UNKNOWN else value is None or is_of(it.kind, value)


def _multiple(scope: Scope, it: Multiple) -> Truth:
    value = scope.named(it.name)
    return value % it.unit == 0 if isinstance(value, Decimal) else UNKNOWN


def _missing(scope: Scope, it: Missing) -> Truth:
    value = scope.named(it.name)
    return UNKNOWN if value is UNKNOWN else value is None or (isinstance(value, str) and not value.strip())


def _shape(scope: Scope, it: Shape) -> Truth:
    value = scope.named(it.name)
    return re.fullmatch(it.pattern, value) is not None if isinstance(value, str) else UNKNOWN


def _all(scope: Scope, parts: Sequence[Condition], *, want: bool) -> Truth:
    """Whether each part is as wanted."""
    sure: Truth = True
    for part in parts:
        holds = scope.holds(part)
        if holds is UNKNOWN:
            sure = UNKNOWN
        elif holds is not want:
            return False
    return sure


_VALUES: dict[type, Callable[[Scope, Any], Known]] = {
    Const: lambda _, it: it.value,
    Ref: lambda scope, it: scope.named(it.name),
    Binary: lambda scope, it: _combined(it.op, scope.value(it.left), scope.value(it.right)),
    Choose: _chosen,
    Rounded: lambda scope, it: _rounded(scope.value(it.inner), it.how, it.unit),
    Length: _length,
    Count: _count,
    At: lambda scope, it: scope.kept(it.name, scope.value(it.key)),
    Number: _number,
    Piece: _piece,
}
_TRUTHS: dict[type, Callable[[Scope, Any], Truth]] = {
    Every: lambda scope, it: _all(scope, it.parts, want=True),
    Some: lambda scope, it: _negated(_all(scope, it.parts, want=False)),
    Not: lambda scope, it: _negated(scope.holds(it.part)),
    Compare: lambda scope, it: _compared(scope.value(it.left), it.op, scope.value(it.right)),
    OneOf: _one_of,
    Typed: _typed,
    Multiple: _multiple,
    Missing: _missing,
    Shape: _shape,
    Unread: lambda _scope, _it: UNKNOWN,
}


def names_in(thing: Condition | Expression) -> set[str]:
    """All names that a condition or expression depends on."""
    match thing:
        case Ref(name) | Length(name) | OneOf(name, _) | Multiple(name, _) | Missing(name) | Shape(name, _, _):
            return {name}
        case Typed(name, _) | Count(name):
            return {name}
        case Binary(_, left, right) | Compare(left, _, right):
            return names_in(left) | names_in(right)
        case Rounded(inner, _, _) | Number(_, inner) | Piece(inner, _, _):
            return names_in(inner)
        case At(name, key):
            return {name} | names_in(key)
        case Choose(cases, otherwise):
            named = names_in(otherwise) if otherwise is not None else set()
            return named.union(*(names_in(when) | names_in(then) for when, then in cases))
        case Every(parts) | Some(parts):
            return set().union(*(names_in(part) for part in parts)) if parts else set()
        case Not(part):
            return names_in(part)
    return set()


def leaves(condition: Condition) -> list[Condition]:
    """The comparisons that a condition is made of."""
    match condition:
        case Every(parts) | Some(parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Not(part):
            return leaves(part)
    return [condition]
