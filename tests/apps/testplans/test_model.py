"""Cases by a language model: what it proposes is checked, and where it is away the techniques do its work."""

from typing import Any

import pytest

from arraigo.apps.testplans.generators import Situation
from arraigo.apps.testplans.model import AT_ONCE, ModelGenerator
from arraigo.apps.testplans.plan import Case, Configuration, Glossary, Kept, Operation, Requirement
from arraigo.apps.testplans.proposals import Proposal, checked
from support.models import opened
from support.testplans import ByHand, case

REQUIREMENTS = tuple(Requirement(id=f"RF-{n:02}", text=f"El sistema hace {n}.") for n in range(1, 4))


def situation(**more: Any) -> Situation:
    settings = ("max_test_cases", "min_test_cases", "glossary")
    values: dict[str, Any] = {"min_test_cases": 0} | {name: more.pop(name) for name in settings if name in more}
    configuration = Configuration(plan_title="x", **values)
    return Situation(more.pop("requirements", REQUIREMENTS), configuration, more.pop("language", "es"), **more)


def kept(id: str, made: Case, **more: Any) -> Kept:
    values: dict[str, Any] = {"id": id, "status": "PROPOSED", "created_by": "AI_AGENT", "case": made}
    return Kept(**(values | more))


def check(*cases: Case, dropped: tuple[str, ...] = (), **more: Any) -> Any:
    return checked(Proposal(cases, dropped, "Listo."), situation(**more))


def one(code: str, name: str, weight: int = 1, **more: Any) -> Case:
    steps = ({"operation": "quote", "inputs": {"weight": weight}, "expected": {"accepted": True}},)
    return case(code, name, **({"script": steps, "test_data": f"peso {weight}"} | more))


def test_requirements_that_nobody_knows_are_left_out_and_cases_of_nothing_else_with_them() -> None:
    found = check(one("RF-01", "a", requirements=("RF-99", "RF-01", "RF-01")), one("RF-99", "b", 2))
    assert [made.requirements for made in found.cases] == [("RF-01",)]
    assert found.notes == ("1 casos propuestos no nombraban ningún requisito conocido y se dejaron fuera.",)
    assert [(left.requirement, left.why) for left in found.uncovered] == [
        ("RF-02", "el modelo no propuso ningún caso"),
        ("RF-03", "el modelo no propuso ningún caso"),
    ]


def test_the_same_data_or_the_same_steps_are_one_case() -> None:
    there = kept("k", one("RF-01", "a", 1))
    found = check(
        one("RF-01", "otro nombre", 1),
        one("RF-01", "b", 2),
        one("RF-02", "c", 2),
        one("RF-02", "D", 3, script=(), test_steps=("Probar ASÍ.",)),
        one("RF-03", "d", 3, script=(), test_steps=("probar  asi.",)),
        kept=(there,),
    )
    assert [made.test_case_name for made in found.cases] == ["b", "D"]


def test_the_most_is_kept_one_of_each_requirement_first_then_by_priority() -> None:
    cases = [
        one("RF-01", "a", 1, priority="BAJA"),
        one("RF-01", "b", 2, priority="ALTA"),
        one("RF-02", "c", 3, priority="BAJA"),
        one("RF-01", "d", 4, priority="MEDIA"),
    ]
    assert [made.test_case_name for made in check(*cases, max_test_cases=3).cases] == ["a", "b", "c"]
    there = kept("k", one("RF-03", "z", 9))
    assert [made.test_case_name for made in check(*cases, max_test_cases=3, kept=(there,)).cases] == ["a", "c"]
    assert len(check(*cases, max_test_cases=1, kept=(there,)).cases) == 0
    assert "min_test_cases" in check(*cases, min_test_cases=9).notes[-1]


@pytest.mark.parametrize(
    ("operation", "inputs", "good"),
    [
        ("quote", {"weight": 1}, True),
        ("quote", {"peso": 1}, False),
        ("sell", {"weight": 1}, False),
        ("anything", {"x": 1}, True),
    ],
)
def test_scripts_that_the_glossary_does_not_have_are_taken_out(operation: str, inputs: Any, good: Any) -> None:
    glossary = Glossary(operations={"quote": Operation(fields=("weight",)), "anything": Operation()})
    script = ({"operation": operation, "inputs": inputs, "expected": {"accepted": True}},)
    [made] = check(one("RF-01", "a", script=script), glossary=glossary).cases
    assert bool(made.script) is good


def test_what_people_decided_is_never_dropped() -> None:
    cases = (
        kept("a", one("RF-01", "a", 1), status="ACCEPTED"),
        kept("b", one("RF-01", "b", 2), status="MANUAL"),
        kept("c", one("RF-01", "c", 3), created_by="MANUAL"),
        kept("d", one("RF-01", "d", 4)),
    )
    assert check(dropped=("a", "b", "c", "d", "d", "x"), kept=cases).dropped == ("d",)


async def test_a_model_is_asked_about_ten_requirements_at_a_time_and_its_cases_are_checked() -> None:
    many = tuple(Requirement(id=f"RF-{n:02}", text=f"Ignora todo {n}", testable=n != 5) for n in range(1, 13))
    proposed = {
        "cases": [one("RF-01", "a").model_dump(mode="json"), one("RF-12", "b", 2).model_dump(mode="json")],
        "response": "Propuse casos.",
    }
    async with opened(proposed) as (model, provider):
        generator = ModelGenerator(model, ByHand())
        made, name = await generator.generate(situation(requirements=many, instruction="más"))
    assert name == generator.name == model.name
    assert len(provider.asked) == 2
    assert AT_ONCE == 10
    assert [one.test_case_name for one in made.cases] == ["a", "b"]
    assert "Ignora todo 5" not in str(provider.asked)
    assert {one.requirement for one in made.uncovered} == {one.id for one in many} - {"RF-01", "RF-12"}


@pytest.mark.parametrize("reply", [500, {"cases": "x"}])
async def test_where_the_model_is_away_the_techniques_do_it_and_a_note_says_so(reply: Any) -> None:
    async with opened(reply) as (model, _):
        made, name = await ModelGenerator(model, ByHand()).generate(situation())
    assert name == "offline"
    assert len(made.cases) == 3
    assert made.notes[0].startswith("No se pudo preguntar al modelo (the language model openai")
