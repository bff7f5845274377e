"""The offline generator: what it gives agrees with references, keeps limits, and follows instructions."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arraigo.apps.testplans.generator import generate
from arraigo.apps.testplans.plan import Case, Configuration, Generation, Kept, PlanType, Requirement
from support.small_systems import GYM, THERMOSTAT, Gym, Small


def configured(small: Small, plan_type: PlanType = "UNITARIAS", **more: Any) -> Configuration:
    return Configuration(
        plan_title="Plan", plan_type=plan_type, glossary=small.glossary, **{"max_test_cases": 60, **more}
    )


def made(small: Small, instruction: str = "", kept: tuple[Kept, ...] = (), **more: Any) -> Generation:
    return generate(small.requirements, configured(small, **more), instruction=instruction, kept=kept)


def kept(case: Case, id_: str, status: Any = "PROPOSED") -> Kept:
    return Kept(id=id_, status=status, created_by="AI_AGENT", case=case)


def agrees(expected: Any, result: Mapping[str, Any]) -> bool:
    said = expected.model_dump(exclude_none=True)
    return all(
        result.get(name) == pytest.approx(value) if name == "value" else result.get(name) == value
        for name, value in said.items()
    )


def disagreements(case: Case, reference: Any) -> list[str]:
    return [
        f"{step.operation} {dict(step.inputs)}: {step.expected}"
        for step in case.script
        if not agrees(step.expected, getattr(reference, step.operation)(**step.inputs))
    ]


@pytest.mark.parametrize("small", [GYM, THERMOSTAT], ids=["gym", "thermostat"])
def test_every_expected_result_agrees_with_the_reference(small: Small) -> None:
    cases = made(small).cases
    assert len(cases) > 20
    assert [found for case in cases for found in disagreements(case, small.reference())] == []


@pytest.mark.parametrize("small", [GYM, THERMOSTAT], ids=["gym", "thermostat"])
def test_all_fields_of_the_glossary_are_in_the_inputs(small: Small) -> None:
    for case in made(small).cases:
        for step in case.script:
            assert set(step.inputs) == set(small.glossary.operations[step.operation].fields)


def test_a_boundary_moved_by_one_is_noticed() -> None:
    class Off(Gym):
        def inscribir(self, edad: int, plan: str, meses: float, *, es_estudiante: bool) -> dict[str, Any]:
            return (
                super().inscribir(edad - 1 if edad == 80 else edad, plan, meses, es_estudiante=es_estudiante)
                if edad < 81
                else (super().inscribir(80, plan, meses, es_estudiante=es_estudiante))
            )

    assert any(disagreements(case, Off()) for case in made(GYM).cases)


def test_a_transition_that_should_be_forbidden_is_noticed() -> None:
    class Loose(Gym):
        def reactivar(self) -> dict[str, Any]:
            return self._move({"pausada", "cancelada"}, "activa")

    assert any(disagreements(case, Loose()) for case in made(GYM).cases)


def test_the_same_input_gives_the_same_cases() -> None:
    assert made(GYM) == made(GYM)


def test_limits_are_kept_and_the_most_valuable_cases_come_first() -> None:
    generation = made(GYM, max_test_cases=9)
    assert len(generation.cases) == 9
    assert len({case.requirements[0] for case in generation.cases}) >= 8
    assert any("9" in note for note in generation.notes)


def test_a_minimum_that_cannot_be_met_is_said_and_not_padded() -> None:
    generation = made(THERMOSTAT, min_test_cases=4000, max_test_cases=5000)
    assert len(generation.cases) < 4000
    assert any("4000" in note for note in generation.notes)
    assert len({repr([(s.operation, s.inputs) for s in case.script]) for case in generation.cases}) == len(
        generation.cases
    )


def test_uncovered_requirements_say_why() -> None:
    uncovered = {one.requirement: one.why for one in made(GYM).uncovered}
    assert "RF-13" in uncovered
    assert "concreto" in uncovered["RF-13"]


def test_what_is_not_testable_gets_no_case() -> None:
    vague = Requirement(id="RF-90", text="Debe ser agradable.", testable=False, why_not="no dice cómo medirlo")
    generation = generate([*GYM.requirements, vague], configured(GYM))
    assert next(one for one in generation.uncovered if one.requirement == "RF-90").why.endswith("no dice cómo medirlo")


def test_more_boundary_cases_for_a_requirement() -> None:
    cases = made(GYM, "Más casos límite para RF-03, por favor").cases
    assert cases
    assert all(case.technique.startswith("boundary") and "RF-03" in case.requirements for case in cases)


def test_accepted_cases_stay_and_are_not_given_again() -> None:
    first = made(GYM).cases
    there = tuple(kept(case, str(n), "ACCEPTED") for n, case in enumerate(first[:5]))
    again = made(GYM, "Regenera RF-02", there)
    assert again.dropped == ()
    assert not {repr(case.script) for case in again.cases} & {repr(one.case.script) for one in there}


def test_regenerating_a_requirement_drops_its_proposed_cases_alone() -> None:
    first = made(GYM).cases
    there = tuple(kept(case, str(n)) for n, case in enumerate(first))
    dropped = set(made(GYM, "regenerate RF-02", there).dropped)
    assert dropped == {one.id for one in there if "RF-02" in one.case.requirements}


def test_duplicates_are_removed_without_new_cases() -> None:
    case = made(GYM).cases[0]
    generation = made(GYM, "quita los duplicados", (kept(case, "a", "ACCEPTED"), kept(case, "b")))
    assert generation.dropped == ("b",)
    assert generation.cases == ()


def test_only_high_priority_and_a_number_of_cases() -> None:
    cases = made(GYM, "5 more high priority cases").cases
    assert len(cases) == 5
    assert {case.priority for case in cases} == {"ALTA"}


def test_negative_cases() -> None:
    cases = made(GYM, "agrega casos negativos").cases
    assert cases
    assert not any(case.script[-1].expected.accepted for case in cases)


def test_security_cases_send_hostile_contents() -> None:
    cases = made(THERMOSTAT, "add security cases").cases
    assert {case.technique for case in cases} == {"security"}


def test_what_is_not_understood_of_an_instruction_is_said() -> None:
    assert any("bailar" in note for note in made(GYM, "más casos y bailar").notes)


def test_performance_plans_have_loads_and_thresholds() -> None:
    speed = Requirement(
        id="RNF-1",
        text="Con 500 usuarios concurrentes el percentil 95 del tiempo de respuesta debe ser menor a 2 segundos.",
        kind="performance",
    )
    cases = generate([*GYM.requirements, speed], configured(GYM, "PERFORMANCE")).cases
    assert [case.technique for case in cases] == ["load"] * 4
    assert "500" in cases[0].test_data
    assert "95" in cases[0].expected_results
    assert "2 segundos" in cases[0].expected_results


def test_integration_plans_have_flows_across_operations() -> None:
    cases = made(GYM, plan_type="INTEGRACIÓN").cases
    assert cases
    assert all(len({step.operation for step in case.script}) > 1 for case in cases)


def test_regression_plans_choose_by_risk_and_change() -> None:
    cases = made(GYM, "cambió RF-03", plan_type="REGRESIÓN").cases
    assert {case.technique for case in cases} == {"risk_based"}
    assert all("RF-03" in case.requirements for case in cases)


def test_without_a_glossary_names_come_from_the_document() -> None:
    cases = generate(GYM.requirements, Configuration.model_validate({"plan_title": "Plan"})).cases
    assert any("plan" in step.inputs for case in cases for step in case.script)


def test_words_are_in_the_language_of_the_plan() -> None:
    assert made(GYM).cases[0].test_steps[0].startswith("Ejecutar «")
    english = generate(GYM.requirements, configured(GYM), language="en").cases[0]
    assert english.test_steps[0].startswith("Do ")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=4), st.text(max_size=60))
def test_any_text_gives_a_generation(texts: list[str], instruction: str) -> None:
    requirements = [Requirement(id=f"R{n}", text=text) for n, text in enumerate(texts)]
    generate(requirements, Configuration.model_validate({"plan_title": "Plan"}), instruction=instruction)


TELLING = (
    "if when the amount is more than 5 , . ; : zone must be A or B 10 % off kg per each additional state becomes open "
    "closed "
    'rejected with the message "No way" si la edad cuando no puede ser entre 1 y 10 se cobra 5.000 pesos máximo mínimo'
)
WORDS = st.sampled_from(TELLING.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=2, max_size=18).map(" ".join), min_size=1, max_size=5))
def test_any_order_of_telling_words_gives_a_generation(texts: list[str]) -> None:
    requirements = [Requirement(id=f"R{n}", text=text) for n, text in enumerate(texts)]
    generate(requirements, configured(THERMOSTAT, max_test_cases=10))
