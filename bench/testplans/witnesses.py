"""python -m bench.testplans.witnesses [SYSTEM …]: a script for each mutant that tells it from the reference.

They show that no mutant is equivalent, and what perfect scripts would come to. They are found by chance: values are
drawn from the plausible ranges and from the numbers and words that stand in the reference and in the mutants, and one
step beside them. Each is cut down to the steps and fields that matter, and kept in the system's `witnesses.json`, where
a person can see whether the document decides the difference. That one of two refusals has a message and the other has
none is no difference here: where two rules are broken at once, most documents do not say which of them is told.
"""

import ast
import json
import sys
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from arraigo.apps.testplans.plan import ScriptStep
from bench.testplans import random_data
from bench.testplans.playing import Machine, Script, agrees, machine
from bench.testplans.system import LISTS, Mutant, System, held_out

_TRIES = 60_000
_MOST_STEPS = 8
_SPECIAL = 0.4  # how often a number is one of the source's own, or beside one
_Steps = list[tuple[str, dict[str, Any]]]


def kept(system: System) -> dict[str, list[ScriptStep]]:
    """The witnesses in the file, by mutant."""
    read = json.loads((system.folder / "witnesses.json").read_text(encoding="utf-8"))
    return {name: [ScriptStep.model_validate(step) for step in script] for name, script in read.items()}


def found(system: System, asked: Sequence[Mutant], tries: int = _TRIES, led_share: float = 0.0) -> dict[str, Script]:
    """Witnesses of as many of these mutants as chance gives in so many scripts, the same every time.

    So large a share of the scripts begins as a probe does.
    """
    reference = machine(system)
    living = {mutant.name: machine(system, mutant.source) for mutant in asked}
    numbers = sorted({one for source in (system.source, *(m.source for m in asked)) for one in _numbers(source)})
    chance = Random(6)  # noqa: S311 - no secret
    witnesses: dict[str, Script] = {}
    for _ in range(tries):
        if not living:
            break
        led = led_share > 0 and chance.random() < led_share
        steps = _drawn(system, numbers, chance, led=led)
        script = random_data.expecting(reference, steps)
        for name in [name for name, broken in living.items() if _differs(script, broken)]:
            witnesses[name] = _cut_down(reference, living.pop(name), steps)
    return witnesses


def _drawn(system: System, numbers: Sequence[float], chance: Random, *, led: bool) -> _Steps:
    """Steps with special values; now and then a step again, since counters want that."""
    steps: _Steps = []
    probes = system.about.get("probes", [])
    if led:
        probe = chance.choice(probes)
        steps += [(one["operation"], one["inputs"]) for one in probe[: chance.randint(1, len(probe))]]
    for _ in range(chance.randint(1, _MOST_STEPS)):
        if steps and chance.random() < 0.3:  # noqa: PLR2004
            steps.append(chance.choice(steps))
            continue
        if probes and chance.random() < 0.1:  # noqa: PLR2004
            steps += [(one["operation"], one["inputs"]) for one in chance.choice(probes)]
            continue
        operation, inputs = random_data.step(system, chance)
        special = {field: _special(system.about["fields"][field], numbers, chance) for field in inputs}
        steps.append((operation, inputs | {name: value for name, value in special.items() if value is not None}))
    return steps


def _special(plausible: Mapping[str, Any], numbers: Sequence[float], chance: Random) -> float | None:
    if "range" not in plausible or "after" in plausible or chance.random() > _SPECIAL:
        return None
    low, high = plausible["range"]
    by = plausible.get("step", 1)
    near = [one for one in numbers if low - by <= one <= high + by] or [low]
    return round(chance.choice(near) + chance.choice((-by, 0, 0, by)), 6)


def _numbers(source: str) -> set[float]:
    constants = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {one for one in constants if isinstance(one, int | float) and not isinstance(one, bool)}


def _differs(script: Script, broken: Machine) -> bool:
    for step, answer in zip(script, broken.play(script), strict=True):
        if not agrees(step.expected, answer):
            untold = step.expected.message is None or answer.get("message") is None
            return step.expected.accepted or answer.get("accepted", True) or not untold
    return False


def _cut_down(reference: Machine, broken: Machine, steps: _Steps) -> Script:
    """Without the steps that make no difference; all fields stay, since a tester fills in all."""
    for at in reversed(range(len(steps))):
        fewer = steps[:at] + steps[at + 1 :]
        script = random_data.expecting(reference, fewer)
        if _differs(script, broken):
            steps = fewer
    return random_data.expecting(reference, steps)


def write(system: System, scripts: Mapping[str, Script]) -> None:
    """Keep them in the system's `witnesses.json`."""
    lines = {name: [step.model_dump(exclude_none=True) for step in script] for name, script in scripts.items()}
    text = json.dumps(lines, ensure_ascii=False, indent=1)
    (system.folder / "witnesses.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Look for all again, write those that were found, name those that were not."""
    for system in held_out():
        if system.group == LISTS.name or (sys.argv[1:] and system.name not in sys.argv[1:]):
            continue  # the mutator makes those of the lists
        scripts = found(system, system.mutants)
        write(system, {mutant.name: scripts[mutant.name] for mutant in system.mutants if mutant.name in scripts})
        missing = [mutant.name for mutant in system.mutants if mutant.name not in scripts]
        print(f"{system.name}: {len(system.mutants)} mutants, without a witness: {missing or 'none'}")


if __name__ == "__main__":
    main()
