"""Whole interviews with scripted people: sensible, within the limits, never asked again what they refused."""

import itertools
from typing import get_args

import pytest

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer import wording
from arraigo.apps.interviews.interviewer.reading.text import plain
from support.interviewing import PLAN, Talk, run, scripted
from support.participants import AHEAD, COOPERATIVE, DONE, ELSEWHERE, NOTHING, ORDERS, REFUSAL, TERSE

LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES = [topic.id for topic in PLAN.topics]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def holds(talk: Talk, language: Language) -> None:
    """What holds of every interview, whoever was asked."""
    state = talk.last.state
    assert set(state.outcomes) == set(NAMES)
    assert len(talk.questions) == state.asked <= PLAN.max_questions
    asked = [plain(question) for question in talk.questions]
    assert len(set(asked)) == len(asked)  # nothing is asked twice
    blocks = [topic for topic, _ in itertools.groupby(talk.about)]
    assert len(blocks) == len(set(blocks))  # no topic comes back
    assert talk.last.summary is not None
    assert talk.last.summary.language == language
    said = {message.number: message.content for message in talk.messages if message.role == "user"}
    for chapter in talk.last.summary.chapters:
        assert chapter.outcome == state.outcomes[chapter.topic]
        for point in chapter.points:
            assert all(quote.text in said[quote.sequence_number] for quote in point.quotes)
    for before, after in itertools.pairwise(talk.questions[1:]):
        assert before.split(".")[0] != after.split(".")[0]  # and no sentence comes twice in a row


@every_language
def test_somebody_who_tells_is_listened_to(language: Language) -> None:
    talk = run(scripted(COOPERATIVE[language], DONE[language]), language)
    holds(talk, language)
    assert set(talk.last.state.outcomes.values()) == {"answered"}
    assert len(talk.questions) <= 18
    quotes = wording.variants(language, "quotes")[0]
    names = ("SAP", "Excel", "Gesfac", "Orderly", "ClinicaMais")
    built = [text for text in talk.questions[1:] if quotes in text or any(name in text for name in names)]
    assert len(built) >= 6  # on what was said
    assert talk.last.summary is not None
    assert all(chapter.points for chapter in talk.last.summary.chapters)


@every_language
def test_somebody_terse_is_asked_on_what_little_they_say(language: Language) -> None:
    talk = run(scripted(TERSE[language], DONE[language]), language, "basic")
    holds(talk, language)
    assert set(talk.last.state.outcomes.values()) == {"answered"}
    opened = wording.variants(language, "quotes")[0]
    assert sum(opened in text for text in talk.questions) >= 5


@every_language
def test_somebody_who_knows_nothing_is_let_go_after_two_answers_a_topic(language: Language) -> None:
    talk = run(lambda _topic, _had: NOTHING[language], language)
    holds(talk, language)
    assert len(talk.questions) == 2 * len(NAMES)
    assert set(talk.last.state.outcomes.values()) == {"empty"}


@every_language
def test_what_is_refused_is_never_asked_again(language: Language) -> None:
    talk = run(lambda _topic, _had: REFUSAL[language], language)
    holds(talk, language)
    assert talk.about == NAMES
    assert set(talk.last.state.outcomes.values()) == {"refused"}
    assert talk.last.summary is not None
    assert talk.last.summary.text.count(wording.summary(language, "refused")) == len(NAMES)


@every_language
def test_a_topic_that_is_refused_beforehand_is_never_asked_at_all(language: Language) -> None:
    script = {**COOPERATIVE[language], "role": [AHEAD[language]]}
    talk = run(scripted(script, DONE[language]), language)
    holds(talk, language)
    assert "pains" not in talk.about
    assert talk.last.state.outcomes["pains"] == "refused"
    assert any(way in talk.questions[1] for way in wording.variants(language, "noted"))
    keywords = next(topic for topic in PLAN.topics if topic.id == "pains").keywords[language]
    asked = [f" {plain(question)} " for question in talk.questions[1:]]
    openings = [plain(topic.opening[language]["intermediate"]) for topic in PLAN.topics]
    for text in asked:
        if not any(opening in text for opening in openings) and wording.variants(language, "quotes")[0] not in text:
            assert not any(f" {word} " in text for word in keywords)


@every_language
def test_small_talk_leads_back_and_ends(language: Language) -> None:
    talk = run(lambda _topic, had: ELSEWHERE[language][had % 3], language)
    holds(talk, language)
    assert len(talk.questions) == 2 * len(NAMES)
    assert not talk.last.state.answers
    backs = wording.variants(language, "back")
    assert all(any(way in text for way in backs) for text in talk.questions[1::2])


@every_language
def test_orders_change_nothing_and_stay_out_of_the_summary(language: Language) -> None:
    orders = ORDERS[language]
    script = {topic: [orders, *answers] for topic, answers in COOPERATIVE[language].items()}
    talk, plainly = run(scripted(script, DONE[language]), language), COOPERATIVE[language]
    holds(talk, language)
    assert talk.about.count("role") > 1
    for message, turn, before in zip(talk.messages[1::2], talk.turns, [None, *talk.turns], strict=False):
        if message.content == orders:
            assert turn.judgement is not None
            assert turn.judgement.off_topic
            assert not turn.judgement.refused
            assert before is None or before.state.outcomes == turn.state.outcomes
            assert any(way in turn.text for way in wording.variants(language, "orders"))
    assert talk.last.summary is not None
    assert plain(orders) not in plain(talk.last.summary.text)
    assert plain(plainly["role"][0].split(".")[0]) in plain(talk.last.summary.text)


@every_language
def test_who_speaks_another_language_is_understood_in_the_interviews_own(language: Language) -> None:
    other = LANGUAGES[(LANGUAGES.index(language) + 1) % 3]
    talk = run(scripted(COOPERATIVE[other], DONE[other]), language)
    holds(talk, language)
    assert set(talk.last.state.outcomes.values()) == {"answered"}
    reminder = wording.kept(language, other)
    assert [reminder in text for text in talk.questions].count(True) == 1
    openings = [topic.opening[language]["intermediate"] for topic in PLAN.topics]
    assert all(any(opening in text for text in talk.questions) for opening in openings)


@pytest.mark.parametrize("spoken", LANGUAGES)
@every_language
def test_a_refusal_in_any_language_is_one(language: Language, spoken: Language) -> None:
    talk = run(scripted({"role": [REFUSAL[spoken]]}, NOTHING[spoken]), language)
    holds(talk, language)
    assert talk.about.count("role") == 1
    assert talk.last.state.outcomes["role"] == "refused"


@every_language
def test_the_level_changes_the_words_and_not_the_topics(language: Language) -> None:
    basic = run(lambda _topic, _had: REFUSAL[language], language, "basic")
    advanced = run(lambda _topic, _had: REFUSAL[language], language, "advanced")
    assert basic.about == advanced.about
    assert not set(basic.questions) & set(advanced.questions)
