"""The development systems are sound: references hold and do what the documents say; mutants are made without chance."""

from typing import Any

import pytest
from bench.testplans.judging import judged
from bench.testplans.mutating import faults
from bench.testplans.playing import machine
from bench.testplans.system import System, development
from bench.testplans.witnesses import kept

from arraigo.apps.testplans.plan import Expected, ScriptStep

SYSTEMS = development()
by_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
ODD: tuple[Any, ...] = (None, "", " ", "x", "12", -1, 0, 1.5, 1e300, True, [], [1], {}, {"a": 1}, "ñ" * 300)


def test_there_are_about_as_many_systems_of_each_language() -> None:
    languages = [system.language for system in SYSTEMS]
    assert abs(languages.count("es") - languages.count("en")) <= 1


@by_system
def test_every_mutant_is_told_from_its_reference_by_its_witness(system: System) -> None:
    witnesses = kept(system)
    assert list(witnesses) == [mutant.name for mutant in system.mutants]
    assert 20 <= len(witnesses) <= 40
    verdict = judged(system, list(witnesses.values()))
    assert (verdict.wrong, verdict.survivors, verdict.kill, verdict.oracle) == ((), (), 1, 1)


@by_system
def test_a_reference_does_what_the_document_gives_as_an_example(system: System) -> None:
    examples = [[ScriptStep.model_validate(step) for step in steps] for steps in system.about["examples"]]
    assert judged(system, examples).wrong == ()


@by_system
def test_a_document_can_be_opened(system: System) -> None:
    data, name = system.document()
    begins = {"md": b"# ", "pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
    assert data.startswith(begins[name.rpartition(".")[2]])


@by_system
def test_a_reference_has_an_answer_to_anything(system: System) -> None:
    reference = machine(system)
    for steps in system.about["probes"]:
        last = steps[-1]
        fields = system.glossary.operations[last["operation"]].fields
        for field in fields:
            for odd in ODD:
                broken = {"operation": last["operation"], "inputs": last["inputs"] | {field: odd}}
                script = [ScriptStep(**step, expected=Expected(accepted=True)) for step in (*steps[:-1], broken)]
                for answer in reference.play(script):
                    assert "error" not in answer
                    Expected.model_validate(answer)


@by_system
def test_the_frozen_mutants_are_those_that_the_mutator_makes(system: System) -> None:
    made = {fault["name"]: fault for fault in faults(system.source)}
    for mutant in system.mutants:
        fault = made[mutant.name]
        assert mutant.source == system.source.replace(fault["old"], fault["new"])


SMALL = '''"""A counter."""


class Reference:
    """All."""

    def __init__(self) -> None:
        self.state = "open"

    def add(self, n=None):
        """1."""
        if n < 1 or n > 9:
            return self._refused("é, no")
        self.state = "closed"
        return self._accepted(n)
'''


def test_a_mutator_puts_in_one_fault_at_a_time_and_leaves_the_rest_of_the_text_as_it_is() -> None:
    made = {fault["name"]: SMALL.replace(fault["old"], fault["new"]) for fault in faults(SMALL)}
    assert len(made) == len(set(made.values()))
    lines = SMALL.splitlines()
    for name, source in made.items():
        compile(source, name, "exec")
        assert sum(old != new for old, new in zip(lines, source.splitlines(), strict=True)) == 1
    condition = "        if {}:"
    changed = {line for source in made.values() for line in source.splitlines()} - set(lines)
    assert {
        condition.format("(n <= 1) or n > 9"),
        condition.format("n < 1 or (n >= 9)"),
        condition.format("n < 1 and n > 9"),
        condition.format("n > 9"),
        condition.format("n < 2 or n > 9"),
        condition.format("False"),
        '            return self._refused("Error")',
        "        pass",
    } <= changed
    assert 'line 14, state: "closed" → "open"' in made
