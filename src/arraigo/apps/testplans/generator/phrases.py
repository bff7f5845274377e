"""Cases in words."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import JsonValue

from arraigo.apps.testplans.generator.choose import Tried
from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Known
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.world import Outcome
from arraigo.apps.testplans.plan import Case, Expected, Language, Requirement, ScriptStep


def plain(value: Known) -> JsonValue:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value is UNKNOWN else value


def expected(outcome: Outcome) -> Expected:
    """What a step has to give; a value that no float can hold exactly enough is left open."""
    value = outcome.value if outcome.accepted is True else None
    if isinstance(value, Decimal) and value != round(value, 6):
        value = None
    return Expected(
        accepted=outcome.accepted is True, value=plain(value), state=outcome.state, message=outcome.message
    )


def case_of(one: Tried, system: System, requirements: Sequence[Requirement], language: Language) -> Case:
    """A case for people and programs."""
    del system, requirements, language
    script = tuple(
        ScriptStep(operation=op, inputs={k: plain(v) for k, v in inputs.items()}, expected=expected(outcome))
        for (op, inputs), outcome in zip(one.ran.steps, one.ran.outcomes, strict=True)
    )
    return Case(
        test_case_name=f"{one.candidate.technique} {one.candidate.field} {one.candidate.note}",
        test_steps=tuple(str(s.inputs) for s in script),
        expected_results=str(script[-1].expected),
        requirements=one.requirements,
        technique=one.candidate.technique,
        script=script,
    )
