"""What lists of requirements say most plainly: "the field X accepts ...", items with figures, rounding, bounds."""

import pytest

from arraigo.apps.testplans.generator.model import Check, Not, Shape, System
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Glossary, Language, Requirement

GLOSSARY = Glossary.model_validate(
    {"operations": {"order_paint": {"fields": ["tin_size", "litres", "code"]}, "fijar_tarifa": {"fields": ["horario"]}}}
)


def model(text: str, language: Language = "en") -> System:
    """Of one requirement."""
    return understand([Requirement(id="R-1", text=text, language=language)], GLOSSARY)


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("The field tin size accepts small, medium or large.", "en", ["small", "medium", "large"]),
        ("The input tin size can be S1, S2 or S3.", "en", ["S1", "S2", "S3"]),
        ("The tin size is one of the following: type 1, type 2, barrel.", "en", ["type 1", "type 2", "barrel"]),
        ("El campo horario admite diurno, nocturno o festivo.", "es", ["diurno", "nocturno", "festivo"]),
        ("El horario es uno de los siguientes: turno 1, turno 2, libre.", "es", ["turno 1", "turno 2", "libre"]),
    ],
)
def test_a_closed_list(text: str, language: Language, values: list[str]) -> None:
    system = model(text, language)
    assert values in [field.values for field in system.fields.values()]


def test_multiples_within_limits() -> None:
    rules = model("The field litres accepts multiples of 5 from 5 up to 200.").rules
    checks = [str(rule.when) for rule in rules if isinstance(rule, Check)]
    assert any("Multiple(name='litres', unit=Decimal('5'))" in one for one in checks)
    assert any("'<=', right=Const(value=Decimal('200'))" in one for one in checks)


def test_a_form_with_another_hyphen() -> None:
    rules = model(
        "The code consists of the letters PT, a hyphen, three digits, another hyphen and a capital letter."
    ).rules
    shapes = [r.when.part for r in rules if isinstance(r, Check) and isinstance(r.when, Not)]
    assert Shape("code", r"PT\-[0-9]{3}\-[A-Z]", "") in shapes


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The charge is rounded up to the next multiple of 0.50.", "en"),
        ("La tarifa se redondea al múltiplo de 50 más cercano.", "es"),
    ],
)
def test_rounding_refuses_nothing(text: str, language: Language) -> None:
    rules = model(text, language).rules
    assert not [rule for rule in rules if isinstance(rule, Check) and "Multiple" in str(rule.when)]
