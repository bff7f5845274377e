"""What decides whether the base case of an operation is accepted: forms, bounds for some data only, what is beyond."""

from decimal import Decimal

import pytest

from arraigo.apps.testplans.generator.model import Plain
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.generator.world import Machine
from arraigo.apps.testplans.plan import Glossary, Language, Requirement

D = Decimal
BASE: dict[str, dict[str, Plain]] = {
    "book_boat": {"boat": "yacht", "night_trip": False},
    "reservar_taller": {"taller": "costura", "calefaccion": True},
}
LISTS = {
    "en": "The boat is one of canoe, yacht or ferry. Night trip is yes or no.",
    "es": "El taller es cerámica, forja o costura. La calefacción se indica con sí o no.",
}


OPERATIONS: dict[Language, str] = {"en": "book_boat", "es": "reservar_taller"}


def taken(text: str, language: Language, data: dict[str, Plain]) -> object:
    """Whether the operation is taken with these data, beside its base data, if it has no others."""
    operation = OPERATIONS[language]
    whole = BASE[operation] | data
    glossary = Glossary.model_validate({"operations": {operation: {"fields": list(whole)}}})
    said = [LISTS[language], *text.split("\n")]
    given = [Requirement(id=f"R-{n}", text=one, language=language) for n, one in enumerate(said)]
    return Machine(understand(given, glossary)).run([(operation, whole)])[0].accepted


@pytest.mark.parametrize(
    ("text", "language", "good", "bad"),
    [
        ("The berth has two digits, a hyphen and then EA or WE.", "en", {"berth": "12-WE"}, {"berth": "12-NO"}),
        ("El móvil tiene nueve cifras, la primera es 6 o 7.", "es", {"movil": "612345678"}, {"movil": "512345678"}),
        ("El móvil son 9 dígitos y empieza por 8.", "es", {"movil": "812345678"}, {"movil": "912345678"}),
        ("The berth is five digits, starting with 3.", "en", {"berth": "31111"}, {"berth": "41111"}),
    ],
)
def test_the_choices_of_a_form(text: str, language: Language, good: dict[str, Plain], bad: dict[str, Plain]) -> None:
    assert taken(text, language, good) is True
    assert taken(text, language, bad) is False


@pytest.mark.parametrize(
    ("text", "language", "good", "bad"),
    [
        (
            "The crew is a whole number.\nA canoe is only let out with up to 3 crew.",
            "en",
            [{"boat": "ferry", "crew": D(9)}, {"boat": "canoe", "crew": D(3)}],
            [{"boat": "canoe", "crew": D(4)}],
        ),
        (
            "A wind speed under 2 or over 60 is beyond what we can sail in.",
            "en",
            [{"wind_speed": D(30)}],
            [{"wind_speed": D(1)}, {"wind_speed": D(61)}],
        ),
        (
            "A skipper younger than 21 or older than 70 cannot go on a night trip.",
            "en",
            [{"skipper_age": D(20), "night_trip": False}, {"skipper_age": D(30), "night_trip": True}],
            [{"skipper_age": D(20), "night_trip": True}, {"skipper_age": D(71), "night_trip": True}],
        ),
        (
            "Wind speed needs to be at least 2.0 and no higher than 60.5, with no more than one decimal.",
            "en",
            [{"wind_speed": D("60.5")}],
            [{"wind_speed": D("1.9")}, {"wind_speed": D("30.25")}],
        ),
        (
            "All entries are needed. If one is left out the clerk reads 'Not complete'.",
            "en",
            [{"crew": D(3)}],
            [{"crew": None}],
        ),
        (
            "No se prestan talleres de forja. Aviso: «Elija otro».",
            "es",
            [{"taller": "costura"}],
            [{"taller": "forja"}],
        ),
        (
            "Si la sala carece de calefacción, se rechaza.",
            "es",
            [{"calefaccion": True}],
            [{"calefaccion": False}],
        ),
    ],
)
def test_what_only_holds_for_some_data(
    text: str, language: Language, good: list[dict[str, Plain]], bad: list[dict[str, Plain]]
) -> None:
    assert [taken(text, language, one) for one in good] == [True] * len(good)
    assert [taken(text, language, one) for one in bad] == [False] * len(bad)


def test_what_must_be_exactly_something_unknown_is_left_open() -> None:
    text = "The crew is a whole number.\nThe crew must be exactly what was agreed on the phone."
    assert taken(text, "en", {"crew": D(3)}) not in {True, False}
