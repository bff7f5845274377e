"""What keeps a base case from being right: limits for each value, success in the negative, cells in capitals."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from arraigo.apps.testplans.generator.model import Move, Plain
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.generator.world import Machine
from arraigo.apps.testplans.plan import Glossary, Language, Place, Requirement


def requirements(language: Language, *texts: str) -> list[Requirement]:
    return [
        Requirement(id=f"R{n}", text=text, language=language, place=Place(section="Rules"))
        for n, text in enumerate(texts, 1)
    ]


LIMITS: list[tuple[Language, str, tuple[str, str], Sequence[str]]] = [
    (
        "en",
        'A bike carries up to 5 kg, a van one up to 80 kg. If the load is heavier, the screen shows "Too heavy".',
        ("transport", "weight"),
        ["The transport is one of: bike, van.", "The weight is a number of kg from 1 to 100."],
    ),
    (
        "es",
        "El peso no pasa de un máximo de 5 kg en moto y 80 kg en furgón. De lo contrario se rechaza con «Muy pesado».",
        ("transporte", "peso"),
        ["El transporte es uno de: moto, furgón.", "El peso es un número de kg de 1 a 100."],
    ),
]


@pytest.mark.parametrize(("language", "text", "names", "declared"), LIMITS)
def test_each_value_has_its_own_limit(
    language: Language, text: str, names: tuple[str, str], declared: Sequence[str]
) -> None:
    glossary = Glossary.model_validate({"operations": {"send": {"fields": list(names)}}})
    system = understand(requirements(language, *declared, text), glossary)
    low, high = system.fields[names[0]].values

    def taken(kind: Plain, weight: int) -> object:
        return Machine(system).run([("send", {names[0]: kind, names[1]: Decimal(weight)})])[0].accepted

    assert taken(low, 5) is True
    assert taken(low, 6) is False
    assert taken(high, 80) is True
    assert taken(high, 81) is False


def test_when_nothing_is_wrong_the_move_hangs_on_nothing_else() -> None:
    glossary = Glossary.model_validate(
        {"operations": {"submit_claim": {"fields": ["amount"]}, "pay_claim": {"fields": []}}}
    )
    told = [
        "The amount is a whole number from 1 to 500.",
        "When nothing is wrong with what is submitted, the claim changes from draft to sent.",
        "A sent claim can be paid; then the claim becomes paid.",
    ]
    system = understand(requirements("en", *told), glossary)
    made = next(rule for rule in system.rules if isinstance(rule, Move) and rule.operations == ("submit_claim",))
    assert (made.target, made.when.__class__.__name__) == ("sent", "Every")
    assert system.initial == "draft"


def test_cells_have_capitals_only_because_they_are_cells() -> None:
    glossary = Glossary.model_validate({"operations": {"rent": {"fields": ["size"]}}})
    told = ["There are small and large boats.", "Size: Small; Price: 4.00.", "Size: Large; Price: 6.00."]
    assert understand(requirements("en", *told), glossary).fields["size"].values == ["small", "large"]


@pytest.mark.parametrize(
    ("language", "text", "fields"),
    [
        (
            "en",
            'With more than 20 guests a licence is needed: if there is none, it is refused with "No".',
            "guests licence",
        ),
        (
            "es",
            "Sin licencia solo se admiten hasta 20 invitados; por encima se rechaza con «No».",
            "invitados tiene_licencia",
        ),
    ],
)
def test_what_is_needed_above_a_figure_is_asked_above_it_only(language: Language, text: str, fields: str) -> None:
    glossary = Glossary.model_validate({"operations": {"announce": {"fields": fields.split()}}})
    count, flag = fields.split()
    declared = (
        ["The guests are a whole number from 1 to 90.", "The licence is yes or no."]
        if language == "en"
        else ["Los invitados son un entero de 1 a 90.", "Se dice si tiene licencia (sí o no)."]
    )
    system = understand(requirements(language, *declared, text), glossary)

    def taken(guests: int, *, licence: bool) -> object:
        return Machine(system).run([("announce", {count: Decimal(guests), flag: licence})])[0].accepted

    assert taken(20, licence=False) is True
    assert taken(21, licence=False) is False
    assert taken(21, licence=True) is True
