"""What must hold for a field, from what was read of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    Binary,
    Compare,
    Condition,
    Const,
    Count,
    Every,
    Expression,
    Field,
    Length,
    Multiple,
    Not,
    Number,
    OneOf,
    Piece,
    Plain,
    Ref,
    Shape,
    Some,
    Typed,
)
from arraigo.apps.testplans.generator.understand.fields import learn
from arraigo.apps.testplans.generator.understand.inputs.forms import EMAIL
from arraigo.apps.testplans.generator.understand.inputs.spec import Limit, Spec
from arraigo.apps.testplans.generator.understand.operands import convert, convertible

_KINDS = frozenset({"number", "integer", "flag", "time", "date", "text"})


@dataclass(frozen=True, slots=True)
class Must:
    """What has to hold, and what is told where it does not."""

    condition: Condition
    message: str | None = None
    where: str = ""  # for which value of another field


_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}
ZERO = Const(Decimal(0))


def musts(field: Field, spec: Spec, unit: str) -> list[Must]:
    """What has to hold for the field, told as `spec`; keeps in the field its kind and its list of values."""
    name, told = field.name, spec.message
    kind = _kind(spec)
    if kind and (field.kind, kind) not in {("integer", "number"), ("text", "number")}:
        field.kind = kind
    made: list[Must] = []
    if field.kind in _KINDS:
        made.append(Must(Typed(name, field.kind), told if field.kind in {"time", "date"} else None))
    if spec.shape and spec.values and all(isinstance(value, Decimal) for value in spec.values):
        spec = replace(spec, shape=_begun(spec.shape, spec.values), values=[])
    if spec.decimals is not None:
        made.append(Must(Multiple(name, Decimal(1).scaleb(-spec.decimals)), told))
    if shape := _shape(name, spec):
        made.append(Must(shape, told))
        made += [Must(digits, told) for digits in _check_digit(name, spec)]
    if spec.values:
        texts = [value for value in spec.values if isinstance(value, str)]
        if texts:
            learn(field, texts)
        made.append(Must(OneOf(name, tuple(spec.values)), told))
    made += [Must(_limit(name, limit, spec, unit), limit.message or told, limit.where) for limit in spec.limits]
    if spec.step is not None and spec.step > 0:
        made.append(Must(_stepped(field, spec, spec.step), told))
    return made


def _begun(shape: str, digits: Sequence[Plain]) -> str:
    """For "nine digits; the first is 6, 7 or 9"."""
    match = re.match(r"\[0-9\]\{(\d+)\}", shape)
    ones = "".join(f"{digit:f}" for digit in digits if isinstance(digit, Decimal))
    if match is None or len(ones) != len(digits):
        return shape
    return f"[{ones}][0-9]{{{int(match[1]) - 1}}}{shape[match.end() :]}"


def _kind(spec: Spec) -> str:
    if spec.shape or spec.kind == "email" or any(limit.length for limit in spec.limits):
        return "text"
    moments = [limit.value for limit in spec.limits if isinstance(limit.value, str)]
    if moments:
        return "time" if ":" in moments[0] else "date"
    if spec.kind:
        return spec.kind
    if spec.decimals is not None or spec.limits or any(isinstance(value, Decimal) for value in spec.values):
        return "number"
    return "choice" if spec.values else ""


def _shape(name: str, spec: Spec) -> Shape | None:
    if spec.kind == "email":
        return Shape(name, EMAIL, "e-mail")
    if not spec.shape or (spec.examples and not any(re.fullmatch(spec.shape, one) for one in spec.examples)):
        return None
    return Shape(name, spec.shape, "")


def _check_digit(name: str, spec: Spec) -> list[Condition]:
    """The last digit is that of the sum of the others, if the shape has a check digit of which nothing else is said."""
    match = re.fullmatch(r"(?P<before>[A-Z]*)\[0-9\]\{(?P<n>\d+)\}\[0-9\]", spec.shape) if spec.checked else None
    if match is None:
        return []
    begin, count = len(match["before"]), int(match["n"])
    total = Number("digits", Piece(Ref(name), begin, begin + count))
    last = Number("value", Piece(Ref(name), begin + count, begin + count + 1))
    return [Compare(Binary("%", total, Const(Decimal(10))), "==", last)]


def _limit(name: str, limit: Limit, spec: Spec, unit: str) -> Condition:
    value = limit.value
    if isinstance(value, Decimal) and limit.unit and unit and convertible(limit.unit, unit):
        value = convert(value, limit.unit, unit)
    one: Condition = Compare(Length(name) if limit.length else Ref(name), limit.op, Const(value))
    outside = tuple(other for other in spec.besides if not _keeps(other, limit.op, value))
    return Some((one, OneOf(name, outside))) if outside else one


def _keeps(value: Plain, op: str, bound: Plain) -> bool:
    if not isinstance(value, Decimal) or not isinstance(bound, Decimal):
        return True
    return {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}[op]


def _stepped(field: Field, spec: Spec, step: Decimal) -> Condition:
    if field.kind != "time":
        return Multiple(field.name, step)
    minutes = Const(step * _MINUTES.get(spec.step_unit, Decimal(1)))
    return Compare(Binary("%", Count(field.name), minutes), "==", ZERO)


def odd(condition: Condition, fields: Mapping[str, Field]) -> bool:
    """Whether a condition compares what cannot be compared: a number with a time, a list's value with a figure."""

    def kind(expression: Expression) -> str:
        match expression:
            case Const(value):
                return "number" if isinstance(value, Decimal) else "text" if isinstance(value, str) else ""
            case Ref(name) if name in fields:
                known = fields[name].kind
                return {"integer": "number", "choice": "text", "time": "text", "date": "text"}.get(known, known)
            case Ref("@value"):
                return "number"
        return ""

    match condition:
        case Compare(left, _, right):
            sides = {kind(left), kind(right)} - {""}
            return len(sides) > 1
        case Multiple(name, _):
            return name in fields and kind(Ref(name)) in {"text", "flag"}
        case OneOf(name, values) if name in fields and fields[name].kind in {
            "time",
            "date",
            "number",
            "integer",
            "flag",
        }:
            wanted = {"time": str, "date": str, "flag": bool}.get(fields[name].kind, Decimal)
            return not all(isinstance(value, wanted) for value in values)
        case Not(part):
            return odd(part, fields)
        case Every(parts) | Some(parts):
            return any(odd(part, fields) for part in parts)
    return False
