"""The interviewer without a model: it judges by rules, in three languages, and says so."""

from dataclasses import dataclass, replace

from arraigo.apps.interviews.interviewer import asking, summary
from arraigo.apps.interviews.interviewer.reading import signs, substance
from arraigo.apps.interviews.interviewer.reading.text import plain
from arraigo.apps.interviews.interviewer.types import Judgement, Situation, Summary


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
    answer, topic, plan = situation.answer, situation.state.topic, situation.plan
    if signs.orders(answer):
        return Judgement(topic=topic, off_topic=True)
    if refused := _refused(situation):
        return refused
    before = _said(situation)
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
    if signs.stops(answer):
        return Judgement(topic=state.topic, refused=True)
    found = signs.refusals(answer)
    if not found:
        return None
    here = [topic for topic in situation.plan.topics if topic.id == state.topic]
    for sentence in found:
        ahead = [
            topic.id
            for topic in situation.plan.topics
            if topic.id != state.topic and topic.id not in state.outcomes and substance.hits(sentence, topic)
        ]
        if not ahead or any(substance.hits(sentence, topic) for topic in here):
            return Judgement(topic=state.topic, refused=True)
        rest = answer
        for one in found:
            rest = rest.replace(one, " ")
        question = asking.taking_up(replace(situation, answer=rest))
        return Judgement(
            topic=ahead[0],
            refused=True,
            empty=not substance.content(rest),
            also=(ahead[0],),
            question=question,
            question_topic=state.topic if question else "",
        )
    return None


def _said(situation: Situation) -> list[str]:
    numbers = situation.state.answers.get(situation.state.topic, ())
    return [message.content for message in situation.messages if message.number in numbers]
