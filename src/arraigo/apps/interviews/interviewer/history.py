"""Where an interview stands that was led elsewhere: read off its questions and answers, modestly."""

from collections.abc import Sequence

from arraigo.apps.interviews.interview import Language, Said
from arraigo.apps.interviews.interviewer import rules
from arraigo.apps.interviews.interviewer.offline import judge
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.reading.substance import content
from arraigo.apps.interviews.interviewer.reading.text import has, plain
from arraigo.apps.interviews.interviewer.types import Outcome, Plan, Situation, State, Topic

_COVERED = 8  # words of substance on a topic that cover it


def resume(plan: Plan, language: Language, messages: Sequence[Said]) -> tuple[State, int | None]:
    """Where such an interview stands, and the number of the question that waits for its answer.

    A topic counts as covered when a question named it and the answers to it have some substance, as refused when such
    a question was refused. One topic stays open in any case, the one that waits for its answer before the others.

    An interview that was led here, with these topics, is judged again answer by answer, so that what was settled or
    refused in passing stays so.

    Args:
        plan: What would have been asked about.
        language: The interview's, in which its questions were put.
        messages: Ascending; those of other roles than user and assistant are passed over.
    """
    talk = [message for message in messages if message.role in {"user", "assistant"}]
    pending = messages[-1].number if messages and messages[-1].role == "assistant" else None
    if own := _replayed(plan, language, talk):
        return own, pending
    topic, follow_ups = "", 0
    said: dict[str, set[str]] = {}
    answers: dict[str, tuple[int, ...]] = {}
    outcomes: dict[str, Outcome] = {}
    for message in talk:
        if message.role == "assistant":
            found = _topic(plan, language, message.content) or topic
            follow_ups = follow_ups + 1 if found and found == topic else 0
            topic = found
        elif topic:
            refused, counts = _heard(plan, language, topic, message.content)
            if refused:
                outcomes[refused] = "refused"
            if counts:
                answers[topic] = (*answers.get(topic, ()), message.number)
                said[topic] = said.get(topic, set()) | content(signs.kept(message.content))
    for name, known in said.items():
        if len(known) >= _COVERED:
            outcomes.setdefault(name, "answered")
    current = topic if pending is not None and outcomes.get(topic) != "refused" else ""
    outcomes.pop(current, None)
    state = State(
        topic=current,
        asked=sum(message.role == "assistant" for message in talk),
        follow_ups=min(follow_ups, plan.max_follow_ups) if current else 0,
        outcomes=outcomes,
        answers=answers,
    )
    return _waiting(plan, state, waits=pending is not None), pending


def _waiting(plan: Plan, state: State, *, waits: bool) -> State:
    """With one topic open in any case; where a question waits, it is about an open one."""
    if not rules.open_topics(plan, state):
        last = next((one.id for one in reversed(plan.topics) if state.outcomes[one.id] != "refused"), "")
        outcomes = {name: outcome for name, outcome in state.outcomes.items() if name != last}
        state = state.model_copy(update={"outcomes": outcomes})
    left = rules.open_topics(plan, state)
    return state.model_copy(update={"topic": left[0]}) if waits and left and not state.topic else state


def _heard(plan: Plan, language: Language, topic: str, answer: str) -> tuple[str, bool]:
    """Which topic an answer to a question about this one refuses, if any, and whether it says something of this one."""
    state = State(topic=topic)
    judged = judge(Situation(plan, state, language, "basic", (), answer))
    says = judged.besides or not rules.refused_here(state, judged)
    return judged.topic if judged.refused else "", says and not (judged.empty or judged.again or judged.off_topic)


def _replayed(plan: Plan, language: Language, talk: Sequence[Said]) -> State | None:
    """Where an interview stands that follows this plan; None: its questions are not those that the rules lead to."""
    if not talk or not _opens(plan.topics[0], language, talk[0]):
        return None
    state, kind = rules.begin(plan), "again"
    for at, (question, answer) in enumerate(zip(talk[::2], talk[1::2], strict=False)):
        if (question.role, answer.role) != ("assistant", "user"):
            return None
        if kind == "open" and not _opens(_of(plan, state.topic), language, question):
            return None
        situation = Situation(plan, state, language, "basic", talk[: 2 * at + 1], answer.content)
        seconds = (answer.created_at - question.created_at).total_seconds()
        step = rules.decide(plan, state, judge(situation), number=answer.number, seconds=seconds)
        state, kind = step.state, step.kind
        if kind == "end":
            return state if len(talk) <= 2 * at + 3 else None
    last = talk[-1]
    if last.role == "assistant" and kind == "open" and not _opens(_of(plan, state.topic), language, last):
        return None
    return state


def _opens(topic: Topic, language: Language, question: Said) -> bool:
    asked = plain(question.content)
    return any(has(asked, plain(opening)) for opening in topic.opening[language].values())


def _of(plan: Plan, name: str) -> Topic:
    return next(topic for topic in plan.topics if topic.id == name)


def _topic(plan: Plan, language: Language, question: str) -> str:
    """Which topic a question is about; empty: it cannot be told."""
    text = plain(question)
    found = {one.id: sum(has(text, plain(word)) for word in one.keywords.get(language, ())) for one in plan.topics}
    best = max(found, key=lambda name: found[name])
    return best if found[best] else ""
