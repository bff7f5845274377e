"""One turn of an interview: judged by whoever interviews, decided by the rules, worded here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from arraigo.apps.interviews.interview import Language, Level, Said
from arraigo.apps.interviews.interviewer import asking, rules, wording
from arraigo.apps.interviews.interviewer import summary as summaries
from arraigo.apps.interviews.interviewer.offline import Offline, aside
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.types import (
    Interviewer,
    Judgement,
    Plan,
    Situation,
    State,
    Step,
    Summary,
)
from arraigo.errors import Unavailable

OFFLINE = Offline()


@dataclass(frozen=True, slots=True)
class Opening:
    """The first thing that is said, and where the interview stands then."""

    text: str = field(repr=False)
    state: State = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What an answer leads to.

    Attributes:
        text: What the interviewer says next.
        final: Whether that is the last word.
        judgement: What was made of the answer; None: there was none (`pick_up`).
        asked_by: The name of who judged.
        summary: What the interview came to; at its end only.
    """

    text: str = field(repr=False)
    state: State = field(repr=False)
    final: bool
    judgement: Judgement | None = field(repr=False)
    asked_by: str
    summary: Summary | None = field(default=None, repr=False)


def begin(plan: Plan, language: Language, level: Level) -> Opening:
    """The greeting and the first question."""
    state = rules.begin(plan)
    greeting = wording.say(language, "greeting")
    return Opening(f"{greeting}\n\n{plan.topics[0].opening[language][level]}", state)


async def turn(
    interviewer: Interviewer,
    situation: Situation,
    *,
    number: int,
    seconds: float,
    fallback: Interviewer = OFFLINE,
) -> Turn:
    """What an answer leads to. Whoever judges, the rules decide; without the interviewer, the fallback judges.

    Args:
        interviewer: Who judges.
        situation: With the answer at hand, which is not among its messages yet.
        number: The answer's.
        seconds: From the question to its answer.
        fallback: Who judges where the interviewer cannot; it always can.
    """
    asked_by: Interviewer = interviewer
    if heard := aside(situation):  # who speaks to the interviewer has an answer by rule, whoever judges
        asked_by, judgement = OFFLINE, heard
    else:
        try:
            judgement = await interviewer.judge(situation)
        except Unavailable:
            asked_by, judgement = fallback, await fallback.judge(situation)
    step = rules.decide(situation.plan, situation.state, judgement, number=number, seconds=seconds)
    # What was just refused binds the words of this very turn.
    after = replace(situation, state=step.state)
    if step.kind != "end":
        text, state = _words(after, step, judgement, had=situation.state)
        return Turn(text, state, final=False, judgement=judgement, asked_by=asked_by.name)
    answer = Said(uuid4(), number, "user", situation.answer, datetime.now(UTC))
    whole = replace(after, messages=[*situation.messages, answer], answer="")
    summary = await _sum_up(interviewer if heard else asked_by, whole)
    text = _closing(situation, step.state)
    return Turn(text, step.state, final=True, judgement=judgement, asked_by=asked_by.name, summary=summary)


async def pick_up(interviewer: Interviewer, situation: Situation) -> Turn:
    """The next question where none is pending: an interview that was moved in and ended with an answer."""
    step = rules.advance(situation.plan, situation.state)
    after = replace(situation, state=step.state, answer="")
    if step.kind == "end":
        summary = await _sum_up(interviewer, after)
        text = _closing(situation, step.state)
        return Turn(text, step.state, final=True, judgement=None, asked_by=OFFLINE.name, summary=summary)
    text = asking.opening(after, step.state.topic)
    return Turn(text, step.state, final=False, judgement=None, asked_by=OFFLINE.name)


async def close(interviewer: Interviewer, situation: Situation) -> Summary:
    """The summary of an interview that somebody ends early."""
    return await _sum_up(interviewer, replace(situation, state=rules.cut(situation.plan, situation.state), answer=""))


async def _sum_up(interviewer: Interviewer, situation: Situation) -> Summary:
    if isinstance(interviewer, Offline):
        return summaries.write(situation)
    try:
        given = await interviewer.summarise(situation)
    except Unavailable:
        return summaries.write(situation)
    return summaries.check(situation, given)


def _words(after: Situation, step: Step, judgement: Judgement, *, had: State) -> tuple[str, State]:
    """The next question, with what is said before it, and the state that remembers it."""
    state, language = step.state, after.language
    reply = _reply(after, judgement)
    if judgement.aside and (judgement.again or (judgement.empty and step.kind == "follow_up")):
        return _joined([reply, asking.waiting(after)]), state
    if judgement.aside == "goodbye" and judgement.empty:
        reply = ""  # "stop" says it
    before = [reply, _kept(after) if judgement.aside != "other_language" else ""]
    question = judgement.question.strip()
    if judgement.question_topic == state.topic and not judgement.off_topic and asking.fit(question, after, state.topic):
        return _joined([*before, _noted(after, judgement, had), question]), state
    kind = _manner(after, step, judgement, had)
    noted = _noted(after, judgement, had)
    before.append(noted or wording.say(language, kind, after.messages))
    if step.kind == "open":
        return _joined([*before, asking.told(after, state.topic), asking.opening(after, state.topic)]), state
    if judgement.off_topic and not had.follow_ups:  # nobody has answered it yet
        return _joined([*before, asking.opening(after, state.topic)]), state
    question, mark = asking.planned(after, state)
    used = (*state.used, mark) if mark else state.used
    return _joined([*before, question]), state.model_copy(update={"used": used})


def _manner(after: Situation, step: Step, judgement: Judgement, had: State) -> str:
    """How the plan's question is led up to."""
    moving = step.kind == "open"
    if judgement.off_topic:
        return "orders" if signs.orders(after.answer) else ("left" if moving else "back")
    if rules.refused_here(had, judgement):
        return "refused"
    if judgement.aside == "goodbye" and judgement.empty:
        return "stop"
    if judgement.empty:
        return ("moved" if judgement.enough else "left") if moving else "easier"
    if moving:
        return "taken" if judgement.enough else "moved"
    return "heard"


def _reply(after: Situation, judgement: Judgement) -> str:
    """A short and honest answer to what was said to the interviewer."""
    if not judgement.aside or (judgement.aside == "hello" and not judgement.again):
        return ""
    left, topics = len(rules.open_topics(after.plan, after.state)), len(after.plan.topics)
    return wording.say(after.language, judgement.aside, after.messages).format(left=left, topics=topics)


def _kept(situation: Situation) -> str:
    """That the interview keeps its language: said once, to somebody who speaks another."""
    spoken = signs.spoken(situation.answer)
    if spoken is None or spoken == situation.language:
        return ""
    reminder = wording.kept(situation.language, spoken)
    said = any(reminder in message.content for message in situation.messages if message.role == "assistant")
    return "" if said else reminder


def _noted(after: Situation, judgement: Judgement, had: State) -> str:
    """That a topic to come will not be asked about."""
    if judgement.refused and not rules.refused_here(had, judgement):
        return wording.say(after.language, "noted", after.messages)
    return ""


def _closing(situation: Situation, state: State) -> str:
    kind = "closing"
    if "cut" in state.outcomes.values():
        kind = "closing_limit"
    elif not state.answers:
        kind = "closing_empty"
    return wording.say(situation.language, kind)


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
