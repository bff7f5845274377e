"""What a document says beside its requirements is kept with them, and nothing of a paragraph, list or table is lost."""

from arraigo.apps.testplans.plan import Requirement
from arraigo.apps.testplans.requirements import extract


def read(text: str) -> list[Requirement]:
    return list(extract(text.encode(), "a.md").requirements)


def beside(requirement: Requirement, kind: str = "told") -> list[str]:
    return [one.text for one in requirement.beside if one.kind == kind]


def test_terms_stand_beside_the_first_requirement_after_them() -> None:
    found = read(
        "# Gym\n\n## 1. Definitions\n\n- **Pass:** the right to enter. A new pass is *idle*.\n\n| Term | Meaning |\n"
        "|---|---|\n| Peak | from 17:00 to 20:00 |\n\n## 2. Entry\n\nA guest must be at least 16 years old.\n"
    )
    assert [one.text for one in found] == ["A guest must be at least 16 years old."]
    assert beside(found[0]) == [
        "Pass: the right to enter. A new pass is idle.",
        "Term: Peak; Meaning: from 17:00 to 20:00.",
    ]
    assert found[0].beside[1].row is not None
    assert found[0].beside[1].row.cells == {"Term": "Peak", "Meaning": "from 17:00 to 20:00"}


def test_an_example_stands_beside_the_requirement_before_it() -> None:
    found = read(
        "## Multas\n\nLa multa es de 200 pesos por día. *Ejemplo:* tres días cuestan 600 pesos.\n\n"
        "Ejemplo. Diez días cuestan 2.000 pesos.\n\nEl máximo es de 5.000 pesos.\n\n## Anexo: ejemplos\n\n"
        "Uno de 30 días paga 5.000.\n"
    )
    assert len(found) == 2
    assert beside(found[0], "example") == [
        "Ejemplo: tres días cuestan 600 pesos.",
        "Ejemplo. Diez días cuestan 2.000 pesos.",
    ]
    assert beside(found[1], "example") == ["Uno de 30 días paga 5.000."]


def test_a_row_keeps_all_of_its_cells_and_its_table() -> None:
    found = read(
        "## Datos\n\nSe piden estos datos:\n\n| Campo | Descripción | Reglas |\n|---|---|---|\n"
        "| clave | La clave que elige el cliente al registrarse | 6 letras; un guion: A-1 |\n| alias | | texto |\n\n"
        "## Tarifas\n\nTabla 2. Precios\n\n| Zona | Precio |\n|---|---|\n| Sur | 5.000 |\n"
    )
    rows = [one.row for one in found if one.row is not None]
    assert rows[0].cells == {
        "Campo": "clave",
        "Descripción": "La clave que elige el cliente al registrarse",
        "Reglas": "6 letras; un guion: A-1",
    }
    assert rows[1].cells == {"Campo": "alias", "Descripción": "", "Reglas": "texto"}
    assert [(row.table, row.title) for row in rows] == [(1, ""), (1, ""), (2, "Precios")]
    assert beside(found[0]) == ["Se piden estos datos:"]


def test_sentences_that_go_on_with_a_statement_belong_to_it() -> None:
    texts = [
        one.text
        for one in read(
            "## Doors\n\nOpening the door ends the cycle. The machine is idle.\n\n"
            "Wool is special. It must not be washed above 30 degrees.\n\n"
            "A start with 3 failures in a row locks it; from then on (until a reset; see above) it is out of order.\n"
        )
    ]
    assert texts == [
        "Opening the door ends the cycle. The machine is idle.",
        "Wool is special. It must not be washed above 30 degrees.",
        "A start with 3 failures in a row locks it; from then on (until a reset; see above) it is out of order.",
    ]


def test_all_entries_of_a_list_of_rules_count_and_the_lead_may_have_no_colon() -> None:
    found = read(
        "## Keys\n\nThe lock must\n\n- take keys of 6 digits;\n- keep a count of wrong keys.\n\n"
        "The lock has 4 wheels.\n\n"
        "- With a right key the lock is in the state open.\n- A wrong key is refused.\n"
    )
    assert [one.text for one in found] == [
        "The lock must: take keys of 6 digits.",
        "The lock must: keep a count of wrong keys.",
        "The lock has 4 wheels.",
        "With a right key the lock is in the state open.",
        "A wrong key is refused.",
    ]
    assert [one.lead for one in found] == ["The lock must:", "The lock must:", "", "", ""]


def test_lettered_clauses_are_ids_and_criteria_are_told_apart_by_their_story() -> None:
    ids = [
        one.id
        for one in read("## A. Ventas\n\nA.1 El pago debe ser exacto. Si no, se rechaza.\n\nA.2 Se paga en caja.\n")
    ]
    assert ids == ["A.1", "A.2"]
    stories = read("## TK-1 Buy\n\n- AC1. A ticket must be paid.\n\n## TK-2 Enter\n\n- AC1. A ticket must be valid.\n")
    assert [one.id for one in stories] == ["TK-1-AC1", "TK-2-AC1"]


def test_who_wrote_it_and_open_questions_are_no_requirements() -> None:
    found = read(
        "# Bikes\n\nPrepared for: City Bikes\nStatus: agreed on 3 May 2026\n\nSprint 4 to 6.\n\n"
        "A bike begins as free.\n\n"
        "## Rent\n\nA rent lasts at most 24 hours.\n\n## Return\n\nA bike must be returned at a dock.\n\n"
        "## Open questions\n\n- Will there be helmets?\n"
    )
    assert [one.text for one in found] == ["A rent lasts at most 24 hours.", "A bike must be returned at a dock."]
    assert "A bike begins as free." in beside(found[0])
