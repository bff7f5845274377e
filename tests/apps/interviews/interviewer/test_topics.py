from pathlib import Path
from typing import get_args

import pytest

from arraigo.apps.interviews.interview import Language, Level
from arraigo.apps.interviews.interviewer import topics
from arraigo.apps.interviews.interviewer.reading.text import fold, plain
from arraigo.errors import BadSetting

SAFETY = """
[topics.safety]
title = { es = "La seguridad", en = "Safety", pt = "A segurança" }
opening.es = "¿Qué riesgos hay en su trabajo?"
opening.en = { basic = "Is it safe?", intermediate = "Which risks are there?", advanced = "Which risks do you manage?" }
opening.pt = "Quais são os riscos do seu trabalho?"
"""


def test_the_shipped_topics_are_worded_in_every_language_and_level() -> None:
    plan = topics.load()
    assert [topic.id for topic in plan.topics] == ["role", "tasks", "tools", "pains", "examples", "wishes"]
    for topic in plan.topics:
        for language in get_args(Language):
            assert len(set(topic.opening[language].values())) == len(get_args(Level))
            assert len(topic.follow_ups[language]) >= plan.max_follow_ups
            assert all(word == plain(word) == fold(word) for word in topic.keywords[language])


def test_no_follow_up_speaks_of_another_topic() -> None:
    plan = topics.load()
    for topic in plan.topics:
        for language, questions in topic.follow_ups.items():
            others = [word for one in plan.topics if one.id != topic.id for word in one.keywords[language]]
            for question in questions:
                assert not [word for word in others if f" {word} " in f" {plain(question)} "], question


def test_a_file_adds_topics_at_the_end_and_overrides_what_it_gives(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(SAFETY + '[topics.role.opening.en]\nbasic = "What do you do here?"\n', "utf-8")
    shipped, plan = topics.load(), topics.load(file)
    assert [topic.id for topic in plan.topics] == [*(topic.id for topic in shipped.topics), "safety"]
    role, was, safety = plan.topics[0], shipped.topics[0], plan.topics[-1]
    assert role.opening["en"] == {**was.opening["en"], "basic": "What do you do here?"}
    assert (role.opening["es"], role.follow_ups) == (was.opening["es"], was.follow_ups)
    assert set(safety.opening["es"].values()) == {"¿Qué riesgos hay en su trabajo?"}
    assert safety.opening["en"]["advanced"] == "Which risks do you manage?"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x = [", "is not TOML"),
        ("limit = 3", "'limit'"),
        ("topics = 3", "'topics'"),
        ("[topics]\nsafety = 3", "'safety'"),
        (SAFETY.replace("opening.pt", "openin.pt"), "topic 'safety' has an unknown field 'openin'"),
        (SAFETY.replace("[topics.safety]", "[topics.Safety]"), "topic 'Safety', field 'id'"),
        (SAFETY.replace("opening.pt", "opening.fr"), "topic 'safety', field 'opening.fr'"),
        (SAFETY.replace('"Is it safe?"', "3"), "topic 'safety', field 'opening.en.basic'"),
        (SAFETY.replace('"Is it safe?"', '" "'), "topic 'safety' lacks the field 'opening.en.basic'"),
        (SAFETY.replace('en = "Safety",', ""), "topic 'safety' lacks the field 'title.en'"),
        (SAFETY + 'follow_ups.es = "¿Y?"', "topic 'safety', field 'follow_ups.es'"),
        ("[topics.role]\nkeywords = 3", "topic 'role', field 'keywords'"),
    ],
)
def test_a_bad_file_is_one_sentence_with_file_topic_and_field(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadSetting) as refused:
        topics.load(file)
    assert named in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        topics.load(tmp_path / "none.toml")
