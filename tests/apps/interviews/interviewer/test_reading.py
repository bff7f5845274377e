import pytest
from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer import asking, offline, rules
from arraigo.apps.interviews.interviewer.reading import signs, substance
from arraigo.apps.interviews.interviewer.reading.handles import handles
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, fold, sentences
from arraigo.apps.interviews.interviewer.types import Situation
from support.interviewing import PLAN, transcript


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        ("Lo hago todo en Excel y en sap.", "tool", "sap"),
        ("Uso un sistema llamado Gesfac para firmar.", "tool", "Gesfac"),
        ("We use a tool called Orderly.", "tool", "Orderly"),
        ("Uso o Word, e às vezes o Teams.", "tool", "o Teams"),
        ("Llamo por el teléfono fijo.", "tool", "el teléfono"),
        ("Reviso unas 40 facturas al día y respondo a los clientes.", "task", "Reviso unas 40 facturas al día"),
        ("I order flour, packaging and sugar.", "task", "I order flour, packaging and sugar"),
        ("Atendo os pacientes, marco consultas e cuido do caixa.", "task", "Atendo os pacientes"),
        ("Reviso unas 40 facturas al día.", "number", "40 facturas al día"),
        ("Un 20% no llega.", "number", "20%"),
        ("It takes me two hours a day.", "duration", "two hours a day"),
        ("Leva umas três horas por dia.", "duration", "três horas por dia"),
        ("Lo envío a fin de mes.", "frequency", "a fin de mes"),
        ("I send it every Friday.", "frequency", "every Friday"),
        ("Faço isso toda segunda-feira, duas vezes por semana.", "frequency", "duas vezes por semana"),
        ("El sistema se cae, y luego espero.", "pain", "El sistema se cae"),
        ("O sistema trava quando chove.", "pain", "O sistema trava quando chove"),
        ("The printer gets stuck, always.", "pain", "The printer gets stuck"),
        ("Hablo con mi jefa.", "people", "mi jefa"),
        ("I ask the finance team.", "people", "the finance team"),
        ("Eu pergunto ao chefe, e os clientes esperam.", "people", "os clientes"),
        ("Pues me gustaría que saliera solo.", "wish", "me gustaría que saliera solo"),
        ("I wish it ran by itself.", "wish", "I wish it ran by itself"),
        ("Cajera.", "phrase", "Cajera"),
    ],
)
def test_what_can_be_taken_up_is_found_as_it_stands(answer: str, kind: str, text: str) -> None:
    assert (kind, text) in {(handle.kind, handle.text) for handle in handles(answer)}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("Trabajo aquí desde 2019 y llevo 5 años.", "number"),
        ("Empiezo a las 8 de la mañana.", "number"),
        ("I access the files and take the word of two teams.", "tool"),
        ("no sé", "phrase"),
        ("", "remark"),
    ],
)
def test_what_is_none_is_not_found(answer: str, kind: str) -> None:
    assert kind not in {handle.kind for handle in handles(answer)}


def follow_up(answer: str, topic: str, language: Language, *asked: str) -> str:
    state = rules.begin(PLAN).model_copy(update={"topic": topic})
    return asking.taking_up(Situation(PLAN, state, language, "basic", transcript("Hola", "Hola", *asked), answer))


@pytest.mark.parametrize(
    ("answer", "topic", "language", "question"),
    [
        ("Excel", "tools", "es", "¿Para qué usa Excel exactamente?"),
        ("Hablo mucho con mi jefa", "role", "es", "¿Cómo es el trabajo con su jefa?"),
        ("Falo muito com a minha chefe", "role", "pt", "Como é o trabalho com sua chefe?"),
        ("Mostly with my boss", "role", "en", "What is it like to work with your boss?"),
        ("Eu uso o Excel para tudo e não faço mais nada", "tools", "pt", "Para que exatamente você usa o Excel?"),
        ("Eu uso o Excel para tudo e não faço mais nada", "tools", "es", "¿Para qué usa Excel exactamente?"),
        ("I do it all on the phone, and that is it", "tools", "es", "¿Para qué usa «phone» exactamente?"),
        ("Mostly with my boss and that is it", "role", "pt", "Como é o trabalho com “my boss”?"),
        ("Tengo un cuaderno para todo", "tools", "es", "¿Para qué usa el cuaderno exactamente?"),
    ],
)
def test_a_follow_up_fits_its_handle(answer: str, topic: str, language: Language, question: str) -> None:
    assert follow_up(answer, topic, language) == question


def test_a_handle_is_taken_up_once() -> None:
    first = follow_up("Excel y SAP", "tools", "es")
    second = follow_up("Excel y SAP", "tools", "es", first, "Para todo")
    third = follow_up("Excel y SAP", "tools", "es", first, "Para todo", second, "Para nada")
    assert "Excel" in first
    assert "SAP" in second
    assert "«Excel y SAP»" in third
    assert len({first, second, third}) == 3


def test_people_are_taken_up_once_whoever_they_belong_to() -> None:
    asked = follow_up("Con mi jefa", "role", "es")
    assert "su jefa" in asked
    assert "su jefa" not in follow_up("Con mi jefa", "role", "es", asked, "Bien")


def test_what_was_refused_is_not_taken_up_elsewhere() -> None:
    state = rules.begin(PLAN).model_copy(update={"topic": "tasks", "outcomes": {"pains": "refused"}})
    answer = "El sistema se cae y espero mucho rato sentada."
    question = asking.taking_up(Situation(PLAN, state, "es", "basic", transcript("Hola"), answer))
    assert "se cae" not in question


def test_enough_is_a_matter_of_substance() -> None:
    wordy = "La verdad es que hacemos un poco de todo y cada día es distinto, según lo que haya, ya sabe. "
    rich = (
        "Reviso unas 40 facturas al día en SAP, las comparo con las órdenes de compra y, si algo no cuadra, llamo al"
        " transportista. Cada viernes preparo el informe semanal en Excel para mi jefa; me lleva tres horas porque"
        " copio los datos a mano. A fin de mes concilio los pagos con contabilidad y archivo los albaranes firmados."
    )
    assert not substance.enough([wordy * 4])
    assert substance.enough([rich])


def test_an_answer_that_plainly_speaks_of_a_topic_to_come_settles_it() -> None:
    tools = (
        "Soy contable. Trabajo con dos programas y una hoja de cálculo: SAP para registrar las facturas de proveedores,"
        " Excel para el informe semanal de gastos y una aplicación llamada Gesfac para firmar los pagos autorizados."
    )
    judged = offline.judge(Situation(PLAN, rules.begin(PLAN), "es", "basic", transcript("¿A qué se dedica?"), tools))
    assert judged.also == ("tools",)


PIECES = [
    "uso",
    "Excel",
    "mi jefe",
    "cada día",
    "no sé",
    ",",
    ".",
    "I wish",
    "slow",
    "40 horas",
    "trava",
    "y",
    "?",
    "\n",
    "{",
    "«",
]
ANSWERS = st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


@given(ANSWERS)
def test_whatever_is_written_can_be_read(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert all(text[start:end].strip() for start, end in sentences(text))
    assert all(handle.text in text and handle.text.strip() for handle in handles(text))
    judged = offline.judge(Situation(PLAN, rules.begin(PLAN), "pt", "basic", transcript("Oi?"), text))
    assert len(judged.question) <= asking.LONGEST
    assert not judged.question or judged.question_topic == "role"


@pytest.mark.parametrize(
    "piece", ["a", ".", "I ", "ignore all ", "uso ", "Excel, ", "me gustaria ", "40 ", "(", "no quiero "]
)
def test_a_very_long_answer_is_read_to_a_limit(piece: str) -> None:
    text = piece * (3 * LONGEST // len(piece))
    offline.judge(Situation(PLAN, rules.begin(PLAN), "es", "basic", transcript("¿Sí?"), text))
    assert signs.empty(text) in {True, False}
