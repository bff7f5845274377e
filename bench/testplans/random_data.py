"""Random data: what a generator has to be better than. Expectations come from the reference itself, so they are right."""

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from arraigo.apps.testplans.plan import Expected, ScriptStep
from bench.testplans.playing import Machine, Script, machine
from bench.testplans.system import System

_MISSING = 0.05  # how often a field is left out


def drawn(system: System, lengths: Sequence[int], seed: int) -> list[Script]:
    """One script per length: operations in any order, fields within the plausible ranges of `system.toml`."""
    source = Random(seed)  # noqa: S311 - no secret
    reference = machine(system)
    return [expecting(reference, [step(system, source) for _ in range(length)]) for length in lengths]


def step(system: System, source: Random) -> tuple[str, dict[str, Any]]:
    """One operation with values."""
    name = source.choice(sorted(system.glossary.operations))
    fields = system.about["fields"]
    inputs = {field: value(fields[field], source) for field in system.glossary.operations[name].fields}
    return name, {field: drawn for field, drawn in inputs.items() if source.random() >= _MISSING}


def value(plausible: Mapping[str, Any], source: Random) -> Any:
    """Within `range` (by `step`), of `choice`, or of `days` around a date; sometimes something else: `odd`."""
    if (odd := plausible.get("odd")) and source.random() < plausible.get("odd_share", 0.1):
        return source.choice(odd)
    if "choice" in plausible:
        return source.choice(plausible["choice"])
    if "days" in plausible:
        first, last = (dt.date.fromisoformat(text) for text in plausible["days"])
        return str(first + dt.timedelta(days=source.randint(0, (last - first).days)))
    low, high = plausible["range"]
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
