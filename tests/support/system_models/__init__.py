"""Models of development systems, as understanding ought to give them: what is tried here is what is made of a model."""

from decimal import Decimal

from pydantic import JsonValue

from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    VALUE,
    Check,
    Compare,
    Compute,
    Condition,
    Expression,
    Field,
    Length,
    Missing,
    Not,
    OneOf,
    Plain,
    Ref,
    Rule,
    System,
    Typed,
    num,
)
from arraigo.apps.testplans.plan import Glossary


def system(glossary: Glossary, initial: str, states: list[str], **kinds: str) -> System:
    """Without rules; `kinds`: of fields, a question mark after it: may be left out."""
    made = System(initial=initial, states=[initial, *states])
    for operation, shape in glossary.operations.items():
        made.operations[operation] = shape.fields
        for name in shape.fields:
            kind = kinds[name]
            made.fields[name] = Field(name, kind.rstrip("?"), required=not kind.endswith("?"))
    return made


def needed(of: str, operation: str, *names: str) -> list[Rule]:
    """These may not be left out."""
    return [Check(of, (operation,), Missing(name)) for name in names]


def between(
    of: str, operation: str, name: str, low: int | None, high: int | None, *messages: str | None, kind: str = "integer"
) -> list[Rule]:
    """Of a kind, and within bounds; messages: under, over, of another kind."""
    under, over, other = (*messages, None, None, None)[:3]
    made: list[Rule] = [Check(of, (operation,), Not(Typed(name, kind)), other)]
    made += [Check(of, (operation,), less(name, low), under)] if low is not None else []
    made += [Check(of, (operation,), more(name, high), over)] if high is not None else []
    return made


def listed(of: str, operation: str, name: str, *values: str, message: str | None = None) -> Rule:
    """One of these."""
    return Check(of, (operation,), Not(OneOf(name, values)), message)


def gives(of: str, operation: str, by: Expression, target: str = VALUE) -> Rule:
    """What is answered."""
    return Compute(of, (operation,), target, ALWAYS, "set", by)


def less(name: str, value: int) -> Condition:
    """Under."""
    return Compare(Ref(name), "<", num(value))


def more(name: str, value: int) -> Condition:
    """Over."""
    return Compare(Ref(name), ">", num(value))


def equal(name: str, value: Plain) -> Condition:
    """The same."""
    return OneOf(name, (value,))


def long(name: str, op: str, size: int) -> Condition:
    """So many characters."""
    return Compare(Length(name), op, num(size))


def exact(value: JsonValue) -> Plain:
    """A value of a script as the model has it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value if isinstance(value, str | bool) else None
