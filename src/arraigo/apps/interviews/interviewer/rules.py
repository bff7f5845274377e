"""What comes after an answer. Pure, and the same whoever judges: a model proposes, these rules decide.

An interview ends when every topic has its outcome or a limit is reached; nothing that is said or judged ends it before.
"""

import math
from dataclasses import replace

from arraigo.apps.interviews.interviewer.types import Judgement, Outcome, Plan, State, Step

LONGEST_PAUSE = 300.0  # seconds that count between a question and its answer


def begin(plan: Plan) -> State:
    """Where an interview stands when its first question is put."""
    return State(topic=plan.topics[0].id, asked=1)


def decide(plan: Plan, state: State, judgement: Judgement, *, number: int, seconds: float) -> Step:
    """What comes after an answer.

    An answer that is off topic says nothing, so that it counts with the empty ones; nothing else in it counts. A topic
    that was not asked about is closed by `also` alone: answered, or refused where the judgement's `topic` is that one.
    Something said to the interviewer alone (`again`) counts for nothing but its time: the question waits on.
    `also` never closes the last topic that is open: there is always one more question.

    Args:
        plan: What the interview is about.
        state: Where it stood when the question was put.
        judgement: What is made of the answer; topics that the plan does not have are passed over.
        number: The answer's.
        seconds: From the question to its answer.
    """
    spent = min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else LONGEST_PAUSE
    state = state.model_copy(update={"seconds": state.seconds + spent})
    if judgement.again and state.topic:
        return Step("end", cut(plan, state)) if _late(plan, state) else Step("again", state)
    if not judgement.off_topic:
        state = _also(plan, state, judgement, number)
    state = _note(plan, state, judgement, number)
    outcome = _outcome(plan, state, judgement)
    if outcome is None:
        follow = Step("follow_up", state.model_copy(update={"follow_ups": state.follow_ups + 1}))
        return _limited(plan, follow)
    return advance(plan, _closed(state, {state.topic: outcome} if state.topic else {}))


def advance(plan: Plan, state: State) -> Step:
    """The opening of the next topic, or the end."""
    left = open_topics(plan, state)
    step = Step("open", state.model_copy(update={"topic": left[0] if left else "", "follow_ups": 0, "empty": 0}))
    return _limited(plan, step) if left else replace(step, kind="end")


def cut(plan: Plan, state: State) -> State:
    """Where an interview stands that ends now: what is open stays so for good."""
    missing: dict[str, Outcome] = dict.fromkeys(open_topics(plan, state), "cut")
    return _closed(state, missing).model_copy(update={"topic": "", "follow_ups": 0, "empty": 0})


def open_topics(plan: Plan, state: State) -> list[str]:
    """The topics without an outcome, in their order."""
    return [topic.id for topic in plan.topics if topic.id not in state.outcomes]


def done(plan: Plan, state: State) -> int:
    """How many of the plan's topics have their outcome; those that have left the plan are not counted."""
    return len(plan.topics) - len(open_topics(plan, state))


def _limited(plan: Plan, step: Step) -> Step:
    if step.state.asked >= plan.max_questions or _late(plan, step.state):
        return Step("end", cut(plan, step.state))
    return replace(step, state=step.state.model_copy(update={"asked": step.state.asked + 1}))


def _late(plan: Plan, state: State) -> bool:
    return state.seconds >= plan.max_minutes * 60


def _also(plan: Plan, state: State, judgement: Judgement, number: int) -> State:
    """Close the topics that the answer settled in passing."""
    for topic in dict.fromkeys(judgement.also):
        left = open_topics(plan, state)
        if topic == state.topic or topic not in left:
            continue
        if judgement.refused and topic == judgement.topic:
            state = _closed(state, {topic: "refused"})
        elif len([name for name in left if name != state.topic]) > 1:
            state = _closed(_answered(state, topic, number), {topic: "answered"})
    return state


def _note(plan: Plan, state: State, judgement: Judgement, number: int) -> State:
    """Count what the answer is to the topic that was asked about."""
    if judgement.off_topic or judgement.empty:
        return state.model_copy(update={"empty": state.empty + 1})
    if refused_here(state, judgement):
        return _answered(state, state.topic, number) if judgement.besides and state.topic else state
    known = {topic.id for topic in plan.topics}
    elsewhere = judgement.topic in known and state.outcomes.get(judgement.topic) != "refused" and not judgement.refused
    about = judgement.topic if elsewhere else state.topic
    return _answered(state, about, number).model_copy(update={"empty": 0}) if about else state


def refused_here(state: State, judgement: Judgement) -> bool:
    """Whether a refusal is of the topic that was asked about, and not of one to come."""
    ahead = judgement.topic != state.topic and judgement.topic in judgement.also
    return judgement.refused and not judgement.off_topic and not ahead


def _outcome(plan: Plan, state: State, judgement: Judgement) -> Outcome | None:
    """How the topic that was asked about ends; None: it goes on."""
    said: Outcome = "answered" if state.answers.get(state.topic) else "empty"
    if state.topic not in {topic.id for topic in plan.topics}:
        return said  # the plan has changed since
    if refused_here(state, judgement):
        return "refused"
    # "Nothing more": it says nothing, and what was said before is enough.
    done = judgement.empty and said == "answered"
    if judgement.enough and not judgement.off_topic and (done or not judgement.empty):
        return "answered"
    # Every topic that was not asked about yet has its question before this one has another.
    waiting = len(open_topics(plan, state)) - 1
    spare = state.asked + waiting < plan.max_questions or state.asked >= plan.max_questions
    if state.follow_ups >= plan.max_follow_ups or state.empty >= plan.max_empty or not spare:
        return said
    return None


def _answered(state: State, topic: str, number: int) -> State:
    had = state.answers.get(topic, ())
    if number in had:
        return state
    return state.model_copy(update={"answers": {**state.answers, topic: (*had, number)}})


def _closed(state: State, outcomes: dict[str, Outcome]) -> State:
    return state.model_copy(update={"outcomes": {**outcomes, **state.outcomes}})
