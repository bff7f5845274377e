"""Which inputs must be given, where a sentence names exceptions; and words that only say what kind of thing one is."""

import pytest

from arraigo.apps.testplans.generator.evaluate import names_in
from arraigo.apps.testplans.generator.model import Check, Missing, Shape, System
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Glossary, Language, Operation, Requirement


def read(text: str, *fields: str, language: Language = "es") -> System:
    requirement = Requirement(id="RF-01", text=text, language=language)
    return understand([requirement], Glossary(operations={"inscribir": Operation(fields=fields)}))


def missing(system: System) -> set[str]:
    return {rule.when.name for rule in system.rules if isinstance(rule, Check) and isinstance(rule.when, Missing)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Para inscribir se piden nombre, club y dorsal. Todos los datos son obligatorios, excepto el club.", "es"),
        ("Se piden el nombre, el club y el dorsal. Todos los campos son obligatorios salvo el club.", "es"),
        ("The form asks for nombre, club and dorsal. All fields are mandatory except the club.", "en"),
    ],
)
def test_what_is_excepted_from_what_is_mandatory_may_be_left_out(text: str, language: Language) -> None:
    system = read(text, "nombre", "club", "dorsal", language=language)
    assert missing(system) == {"nombre", "dorsal"}
    assert system.fields["club"].required is False


def test_what_a_field_is_like_where_it_is_given_does_not_make_it_mandatory() -> None:
    system = read("El cupón, cuando se indica, consta de las letras VC y cuatro dígitos.", "cupon", "nombre")
    assert missing(system) == set()
    assert any("VC" in str(rule) and Shape.__name__ in str(rule) for rule in system.rules)


def test_a_whole_number_is_no_field_that_is_called_a_number() -> None:
    system = read(
        "La edad es un número entero y no puede ser mayor que 110.", "tipo_documento", "numero_documento", "edad"
    )
    assert {name for rule in system.rules if isinstance(rule, Check) for name in names_in(rule.when)} == {"edad"}
