from arraigo.apps.testplans.exports import render
from arraigo.apps.testplans.plan import Requirement
from support.plan_files import gherkin
from support.plan_views import assembled, case_view, plan_view


def test_a_spanish_plan_has_spanish_keywords_and_its_requirements_as_tags() -> None:
    view = plan_view(2)
    file = render(view, "gherkin")
    assert file.data.decode().startswith("# language: es\nCaracterística: Créditos de consumo")
    feature = gherkin(file.data)
    scenario = feature["children"][0]["scenario"]
    assert (feature["language"], feature["keyword"], scenario["keyword"]) == ("es", "Característica", "Escenario")
    tags = [tag["name"] for tag in scenario["tags"]]
    assert tags == [*(f"@{link}" for link in view.cases[0].links), "@Media", "@decision_table"]
    assert [(step["keyword"].strip(), step["text"][:12]) for step in scenario["steps"]] == [
        *(("Dado", "que El clien"), ("Y", "que los dato"), ("Cuando", "Abrir el for"), ("Y", "Ingresar 1 e")),
        *(("Y", "Enviar la so"), ("Y", "Revisar el m"), ("Entonces", "La solicitud")),
    ]


def test_an_english_plan_has_english_keywords() -> None:
    feature = gherkin(render(plan_view(1, "en"), "gherkin").data)
    steps = feature["children"][0]["scenario"]["steps"]
    assert (feature["language"], feature["keyword"]) == ("en", "Feature")
    assert [step["keyword"].strip() for step in steps] == ["Given", "And", "When", "And", "And", "And", "Then"]


def test_what_looks_like_gherkin_in_a_text_is_text() -> None:
    nasty = 'Escenario: otro\n@tag\n"""\n# language: en\n| a | b |\nEjemplos:'
    case = case_view(
        1, test_case_name="x # y @z", test_case_description=nasty, preconditions=nasty, test_steps=(nasty,)
    )
    feature = gherkin(render(assembled([case], title=nasty), "gherkin").data)
    (child,) = feature["children"]
    scenario = child["scenario"]
    assert scenario["name"] == "TC-001 x # y @z"
    assert scenario["description"].split("\n")[0].strip() == "> Escenario: otro"
    assert [step["docString"]["content"] for step in scenario["steps"][:2]] == [nasty.split("\n", 1)[1]] * 2


def test_a_requirement_that_is_no_tag_becomes_one() -> None:
    requirements = [Requirement(id=code, text="x") for code in ("RNF 5", "a#b", "RF-1.2")]
    case = case_view(1, links=("RNF 5", "a#b", "RF-1.2"))
    feature = gherkin(render(assembled([case], requirements), "gherkin").data)
    tags = [tag["name"] for tag in feature["children"][0]["scenario"]["tags"]]
    assert tags == ["@RNF_5", "@a_b", "@RF-1.2", "@Media", "@manual"]
