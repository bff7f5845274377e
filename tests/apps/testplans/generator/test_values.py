"""What accepted operations give back, read from small documents in many words, and tried with figures."""

from decimal import Decimal
from typing import Any

import pytest

from arraigo.apps.testplans.generator.evaluate import UNKNOWN
from arraigo.apps.testplans.generator.model import System
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.generator.world import Machine
from arraigo.apps.testplans.plan import Glossary, Language, Operation, Place, Requirement


def read(language: Language, operation: str, fields: str, *texts: str) -> System:
    glossary = Glossary(operations={operation: Operation(fields=tuple(fields.split()))})
    place = Place(section="3 Rates")
    requirements = [Requirement(id=f"R{n}", text=t, language=language, place=place) for n, t in enumerate(texts, 1)]
    return understand(requirements, glossary)


def gives(system: System, **inputs: Any) -> Any:
    [operation] = system.operations
    machine = Machine(system)
    plain = {
        n: Decimal(str(v)) if isinstance(v, int | float) and not isinstance(v, bool) else v for n, v in inputs.items()
    }
    if operation in system.doubtful:
        return UNKNOWN
    return machine.scope(machine.start(), operation, plain).named(system.returns[operation])


LOCKER = (
    "The size is one of small, medium or large.",
    "The hours are a whole number from 1 to 72.",
    "Size: small; Fee per hour: 1.50.",
    "Size: medium; Fee per hour: 2.00.",
    "Size: large; Fee per hour: 3.20.",
    "From 24 hours there is a discount of 10 %, from 48 hours one of 25 %.",
    "The fee is rounded to the cent.",
    "The system answers with the fee.",
)


@pytest.mark.parametrize(
    ("size", "hours", "fee"), [("small", 1, "1.50"), ("medium", 23, "46"), ("large", 24, "69.12"), ("small", 48, "54")]
)
def test_a_rate_is_paid_for_each_of_its_unit_and_one_step_of_a_scale_counts(size: str, hours: int, fee: str) -> None:
    assert gives(read("en", "rent_locker", "size hours", *LOCKER), size=size, hours=hours) == Decimal(fee)


FREIGHT = (
    "El peso va de 1 a 100 kg y la zona es norte, centro o sur.",
    "Peso: hasta 5 kg; Tarifa: 10.000.",
    "Peso: más de 5 kg y hasta 20 kg; Tarifa: 18.000.",
    "Peso: más de 20 kg; Tarifa: 18.000 más 900 por cada kg que exceda de 20.",
    "A la tarifa se le suma un recargo del 20 % si la zona es sur.",
    "El sistema devuelve la tarifa.",
)


@pytest.mark.parametrize(
    ("weight", "zone", "fee"), [(5, "norte", 10_000), (6, "norte", 18_000), (20, "sur", 21_600), (22, "centro", 19_800)]
)
def test_steps_of_a_price_list_with_a_formula_in_the_last(weight: int, zone: str, fee: int) -> None:
    assert gives(read("es", "cotizar_envio", "peso zona", *FREIGHT), peso=weight, zona=zone) == fee


def test_the_first_units_are_free_and_each_one_begun_is_paid_up_to_a_maximum() -> None:
    system = read(
        "en",
        "leave_garage",
        "minutes",
        "The minutes are a whole number from 0 to 5,000.",
        "The first 30 minutes are free.",
        "Every further 15 minutes begun cost 0.80, but never more than 12.00.",
        "The meter shows the charge.",
    )
    assert [gives(system, minutes=m) for m in (30, 31, 45, 46, 5000)] == [
        0,
        Decimal("0.80"),
        Decimal("0.80"),
        Decimal("1.60"),
        12,
    ]


def test_a_bound_in_words_and_rounding_down() -> None:
    system = read(
        "es",
        "calcular_dosis",
        "peso_kg",
        "El peso va de 3 a 200 kg.",
        "La dosis es de 15 mg por cada kilogramo de peso, con un máximo de 1.000 mg; "
        "se redondea hacia abajo a la decena.",
        "El sistema entrega la dosis.",
    )
    assert [gives(system, peso_kg=w) for w in (3, 4.5, 70)] == [40, 60, 1000]


def test_a_matrix_gives_a_word_and_a_step_of_its_scale_moves_it() -> None:
    system = read(
        "en",
        "rate_risk",
        "damage chance insured",
        "Damage is one of: minor, major. Chance is one of: rare, likely. Insured is yes or no.",
        "The class of the risk follows from this matrix:",
        "Damage: minor; Chance rare: C3; Chance likely: C2.",
        "Damage: major; Chance rare: C2; Chance likely: C1.",
        "For insured goods the class is one step lower than in the matrix (C2 becomes C3).",
        "The system answers with the class.",
    )
    given = [("minor", "rare", False), ("major", "likely", False), ("major", "likely", True), ("minor", "rare", True)]
    assert [gives(system, damage=d, chance=c, insured=i) for d, c, i in given] == ["C3", "C1", "C2", "C3"]


def test_a_value_that_was_not_understood_is_left_out() -> None:
    system = read(
        "en",
        "price_trip",
        "kilometres",
        "The kilometres are from 1 to 500.",
        "Each kilometre costs 2.00.",
        "A surcharge of 5.00 per moon phase is added.",
        "The system answers with the price.",
    )
    assert gives(system, kilometres=10) is UNKNOWN
