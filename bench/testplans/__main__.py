"""python -m bench.testplans [--dev] [SYSTEM …]: which steps are wrong and which mutants live, for a person.

With --dev it is about the development systems, which anybody may read, and a mutant that lives is shown with its place
and a script that would kill it. Without, what it prints is for people who do not work on the generator: whoever does,
and reads it, can no longer say that those systems are held out. `python -m bench testplan_kill testplan_oracle` gives
figures alone.
"""

import sys
from statistics import mean

from bench.testplans.judging import Verdict
from bench.testplans.measuring import taken
from bench.testplans.system import System, development, held_out
from bench.testplans.witnesses import kept


def main() -> None:
    """One paragraph per system, and the means."""
    asked = [one for one in sys.argv[1:] if one != "--dev"]
    known = "--dev" in sys.argv[1:]
    systems = [one for one in (development() if known else held_out()) if not asked or one.name in asked]
    told = [_tell(system, known=known) for system in systems]
    if told:
        print(f"mean: killed {mean(one.kill for one in told):.3f}, right {mean(one.oracle for one in told):.3f}")


def _tell(system: System, *, known: bool) -> Verdict:
    it = taken(system, range(3))
    print(f"{system.name}: {it.requirements} requirements, {it.cases} cases, {it.ours.scripts} scripts")
    print(f"  killed {it.ours.kill:.2f}, random data {sum(it.chance) / len(it.chance):.2f}")
    print(f"  right {it.ours.right} of {it.ours.steps} steps, {it.ours.stated:.2f} state more than accepted")
    for line in it.ours.wrong:
        print(f"  wrong: {line}")
    witnesses = kept(system) if known else {}
    rules = {mutant.name: mutant.rule for mutant in system.mutants}
    for name in it.ours.survivors:
        print(f"  lives: {name}" + (f" ({rules[name]})" if known else ""))
        for step in witnesses.get(name, []):
            print(f"    {step.operation}({dict(step.inputs)}) gives {step.expected.model_dump(exclude_none=True)}")
    return it.ours


if __name__ == "__main__":
    main()
