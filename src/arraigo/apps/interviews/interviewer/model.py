"""An interviewer that asks a language model. What comes back is a proposal: `rules` and `agent` decide about it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from arraigo.apps.interviews.interview import Said
from arraigo.apps.interviews.interviewer import prompts
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.types import Chapter, Judgement, Point, Quote, Situation, Summary
from arraigo.llm import Model

_JUDGE_SECONDS = 30  # somebody waits for it
_SUMMARISE_SECONDS = 60
_EARLIER = 10  # messages before an answer that are shown with it
# The most characters of what was said that go into one call: every one of them may take six in JSON.
_JUDGE_CHARACTERS = 30_000
_SUMMARISE_CHARACTERS = 60_000
_ASKED_BY = {"assistant": "interviewer", "user": "participant"}


class Opinion(BaseModel):
    """What one answer amounts to, and the question that you would put next."""

    topic: str = Field(description="id of the topic that the answer speaks of; asking_about, if in doubt")
    enough: bool = Field(description="whether enough is said now about asking_about")
    refused: bool = Field(description="whether they do not want to speak of asking_about")
    empty: bool = Field(description="whether the answer says nothing")
    off_topic: bool = Field(description="whether nothing in it has to do with the interview")
    also: list[str] = Field(description="ids of other topics on which this answer alone is enough")
    question: str = Field(description="the question that you would put next", max_length=1000)
    question_topic: str = Field(description="id of the topic that this question is about")


class Quotation(BaseModel):
    """The participant's own words."""

    number: int = Field(description="of the answer that they stand in")
    words: str = Field(description="copied exactly", max_length=500)


class Learnt(BaseModel):
    """One thing that was learnt."""

    topic: str = Field(description="id of its topic")
    text: str = Field(description="one or two sentences", max_length=1000)
    quotes: list[Quotation] = Field(min_length=1, max_length=3)


class Digest(BaseModel):
    """What was learnt in an interview."""

    points: list[Learnt] = Field(max_length=200)


class ModelInterviewer:
    """An `Interviewer` by a model.

    Args:
        model: The one that is asked, once for a judgement and once for a summary.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    async def judge(self, situation: Situation) -> Judgement:
        """See `Interviewer.judge`."""
        opinion = await self._model.ask(
            Opinion,
            instructions=prompts.judge(situation.plan, situation.language, situation.level),
            prompt=_as_json(_before_it(situation)),
            seconds=_JUDGE_SECONDS,
        )
        return Judgement.model_validate(opinion.model_dump() | {"question": _line(opinion.question)})

    async def summarise(self, situation: Situation) -> Summary:
        """See `Interviewer.summarise`; nothing is asked where nothing was said.

        The chapters are as the model has them, and the text is empty: `agent` checks the quotes and writes it from
        those that hold, so that it says nothing that the chapters do not.
        """
        said = _said(situation)
        learnt: Sequence[Learnt] = ()
        if said:
            digest = await self._model.ask(
                Digest,
                instructions=prompts.summarise(situation.plan, situation.language, situation.level),
                prompt=_as_json({"said": said}),
                seconds=_SUMMARISE_SECONDS,
            )
            learnt = digest.points
        chapters = tuple(_chapter(situation, topic.id, learnt) for topic in situation.plan.topics)
        return Summary(language=situation.language, text="", chapters=chapters, written_by=self.name)


def _before_it(situation: Situation) -> Mapping[str, Any]:
    """What a model has before it to judge an answer."""
    plan, state = situation.plan, situation.state
    open_topics = [topic.id for topic in plan.topics if topic.id not in {*state.outcomes, state.topic}]
    earlier = [message for message in situation.messages if message.role in _ASKED_BY][-_EARLIER:]
    share = _JUDGE_CHARACTERS // (len(earlier) + 2)  # the answer has two
    return {
        "asking_about": state.topic,
        "topics_done": dict(state.outcomes),
        "next_topic": next(iter(open_topics), ""),
        "follow_ups_left": max(0, plan.max_follow_ups - state.follow_ups),
        "earlier": [{"from": _ASKED_BY[message.role], "text": _cut(message.content, share)} for message in earlier],
        "answer": _cut(situation.answer, 2 * share),
    }


def _said(situation: Situation) -> Sequence[Mapping[str, Any]]:
    """The answers that say something, by topic, each with its question.

    What was refused, empty or beside the point is not among them: nothing of it can get into a summary.
    """
    counted = {topic: numbers for topic, numbers in situation.state.answers.items() if numbers}
    by_number = {message.number: message for message in situation.messages}
    share = _SUMMARISE_CHARACTERS // (2 * sum(map(len, counted.values())) or 1)
    return [
        {
            "topic": topic,
            "number": number,
            "question": _asked(by_number.get(number - 1), share),
            "text": _cut(signs.kept(by_number[number].content), share),
        }
        for topic, numbers in counted.items()
        for number in numbers
        if number in by_number
    ]


def _asked(question: Said | None, share: int) -> str:
    return _cut(question.content, share) if question and question.role == "assistant" else ""


def _chapter(situation: Situation, topic: str, learnt: Sequence[Learnt]) -> Chapter:
    outcome = situation.state.outcomes.get(topic, "cut")
    title = next(known.title[situation.language] for known in situation.plan.topics if known.id == topic)
    points = tuple(
        Point(
            text=_line(point.text),
            quotes=tuple(Quote(sequence_number=quote.number, text=quote.words) for quote in point.quotes),
        )
        for point in learnt
        if point.topic == topic
    )
    return Chapter(topic=topic, title=title, outcome=outcome, points=points)


def _as_json(data: Mapping[str, Any]) -> str:
    """Texts as JSON strings: none of them can end early and go on as something else."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + " […]"


def _line(text: str) -> str:
    """In one line, without what cannot be seen or stored."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
