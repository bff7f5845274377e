"""The interviewer without a model: it judges by rules, in three languages, and says so."""

import itertools
from dataclasses import dataclass, replace
from typing import get_args

from arraigo.apps.interviews.interviewer import asking, summary
from arraigo.apps.interviews.interviewer.reading import signs, substance
from arraigo.apps.interviews.interviewer.reading.text import plain
from arraigo.apps.interviews.interviewer.types import Aside, Judgement, Situation, Summary


@dataclass(frozen=True, slots=True)
class Offline:
    """Judges by rules; needs nothing, and is always there."""

    @property
    def name(self) -> str:
        """What it is called."""
        return "offline"

    async def judge(self, situation: Situation) -> Judgement:
        """What to make of the answer at hand, and what to ask next."""
        return judge(situation)

    async def summarise(self, situation: Situation) -> Summary:
        """What the interview came to, in the participant's own words."""
        return summary.write(situation)


def judge(situation: Situation) -> Judgement:
    """The same, pure."""
    if heard := aside(situation):
        return heard
    heard = _judged(situation)
    asked = _aside(situation.answer)
    return heard if asked in {None, "hello"} else heard.model_copy(update={"aside": asked})


def aside(situation: Situation) -> Judgement | None:
    """What to make of an answer that speaks to the interviewer and says nothing else; None: it is none.

    So many of them in a row are nothing but that; more say nothing, like other empty answers.
    """
    if not _speaks_aside(situation.answer):
        return None
    said = [message.content for message in situation.messages if message.role == "user"]
    kind = _aside(situation.answer)
    same = itertools.takewhile(
        lambda one: _speaks_aside(one) and (_aside(one) == "goodbye") == (kind == "goodbye"), said[::-1]
    )
    row = len([*same])
    again = row < (1 if kind == "goodbye" else 2)
    return Judgement(topic=situation.state.topic, aside=kind or "", again=again, empty=not again)


def _speaks_aside(answer: str) -> bool:
    return bool(signs.asides(answer)) and not signs.refusals(answer) and not signs.counting(answer)


def _aside(answer: str) -> Aside | None:
    """The one to reply to: a greeting last."""
    found = signs.asides(answer)
    return next((kind for kind in get_args(Aside) if kind in found), None)


def _judged(situation: Situation) -> Judgement:
    answer, topic, plan = situation.answer, situation.state.topic, situation.plan
    if signs.orders(answer):
        return Judgement(topic=topic, off_topic=True)
    if refused := _refused(situation):
        return refused
    before = _said(situation)
    answer = signs.kept(answer)
    situation = replace(situation, answer=answer)
    if signs.done(answer) or plain(answer) in map(plain, before):
        return Judgement(topic=topic, empty=True, enough=bool(before))
    if signs.empty(answer) or signs.puzzled(answer):
        return Judgement(topic=topic, empty=True)
    if signs.elsewhere(answer, [word for one in plan.topics for word in substance.keywords(one)]):
        return Judgement(topic=topic, off_topic=True)
    about = substance.about(plan, situation.state, answer)
    enough = about == topic and substance.enough([*before, answer])
    return Judgement(
        topic=about,
        enough=enough,
        also=substance.also(plan, situation.state, answer),
        question="" if enough else asking.taking_up(situation),
        question_topic="" if enough else topic,
    )


def _refused(situation: Situation) -> Judgement | None:
    """What they would rather not speak of: the topic at hand, or one to come that they name."""
    answer, state = situation.answer, situation.state
    found = signs.refusals(answer)
    if not found:
        return None
    rest = signs.counting(answer)
    besides = bool(substance.content(rest)) and not signs.empty(rest)
    here = [topic for topic in situation.plan.topics if topic.id == state.topic]
    for part in map(signs.refused, found):
        ahead = [
            topic.id
            for topic in situation.plan.topics
            if topic.id != state.topic and topic.id not in state.outcomes and substance.names(part, topic)
        ]
        if not ahead or any(substance.names(part, topic) for topic in here):
            return Judgement(topic=state.topic, refused=True, besides=besides)
        question = asking.taking_up(replace(situation, answer=rest))
        return Judgement(
            topic=ahead[0],
            refused=True,
            empty=not besides,
            also=(ahead[0],),
            question=question,
            question_topic=state.topic if question else "",
        )
    return None


def _said(situation: Situation) -> list[str]:
    numbers = situation.state.answers.get(situation.state.topic, ())
    return [signs.kept(message.content) for message in situation.messages if message.number in numbers]
