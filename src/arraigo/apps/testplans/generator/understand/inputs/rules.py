"""What must hold for a field, from what was read of it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import checked
from arraigo.apps.testplans.generator.model import (
    Compare,
    Condition,
    Const,
    Every,
    Field,
    Length,
    Multiple,
    OneOf,
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


@dataclass(frozen=True, slots=True)
class Must:
    """What has to hold, and what is told where it does not."""

    condition: Condition
    message: str | None = None


_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}


def musts(field: Field, spec: Spec, unit: str) -> list[Must]:
    """What has to hold for the field, told as `spec`; keeps in the field its kind and its list of values."""
    name, made = field.name, []
    kind = _kind(spec)
    if kind and not (field.kind == "integer" and kind == "number"):
        field.kind = kind
    if field.kind in {"number", "integer"}:
        made.append(Must(Typed(name, "number")))
    elif field.kind in {"flag", "time", "date", "text"}:
        made.append(Must(Typed(name, field.kind), spec.message if field.kind in {"time", "date"} else None))
    if field.kind == "integer":
        made.append(Must(Multiple(name, Decimal(1)), spec.message))
    elif spec.decimals is not None:
        made.append(Must(Multiple(name, Decimal(1).scaleb(-spec.decimals)), spec.message))
    if shape := _shape(name, spec):
        made.append(Must(shape, spec.message))
    if spec.values:
        texts = [value for value in spec.values if isinstance(value, str)]
        if texts:
            learn(field, texts)
        made.append(Must(OneOf(name, tuple(spec.values)), spec.message))
    made += [Must(_limit(name, limit, spec, unit), limit.message or spec.message) for limit in spec.limits]
    if spec.step is not None and (stepped := _stepped(field, spec)):
        made.append(Must(stepped, spec.message))
    return made


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
    if not spec.shape:
        return None
    how = "last=sum" if spec.checked else ""
    right = [one for one in spec.examples if re.fullmatch(spec.shape, one)]
    if spec.examples and not right:
        return None
    if how and right and not all(checked(one, how) for one in right):
        how = "luhn"
    return Shape(name, spec.shape, "", how)


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


def _stepped(field: Field, spec: Spec) -> Condition | None:
    assert spec.step is not None
    if field.kind == "time":
        unit = spec.step * _MINUTES.get(spec.step_unit, Decimal(1))
        return Multiple(field.name, unit)
    return Multiple(field.name, spec.step) if spec.step > 0 else None


def one_of(conditions: list[Condition]) -> Condition:
    """All of them as one."""
    return conditions[0] if len(conditions) == 1 else Every(tuple(conditions))
