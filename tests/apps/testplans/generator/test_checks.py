"""Requirements that people try become cases in words: concrete, one each, none where there is nothing to try."""

import pytest

from arraigo.apps.testplans.generator import generate
from arraigo.apps.testplans.generator.checks import checks
from arraigo.apps.testplans.plan import Case, Configuration, Requirement, Row


def case(text: str, language: str = "es", **more: object) -> Case:
    given = {"id": "RF-1", "text": text, "language": language, "place": {"section": "4 Bodega"}} | more
    (made,) = checks([Requirement.model_validate(given)])
    return made


@pytest.mark.parametrize(
    ("text", "language", "data"),
    [
        (
            "La capacidad de una caja debe estar entre 2 y 8 frascos.",
            "es",
            "1 frasco, 2 frascos, 8 frascos y 9 frascos",
        ),
        ("El peso de un envío no puede superar 30 kg.", "es", "30 kg y 30,1 kg"),
        (
            "alias: obligatorio, de 4 a 12 caracteres.",
            "es",
            "3 caracteres, 4 caracteres, 12 caracteres y 13 caracteres",
        ),
        ("Una cita se pide con una anticipación de al menos 3 horas.", "es", "179 minutos y 3 horas"),
        ("A nickname must have 2 to 9 letters.", "en", "1 letter, 2 letters, 9 letters and 10 letters"),
        ("The balance may not exceed 900 EUR.", "en", "900 EUR and 900.01 EUR"),
        ("A room can be held for at most 2 days.", "en", "2 days and 3 days"),
    ],
)
def test_a_limit_is_tried_at_both_of_its_sides(text: str, language: str, data: str) -> None:
    made = case(text, language)
    assert made.technique == "boundary_value_2"
    assert made.test_data.endswith(data)


def test_what_a_wrong_value_gives_is_what_the_document_says() -> None:
    made = case('El código debe tener 5 dígitos o menos. En caso contrario se rechaza con el mensaje "Código largo".')
    assert "Código largo" in made.expected_results
    made = case("The age must be between 18 and 70. Otherwise the form is sent to a clerk.", "en")
    assert "the form is sent to a clerk" in made.expected_results


@pytest.mark.parametrize(
    ("text", "language", "step", "result"),
    [
        (
            "No se permite borrar una bodega con frascos.",
            "es",
            "Intentar borrar una bodega con frascos.",
            "No se permite",
        ),
        (
            "El operador no puede cambiar el turno.",
            "es",
            "Actuar como operador e intentar cambiar el turno.",
            "No se permite",
        ),
        ("A closed box cannot be opened.", "en", "Take a closed box; try to get it opened.", "It is not possible"),
        (
            "Si falta un frasco, se avisa al jefe.",
            "es",
            "Preparar un caso en que falta un frasco.",
            "Se avisa al jefe.",
        ),
        (
            "The lamp is red when the door is open.",
            "en",
            "Set up a case in which the door is open.",
            "The lamp is red.",
        ),
        ("El jefe puede anular pedidos.", "es", "Como jefe: anular pedidos.", "Se puede hacer"),
    ],
)
def test_what_is_said_is_done_and_seen(text: str, language: str, step: str, result: str) -> None:
    made = case(text, language)
    assert made.test_steps[0] == step
    assert made.expected_results.startswith(result)


def test_forms_lists_and_rounding_have_concrete_values() -> None:
    assert "AB1234" in case("código: dos letras mayúsculas y 4 dígitos").test_data
    assert "ab1234" in case("código: dos letras mayúsculas y 4 dígitos").test_data
    made = case("Los colores permitidos son: rojo; verde; azul.")
    assert "«verde»" in made.test_data
    assert "2. Se rechaza." in made.expected_results
    made = case("El total se redondea hacia arriba al múltiplo de 10 más cercano.")
    assert made.expected_results == "Los totales son 200, 210, 210, 210, 210 y 210."


def test_rows_say_what_they_give() -> None:
    cells = {"Estado": "libre", "Evento": "prestar", "Nuevo estado": "prestado"}
    made = case("Estado: libre; Evento: prestar; Nuevo estado: prestado.", row=Row(cells=cells))
    assert made.technique == "state_transition"
    assert made.test_steps[:2] == ("Partir del estado «libre».", "Provocar el evento «prestar».")
    made = case("Zona: sur; Precio: 500.", row=Row(cells={"Zona": "sur", "Precio": "500"}))
    assert (made.test_data, made.expected_results) == ("Zona = sur", "Precio: 500.")


def test_figures_of_performance_are_a_load() -> None:
    made = case(
        "El 95 % de las consultas responde en menos de 800 ms con 200 usuarios concurrentes.", kind="performance"
    )
    assert made.technique == "load"


def test_requirements_without_a_script_have_a_case_in_words_within_the_limits() -> None:
    texts = ("El informe muestra el total del día.", "No se permite borrar informes.", "La pantalla es bonita.")
    requirements = [Requirement(id=f"R-{n}", text=text, testable=n < 3) for n, text in enumerate(texts, 1)]
    made = generate(requirements, Configuration.model_validate({"plan_title": "Plan"}))
    assert {id_ for one in made.cases for id_ in one.requirements} >= {"R-1", "R-2"}
    assert [one.requirement for one in made.uncovered] == ["R-3"]
    few = generate(requirements, Configuration.model_validate({"plan_title": "Plan", "max_test_cases": 1}))
    assert len(few.cases) == 1


def test_letters_after_digits_in_a_form_break_nothing() -> None:
    text = "To ship a box the system shall check the following: box number: required, nine digits and two letters."
    requirement = Requirement(
        id="R-1", text=text, language="en", lead="To ship a box the system shall check the following:"
    )
    assert generate([requirement], Configuration.model_validate({"plan_title": "Plan"})).cases
