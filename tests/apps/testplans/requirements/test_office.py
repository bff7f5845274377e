"""What Word and Excel keep beside the text: computed numbers, tracked changes, merged cells, formats of numbers."""

from arraigo.apps.testplans.requirements import extract
from support.papers.hostile import merged_workbook, numbered_word


def test_numbers_that_word_computes_are_ids_and_sections() -> None:
    found = {one.id: one for one in extract(numbered_word(), "a.docx").requirements}
    assert found["RF-1-1"].text == "El saldo inicial debe estar entre 10 y 500 euros."
    assert found["RF-1-2"].place.section == "1 Cuentas > 1.1 Apertura"
    assert found["RF-2-1"].place.section == "2 Tarjetas"


def test_what_was_struck_out_is_not_read_and_what_was_put_in_is() -> None:
    extraction = extract(numbered_word(), "a.docx")
    texts = [one.text for one in extraction.requirements]
    assert "La comisión máxima es del 7 % y no puede superar 1000 euros." in texts
    assert "9 %" not in extraction.text
    assert not any("página 3" in text for text in texts)


def test_merged_cells_are_in_each_row_and_under_each_head() -> None:
    texts = [one.text for one in extract(numbered_word(), "a.docx").requirements]
    assert "Tarjeta: Débito; Límites Diario: 600; Límites Mensual: 4.000; Costo: 3." in texts


def test_a_sheet_shows_its_numbers_as_it_shows_them() -> None:
    found = extract(merged_workbook(), "a.xlsx")
    texts = [one.text for one in found.requirements]
    assert "Zone: Centre; Fare Adult: 3; Fare Child: 1.5; Discount: 20 %; Valid from: 2026-01-10." in " ".join(texts)
    assert "A ticket is valid for 90 minutes and cannot be refunded. Priority: Low; Owner: B. Example." in texts
    assert not any("What must be shown" in text for text in texts)
    assert {one.place.section for one in found.requirements} == {"Fares", "Rules"}
