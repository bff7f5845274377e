"""What scripts are worth on a system: how often their expectations are right, and which mutants they kill."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from arraigo.apps.testplans.plan import ScriptStep
from bench.testplans.playing import Script, agrees, holds, machine
from bench.testplans.system import System


@dataclass(frozen=True)
class Verdict:
    """What a set of scripts came to on a system.

    Attributes:
        scripts: How many there were.
        right: Steps whose expectation agrees with the reference, in every field that it states.
        steps: All steps.
        stated: Of the steps that are right, the share that states more than whether it is accepted.
        wrong: Steps that do not agree, with what the reference answered, in words for a person.
        survivors: Names of mutants that no script killed.
        mutants: How many there were.
    """

    scripts: int
    right: int
    steps: int
    stated: float
    wrong: tuple[str, ...]
    survivors: tuple[str, ...]
    mutants: int

    @property
    def oracle(self) -> float:
        """The share of steps that agree; 0 where there is none."""
        return self.right / self.steps if self.steps else 0.0

    @property
    def kill(self) -> float:
        """The share of mutants killed."""
        return 1 - len(self.survivors) / self.mutants


def judged(system: System, scripts: Sequence[Script]) -> Verdict:
    """Run all scripts on the reference, and on each mutant those that agree with the reference all through.

    A mutant is killed by a script that agrees with the reference and not with the mutant.
    """
    reference = machine(system)
    right: list[ScriptStep] = []
    wrong: list[str] = []
    good: list[Script] = []
    for script in scripts:
        answers = reference.play(script)
        for step, answer in zip(script, answers, strict=True):
            if agrees(step.expected, answer):
                right.append(step)
            else:
                said = step.expected.model_dump(exclude_none=True)
                wrong.append(f"{step.operation}({dict(step.inputs)}) said {said}, is {answer}")
        if script and holds(script, answers):
            good.append(script)
    survivors = [mutant.name for mutant in system.mutants if not _killed(system, mutant.source, good)]
    return Verdict(
        scripts=len(scripts),
        right=len(right),
        steps=len(right) + len(wrong),
        stated=mean(len(step.expected.model_dump(exclude_none=True)) > 1 for step in right) if right else 0.0,
        wrong=tuple(wrong),
        survivors=tuple(survivors),
        mutants=len(system.mutants),
    )


def _killed(system: System, source: str, scripts: Sequence[Script]) -> bool:
    broken = machine(system, source)
    return any(not holds(script, broken.play(script)) for script in scripts)
