"""How PDF pages are set: two columns, tables without rules or cut by a page, notes, formulas, computed numbers."""

import typst

from arraigo.apps.testplans.plan import Extraction
from arraigo.apps.testplans.requirements import extract


def _printed(source: str, page: str = 'paper: "a4"', language: str = "es") -> Extraction:
    set_up = f'#set page({page})\n#set text(11pt, lang: "{language}")\n#set par(justify: true)\n'
    return extract(typst.compile((set_up + source).encode()), "a.pdf")


def _texts(extraction: Extraction) -> list[str]:
    return [one.text for one in extraction.requirements]


def test_two_columns_are_read_one_after_the_other() -> None:
    texts = _texts(
        _printed(
            "= Lending\nA loan lasts 21 days and can be renewed twice, unless somebody else has reserved it. "
            "#lorem(90)\n"
            "A reader who owes more than 10 EUR must not borrow anything until it is paid. #lorem(30) #colbreak()\n"
            "A lost book costs its price and a fee of 15 EUR, which is waived within 60 days. #lorem(110)",
            'paper: "a4", columns: 2',
            "en",
        )
    )
    assert texts[:3] == [
        "A loan lasts 21 days and can be renewed twice, unless somebody else has reserved it.",
        "A reader who owes more than 10 EUR must not borrow anything until it is paid.",
        "A lost book costs its price and a fee of 15 EUR, which is waived within 60 days.",
    ]


def test_a_table_without_rules_between_its_columns_is_a_table() -> None:
    rows = "[Local], [5.000], [24 horas], [Regional], [8.000], [2 a 3 días], [Nacional], [12.000], [5 días]"
    texts = _texts(_printed(f"Las tarifas son:\n#table(columns: 3, stroke: none, [Zona], [Tarifa], [Plazo], {rows})"))
    assert texts[1:] == [
        "Zona: Regional; Tarifa: 8.000; Plazo: 2 a 3 días.",
        "Zona: Nacional; Tarifa: 12.000; Plazo: 5 días.",
    ]


def test_a_row_that_a_page_break_cuts_is_one_requirement() -> None:
    long = (
        "El sistema envía un aviso y " + "espera la respuesta del cliente mientras " * 30 + "dura el plazo de 48 horas."
    )
    rows = f"[RF-1], [El plazo es de 48 horas.], [RF-2], [{long}], [RF-3], [El aviso se repite 3 veces.]"
    extraction = _printed(
        f"#table(columns: (2cm, 1fr), table.header([Id], [Requisito]), {rows})", "width: 10cm, height: 8cm, margin: 1cm"
    )
    assert {one.id: one.text for one in extraction.requirements} == {
        "RF-1": "El plazo es de 48 horas.",
        "RF-2": long,
        "RF-3": "El aviso se repite 3 veces.",
    }
    assert extraction.text.count("\f") > 1


def test_a_sentence_that_a_page_break_or_a_formula_parts_is_whole() -> None:
    texts = _texts(
        _printed(
            '#set heading(numbering: "1.1")\n= Pesos\nEl volumen cumple $ V <= 5 times 10^4 "cm"^3 $ y ningún lado '
            "supera los 60 cm.\n#v(1fr)\n== Lados\nUn paquete frágil que supera los 40 cm de lado se rechaza con el "
            "mensaje “Demasiado grande” y se devuelve a la persona que lo entregó en menos de 24 horas.",
            'width: 9cm, height: 6cm, margin: 1cm, numbering: "1"',
        )
    )
    assert texts[0] == "El volumen cumple V ≤ 50000cm³ y ningún lado supera los 60 cm."
    assert texts[1].startswith("Un paquete frágil que supera")
    assert texts[1].endswith("se devuelve a la persona que lo entregó en menos de 24 horas.")
    assert len(texts) == 2


def test_what_stands_under_a_page_in_small_letters_is_no_requirement() -> None:
    texts = _texts(
        _printed("El retiro máximo es de 300 euros.#footnote[Cada día debe contarse desde las 0:00.] #lorem(30)")
    )
    assert len(texts) == 1
    assert "Cada día" not in texts[0]
