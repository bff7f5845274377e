"""How much an answer says: by what it names and how concretely, not by its length alone."""

from collections.abc import Iterable, Sequence

from arraigo.apps.interviews.interviewer.reading.handles import handles
from arraigo.apps.interviews.interviewer.reading.lexicon import small
from arraigo.apps.interviews.interviewer.reading.quoting import OWN_WORDS
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, fold, has, plain, sentences, words
from arraigo.apps.interviews.interviewer.types import Plan, State, Topic

# Words of substance, and things named, that are enough in one answer, in two, in three: nobody is asked for ever.
_ENOUGH = ((28, 4), (15, 3), (9, 2))
_PLAIN = 2  # keywords that show plainly what an answer speaks of
_PASSING = 12  # words of substance about another topic that make a question about it needless


def content(text: str) -> set[str]:
    """The words that carry something."""
    return set(words(fold(text[:LONGEST]))) - small()


def enough(answers: Sequence[str]) -> bool:
    """Whether these answers say enough about what was asked.

    Args:
        answers: All that were given on one topic.
    """
    said = set().union(*map(content, answers))
    found = (handle for answer in answers for handle in handles(answer))
    named = {fold(handle.text) for handle in found if handle.kind not in OWN_WORDS}
    least, concrete = _ENOUGH[min(len(answers), len(_ENOUGH)) - 1]
    return len(said) >= least and len(named) >= concrete


def keywords(topic: Topic) -> tuple[str, ...]:
    """A topic's keywords, of all languages."""
    return tuple(dict.fromkeys(plain(word) for of_one in topic.keywords.values() for word in of_one))


def hits(text: str, topic: Topic) -> int:
    """How many of a topic's keywords stand in a text."""
    folded = plain(text[:LONGEST])
    return sum(has(folded, word) for word in keywords(topic))


def names(part: str, topic: Topic) -> bool:
    """Whether a refusal names this topic: by a keyword or its title, in any language."""
    said = plain(part)
    titles = [" ".join(word for word in plain(title).split() if word not in small()) for title in topic.title.values()]
    return hits(part, topic) > 0 or any(has(said, title) for title in titles if title)


def about(plan: Plan, state: State, answer: str) -> str:
    """Which topic an answer speaks of: the one that was asked about, unless it plainly speaks of another alone."""
    topics = {topic.id: topic for topic in plan.topics}
    if state.topic not in topics or hits(answer, topics[state.topic]):
        return state.topic
    found = {name: hits(answer, topic) for name, topic in topics.items() if state.outcomes.get(name) != "refused"}
    best = max(found, key=lambda name: found[name], default=state.topic)
    return best if found.get(best, 0) >= _PLAIN else state.topic


def also(plan: Plan, state: State, answer: str) -> tuple[str, ...]:
    """The topics to come of which an answer says enough in passing."""
    spans = [answer[start:end] for start, end in sentences(answer[:LONGEST])]
    return tuple(
        topic.id
        for topic in plan.topics
        if topic.id != state.topic and topic.id not in state.outcomes and _covered(topic, spans)
    )


def _covered(topic: Topic, spans: Iterable[str]) -> bool:
    of_it = [span for span in spans if hits(span, topic)]
    said = set().union(*map(content, of_it))
    named = sum(hits(span, topic) for span in of_it)
    return len(said) >= _PASSING and named >= _PLAIN and len(handles(" ".join(of_it))) > _PLAIN
