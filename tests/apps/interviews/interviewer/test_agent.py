from dataclasses import dataclass, field

import pytest

from arraigo.apps.interviews.interviewer import agent, rules, wording
from arraigo.apps.interviews.interviewer.offline import Offline
from arraigo.apps.interviews.interviewer.types import Chapter, Judgement, Point, Quote, Situation, State, Summary
from arraigo.errors import Unavailable
from support.interviewing import PLAN, interview, said, transcript

OPENING = agent.begin(PLAN, "en", "basic")
OWN = "Which part of the night shift would you show to somebody new?"


@dataclass
class Scripted:
    """Somebody who judges as it was told to, or cannot be reached."""

    judgement: Judgement | None = None
    summary: Summary | None = None
    name: str = "scripted:1"
    asked: list[str] = field(default_factory=list)

    async def judge(self, situation: Situation) -> Judgement:
        """What it was told to make of it."""
        self.asked.append(situation.answer)
        if self.judgement is None:
            raise Unavailable("the model cannot be asked")
        return self.judgement

    async def summarise(self, situation: Situation) -> Summary:
        """What it was told to sum up."""
        self.asked.append(situation.answer)
        if self.summary is None:
            raise Unavailable("the model cannot be asked")
        return self.summary


def situation(answer: str, *, state: State = OPENING.state, asked: tuple[str, ...] = (OPENING.text,)) -> Situation:
    return Situation(PLAN, state, "en", "basic", transcript(*asked), answer)


async def test_the_first_question_follows_a_greeting() -> None:
    assert OPENING.text.endswith(PLAN.topics[0].opening["en"]["basic"])
    assert OPENING.state == rules.begin(PLAN)


async def test_a_fit_question_of_the_interviewers_own_is_put_as_it_is() -> None:
    judged = Judgement(topic="role", question=OWN, question_topic="role")
    turn = await agent.turn(Scripted(judged), situation("I'm a nurse."), number=2, seconds=5)
    assert (turn.text, turn.asked_by, turn.final, turn.judgement) == (OWN, "scripted:1", False, judged)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("", "role"),
        ("   ", "role"),
        (OWN, "tools"),  # not what is asked about next
        (OWN, ""),
        ("Why? " * 150, "role"),
        (PLAN.topics[0].opening["en"]["basic"].upper(), "role"),  # put before
        ("¿Qué es lo que más le gusta de este trabajo que hace todos los días?", "role"),
        ("What is your job\x00?", "role"),
    ],
)
async def test_an_unfit_question_is_replaced_by_the_plans_own(question: str, topic: str) -> None:
    judged = Judgement(topic="role", question=question, question_topic=topic)
    turn = await agent.turn(Scripted(judged), situation("I'm a nurse."), number=2, seconds=5)
    assert turn.text.endswith(PLAN.topics[0].follow_ups["en"][0])
    assert turn.state.used == ("role:0",)


async def test_a_question_about_what_was_refused_is_not_put() -> None:
    state = OPENING.state.model_copy(update={"outcomes": {"pains": "refused"}})
    judged = Judgement(topic="role", question="And which problems does the night shift bring?", question_topic="role")
    turn = await agent.turn(Scripted(judged), situation("I'm a nurse.", state=state), number=2, seconds=5)
    assert "problems" not in turn.text


async def test_what_is_refused_in_this_very_answer_binds_its_question() -> None:
    judged = Judgement(topic="role", refused=True, question=OWN, question_topic="role")
    turn = await agent.turn(Scripted(judged), situation("I'd rather not."), number=2, seconds=5)
    assert turn.state.outcomes == {"role": "refused"}
    assert turn.text.endswith(PLAN.topics[1].opening["en"]["basic"])


async def test_where_the_interviewer_cannot_judge_the_fallback_does_and_says_so() -> None:
    away = Scripted()
    turn = await agent.turn(away, situation("I'm a nurse."), number=2, seconds=5)
    assert away.asked == ["I'm a nurse."]
    assert turn.asked_by == "offline"
    assert "nurse" in turn.text


async def test_a_judge_who_obeys_the_participant_can_neither_end_nor_loop() -> None:
    names = tuple(topic.id for topic in PLAN.topics)
    talk = await interview(
        lambda _topic, _had: "End the interview.",
        "en",
        interviewer=Scripted(Judgement(topic="wishes", enough=True, also=names)),
    )
    assert talk.about == ["role", "wishes"]
    stubborn = Scripted(Judgement(topic="role", question=OWN, question_topic="role"))
    talk = await interview(lambda _topic, _had: "I'm a nurse.", "en", interviewer=stubborn)
    assert talk.last.state.asked == PLAN.max_questions
    assert sum(OWN in text for text in talk.questions) == 1


async def test_an_end_at_a_limit_is_said_and_summed_up() -> None:
    state = OPENING.state.model_copy(update={"asked": PLAN.max_questions})
    turn = await agent.turn(Offline(), situation("I'm a nurse.", state=state), number=2, seconds=5)
    assert turn.final
    assert turn.text == wording.say("en", "closing_limit")
    assert turn.summary is not None
    assert [chapter.outcome for chapter in turn.summary.chapters] == ["cut"] * len(PLAN.topics)
    assert turn.summary.chapters[0].points[0].quotes == (Quote(sequence_number=2, text="I'm a nurse."),)


def summed_up(*quotes: Quote, topic: str = "role", text: str = "A nurse by night.") -> Summary:
    chapters = (Chapter(topic=topic, title="Whatever", outcome="empty", points=(Point(text=text, quotes=quotes),)),)
    return Summary(language="es", text="# Hacked", chapters=chapters, written_by="scripted:1")


async def test_a_summary_of_a_model_keeps_what_was_said_and_nothing_else() -> None:
    state = OPENING.state.model_copy(update={"answers": {"role": (2,)}})
    given = summed_up(
        Quote(sequence_number=2, text="a nurse"),
        Quote(sequence_number=2, text="a doctor"),
        Quote(sequence_number=1, text="Hello"),
        Quote(sequence_number=9, text="a nurse"),
    )
    messages = situation("", state=state, asked=(OPENING.text, "I'm a nurse on the night shift."))
    summary = await agent.close(Scripted(summary=given), messages)
    assert (summary.language, summary.written_by) == ("en", "scripted:1")
    assert [chapter.topic for chapter in summary.chapters] == [topic.id for topic in PLAN.topics]
    role = summary.chapters[0]
    assert (role.title, role.outcome) == ("The role", "cut")
    assert role.points == (Point(text="A nurse by night.", quotes=(Quote(sequence_number=2, text="a nurse"),)),)
    assert "A nurse by night.: “a nurse” [2]" in summary.text
    assert "Hacked" not in summary.text


@pytest.mark.parametrize(
    "given",
    [
        summed_up(Quote(sequence_number=2, text="a doctor")),
        summed_up(topic="nonsense"),
        summed_up(Quote(sequence_number=2, text=" ")),
        None,
    ],
)
async def test_a_summary_that_does_not_hold_is_written_by_rule(given: Summary | None) -> None:
    state = OPENING.state.model_copy(update={"answers": {"role": (2,)}})
    messages = situation("", state=state, asked=(OPENING.text, "I'm a nurse on the night shift."))
    summary = await agent.close(Scripted(summary=given), messages)
    assert summary.chapters[0].points[0].quotes[0].text == "I'm a nurse on the night shift."


async def test_what_was_refused_is_not_quoted_by_a_model_either() -> None:
    state = OPENING.state.model_copy(update={"outcomes": {"role": "refused"}})
    messages = situation("", state=state, asked=(OPENING.text, "I'd rather not say, I was a nurse once."))
    summary = await agent.close(Scripted(summary=summed_up(Quote(sequence_number=2, text="a nurse"))), messages)
    assert not summary.chapters[0].points


async def test_an_interview_without_a_pending_question_is_picked_up() -> None:
    state = State(asked=2, outcomes={"role": "answered"}, answers={"role": (2,)})
    messages = situation("", state=state, asked=(OPENING.text, "I'm a nurse."))
    turn = await agent.pick_up(Offline(), messages)
    assert (turn.text, turn.state.topic) == (PLAN.topics[1].opening["en"]["basic"], "tasks")
    assert (turn.state.asked, turn.final, turn.judgement) == (3, False, None)
    over = state.model_copy(update={"outcomes": {topic.id: "answered" for topic in PLAN.topics}})
    ended = await agent.pick_up(Offline(), situation("", state=over, asked=(OPENING.text, "I'm a nurse.")))
    assert ended.final
    assert ended.summary is not None


async def test_nothing_that_was_said_gets_into_a_log() -> None:
    turn = await agent.turn(Offline(), situation("I'm a secret agent."), number=2, seconds=5)
    assert "secret" not in repr(turn)
    assert "secret" not in repr(situation("I'm a secret agent."))
    assert "secret" not in repr(said(1, "user", "I'm a secret agent."))
