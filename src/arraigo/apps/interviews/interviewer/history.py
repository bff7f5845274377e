"""Where an interview stands that was led elsewhere: read off its questions and answers, modestly."""

from collections.abc import Sequence

from arraigo.apps.interviews.interview import Language, Said
from arraigo.apps.interviews.interviewer import rules
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.reading.substance import content
from arraigo.apps.interviews.interviewer.reading.text import has, plain
from arraigo.apps.interviews.interviewer.types import Outcome, Plan, State

_COVERED = 8  # words of substance on a topic that cover it


def resume(plan: Plan, language: Language, messages: Sequence[Said]) -> tuple[State, int | None]:
    """Where such an interview stands, and the number of the question that waits for its answer.

    A topic counts as covered when a question named it and the answers to it have some substance, as refused when such
    a question was refused. One topic stays open in any case, the one that waits for its answer before the others.

    Args:
        plan: What would have been asked about.
        language: The interview's, in which its questions were put.
        messages: Ascending; those of other roles than user and assistant are passed over.
    """
    talk = [message for message in messages if message.role in {"user", "assistant"}]
    topic, follow_ups = "", 0
    said: dict[str, set[str]] = {}
    answers: dict[str, tuple[int, ...]] = {}
    outcomes: dict[str, Outcome] = {}
    for message in talk:
        if message.role == "assistant":
            found = _topic(plan, language, message.content) or topic
            follow_ups = follow_ups + 1 if found and found == topic else 0
            topic = found
        elif topic and not signs.orders(message.content):
            if signs.refusals(message.content):
                outcomes[topic] = "refused"
            elif not signs.empty(message.content):
                answers[topic] = (*answers.get(topic, ()), message.number)
                said[topic] = said.get(topic, set()) | content(message.content)
    pending = messages[-1].number if messages and messages[-1].role == "assistant" else None
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
    if not rules.open_topics(plan, state):
        last = next((one.id for one in reversed(plan.topics) if outcomes[one.id] != "refused"), "")
        outcomes = {name: outcome for name, outcome in outcomes.items() if name != last}
        state = state.model_copy(update={"outcomes": outcomes})
    if pending is not None and not current and (left := rules.open_topics(plan, state)):
        state = state.model_copy(update={"topic": left[0]})
    return state, pending


def _topic(plan: Plan, language: Language, question: str) -> str:
    """Which topic a question is about; empty: it cannot be told."""
    text = plain(question)
    found = {one.id: sum(has(text, plain(word)) for word in one.keywords.get(language, ())) for one in plan.topics}
    best = max(found, key=lambda name: found[name])
    return best if found[best] else ""
