"""Given that a document was understood, the sixty cases are the right ones."""

import importlib

import pytest
from bench.testplans.judging import Verdict, judged
from bench.testplans.measuring import MOST_CASES
from bench.testplans.playing import agrees, machine
from bench.testplans.system import System, development
from bench.testplans.witnesses import kept

from arraigo.apps.testplans.generator.choose import ordered, tried
from arraigo.apps.testplans.generator.evaluate import UNKNOWN
from arraigo.apps.testplans.generator.phrases import expected as said
from arraigo.apps.testplans.generator.phrases import script_of
from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.world import Machine
from support.system_models import exact

MODELLED = ("ascensor", "horas_extra", "inventory_reorder", "museum_tickets", "support_desk")
SYSTEMS = [system for system in development() if system.name in MODELLED]
by_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)


def model(system: System):  # type: ignore[no-untyped-def] # noqa: ANN201 - of a module found by name
    return importlib.import_module(f"support.system_models.{system.name}").made(system.glossary)


def played(system: System) -> Verdict:
    right = model(system)
    known = list(dict.fromkeys(rule.requirement for rule in right.rules))
    chosen = ordered(tried(Candidates(right), known), MOST_CASES)[:MOST_CASES]
    return judged(system, [script_of(one) for one in chosen])


@by_system
def test_sixty_cases_of_a_right_model_kill_nearly_all_mutants_and_are_right(system: System) -> None:
    verdict = played(system)
    assert verdict.wrong == ()
    assert verdict.kill >= 0.95


@by_system
def test_a_right_model_knows_what_every_step_of_every_witness_gives(system: System) -> None:
    right, fields = Machine(model(system)), system.glossary.operations
    for script in kept(system).values():
        steps = [
            (s.operation, {name: exact(s.inputs.get(name)) for name in fields[s.operation].fields}) for s in script
        ]
        outcomes = right.run(steps)
        assert all(outcome.accepted is not UNKNOWN for outcome in outcomes)
        for outcome, answer in zip(outcomes, machine(system).play(script), strict=True):
            assert agrees(said(outcome), answer)
