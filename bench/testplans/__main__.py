"""python -m bench.testplans [SYSTEM …]: which steps are wrong and which mutants live, for a person.

What it prints is for people who do not work on the generator: whoever does and reads it can no longer say that these
systems are held out. `python -m bench testplan_kill testplan_oracle` gives figures alone.
"""

import sys

from bench.testplans.measuring import taken
from bench.testplans.system import held_out


def main() -> None:
    """One paragraph per system."""
    for system in held_out():
        if sys.argv[1:] and system.name not in sys.argv[1:]:
            continue
        it = taken(system, range(3))
        print(f"{system.name}: {it.requirements} requirements, {it.cases} cases, {it.ours.scripts} scripts")
        print(f"  killed {it.ours.kill:.2f}, random data {sum(it.chance) / len(it.chance):.2f}")
        print(f"  right {it.ours.right} of {it.ours.steps} steps, {it.ours.stated:.2f} state more than accepted")
        for line in it.ours.wrong:
            print(f"  wrong: {line}")
        for name in it.ours.survivors:
            print(f"  lives: {name}")


if __name__ == "__main__":
    main()
