"""Text made plain, cut into sentences, told apart."""

import pytest

from arraigo.apps.testplans.requirements import extract
from arraigo.apps.testplans.requirements.words.language import language_of
from arraigo.apps.testplans.requirements.words.mistakes import plain
from arraigo.apps.testplans.requirements.words.sections import part_of, part_of_table
from arraigo.apps.testplans.requirements.words.sentences import sentences_of
from arraigo.apps.testplans.requirements.words.statements import kind_of, strength, why_not_testable


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("entre o y 4", "entre 0 y 4"),
        ("entre l y 5", "entre 1 y 5"),
        ("between O and 10", "between 0 and 10"),
        ("de o a 10 puntos", "de 0 a 10 puntos"),
        ("[o, 4]", "[0, 4]"),
        ("mayor que O.", "mayor que 0."),
        ("1O0, l5 y 5OO", "100, 15 y 500"),
        ("un correo o un SMS", "un correo o un SMS"),
        ("mayor o igual a 5", "mayor o igual a 5"),
        ("5l de agua, el 1o de enero, H2O y A1O2", "5l de agua, el 1o de enero, H2O y A1O2"),
        ("$0 \\leq x \\leq 10^{3}$", "0 ≤ x ≤ 1000"),
        ("$\\text{monto} \\geq 1{,}000$ y 20 \\%", "monto ≥ 1,000 y 20 %"),
        ("$5 \\times 10^{3}$ o $2.5 \\times 10^3$", "5000 o 2500"),
        ("$\\frac{a+1}{2}$", "(a+1)/2"),
        ("entre $50 y $100", "entre $50 y $100"),
        ("US$ 20 o $30", "US$ 20 o $30"),
        ("oﬁcina\u00a0de  pagos", "oficina de pagos"),
        ("un monto^1 y 3 m^2", "un monto y 3 m²"),
        ("C:\\temp\\file", "C:\\temp\\file"),
    ],
)
def test_a_line_is_made_plain(written: str, meant: str) -> None:
    assert plain(written) == meant


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Se rechaza con el mensaje «No hay cupo. Intente luego.» y se avisa. Fin de todo.", 2),
        ("Pesa 2.5 kg, p. ej. 3.000 g. Cuesta 4.", 2),
        ("The art. 5 applies, e.g. to loans. It costs 5 EUR.", 2),
        ("¿Está activo? El sistema responde.", 2),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(sentences_of(text)) == count


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("El sistema deberá rechazar montos negativos.", "strong"),
        ("No se permite reservar fuera de horario.", "strong"),
        ("A user may not borrow a sixth book.", "strong"),
        ("If the order is empty, then the total is zero.", "strong"),
        ("PENDIENTE → PAGADA", "strong"),
        ("An order moves from OPEN to CLOSED.", "strong"),
        ("La tarifa es de 2.500 pesos por hora.", "weak"),
        ("Los primeros 15 minutos son gratis.", "weak"),
        ("Este documento debe leerse completo.", ""),
        ("Versión 1.2 del 3 de marzo", ""),
        ("Las ventas crecen en diciembre.", ""),
        ("¿Qué debe pasar con el tiquete?", ""),
        ("See section 4 for what must be done.", ""),
        ("En el sistema anterior los tiquetes se vendían a mano.", ""),
    ],
)
def test_a_statement_is_told_from_what_only_tells(sentence: str, says: str) -> None:
    assert strength(sentence) == says


@pytest.mark.parametrize(
    ("sentence", "language", "why"),
    [
        ("La interfaz debe ser amigable.", "es", "«amigable»"),
        ("The system should be fast.", "en", "“fast”"),
        ("The system must answer fast, within 2 seconds.", "en", ""),
        ("La tarifa está por definir.", "es", "«por definir»"),
        ("As a reader, I want to reserve books.", "en", "acceptance criteria"),
        ("Si el pago falla, se avisa de forma clara.", "es", ""),
    ],
)
def test_what_cannot_be_tried_says_why(sentence: str, language: str, why: str) -> None:
    told = why_not_testable(sentence, "es" if language == "es" else "en")
    assert (why in told) if why else (told == "")


def test_kinds_languages_and_parts_are_known() -> None:
    assert kind_of("La contraseña tiene 10 caracteres.", "") == "security"
    assert kind_of("El 95 % responde en menos de 800 ms.", "") == "performance"
    assert kind_of("Se ve bien.", "4 Requisitos > 4.2 Usabilidad") == "usability"
    assert kind_of("El total se redondea.", "5 Pagos") == "functional"
    assert language_of("The total is rounded") == "en"
    assert language_of("El total se redondea", "en") == "es"
    assert language_of("42", "en") == "en"
    assert [part_of(one) for one in ("2. Glosario de términos", "Annex B: Examples", "Definiciones de campos")] == [
        *("glossary", "example", ""),
    ]
    assert part_of_table(["Versión", "Fecha", "Autor", "Cambios"]) == "history"
    assert part_of_table(["Campo", "Descripción"]) == ""


def test_paragraphs_after_an_id_belong_to_it_and_lists_have_their_sentence() -> None:
    text = (
        "# Pagos\n\nRF-1 El monto debe estar entre 10 y 500.\n\nEn caso contrario se rechaza.\n\n"
        "RF-2 El sistema debe validar:\n\n1. el correo;\n2. el teléfono:\n   - de 7 dígitos, o\n   - de 10 dígitos.\n\n"
        "- RF-3: El pago vence a los 30 días.\n- RF-1: El pago se anula.\n\nLas monedas permitidas son:\n- COP\n- EUR\n"
    )
    assert {one.id: one.text for one in extract(text.encode(), "a.md").requirements} == {
        "RF-1": "El monto debe estar entre 10 y 500. En caso contrario se rechaza.",
        "RF-2": "El sistema debe validar: el correo.",
        "RF-2-2": "El sistema debe validar: el teléfono: de 7 dígitos.",
        "RF-2-3": "El sistema debe validar: el teléfono: de 10 dígitos.",
        "RF-3": "El pago vence a los 30 días.",
        "RF-1-2": "El pago se anula.",
        "REQ-001": "Las monedas permitidas son: COP; EUR.",
    }
