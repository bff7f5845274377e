"""The next question: built on what was said, or the plan's own; never one that was put before."""

import re
from collections.abc import Iterator, Mapping, Sequence

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer import wording
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.reading.handles import handles
from arraigo.apps.interviews.interviewer.reading.lexicon import lexicon, small
from arraigo.apps.interviews.interviewer.reading.quoting import Handle
from arraigo.apps.interviews.interviewer.reading.signs import spoken
from arraigo.apps.interviews.interviewer.reading.substance import hits
from arraigo.apps.interviews.interviewer.reading.text import fold, has, plain, words
from arraigo.apps.interviews.interviewer.types import Situation, State, Topic

_QUOTATION = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")  # others' words, in whatever language
LONGEST = 600  # characters of a question
# Which handles say most about a topic; the others come after them in the usual order.
_USUAL = ("pain", "toil", "task", "tool", "people", "duration", "number", "frequency", "wish", "phrase", "remark")
_FIRST: Mapping[str, tuple[str, ...]] = {
    "role": ("task", "people"),
    "tasks": ("task", "pain", "toil", "duration", "number", "frequency"),
    "tools": ("tool", "pain", "toil"),
    "pains": ("pain", "toil", "duration"),
    "examples": ("pain", "wish", "task", "duration", "remark", "phrase"),
    "wishes": ("wish", "tool"),
}

_OF: Mapping[str, str] = {
    "pain": "pains",
    "toil": "pains",
    "tool": "tools",
    "wish": "wishes",
}  # kinds of handles that are a topic's


def taking_up(situation: Situation) -> str:
    """A question that takes up what the answer says; empty: it gives nothing to take up."""
    topic = situation.state.topic
    order = [*dict.fromkeys((*_FIRST.get(topic, ()), *_USUAL))]
    said = [plain(message.content) for message in situation.messages if message.role == "assistant"]
    found = sorted(handles(situation.answer), key=lambda handle: order.index(handle.kind))
    timed = any(handle.kind == "duration" for handle in found)  # who says how long is not asked how long
    refused = {kind for kind, of in _OF.items() if of != topic and situation.state.outcomes.get(of) == "refused"}
    touchy = [plain(handle.text) for handle in found if handle.kind in refused]
    for handle in found:
        if any(has(plain(handle.text), one) for one in touchy) or (timed and handle.kind == "frequency"):
            continue
        if any(has(one, _core(handle)) for one in said):
            continue
        for question in _wordings(handle, situation.language, topic, said):
            if fit(question, situation, topic):
                return question
    return ""


def _wordings(handle: Handle, language: Language, topic: str, said: Sequence[str]) -> Iterator[str]:
    """The ways to take it up, those first that were used least."""
    ways = list(wording.asks(language, handle.kind, topic))
    ways.sort(key=lambda way: sum(_stem(way) in one for one in said))
    quote = wording.quoted(language, _inside(handle.text), whole=handle.whole)
    for way in ways:
        yield way.format(q=quote, x=_theirs(handle, language))


def _stem(way: str) -> str:
    """The longest part of a wording that does not change."""
    return max((plain(part) for part in way.replace("{q}", "{x}").split("{x}")), key=len)


def _core(handle: Handle) -> str:
    """What of it shows that it was taken up, whatever article or owner it had."""
    text = plain(handle.text)
    first, _, rest = text.partition(" ")
    known = lexicon(handle.language)
    article = handle.kind in {"people", "tool"} and (first in known.articles or first in known.mine)
    return rest if rest and article else text


def _theirs(handle: Handle, language: Language) -> str:
    """What is "my boss" to them is "your boss" to the one who asks; in another language it is quoted."""
    if handle.kind not in {"people", "tool"}:
        return handle.text
    known = lexicon(handle.language)
    first, blank, rest = _inside(handle.text).partition(" ")
    if handle.language == language or not blank:
        return known.mine.get(fold(first), first) + blank + rest
    name = handle.text.split(" ", 1)[1] if fold(first) in known.articles else handle.text
    return name if name[0].isupper() else wording.quoted(language, name)


def _inside(text: str) -> str:
    """As it stands inside a sentence: an ordinary word loses the capital of the sentence that it began."""
    first = text.split(maxsplit=1)[0]
    ordinary = fold(first) in small() or any(fold(first) in lexicon(one).verbs for one in ("es", "pt"))
    shouted = first[1:] != first[1:].lower() or words(first)[:1] in (["I"], ["I'm"], ["I'd"])
    return text[0].lower() + text[1:] if ordinary and not shouted else text


def planned(situation: Situation, state: State) -> tuple[str, str]:
    """The plan's own next follow-up on the topic, and its mark for `State.used`; without one, a general question."""
    topic = next(topic for topic in situation.plan.topics if topic.id == state.topic)
    own = topic.follow_ups.get(situation.language, ())
    for at, question in enumerate(own):
        mark = f"{topic.id}:{at}"
        if mark not in state.used and fit(question, situation, topic.id):
            return question, mark
    general = wording.variants(situation.language, "more")
    fresh = [question for question in general if fit(question, situation, topic.id)]
    return fresh[0] if fresh else wording.say(situation.language, "more", situation.messages), ""


def opening(situation: Situation, topic_id: str) -> str:
    """The question that opens a topic."""
    topic = next(topic for topic in situation.plan.topics if topic.id == topic_id)
    return topic.opening[situation.language][situation.level]


def told(situation: Situation, topic_id: str) -> str:
    """That something of a topic was told before it was asked about; empty: nothing was."""
    counted = {number for numbers in situation.state.answers.values() for number in numbers}
    said = [one.content for one in situation.messages if one.number in counted]
    if situation.messages and situation.messages[-1].number + 1 in counted:
        said.append(situation.answer)
    found = (handle.kind for answer in said for handle in handles(signs.kept(answer)))
    if topic_id in situation.state.answers or topic_id in {_OF.get(kind) for kind in found}:
        return wording.say(situation.language, "told", situation.messages)
    return ""


def waiting(situation: Situation) -> str:
    """The question that waits for its answer, word for word."""
    asked = [message.content for message in situation.messages if message.role == "assistant"]
    return wording.bare(situation.language, asked[-1]) if asked else opening(situation, situation.state.topic)


def fit(question: str, situation: Situation, topic: str) -> bool:
    """Whether a question may be put: of its length and language, not put before, not of what was refused."""
    text = question.strip()
    if not text or len(text) > LONGEST or not _storable(text):
        return False
    if spoken(_QUOTATION.sub("", text)) not in {None, situation.language}:
        return False
    asked = plain(text)
    if not asked or any(asked in plain(one.content) for one in situation.messages if one.role == "assistant"):
        return False
    return not any(_touches(text, other, topic, situation) for other in situation.plan.topics)


def _touches(text: str, other: Topic, topic: str, situation: Situation) -> bool:
    return other.id != topic and situation.state.outcomes.get(other.id) == "refused" and hits(text, other) > 0


def _storable(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)
