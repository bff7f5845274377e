"""The value of expressions and conditions over concrete data; what cannot be known is UNKNOWN, never guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from enum import Enum
from typing import Final, Literal, TypeAlias

from arraigo.apps.testplans.generator.model import (
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
    OneOf,
    Plain,
    Ref,
    Rounded,
    Shape,
    Some,
    System,
    Typed,
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
    "^": lambda a, b: a**b,
    "max": max,
    "min": min,
}
_ROUND = {"near": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


class Scope:
    """Names and their values in one step: inputs first, then what is kept, then what is computed."""

    def __init__(self, system: System, operation: str, names: Mapping[str, Plain]) -> None:
        self.system = system
        self.operation = operation
        self.names = names
        self._computed: dict[str, Known] = {}
        self._open: set[str] = set()

    def value(self, expression: Expression) -> Known:
        """The expression's value."""
        match expression:
            case Const(value):
                return value
            case Ref(name):
                return self.named(name)
            case Length(name):
                text = self.named(name)
                return Decimal(len(text)) if isinstance(text, str) else (UNKNOWN if text is UNKNOWN else None)
            case Count(name):
                return _counted(self.named(name))
            case Choose(cases, otherwise):
                return self._chosen(cases, otherwise)
            case Rounded(inner, how, unit):
                number = self.value(inner)
                if not isinstance(number, Decimal):
                    return number
                return (number / unit).to_integral_value(rounding=_ROUND[how]) * unit
            case Binary(op, left, right):
                one, other = self.value(left), self.value(right)
                if not isinstance(one, Decimal) or not isinstance(other, Decimal):
                    return UNKNOWN
                try:
                    return _ARITHMETIC[op](one, other)
                except (DivisionByZero, InvalidOperation):
                    return UNKNOWN

    def _chosen(self, cases: tuple[tuple[Condition, Expression], ...], otherwise: Expression | None) -> Known:
        for condition, expression in cases:
            holds = self.holds(condition)
            if holds is UNKNOWN:
                return UNKNOWN
            if holds:
                return self.value(expression)
        return UNKNOWN if otherwise is None else self.value(otherwise)

    def named(self, name: str) -> Known:
        """What a name stands for here."""
        if name in self.names:
            return self.names[name]
        if ":" in name and not name.startswith("@"):
            return None  # what an operation that was not done was given
        if name not in self._computed:
            if name in self._open:
                return UNKNOWN
            self._open.add(name)
            self._computed[name] = self._compute(name)
            self._open.discard(name)
        return self._computed[name]

    def _compute(self, name: str) -> Known:
        rules = [
            rule
            for rule in self.system.rules
            if isinstance(rule, Compute)
            and rule.target == name
            and (not rule.operations or self.operation in rule.operations)
        ]
        result: Known = UNKNOWN
        percents: list[str] = []
        applied: list[Compute] = []
        for rule in rules:
            holds = self.holds(rule.when)
            if holds is UNKNOWN:
                return UNKNOWN
            if holds:
                applied.append(rule)
        sets = [rule for rule in applied if rule.how == "set"]
        final = [rule for rule in sets if rule.alone]
        if final:
            return self.value(final[-1].by)
        special = [rule for rule in sets if rule.when != Every()]
        if sets:
            result = self._set(special or sets)
            if special and result is not UNKNOWN and any(_strangers(rule, special[-1]) for rule in sets):
                return UNKNOWN
        elif rules and not any(rule.how == "set" for rule in rules):
            bare = name.startswith("@") or name in self.system.returns.values()
            result = UNKNOWN if bare or any(rule.how != "add" for rule in rules) else Decimal(0)
        bitten = False
        for rule in sorted(applied, key=lambda rule: rule.how in _ROUND):
            if rule.how == "set" or result is UNKNOWN:
                continue
            if bitten and rule.how not in _ROUND:
                return UNKNOWN  # is the bound one of the whole or of the part? nobody has said
            percents.append(rule.how)
            before, result = result, self._change(result, rule)
            bitten = bitten or (rule.how in {"least", "most"} and result != before)
        if percents.count("lower") > 1 or percents.count("raise") > 1:
            return UNKNOWN  # of each other or of the whole? nobody has said
        return result

    def _set(self, rules: list[Compute]) -> Known:
        """The last one counts where all speak of the same thing; else nobody knows."""
        values = [self.value(rule.by) for rule in rules]
        last = rules[-1]
        for rule, value in zip(rules, values, strict=True):
            if value != values[-1] and not (rule.noun and rule.noun == last.noun):
                return UNKNOWN
        return values[-1]

    def _change(self, result: Plain, rule: Compute) -> Known:
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
                return (result / by).to_integral_value(rounding=_ROUND[rule.how]) * by
        return UNKNOWN

    def holds(self, condition: Condition) -> Truth:
        """Whether the condition holds."""
        match condition:
            case Compare(left, op, right):
                return self._compare(self.value(left), op, self.value(right))
            case OneOf(name, values):
                value = self.named(name)
                return UNKNOWN if value is UNKNOWN else any(_same(value, one) for one in values)
            case Multiple(name, unit):
                value = self.named(name)
                value = _counted(value) if isinstance(value, str) and ":" in value else value
                return value % unit == 0 if isinstance(value, Decimal) else UNKNOWN if value is UNKNOWN else True
            case Missing(name):
                value = self.named(name)
                return UNKNOWN if value is UNKNOWN else value is None or (isinstance(value, str) and not value.strip())
            case Shape(name, pattern, _, digits):
                value = self.named(name)
                if not isinstance(value, str):
                    return value is None or UNKNOWN
                return re.fullmatch(pattern, value) is not None and checked(value, digits)
            case Typed(name, kind):
                value = self.named(name)
                return UNKNOWN if value is UNKNOWN else value is None or _typed(value, kind)
            case Every(parts):
                return self._all([self.holds(part) for part in parts])
            case Some(parts):
                return _negated(self._all([_negated(self.holds(part)) for part in parts]))
            case Not(part):
                return _negated(self.holds(part))
        return UNKNOWN

    @staticmethod
    def _compare(one: Known, op: str, other: Known) -> Truth:
        if one is UNKNOWN or other is UNKNOWN:
            return UNKNOWN
        if isinstance(one, Decimal) and isinstance(other, Decimal):
            return _COMPARE[op](one, other)
        if op in {"==", "!="}:
            return _same(one, other) == (op == "==")
        if isinstance(one, str) and isinstance(other, str):  # dates and times of one width
            return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]
        return False

    @staticmethod
    def _all(truths: list[Truth]) -> Truth:
        if any(truth is False for truth in truths):
            return False
        return UNKNOWN if any(truth is UNKNOWN for truth in truths) else True


def _strangers(one: Compute, other: Compute) -> bool:
    return bool(one.noun and other.noun and one.noun != other.noun)


def _negated(truth: Truth) -> Truth:
    return UNKNOWN if truth is UNKNOWN else not truth


def _same(one: Plain, other: Plain) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _counted(moment: Known) -> Known:
    """Minutes since midnight of HH:MM, days of a date."""
    if not isinstance(moment, str):
        return UNKNOWN
    if found := re.fullmatch(r"(\d\d?):(\d\d)", moment):
        return Decimal(int(found[1]) * 60 + int(found[2]))
    try:
        return Decimal(date.fromisoformat(moment).toordinal())
    except ValueError:
        return UNKNOWN


def checked(text: str, how: str) -> bool:
    """Whether a text's digits are as a `Shape` wants them."""
    digits = [int(char) for char in text if char.isdigit()]
    if not digits:
        return not how
    if how == "last=sum":
        return sum(digits[:-1]) % 10 == digits[-1]
    if how == "luhn":
        doubled = [sum(divmod(2 * digit, 10)) if k % 2 else digit for k, digit in enumerate(reversed(digits))]
        return sum(doubled) % 10 == 0
    return not how or sum(digits) == int(how.removeprefix("sum="))


def _typed(value: Plain, kind: str) -> bool:
    match kind:
        case "number":
            return isinstance(value, Decimal)
        case "flag":
            return isinstance(value, bool)
        case "time":
            return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None
        case "date":
            return isinstance(value, str) and "-" in value and _counted(value) is not UNKNOWN
    return isinstance(value, str) and bool(value.strip())


def names_in(thing: Condition | Expression) -> set[str]:
    """All names that a condition or expression depends on."""
    match thing:
        case (
            Ref(name)
            | Length(name)
            | Count(name)
            | OneOf(name, _)
            | Multiple(name, _)
            | Missing(name)
            | Shape(name, _, _, _)
            | Typed(name, _)
        ):
            return {name}
        case Binary(_, left, right) | Compare(left, _, right):
            return names_in(left) | names_in(right)
        case Rounded(inner, _, _):
            return names_in(inner)
        case Choose(cases, otherwise):
            found = {name for condition, by in cases for name in names_in(condition) | names_in(by)}
            return found | (names_in(otherwise) if otherwise is not None else set())
        case Every(parts) | Some(parts):
            return set().union(*(names_in(part) for part in parts)) if parts else set()
        case Not(part):
            return names_in(part)
    return set()
