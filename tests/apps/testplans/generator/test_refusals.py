"""What is refused beyond a bound, for one value of another field, or in how two values go together."""
# ruff: noqa: E501 - one document, one line

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from arraigo.apps.testplans.generator.evaluate import Scope
from arraigo.apps.testplans.generator.model import Barred, Check, Plain, System, Vague
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Glossary, Language, Place, Requirement


def system(operations: Mapping[str, Sequence[str]], *texts: str, language: Language = "en") -> System:
    glossary = Glossary.model_validate(
        {"operations": {name: {"fields": list(own)} for name, own in operations.items()}}
    )
    return understand(
        [
            Requirement(id=f"R{n}", text=text, language=language, place=Place(section="Rules"))
            for n, text in enumerate(texts, 1)
        ],
        glossary,
    )


def refusals(of: System, told: str, **inputs: object) -> list[str | None]:
    """The messages of the checks that refuse these inputs; `told` is what the document computed before."""
    plain: dict[str, Plain] = {
        name: Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value  # type: ignore[misc]
        for name, value in inputs.items()
    }
    plain |= {name: Decimal(value) for name, value in re.findall(r"(\w+)=(\d+)", told)}
    [operation] = of.operations
    scope = Scope(of, operation, plain)
    return [rule.message for rule in of.rules if isinstance(rule, Check) if scope.holds(rule.when) is True]


BEYOND = [
    ("en", "hours", ["They tell how many whole hours remain.", 'Fewer than 24: "Too late".'], {23: "Too late", 24: ""}),
    ("es", "horas", ["Se indica cuántas horas enteras faltan.", "Menos de 12 horas: «No se admite»."], {11: "No se admite", 12: ""}),
    ("en", "minutes", ['The minutes are a whole number from 10 to 90. Less: "Stay longer". Longer: "Use the garage".'],
     {9: "Stay longer", 10: "", 91: "Use the garage"}),
    ("es", "peso_kg", ["El peso va de 1 a 30 kg. Un paquete más pesado: «Excede el peso»."], {30: "", 31: "Excede el peso"}),
    ("en", "minutes_late", ["The minutes are whole.", "Up to 15 minutes early and up to 45 minutes late is fine.", 'Earlier: "Too early". Later: "Missed".'],
     {-16: "Too early", -15: "", 45: "", 46: "Missed"}),
    ("es", "minutos_retraso", ["Hasta 10 minutos antes y hasta 20 minutos después se acepta. Antes: «Muy pronto»."],
     {-11: "Muy pronto", -10: "", 20: ""}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "name", "texts", "cases"), BEYOND, ids=[one[2][-1] for one in BEYOND])
def test_words_that_follow_a_bound_are_told_beyond_it(
    language: Language, name: str, texts: list[str], cases: dict[int, str]
) -> None:
    made = system({"act": [name]}, *texts, language=language)
    for value, message in cases.items():
        assert refusals(made, "", **{name: value}) == ([message] if message else [])


def test_words_for_a_tail_that_refuses_nothing_are_not_a_refusal() -> None:
    made = system({"enviar": ["peso_kg"]}, "El peso va de 1 a 30 kg.", "Menos de 2 kg: «Tarifa mínima».", language="es")
    assert refusals(made, "", peso_kg=1) == []


@pytest.mark.parametrize(
    ("language", "text", "usual", "other"),
    [
        ("en", "Open from Tuesday to Sunday; the last tour is at 17:00, on Saturdays at 13:00.", "Friday", "Saturday"),
        (
            "es",
            "Se abre de martes a domingo. La última visita es a las 17:00 (los sábados a las 13:00).",
            "viernes",
            "sábado",
        ),
    ],
)
def test_the_last_moment_may_differ_for_a_value(language: Language, text: str, usual: str, other: str) -> None:
    day, time = ("weekday", "time") if language == "en" else ("dia", "hora")
    made = system({"visit": [day, time]}, text, language=language)
    assert not refusals(made, "", **{day: usual, time: "17:00"})
    assert refusals(made, "", **{day: usual, time: "17:30"})
    assert not refusals(made, "", **{day: other, time: "13:00"})
    assert refusals(made, "", **{day: other, time: "13:30"})


def test_what_is_paid_is_compared_with_what_is_due_for_one_way_of_paying() -> None:
    made = system(
        {"settle": ["way", "amount"]},
        "The system shows the fee. The fee is worked out by the desk.",
        "The way is cash, cheque or voucher.",
        'Cash must be at least the fare. If it is less: "Not enough".'.replace("fare", "fee"),
        'A cheque may include interest. It must be at least the fee ("Too little" otherwise) and at most 10 % more '
        'than the fee ("Too much" otherwise).',
        "A voucher is worth 15, so the amount must be 15.",
    )
    assert refusals(made, "fee=20", way="cash", amount=19) == ["Not enough"]
    assert refusals(made, "fee=20", way="cash", amount=90) == []
    assert refusals(made, "fee=20", way="cheque", amount=19) == ["Too little"]
    assert refusals(made, "fee=20", way="cheque", amount=22) == []
    assert refusals(made, "fee=20", way="cheque", amount=23) == ["Too much"]
    assert refusals(made, "fee=15", way="voucher", amount=16) == [None]


def test_a_rule_that_begins_with_a_value_is_for_that_value_in_spanish_too() -> None:
    made = system(
        {"cobrar": ["medio", "importe"]},
        "El sistema muestra el total.",
        "El medio es efectivo, tarjeta o vale.",
        "El efectivo debe ser al menos el total. Si es menos: «No alcanza».",
        "La tarjeta debe ser igual al total.",
        language="es",
    )
    assert refusals(made, "total=20", medio="efectivo", importe=19) == ["No alcanza"]
    assert refusals(made, "total=20", medio="tarjeta", importe=21) == [None]
    assert refusals(made, "total=20", medio="vale", importe=19) == []


@pytest.mark.parametrize(
    ("language", "fields", "text", "good", "bad"),
    [
        ("en", ["product", "size"],
         'The product is flyer, poster or card. The size is A3, A4 or A5. Posters exist in A3 only, flyers in A4 and A5. Any other combination is refused with "Not available".',
         [("poster", "A3"), ("flyer", "A5"), ("card", "A3")], [("poster", "A4"), ("flyer", "A3")]),
        ("es", ["cafe", "tamano"],
         "El café es solo, cortado o latte. El tamaño es chico, mediano o grande. El cortado se sirve solo en chico, el latte en mediano y grande.",
         [("cortado", "chico"), ("latte", "grande")], [("cortado", "grande"), ("latte", "chico")]),
    ],
)  # fmt: skip
def test_values_that_go_together_are_read_in_turns(
    language: Language, fields: list[str], text: str, good: list[tuple[str, str]], bad: list[tuple[str, str]]
) -> None:
    made = system({"quote": fields}, text, language=language)
    assert [one for one in good if refusals(made, "", **dict(zip(fields, one, strict=True)))] == []
    assert [one for one in bad if not refusals(made, "", **dict(zip(fields, one, strict=True)))] == []


def test_a_figure_with_its_unit_before_the_field_is_one_of_it() -> None:
    made = system(
        {"quote": ["pages", "paper_weight"]},
        "The paper weight accepts 90 or 250 (grams). The pages are from 8 to 64.",
        'Jobs with more than 32 pages cannot be made of 250 g paper. The message is "Too heavy".',
    )
    assert refusals(made, "", pages=33, paper_weight=250) == ["Too heavy"]
    assert refusals(made, "", pages=33, paper_weight=90) == []


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "reference", "The reference is optional. When present it has 3 to 20 characters."),
        ("es", "nota", "La nota es opcional. Si se indica, tiene de 3 a 20 caracteres."),
    ],
)
def test_what_holds_when_an_optional_field_is_present_is_read(language: Language, name: str, text: str) -> None:
    made = system({"quote": [name]}, text, language=language)
    assert refusals(made, "", **{name: "ab"})
    assert not refusals(made, "", **{name: "abc"})
    assert made.fields[name].required is False


def test_the_words_for_all_that_is_wrong_are_told_for_what_holds_only_in_a_case_too() -> None:
    made = system(
        {"quote": ["product", "pages"]},
        "The product is flyer or booklet.",
        "The field pages is mandatory for booklets, where it accepts 8 to 64.",
        'A missing field, or a value that is not accepted, leads to the message "Check your entries".',
    )
    assert refusals(made, "", product="booklet", pages=7) == ["Check your entries"]
    assert refusals(made, "", product="booklet", pages=None)[:1] == ["Check your entries"]


def test_a_story_s_wish_names_the_operation_of_its_section() -> None:
    glossary = Glossary.model_validate({"operations": {"buy_tickets": {"fields": ["adults"]}, "scan": {"fields": []}}})
    place = Place(section="T-6 Entering")
    texts = [
        ("T-1", "The ticket states are: new, valid, used.", Place(section="T-1 Buy")),
        ("T-6", "As door staff I want to scan a ticket and see whether to let the party in.", place),
        ("T-6-1", 'A ticket that is used is refused with "Already used".', place),
    ]
    made = understand([Requirement(id=i, text=t, language="en", place=p) for i, t, p in texts], glossary)
    assert [r.operations for r in made.rules if isinstance(r, Barred) and r.message == "Already used"] == [("scan",)]


@pytest.mark.parametrize(
    ("language", "text", "good", "bad"),
    [
        ("en", "The key has six digits. The key is right if the sum of its digits is 30.", "555555", "555554"),
        (
            "es",
            "La clave tiene seis dígitos. La clave es correcta si la suma de sus cifras es múltiplo de 9.",
            "333333",
            "333331",
        ),
    ],
)
def test_the_sum_of_a_text_s_digits_may_decide(language: Language, text: str, good: str, bad: str) -> None:
    name = "key" if language == "en" else "clave"
    made = system({"open": [name]}, text, language=language)
    assert not refusals(made, "", **{name: good})
    assert refusals(made, "", **{name: bad})


def test_what_a_thing_has_not_is_no_doubt_of_where_it_begins() -> None:
    made = system(
        {"insert_coin": ["coin"], "cancel": []},
        "A new machine is idle, has no credit, and every slot holds 5 items.",
        "The machine adds every coin to the credit.",
        "On cancelling the machine becomes idle.",
    )
    assert made.initial == "idle"
    assert made.begin["credit"] == 0


def test_a_check_that_was_not_understood_makes_its_operation_unsure() -> None:
    made = system(
        {"select_slot": ["slot"]},
        "The slot is a letter from A to C and a number from 1 to 4.",
        'The machine feels like it. Otherwise: "Not today".',
    )
    assert any(isinstance(rule, Vague) and "accepted" in rule.touches for rule in made.rules)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            [
                "The coin is 100 or 200. The machine adds every coin to the credit. It starts with a credit of 0.",
                'The machine shall refuse a coin that would bring the credit above 500, with "Limit reached".',
            ],
        ),
        (
            "es",
            [
                "La moneda se suma al saldo. El saldo empieza en 0.",
                "Se rechaza la moneda que llevaría el saldo por encima de 500, con «Limit reached».",
            ],
        ),
    ],
)
def test_what_a_step_would_come_to_is_refused_before_it(language: Language, texts: list[str]) -> None:
    coin = "coin" if language == "en" else "moneda"
    made = system({"insert": [coin]}, *texts, language=language)
    kept = "credit" if language == "en" else "saldo"
    [check] = [rule for rule in made.rules if isinstance(rule, Check) and rule.message == "Limit reached"]
    for value, refused in ((100, False), (200, True)):
        scope = Scope(made, "insert", {coin: Decimal(value), kept: Decimal(400)})
        assert scope.holds(check.when) is refused
