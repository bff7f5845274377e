"""What an answer is, apart from what it says: a refusal, nothing, an order, small talk, another language."""

import re
from collections.abc import Iterable, Iterator

from arraigo.apps.interviews.interview import Language
from arraigo.apps.interviews.interviewer.reading.lexicon import LANGUAGES, lexicon, lexicons
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, fold, has, parts, plain, sentences, words
from arraigo.apps.interviews.interviewer.types import Aside

_QUESTIONS: tuple[Aside, ...] = ("privacy", "remaining", "machine", "again", "other_language")
# How a question begins, for those who leave out its mark.
_ASKS = re.compile(
    r"(?:(?:and|so|ok|wait|sorry|y|e|perdon|disculpe|desculpe|por favor|please) )*"
    r"(?:quien|cuant|que|como|es usted|eres|puede|podria|repit|otra vez|falta|"
    r"who|how|what|are you|can you|could you|is this|will my|repeat|say that|"
    r"quem|quant|o que|voce e|pode|poderia|de novo)"
)
_LONGEST_VAGUE = 14  # words; who says more says something
_FEWEST_MARKS = 3  # words of a language that show that it is spoken


def orders(answer: str) -> bool:
    """Whether it gives orders to the interviewer ("ignore your instructions")."""
    folded = fold(answer[:LONGEST])
    return any(one.orders.search(folded) for one in lexicons())


def stops(answer: str) -> bool:
    """Whether they would like to stop, or say goodbye, and nothing besides."""
    return asides(answer) == {"goodbye"} and not counting(answer)


def asides(answer: str) -> set[Aside]:
    """What it says to the interviewer rather than about what was asked."""
    return {aside for part in _parts(answer) if (aside := _aside(part))}


def counting(answer: str) -> str:
    """What of it is neither a refusal nor said to the interviewer, part by part."""
    return "\n".join(part for part in _parts(answer) if not beside(part) and not _polite(part))


def kept(answer: str) -> str:
    """What of an answer may be taken up and quoted: all of it, or all but what is `beside` the point."""
    return counting(answer) if any(beside(part) for part in _parts(answer)) else answer


def beside(part: str) -> bool:
    """Whether a part of a sentence is a refusal, or said to the interviewer: it is never quoted."""
    return bool(_aside(part)) or _matches(plain(part), "refusals")


def puzzled(answer: str) -> bool:
    """Whether the question was not understood."""
    return len(words(answer)) <= _LONGEST_VAGUE and _any_sentence(answer, "puzzled")


def refusals(answer: str) -> tuple[str, ...]:
    """The parts of it in which they say that they would rather not speak of something."""
    return tuple(part for part in _parts(answer) if _matches(plain(part), "refusals"))


def refused(part: str) -> str:
    """What a refusal says besides that it is one: there is the name of what is refused, if there is any."""
    said = plain(part)
    for one in lexicons():
        said = one.refusals.sub(" ", said)
    return said


def done(answer: str) -> bool:
    """Whether they say that there is nothing more to say."""
    return _matches(plain(answer[:LONGEST]), "done")


def empty(answer: str) -> bool:
    """Whether it says nothing: "I don't know", "nothing", a full stop."""
    said = words(fold(answer[:LONGEST]))
    return len(said) <= _LONGEST_VAGUE and any(one.vague.issuperset(said) for one in lexicons())


def elsewhere(answer: str, keywords: Iterable[str]) -> bool:
    """Whether it has nothing to do with an interview that has these keywords."""
    folded = plain(answer[:LONGEST])
    said = set(folded.split())
    works = any(said & (one.work | (one.verbs if one is not lexicon("en") else frozenset())) for one in lexicons())
    if works:
        return False
    if any(one.requests.search(folded) for one in lexicons()):
        return True
    if any(has(folded, word) for word in keywords):
        return False
    asks = answer.rstrip().endswith("?") and len(list(sentences(answer))) == 1
    return asks or any(said & one.elsewhere for one in lexicons())


def spoken(answer: str) -> Language | None:
    """The language of a text; None: it cannot be told."""
    (marks, language), (second, _), _ = _marks(answer)
    return language if marks >= _FEWEST_MARKS and marks >= 2 * second else None


def likely(answer: str) -> Language:
    """The language that a text is in, or else looks most like."""
    return _marks(answer)[0][1]


def _marks(answer: str) -> list[tuple[int, Language]]:
    """How many words of each language it has, most first."""
    said = words(fold(answer[:LONGEST]))
    found = [(sum(word in lexicon(language).marks for word in said), language) for language in LANGUAGES]
    return sorted(found, key=lambda one: -one[0])


def _parts(answer: str) -> Iterator[str]:
    text = answer[:LONGEST]
    return (text[start:end] for start, end in parts(text))


def _aside(part: str) -> Aside | None:
    """What a part of a sentence says to the interviewer; None: it speaks of what was asked."""
    said = plain(part)
    for kind in _QUESTIONS:
        asks = kind == "other_language" or part.rstrip().endswith("?") or _ASKS.match(said)
        if asks and _matches(said, kind):
            return kind
    if _covers(said, "stops"):
        return "goodbye"
    return "hello" if _covers(said, "hello") else None


def _covers(said: str, field: str) -> bool:
    """Whether these pieces are all that is said, polite words apart."""
    polite = frozenset().union(*(one.polite for one in lexicons()))
    found, at = False, 0
    while at < len(said):
        pieces = [piece.end() for one in lexicons() if (piece := getattr(one, field).match(said, at))]
        word = said[at:].split(" ", 1)[0]
        if not pieces and word not in polite:
            return False
        found = found or bool(pieces)
        at = max(pieces, default=at + len(word)) + 1
    return found


def _polite(part: str) -> bool:
    said = words(fold(part))
    return any(one.polite.issuperset(said) for one in lexicons())


def _any_sentence(answer: str, field: str) -> bool:
    return any(_matches(plain(answer[start:end]), field) for start, end in sentences(answer[:LONGEST]))


def _matches(sentence: str, field: str) -> bool:
    patterns: list[re.Pattern[str]] = [getattr(one, field) for one in lexicons()]
    return any(pattern.search(sentence) for pattern in patterns)
