"""What operations are given: declarations in prose and tables, read as what must hold for each input."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from arraigo.apps.testplans.generator.evaluate import Scope
from arraigo.apps.testplans.generator.model import Check, Plain, System
from arraigo.apps.testplans.generator.techniques.domains import domain
from arraigo.apps.testplans.generator.techniques.samples import misshaped, shaped
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Glossary, Language, Place, Requirement


def system(fields: Mapping[str, Sequence[str]], *texts: str, language: Language = "en") -> System:
    glossary = Glossary.model_validate({"operations": {name: {"fields": list(own)} for name, own in fields.items()}})
    read = [
        Requirement(id=f"R{n}", text=text, language=language, place=Place(section="Rules"))
        for n, text in enumerate(texts, 1)
    ]
    return understand(read, glossary)


def plain(value: object) -> Plain:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    assert value is None or isinstance(value, str | bool)
    return value


def refusals(of: System, operation: str, **inputs: object) -> list[str | None]:
    """The messages of the checks that refuse these inputs; None: one without words."""
    scope = Scope(of, operation, {name: plain(value) for name, value in inputs.items()})
    checks = [rule for rule in of.rules if isinstance(rule, Check) and operation in rule.operations]
    return [rule.message for rule in checks if scope.holds(rule.when) is True]


NUMBERS = [
    ("en", "The term is a whole number of months from 6 to 36.", (6, 36), (5, 37, 6.5)),
    ("en", "The term must be between 6 and 36.", (6, 36), (5, 37)),
    ("en", "The clerk enters the term, a whole number, at least 6 and at most 36.", (6, 36), (5, 37, 7.5)),
    ("en", "The clerk enters the term (6 to 36).", (6, 36), (5, 37)),
    ("en", "The term is more than 0 and not more than 36.", (1, 36), (0, 37)),
    ("en", "The term must be greater than 5 and must not exceed 36.", (6, 36), (5, 37)),
    ("en", "The term cannot be negative.", (0, 5), (-1,)),
    ("en", "The term is 6 or more.", (6,), (5,)),
    ("en", "The term is one of 12, 24 or 36.", (12, 36), (13, 6)),
    ("en", "The term accepts multiples of 6 from 6 up to 36.", (6, 36), (7, 42)),
    ("en", "Field: term; Type: whole number; Min: 6; Max: 36", (6, 36), (5, 37, 6.5)),
    ("en", "Input: term; Allowed values: 6 to 36, whole; Required: yes", (6, 36), (5, 37, 6.5, None)),
    ("es", "El plazo es un entero de 6 a 36.", (6, 36), (5, 37, 6.5)),
    ("es", "El plazo debe estar entre 6 y 36 meses.", (6, 36), (5, 37)),
    ("es", "El asesor registra el plazo, un número entero mayor que 5 y que no pasa de 36.", (6, 36), (5, 37, 7.5)),
    ("es", "El plazo va de 0,5 a 36, con un solo decimal.", (0.5, 36), (0.4, 36.1, 1.25)),
    ("es", "El plazo no puede ser negativo ni superior a 36.", (0, 36), (-1, 37)),
    ("es", "Se indica el plazo (entero desde 6).", (6, 900), (5, 6.5)),
    ("es", "Campo: plazo; Descripción: meses; Valores admitidos: entero de 6 a 36", (6, 36), (5, 37, 6.5)),
    ("es", "Dato: Plazo; Mínimo: 6; Máximo: 36; Obligatorio: Sí", (6, 36), (5, 37, None)),
    ("es", "El plazo es de 1.000 a 5.000, múltiplo de 500.", (1000, 5000), (1200, 500, 5500)),
    ("es", "Se indica el plazo (entero de 6 a 36; 999 si es indefinido).", (6, 36, 999), (5, 37)),
]


@pytest.mark.parametrize(("language", "text", "good", "bad"), NUMBERS, ids=[text for _, text, _, _ in NUMBERS])
def test_a_number_s_limits_are_read(
    language: Language, text: str, good: Sequence[object], bad: Sequence[object]
) -> None:
    name = "term" if language == "en" else "plazo"
    made = system({"quote": [name]}, text, language=language)
    assert [value for value in good if refusals(made, "quote", **{name: value})] == []
    assert [value for value in bad if not refusals(made, "quote", **{name: value})] == []


FORMS = [
    ("en", "The code consists of two capital letters, a hyphen and four digits, such as AB-1234.", "AB-1234", "A-1234"),
    ("en", "The technician types a six-digit code.", "123456", "12345"),
    ("en", "The code is the letters TX, a dash and 3 digits.", "TX-123", "TY-123"),
    ("en", "The code is a letter from A to D and a digit from 1 to 3.", "D3", "E1"),
    ("en", "The code must be an e-mail address.", "a@b.example", "a.b.example"),
    ("en", "Field: code; Type: text; Rules: 3 to 8 characters", "abc", "ab"),
    ("es", "El código tiene tres letras mayúsculas seguidas de tres dígitos.", "ABC123", "AB1234"),
    ("es", "El código consta de 12 caracteres, solo letras mayúsculas y cifras.", "ABCDEF123456", "ABCDEF12345-"),
    ("es", "Se digita el código: las letras TEC, un guion y dos dígitos.", "TEC-12", "TEK-12"),
    ("es", "El código debe tener entre 5 y 10 caracteres.", "abcde", "abcd"),
    ("es", "El código no puede tener más de 10 caracteres.", "abcdefghij", "abcdefghijk"),
]


@pytest.mark.parametrize(("language", "text", "good", "bad"), FORMS, ids=[text for _, text, _, _ in FORMS])
def test_a_text_s_form_is_read(language: Language, text: str, good: str, bad: str) -> None:
    name = "code" if language == "en" else "codigo"
    made = system({"open": [name]}, text, language=language)
    assert refusals(made, "open", **{name: good}) == []
    assert refusals(made, "open", **{name: bad}) != []


LISTS = [
    ("en", "Impact is one of: company, team, person."),
    ("en", "The impact must be company, team or person."),
    ("en", "The field impact accepts company, team or person."),
    ("en", "Field: impact; Type: choice; Rules: company, team or person"),
    ("es", "El impacto es company, team o person."),
    ("es", "El impacto puede ser uno de los siguientes: company, team, person."),
    ("es", "Campo: impacto; Valores admitidos: company / team / person"),
]


@pytest.mark.parametrize(("language", "text"), LISTS, ids=[text for _, text in LISTS])
def test_a_closed_list_is_read(language: Language, text: str) -> None:
    name = "impact" if language == "en" else "impacto"
    made = system({"open": [name]}, text, language=language)
    assert [one for one in ("company", "team", "person") if refusals(made, "open", **{name: one})] == []
    assert refusals(made, "open", **{name: "city"}) != []


REQUIRED = [
    ("en", "I give the weight and the height. Both are mandatory."),
    ("en", "The weight and the height are entered; none of them may be missing."),
    ("en", "The nurse enters two things, the weight and the height. All data have to be there."),
    ("en", "Weight and height must not be left out."),
    ("en", "The nurse records the weight and the height. If any of them is missing, the entry is refused."),
    ("es", "Se piden el peso y la altura. Nada es opcional."),
    ("es", "La enfermera registra el peso y la altura. Todos los datos son obligatorios."),
    ("es", "Son obligatorios el peso y la altura."),
    ("es", "No se admite un registro con datos faltantes: peso y altura."),
]


@pytest.mark.parametrize(("language", "text"), REQUIRED, ids=[text for _, text in REQUIRED])
def test_what_must_be_given_is_read(language: Language, text: str) -> None:
    names = ("weight", "height") if language == "en" else ("peso", "altura")
    made = system({"measure": names}, text, language=language)
    for name in names:
        inputs: dict[str, object] = dict.fromkeys(names, 50) | {name: None}
        assert refusals(made, "measure", **inputs) != [], name


def test_an_optional_input_may_be_left_out() -> None:
    made = system({"send": ["text", "note"]}, "The text is mandatory. The note may be left out.")
    assert made.fields["note"].required is False
    assert refusals(made, "send", text="abc", note=None) == []


def test_an_input_that_is_required_at_times_is_asked_for_then() -> None:
    made = system(
        {"rate": ["rating", "comment"]},
        "The guest enters a rating from 1 to 5, a whole number, and a comment.",
        'With a rating of 1 or 2 a comment of at least 10 characters is required: "Tell us why".',
        "The comment may be left out if the rating is 3 or better.",
    )
    assert set(refusals(made, "rate", rating=2, comment=None)) == {None, "Tell us why"}
    assert refusals(made, "rate", rating=2, comment="too short") == ["Tell us why"]
    assert refusals(made, "rate", rating=3, comment=None) == []


def test_an_input_of_one_kind_of_thing_is_asked_for_there_alone() -> None:
    made = system(
        {"order": ["product", "pages"]},
        "The field product accepts flyer or booklet.",
        "The field pages is mandatory for booklets, where it accepts multiples of 4 between 8 and 64.",
    )
    assert refusals(made, "order", product="booklet", pages=None) == [None]
    assert refusals(made, "order", product="booklet", pages=10) != []
    assert refusals(made, "order", product="flyer", pages=None) == []


def test_limits_by_another_input_s_value() -> None:
    made = system(
        {"start": ["vehicle", "passengers"]},
        "Field: vehicle; Type: choice; Rules: saloon or van",
        "Field: passengers; Type: whole number; "
        'Rules: 1 to 4 in a saloon, 1 to 7 in a van; more are refused with "Full"',
    )
    assert refusals(made, "start", vehicle="van", passengers=5) == []
    assert refusals(made, "start", vehicle="saloon", passengers=5) == ["Full"]
    assert refusals(made, "start", vehicle="van", passengers=8) == ["Full"]


def test_words_of_a_refusal_belong_to_the_declaration_before_them() -> None:
    made = system(
        {"open": ["code", "floor"]},
        'The code is two capital letters and three digits. Otherwise it is refused with "Unknown code".',
        'The floor is a whole number from 1 to 9. Any other floor is refused with "No such floor".',
    )
    assert set(refusals(made, "open", code="A1", floor=3)) == {"Unknown code"}
    assert set(refusals(made, "open", code="AB123", floor=10)) == {"No such floor"}


def test_words_in_brackets_belong_to_the_limit_before_them() -> None:
    made = system(
        {"weigh": ["peso"]}, "El peso debe ser de al menos 50 kg («Muy liviano») y como máximo 250 («Muy pesado»).",
        language="es",
    )  # fmt: skip
    assert refusals(made, "weigh", peso=49) == ["Muy liviano"]
    assert refusals(made, "weigh", peso=251) == ["Muy pesado"]


def test_words_for_all_that_is_wrong() -> None:
    made = system(
        {"order": ["size", "copies"]},
        "The field size accepts A3 or A4. The field copies accepts 1 to 500.",
        'A missing mandatory field, or a value that is not accepted, leads to the message "Please check".',
    )
    assert refusals(made, "order", size="A5", copies=3) == ["Please check"]
    assert refusals(made, "order", size="A4", copies=501) == ["Please check"]


def test_times_and_their_steps() -> None:
    made = system({"book": ["start"]}, "The start is every half hour from 10:00 to 17:00.")
    assert refusals(made, "book", start="16:30") == []
    assert all(refusals(made, "book", start=time) for time in ("09:30", "17:30", "16:45"))


RELATIONS = [
    ("en", "The end must be after the start."),
    ("en", "The end must be later than the start; nothing goes past midnight."),
    ("es", "La hora de fin debe ser posterior a la de inicio."),
]


@pytest.mark.parametrize(("language", "text"), RELATIONS, ids=[text for _, text in RELATIONS])
def test_two_times_in_order(language: Language, text: str) -> None:
    start, end = ("start", "end") if language == "en" else ("hora_inicio", "hora_fin")
    times = "Start and end are times, HH:MM." if language == "en" else "Las horas se escriben como HH:MM."
    listed = "Se registran la hora de inicio y la hora de fin."
    listing = "I enter the start and the end." if language == "en" else listed
    made = system({"book": [start, end]}, f"{listing} {times}", text, language=language)
    assert refusals(made, "book", **{start: "10:00", end: "10:01"}) == []
    assert refusals(made, "book", **{start: "10:00", end: "10:00"}) != []


def test_people_counted_together_and_children_with_adults() -> None:
    made = system(
        {"book": ["adults", "children"]},
        "The guest enters the numbers of adults and children. Numbers are whole and must not be negative.",
        "There must be at least one person, and no more than 8.",
        'Children are not let in without an adult: "Bring an adult".',
    )
    assert refusals(made, "book", adults=4, children=4) == []
    assert refusals(made, "book", adults=5, children=4) == [None]
    assert refusals(made, "book", adults=0, children=0) == [None]
    assert refusals(made, "book", adults=0, children=2) == ["Bring an adult"]


def test_days_of_the_week_between_two() -> None:
    made = system({"plan": ["dia"]}, "Se registra el día de la semana (lunes a viernes).", language="es")
    assert refusals(made, "plan", dia="miércoles") == []
    assert refusals(made, "plan", dia="sábado") != []


def test_prices_and_results_declare_nothing() -> None:
    made = system(
        {"ride": ["distance", "stratum"]},
        "The distance is a number from 1 to 90. The stratum is a whole number from 1 to 6.",
        "Stratum 4 pays the full fee. A distance of more than 30 costs 5.00. Strata 5 and 6 pay 20 % more.",
    )
    assert refusals(made, "ride", distance=80, stratum=1) == []


@pytest.mark.parametrize("pattern", [r"[A-Z]{2}[0-9]{3}", r"TEC\-[0-9]{4}", r"[A-C][1-4]", r"[A-Za-z]{2}[0-9]{4,6}"])
def test_samples_of_a_form_are_right_and_broken_ones_are_not(pattern: str) -> None:

    assert re.fullmatch(pattern, shaped(pattern))
    broken = misshaped(pattern)
    assert len(broken) > 3
    assert not [text for text in broken if re.fullmatch(pattern, text)]


def test_a_check_digit_gets_a_right_and_a_wrong_sample() -> None:

    made = system({"join": ["member_code"]}, "The member code is the letter H, six digits, and a check digit.")
    values = domain(made, "member_code", made.rules).values
    assert refusals(made, "join", member_code=values[0]) == []
    assert refusals(made, "join", member_code=values[1]) != []
