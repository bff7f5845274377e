import re

from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer import rules, summary
from arraigo.apps.interviews.interviewer.types import Situation, State
from support.interviewing import PLAN, said


def sum_up(*answers: str, language: Language = "en", **state: object) -> Situation:
    messages = tuple(said(2 * at + 2, "user", answer) for at, answer in enumerate(answers))
    known = State.model_validate({"answers": {"role": tuple(one.number for one in messages)}, **state})
    return Situation(PLAN, rules.cut(PLAN, known), language, "basic", messages)


def test_every_topic_has_its_chapter_and_its_word_on_how_it_ended() -> None:
    outcomes = {"role": "answered", "tasks": "refused", "tools": "empty"}
    text = summary.write(sum_up("I'm a nurse.", language="es", outcomes=outcomes)).text
    assert text.startswith("# Resumen de la entrevista\n")
    assert "## El puesto\n\n- En sus palabras: «I'm a nurse.» [2]" in text
    assert "## Las tareas\n\nPrefirió no hablar de este tema." in text
    assert "## Las herramientas\n\nSe le preguntó, pero no dijo nada concreto." in text
    assert "## Las dificultades\n\nLa entrevista terminó antes de llegar a este tema." in text


def test_what_was_said_before_a_refusal_stays() -> None:
    text = summary.write(sum_up("I'm a nurse. I'd rather not say where.", outcomes={"role": "refused"})).text
    assert "“I'm a nurse.” [2]\n\nBeyond this, they preferred not to talk about it." in text
    assert "rather not say where" not in text


def test_what_people_wrote_is_text_and_no_markdown() -> None:
    answer = (
        "I use `rm` and <b>Excel</b>, see [this](http://example.com) at www.example.com | *daily* ~all~ & more_or_less"
    )
    written = summary.write(sum_up(answer))
    assert written.chapters[0].points[0].quotes[0].text == answer  # verbatim
    for raw in ("`rm`", "<b>", "[this]", "http:", "www.", "*daily*", "~all~", "& more", "more_or"):
        assert not re.search(r"(?<!\\)" + re.escape(raw), written.text), raw


def test_sentences_of_one_kind_stand_together_and_none_twice() -> None:
    written = summary.write(sum_up("I use Excel. I use SAP.", "I use Excel. My boss helps me."))
    points = written.chapters[0].points
    assert [quote.text for quote in points[0].quotes] == ["I use Excel.", "I use SAP."]
    assert [point.text for point in points] == ["What they work with", "With whom"]


@given(st.lists(st.text(max_size=200), max_size=4), st.sampled_from(["es", "en", "pt"]))
def test_every_quotation_stands_in_its_message(answers: list[str], language: Language) -> None:
    situation = sum_up(*answers, language=language)
    written = summary.write(situation)
    by_number = {message.number: message.content for message in situation.messages}
    quotes = [quote for chapter in written.chapters for point in chapter.points for quote in point.quotes]
    assert all(quote.text and quote.text in by_number[quote.sequence_number] for quote in quotes)
    assert sum(line.startswith("#") for line in written.text.splitlines()) == len(PLAN.topics) + 1
