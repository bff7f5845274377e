"""Random data, which a generator has to be better than; the reference gives the expectations, so they are right."""

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from arraigo.apps.testplans.plan import Expected, ScriptStep
from bench.testplans.playing import Machine, Script, machine
from bench.testplans.system import System
from bench.testplans.values import day

_ODD = 0.05  # how often a value is one that nobody should give
_MISSING = 0.01  # how often a field is left out


def drawn(system: System, lengths: Sequence[int], seed: int) -> list[Script]:
    """One script per length: first the operation that opens all (`opening`), then any; values by `system.toml`."""
    source = Random(seed)  # noqa: S311 - no secret
    reference = machine(system)
    opening = system.about.get("opening")
    return [
        expecting(reference, [step(system, source, None if number else opening) for number in range(length)])
        for length in lengths
    ]


def step(system: System, source: Random, operation: str | None = None) -> tuple[str, dict[str, Any]]:
    """One operation, any if none is asked for, with values."""
    name = operation or source.choice(sorted(system.glossary.operations))
    inputs: dict[str, Any] = {}
    for field in system.glossary.operations[name].fields:
        if source.random() >= _MISSING:
            inputs[field] = value(system.about["fields"][field], source, inputs)
    return name, inputs


def value(plausible: Mapping[str, Any], source: Random, others: Mapping[str, Any]) -> Any:
    """Within `range` (by `step`), of `choice`, or a date: of `days`, or a `range` of days `after` another field's.

    Sometimes it is something else: `odd`.
    """
    if (odd := plausible.get("odd")) and source.random() < plausible.get("odd_share", _ODD):
        return source.choice(odd)
    if "choice" in plausible:
        return source.choice(plausible["choice"])
    if "days" in plausible:
        first, last = (dt.date.fromisoformat(text) for text in plausible["days"])
        return str(first + dt.timedelta(days=source.randint(0, (last - first).days)))
    low, high = plausible["range"]
    if "after" in plausible:
        since = day(others.get(plausible["after"]))
        return str(since + dt.timedelta(days=source.randint(low, high))) if since else None
    by = plausible.get("step", 1)
    places = len(str(by).partition(".")[2]) if isinstance(by, float) else 0
    picked = low + by * source.randint(0, round((high - low) / by))
    return round(picked, places) if places else picked


def expecting(reference: Machine, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> list[ScriptStep]:
    """The steps with what the reference answers to them."""
    silent = [ScriptStep(operation=name, inputs=inputs, expected=Expected(accepted=True)) for name, inputs in steps]
    answers = reference.play(silent)
    return [
        one.model_copy(update={"expected": Expected.model_validate(answer)})
        for one, answer in zip(silent, answers, strict=True)
    ]
