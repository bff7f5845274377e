"""A register of requirements is a table, and each of its rows is read as the sentences in it."""

from arraigo.apps.testplans.generator.model import Check, Compare, Not, Ref, num
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.generator.understand.passages import passages
from arraigo.apps.testplans.plan import Glossary, Language, Requirement, Row

GLOSSARY = Glossary.model_validate({"operations": {"rent_boat": {"fields": ["persons", "hours"]}}})


def row(text: str, cells: dict[str, str], language: Language = "en") -> Requirement:
    """As it is extracted: all cells in the text, and each under its head."""
    return Requirement(id="R-1", text=text, language=language, row=Row(table=1, cells=cells))


def test_topic_and_priority_are_no_part_of_what_is_required() -> None:
    said = "The number of persons must not exceed 6."
    one = row(
        f"{said} Topic: Rent; Priority: Must.", {"ID": "R-1", "Topic": "Rent", "Requirement": said, "Priority": "Must"}
    )
    assert Check("R-1", ("rent_boat",), Not(Compare(Ref("persons"), "<=", num(6)))) in understand([one], GLOSSARY).rules


def test_a_message_in_a_column_of_its_own_goes_with_the_requirement() -> None:
    said = "Se rechaza el alquiler de más de 8 horas"
    one = row(f"{said}. Mensaje: Demasiadas horas.", {"Regla": said, "Mensaje": "«Demasiadas horas»"}, "es")
    assert [one.text for one in passages([one])] == [f"{said}. El mensaje es «Demasiadas horas»."]


def test_an_example_in_a_register_is_not_required() -> None:
    said = "Example: four persons for three hours pay 45.00 in all."
    assert not passages([row(said, {"ID": "R-1", "Requirement": said})])


def test_a_row_of_values_stays_a_row() -> None:
    one = row("Persons: 4; Price: 12.00.", {"Persons": "4", "Price": "12.00"})
    assert passages([one]) == [one]
